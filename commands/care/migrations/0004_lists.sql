-- Shared ban lists that the network follows (rooms with m.policy.rule.* in their state).
CREATE TABLE care_list (
  room TEXT PRIMARY KEY,
  since REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE care_rule (
  id INTEGER PRIMARY KEY,
  list TEXT NOT NULL REFERENCES care_list(room) ON DELETE CASCADE,
  kind TEXT NOT NULL,                    -- user, server
  key TEXT NOT NULL,                     -- its place in the list's state
  entity TEXT NOT NULL,                  -- whom it names: an address, a server, or a pattern
  hashed TEXT,                           -- or the SHA-256 of that, where the list does not say it
  wild INTEGER NOT NULL,                 -- it is a pattern
  reason TEXT NOT NULL,
  told INTEGER NOT NULL DEFAULT 0,       -- it was looked at whom it touches here
  item INTEGER REFERENCES item(number) ON DELETE SET NULL,  -- the number under which it was told
  said REAL,                             -- when that was last (UTC)
  UNIQUE (list, kind, key)
);
CREATE INDEX care_rule_entity ON care_rule (entity);
CREATE INDEX care_rule_hashed ON care_rule (hashed);
CREATE INDEX care_rule_wild ON care_rule (wild) WHERE wild;
CREATE INDEX care_rule_told ON care_rule (told) WHERE NOT told;
CREATE INDEX care_rule_item ON care_rule (item);
