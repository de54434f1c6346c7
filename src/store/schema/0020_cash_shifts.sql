-- Shifts at the cash desk: whose drawer money is in, what was counted, what was undone, what went to the bank.

CREATE TABLE cash_shift (
    shift_id       INTEGER PRIMARY KEY,
    tenant_id      INTEGER NOT NULL REFERENCES tenant,
    number         TEXT    NOT NULL DEFAULT '',
    cashier        INTEGER NOT NULL REFERENCES person,
    state          TEXT    NOT NULL CHECK (state IN ('open','counted','closed')),
    opened_s       INTEGER NOT NULL,
    float_fen      INTEGER NOT NULL CHECK (float_fen >= 0), -- in the drawer at the beginning, the house's own
    opening_notes  TEXT    NOT NULL DEFAULT '',      -- of which notes and coins: JSON, value in fen -> pieces
    counted_s      INTEGER NOT NULL DEFAULT 0,
    counted_by     INTEGER REFERENCES person,
    cash_fen       INTEGER NOT NULL DEFAULT 0,       -- taken in cash and not undone, when it was counted
    counted_fen    INTEGER NOT NULL DEFAULT 0,       -- with the float
    notes          TEXT    NOT NULL DEFAULT '',
    difference_fen INTEGER NOT NULL DEFAULT 0,       -- over, or short when negative
    reason         TEXT    NOT NULL DEFAULT '',
    confirmed_by   INTEGER REFERENCES person,        -- of a difference above the limit: another person
    closed_s       INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX cash_shift_one_open ON cash_shift (tenant_id, cashier) WHERE state = 'open';
CREATE INDEX cash_shift_by_tenant ON cash_shift (tenant_id, shift_id);
CREATE INDEX cash_shift_by_closing ON cash_shift (tenant_id, closed_s);

ALTER TABLE payment ADD COLUMN shift_id INTEGER REFERENCES cash_shift;
ALTER TABLE payment ADD COLUMN undone_s INTEGER NOT NULL DEFAULT 0; -- by the correction that table payment_undo names
CREATE INDEX payment_by_shift ON payment (shift_id, payment_id) WHERE shift_id IS NOT NULL;
CREATE INDEX payment_by_time ON payment (tenant_id, at_s);

CREATE TABLE payment_undo (
    undo_id     INTEGER PRIMARY KEY,
    tenant_id   INTEGER NOT NULL REFERENCES tenant,
    payment_id  INTEGER NOT NULL REFERENCES payment,
    state       TEXT    NOT NULL CHECK (state IN ('asked','released','refused')),
    reason      TEXT    NOT NULL,
    asked_by    INTEGER NOT NULL,
    asked_s     INTEGER NOT NULL,
    decided_by  INTEGER,
    decided_s   INTEGER NOT NULL DEFAULT 0,
    transfer_id INTEGER REFERENCES transfer
);
CREATE UNIQUE INDEX payment_undo_once ON payment_undo (payment_id) WHERE state <> 'refused';
CREATE INDEX payment_undo_by_tenant ON payment_undo (tenant_id, undo_id);

CREATE TABLE cash_deposit (
    deposit_id  INTEGER PRIMARY KEY,
    tenant_id   INTEGER NOT NULL REFERENCES tenant,
    key         TEXT    NOT NULL UNIQUE,
    amount_fen  INTEGER NOT NULL CHECK (amount_fen > 0),
    source      TEXT    NOT NULL CHECK (source IN ('safe','counter')),
    bank        TEXT    NOT NULL,
    slip        TEXT    NOT NULL DEFAULT '',         -- the bank's number of the paying-in slip
    person_id   INTEGER NOT NULL,
    at_s        INTEGER NOT NULL,
    transfer_id INTEGER NOT NULL REFERENCES transfer
);
CREATE INDEX cash_deposit_by_tenant ON cash_deposit (tenant_id, deposit_id);
