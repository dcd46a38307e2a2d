-- Invitation codes were a part of `onboarding`.
ALTER TABLE onboarding_code RENAME TO codes_code;
ALTER TABLE onboarding_use RENAME TO codes_use;
ALTER TABLE onboarding_guess RENAME TO codes_guess;
ALTER TABLE onboarding_stranger RENAME TO codes_stranger;
ALTER TABLE onboarding_card RENAME TO codes_card;
DROP INDEX onboarding_guess_at;
CREATE INDEX codes_guess_at ON codes_guess (at);
DROP INDEX onboarding_card_of;
CREATE INDEX codes_card_of ON codes_card (code);
UPDATE item SET feature = 'codes' WHERE feature = 'onboarding' AND kind = 'code';
UPDATE job SET feature = 'codes' WHERE feature = 'onboarding' AND name IN (
  'stranger'
);
