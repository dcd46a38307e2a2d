-- Invitations that the bot follows, until it has joined or gives up.
CREATE TABLE invitation (
  room TEXT PRIMARY KEY,
  inviter TEXT NOT NULL,
  direct INTEGER NOT NULL                -- meant as a private room
) WITHOUT ROWID;
INSERT INTO invitation SELECT substr(name, 4), value,
  EXISTS (SELECT 1 FROM fact too WHERE too.name = 'direct:' || substr(fact.name, 4))
  FROM fact WHERE name GLOB 'by:*';
