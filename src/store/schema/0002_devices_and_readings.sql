-- What is installed, what it said, what it was told.

CREATE TABLE device (
    device_id            INTEGER PRIMARY KEY,             -- dense from 1: indexes the in-memory array
    tenant_id            INTEGER NOT NULL REFERENCES tenant,
    area_id              INTEGER NOT NULL REFERENCES area, -- usually a building
    room                 TEXT    NOT NULL DEFAULT '',
    imei                 INTEGER NOT NULL UNIQUE,         -- 15 digits
    meter_number         TEXT    NOT NULL,                -- printed on the dial, 12 or 14 digits
    maker                TEXT    NOT NULL DEFAULT '',
    profile              TEXT    NOT NULL DEFAULT 'nbiot-water-prepaid',
    size_dn_mm           INTEGER NOT NULL DEFAULT 15,
    security             TEXT    NOT NULL DEFAULT 'psk' CHECK (security IN ('psk','plain')),
    register_modulus_ml  INTEGER NOT NULL DEFAULT 100000000000, -- dial wraps here: 99,999.999 m3 + 1 L
    flow_limit_ml_per_h  INTEGER NOT NULL DEFAULT 3125000,      -- more than this between two reads is an impossible jump
    start_register_ml    INTEGER NOT NULL DEFAULT 0,
    start_total_ml       INTEGER NOT NULL DEFAULT 0,      -- continuous total at installation (carries over an exchange)
    replaces_device_id   INTEGER REFERENCES device,
    installed_s          INTEGER NOT NULL,
    removed_s            INTEGER,
    report_time_s        INTEGER NOT NULL DEFAULT 10800,  -- after local midnight
    UNIQUE (tenant_id, meter_number)
);
CREATE INDEX device_by_area ON device (area_id, device_id);

-- The last known state; one row a device, rewritten by each accepted report.
CREATE TABLE device_state (
    device_id            INTEGER PRIMARY KEY REFERENCES device,
    status               INTEGER NOT NULL DEFAULT 0,      -- bits: 1 cut off, 2 fault, 4 alarm, 8 silent
    last_received_s      INTEGER NOT NULL DEFAULT 0,
    last_report_s        INTEGER NOT NULL DEFAULT 0,      -- device time of the last full report
    register_ml          INTEGER NOT NULL DEFAULT 0,
    total_ml             INTEGER NOT NULL DEFAULT 0,      -- continuous across rollover and exchange
    balance_fen          INTEGER NOT NULL DEFAULT 0,      -- as the meter itself says (meter-side prepayment)
    valve_state          INTEGER NOT NULL DEFAULT 0,      -- 0 open, 1 closed, 2 moving, 3 fault, 4 none
    alarm_bits           INTEGER NOT NULL DEFAULT 0,
    battery_mv           INTEGER NOT NULL DEFAULT 0,
    rsrp_dbm             INTEGER NOT NULL DEFAULT 0,
    snr_db               INTEGER NOT NULL DEFAULT 0,
    coverage_level       INTEGER NOT NULL DEFAULT 0,
    physical_cell        INTEGER NOT NULL DEFAULT 0,
    cell_id              INTEGER NOT NULL DEFAULT 0,
    earfcn               INTEGER NOT NULL DEFAULT 0,
    clock_error_s        INTEGER NOT NULL DEFAULT 0,
    recharge_serial      INTEGER NOT NULL DEFAULT 0,      -- last serial the meter applied
    newest_day           INTEGER NOT NULL DEFAULT 0,      -- newest day with a midnight reading (days since 1970, local)
    complete_days        INTEGER NOT NULL DEFAULT 0,      -- bit k: the midnight of newest_day - k is stored (64 days)
    on_time_days         INTEGER NOT NULL DEFAULT 0,      -- bit k: it came on its own day
    last_frame           INTEGER NOT NULL DEFAULT 0,      -- newest row in frame
    report_received_s    INTEGER NOT NULL DEFAULT 0,      -- when the last full report came
    newest_register_ml   INTEGER NOT NULL DEFAULT 0,      -- at the midnight of newest_day
    newest_total_ml      INTEGER NOT NULL DEFAULT 0,
    recent               BLOB    NOT NULL DEFAULT x''     -- content hash of the last report, registers of the newest days
);

-- One midnight register value of one device. day: local days since 1970-01-01 whose 00:00 the value belongs to.
-- Keyed by day first: a day's inserts stay in a few pages, dropping old days is one range.
CREATE TABLE daily_reading (
    day          INTEGER NOT NULL,
    device_id    INTEGER NOT NULL,
    register_ml  INTEGER NOT NULL,
    total_ml     INTEGER NOT NULL,
    quality      INTEGER NOT NULL,     -- 0 measured on time, 1 measured late, 2 corrected, 3 estimated
    received_s   INTEGER NOT NULL,
    PRIMARY KEY (day, device_id)
) WITHOUT ROWID;

-- Figures of an area (usually a building) on one day, kept as midnights are believed: sums over areas and days need no
-- look at single meters. usage_ml is what was used on `day`: it is known with the midnight that ends the day.
CREATE TABLE area_day (
    day          INTEGER NOT NULL,
    area_id      INTEGER NOT NULL,
    received     INTEGER NOT NULL DEFAULT 0,   -- midnights of this day that are stored by now
    on_time      INTEGER NOT NULL DEFAULT 0,   -- and of those, how many came on their own day
    usage_ml     INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (day, area_id)
) WITHOUT ROWID;

-- Values seen but not believed, never dropped: with the reason, until a person decides.
CREATE TABLE reading_set_aside (
    set_aside_id INTEGER PRIMARY KEY,
    device_id    INTEGER NOT NULL,
    day          INTEGER NOT NULL,
    register_ml  INTEGER NOT NULL,
    expected_ml  INTEGER NOT NULL,
    reason       TEXT    NOT NULL,     -- backward, jump, conflict, clock, range
    received_s   INTEGER NOT NULL,
    decided_s    INTEGER,
    decided_by   INTEGER,
    decision     TEXT                  -- accepted, rejected
);
CREATE INDEX reading_set_aside_by_device ON reading_set_aside (device_id, set_aside_id);
CREATE INDEX reading_set_aside_open ON reading_set_aside (set_aside_id) WHERE decided_s IS NULL;

-- Bytes as they came or went. previous_frame links the frames of one device without an index.
CREATE TABLE frame (
    frame_id       INTEGER PRIMARY KEY,
    device_id      INTEGER NOT NULL,
    previous_frame INTEGER NOT NULL,
    at_s           INTEGER NOT NULL,
    direction      INTEGER NOT NULL,   -- 0 from the device, 1 to the device
    bytes          BLOB    NOT NULL
);

CREATE TABLE event (
    event_id        INTEGER PRIMARY KEY,
    tenant_id       INTEGER NOT NULL,
    device_id       INTEGER NOT NULL,
    kind            TEXT    NOT NULL,  -- base/quantity.h alarm names, plus silent, clock_error, set_aside, command_failed
    severity        INTEGER NOT NULL,  -- 0 notice, 1 alarm, 2 fault
    raised_s        INTEGER NOT NULL,
    received_s      INTEGER NOT NULL,
    cleared_s       INTEGER,
    acknowledged_s  INTEGER,
    acknowledged_by INTEGER,
    detail          TEXT    NOT NULL DEFAULT ''
);
CREATE INDEX event_by_device ON event (device_id, event_id);
CREATE INDEX event_by_tenant ON event (tenant_id, event_id);
CREATE INDEX event_open ON event (device_id, kind) WHERE cleared_s IS NULL;

CREATE TABLE command (
    command_id    INTEGER PRIMARY KEY,
    tenant_id     INTEGER NOT NULL,
    device_id     INTEGER NOT NULL,
    kind          TEXT    NOT NULL,    -- open_valve, close_valve, recharge, write_parameter, read_now, set_clock
    parameter     TEXT    NOT NULL DEFAULT '',
    value         INTEGER NOT NULL DEFAULT 0,
    amount_fen    INTEGER NOT NULL DEFAULT 0,
    serial        INTEGER NOT NULL DEFAULT 0, -- the device applies each serial once
    state         TEXT    NOT NULL CHECK (state IN ('queued','sent','delivered','executed','verified','failed','expired','cancelled')),
    reason        TEXT    NOT NULL DEFAULT '', -- why it was asked
    outcome       TEXT    NOT NULL DEFAULT '', -- why it ended, its proof
    requested_by  INTEGER,             -- person; NULL: the platform
    requested_s   INTEGER NOT NULL,
    expires_s     INTEGER NOT NULL,
    priority      INTEGER NOT NULL DEFAULT 1, -- 0 money and safety, 1 normal, 2 bulk
    tries         INTEGER NOT NULL DEFAULT 0,
    finished_s    INTEGER
);
CREATE INDEX command_by_device ON command (device_id, command_id);
CREATE INDEX command_by_tenant ON command (tenant_id, command_id);
CREATE INDEX command_open ON command (device_id, priority, command_id) WHERE finished_s IS NULL;
CREATE INDEX command_expiry ON command (expires_s) WHERE finished_s IS NULL;
CREATE INDEX command_by_serial ON command (device_id, serial) WHERE serial > 0;

CREATE TABLE command_step (
    command_id INTEGER NOT NULL REFERENCES command,
    step       INTEGER NOT NULL,
    state      TEXT    NOT NULL,
    at_s       INTEGER NOT NULL,
    detail     TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (command_id, step)
) WITHOUT ROWID;
