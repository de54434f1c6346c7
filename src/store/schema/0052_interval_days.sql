-- Quarter-hours of a day of one register: what a meter reports once a day, or a line brings in parts.

-- channel: as register_reading. day: local day since 1970; its instants are 00:15 to 24:00.
-- missing, refused: instants that never came, and that are not believed. sum_state: 0 the midnight that ends the day is not
-- known, 1 it agrees, 2 it differs. block: reading/interval_block.h.
CREATE TABLE interval_day (
    day          INTEGER NOT NULL,
    device_id    INTEGER NOT NULL,
    channel      INTEGER NOT NULL,
    missing      INTEGER NOT NULL,
    refused      INTEGER NOT NULL,
    sum_state    INTEGER NOT NULL,
    scale_e3     INTEGER NOT NULL,
    received_s   INTEGER NOT NULL,
    block        BLOB    NOT NULL,
    PRIMARY KEY (day, device_id, channel)
) WITHOUT ROWID;
