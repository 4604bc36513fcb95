#!/usr/bin/env bash
# Makes local stand-ins for the base images where no image registry is in reach: programs of Debian's packages, the
# libraries that they need, and busybox as everything else. Small, because the vfs driver copies an image for every layer.
# They keep what the Dockerfile and docker-compose.yml count on: the users' names and numbers, and who owns the data folder.
#
# usage: stand-in-images.sh FOLDER; the engine is the one that DOCKER_HOST names, the images' names are in NODE_IMAGE, …
set -euo pipefail
folder=$1

# The program of a package without installing it: its daemon must not start on this machine.
unpack() {
  local package=$1
  mkdir -p "$folder/packages"
  (cd "$folder/packages" && apt-get -qq -o APT::Sandbox::User=root download "$package")
  dpkg-deb -x "$folder"/packages/"${package}"_*.deb "$folder/$package"
}

# A root file system with busybox, the machine's certificates, and one user with a data folder: base NAME UID FOLDER
base() {
  local root=$folder/root-$1
  mkdir -p "$root"/{bin,etc/ssl/certs,usr/bin,usr/sbin,tmp,proc,sys,dev} "$root$3"
  chmod 1777 "$root/tmp"
  install "$folder/busybox-static/bin/busybox" "$root/bin/busybox"
  "$root/bin/busybox" --list | grep -v '^busybox$' | while read -r applet; do ln -s busybox "$root/bin/$applet"; done
  cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
  printf 'root:x:0:0:root:/root:/bin/sh\n%s:x:%d:%d::/tmp:/bin/sh\n' "$1" "$2" "$2" >"$root/etc/passwd"
  printf 'root:x:0:\n%s:x:%d:\n' "$1" "$2" >"$root/etc/group"
  printf 'hosts: files dns\n' >"$root/etc/nsswitch.conf"
  chown "$2:$2" "$root$3"
  echo "$root"
}

# A program and the libraries that it is linked with, at the paths where it looks for them: put ROOT PROGRAM TARGET
put() {
  install -D "$2" "$1$3"
  local library
  { ldd "$2" 2>/dev/null || true; } | grep -o '/[^ ]*' | while read -r library; do
    [ -e "$1$library" ] || install -D "$library" "$1$library"
  done
}

# load ROOT NAME [PROGRAM THAT ALWAYS RUNS]
load() {
  tar -C "$1" -c . | docker import --change 'ENV PATH=/usr/sbin:/usr/bin:/bin' --change "ENTRYPOINT [${3:+\"$3\"}]" - "$2" >/dev/null
}

unpack busybox-static

root=$(base node 1000 /home)
put "$root" "$(command -v node)" /usr/bin/node
cp -a "$(dirname "$(realpath "$(command -v npm)")")/.." "$root/usr/npm"
ln -s ../npm/bin/npm-cli.js "$root/usr/bin/npm"
ln -s ../npm/bin/npx-cli.js "$root/usr/bin/npx"
ln -s /bin/env "$root/usr/bin/env"
load "$root" "$NODE_IMAGE"

root=$(base redis 999 /data)
put "$root" "$(command -v redis-server)" /usr/bin/redis-server
put "$root" "$(command -v redis-cli)" /usr/bin/redis-cli
load "$root" "$REDIS_IMAGE"

root=$(base nginx 101 /var/cache)
put "$root" "$(command -v nginx)" /usr/sbin/nginx
mkdir -p "$root"/{var/log/nginx,var/lib/nginx}
load "$root" "$NGINX_IMAGE"

unpack prometheus
root=$(base nobody 65534 /prometheus)
put "$root" "$folder/prometheus/usr/bin/prometheus" /usr/bin/prometheus
put "$root" "$folder/prometheus/usr/bin/promtool" /usr/bin/promtool
load "$root" "$PROMETHEUS_IMAGE" /usr/bin/prometheus
