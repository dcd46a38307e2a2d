-- The languages in which somebody accompanies newcomers, as codes with spaces between them; empty:
-- the one in which they are written to.
ALTER TABLE welcome_offer ADD COLUMN languages TEXT NOT NULL DEFAULT '';
