-- What is open in a room is read in the order in which it is shown: without a date last.
DROP INDEX tasks_open;
CREATE INDEX tasks_open ON tasks_task (room, (due IS NULL), due, item) WHERE open;
