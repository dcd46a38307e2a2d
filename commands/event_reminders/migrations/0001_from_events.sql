-- Reminders were a part of events: what they keep goes on under their own name.
ALTER TABLE events_muted RENAME TO event_reminders_muted;
ALTER TABLE events_quiet RENAME TO event_reminders_quiet;
UPDATE job SET feature = 'event_reminders'
  WHERE feature = 'events' AND name IN ('bell', 'remind', 'wave');
