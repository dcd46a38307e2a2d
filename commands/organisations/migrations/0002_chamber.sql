-- In which chamber an organisation votes, where a decision is made by chambers.
CREATE TABLE organisations_chamber (
  organisation INTEGER PRIMARY KEY,      -- poll_book_organisation.id
  name TEXT NOT NULL,
  folded TEXT NOT NULL                   -- the name as it is compared
);
