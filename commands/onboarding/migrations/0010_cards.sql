-- A sheet of cards to be cut apart: a code with a mark for each card, which lets one person in.
CREATE TABLE onboarding_card (
  mark BLOB PRIMARY KEY,                 -- SHA-256 of what stands on the card
  code INTEGER NOT NULL REFERENCES onboarding_code(item) ON DELETE CASCADE,
  taken INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX onboarding_card_of ON onboarding_card (code);
