-- The homeserver's token that lets people without an account register, beside the code. It is kept to end it.
CREATE TABLE codes_account (
  code INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  token TEXT NOT NULL
);
