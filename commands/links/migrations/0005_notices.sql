-- Announcements: ours for other networks, and those of others that are shown here.
CREATE TABLE links_notice (
  item INTEGER PRIMARY KEY REFERENCES item ON DELETE CASCADE,
  text TEXT NOT NULL
);
