-- On a server, where a changed row is a new one, pages of rows that change every day are left half free (schema/postgres/0064_row_room.sql).
-- A file changes rows in place.
SELECT 1;
