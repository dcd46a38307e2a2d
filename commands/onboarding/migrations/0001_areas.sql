-- Areas (named sets of rooms), and lists of invitations: a row for each person and room.
CREATE TABLE onboarding_area (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  heard TEXT NOT NULL UNIQUE             -- the name as it is compared
);
CREATE TABLE onboarding_area_room (
  area INTEGER NOT NULL REFERENCES onboarding_area(id) ON DELETE CASCADE,
  room TEXT NOT NULL,
  PRIMARY KEY (area, room)
);
CREATE INDEX onboarding_area_of ON onboarding_area_room (room);
CREATE TABLE onboarding_list (
  item INTEGER PRIMARY KEY REFERENCES item(number) ON DELETE CASCADE,
  target TEXT NOT NULL,                  -- the area or the room, as it is named
  shown REAL NOT NULL                    -- when the progress was last shown
);
CREATE TABLE onboarding_invitation (
  list INTEGER NOT NULL REFERENCES onboarding_list(item) ON DELETE CASCADE,
  person TEXT NOT NULL,                  -- or what was typed, where it is no address
  room TEXT NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (list, person, room)
);
CREATE INDEX onboarding_invitation_state ON onboarding_invitation (list, state);
