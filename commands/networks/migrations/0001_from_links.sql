-- `!network` and what happens in a link's room was a part of `links`.
UPDATE job SET feature = 'networks' WHERE feature = 'links' AND name IN (
  'closed', 'look', 'open', 'replaced', 'room', 'strangers'
);
