#!/bin/sh
# Installs the homeserver @{domain} on Debian 12 or 13, as root; may be run again.
set -eu
umask 022
[ "$(id -u)" = 0 ] || { echo @{say_root} >&2; exit 1; }
cd @{folder}
apt-get update --quiet
apt-get install --yes --quiet postgresql caddy python3-venv
# What somebody wrote for Caddy stays; what Debian put there goes.
if grep --quiet --fixed-strings '@{address} {' /etc/caddy/Caddyfile; then
  proxy=ours
elif dpkg --verify caddy | grep --quiet /etc/caddy/Caddyfile; then
  echo @{say_caddy} >&2
  exit 1
else
  proxy=new
fi

id synapse >/dev/null 2>&1 || useradd --system --home-dir @{folder} --shell /usr/sbin/nologin synapse
chown --recursive synapse: @{folder}
[ -x /opt/synapse/bin/python ] || python3 -m venv /opt/synapse
/opt/synapse/bin/python -m pip install --quiet --require-hashes --requirement synapse.lock

for main in /etc/postgresql/*/main; do
  install -D --mode=644 postgresql.conf "$main/conf.d/homeserver.conf"
done
systemctl restart postgresql
runuser --user postgres -- psql --quiet --tuples-only --command="SELECT 1 FROM pg_roles WHERE rolname = 'synapse'" |
  grep -q 1 || runuser --user postgres -- createuser synapse
runuser --user postgres -- psql --quiet --tuples-only --command="SELECT 1 FROM pg_database WHERE datname = 'synapse'" |
  grep -q 1 || runuser --user postgres -- createdb --owner=synapse --template=template0 \
  --encoding=UTF8 --locale=C synapse

install --mode=644 synapse.service homeserver-backup.service homeserver-backup.timer /etc/systemd/system/
[ "$proxy" = ours ] || install --mode=644 Caddyfile /etc/caddy/Caddyfile
systemctl daemon-reload
systemctl enable --quiet synapse homeserver-backup.timer caddy
systemctl restart synapse caddy homeserver-backup.timer
echo @{say_done}
