CREATE TABLE book_day (tenant_id bigint NOT NULL, by_value bigint NOT NULL, day bigint NOT NULL, kind text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL, debits_fen bigint NOT NULL, credits_fen bigint NOT NULL, PRIMARY KEY (tenant_id, by_value, day, kind, name));
CREATE TABLE book_fold (transfer_id bigint NOT NULL);
INSERT INTO book_fold VALUES (0);

CREATE TABLE tariff_accounts (tariff_id bigint PRIMARY KEY, accounts bigint NOT NULL);
INSERT INTO tariff_accounts SELECT tariff_id, count(*) FROM account WHERE closed_s IS NULL GROUP BY tariff_id;
CREATE FUNCTION tariff_account_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF tg_op = 'UPDATE' THEN
        IF old.closed_s IS NULL THEN
            UPDATE tariff_accounts SET accounts = accounts - 1 WHERE tariff_id = old.tariff_id;
        END IF;
    END IF;
    IF new.closed_s IS NULL THEN
        INSERT INTO tariff_accounts VALUES (new.tariff_id, 1) ON CONFLICT (tariff_id) DO UPDATE SET accounts = tariff_accounts.accounts + 1;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER tariff_account_is_new AFTER INSERT ON account FOR EACH ROW
WHEN (new.closed_s IS NULL) EXECUTE FUNCTION tariff_account_changes();
CREATE TRIGGER tariff_account_changes AFTER UPDATE OF tariff_id, closed_s ON account FOR EACH ROW
WHEN (old.tariff_id <> new.tariff_id OR (old.closed_s IS NULL) <> (new.closed_s IS NULL)) EXECUTE FUNCTION tariff_account_changes();

CREATE INDEX account_by_mode ON account (tenant_id, payment_mode, account_id);

CREATE TABLE clock_apart (device_id bigint PRIMARY KEY, apart_s bigint NOT NULL);
CREATE INDEX clock_apart_worst ON clock_apart (apart_s, device_id);
INSERT INTO clock_apart SELECT device_id, abs(clock_error_s) FROM device_state WHERE abs(clock_error_s) >= 60;
CREATE FUNCTION clock_apart_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF abs(new.clock_error_s) >= 60 THEN
        INSERT INTO clock_apart VALUES (new.device_id, abs(new.clock_error_s))
            ON CONFLICT (device_id) DO UPDATE SET apart_s = excluded.apart_s;
    ELSE
        DELETE FROM clock_apart WHERE device_id = new.device_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER clock_apart_is_new AFTER INSERT ON device_state FOR EACH ROW
WHEN (abs(new.clock_error_s) >= 60) EXECUTE FUNCTION clock_apart_changes();
CREATE TRIGGER clock_apart_changes AFTER UPDATE OF clock_error_s ON device_state FOR EACH ROW
WHEN (abs(old.clock_error_s) <> abs(new.clock_error_s) AND (abs(old.clock_error_s) >= 60 OR abs(new.clock_error_s) >= 60))
EXECUTE FUNCTION clock_apart_changes();
