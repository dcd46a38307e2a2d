-- Ban lists were a part of care: what is followed goes on under their own name.
ALTER TABLE care_list RENAME TO ban_lists_list;
ALTER TABLE care_rule RENAME TO ban_lists_rule;
DROP INDEX care_rule_entity;
DROP INDEX care_rule_hashed;
DROP INDEX care_rule_wild;
DROP INDEX care_rule_told;
DROP INDEX care_rule_item;
CREATE INDEX ban_lists_rule_entity ON ban_lists_rule (entity);
CREATE INDEX ban_lists_rule_hashed ON ban_lists_rule (hashed);
CREATE INDEX ban_lists_rule_wild ON ban_lists_rule (wild) WHERE wild;
CREATE INDEX ban_lists_rule_told ON ban_lists_rule (told) WHERE NOT told;
CREATE INDEX ban_lists_rule_item ON ban_lists_rule (item);

UPDATE item SET feature = 'ban_lists' WHERE feature = 'care' AND kind = 'rule';
UPDATE job SET feature = 'ban_lists' WHERE feature = 'care' AND name = 'rules';
