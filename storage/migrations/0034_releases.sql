-- Which releases of the program worked on this database, so that an older one can say which to install.
CREATE TABLE release (
  version TEXT PRIMARY KEY,              -- as `minga --version` says it
  since REAL NOT NULL                    -- when it worked on it first, or again: seconds, UTC
);
