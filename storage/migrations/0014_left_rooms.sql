-- Of rooms that we are in no more we keep nobody's name: not who made them, not who had power there.
UPDATE room SET creators = '[]', power = '{}' WHERE NOT joined;
