-- How many meters of each kind and status are in service in an area and all below it, kept as they change: the status board, the
-- overview and lists of millions are counted without a look at one of them.
CREATE TABLE area_above (
    area_id  INTEGER NOT NULL,
    above_id INTEGER NOT NULL,    -- itself, and every area that holds it
    PRIMARY KEY (area_id, above_id)
) WITHOUT ROWID;
CREATE TABLE area_status (
    area_id  INTEGER NOT NULL,
    kind     TEXT    NOT NULL,    -- of device
    status   INTEGER NOT NULL,    -- of device_state; 0 of a device without one
    devices  INTEGER NOT NULL,
    PRIMARY KEY (area_id, kind, status)
) WITHOUT ROWID;

INSERT INTO area_above SELECT a.area_id, b.area_id FROM area a CROSS JOIN area b
    ON b.area_id IN (SELECT value FROM json_each('[' || replace(trim(a.path, '/'), '/', ',') || ']'));
CREATE TRIGGER area_stands_below AFTER INSERT ON area BEGIN
    INSERT INTO area_above SELECT new.area_id, above_id FROM area_above WHERE area_id = new.parent_area_id
        UNION ALL SELECT new.area_id, new.area_id;
END;
CREATE TRIGGER area_status_device_is_new AFTER INSERT ON device WHEN new.removed_s IS NULL BEGIN
    INSERT INTO area_status SELECT above_id, new.kind, 0, 1 FROM area_above WHERE area_id = new.area_id
        ON CONFLICT (area_id, kind, status) DO UPDATE SET devices = devices + 1;
END;
CREATE TRIGGER area_status_device_moves AFTER UPDATE OF area_id, kind, removed_s ON device
WHEN old.area_id <> new.area_id OR old.kind <> new.kind OR (old.removed_s IS NULL) <> (new.removed_s IS NULL) BEGIN
    UPDATE area_status SET devices = devices - 1 WHERE old.removed_s IS NULL AND kind = old.kind
        AND area_id IN (SELECT above_id FROM area_above WHERE area_id = old.area_id)
        AND status = ifnull((SELECT status FROM device_state WHERE device_id = old.device_id), 0);
    INSERT INTO area_status SELECT above_id, new.kind, ifnull((SELECT status FROM device_state WHERE device_id = new.device_id), 0), 1
        FROM area_above WHERE area_id = new.area_id AND new.removed_s IS NULL
        ON CONFLICT (area_id, kind, status) DO UPDATE SET devices = devices + 1;
END;
CREATE TRIGGER area_status_is_new AFTER INSERT ON device_state WHEN new.status <> 0 BEGIN
    INSERT INTO area_status SELECT x.above_id, d.kind, change.status, change.devices FROM device d
        CROSS JOIN area_above x ON x.area_id = d.area_id CROSS JOIN (SELECT 0 AS status, -1 AS devices UNION ALL SELECT new.status, 1) change
        WHERE d.device_id = new.device_id AND d.removed_s IS NULL
        ON CONFLICT (area_id, kind, status) DO UPDATE SET devices = devices + excluded.devices;
END;
CREATE TRIGGER area_status_changes AFTER UPDATE OF status ON device_state WHEN old.status <> new.status BEGIN
    INSERT INTO area_status SELECT x.above_id, d.kind, change.status, change.devices FROM device d
        CROSS JOIN area_above x ON x.area_id = d.area_id CROSS JOIN (SELECT old.status AS status, -1 AS devices UNION ALL SELECT new.status, 1) change
        WHERE d.device_id = new.device_id AND d.removed_s IS NULL
        ON CONFLICT (area_id, kind, status) DO UPDATE SET devices = devices + excluded.devices;
END;

-- What is not well is little, and is found without a look at the rest.
CREATE INDEX device_state_not_well ON device_state (device_id) WHERE status <> 0;
