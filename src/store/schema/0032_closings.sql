-- Contracts that end: their last reading, last bill, what is paid out; who takes the meter over. Payments on a wrong account.

CREATE TABLE closing (
    closing_id       INTEGER PRIMARY KEY,
    tenant_id        INTEGER NOT NULL REFERENCES tenant,
    account_id       INTEGER NOT NULL REFERENCES account,
    key              TEXT    NOT NULL UNIQUE,        -- caller-chosen; the same key twice is one closing
    kind             TEXT    NOT NULL CHECK (kind IN ('move_out','tenant_change')),
    state            TEXT    NOT NULL CHECK (state IN ('clearing','waiting','done','refused')),
    reason           TEXT    NOT NULL,
    reading          TEXT    NOT NULL CHECK (reading IN ('meter','typed','estimated')),
    to_day           INTEGER NOT NULL,               -- the midnight that ends the last day
    total_value      INTEGER NOT NULL,               -- the last reading, as a total
    read_s           INTEGER NOT NULL DEFAULT 0,     -- of meter: when it was read
    rest             TEXT    NOT NULL,               -- what no channel takes back: cash, bank, none (stays in the wallet)
    payee            TEXT    NOT NULL DEFAULT '',
    bank             TEXT    NOT NULL DEFAULT '',
    bank_account     TEXT    NOT NULL DEFAULT '',
    close_valve      INTEGER NOT NULL DEFAULT 0,
    clear_command_id INTEGER NOT NULL DEFAULT 0,     -- that takes the meter's own money back; 0: none
    meter_fen        INTEGER NOT NULL DEFAULT 0,     -- that the meter held then
    cleared_s        INTEGER NOT NULL DEFAULT 0,     -- the meter has confirmed it: it counts from then on
    new_customer_id  INTEGER REFERENCES customer,    -- of tenant_change
    new_tariff_id    INTEGER REFERENCES tariff,
    new_account_id   INTEGER REFERENCES account,
    move_balance     INTEGER NOT NULL DEFAULT 0,     -- of tenant_change: what is left goes with the meter
    refund_id        INTEGER REFERENCES refund,
    asked_by         INTEGER,
    asked_s          INTEGER NOT NULL,
    done_s           INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX closing_by_tenant ON closing (tenant_id, closing_id);
CREATE UNIQUE INDEX closing_one_open ON closing (account_id) WHERE state IN ('clearing','waiting');
CREATE INDEX closing_clearing ON closing (clear_command_id) WHERE state = 'clearing';

ALTER TABLE account ADD COLUMN closing_id INTEGER NOT NULL DEFAULT 0; -- under way or done: nothing is settled, sent or cut off
ALTER TABLE account ADD COLUMN deposit_id INTEGER NOT NULL DEFAULT 0; -- ledger_account of what is kept as security

CREATE TABLE payment_move (
    payment_move_id  INTEGER PRIMARY KEY,
    tenant_id        INTEGER NOT NULL REFERENCES tenant,
    key              TEXT    NOT NULL UNIQUE,
    payment_id       INTEGER REFERENCES payment,
    payment_order_id INTEGER REFERENCES payment_order, -- of the payment, or whose money lies in suspense
    from_account_id  INTEGER NOT NULL REFERENCES account,
    to_account_id    INTEGER NOT NULL REFERENCES account,
    amount_fen       INTEGER NOT NULL CHECK (amount_fen > 0),
    into_debt        INTEGER NOT NULL DEFAULT 0,     -- 1: also what was spent there already; that account then owes it
    reason           TEXT    NOT NULL,
    state            TEXT    NOT NULL CHECK (state IN ('waiting','done','refused')),
    hold_id          INTEGER REFERENCES transfer_hold,
    asked_by         INTEGER,
    asked_s          INTEGER NOT NULL
);
CREATE INDEX payment_move_by_tenant ON payment_move (tenant_id, payment_move_id);
CREATE INDEX payment_move_by_payment ON payment_move (payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX payment_move_by_order ON payment_move (payment_order_id) WHERE payment_order_id IS NOT NULL;
