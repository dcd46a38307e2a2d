-- Each card of a sheet has a registration token of its own, so that nobody uses up those of the others.
ALTER TABLE codes_account RENAME TO codes_account_before;
CREATE TABLE codes_account (
  token TEXT PRIMARY KEY,
  code INTEGER NOT NULL REFERENCES item(number) ON DELETE CASCADE,
  card BLOB                              -- the hash of its card; NULL where the code is no sheet
) WITHOUT ROWID;
INSERT INTO codes_account (token, code) SELECT token, code FROM codes_account_before;
DROP TABLE codes_account_before;
CREATE INDEX codes_account_code ON codes_account (code);
