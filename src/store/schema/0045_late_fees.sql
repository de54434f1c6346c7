-- Late fees: terms of a price, what of a bill was paid late, what was booked of the fee and what was waived. What is owed for
-- any day follows from these.

ALTER TABLE tariff_version ADD COLUMN late_rate_e8 INTEGER NOT NULL DEFAULT 0;       -- a day, of the due day's year; with the next 0: no late fee
ALTER TABLE tariff_version ADD COLUMN late_rate_later_e8 INTEGER NOT NULL DEFAULT 0; -- of later years
ALTER TABLE tariff_version ADD COLUMN late_minimum_fen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tariff_version ADD COLUMN late_cap_e8 INTEGER NOT NULL DEFAULT 0;        -- share of the late principal; 0: no cap
ALTER TABLE tariff_version ADD COLUMN late_grace_days INTEGER NOT NULL DEFAULT 0;

ALTER TABLE bill ADD COLUMN late_fee_fen INTEGER NOT NULL DEFAULT 0;                 -- booked: owed beside amount_fen, paid_fen pays it after that
ALTER TABLE bill ADD COLUMN late_waived_fen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE bill ADD COLUMN late_until_day INTEGER NOT NULL DEFAULT 0;               -- later days are not counted: the account is closed; 0: they are

-- A part of a bill's principal that was paid after its due day, and for how many days of either rate it was late.
CREATE TABLE bill_late_part (
    bill_id    INTEGER NOT NULL,
    paid_day   INTEGER NOT NULL,
    amount_fen INTEGER NOT NULL,
    same_days  INTEGER NOT NULL,
    later_days INTEGER NOT NULL,
    PRIMARY KEY (bill_id, paid_day)
) WITHOUT ROWID;

-- Open bills: what was booked and is not paid, and what function late_fee of the views computes the rest of the late fee from;
-- NULL: the price has none.
CREATE VIEW bill_open AS SELECT b.bill_id AS bill_id, b.account_id AS account_id, b.amount_fen + b.late_fee_fen - b.paid_fen AS owed_fen,
    CASE WHEN w.late_rate_e8 > 0 THEN json_array(w.late_rate_e8, w.late_rate_later_e8, w.late_minimum_fen, w.late_cap_e8,
        w.late_grace_days, b.due_day, b.late_until_day, max(0, b.amount_fen - b.paid_fen),
        (SELECT sum(amount_fen) FROM bill_late_part WHERE bill_id = b.bill_id),
        (SELECT sum(amount_fen * same_days) FROM bill_late_part WHERE bill_id = b.bill_id),
        (SELECT sum(amount_fen * later_days) FROM bill_late_part WHERE bill_id = b.bill_id),
        b.late_fee_fen + b.late_waived_fen) END AS facts
    FROM bill b LEFT JOIN tariff_version w ON w.tariff_version_id = b.tariff_version_id WHERE b.state = 'issued';

-- The postings of a bill's late fee: below 0 what was taken back or waived.
CREATE TABLE bill_late_posting (
    transfer_id INTEGER PRIMARY KEY,
    bill_id     INTEGER NOT NULL,
    amount_fen  INTEGER NOT NULL
);
CREATE INDEX bill_late_posting_by_bill ON bill_late_posting (bill_id);

ALTER TABLE payment ADD COLUMN late_fee_fen INTEGER NOT NULL DEFAULT 0;              -- late fees that it settled, of its amount or still owed
ALTER TABLE payment ADD COLUMN paid_s INTEGER NOT NULL DEFAULT 0;                    -- when the payer paid, if that was before it was booked
