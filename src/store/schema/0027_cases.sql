-- What one person asks about money and another decides; refunds; contracts that end; payments put on the right account.

CREATE TABLE approval (
    approval_id INTEGER PRIMARY KEY,
    tenant_id   INTEGER NOT NULL REFERENCES tenant,
    kind        TEXT    NOT NULL,                    -- refund, closing, payment_move, cut_off_batch, settlement_run
    object_id   INTEGER NOT NULL,                    -- its row there
    account_id  INTEGER REFERENCES account,          -- NULL: not of one account
    area_path   TEXT    NOT NULL DEFAULT '',         -- of what is of no account; '': the whole tenant
    amount_fen  INTEGER NOT NULL DEFAULT 0,
    reason      TEXT    NOT NULL DEFAULT '',
    figures     TEXT    NOT NULL DEFAULT '',         -- "name=value;" of all that counted when it was asked
    state       TEXT    NOT NULL CHECK (state IN ('waiting','approved','refused','lapsed')),
    needs_other INTEGER NOT NULL DEFAULT 1,          -- 1: another person than asked_by must approve
    asked_by    INTEGER,
    asked_s     INTEGER NOT NULL,
    expires_s   INTEGER NOT NULL DEFAULT 0,          -- lapses then by itself; 0: never
    decided_by  INTEGER,
    decided_s   INTEGER NOT NULL DEFAULT 0,
    decision    TEXT    NOT NULL DEFAULT ''          -- why it was refused
);
CREATE UNIQUE INDEX approval_waiting_once ON approval (kind, object_id) WHERE state = 'waiting';
CREATE INDEX approval_waiting ON approval (tenant_id, approval_id) WHERE state = 'waiting';
CREATE INDEX approval_lapsing ON approval (expires_s) WHERE state = 'waiting' AND expires_s <> 0;
CREATE INDEX approval_by_tenant ON approval (tenant_id, approval_id);
INSERT INTO approval (tenant_id, kind, object_id, area_path, amount_fen, state, asked_by, asked_s)
    SELECT tenant_id, 'settlement_run', run_id, area_path, draft_fen, 'waiting', started_by, started_s FROM settlement_run
    WHERE state = 'ready';

-- Money that goes back: out of a wallet, or of suspense. While it waits its amount is reserved (transfer_hold 'refund/<id>').
CREATE TABLE refund (
    refund_id        INTEGER PRIMARY KEY,
    tenant_id        INTEGER NOT NULL REFERENCES tenant,
    account_id       INTEGER NOT NULL REFERENCES account,
    key              TEXT    NOT NULL UNIQUE,        -- caller-chosen; the same key twice is one refund
    payment_id       INTEGER REFERENCES payment,     -- of this payment; NULL: of the balance
    payment_order_id INTEGER REFERENCES payment_order,
    closing_id       INTEGER,                        -- the closing that pays it out
    amount_fen       INTEGER NOT NULL CHECK (amount_fen > 0),
    rest             TEXT    NOT NULL,               -- what no channel takes back: cash, bank, none
    payee            TEXT    NOT NULL DEFAULT '',    -- of bank
    bank             TEXT    NOT NULL DEFAULT '',
    bank_account     TEXT    NOT NULL DEFAULT '',
    reason           TEXT    NOT NULL,
    state            TEXT    NOT NULL CHECK (state IN ('waiting','released','refused')),
    hold_id          INTEGER REFERENCES transfer_hold,
    asked_by         INTEGER,
    asked_s          INTEGER NOT NULL
);
CREATE INDEX refund_by_tenant ON refund (tenant_id, refund_id);
CREATE INDEX refund_by_account ON refund (account_id, refund_id);

-- A refund in parts, one for each way the money goes.
CREATE TABLE refund_part (
    refund_id         INTEGER NOT NULL REFERENCES refund,
    part              INTEGER NOT NULL,
    route             TEXT    NOT NULL CHECK (route IN ('channel','cash','bank')),
    amount_fen        INTEGER NOT NULL CHECK (amount_fen > 0),
    payment_order_id  INTEGER REFERENCES payment_order, -- of channel: by which it came
    payment_refund_id INTEGER REFERENCES payment_refund, -- of channel: what becomes of it stands there
    state             TEXT    NOT NULL CHECK (state IN ('waiting','paying','done','failed','refused')),
    reference         TEXT    NOT NULL DEFAULT '',   -- of bank: the bank's own number
    shift_id          INTEGER REFERENCES cash_shift, -- of cash: out of whose drawer
    settled_by        INTEGER,
    settled_s         INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (refund_id, part)
) WITHOUT ROWID;
CREATE INDEX refund_part_by_shift ON refund_part (shift_id) WHERE shift_id IS NOT NULL;
CREATE INDEX refund_part_by_order ON refund_part (payment_order_id) WHERE payment_order_id IS NOT NULL;
