-- Lists of expected people were a part of `onboarding`.
ALTER TABLE onboarding_expected RENAME TO expected_lists_list;
ALTER TABLE onboarding_expected_person RENAME TO expected_lists_person;
UPDATE item SET feature = 'expected_lists' WHERE feature = 'onboarding' AND kind = 'expected';
UPDATE job SET feature = 'expected_lists' WHERE feature = 'onboarding' AND name IN (
  'list_over'
);
