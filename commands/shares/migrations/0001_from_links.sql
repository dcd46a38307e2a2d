-- What networks show each other was a part of `links`.
ALTER TABLE links_shared RENAME TO shares_sent;
ALTER TABLE links_total RENAME TO shares_total;
ALTER TABLE links_received RENAME TO shares_received;
ALTER TABLE links_trusted RENAME TO shares_trusted;
ALTER TABLE links_pace RENAME TO shares_pace;
ALTER TABLE links_notice RENAME TO shares_notice;
ALTER TABLE links_contact RENAME TO shares_contact;
DROP INDEX links_shared_id;
CREATE UNIQUE INDEX shares_sent_id ON shares_sent (link, id);
DROP INDEX links_received_item;
CREATE UNIQUE INDEX shares_received_item ON shares_received (item) WHERE item IS NOT NULL;
DROP INDEX links_received_copy;
CREATE UNIQUE INDEX shares_received_copy ON shares_received (copy) WHERE copy IS NOT NULL;
DROP INDEX links_received_state;
CREATE INDEX shares_received_state ON shares_received (bot, state);
DROP INDEX links_contact_item;
CREATE INDEX shares_contact_item ON shares_contact (item);
DROP INDEX links_contact_person;
CREATE INDEX shares_contact_person ON shares_contact (person);
DROP INDEX links_contact_bot;
CREATE INDEX shares_contact_bot ON shares_contact (bot, own, at);
UPDATE item SET feature = 'shares' WHERE feature = 'links' AND kind IN ('incoming', 'notice');
UPDATE job SET feature = 'shares' WHERE feature = 'links' AND name IN (
  'contact', 'never', 'notice', 'recede', 'refuse', 'retract', 'tell'
);
-- The talk with somebody whom another network wants to reach is the only one that `links` began.
UPDATE job SET feature = 'shares' WHERE feature = 'links' AND name = '@dialogue';
UPDATE dialogue SET feature = 'shares' WHERE feature = 'links';
UPDATE question SET feature = 'shares' WHERE feature = 'links' AND name = 'approached';
