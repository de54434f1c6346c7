BEGIN;
-- Workers have no use for them.
SET LOCAL citus.enable_ddl_propagation = off;

-- The total at a midnight, from its row or else from its block.
CREATE OR REPLACE FUNCTION midnight_at(on_day bigint, device bigint) RETURNS bigint STABLE STRICT LANGUAGE plpgsql AS $$
DECLARE
    row record;
BEGIN
    FOR row IN SELECT m.total_value FROM daily_reading m WHERE m.day = on_day AND m.device_id = device LOOP
        RETURN row.total_value;
    END LOOP;
    FOR row IN SELECT b.registers, b.totals, b.ratios, b.arrivals FROM midnight_block b
            WHERE b.stretch = on_day / 256 AND b.device_id = device LOOP
        RETURN midnight_total(row.registers, row.totals, row.ratios, row.arrivals, on_day);
    END LOOP;
    RETURN NULL;
END $$;

-- The days that have rows, before one. They are looked up one after the other: each look reads one entry of an index a shard.
CREATE OR REPLACE FUNCTION midnight_days_before(before_day bigint) RETURNS SETOF bigint STABLE LANGUAGE plpgsql AS $$
DECLARE
    found bigint;
BEGIN
    SELECT min(m.day) INTO found FROM daily_reading m;
    WHILE found < before_day LOOP
        RETURN NEXT found;
        SELECT min(m.day) INTO found FROM daily_reading m WHERE m.day > found;
    END LOOP;
END $$;
CREATE OR REPLACE FUNCTION interval_days_before(before_day bigint) RETURNS SETOF bigint STABLE LANGUAGE plpgsql AS $$
DECLARE
    found bigint;
BEGIN
    SELECT min(i.day) INTO found FROM interval_day i;
    WHILE found < before_day LOOP
        RETURN NEXT found;
        SELECT min(i.day) INTO found FROM interval_day i WHERE i.day > found;
    END LOOP;
END $$;

-- Without a channel: all of them.
CREATE OR REPLACE FUNCTION interval_day_at(on_day bigint, device bigint, of_channel bigint) RETURNS SETOF interval_day STABLE
LANGUAGE plpgsql AS $$
BEGIN
    IF of_channel IS NULL THEN
        RETURN QUERY SELECT i.* FROM interval_day i WHERE i.day = on_day AND i.device_id = device;
    ELSE
        RETURN QUERY SELECT i.* FROM interval_day i WHERE i.day = on_day AND i.device_id = device AND i.channel = of_channel;
    END IF;
END $$;
CREATE OR REPLACE FUNCTION interval_block_at(of_stretch bigint, device bigint, of_channel bigint) RETURNS SETOF interval_block STABLE
LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT f.* FROM interval_block f WHERE f.stretch = of_stretch AND f.device_id = device AND f.channel = of_channel;
END $$;

-- The newest value of each channel and period.
CREATE OR REPLACE FUNCTION register_newest(device bigint) RETURNS SETOF register_reading STABLE LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT DISTINCT ON (r.channel, r.period) r.* FROM register_reading r WHERE r.device_id = device
        ORDER BY r.channel, r.period, r.time_s DESC;
END $$;
CREATE OR REPLACE FUNCTION register_instants(device bigint, of_channel bigint, from_s bigint, to_s bigint)
RETURNS SETOF register_reading STABLE LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT r.* FROM register_reading r WHERE r.device_id = device AND r.channel = of_channel AND r.period = 0
        AND r.time_s >= from_s AND r.time_s <= to_s;
END $$;

CREATE OR REPLACE FUNCTION register_at(device bigint, of_channel bigint, of_period bigint, at_s bigint) RETURNS SETOF register_reading
STABLE LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT r.* FROM register_reading r WHERE r.device_id = device AND r.channel = of_channel AND r.period = of_period
        AND r.time_s = at_s;
END $$;
CREATE OR REPLACE FUNCTION register_conflicts(device bigint) RETURNS SETOF register_conflict STABLE LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT c.* FROM register_conflict c WHERE c.device_id = device;
END $$;

-- What a meter that holds units showed last (base/quantity.h: balance_energy, balance_volume).
CREATE OR REPLACE FUNCTION register_shown(device bigint) RETURNS SETOF register_reading STABLE LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT r.* FROM register_reading r WHERE r.device_id = device AND r.channel IN (2752512, 3997696) AND r.period = 0
        ORDER BY r.time_s DESC LIMIT 1;
END $$;
CREATE OR REPLACE VIEW meter_units AS
SELECT k.account_id, k.device_id, r.value AS shown_value, r.time_s AS shown_s,
    coalesce(u.bought_value - u.used_value, 0)
        - (coalesce(s.total_value, standing.settled_total_value) - standing.settled_total_value) AS books_value
FROM account k JOIN account_standing standing ON standing.account_id = k.account_id
LEFT JOIN account_units u ON u.account_id = k.account_id
LEFT JOIN device_state s ON s.device_id = k.device_id
LEFT JOIN LATERAL register_shown(k.device_id) r ON true
WHERE k.holds_units = 1;

-- The charges of an account from its newest that ends on a day, each ending on the day before the from_day of the one after it. Days
-- are asked for in lots: each is one entry of an index, and a lot is one question to the worker.
CREATE OR REPLACE FUNCTION charges_of(account bigint, last_day bigint, first_day bigint) RETURNS SETOF daily_charge STABLE
LANGUAGE plpgsql AS $$
DECLARE
    row daily_charge;
    next_day bigint := last_day;
    asked_from bigint;
BEGIN
    WHILE next_day >= first_day LOOP
        asked_from := greatest(first_day, next_day - 63);
        row := NULL;
        FOR row IN SELECT g.* FROM generate_series(asked_from, next_day) s(day)
                JOIN daily_charge g ON g.day = s.day AND g.account_id = account ORDER BY g.day DESC LOOP
            RETURN NEXT row;
            next_day := row.from_day - 1;
        END LOOP;
        EXIT WHEN row.day IS NULL;
    END LOOP;
END $$;

-- The frames of a device from its newest, or behind a frame, one after the other.
CREATE OR REPLACE FUNCTION frame_chain(device bigint, behind bigint, newest bigint, places bigint) RETURNS SETOF frame STABLE
LANGUAGE plpgsql AS $$
DECLARE
    next_id bigint := newest;
    row frame;
BEGIN
    IF behind IS NOT NULL THEN
        SELECT f.previous_frame INTO next_id FROM frame f WHERE f.frame_id = behind AND f.device_id = device;
    END IF;
    FOR place IN 1 .. places LOOP
        SELECT f.* INTO row FROM frame f WHERE f.frame_id = next_id AND f.device_id = device;
        EXIT WHEN NOT FOUND;
        RETURN NEXT row;
        next_id := row.previous_frame;
    END LOOP;
END $$;

-- All rows of a table, for who compares them with tables of the coordinator or reads what they hold by functions that only it has.
CREATE OR REPLACE FUNCTION all_charges() RETURNS SETOF daily_charge STABLE LANGUAGE plpgsql AS
$$ BEGIN RETURN QUERY SELECT * FROM daily_charge; END $$;
CREATE OR REPLACE FUNCTION all_midnight_blocks() RETURNS SETOF midnight_block STABLE LANGUAGE plpgsql AS
$$ BEGIN RETURN QUERY SELECT * FROM midnight_block; END $$;
CREATE OR REPLACE FUNCTION all_interval_blocks() RETURNS SETOF interval_block STABLE LANGUAGE plpgsql AS
$$ BEGIN RETURN QUERY SELECT * FROM interval_block; END $$;

-- All midnights of a meter, wherever they rest. Blocks are unpacked here: workers do not know how. Days that are named, as those of a
-- month, are looked up one by one in their partitions alone; a join reads a small table whole. Of years it is the join that is cheap.
CREATE OR REPLACE FUNCTION midnights(device bigint, first_day bigint, last_day bigint)
RETURNS TABLE (day bigint, device_id bigint, register_value bigint, total_value bigint, quality bigint, received_s bigint, multiplier_e3 bigint)
STABLE LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    row midnight_block;
    days bigint[] := '{}';
BEGIN
    IF last_day - first_day < 64 THEN
        days := ARRAY(SELECT generate_series(first_day, last_day));
        RETURN QUERY SELECT m.day, m.device_id, m.register_value, m.total_value, m.quality, m.received_s, m.multiplier_e3
            FROM daily_reading m WHERE m.day = ANY (days) AND m.device_id = device ORDER BY m.day;
    ELSE
        RETURN QUERY SELECT m.day, m.device_id, m.register_value, m.total_value, m.quality, m.received_s, m.multiplier_e3
            FROM generate_series(first_day, last_day) g(day) JOIN daily_reading m ON m.day = g.day AND m.device_id = device ORDER BY m.day;
    END IF;
    IF FOUND AND first_day = last_day THEN
        RETURN;
    END IF;
    FOR row IN SELECT b.* FROM midnight_block b WHERE b.stretch BETWEEN first_day / 256 AND last_day / 256 AND b.device_id = device
            ORDER BY b.stretch LOOP
        days := ARRAY(SELECT m.day FROM daily_reading m WHERE m.device_id = device AND m.day BETWEEN first_day AND last_day);
        RETURN QUERY SELECT n.day, device, n.register_value, n.total_value, n.quality, n.received_s, n.multiplier_e3
            FROM midnight_days(row.registers, row.totals, row.ratios, row.arrivals, last_day) n
            WHERE n.day BETWEEN first_day AND last_day AND n.day <> ALL (days) ORDER BY n.day;
    END LOOP;
END $$;
COMMIT;
