-- The room that a vote belongs to, where a poll is shown in several: NULL in a poll of one room.
ALTER TABLE poll_book_response ADD COLUMN room TEXT;
ALTER TABLE poll_book_ballot ADD COLUMN room TEXT;
