-- What is carried out reaches as far as whoever asked for it, whoever closes the proposal.
ALTER TABLE polls_asked ADD COLUMN trusted INTEGER NOT NULL DEFAULT 1;
