# Makes one cluster of the six nodes in NODES ("address:port …"): three masters, a replica each. It may be interrupted and run
# again at any time; a cluster that stands is left as it is. (redis-cli --cluster create sends each MEET once, waits for ever
# when one is lost, and then refuses nodes that are no longer empty.)
set -eu
# shellcheck disable=SC2086 # each node is a word of its own
set -- $NODES

# ask NODE COMMAND …
ask() {
  node=$1
  shift
  redis-cli -e -h "${node%:*}" -p "${node#*:}" "$@"
}
# Each line of Redis's answer ends in a carriage return.
says() { ask "$1" cluster info | tr -d '\r' | grep -qx "$2"; }

tries=60
again() {
  tries=$((tries - 1))
  [ $tries -gt 0 ] || { echo "The nodes did not come together: $1" >&2; exit 1; }
  sleep 1
}

until says "$1" cluster_known_nodes:6; do
  for other in "$2" "$3" "$4" "$5" "$6"; do ask "$1" cluster meet "${other%:*}" "${other#*:}" >/dev/null; done
  again "some cannot be reached"
done

if ! says "$1" cluster_slots_assigned:16384; then
  # Slots that a node has already are refused, and that is well.
  ask "$1" cluster addslotsrange 0 5460 >/dev/null 2>&1 || true
  ask "$2" cluster addslotsrange 5461 10922 >/dev/null 2>&1 || true
  ask "$3" cluster addslotsrange 10923 16383 >/dev/null 2>&1 || true
fi
until says "$1" cluster_slots_assigned:16384 && says "$1" cluster_state:ok; do again "some slots have no master"; done

# Six masters: none has become a replica yet. After a failover the roles differ, and stay.
replicas() { ask "$1" cluster nodes | grep -c 'slave' || true; }
until [ "$(replicas "$1")" -ge 3 ]; do
  for pair in "$4 $1" "$5 $2" "$6 $3"; do
    master=$(ask "${pair#* }" cluster myid)
    # Refused until the node has heard of its master.
    ask "${pair% *}" cluster replicate "$master" >/dev/null 2>&1 || true
  done
  again "some are no replicas yet"
done
# Every node has to have heard of it before a client may ask any of them.
for each in "$@"; do until says "$each" cluster_state:ok; do again "$each does not know the others"; done; done
echo "The cluster is up: three masters, three replicas."
