-- What was debited and credited of each book of the company, by the day it was booked and by the day it happened: the trial balance is
-- read from some rows, never from every account. Folded from the transfers like money_day, with a mark of its own, so that a file that
-- is older catches up beside its work.
CREATE TABLE book_day (
    tenant_id   INTEGER NOT NULL,
    by_value    INTEGER NOT NULL,    -- 0: local day of at_s, 1: of value_s
    day         INTEGER NOT NULL,
    kind        TEXT    NOT NULL,    -- of ledger_account
    name        TEXT    NOT NULL,
    debits_fen  INTEGER NOT NULL,
    credits_fen INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, by_value, day, kind, name)
) WITHOUT ROWID;
CREATE TABLE book_fold (
    transfer_id INTEGER NOT NULL    -- transfers up to this one are in book_day
);
INSERT INTO book_fold VALUES (0);

-- How many accounts that are not closed a tariff has.
CREATE TABLE tariff_accounts (
    tariff_id INTEGER PRIMARY KEY,
    accounts  INTEGER NOT NULL
);
INSERT INTO tariff_accounts SELECT tariff_id, count(*) FROM account WHERE closed_s IS NULL GROUP BY tariff_id;
CREATE TRIGGER tariff_account_is_new AFTER INSERT ON account WHEN new.closed_s IS NULL BEGIN
    INSERT INTO tariff_accounts VALUES (new.tariff_id, 1) ON CONFLICT (tariff_id) DO UPDATE SET accounts = accounts + 1;
END;
CREATE TRIGGER tariff_account_changes AFTER UPDATE OF tariff_id, closed_s ON account
WHEN old.tariff_id <> new.tariff_id OR (old.closed_s IS NULL) <> (new.closed_s IS NULL) BEGIN
    UPDATE tariff_accounts SET accounts = accounts - 1 WHERE tariff_id = old.tariff_id AND old.closed_s IS NULL;
    INSERT INTO tariff_accounts SELECT new.tariff_id, 1 WHERE new.closed_s IS NULL
        ON CONFLICT (tariff_id) DO UPDATE SET accounts = accounts + 1;
END;

-- A way to pay that few have is found without a look at the others.
CREATE INDEX account_by_mode ON account (tenant_id, payment_mode, account_id);

-- Meters whose clock is apart from ours by a minute and more: the worst of millions at once.
CREATE TABLE clock_apart (
    device_id INTEGER PRIMARY KEY,
    apart_s   INTEGER NOT NULL     -- 60 or more, on either side
);
CREATE INDEX clock_apart_worst ON clock_apart (apart_s, device_id);
INSERT INTO clock_apart SELECT device_id, abs(clock_error_s) FROM device_state WHERE abs(clock_error_s) >= 60;
CREATE TRIGGER clock_apart_is_new AFTER INSERT ON device_state WHEN abs(new.clock_error_s) >= 60 BEGIN
    INSERT INTO clock_apart VALUES (new.device_id, abs(new.clock_error_s))
        ON CONFLICT (device_id) DO UPDATE SET apart_s = excluded.apart_s;
END;
CREATE TRIGGER clock_apart_changes AFTER UPDATE OF clock_error_s ON device_state
WHEN abs(old.clock_error_s) <> abs(new.clock_error_s) AND (abs(old.clock_error_s) >= 60 OR abs(new.clock_error_s) >= 60) BEGIN
    DELETE FROM clock_apart WHERE device_id = new.device_id AND abs(new.clock_error_s) < 60;
    INSERT INTO clock_apart SELECT new.device_id, abs(new.clock_error_s) WHERE abs(new.clock_error_s) >= 60
        ON CONFLICT (device_id) DO UPDATE SET apart_s = excluded.apart_s;
END;
