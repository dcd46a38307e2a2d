-- Messages that lie at the homeserver and go out by themselves at their time (MSC4140), unless taken back.
CREATE TABLE delayed_message (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  item INTEGER NOT NULL,                 -- no reference: what is over must still be taken back
  person TEXT NOT NULL,                  -- whom it is for
  send_at REAL NOT NULL,                 -- UTC
  txn TEXT NOT NULL UNIQUE,              -- of its outbox entry, and inside the message
  room TEXT,                             -- where it lies, once it does
  delay_id TEXT,                         -- who knows it can take it back: a secret
  wanted INTEGER NOT NULL DEFAULT 1      -- 0: to be taken back
);
CREATE INDEX delayed_message_item ON delayed_message (item, person);
