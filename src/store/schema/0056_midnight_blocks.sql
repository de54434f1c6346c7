-- Midnights that have been folded (src/reading/midnight_fold.h).

-- stretch: n is the local days 256 n to 256 n + 255. registers, totals, ratios, arrivals: src/reading/midnight_block.h. Stretch first:
-- folding writes in the order of devices, dropping old ones is a range.
CREATE TABLE midnight_block (
    stretch      INTEGER NOT NULL,
    device_id    INTEGER NOT NULL,
    registers    BLOB    NOT NULL,
    totals       BLOB    NOT NULL,
    ratios       BLOB    NOT NULL,
    arrivals     BLOB    NOT NULL,
    PRIMARY KEY (stretch, device_id)
) WITHOUT ROWID;

-- A round of folding goes through the devices: days below before_day, up to after_device so far.
CREATE TABLE midnight_progress (
    midnight_progress_id INTEGER PRIMARY KEY CHECK (midnight_progress_id = 1),
    before_day   INTEGER NOT NULL,
    begun_day    INTEGER NOT NULL,
    after_device INTEGER NOT NULL,
    running      INTEGER NOT NULL
);
INSERT INTO midnight_progress (midnight_progress_id, before_day, begun_day, after_device, running) VALUES (1, 0, 0, 0, 0);
