-- The weekly digest was a part of events: its jobs go on under its own name.
UPDATE job SET feature = 'calendar' WHERE feature = 'events' AND name = 'weekly';
