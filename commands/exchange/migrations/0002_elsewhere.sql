-- The network that shared it, by its name; '' for what is of ours.
ALTER TABLE exchange_post ADD COLUMN origin TEXT NOT NULL DEFAULT '';
