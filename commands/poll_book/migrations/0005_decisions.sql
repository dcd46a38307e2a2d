-- Decisions of every kind. How often each different ballot was cast is kept with every vote, so
-- that one more vote costs the same always and a result needs nothing else.
ALTER TABLE polls_poll ADD COLUMN kind TEXT NOT NULL DEFAULT 'choice';
ALTER TABLE polls_poll ADD COLUMN method TEXT NOT NULL DEFAULT '';
ALTER TABLE polls_poll ADD COLUMN points INTEGER NOT NULL DEFAULT 0;
ALTER TABLE polls_poll ADD COLUMN threshold TEXT;              -- `2/3`, `60%`; NULL: more for than against
ALTER TABLE polls_poll ADD COLUMN quorum TEXT;                 -- `60%`, `12`; NULL: none
ALTER TABLE polls_poll ADD COLUMN voters TEXT NOT NULL DEFAULT 'here';  -- or 'organisations', 'named'
ALTER TABLE polls_poll ADD COLUMN roll INTEGER NOT NULL DEFAULT 0;     -- how many may vote
ALTER TABLE polls_poll ADD COLUMN growing INTEGER NOT NULL DEFAULT 0;  -- may voters add options?
ALTER TABLE polls_poll ADD COLUMN secret INTEGER NOT NULL DEFAULT 0;
ALTER TABLE polls_poll ADD COLUMN verdict TEXT;                -- what came out, once it ended
ALTER TABLE polls_poll ADD COLUMN folded TEXT NOT NULL DEFAULT '';     -- the question as it is searched
UPDATE polls_poll SET folded = (SELECT lower(title) FROM item WHERE item.number = polls_poll.number);
CREATE INDEX polls_poll_ended ON polls_poll (ended) WHERE ended IS NOT NULL;

CREATE TABLE polls_count (
  poll INTEGER NOT NULL REFERENCES polls_poll(number) ON DELETE CASCADE,
  ballot TEXT NOT NULL,                  -- `2:1 3:5`: places and values
  weight INTEGER NOT NULL,
  PRIMARY KEY (poll, ballot)
) WITHOUT ROWID;
INSERT INTO polls_count
  SELECT poll, replace(choices, ' ', ':1 ') || ':1', count(*) FROM polls_ballot GROUP BY 1, 2;

-- What counts of each voter now: a person, or an organisation of the roll.
ALTER TABLE polls_ballot RENAME TO polls_ballot_before;
CREATE TABLE polls_ballot (
  poll INTEGER NOT NULL REFERENCES polls_poll(number) ON DELETE CASCADE,
  voter TEXT NOT NULL,
  person TEXT NOT NULL,                  -- who cast it
  parts TEXT NOT NULL,                   -- `1*2:1`, or split: `12*1:1|5*2:1`
  reason TEXT NOT NULL DEFAULT '',
  late INTEGER NOT NULL,
  PRIMARY KEY (poll, voter)
) WITHOUT ROWID;
INSERT INTO polls_ballot
  SELECT poll, person, person, '1*' || replace(choices, ' ', ':1 ') || ':1', '', late
  FROM polls_ballot_before;
DROP TABLE polls_ballot_before;
CREATE INDEX polls_ballot_late ON polls_ballot (poll) WHERE late;
CREATE INDEX polls_ballot_person ON polls_ballot (person);
CREATE INDEX polls_ballot_reason ON polls_ballot (poll) WHERE reason != '';

ALTER TABLE polls_response RENAME TO polls_response_before;
CREATE TABLE polls_response (
  id INTEGER PRIMARY KEY,
  poll INTEGER NOT NULL REFERENCES polls_poll(number) ON DELETE CASCADE,
  voter TEXT NOT NULL,
  person TEXT NOT NULL,
  alternate INTEGER NOT NULL DEFAULT 0,  -- cast in the delegate's place
  event TEXT,                            -- of a tap
  stamp INTEGER,                         -- of a tap: the server's time in ms
  at REAL NOT NULL,
  parts TEXT NOT NULL,                   -- empty: taken back or spoiled
  reason TEXT NOT NULL DEFAULT '',
  late INTEGER NOT NULL                  -- read in a catch-up
);
INSERT INTO polls_response
  SELECT id, poll, person, person, 0, event, stamp, at,
         CASE choices WHEN '' THEN '' ELSE '1*' || replace(choices, ' ', ':1 ') || ':1' END, '', late
  FROM polls_response_before;
DROP TABLE polls_response_before;
CREATE INDEX polls_response_voter ON polls_response (poll, voter);
CREATE INDEX polls_response_of ON polls_response (person);
CREATE UNIQUE INDEX polls_response_event ON polls_response (event, voter) WHERE event IS NOT NULL;

ALTER TABLE polls_option DROP COLUMN votes;
ALTER TABLE polls_option ADD COLUMN at REAL;      -- the date it stands for, in a date poll
ALTER TABLE polls_option ADD COLUMN person TEXT;  -- the voter who added it

-- Polls that were open before there were rolls: who is in the room may vote.
INSERT OR IGNORE INTO polls_voter (poll, voter, name, weight, delegate)
  SELECT p.number, m.person, '', 1, m.person FROM polls_poll p
  JOIN item i ON i.number = p.number JOIN member m ON m.room = i.room
  WHERE p.ended IS NULL AND m.membership = 'join';
UPDATE polls_poll SET roll = (SELECT count(*) FROM polls_voter v WHERE v.poll = number);

-- What an assembly voted by hand; it counts once two more members have confirmed it.
CREATE TABLE polls_assembly (
  id INTEGER PRIMARY KEY,
  poll INTEGER NOT NULL REFERENCES polls_poll(number) ON DELETE CASCADE,
  person TEXT NOT NULL,                  -- who recorded it
  at REAL NOT NULL,
  parts TEXT NOT NULL,                   -- `14*1:1|9*2:1`
  people INTEGER NOT NULL
);
CREATE INDEX polls_assembly_poll ON polls_assembly (poll);
CREATE INDEX polls_assembly_person ON polls_assembly (person);
CREATE TABLE polls_assembly_yes (
  assembly INTEGER NOT NULL REFERENCES polls_assembly(id) ON DELETE CASCADE,
  person TEXT NOT NULL,
  PRIMARY KEY (assembly, person)
) WITHOUT ROWID;
CREATE INDEX polls_assembly_yes_person ON polls_assembly_yes (person);
