-- Incidents were a part of care: what they keep goes on under their own name.
ALTER TABLE care_incident RENAME TO incidents_incident;
DROP INDEX care_incident_mark;
DROP INDEX care_incident_about;
CREATE INDEX incidents_incident_mark ON incidents_incident (mark);
CREATE INDEX incidents_incident_about ON incidents_incident (about);
ALTER TABLE care_incident_part RENAME TO incidents_part;
DROP INDEX care_incident_part_item;
CREATE INDEX incidents_part_item ON incidents_part (item);
ALTER TABLE care_apart RENAME TO incidents_apart;
ALTER TABLE care_reader RENAME TO incidents_reader;

UPDATE item SET feature = 'incidents' WHERE feature = 'care' AND kind = 'incident';
UPDATE job SET feature = 'incidents' WHERE feature = 'care' AND name IN ('shred', 'waiting');
