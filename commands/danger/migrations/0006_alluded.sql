-- How the words of an open call for help name people, also those whom it could not reach yet.
CREATE TABLE danger_alluded (
  item INTEGER NOT NULL REFERENCES danger_panic(item) ON DELETE CASCADE,
  person TEXT NOT NULL,
  how TEXT NOT NULL,                     -- called, doubted, left out or accused
  PRIMARY KEY (item, person)
) WITHOUT ROWID;
CREATE INDEX danger_alluded_person ON danger_alluded (person);
-- The words by which it accuses somebody, leaves them out or asks for them: who has such a name may
-- become known only later.
CREATE TABLE danger_name (
  item INTEGER NOT NULL REFERENCES danger_panic(item) ON DELETE CASCADE,
  word TEXT NOT NULL,
  how TEXT NOT NULL,
  PRIMARY KEY (item, word)
) WITHOUT ROWID;
INSERT INTO danger_alluded
  SELECT item, person, CASE accused WHEN 1 THEN 'accused' ELSE 'left out' END FROM danger_left_out;
DROP TABLE danger_left_out;
-- A call that is open meanwhile: to be safe, whoever its note names and whom it did not reach by now
-- stays out until it asks for them.
WITH RECURSIVE split (item, word, rest) AS (
  SELECT item, '', note || ' ' FROM danger_panic
  UNION ALL
  SELECT item, substr(rest, 1, instr(rest, ' ') - 1), substr(rest, instr(rest, ' ') + 1)
  FROM split WHERE rest != ''
)
INSERT OR IGNORE INTO danger_name SELECT item, word, 'left out' FROM split WHERE word != '';
