-- Votes that are taken elsewhere too: their end and their options are the same for all.
ALTER TABLE polls_asked ADD COLUMN fixed INTEGER NOT NULL DEFAULT 0;
UPDATE polls_asked SET fixed = 1 WHERE feature = 'links';
