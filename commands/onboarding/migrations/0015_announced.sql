-- Whether the newcomer read where the invitations go before they were sent.
ALTER TABLE onboarding_list ADD COLUMN announced INTEGER NOT NULL DEFAULT 0;
