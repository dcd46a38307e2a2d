-- What words of ours mean that a restored backup had lost and another network sent back: `Returned`
-- in store.py.
ALTER TABLE joint_decisions_decision ADD COLUMN returned TEXT NOT NULL DEFAULT '';
