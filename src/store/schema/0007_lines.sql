-- Estates of meters behind concentrators and on lines: what hangs where, and how the line is.

-- A device without an IMEI stores minus its own identifier in device.imei, which is NOT NULL and unique.
-- parent_device_id: the collector, concentrator or line it hangs on. line_device_id: the concentrator or line at the end,
-- whatever collectors lie between; of a concentrator or line its own identifier. 0: speaks for itself.
ALTER TABLE device ADD COLUMN parent_device_id  INTEGER NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN line_device_id    INTEGER NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN measurement_point INTEGER NOT NULL DEFAULT 0; -- of its line, 1 to 2,047; 0 none
ALTER TABLE device ADD COLUMN port              INTEGER NOT NULL DEFAULT 0; -- of the concentrator, 1 to 31
ALTER TABLE device ADD COLUMN address           TEXT    NOT NULL DEFAULT ''; -- on the line; unique there
-- Transformers before the meter; 0: none. multiplier_e3 is their product.
ALTER TABLE device ADD COLUMN ct_primary_a      INTEGER NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN ct_secondary_a    INTEGER NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN pt_primary_v      INTEGER NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN pt_secondary_v    INTEGER NOT NULL DEFAULT 0;
CREATE INDEX device_by_line ON device (line_device_id, measurement_point) WHERE line_device_id > 0;
CREATE INDEX device_by_parent ON device (parent_device_id, device_id) WHERE parent_device_id > 0;
CREATE INDEX device_by_address ON device (address) WHERE address <> '';

-- How a concentrator or a line of another kind is served. 0: the kind's usual value (base/line_order.h).
CREATE TABLE line (
    device_id         INTEGER PRIMARY KEY REFERENCES device,
    kind              INTEGER NOT NULL,               -- enum line_kind
    baud              INTEGER NOT NULL DEFAULT 0,
    parity            TEXT    NOT NULL DEFAULT '',    -- E, N, O
    stop_bits         INTEGER NOT NULL DEFAULT 0,
    heartbeat_s       INTEGER NOT NULL DEFAULT 0,
    heartbeat         TEXT    NOT NULL DEFAULT '',    -- a DTU's heartbeat packet
    gap_ms            INTEGER NOT NULL DEFAULT 0,
    answer_timeout_ms INTEGER NOT NULL DEFAULT 0,
    meter_limit       INTEGER NOT NULL DEFAULT 500,   -- meters on it at most (S1-093)
    -- What its maker calls the meters' protocols in an archive entry (376.1 F10 leaves them to makers).
    code_dlt645       INTEGER NOT NULL DEFAULT 30,    -- DL/T 645-2007
    code_dlt645_1997  INTEGER NOT NULL DEFAULT 1,
    code_cjt188       INTEGER NOT NULL DEFAULT 40
);

-- What only the platform and the device may know, sealed under the installation's master key (security/key_holder.h).
CREATE TABLE device_secret (
    device_id INTEGER NOT NULL REFERENCES device,
    purpose   TEXT    NOT NULL CHECK (purpose IN ('password', 'operator', 'key', 'line')),
    sealed    BLOB    NOT NULL,
    PRIMARY KEY (device_id, purpose)
) WITHOUT ROWID;

-- What is known of a line's connection.
CREATE TABLE line_state (
    device_id      INTEGER PRIMARY KEY REFERENCES device,
    connected      INTEGER NOT NULL DEFAULT 0,
    since_s        INTEGER NOT NULL DEFAULT 0,        -- connected or disconnected since
    last_contact_s INTEGER NOT NULL DEFAULT 0,
    last_data_s    INTEGER NOT NULL DEFAULT 0,        -- when a reading last came through it
    login_count    INTEGER NOT NULL DEFAULT 0,
    clock_known    INTEGER NOT NULL DEFAULT 0,
    clock_error_s  INTEGER NOT NULL DEFAULT 0,        -- its clock minus ours
    clock_at_s     INTEGER NOT NULL DEFAULT 0
);

-- What a concentrator last said it holds (376.1 F10).
CREATE TABLE line_archive (
    line_device_id    INTEGER NOT NULL REFERENCES device,
    number            INTEGER NOT NULL,               -- of its entry
    measurement_point INTEGER NOT NULL,
    address           INTEGER NOT NULL,
    collector         INTEGER NOT NULL,
    port              INTEGER NOT NULL,
    baud_code         INTEGER NOT NULL,
    protocol_code     INTEGER NOT NULL,
    tariffs           INTEGER NOT NULL,
    user_class        INTEGER NOT NULL,
    round             INTEGER NOT NULL,               -- of reading: rows of older rounds are gone when a round is complete
    PRIMARY KEY (line_device_id, number)
) WITHOUT ROWID;

-- How far a download of the archive to a concentrator has come; one row a concentrator, the last one.
CREATE TABLE line_archive_sync (
    device_id    INTEGER PRIMARY KEY REFERENCES device,
    state        TEXT    NOT NULL CHECK (state IN ('queued', 'reading', 'writing', 'checking', 'agreed', 'differs', 'failed')),
    write        INTEGER NOT NULL,                    -- 0: compare only
    problem      INTEGER NOT NULL DEFAULT 0,          -- enum line_problem of the last order
    position     INTEGER NOT NULL DEFAULT 0,          -- last entry written
    tries        INTEGER NOT NULL DEFAULT 0,
    round        INTEGER NOT NULL DEFAULT 0,
    written      INTEGER NOT NULL DEFAULT 0,
    denied       INTEGER NOT NULL DEFAULT 0,
    differences  INTEGER NOT NULL DEFAULT 0,
    requested_by INTEGER NOT NULL DEFAULT 0,
    requested_s  INTEGER NOT NULL,
    finished_s   INTEGER NOT NULL DEFAULT 0,
    agreed_s     INTEGER NOT NULL DEFAULT 0           -- when both sides last agreed
);
CREATE INDEX line_archive_sync_open ON line_archive_sync (device_id) WHERE finished_s = 0;

-- What a command carries beside its value: a table of prices or of tariffs, as command_table_write has it.
ALTER TABLE command ADD COLUMN document TEXT NOT NULL DEFAULT '';
