-- A decision of several networks. `poll`: ours, once it is open; `result`: what we sealed.
CREATE TABLE links_joint (
  item INTEGER PRIMARY KEY REFERENCES item ON DELETE CASCADE,
  link INTEGER NOT NULL REFERENCES links_link ON DELETE CASCADE,
  id TEXT NOT NULL UNIQUE,
  terms TEXT NOT NULL,
  room TEXT NOT NULL,                    -- where it is voted here, and told; '' until accepted
  poll INTEGER,
  nonce TEXT NOT NULL,
  result TEXT,
  told TEXT                              -- the statement that was said last
);

-- What each network said of it, whole: its first word of a kind counts.
CREATE TABLE links_joint_said (
  item INTEGER NOT NULL REFERENCES links_joint ON DELETE CASCADE,
  key TEXT NOT NULL,
  kind TEXT NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (item, key, kind)
) WITHOUT ROWID;
CREATE INDEX links_joint_said_kind ON links_joint_said (item, kind, key);
