-- What the tables of versions 1 to 57 have beside them: operators, views, triggers and the index of texts.

-- Comparisons count as 1 and 0, shifts take any number, an index is asked as in SQLite.
CREATE FUNCTION boolean_times(bigint, boolean) RETURNS bigint IMMUTABLE LANGUAGE sql AS 'SELECT CASE WHEN $2 THEN $1 WHEN NOT $2 THEN 0 END';
CREATE OPERATOR * (LEFTARG = bigint, RIGHTARG = boolean, FUNCTION = boolean_times);
CREATE FUNCTION shift_left(bigint, bigint) RETURNS bigint IMMUTABLE LANGUAGE sql AS 'SELECT $1 << $2::integer';
CREATE OPERATOR << (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = shift_left);
CREATE FUNCTION shift_right(bigint, bigint) RETURNS bigint IMMUTABLE LANGUAGE sql AS 'SELECT $1 >> $2::integer';
CREATE OPERATOR >> (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = shift_right);
CREATE FUNCTION search_asks(tsvector, text) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1 @@ search_query($2)';
CREATE OPERATOR @@@ (LEFTARG = tsvector, RIGHTARG = text, FUNCTION = search_asks);

-- Rows that are given an identifier now and get one themselves at other times: the next one follows the highest.
CREATE SEQUENCE ledger_account_sequence;
CREATE FUNCTION ledger_account_next() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    PERFORM setval('ledger_account_sequence', coalesce(max(ledger_account_id), 0) + 1, false) FROM ledger_account;
    RETURN nextval('ledger_account_sequence');
END $$;
ALTER TABLE ledger_account ALTER ledger_account_id DROP IDENTITY, ALTER ledger_account_id SET DEFAULT ledger_account_next();
CREATE SEQUENCE transfer_sequence;
CREATE FUNCTION transfer_next() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    PERFORM setval('transfer_sequence', coalesce(max(transfer_id), 0) + 1, false) FROM transfer;
    RETURN nextval('transfer_sequence');
END $$;
ALTER TABLE transfer ALTER transfer_id DROP IDENTITY, ALTER transfer_id SET DEFAULT transfer_next();

CREATE VIEW bill_line AS SELECT b.bill_id, j.number AS line, j.value ->> 0 AS item, (j.value ->> 1)::bigint AS tier, j.value ->> 2 AS period,
    (j.value ->> 3)::bigint AS quantity_e4, (j.value ->> 4)::bigint AS coefficient_e8, (j.value ->> 5)::bigint AS price_e8,
    (j.value ->> 6)::bigint AS amount_fen
    FROM bill b CROSS JOIN json_array_elements(b.lines::json) WITH ORDINALITY AS j (value, number);
CREATE VIEW unit_purchase_line AS SELECT u.unit_purchase_id, j.number AS line, j.value ->> 0 AS item, (j.value ->> 1)::bigint AS tier,
    (j.value ->> 3)::bigint AS quantity_e4, (j.value ->> 4)::bigint AS coefficient_e8, (j.value ->> 5)::bigint AS price_e8,
    (j.value ->> 6)::bigint AS amount_fen
    FROM unit_purchase u CROSS JOIN json_array_elements(u.lines::json) WITH ORDINALITY AS j (value, number);
CREATE VIEW bill_open AS SELECT b.bill_id AS bill_id, b.account_id AS account_id, b.amount_fen + b.late_fee_fen - b.paid_fen AS owed_fen,
    CASE WHEN w.late_rate_e8 > 0 THEN json_build_array(w.late_rate_e8, w.late_rate_later_e8, w.late_minimum_fen, w.late_cap_e8,
        w.late_grace_days, b.due_day, b.late_until_day, greatest(0, b.amount_fen - b.paid_fen),
        (SELECT sum(amount_fen) FROM bill_late_part WHERE bill_id = b.bill_id),
        (SELECT sum(amount_fen * same_days) FROM bill_late_part WHERE bill_id = b.bill_id),
        (SELECT sum(amount_fen * later_days) FROM bill_late_part WHERE bill_id = b.bill_id),
        b.late_fee_fen + b.late_waived_fen)::text END AS facts
    FROM bill b LEFT JOIN tariff_version w ON w.tariff_version_id = b.tariff_version_id WHERE b.state = 'issued';
CREATE VIEW meter_units AS
SELECT k.account_id, k.device_id,
    (SELECT r.value FROM register_reading r WHERE r.device_id = k.device_id AND r.channel IN (2752512, 3997696) AND r.period = 0
        ORDER BY r.time_s DESC LIMIT 1) AS shown_value,
    (SELECT r.time_s FROM register_reading r WHERE r.device_id = k.device_id AND r.channel IN (2752512, 3997696) AND r.period = 0
        ORDER BY r.time_s DESC LIMIT 1) AS shown_s,
    coalesce(u.bought_value - u.used_value, 0)
        - (coalesce(s.total_value, standing.settled_total_value) - standing.settled_total_value) AS books_value
FROM account k JOIN account_standing standing ON standing.account_id = k.account_id
LEFT JOIN account_units u ON u.account_id = k.account_id
LEFT JOIN device_state s ON s.device_id = k.device_id
WHERE k.holds_units = 1;

-- From which day on a meter owes midnights (1), and from which it does not any more (-1).
CREATE VIEW device_due AS SELECT d.device_id, d.area_id, d.kind, (d.installed_s + t.zone_offset_s) / 86400 + 1 AS day, 1 AS devices
    FROM device d JOIN tenant t ON t.tenant_id = d.tenant_id
UNION ALL SELECT d.device_id, d.area_id, d.kind, CASE WHEN d.removed_s > d.installed_s + 86400
    THEN (d.removed_s + t.zone_offset_s) / 86400 ELSE (d.installed_s + t.zone_offset_s) / 86400 + 1 END, -1
    FROM device d JOIN tenant t ON t.tenant_id = d.tenant_id WHERE d.removed_s IS NOT NULL;

-- What people look for by a piece of it. The tokens of an object are given as a text and kept as a vector; one that comes again takes
-- the place of the one before, and a row of no object ('delete-all') empties the table.
CREATE FUNCTION search_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF new.rowid IS NULL THEN
        EXECUTE format('DELETE FROM %I', tg_table_name);
        RETURN NULL;
    END IF;
    EXECUTE format('DELETE FROM %I WHERE rowid = $1', tg_table_name) USING new.rowid;
    IF tg_table_name = 'search_device' THEN
        new.search_device := array_to_tsvector(array_remove(string_to_array(new.tokens, ' '), ''));
    ELSE
        new.search_customer := array_to_tsvector(array_remove(string_to_array(new.tokens, ' '), ''));
    END IF;
    new.tokens := NULL;
    RETURN new;
END $$;
CREATE TABLE search_device (rowid bigint, search_device tsvector, tokens text);
CREATE UNIQUE INDEX search_device_by_rowid ON search_device (rowid);
CREATE INDEX search_device_by_token ON search_device USING gin (search_device);
CREATE TRIGGER search_device_keep BEFORE INSERT ON search_device FOR EACH ROW EXECUTE FUNCTION search_keep();
CREATE TABLE search_customer (rowid bigint, search_customer tsvector, tokens text);
CREATE UNIQUE INDEX search_customer_by_rowid ON search_customer (rowid);
CREATE INDEX search_customer_by_token ON search_customer USING gin (search_customer);
CREATE TRIGGER search_customer_keep BEFORE INSERT ON search_customer FOR EACH ROW EXECUTE FUNCTION search_keep();

-- The triggers of SQLite's schema, by the same names.
CREATE FUNCTION message_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE message_count SET messages = messages - 1
        WHERE tenant_id = old.tenant_id AND channel = old.channel AND state = old.state;
    INSERT INTO message_count (tenant_id, channel, state, messages) VALUES (new.tenant_id, new.channel, new.state, 1)
        ON CONFLICT (tenant_id, channel, state) DO UPDATE SET messages = message_count.messages + 1;
    RETURN NULL;
END $$;
CREATE TRIGGER message_moved AFTER UPDATE OF state ON message FOR EACH ROW
WHEN (new.state <> old.state) EXECUTE FUNCTION message_moved();
CREATE FUNCTION account_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO account_standing (account_id) VALUES (new.account_id);
    RETURN NULL;
END $$;
CREATE TRIGGER account_stands AFTER INSERT ON account FOR EACH ROW EXECUTE FUNCTION account_stands();
CREATE FUNCTION search_device_is_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_change VALUES (1, new.device_id) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER search_device_is_new AFTER INSERT ON device FOR EACH ROW EXECUTE FUNCTION search_device_is_new();
CREATE FUNCTION search_device_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_change VALUES (1, new.device_id) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER search_device_changes AFTER UPDATE OF tenant_id, area_id, room, imei, meter_number ON device FOR EACH ROW
WHEN (old.tenant_id <> new.tenant_id OR old.area_id <> new.area_id OR old.room <> new.room OR old.imei <> new.imei
    OR old.meter_number <> new.meter_number) EXECUTE FUNCTION search_device_changes();
CREATE FUNCTION search_customer_is_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_change VALUES (2, new.customer_id) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER search_customer_is_new AFTER INSERT ON customer FOR EACH ROW EXECUTE FUNCTION search_customer_is_new();
CREATE FUNCTION search_customer_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_change VALUES (2, new.customer_id) ON CONFLICT DO NOTHING;
    INSERT INTO search_change SELECT 1, device_id FROM account
        WHERE customer_id = new.customer_id AND device_id IS NOT NULL ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER search_customer_changes AFTER UPDATE OF number, name, name_initials, phones ON customer FOR EACH ROW
WHEN (old.number <> new.number OR old.name <> new.name OR old.name_initials <> new.name_initials OR old.phones <> new.phones) EXECUTE FUNCTION search_customer_changes();
CREATE FUNCTION search_account_is_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_change VALUES (2, new.customer_id) ON CONFLICT DO NOTHING;
    INSERT INTO search_change SELECT 1, new.device_id WHERE new.device_id IS NOT NULL ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER search_account_is_new AFTER INSERT ON account FOR EACH ROW EXECUTE FUNCTION search_account_is_new();
CREATE FUNCTION search_account_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_change VALUES (2, new.customer_id) ON CONFLICT DO NOTHING;
    INSERT INTO search_change SELECT 1, new.device_id WHERE new.device_id IS NOT NULL ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER search_account_changes AFTER UPDATE OF customer_id, device_id, area_id ON account FOR EACH ROW
WHEN (old.customer_id <> new.customer_id OR old.area_id <> new.area_id OR old.device_id IS DISTINCT FROM new.device_id) EXECUTE FUNCTION search_account_changes();
CREATE FUNCTION area_stands_below() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO area_above SELECT new.area_id, above_id FROM area_above WHERE area_id = new.parent_area_id
        UNION ALL SELECT new.area_id, new.area_id;
    RETURN NULL;
END $$;
CREATE TRIGGER area_stands_below AFTER INSERT ON area FOR EACH ROW EXECUTE FUNCTION area_stands_below();
CREATE FUNCTION area_count_device_is_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF new.device_id > (SELECT device_id FROM area_count_progress) THEN
        RETURN NULL;
    END IF;
    INSERT INTO area_status SELECT above_id, new.kind, 0, 1 FROM area_above WHERE area_id = new.area_id AND new.removed_s IS NULL
        ON CONFLICT (area_id, kind, status) DO UPDATE SET devices = area_status.devices + 1;
    INSERT INTO area_report_time SELECT x.above_id, new.kind, new.report_time_s / 900 + 1, 1 FROM area_above x
        JOIN area a ON a.area_id = x.above_id AND a.kind <> 'building' WHERE x.area_id = new.area_id AND new.removed_s IS NULL
        ON CONFLICT (area_id, kind, quarter) DO UPDATE SET devices = area_report_time.devices + 1;
    INSERT INTO area_due SELECT x.above_id, e.kind, e.day, sum(e.devices) FROM device_due e JOIN area_above x ON x.area_id = e.area_id
        WHERE e.device_id = new.device_id GROUP BY x.above_id, e.kind, e.day
        ON CONFLICT (area_id, kind, day) DO UPDATE SET devices = area_due.devices + excluded.devices;
    RETURN NULL;
END $$;
CREATE TRIGGER area_count_device_is_new AFTER INSERT ON device FOR EACH ROW
WHEN (new.kind NOT IN ('collector', 'concentrator', 'line')) EXECUTE FUNCTION area_count_device_is_new();
CREATE FUNCTION area_count_device_leaves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF new.device_id > (SELECT device_id FROM area_count_progress) THEN
        RETURN new;
    END IF;
    INSERT INTO area_status SELECT above_id, old.kind,
        coalesce((SELECT status FROM device_state WHERE device_id = old.device_id), 0), -1
        FROM area_above WHERE area_id = old.area_id AND old.removed_s IS NULL
        ON CONFLICT (area_id, kind, status) DO UPDATE SET devices = area_status.devices - 1;
    INSERT INTO area_report_time SELECT x.above_id, old.kind, old.report_time_s / 900 + 1, -1 FROM area_above x
        JOIN area a ON a.area_id = x.above_id AND a.kind <> 'building' WHERE x.area_id = old.area_id AND old.removed_s IS NULL
        ON CONFLICT (area_id, kind, quarter) DO UPDATE SET devices = area_report_time.devices - 1;
    INSERT INTO area_due SELECT x.above_id, e.kind, e.day, -sum(e.devices) FROM device_due e JOIN area_above x ON x.area_id = e.area_id
        WHERE e.device_id = old.device_id GROUP BY x.above_id, e.kind, e.day
        ON CONFLICT (area_id, kind, day) DO UPDATE SET devices = area_due.devices + excluded.devices;
    RETURN new;
END $$;
CREATE TRIGGER area_count_device_leaves BEFORE UPDATE OF area_id, kind, installed_s, removed_s, report_time_s ON device FOR EACH ROW
WHEN ((old.area_id <> new.area_id OR old.kind <> new.kind OR old.installed_s <> new.installed_s
    OR coalesce(old.removed_s, -1) <> coalesce(new.removed_s, -1) OR old.report_time_s <> new.report_time_s)
    AND old.kind NOT IN ('collector', 'concentrator', 'line')) EXECUTE FUNCTION area_count_device_leaves();
CREATE FUNCTION area_count_device_returns() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF new.device_id > (SELECT device_id FROM area_count_progress) THEN
        RETURN NULL;
    END IF;
    INSERT INTO area_status SELECT above_id, new.kind,
        coalesce((SELECT status FROM device_state WHERE device_id = new.device_id), 0), 1
        FROM area_above WHERE area_id = new.area_id AND new.removed_s IS NULL
        ON CONFLICT (area_id, kind, status) DO UPDATE SET devices = area_status.devices + 1;
    INSERT INTO area_report_time SELECT x.above_id, new.kind, new.report_time_s / 900 + 1, 1 FROM area_above x
        JOIN area a ON a.area_id = x.above_id AND a.kind <> 'building' WHERE x.area_id = new.area_id AND new.removed_s IS NULL
        ON CONFLICT (area_id, kind, quarter) DO UPDATE SET devices = area_report_time.devices + 1;
    INSERT INTO area_due SELECT x.above_id, e.kind, e.day, sum(e.devices) FROM device_due e JOIN area_above x ON x.area_id = e.area_id
        WHERE e.device_id = new.device_id GROUP BY x.above_id, e.kind, e.day
        ON CONFLICT (area_id, kind, day) DO UPDATE SET devices = area_due.devices + excluded.devices;
    RETURN NULL;
END $$;
CREATE TRIGGER area_count_device_returns AFTER UPDATE OF area_id, kind, installed_s, removed_s, report_time_s ON device FOR EACH ROW
WHEN ((old.area_id <> new.area_id OR old.kind <> new.kind OR old.installed_s <> new.installed_s
    OR coalesce(old.removed_s, -1) <> coalesce(new.removed_s, -1) OR old.report_time_s <> new.report_time_s)
    AND new.kind NOT IN ('collector', 'concentrator', 'line')) EXECUTE FUNCTION area_count_device_returns();
CREATE FUNCTION area_status_is_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF new.device_id > (SELECT device_id FROM area_count_progress) THEN
        RETURN NULL;
    END IF;
    INSERT INTO area_status SELECT x.above_id, d.kind, change.status, change.devices FROM device d
        JOIN area_above x ON x.area_id = d.area_id CROSS JOIN (SELECT 0 AS status, -1 AS devices UNION ALL SELECT new.status, 1) change
        WHERE d.device_id = new.device_id AND d.kind NOT IN ('collector', 'concentrator', 'line') AND d.removed_s IS NULL
        ON CONFLICT (area_id, kind, status) DO UPDATE SET devices = area_status.devices + excluded.devices;
    RETURN NULL;
END $$;
CREATE TRIGGER area_status_is_new AFTER INSERT ON device_state FOR EACH ROW
WHEN (new.status <> 0) EXECUTE FUNCTION area_status_is_new();
CREATE FUNCTION area_status_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF new.device_id > (SELECT device_id FROM area_count_progress) THEN
        RETURN NULL;
    END IF;
    INSERT INTO area_status SELECT x.above_id, d.kind, change.status, change.devices FROM device d
        JOIN area_above x ON x.area_id = d.area_id CROSS JOIN (SELECT old.status AS status, -1 AS devices UNION ALL SELECT new.status, 1) change
        WHERE d.device_id = new.device_id AND d.kind NOT IN ('collector', 'concentrator', 'line') AND d.removed_s IS NULL
        ON CONFLICT (area_id, kind, status) DO UPDATE SET devices = area_status.devices + excluded.devices;
    RETURN NULL;
END $$;
CREATE TRIGGER area_status_changes AFTER UPDATE OF status ON device_state FOR EACH ROW
WHEN (old.status <> new.status) EXECUTE FUNCTION area_status_changes();
