-- Every value of a meter beside the midnights of its main register: tariff registers, power, curves, and more.

-- channel: quantity << 16 | register_index << 8 | phase (base/quantity.h, base/uplink.h).
-- period: 0 a value at an instant, 1 latched at a midnight, 2 latched at the end of a month.
-- value: what the dial shows. scale_e3: what flows for one of it, thousandths, by the transformers of that time.
-- quality: 0 good, 1 doubted by the device, 2 another value was reported for the same instant (register_conflict).
CREATE TABLE register_reading (
    device_id    INTEGER NOT NULL,
    channel      INTEGER NOT NULL,
    period       INTEGER NOT NULL,
    time_s       INTEGER NOT NULL,
    value        INTEGER NOT NULL,
    scale_e3     INTEGER NOT NULL,
    quality      INTEGER NOT NULL,
    received_s   INTEGER NOT NULL,
    PRIMARY KEY (device_id, channel, period, time_s)
) WITHOUT ROWID;

-- A cumulative register cannot have had two values at one instant: the first one stands, the others are kept here.
CREATE TABLE register_conflict (
    device_id    INTEGER NOT NULL,
    channel      INTEGER NOT NULL,
    period       INTEGER NOT NULL,
    time_s       INTEGER NOT NULL,
    value        INTEGER NOT NULL,
    received_s   INTEGER NOT NULL,
    PRIMARY KEY (device_id, channel, period, time_s, value)
) WITHOUT ROWID;

-- Loss: what was supplied to a place minus what its meters sold (S1-002, S3-004). utility: device.kind.
CREATE TABLE balance_zone (
    balance_zone_id INTEGER PRIMARY KEY,
    tenant_id       INTEGER NOT NULL REFERENCES tenant,
    area_id         INTEGER NOT NULL REFERENCES area,
    utility         TEXT    NOT NULL CHECK (utility IN ('cold_water', 'hot_water', 'electricity', 'gas', 'heat')),
    name            TEXT    NOT NULL,
    created_s       INTEGER NOT NULL,
    UNIQUE (tenant_id, name)
);
CREATE INDEX balance_zone_by_area ON balance_zone (area_id);

-- The meters at its borders. direction: 1 into the zone, -1 out of it.
CREATE TABLE balance_supply (
    balance_zone_id INTEGER NOT NULL REFERENCES balance_zone,
    device_id       INTEGER NOT NULL REFERENCES device,
    direction       INTEGER NOT NULL CHECK (direction IN (1, -1)),
    PRIMARY KEY (balance_zone_id, device_id)
) WITHOUT ROWID;
