-- Attendance was a part of events: what it keeps goes on under its own name.
ALTER TABLE events_answer RENAME TO attendance_answer;
DROP INDEX events_answer_place;
DROP INDEX events_answer_person;
CREATE INDEX attendance_answer_place ON attendance_answer (item, place);
CREATE INDEX attendance_answer_person ON attendance_answer (person);

ALTER TABLE events_tap RENAME TO attendance_tap;
DROP INDEX events_tap_of;
DROP INDEX events_tap_person;
CREATE INDEX attendance_tap_of ON attendance_tap (item, person, stamp);
CREATE INDEX attendance_tap_person ON attendance_tap (person);

ALTER TABLE events_told RENAME TO attendance_told;
DROP INDEX events_told_person;
CREATE INDEX attendance_told_person ON attendance_told (person);

ALTER TABLE events_there RENAME TO attendance_there;
DROP INDEX events_there_person;
CREATE INDEX attendance_there_person ON attendance_there (person);
ALTER TABLE events_door RENAME TO attendance_door;
ALTER TABLE events_missed RENAME TO attendance_missed;
DROP INDEX events_missed_person;
CREATE INDEX attendance_missed_person ON attendance_missed (person);

ALTER TABLE events_shift RENAME TO attendance_shift;
ALTER TABLE events_taken RENAME TO attendance_taken;
DROP INDEX events_taken_person;
CREATE INDEX attendance_taken_person ON attendance_taken (person);

UPDATE job SET feature = 'attendance'
  WHERE feature = 'events' AND name IN ('begun', 'counts', 'moved_up', 'tidy');

-- A question about a bare line (`voy 57 el jueves`) is answered to whoever listens to such lines.
UPDATE question SET feature = 'attendance'
  WHERE feature = 'events' AND json_extract(payload, '$.road.kind') = 'listens';
