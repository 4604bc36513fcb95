#!/usr/bin/env bash
# Runs a command with a Docker engine at hand: the one that answers already, with the images that the Dockerfile and
# docker-compose.yml name; where none answers, on Debian as root, one of our own with stand-ins for those images.
#
# The engine of our own keeps everything in a folder of its own and is gone with it afterwards, whatever happened.
# usage: with-engine.sh COMMAND [ARGUMENT …]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

if docker info >/dev/null 2>&1; then
  exec "$@"
fi

# Two engines on one machine would take each other's network rules away.
exec 9>/tmp/reader-reactions-engine.lock
flock -w 1200 9 || { echo "Another engine of ours has been running for 20 minutes." >&2; exit 1; }

folder=$(mktemp -d /tmp/reader-reactions-engine.XXXXXX)
# The vfs driver writes gigabytes that nobody will read again: into memory where there is plenty.
available_kB=$(awk '/^MemAvailable/ { print $2 }' /proc/meminfo)
[ "$available_kB" -lt 14000000 ] || mount -t tmpfs -o size=10g,mode=700 tmpfs "$folder" 2>/dev/null || true
finish() {
  local code=$?
  trap '' INT TERM
  if [ -f "$folder/pid" ]; then
    local pid
    pid=$(cat "$folder/pid")
    # A command that was ended midway leaves containers, and bridges that would take the next engine's packets.
    docker ps --all --quiet | xargs --no-run-if-empty docker rm --force --volumes >/dev/null 2>&1
    docker network prune --force >/dev/null 2>&1
    # Not SIGKILL: what holds the containers would live on.
    kill "$pid" 2>/dev/null && timeout 60 tail --pid="$pid" --follow /dev/null
  fi
  umount "$folder" 2>/dev/null || true
  rm -rf "$folder" || true
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM

packages() {
  local missing=() name
  command -v dockerd >/dev/null || missing+=(docker.io)
  # The engine opens ports and names its containers with it.
  command -v iptables >/dev/null || missing+=(iptables)
  for name in redis-server nginx; do command -v $name >/dev/null || missing+=("$name"); done
  [ ${#missing[@]} -eq 0 ] && return 0
  # RUNLEVEL=1: none of their daemons is to run, everything here starts its own.
  export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# Debian 12 has no Compose 2 (its docker-compose is the Python one, 1.29). The plugin in Debian 13's package is one
# program that needs libc only: taken out of there, from the machine's own mirror, without installing anything.
compose_plugin() {
  docker compose version >/dev/null 2>&1 && return 0
  local apt=$folder/apt mirror
  mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Codename: bookworm' | head -1)
  mkdir -p "$apt"/{lists/partial,cache,parts,package} "$folder/docker/cli-plugins"
  cat >"$apt/parts/trixie.sources" <<SOURCE
Types: deb
URIs: $mirror
Suites: trixie
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCE
  local options=(-qq -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$apt/parts"
    -o Dir::State::Lists="$apt/lists" -o Dir::Cache="$apt/cache" -o APT::Sandbox::User=root)
  apt-get "${options[@]}" update
  (cd "$apt/package" && apt-get "${options[@]}" download docker-compose)
  dpkg-deb -x "$apt"/package/docker-compose_*.deb "$apt/package"
  cp "$apt/package/usr/libexec/docker/cli-plugins/docker-compose" "$folder/docker/cli-plugins/"
  rm -rf "$apt"
}

engine() {
  # vfs works on every file system, at the price of a copy for each layer and container.
  setsid dockerd --storage-driver=vfs --host="$DOCKER_HOST" --pidfile="$folder/pid" \
    --data-root="$folder/data" --exec-root="$folder/run" >"$folder/engine.log" 2>&1 9>&- &
  local started=$!
  for _ in $(seq 120); do
    docker info --format '{{.ServerVersion}}' 2>/dev/null | grep -q . && return 0
    kill -0 "$started" 2>/dev/null || break
    sleep 0.5
  done
  echo "dockerd does not answer:" >&2
  tail -5 "$folder/engine.log" >&2
  return 1
}

export DOCKER_HOST=unix://$folder/engine.sock DOCKER_CONFIG=$folder/docker
export NODE_IMAGE=stand-in/node REDIS_IMAGE=stand-in/redis NGINX_IMAGE=stand-in/nginx PROMETHEUS_IMAGE=stand-in/prometheus
export TEST_REDIS_IMAGE=$REDIS_IMAGE
# Testcontainers' own cleaner is an image that cannot be had here; the engine goes away as a whole.
export TESTCONTAINERS_RYUK_DISABLED=true
# The stand-in has the machine's certificates where the machine has them.
export NPMRC=$folder/npmrc

packages
compose_plugin
npm config list --json | node -e '
  const { registry, cafile } = JSON.parse(require("fs").readFileSync(0, "utf8"));
  console.log(`registry=${registry}`);
  if (cafile) console.log(`cafile=${cafile}`);
' >"$NPMRC"
engine
mkdir "$folder/stand-ins"
bash "$here/stand-in-images.sh" "$folder/stand-ins"
rm -rf "$folder/stand-ins"
echo "Engine of our own: Docker $(docker version --format '{{.Server.Version}}'), $(docker compose version), stand-in images."

# Not exec: the engine has to be ended afterwards.
"$@" 9>&-
