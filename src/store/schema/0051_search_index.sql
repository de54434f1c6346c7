-- What people look for by a piece of it: meters by number, place and customer, customers by number, name and phone. The
-- tokens are those of base/search_gram.h; tables of this kind hold nothing else, and can be made anew from the archive.
CREATE VIRTUAL TABLE search_device USING fts5(tokens, content='', columnsize=0, detail=none, tokenize="ascii tokenchars '^$@='");
CREATE VIRTUAL TABLE search_customer USING fts5(tokens, content='', columnsize=0, detail=none, tokenize="ascii tokenchars '^$@='");

-- What the running transaction has changed and the index does not know yet; emptied before each commit. What a token no longer
-- says of an object stays until the index is made anew: what is found is compared with the archive anyway.
CREATE TABLE search_change (
    part      INTEGER NOT NULL,   -- 1 device, 2 customer
    object_id INTEGER NOT NULL,
    PRIMARY KEY (part, object_id)
) WITHOUT ROWID;

-- How far the index has come with what was there before it.
CREATE TABLE search_progress (
    part      INTEGER PRIMARY KEY,
    next_id   INTEGER NOT NULL,
    last_id   INTEGER NOT NULL    -- less than next_id: all of it
);
INSERT INTO search_progress SELECT 1, 1, ifnull(max(device_id), 0) FROM device;
INSERT INTO search_progress SELECT 2, 1, ifnull(max(customer_id), 0) FROM customer;

CREATE TRIGGER search_device_is_new AFTER INSERT ON device BEGIN
    INSERT OR IGNORE INTO search_change VALUES (1, new.device_id);
END;
CREATE TRIGGER search_device_changes AFTER UPDATE OF tenant_id, area_id, room, imei, meter_number ON device
WHEN old.tenant_id <> new.tenant_id OR old.area_id <> new.area_id OR old.room <> new.room OR old.imei <> new.imei
    OR old.meter_number <> new.meter_number BEGIN
    INSERT OR IGNORE INTO search_change VALUES (1, new.device_id);
END;
CREATE TRIGGER search_customer_is_new AFTER INSERT ON customer BEGIN
    INSERT OR IGNORE INTO search_change VALUES (2, new.customer_id);
END;
CREATE TRIGGER search_customer_changes AFTER UPDATE OF number, name, name_initials, phones ON customer
WHEN old.number <> new.number OR old.name <> new.name OR old.name_initials <> new.name_initials OR old.phones <> new.phones BEGIN
    INSERT OR IGNORE INTO search_change VALUES (2, new.customer_id);
    INSERT OR IGNORE INTO search_change SELECT 1, device_id FROM account
        WHERE customer_id = new.customer_id AND device_id IS NOT NULL;
END;
CREATE TRIGGER search_account_is_new AFTER INSERT ON account BEGIN
    INSERT OR IGNORE INTO search_change VALUES (2, new.customer_id);
    INSERT OR IGNORE INTO search_change SELECT 1, new.device_id WHERE new.device_id IS NOT NULL;
END;
CREATE TRIGGER search_account_changes AFTER UPDATE OF customer_id, device_id, area_id ON account
WHEN old.customer_id <> new.customer_id OR old.area_id <> new.area_id OR old.device_id IS NOT new.device_id BEGIN
    INSERT OR IGNORE INTO search_change VALUES (2, new.customer_id);
    INSERT OR IGNORE INTO search_change SELECT 1, new.device_id WHERE new.device_id IS NOT NULL;
END;
