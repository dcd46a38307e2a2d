-- What people say of themselves, part by part, each with who may see it; and how it is searched.
CREATE TABLE profile_part (
  person TEXT NOT NULL,
  part TEXT NOT NULL,                    -- name, pronouns, organisation, place, languages, themes
  value TEXT NOT NULL,                   -- as it was typed; several with a line each
  seen TEXT NOT NULL,                    -- nobody, moderators, rooms, network
  PRIMARY KEY (person, part)
);
CREATE TABLE profile_term (
  part TEXT NOT NULL,
  term TEXT NOT NULL,                    -- as it is compared
  person TEXT NOT NULL,
  PRIMARY KEY (part, term, person),
  FOREIGN KEY (person, part) REFERENCES profile_part (person, part) ON DELETE CASCADE
);
CREATE INDEX profile_term_of ON profile_term (person, part);
CREATE TABLE profile_greeting (
  person TEXT PRIMARY KEY                -- who lets the bot call them by name in private
);
