# One image for every service; the command says which: dist/services/{api,worker,realtime,standalone}/main.js
#
#   docker build --tag reader-reactions .
#   docker build --secret id=npmrc,src=$HOME/.npmrc .     with your own registry, token or certificates (cafile)
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
# First what changes seldom, so that a change of the code downloads nothing.
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci --ignore-scripts
# Of the folder only what .dockerignore lets through.
COPY . .
# What runs needs neither compilers nor types, nor the maps that packages bring along.
RUN npm run build && npm prune --omit=dev --ignore-scripts \
 && find node_modules -type f \( -name '*.map' -o -name '*.ts' -o -name '*.mts' -o -name '*.cts' \) -exec rm {} + \
 && find dist -type f -name '*.d.ts' -exec rm {} + \
 && mkdir app data && mv dist package.json app

FROM ${NODE_IMAGE}
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
WORKDIR /app
# Two layers: the larger one changes only with the lock file.
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/app ./
# For standalone, which keeps its secrets there: mount a volume.
COPY --from=build --chown=1000:1000 /build/data /data
# A number, so that Kubernetes can see that it is not root. The image writes nothing: its root may be read-only.
USER 1000:1000
EXPOSE 3000
# Patient, for a busy machine is slow to start a program; node:http, for loading fetch costs several times as much.
HEALTHCHECK --interval=5s --timeout=10s --start-period=120s --retries=5 \
  CMD ["node", "-e", "require('http').get({ port: process.env.PORT, path: '/healthz' }, (answer) => process.exit(answer.statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
ENTRYPOINT ["node", "--enable-source-maps"]
CMD ["dist/services/standalone/main.js"]
