-- Decisions in which no moderator may have a hand: what a room decides on its own rules.
ALTER TABLE polls_asked ADD COLUMN members INTEGER NOT NULL DEFAULT 0;
