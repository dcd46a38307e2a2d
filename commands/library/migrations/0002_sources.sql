-- What is known of a thing that is a data set or another source: where its link leads.
CREATE TABLE library_source (
  item INTEGER PRIMARY KEY REFERENCES library_resource ON DELETE CASCADE,
  licence TEXT NOT NULL,
  publisher TEXT NOT NULL,
  published TEXT NOT NULL                -- as it was written: a year is fine
);
