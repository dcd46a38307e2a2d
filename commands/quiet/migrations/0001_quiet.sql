-- Who does not want to be among those who have not written for a while. Who they are is kept nowhere.
CREATE TABLE quiet_left_out (person TEXT PRIMARY KEY) WITHOUT ROWID;
