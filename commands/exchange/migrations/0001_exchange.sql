-- What somebody offers or needs: its words are the item's title.
CREATE TABLE exchange_post (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  side TEXT NOT NULL,                    -- need, offer
  room TEXT NOT NULL,                    -- the item's, moved with it
  person TEXT NOT NULL,
  kind TEXT NOT NULL,                    -- thing, service, space; '' where it was not said
  place TEXT NOT NULL,                   -- as it was said apart from the words, or ''
  network INTEGER NOT NULL,              -- seen by whoever shares a room with the bot
  until REAL NOT NULL,                   -- UTC
  zone TEXT NOT NULL,
  asked REAL,                            -- when its author was asked whether it goes on
  state TEXT NOT NULL                    -- open, done, over, withdrawn
);
CREATE INDEX exchange_in ON exchange_post (side, room, item) WHERE state = 'open';
CREATE INDEX exchange_wide ON exchange_post (side, item) WHERE state = 'open' AND network;
CREATE INDEX exchange_of ON exchange_post (person, item);
CREATE TABLE exchange_theme (
  theme TEXT NOT NULL,                   -- as it is compared
  item INTEGER NOT NULL REFERENCES exchange_post(item) ON DELETE CASCADE,
  name TEXT NOT NULL,                    -- as it was written
  PRIMARY KEY (theme, item)
) WITHOUT ROWID;
CREATE INDEX exchange_themes_of ON exchange_theme (item);
-- By what an open one is found: what its words mean, and their stems.
CREATE TABLE exchange_term (
  side TEXT NOT NULL,
  term TEXT NOT NULL,
  item INTEGER NOT NULL REFERENCES exchange_post(item) ON DELETE CASCADE,
  PRIMARY KEY (side, term, item)
) WITHOUT ROWID;
CREATE INDEX exchange_terms_of ON exchange_term (item);
-- Two people about a need, an offer or both; the contact passes when both said yes.
CREATE TABLE exchange_meeting (
  id INTEGER PRIMARY KEY,
  need INTEGER REFERENCES exchange_post(item) ON DELETE CASCADE,
  offer INTEGER REFERENCES exchange_post(item) ON DELETE CASCADE,
  needer TEXT NOT NULL,
  offerer TEXT NOT NULL,
  needer_said TEXT NOT NULL DEFAULT '',  -- '', yes, no
  offerer_said TEXT NOT NULL DEFAULT '',
  at REAL NOT NULL
);
CREATE UNIQUE INDEX exchange_met ON exchange_meeting
  (coalesce(need, 0), needer, coalesce(offer, 0), offerer);
CREATE INDEX exchange_meets_need ON exchange_meeting (need);
CREATE INDEX exchange_meets_offer ON exchange_meeting (offer);
CREATE INDEX exchange_needer ON exchange_meeting (needer);
CREATE INDEX exchange_offerer ON exchange_meeting (offerer);
-- What a person does not want to see again.
CREATE TABLE exchange_hidden (
  person TEXT NOT NULL,
  item INTEGER NOT NULL REFERENCES exchange_post(item) ON DELETE CASCADE,
  PRIMARY KEY (person, item)
) WITHOUT ROWID;
CREATE INDEX exchange_hidden_item ON exchange_hidden (item);
CREATE TABLE exchange_hidden_theme (
  person TEXT NOT NULL,
  theme TEXT NOT NULL,
  PRIMARY KEY (person, theme)
) WITHOUT ROWID;
-- Words that mean the same in this network.
CREATE TABLE exchange_words (
  one TEXT NOT NULL,
  other TEXT NOT NULL,
  PRIMARY KEY (one, other)
) WITHOUT ROWID;
