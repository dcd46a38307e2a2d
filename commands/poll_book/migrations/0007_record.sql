-- The record of a room is read from its newest decision on, however many other rooms have.
ALTER TABLE polls_poll ADD COLUMN room TEXT NOT NULL DEFAULT '';  -- the item's, moved with it
UPDATE polls_poll SET room = (SELECT room FROM item WHERE item.number = polls_poll.number);
CREATE INDEX polls_poll_room ON polls_poll (room, ended, number) WHERE verdict IS NOT NULL;
DROP INDEX polls_poll_ended;
