-- Beyond the closings that a tenant lets happen by themselves on a day, a batch is asked for and released by two people.
CREATE TABLE cut_off_batch (
    batch_id    INTEGER PRIMARY KEY,
    tenant_id   INTEGER NOT NULL REFERENCES tenant,
    day         INTEGER NOT NULL,                    -- local day on which it is good
    closings    INTEGER NOT NULL,                    -- so many more valves
    reason      TEXT    NOT NULL,
    asked_by    INTEGER NOT NULL,
    asked_s     INTEGER NOT NULL,
    released_by INTEGER,                             -- another person
    released_s  INTEGER NOT NULL DEFAULT 0           -- 0: waits
);
CREATE INDEX cut_off_batch_by_day ON cut_off_batch (tenant_id, day);
