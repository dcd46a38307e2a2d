-- 0: asked for from a device that only the rules of the job's own room let count (decision 0020).
ALTER TABLE job ADD COLUMN trusted INTEGER NOT NULL DEFAULT 1;
