-- On a server the tables that grow with every day are cut into parts here (schema/postgres/0062_parts.sql). A file has none.
SELECT 1;
