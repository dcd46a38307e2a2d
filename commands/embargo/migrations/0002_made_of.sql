-- The message whose words wait: if it is deleted or edited, they don't come out as they were.
-- What waited before has none.
ALTER TABLE embargo_held ADD COLUMN made_of TEXT NOT NULL DEFAULT '';
CREATE INDEX embargo_made_of ON embargo_held (made_of) WHERE made_of != '';
