-- Newcomers are being sent the summary, a few at a time: the next of these rounds is scheduled.
CREATE TABLE onboarding_summary_round (one INTEGER PRIMARY KEY CHECK (one = 1));
INSERT INTO onboarding_summary_round SELECT 1 FROM fact WHERE name = 'telling';
