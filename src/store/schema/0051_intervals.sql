-- Days of quarter-hours (src/reading/interval_store.h).

-- A day of one channel of a device, as it came: appended, never changed; the newest row of a day says the whole day. Rows are
-- folded into interval_block and go in one range. previous_arrival links the rows of one device without an index.
-- block: src/reading/series_block.h.
CREATE TABLE interval_arrival (
    arrival_id       INTEGER PRIMARY KEY,
    previous_arrival INTEGER NOT NULL,
    device_id        INTEGER NOT NULL,
    channel          INTEGER NOT NULL,   -- quantity << 16 | register_index << 8 | phase
    day              INTEGER NOT NULL,   -- local days since 1970
    prior_day        INTEGER NOT NULL,   -- the newest day that any earlier row of the device had
    scale_e3         INTEGER NOT NULL,   -- what flows for one of a value, thousandths
    received_s       INTEGER NOT NULL,
    block            BLOB    NOT NULL
);

-- A month of one channel, the days of one scale. Month first: folding appends in the order of devices, dropping old months is
-- one range.
CREATE TABLE interval_block (
    month            INTEGER NOT NULL,   -- local months since January 1970
    device_id        INTEGER NOT NULL,
    channel          INTEGER NOT NULL,
    scale_e3         INTEGER NOT NULL,
    received_s       INTEGER NOT NULL,   -- of the newest row in it
    block            BLOB    NOT NULL,
    PRIMARY KEY (month, device_id, channel, scale_e3)
) WITHOUT ROWID;

-- Where folding stands: rows up to until_arrival go into blocks, device by device (stage 1), then away (stage 2).
CREATE TABLE interval_fold (
    interval_fold_id INTEGER PRIMARY KEY CHECK (interval_fold_id = 1),
    until_arrival    INTEGER NOT NULL,
    after_device     INTEGER NOT NULL,
    started_day      INTEGER NOT NULL,
    stage            INTEGER NOT NULL
);
INSERT INTO interval_fold (interval_fold_id, until_arrival, after_device, started_day, stage) VALUES (1, 0, 0, 0, 0);

ALTER TABLE device_state ADD COLUMN last_interval INTEGER NOT NULL DEFAULT 0;
ALTER TABLE device_state ADD COLUMN newest_interval_day INTEGER NOT NULL DEFAULT 0;
