-- A device's main register is an integer in the one unit of its quantity: ml of water, hot water and gas, mWh of
-- electricity, J of heat. The columns say so.

ALTER TABLE device RENAME COLUMN register_modulus_ml TO register_modulus_value;
ALTER TABLE device RENAME COLUMN flow_limit_ml_per_h TO flow_limit_value_per_h;
ALTER TABLE device RENAME COLUMN start_register_ml TO start_register_value;
ALTER TABLE device RENAME COLUMN start_total_ml TO start_total_value;

-- multiplier_e3: what flowed for one unit on the dial, in thousandths (the ratio of current and voltage transformers).
ALTER TABLE device ADD COLUMN kind TEXT NOT NULL DEFAULT 'cold_water' CHECK (kind IN ('cold_water', 'hot_water',
    'electricity', 'gas', 'heat', 'collector', 'concentrator', 'line'));
ALTER TABLE device ADD COLUMN multiplier_e3 INTEGER NOT NULL DEFAULT 1000 CHECK (multiplier_e3 > 0);

ALTER TABLE device_state RENAME COLUMN register_ml TO register_value;
ALTER TABLE device_state RENAME COLUMN total_ml TO total_value;
ALTER TABLE device_state RENAME COLUMN newest_register_ml TO newest_register_value;
ALTER TABLE device_state RENAME COLUMN newest_total_ml TO newest_total_value;
ALTER TABLE daily_reading RENAME COLUMN register_ml TO register_value;
ALTER TABLE daily_reading RENAME COLUMN total_ml TO total_value;
ALTER TABLE area_day RENAME COLUMN usage_ml TO usage_value;
ALTER TABLE reading_set_aside RENAME COLUMN register_ml TO register_value;
ALTER TABLE reading_set_aside RENAME COLUMN expected_ml TO expected_value;

ALTER TABLE account RENAME COLUMN settled_total_ml TO settled_total_value;
ALTER TABLE account RENAME COLUMN cycle_used_ml TO cycle_used_value;
ALTER TABLE daily_charge RENAME COLUMN from_total_ml TO from_total_value;
ALTER TABLE daily_charge RENAME COLUMN to_total_ml TO to_total_value;
ALTER TABLE daily_charge RENAME COLUMN cycle_used_ml TO cycle_used_value;
ALTER TABLE bill RENAME COLUMN from_total_ml TO from_total_value;
ALTER TABLE bill RENAME COLUMN to_total_ml TO to_total_value;
ALTER TABLE bill RENAME COLUMN usage_ml TO usage_value;
ALTER TABLE bill RENAME COLUMN cycle_used_ml TO cycle_used_value;

-- The ratio with which the growth up to this midnight was counted: a new one never changes an old total.
ALTER TABLE daily_reading ADD COLUMN multiplier_e3 INTEGER NOT NULL DEFAULT 1000;

-- Litres and kilowatt-hours do not add: the figures of an area are kept for each kind of meter.
CREATE TABLE area_day_of_kind (
    day          INTEGER NOT NULL,
    area_id      INTEGER NOT NULL,
    kind         TEXT    NOT NULL DEFAULT 'cold_water',
    received     INTEGER NOT NULL DEFAULT 0,
    on_time      INTEGER NOT NULL DEFAULT 0,
    usage_value  INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (day, area_id, kind)
) WITHOUT ROWID;
INSERT INTO area_day_of_kind (day, area_id, received, on_time, usage_value)
    SELECT day, area_id, received, on_time, usage_value FROM area_day;
DROP TABLE area_day;
ALTER TABLE area_day_of_kind RENAME TO area_day;

-- When the value on the dial was read; a device may speak without showing it.
ALTER TABLE device_state ADD COLUMN register_s INTEGER NOT NULL DEFAULT 0;
UPDATE device_state SET register_s = report_received_s;
