-- Welcomes and companions were a part of `onboarding`.
ALTER TABLE onboarding_welcome RENAME TO welcome_text;
ALTER TABLE onboarding_greeting RENAME TO welcome_greeting;
ALTER TABLE onboarding_newcomer RENAME TO welcome_newcomer;
ALTER TABLE onboarding_offer RENAME TO welcome_offer;
ALTER TABLE onboarding_companion RENAME TO welcome_companion;
ALTER TABLE onboarding_nobody_free RENAME TO welcome_nobody_free;
ALTER TABLE onboarding_summary_round RENAME TO welcome_summary_round;
DROP INDEX onboarding_companion_of;
CREATE INDEX welcome_companion_of ON welcome_companion (person, at);
DROP INDEX onboarding_companion_for;
CREATE INDEX welcome_companion_for ON welcome_companion (newcomer);
DROP INDEX onboarding_greeting_of;
CREATE INDEX welcome_greeting_of ON welcome_greeting (person);
DROP INDEX onboarding_newcomer_ready;
CREATE INDEX welcome_newcomer_ready ON welcome_newcomer (ready) WHERE told IS NULL;
UPDATE item SET feature = 'welcome' WHERE feature = 'onboarding' AND kind = 'companion';
UPDATE job SET feature = 'welcome' WHERE feature = 'onboarding' AND name IN (
  'companion_next', 'companion_over', 'companion_told', 'greet', 'settled',
  'tell', 'tell_next'
);
-- Of what `onboarding` heard unaddressed, only a companion's answer asks what it replies to.
UPDATE question SET feature = 'welcome'
  WHERE feature = 'onboarding' AND json_extract(payload, '$.road.message') IS NOT NULL;
