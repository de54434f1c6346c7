-- On a server the rows of state_log lie on their pages as they are (schema/postgres/0067_log_rows.sql). A file knows nothing else.
SELECT 1;
