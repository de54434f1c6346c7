CREATE OR REPLACE FUNCTION search_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    vector tsvector;
BEGIN
    IF new.rowid IS NULL THEN
        EXECUTE format('DELETE FROM %I', tg_table_name);
        RETURN NULL;
    END IF;
    EXECUTE format('DELETE FROM %I WHERE rowid = $1', tg_table_name) USING new.rowid;
    vector := array_to_tsvector(array_remove(string_to_array(new.tokens, ' '), ''));
    IF tg_table_name = 'search_device' THEN
        new.search_device := vector;
    ELSIF tg_table_name = 'search_customer' THEN
        new.search_customer := vector;
    ELSE
        new.search_area := vector;
    END IF;
    new.tokens := NULL;
    RETURN new;
END $$;
CREATE TABLE search_area (rowid bigint, search_area tsvector, tokens text);
CREATE UNIQUE INDEX search_area_by_rowid ON search_area (rowid);
CREATE INDEX search_area_by_token ON search_area USING gin (search_area);
CREATE TRIGGER search_area_keep BEFORE INSERT ON search_area FOR EACH ROW EXECUTE FUNCTION search_keep();
CREATE TABLE customer_phone (phone text COLLATE "C" NOT NULL, customer_id bigint NOT NULL, PRIMARY KEY (phone, customer_id));
INSERT INTO search_progress SELECT 3, 1, coalesce(max(area_id), 0) FROM area;
INSERT INTO search_progress SELECT 4, 1, coalesce(max(customer_id), 0) FROM customer;
CREATE FUNCTION search_area_is_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_change VALUES (3, new.area_id) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER search_area_is_new AFTER INSERT ON area FOR EACH ROW EXECUTE FUNCTION search_area_is_new();
