-- The catch-all table: everybody has moved their rows into tables of their own by now.
DROP TABLE fact;
