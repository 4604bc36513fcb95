# Makes one cluster of the six nodes in NODES ("address:port …"): three masters, a replica each. Once; later runs change nothing.
set -eu
first=${NODES%% *}
ask() { redis-cli -h "${first%:*}" -p "${first#*:}" "$@"; }

if ask cluster info | grep -q '^cluster_known_nodes:1.$'; then
  # shellcheck disable=SC2086 # each node is a word of its own
  redis-cli --cluster create $NODES --cluster-replicas 1 --cluster-yes
fi
# Every node has to hear of it before a client may ask any of them.
until ask cluster info | grep -q '^cluster_state:ok'; do sleep 1; done
until ! ask cluster nodes | grep -Eq 'handshake|fail|disconnected'; do sleep 1; done
echo "The cluster is up."
