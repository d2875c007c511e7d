#!/usr/bin/env bash
# Runs a real S3 service on the loopback until its standard input ends: OpenStack Swift with its S3 API, from Debian's packages
# (swift swift-proxy swift-account swift-container swift-object memcached).
#   swift.sh DIR PORT    uses PORT to PORT + 4, and prints one line when it answers: key test:tester, secret testing, region us-east-1
set -euo pipefail
dir=$1 port=$2 me=$(id -un)
mkdir -p "$dir"/{etc,log,srv/d1}
cd "$dir"

cat >etc/swift.conf <<END
[swift-hash]
swift_hash_path_prefix = stories
swift_hash_path_suffix = tests
[storage-policy:0]
name = default
default = yes
END
/usr/bin/python3 - "$port" <<'END'
import sys
from swift.common.ring import RingBuilder
for offset, name in enumerate(['object', 'container', 'account'], 1):
    ring = RingBuilder(4, 1, 0)
    ring.add_dev({'id': 0, 'region': 1, 'zone': 1, 'ip': '127.0.0.1', 'port': int(sys.argv[1]) + offset, 'device': 'd1', 'weight': 1})
    ring.rebalance()
    ring.get_ring().save('etc/%s.ring.gz' % name)
END
offset=0
for part in object container account; do
    offset=$((offset + 1))
    cat >etc/$part-server.conf <<END
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = $((port + offset))
devices = $dir/srv
mount_check = false
user = $me
swift_dir = $dir/etc
workers = 0
log_level = WARNING
fallocate_reserve = 0
[pipeline:main]
pipeline = $part-server
[app:$part-server]
use = egg:swift#$part
END
done
cat >etc/proxy-server.conf <<END
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = $port
user = $me
swift_dir = $dir/etc
workers = 0
log_level = WARNING
[pipeline:main]
pipeline = catch_errors cache listing_formats bulk s3api tempauth slo versioned_writes symlink proxy-server
[app:proxy-server]
use = egg:swift#proxy
allow_account_management = true
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:$((port + 4))
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:bulk]
use = egg:swift#bulk
[filter:s3api]
use = egg:swift#s3api
s3_acl = false
check_bucket_owner = false
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:slo]
use = egg:swift#slo
[filter:symlink]
use = egg:swift#symlink
[filter:versioned_writes]
use = egg:swift#versioned_writes
allow_object_versioning = true
END

children=()
memcached -l 127.0.0.1 -p $((port + 4)) -m 16 -u "$me" >log/memcached 2>&1 </dev/null & children+=($!)
for part in account container object proxy; do
    /usr/bin/python3 "$(command -v swift-$part-server)" etc/$part-server.conf >log/$part 2>&1 </dev/null & children+=($!)
done
trap 'kill -KILL "${children[@]}" 2>/dev/null || true' EXIT
for _ in $(seq 300); do
    if curl -s -o /dev/null --max-time 2 "http://127.0.0.1:$port/"; then
        echo "ready"
        break
    fi
    kill -0 "${children[@]}" 2>/dev/null || { cat log/* >&2; exit 1; }
    sleep 0.1
done
# Until whoever started it has ended, in whatever way.
cat >/dev/null
