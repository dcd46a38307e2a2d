-- How many things are kept where: counting them all anew would take longer the more there are.
CREATE TABLE library_places (place TEXT PRIMARY KEY, things INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO library_places SELECT place, count(*) FROM library_resource GROUP BY place;
CREATE TRIGGER library_place_in AFTER INSERT ON library_resource BEGIN
  INSERT INTO library_places VALUES (new.place, 1)
    ON CONFLICT (place) DO UPDATE SET things = things + 1;
END;
CREATE TRIGGER library_place_out AFTER DELETE ON library_resource BEGIN
  UPDATE library_places SET things = things - 1 WHERE place = old.place;
  DELETE FROM library_places WHERE place = old.place AND things < 1;
END;
CREATE TRIGGER library_place_moved AFTER UPDATE OF room, seen ON library_resource
WHEN new.place != old.place BEGIN
  UPDATE library_places SET things = things - 1 WHERE place = old.place;
  DELETE FROM library_places WHERE place = old.place AND things < 1;
  INSERT INTO library_places VALUES (new.place, 1)
    ON CONFLICT (place) DO UPDATE SET things = things + 1;
END;
