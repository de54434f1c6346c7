-- Figures of the meters of an area and all below it, kept as readings are believed and the archive changes: the overview, use and completeness of
-- a town of millions are read from some rows. Of files that are older they are made in slices (area_counts.h), newest days first.
CREATE TABLE area_count_progress (
    device_id    INTEGER NOT NULL,   -- devices up to this one are counted, and are counted again as they change
    from_day     INTEGER NOT NULL,   -- midnights from this day on are in area_midnight
    gaps_counted INTEGER NOT NULL    -- area_gap knows every device
);
INSERT INTO area_count_progress SELECT CASE WHEN EXISTS (SELECT 1 FROM device) THEN 0 ELSE 9223372036854775807 END,
    coalesce((SELECT max(day) + 2 FROM area_day), 0), NOT EXISTS (SELECT 1 FROM device);

-- What the midnight of a day says of an area and all below it. Not of buildings: what they hold is in area_day.
CREATE TABLE area_midnight (
    day         INTEGER NOT NULL,
    area_id     INTEGER NOT NULL,
    kind        TEXT    NOT NULL,    -- of device
    received    INTEGER NOT NULL,    -- midnights stored
    on_time     INTEGER NOT NULL,
    usage_value INTEGER NOT NULL,    -- used on the day that this midnight ended
    PRIMARY KEY (day, area_id, kind)
) WITHOUT ROWID;

-- How many meters of an area (no building) and all below it have a gap: few have, so ordinary reports write nothing here.
CREATE TABLE area_gap (
    newest_day INTEGER NOT NULL,     -- their newest midnight
    area_id    INTEGER NOT NULL,
    kind       TEXT    NOT NULL,
    gap_day    INTEGER NOT NULL,     -- the newest one before it that they owe and did not give, of 64 days
    devices    INTEGER NOT NULL,
    PRIMARY KEY (newest_day, area_id, kind, gap_day)
) WITHOUT ROWID;

-- How many more meters of an area and all below it owe midnights from a day on, or fewer.
CREATE TABLE area_due (
    area_id INTEGER NOT NULL,
    kind    TEXT    NOT NULL,
    day     INTEGER NOT NULL,
    devices INTEGER NOT NULL,
    PRIMARY KEY (area_id, kind, day)
) WITHOUT ROWID;

-- When the meters of an area (no building) and all below it report: by the end of which quarter of an hour after midnight.
CREATE TABLE area_report_time (
    area_id INTEGER NOT NULL,
    kind    TEXT    NOT NULL,
    quarter INTEGER NOT NULL,        -- 1: by 00:15
    devices INTEGER NOT NULL,
    PRIMARY KEY (area_id, kind, quarter)
) WITHOUT ROWID;

-- From which day on a meter owes midnights (1), and from which it does not any more (-1): those after the day on which it was
-- installed and before the one on which it was taken down.
CREATE VIEW device_due AS SELECT d.device_id, d.area_id, d.kind, (d.installed_s + t.zone_offset_s) / 86400 + 1 AS day, 1 AS devices
    FROM device d JOIN tenant t ON t.tenant_id = d.tenant_id
UNION ALL SELECT d.device_id, d.area_id, d.kind, CASE WHEN d.removed_s > d.installed_s + 86400
    THEN (d.removed_s + t.zone_offset_s) / 86400 ELSE (d.installed_s + t.zone_offset_s) / 86400 + 1 END, -1
    FROM device d JOIN tenant t ON t.tenant_id = d.tenant_id WHERE d.removed_s IS NOT NULL;

-- A device leaves all counts before what they are about changes, and comes back after it.
DELETE FROM area_status;
DROP TRIGGER area_status_device_is_new;
DROP TRIGGER area_status_device_moves;
DROP TRIGGER area_status_is_new;
DROP TRIGGER area_status_changes;

CREATE TRIGGER area_count_device_is_new AFTER INSERT ON device
WHEN new.kind NOT IN ('collector', 'concentrator', 'line') AND new.device_id <= (SELECT device_id FROM area_count_progress) BEGIN
    INSERT INTO area_status SELECT above_id, new.kind, 0, 1 FROM area_above WHERE area_id = new.area_id AND new.removed_s IS NULL
        ON CONFLICT (area_id, kind, status) DO UPDATE SET devices = devices + 1;
    INSERT INTO area_report_time SELECT x.above_id, new.kind, new.report_time_s / 900 + 1, 1 FROM area_above x
        JOIN area a ON a.area_id = x.above_id AND a.kind <> 'building' WHERE x.area_id = new.area_id AND new.removed_s IS NULL
        ON CONFLICT (area_id, kind, quarter) DO UPDATE SET devices = devices + 1;
    INSERT INTO area_due SELECT x.above_id, e.kind, e.day, sum(e.devices) FROM device_due e JOIN area_above x ON x.area_id = e.area_id
        WHERE e.device_id = new.device_id GROUP BY x.above_id, e.kind, e.day
        ON CONFLICT (area_id, kind, day) DO UPDATE SET devices = devices + excluded.devices;
END;
CREATE TRIGGER area_count_device_leaves BEFORE UPDATE OF area_id, kind, installed_s, removed_s, report_time_s ON device
WHEN (old.area_id <> new.area_id OR old.kind <> new.kind OR old.installed_s <> new.installed_s
    OR coalesce(old.removed_s, -1) <> coalesce(new.removed_s, -1) OR old.report_time_s <> new.report_time_s)
    AND old.kind NOT IN ('collector', 'concentrator', 'line') AND new.device_id <= (SELECT device_id FROM area_count_progress) BEGIN
    INSERT INTO area_status SELECT above_id, old.kind,
        coalesce((SELECT status FROM device_state WHERE device_id = old.device_id), 0), -1
        FROM area_above WHERE area_id = old.area_id AND old.removed_s IS NULL
        ON CONFLICT (area_id, kind, status) DO UPDATE SET devices = devices - 1;
    INSERT INTO area_report_time SELECT x.above_id, old.kind, old.report_time_s / 900 + 1, -1 FROM area_above x
        JOIN area a ON a.area_id = x.above_id AND a.kind <> 'building' WHERE x.area_id = old.area_id AND old.removed_s IS NULL
        ON CONFLICT (area_id, kind, quarter) DO UPDATE SET devices = devices - 1;
    INSERT INTO area_due SELECT x.above_id, e.kind, e.day, -sum(e.devices) FROM device_due e JOIN area_above x ON x.area_id = e.area_id
        WHERE e.device_id = old.device_id GROUP BY x.above_id, e.kind, e.day
        ON CONFLICT (area_id, kind, day) DO UPDATE SET devices = devices + excluded.devices;
END;
CREATE TRIGGER area_count_device_returns AFTER UPDATE OF area_id, kind, installed_s, removed_s, report_time_s ON device
WHEN (old.area_id <> new.area_id OR old.kind <> new.kind OR old.installed_s <> new.installed_s
    OR coalesce(old.removed_s, -1) <> coalesce(new.removed_s, -1) OR old.report_time_s <> new.report_time_s)
    AND new.kind NOT IN ('collector', 'concentrator', 'line') AND new.device_id <= (SELECT device_id FROM area_count_progress) BEGIN
    INSERT INTO area_status SELECT above_id, new.kind,
        coalesce((SELECT status FROM device_state WHERE device_id = new.device_id), 0), 1
        FROM area_above WHERE area_id = new.area_id AND new.removed_s IS NULL
        ON CONFLICT (area_id, kind, status) DO UPDATE SET devices = devices + 1;
    INSERT INTO area_report_time SELECT x.above_id, new.kind, new.report_time_s / 900 + 1, 1 FROM area_above x
        JOIN area a ON a.area_id = x.above_id AND a.kind <> 'building' WHERE x.area_id = new.area_id AND new.removed_s IS NULL
        ON CONFLICT (area_id, kind, quarter) DO UPDATE SET devices = devices + 1;
    INSERT INTO area_due SELECT x.above_id, e.kind, e.day, sum(e.devices) FROM device_due e JOIN area_above x ON x.area_id = e.area_id
        WHERE e.device_id = new.device_id GROUP BY x.above_id, e.kind, e.day
        ON CONFLICT (area_id, kind, day) DO UPDATE SET devices = devices + excluded.devices;
END;
CREATE TRIGGER area_status_is_new AFTER INSERT ON device_state
WHEN new.status <> 0 AND new.device_id <= (SELECT device_id FROM area_count_progress) BEGIN
    INSERT INTO area_status SELECT x.above_id, d.kind, change.status, change.devices FROM device d
        CROSS JOIN area_above x ON x.area_id = d.area_id CROSS JOIN (SELECT 0 AS status, -1 AS devices UNION ALL SELECT new.status, 1) change
        WHERE d.device_id = new.device_id AND d.kind NOT IN ('collector', 'concentrator', 'line') AND d.removed_s IS NULL
        ON CONFLICT (area_id, kind, status) DO UPDATE SET devices = devices + excluded.devices;
END;
CREATE TRIGGER area_status_changes AFTER UPDATE OF status ON device_state
WHEN old.status <> new.status AND new.device_id <= (SELECT device_id FROM area_count_progress) BEGIN
    INSERT INTO area_status SELECT x.above_id, d.kind, change.status, change.devices FROM device d
        CROSS JOIN area_above x ON x.area_id = d.area_id CROSS JOIN (SELECT old.status AS status, -1 AS devices UNION ALL SELECT new.status, 1) change
        WHERE d.device_id = new.device_id AND d.kind NOT IN ('collector', 'concentrator', 'line') AND d.removed_s IS NULL
        ON CONFLICT (area_id, kind, status) DO UPDATE SET devices = devices + excluded.devices;
END;
