-- Joint decisions were a part of `links`.
ALTER TABLE links_joint RENAME TO joint_decisions_decision;
ALTER TABLE links_joint_said RENAME TO joint_decisions_word;
DROP INDEX links_joint_said_kind;
CREATE INDEX joint_decisions_word_kind ON joint_decisions_word (item, kind, key);
UPDATE item SET feature = 'joint_decisions' WHERE feature = 'links' AND kind IN ('joint');
UPDATE job SET feature = 'joint_decisions' WHERE feature = 'links' AND name IN (
  'anew', 'compare', 'counted', 'step'
);
