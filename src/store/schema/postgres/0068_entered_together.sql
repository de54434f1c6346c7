-- Meters that are entered together are counted together. A row of a sum that changes in a transaction leaves a version behind that
-- stays until its end, and whoever finds the row next passes all of them: 5,000 meters one by one took more than their number of everything.
-- The areas above each meter are looked up one by one: a plan that is made for many would read the table whole for one.
DROP TRIGGER area_count_device_is_new ON device;
CREATE OR REPLACE FUNCTION area_count_device_is_new() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    counted_id bigint := coalesce((SELECT device_id FROM area_count_progress), 9223372036854775807);
BEGIN
    INSERT INTO area_status SELECT x.above_id, n.kind, 0, count(*) FROM added n
        CROSS JOIN LATERAL (SELECT above_id FROM area_above WHERE area_id = n.area_id OFFSET 0) x
        WHERE n.kind NOT IN ('collector', 'concentrator', 'line') AND n.removed_s IS NULL AND n.device_id <= counted_id
        GROUP BY x.above_id, n.kind
        ON CONFLICT (area_id, kind, status) DO UPDATE SET devices = area_status.devices + excluded.devices;
    INSERT INTO area_report_time SELECT x.above_id, n.kind, n.report_time_s / 900 + 1, count(*) FROM added n
        CROSS JOIN LATERAL (SELECT b.above_id FROM area_above b JOIN area a ON a.area_id = b.above_id AND a.kind <> 'building'
            WHERE b.area_id = n.area_id OFFSET 0) x
        WHERE n.kind NOT IN ('collector', 'concentrator', 'line') AND n.removed_s IS NULL AND n.device_id <= counted_id
        GROUP BY x.above_id, n.kind, n.report_time_s / 900 + 1
        ON CONFLICT (area_id, kind, quarter) DO UPDATE SET devices = area_report_time.devices + excluded.devices;
    INSERT INTO area_due SELECT x.above_id, e.kind, e.day, sum(e.devices) FROM added n
        CROSS JOIN LATERAL (SELECT kind, day, devices FROM device_due WHERE device_id = n.device_id OFFSET 0) e
        CROSS JOIN LATERAL (SELECT above_id FROM area_above WHERE area_id = n.area_id OFFSET 0) x
        WHERE n.kind NOT IN ('collector', 'concentrator', 'line') AND n.device_id <= counted_id
        GROUP BY x.above_id, e.kind, e.day
        ON CONFLICT (area_id, kind, day) DO UPDATE SET devices = area_due.devices + excluded.devices;
    RETURN NULL;
END $$;
CREATE TRIGGER area_count_device_is_new AFTER INSERT ON device REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION area_count_device_is_new();

DROP TRIGGER search_device_is_new ON device;
CREATE OR REPLACE FUNCTION search_device_is_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_change SELECT 1, device_id FROM added ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER search_device_is_new AFTER INSERT ON device REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION search_device_is_new();

-- A statement that is planned once costs a tenth of one that is made for each row. While the table is small its plan would be to read
-- it whole, and the table grows.
CREATE OR REPLACE FUNCTION search_keep() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    vector tsvector;
BEGIN
    IF new.rowid IS NULL THEN
        EXECUTE format('DELETE FROM %I', tg_table_name);
        RETURN NULL;
    END IF;
    vector := array_to_tsvector(array_remove(string_to_array(new.tokens, ' '), ''));
    IF tg_table_name = 'search_device' THEN
        DELETE FROM search_device WHERE rowid = new.rowid;
        new.search_device := vector;
    ELSIF tg_table_name = 'search_customer' THEN
        DELETE FROM search_customer WHERE rowid = new.rowid;
        new.search_customer := vector;
    ELSE
        DELETE FROM search_area WHERE rowid = new.rowid;
        new.search_area := vector;
    END IF;
    new.tokens := NULL;
    RETURN new;
END $$;
