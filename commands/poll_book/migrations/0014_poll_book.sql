-- The polls were cut into several capabilities. These tables, and the steps that made them, are the
-- poll book's; the next step of ballot_secrecy takes what is secret.

ALTER TABLE polls_poll RENAME TO poll_book_poll;
ALTER TABLE polls_option RENAME TO poll_book_option;
ALTER TABLE polls_response RENAME TO poll_book_response;
ALTER TABLE polls_ballot RENAME TO poll_book_ballot;
ALTER TABLE polls_count RENAME TO poll_book_count;
ALTER TABLE polls_voter RENAME TO poll_book_voter;
ALTER TABLE polls_organisation RENAME TO poll_book_organisation;
ALTER TABLE polls_organisation_before RENAME TO poll_book_organisation_before;
ALTER TABLE polls_told RENAME TO poll_book_told;
ALTER TABLE polls_assembly RENAME TO poll_book_assembly;
ALTER TABLE polls_assembly_yes RENAME TO poll_book_assembly_yes;
ALTER TABLE polls_restored RENAME TO poll_book_restored;
ALTER TABLE polls_asked RENAME TO poll_book_asked;

DROP INDEX polls_poll_room;
CREATE INDEX poll_book_poll_room ON poll_book_poll (room, ended, number) WHERE verdict IS NOT NULL;
DROP INDEX polls_response_event;
CREATE UNIQUE INDEX poll_book_response_event ON poll_book_response (event, voter)
  WHERE event IS NOT NULL;
DROP INDEX polls_response_of;
CREATE INDEX poll_book_response_of ON poll_book_response (person);
DROP INDEX polls_response_voter;
CREATE INDEX poll_book_response_voter ON poll_book_response (poll, voter);
DROP INDEX polls_ballot_late;
CREATE INDEX poll_book_ballot_late ON poll_book_ballot (poll) WHERE late;
DROP INDEX polls_ballot_person;
CREATE INDEX poll_book_ballot_person ON poll_book_ballot (person);
DROP INDEX polls_ballot_reason;
CREATE INDEX poll_book_ballot_reason ON poll_book_ballot (poll) WHERE reason != '';
DROP INDEX polls_voter_alternate;
CREATE INDEX poll_book_voter_alternate ON poll_book_voter (alternate, poll);
DROP INDEX polls_voter_delegate;
CREATE INDEX poll_book_voter_delegate ON poll_book_voter (delegate, poll);
DROP INDEX polls_voter_voter;
CREATE INDEX poll_book_voter_voter ON poll_book_voter (voter);
DROP INDEX polls_organisation_alternate;
CREATE INDEX poll_book_organisation_alternate ON poll_book_organisation (alternate)
  WHERE alternate IS NOT NULL;
DROP INDEX polls_organisation_delegate;
CREATE INDEX poll_book_organisation_delegate ON poll_book_organisation (delegate)
  WHERE delegate IS NOT NULL;
DROP INDEX polls_organisation_before_alternate;
CREATE INDEX poll_book_organisation_before_alternate ON poll_book_organisation_before (alternate)
  WHERE alternate IS NOT NULL;
DROP INDEX polls_organisation_before_change;
CREATE INDEX poll_book_organisation_before_change ON poll_book_organisation_before (change);
DROP INDEX polls_organisation_before_delegate;
CREATE INDEX poll_book_organisation_before_delegate ON poll_book_organisation_before (delegate)
  WHERE delegate IS NOT NULL;
DROP INDEX polls_told_person;
CREATE INDEX poll_book_told_person ON poll_book_told (person);
DROP INDEX polls_assembly_person;
CREATE INDEX poll_book_assembly_person ON poll_book_assembly (person);
DROP INDEX polls_assembly_poll;
CREATE INDEX poll_book_assembly_poll ON poll_book_assembly (poll);
DROP INDEX polls_assembly_yes_person;
CREATE INDEX poll_book_assembly_yes_person ON poll_book_assembly_yes (person);
