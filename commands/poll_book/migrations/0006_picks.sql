-- The weight of the whole roll, for a majority of all who may vote; the date that was picked.
ALTER TABLE polls_poll ADD COLUMN weight INTEGER NOT NULL DEFAULT 0;
ALTER TABLE polls_poll ADD COLUMN picked INTEGER;
UPDATE polls_poll SET weight =
  (SELECT coalesce(sum(v.weight), 0) FROM polls_voter v WHERE v.poll = number);

-- What somebody was told in private, once for each poll and each thing there is to say.
ALTER TABLE polls_told RENAME TO polls_told_before;
CREATE TABLE polls_told (
  poll INTEGER NOT NULL REFERENCES polls_poll(number) ON DELETE CASCADE,
  person TEXT NOT NULL,
  about TEXT NOT NULL,                   -- 'late', 'behind', 'ahead org:3', 'replaced org:3'
  PRIMARY KEY (poll, person, about)
) WITHOUT ROWID;
INSERT INTO polls_told SELECT poll, person, 'late' FROM polls_told_before;
DROP TABLE polls_told_before;
CREATE INDEX polls_told_person ON polls_told (person);

-- Did the alternate cast what counts of an organisation? Its delegate goes before.
ALTER TABLE polls_ballot ADD COLUMN alternate INTEGER NOT NULL DEFAULT 0;
UPDATE polls_ballot SET alternate = 1 WHERE NOT EXISTS
  (SELECT 1 FROM polls_response r WHERE r.poll = polls_ballot.poll AND r.voter = polls_ballot.voter
     AND r.person = polls_ballot.person AND NOT r.alternate)
  AND voter LIKE 'org:%';
