-- What each network said last on whether a joint decision may become public with its name in it.
CREATE TABLE joint_publication_word (
  item INTEGER NOT NULL REFERENCES item(number) ON DELETE CASCADE,
  key TEXT NOT NULL,                     -- of the network, ours too
  answer TEXT NOT NULL,                  -- yes or no
  file TEXT NOT NULL,                    -- SHA-256 of the file that it is about
  times INTEGER NOT NULL,                -- how often it has said something
  PRIMARY KEY (item, key)
) STRICT, WITHOUT ROWID;

-- The file to which we said yes. Words that come later do not change it.
CREATE TABLE joint_publication_file (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  statement TEXT NOT NULL,               -- hash of the result in it
  content BLOB NOT NULL
) STRICT;
