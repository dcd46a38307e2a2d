-- The vote of a room on a request: its number while it is open, and whether it came to nothing.
ALTER TABLE onboarding_request ADD COLUMN poll INTEGER;
ALTER TABLE onboarding_request ADD COLUMN undecided INTEGER NOT NULL DEFAULT 0;
CREATE INDEX onboarding_request_poll ON onboarding_request (poll) WHERE poll IS NOT NULL;
