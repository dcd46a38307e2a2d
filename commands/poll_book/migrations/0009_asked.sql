-- Proposals that a capability opened: the job that carries out what comes out of each, once.
CREATE TABLE polls_asked (
  poll INTEGER PRIMARY KEY REFERENCES polls_poll(number) ON DELETE CASCADE,
  feature TEXT NOT NULL,
  job TEXT NOT NULL,
  item INTEGER NOT NULL,                 -- what it is about
  result TEXT                            -- what the job was told; NULL before the end
);
