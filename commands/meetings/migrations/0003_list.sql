-- Whether the list of speakers stands in the room, to be edited from then on.
ALTER TABLE meetings_meeting ADD COLUMN listed INTEGER NOT NULL DEFAULT 0;
