#!/bin/sh
# Copies the homeserver while it runs: database, people's files, keys and settings. Seven copies stay.
# They are not encrypted: keep them as you keep this machine. Bring one back: restore.sh
set -eu
umask 077
cd @{folder}
mkdir -p backups
rm -rf backups/.new
mkdir backups/.new
@{at_database} pg_dump --username=synapse --format=custom --schema=public synapse > backups/.new/database.dump
# A file is never changed after it was sent: a second name for it takes no space.
mkdir backups/.new/media
for kind in local_content local_thumbnails; do
  [ -d "media/$kind" ] || continue
  cp --archive --link "media/$kind" backups/.new/media/ 2>/dev/null ||
    cp --archive --remove-destination "media/$kind" backups/.new/media/
done
tar --create --file=backups/.new/files.tar \
  --exclude=./backups --exclude=./media --exclude=./postgres --exclude=./caddy .
sync
name=$(date --utc +%Y-%m-%dT%H%M%SZ)
mv --no-target-directory backups/.new "backups/$name"
printf '%s\n' backups/2* | sort | head --lines=-7 | while read -r old; do rm -rf "$old"; done
echo "@{folder}/backups/$name"
