-- A job that failed is tried again at `try_at`; `due` stays what it was, so that it can say how late.
ALTER TABLE job ADD COLUMN try_at REAL NOT NULL DEFAULT 0;
ALTER TABLE job ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
UPDATE job SET try_at = due;
DROP INDEX job_due;
CREATE INDEX job_try ON job (try_at, due, id);
