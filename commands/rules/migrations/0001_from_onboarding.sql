-- The network's rules were a part of `onboarding`. Lines of the log keep its name, which is hashed.
ALTER TABLE onboarding_rules RENAME TO rules_version;
ALTER TABLE onboarding_accepted RENAME TO rules_accepted;
ALTER TABLE onboarding_to_ask RENAME TO rules_to_ask;
ALTER TABLE onboarding_coming RENAME TO rules_admission;
ALTER TABLE onboarding_stuck_told RENAME TO rules_stuck_told;
UPDATE item SET feature = 'rules' WHERE feature = 'onboarding' AND kind = 'rules';
UPDATE job SET feature = 'rules' WHERE feature = 'onboarding' AND name IN (
  'ask_rules', 'nudge_inside', 'stuck_inside'
);
