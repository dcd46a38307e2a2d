-- Texts that a room writes together. A version is never changed; what is voted is one of them.
CREATE TABLE drafts_draft (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  name TEXT NOT NULL,                    -- as it is written
  known TEXT NOT NULL,                   -- as it is heard
  version INTEGER NOT NULL,              -- the one that holds now
  next INTEGER NOT NULL,                 -- the key of the next paragraph: none is used again
  adopted INTEGER,                       -- the version that the room adopted last
  closed INTEGER NOT NULL DEFAULT 0,     -- it holds as adopted, until somebody opens it again
  resource INTEGER                       -- where the adopted text lies in the library
);
CREATE INDEX drafts_known ON drafts_draft (known);

CREATE TABLE drafts_version (
  draft INTEGER NOT NULL REFERENCES drafts_draft ON DELETE CASCADE,
  version INTEGER NOT NULL,
  at INTEGER NOT NULL,
  who TEXT NOT NULL,                     -- '' once they asked to be forgotten
  amendment INTEGER,                     -- the one that made it; NULL: its author wrote it
  body TEXT NOT NULL,                    -- JSON: [key, text] of each paragraph
  PRIMARY KEY (draft, version)
) WITHOUT ROWID;
CREATE INDEX drafts_version_who ON drafts_version (who);

CREATE TABLE drafts_amendment (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  draft INTEGER NOT NULL REFERENCES drafts_draft ON DELETE CASCADE,
  base INTEGER NOT NULL,                 -- the version that it was written for
  kind TEXT NOT NULL,                    -- change, delete, add
  paragraph INTEGER NOT NULL,            -- its key; of 'add': the one before; 0: the beginning
  text TEXT NOT NULL,                    -- of the paragraph as it is to be; '' for 'delete'
  who TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'open'     -- open, accepted, rejected, withdrawn
);
CREATE INDEX drafts_amendment_open ON drafts_amendment (draft, item) WHERE state = 'open';
CREATE INDEX drafts_amendment_who ON drafts_amendment (who);

-- What people said of a draft or an amendment, in reply, as a comment.
CREATE TABLE drafts_comment (
  id INTEGER PRIMARY KEY,
  item INTEGER NOT NULL REFERENCES item(number) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  who TEXT NOT NULL,
  text TEXT NOT NULL
);
CREATE INDEX drafts_comment_item ON drafts_comment (item);
CREATE INDEX drafts_comment_who ON drafts_comment (who);
