#!/bin/sh
# Brings a copy made by backup.sh back, all of it or nothing:  sh restore.sh backups/2026-…
# Whatever was written since that copy is gone. The bot finds its way back by itself.
#
# On a new machine: put the copy there, unpack its files.tar into @{folder},
# do the steps of NEXT.txt up to the start, then this.
set -eu
umask 077
copy=$(realpath "${1:?which copy? One of @{folder}/backups}")
cd @{folder}
sql=$(mktemp)
trap 'rm -f "$sql"' EXIT
echo 'SET client_min_messages = warning; DROP SCHEMA public CASCADE;' > "$sql"
# Read to its end before anything is touched: a copy that was cut short changes nothing.
@{at_database} pg_restore --no-owner --no-privileges --file=- < "$copy/database.dump" >> "$sql"
trap 'rm -f "$sql"; @{start}' EXIT
@{stop}
@{at_database} psql --username=synapse --single-transaction --set=ON_ERROR_STOP=1 --quiet --output=/dev/null synapse < "$sql"
mkdir -p media
tar --create --directory="$copy/media" . | tar --extract --skip-old-files --directory=media
chown --recursive --reference=synapse media
