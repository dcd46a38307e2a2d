-- Of what a person said only where it stands is kept, until it is known to be for us.
ALTER TABLE parked ADD COLUMN sender TEXT NOT NULL DEFAULT '';
UPDATE parked SET sender = coalesce(json_extract(what, '$.sender'), '');
UPDATE parked SET what = json_set(
    json_remove(what, '$.text', '$.media', '$.mentions', '$.thread', '$.voice'), '$._kind', 'Reply')
  WHERE json_extract(what, '$._kind') = 'Message';
CREATE INDEX parked_sender ON parked (sender, at);
