-- Secret ballots were a part of the polls. Their tables are renamed and not copied, so that no page
-- with a key or a vote is left behind.

ALTER TABLE polls_secret RENAME TO ballot_secrecy_ballot;
ALTER TABLE polls_secret_key RENAME TO ballot_secrecy_key;
ALTER TABLE polls_secret_vote RENAME TO ballot_secrecy_vote;
ALTER TABLE polls_secret_roll RENAME TO ballot_secrecy_roll;
ALTER TABLE polls_secret_log RENAME TO ballot_secrecy_log;
ALTER TABLE polls_secret_change RENAME TO ballot_secrecy_change;

DROP INDEX polls_secret_roll_person;
CREATE INDEX ballot_secrecy_roll_person ON ballot_secrecy_roll (person, number);

-- How many voted stands in one place for every poll.
UPDATE poll_book_poll SET turnout =
  (SELECT turnout FROM ballot_secrecy_ballot s WHERE s.number = poll_book_poll.number)
  WHERE number IN (SELECT number FROM ballot_secrecy_ballot);
ALTER TABLE ballot_secrecy_ballot DROP COLUMN turnout;

UPDATE job SET feature = 'ballot_secrecy' WHERE feature = 'polls' AND name = 'shred';
