-- Where the settlement of an account stands moves every night: a short row of its own, beside terms that hardly ever change.
CREATE TABLE account_standing (
    account_id          INTEGER PRIMARY KEY,         -- of every account, from the moment it is there
    settled_day         INTEGER NOT NULL DEFAULT 0,  -- charged, or billed, up to this midnight
    settled_total_value INTEGER NOT NULL DEFAULT 0,
    cycle_start_day     INTEGER NOT NULL DEFAULT 0,  -- of the tier cycle now running
    cycle_used_value    INTEGER NOT NULL DEFAULT 0   -- already charged in it
);
INSERT INTO account_standing SELECT account_id, settled_day, settled_total_value, cycle_start_day, cycle_used_value
    FROM account ORDER BY account_id;
CREATE TRIGGER account_stands AFTER INSERT ON account BEGIN
    INSERT INTO account_standing (account_id) VALUES (new.account_id);
END;

DROP VIEW meter_units;
ALTER TABLE account DROP COLUMN settled_day;
ALTER TABLE account DROP COLUMN settled_total_value;
ALTER TABLE account DROP COLUMN cycle_start_day;
ALTER TABLE account DROP COLUMN cycle_used_value;
ALTER TABLE account DROP COLUMN billed_day;

-- Of accounts whose meter holds units: what it shows, and what it should hold by what was sold and what flowed. The channels
-- are those of balance_energy and balance_volume (base/quantity.h << 16).
CREATE VIEW meter_units AS
SELECT k.account_id, k.device_id,
    (SELECT r.value FROM register_reading r WHERE r.device_id = k.device_id AND r.channel IN (2752512, 3997696) AND r.period = 0
        ORDER BY r.time_s DESC LIMIT 1) AS shown_value,
    (SELECT r.time_s FROM register_reading r WHERE r.device_id = k.device_id AND r.channel IN (2752512, 3997696) AND r.period = 0
        ORDER BY r.time_s DESC LIMIT 1) AS shown_s,
    coalesce(u.bought_value - u.used_value, 0)
        - (coalesce(s.total_value, standing.settled_total_value) - standing.settled_total_value) AS books_value
FROM account k CROSS JOIN account_standing standing ON standing.account_id = k.account_id
LEFT JOIN account_units u ON u.account_id = k.account_id
LEFT JOIN device_state s ON s.device_id = k.device_id
WHERE k.holds_units = 1;
