-- Doors were a part of `onboarding`.
ALTER TABLE onboarding_question RENAME TO doors_question;
ALTER TABLE onboarding_request RENAME TO doors_request;
ALTER TABLE onboarding_key RENAME TO doors_key;
ALTER TABLE onboarding_answer RENAME TO doors_answer;
ALTER TABLE onboarding_refused RENAME TO doors_refused;
ALTER TABLE onboarding_vouch RENAME TO doors_vouch;
ALTER TABLE onboarding_door RENAME TO doors_door;
ALTER TABLE onboarding_crowd RENAME TO doors_crowd;
ALTER TABLE onboarding_waiting_notice RENAME TO doors_waiting_notice;
DROP INDEX onboarding_request_of;
CREATE INDEX doors_request_of ON doors_request (person, room);
DROP INDEX onboarding_request_poll;
CREATE INDEX doors_request_poll ON doors_request (poll) WHERE poll IS NOT NULL;
DROP INDEX onboarding_vouch_of;
CREATE INDEX doors_vouch_of ON doors_vouch (person, at);
UPDATE item SET feature = 'doors' WHERE feature = 'onboarding' AND kind = 'request';
UPDATE job SET feature = 'doors' WHERE feature = 'onboarding' AND name IN (
  'ballot', 'enough', 'expected', 'lapse', 'look', 'many_knock', 'many_wait',
  'nudge', 'orphaned', 'stuck', 'voted'
);
-- The interview at a door is the only talk that `onboarding` began.
UPDATE job SET feature = 'doors' WHERE feature = 'onboarding' AND name = '@dialogue';
UPDATE dialogue SET feature = 'doors' WHERE feature = 'onboarding';
UPDATE question SET feature = 'doors' WHERE feature = 'onboarding' AND name = 'question';
