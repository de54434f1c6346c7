-- Days of quarter-hours that have been folded (src/reading/interval_fold.h).

-- stretch: n is the local days 8 n to 8 n + 7. scale_e3: what flows for one of a value, thousandths. received_s: of the newest
-- day in it. block: src/reading/series_block.h. Stretch first: folding appends in the order of devices, dropping old ones is a range.
CREATE TABLE interval_block (
    stretch      INTEGER NOT NULL,
    device_id    INTEGER NOT NULL,
    channel      INTEGER NOT NULL,
    scale_e3     INTEGER NOT NULL,
    received_s   INTEGER NOT NULL,
    block        BLOB    NOT NULL,
    PRIMARY KEY (stretch, device_id, channel)
) WITHOUT ROWID;

-- A round of folding goes through the devices: days below before_day, up to after_device so far.
CREATE TABLE interval_progress (
    interval_progress_id INTEGER PRIMARY KEY CHECK (interval_progress_id = 1),
    before_day   INTEGER NOT NULL,
    begun_day    INTEGER NOT NULL,
    after_device INTEGER NOT NULL,
    running      INTEGER NOT NULL
);
INSERT INTO interval_progress (interval_progress_id, before_day, begun_day, after_device, running) VALUES (1, 0, 0, 0, 0);
