-- On a server meters that are entered by one statement are counted by one (schema/postgres/0068_entered_together.sql). In a file a row at a
-- time costs no more.
SELECT 1;
