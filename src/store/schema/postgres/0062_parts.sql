-- Tables that grow with every day lie in parts by range (functions.sql, store_parts.h). Rows that are there stay where they are, and are
-- read once to see that they belong there. On a cluster whose tables are cut already they stay as they are.
DO $$
DECLARE
    growing record;
    is_cut boolean := false;
BEGIN
    FOR growing IN SELECT * FROM (VALUES ('daily_reading', 'day', 32), ('midnight_block', 'stretch', 4), ('interval_day', 'day', 8),
            ('interval_block', 'stretch', 32), ('frame', 'frame_id', 1048576)) t (name, key, width) LOOP
        IF to_regclass('pg_dist_partition') IS NOT NULL THEN
            EXECUTE 'SELECT EXISTS (SELECT 1 FROM pg_dist_partition WHERE logicalrelid = to_regclass($1))' INTO is_cut USING growing.name;
        END IF;
        IF NOT is_cut THEN
            PERFORM parts_begin(growing.name, growing.key, growing.width);
        END IF;
    END LOOP;
END $$;
