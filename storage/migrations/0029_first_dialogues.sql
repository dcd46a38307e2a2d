-- Which of a person's dialogues come before the others: their ids must never recur.
ALTER TABLE dialogue ADD COLUMN is_first INTEGER NOT NULL DEFAULT 0;
UPDATE dialogue SET is_first = 1 WHERE id < 0;
