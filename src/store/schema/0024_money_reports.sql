-- Sums that reports of money are made of, kept beside the rows they sum up.

-- What was earned and what came in on each local day, folded from the transfers in order of their identifier by the core.
-- flow: revenue (name: the item), receipt (name: cash or the channel). Of the account that paid: its area and each one above;
-- area_id 0: all of the tenant, also what belongs to no account.
CREATE TABLE money_day (
    tenant_id  INTEGER NOT NULL,
    area_id    INTEGER NOT NULL,
    flow       TEXT    NOT NULL,
    day        INTEGER NOT NULL,                    -- local day on which it was booked
    name       TEXT    NOT NULL,
    amount_fen INTEGER NOT NULL,                    -- corrections and refunds taken off
    transfers  INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, area_id, flow, day, name)
) WITHOUT ROWID;
CREATE TABLE money_fold (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    transfer_id INTEGER NOT NULL                    -- the newest transfer in the sums; later ones are added while reading
);
INSERT INTO money_fold VALUES (1, 0);
CREATE INDEX account_by_wallet ON account (wallet_id) WHERE main_account_id = 0;
CREATE INDEX account_by_meter_credit ON account (meter_credit_id) WHERE meter_credit_id <> 0;

-- Bills by the day they are due and the area of their account when they were issued. Triggers, because a bill is paid, and
-- taken back, on several ways, and a way that forgot the sum would not be noticed.
ALTER TABLE bill ADD COLUMN area_id INTEGER NOT NULL DEFAULT 0;
UPDATE bill SET area_id = coalesce((SELECT k.area_id FROM account k WHERE k.account_id = bill.account_id), 0);
CREATE TABLE bill_due (
    tenant_id  INTEGER NOT NULL,
    due_day    INTEGER NOT NULL,
    area_id    INTEGER NOT NULL,
    bills      INTEGER NOT NULL,                    -- not taken back
    open_bills INTEGER NOT NULL,                    -- of them, not paid in full
    billed_fen INTEGER NOT NULL,
    paid_fen   INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, due_day, area_id)
) WITHOUT ROWID;
INSERT INTO bill_due SELECT tenant_id, due_day, area_id, count(*), sum(state = 'issued'), sum(amount_fen), sum(paid_fen)
    FROM bill WHERE state <> 'reversed' GROUP BY tenant_id, due_day, area_id;
CREATE TRIGGER bill_due_insert AFTER INSERT ON bill WHEN NEW.state <> 'reversed' BEGIN
    INSERT INTO bill_due VALUES (NEW.tenant_id, NEW.due_day, NEW.area_id, 1, NEW.state = 'issued', NEW.amount_fen, NEW.paid_fen)
        ON CONFLICT (tenant_id, due_day, area_id) DO UPDATE SET bills = bills + 1, open_bills = open_bills + excluded.open_bills,
        billed_fen = billed_fen + excluded.billed_fen, paid_fen = paid_fen + excluded.paid_fen;
END;
CREATE TRIGGER bill_due_update AFTER UPDATE OF paid_fen, state ON bill
    WHEN OLD.paid_fen <> NEW.paid_fen OR OLD.state <> NEW.state BEGIN
    UPDATE bill_due SET bills = bills - (OLD.state <> 'reversed') + (NEW.state <> 'reversed'),
        open_bills = open_bills - (OLD.state = 'issued') + (NEW.state = 'issued'),
        billed_fen = billed_fen + iif(NEW.state = 'reversed', 0, NEW.amount_fen) - iif(OLD.state = 'reversed', 0, OLD.amount_fen),
        paid_fen = paid_fen + iif(NEW.state = 'reversed', 0, NEW.paid_fen) - iif(OLD.state = 'reversed', 0, OLD.paid_fen)
        WHERE tenant_id = NEW.tenant_id AND due_day = NEW.due_day AND area_id = NEW.area_id;
END;
