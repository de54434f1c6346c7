-- Meters that hold units (kWh, m3) instead of money: what was sold to them, and what of it was used.

ALTER TABLE account ADD COLUMN holds_units INTEGER NOT NULL DEFAULT 0; -- of prepaid_meter: its meter holds units

-- In units of the meter's register (mWh, ml).
CREATE TABLE account_units (
    account_id    INTEGER PRIMARY KEY REFERENCES account,
    bought_value  INTEGER NOT NULL,                -- sold to the meter and not taken back
    used_value    INTEGER NOT NULL,                -- that flowed up to account.settled_day; may be more
    charged_value INTEGER NOT NULL                 -- of them, gone from the meter's ledger account to revenue
);

CREATE TABLE unit_purchase (
    unit_purchase_id   INTEGER PRIMARY KEY,
    account_id         INTEGER NOT NULL REFERENCES account,
    command_id         INTEGER NOT NULL DEFAULT 0, -- that carries it to the meter; 0: it was in the meter already
    transfer_id        INTEGER NOT NULL DEFAULT 0, -- its cost; 0 none
    at_s               INTEGER NOT NULL,
    value              INTEGER NOT NULL CHECK (value > 0),
    from_value         INTEGER NOT NULL,           -- its place along everything that was sold and not taken back
    cost_fen           INTEGER NOT NULL,
    wallet_fen         INTEGER NOT NULL DEFAULT 0, -- what stayed in the wallet
    tariff_version_id  INTEGER NOT NULL DEFAULT 0,
    cycle_before_value INTEGER NOT NULL DEFAULT 0, -- bought in the tier cycle before it
    cycle_start_day    INTEGER NOT NULL DEFAULT 0,
    taken_back         INTEGER NOT NULL DEFAULT 0, -- it never reached the meter
    lines              TEXT    NOT NULL            -- as those of a bill: how its cost came about
);
CREATE INDEX unit_purchase_by_account ON unit_purchase (account_id, from_value) WHERE taken_back = 0;
CREATE INDEX unit_purchase_by_command ON unit_purchase (command_id) WHERE command_id > 0;

CREATE VIEW unit_purchase_line AS SELECT u.unit_purchase_id, j.key + 1 AS line, j.value ->> 0 AS item, j.value ->> 1 AS tier,
    j.value ->> 3 AS quantity_e4, j.value ->> 4 AS coefficient_e8, j.value ->> 5 AS price_e8, j.value ->> 6 AS amount_fen
    FROM unit_purchase u CROSS JOIN json_each(u.lines) j;

-- A contract that ends because the balance gets another owner is stored as a tenant_change to the same customer.
ALTER TABLE closing ADD COLUMN new_mode TEXT NOT NULL DEFAULT '';  -- payment_mode of the next contract
ALTER TABLE closing ADD COLUMN new_holds TEXT NOT NULL DEFAULT ''; -- of prepaid_meter: money, units
ALTER TABLE closing ADD COLUMN meter_units_value INTEGER NOT NULL DEFAULT 0; -- that the meter held then

-- Of accounts whose meter holds units: what it shows, and what it should hold by what was sold and what flowed. The channels
-- are those of balance_energy and balance_volume (base/quantity.h << 16).
CREATE VIEW meter_units AS
SELECT k.account_id, k.device_id,
    (SELECT r.value FROM register_reading r WHERE r.device_id = k.device_id AND r.channel IN (2752512, 3997696) AND r.period = 0
        ORDER BY r.time_s DESC LIMIT 1) AS shown_value,
    (SELECT r.time_s FROM register_reading r WHERE r.device_id = k.device_id AND r.channel IN (2752512, 3997696) AND r.period = 0
        ORDER BY r.time_s DESC LIMIT 1) AS shown_s,
    coalesce(u.bought_value - u.used_value, 0) - (coalesce(s.total_value, k.settled_total_value) - k.settled_total_value)
        AS books_value
FROM account k LEFT JOIN account_units u ON u.account_id = k.account_id
LEFT JOIN device_state s ON s.device_id = k.device_id
WHERE k.holds_units = 1;
