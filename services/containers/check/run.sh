#!/usr/bin/env bash
# npm run check:containers: builds the image, runs the compose file's profiles, and votes through the proxy; then the
# integration tests on a Redis from Testcontainers. Needs an engine: with-engine.sh brings one.
set -uo pipefail
cd "$(dirname "$0")/../../.."

export COMPOSE_PROJECT_NAME=reader-reactions-check COMPOSE_DISABLE_ENV_FILE=true
export NO_COLOR=1
export SECRET=made-up-for-this-check-and-worth-nothing ADMIN_TOKEN=made-up-for-this-check
# Ports that are free, and an image that is not the developer's.
export IMAGE=reader-reactions-check PUBLISH=127.0.0.1: PROMETHEUS_PORT=0
# From one address come more new voters than are plausible: they are not what is tested here, so no puzzles.
# An engine that was killed leaves its bridges, and one with our addresses would take our packets.
SUBNET=$(node -p '
  const used = Object.values(os.networkInterfaces()).flat().map(({ address }) => address);
  const free = (subnet) => !used.some((address) => address.startsWith(`${subnet}.`));
  Array.from({ length: 100 }, (_, n) => `172.30.${77 + n}`).find(free);
')
export SUBNET
sites=$(mktemp)
printf '[{"id":"default","name":"Default","puzzle":"off"}]' >"$sites"
chmod 644 "$sites"
export SITES_FILE=$sites
PROFILES=(--profile cluster --profile observe)
DEFAULT=(redis api-1 api-2 worker-1 worker-2 realtime-1 realtime-2 proxy)

log=$(mktemp)
summary=()
failed=0
finish() {
  docker compose "${PROFILES[@]}" down --volumes --timeout 5 >/dev/null 2>&1
  docker image rm "$IMAGE" >/dev/null 2>&1
  rm -f "$log" "$sites"
}
trap finish EXIT
trap 'exit 130' INT TERM

# A step's output is shown when it fails; a run of tests is always shown.
step() {
  local name=$1 began=$SECONDS result=passed
  shift
  "$@" >"$log" 2>&1 || { result=FAILED failed=$((failed + 1)); }
  case $result/$* in
    FAILED/*) grep -vE '^ (Container|Network|Volume) ' "$log" | tail -60 ;;
    */*tests*) grep -v '^\s*$' "$log" | tail -40 ;;
  esac
  summary+=("$(printf '%-52s %s in %d s' "$name" "$result" $((SECONDS - began)))")
  echo "--- ${summary[-1]}"
  [ "$result" = passed ]
}

config() {
  docker compose config --quiet && docker compose --profile cluster --profile observe config --quiet &&
    docker compose --env-file services/containers/cluster.env --profile cluster config --quiet
}
# Where a port of a service is published: address SERVICE PORT
address() { echo "http://$(docker compose "${PROFILES[@]}" port "$1" "$2")"; }
container_tests() {
  PROXY_URL=$(address proxy 8080) npx vitest run --config tests/containers/vitest.config.ts "$@"
}
outside_tests() { PROMETHEUS_URL=$(address prometheus 9090) container_tests; }
# Where a vote came from (S44) does not depend on where it is kept.
cluster_tests() { container_tests proxy -t S42; }
# up OPTION OF COMPOSE … -- [SERVICE …]
up() {
  local options=()
  while [ "$1" != -- ]; do options+=("$1"); shift; done
  shift
  docker compose "${options[@]}" up --detach --wait --quiet-pull "$@" && return 0
  docker compose "${PROFILES[@]}" ps --all --format '{{.Service}}: {{.Status}}'
  docker compose "${PROFILES[@]}" logs --no-color --tail 3
  return 1
}
down() { docker compose "${PROFILES[@]}" down --volumes --timeout 10; }
cluster_up() { up --env-file services/containers/cluster.env --profile cluster --; }
# Slow ones too, where it matters to them: a Redis that is killed and restarted is another one in a container.
redis_in_containers_tests() { TESTS=containers npx vitest run; }

step "compose files are valid" config
if step "the image is built (npm ci inside)" docker compose build; then
  docker image inspect --format '    {{.Size}} bytes with its base' "$IMAGE"
  if step "profiles default and observe come up" up --profile observe -- "${DEFAULT[@]}" prometheus; then
    step "votes, sockets, addresses, a killed api" outside_tests
  fi
  step "down, nothing is left" down
  if step "profile cluster comes up" cluster_up; then step "the same on a cluster of six" cluster_tests; fi
  step "down, nothing is left" down
fi
step "integration tests on Testcontainers' Redis" redis_in_containers_tests

echo 'Containers:'
printf '  %s\n' "${summary[@]}"
[ "$failed" -eq 0 ]
