-- Whether the person had a signed device when the help room was made, for another one.
ALTER TABLE help_room ADD COLUMN beside_signed INTEGER NOT NULL DEFAULT 0;
