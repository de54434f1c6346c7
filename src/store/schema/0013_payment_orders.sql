-- Payments through channels (WeChat Pay, Alipay, UnionPay): orders, refunds, and each day's comparison with the channel.
-- Times of these tables are real ones, also where the platform's clock is not.

CREATE TABLE payment_order (
    payment_order_id INTEGER PRIMARY KEY,
    tenant_id        INTEGER NOT NULL REFERENCES tenant,
    account_id       INTEGER NOT NULL REFERENCES account,
    channel          TEXT    NOT NULL,               -- its name in the channels' file
    scene            INTEGER NOT NULL,               -- 0 qr, 1 in_app, 2 mobile, 3 page
    key              TEXT    NOT NULL UNIQUE,        -- caller-chosen; the same key twice is one order
    trade_number     TEXT    NOT NULL UNIQUE,        -- ours; never used again
    amount_fen       INTEGER NOT NULL CHECK (amount_fen > 0),
    description      TEXT    NOT NULL,
    payer_id         TEXT    NOT NULL DEFAULT '',
    client_ip        TEXT    NOT NULL DEFAULT '',
    state            TEXT    NOT NULL CHECK (state IN ('created','pending','paid','closed','disputed')),
    step             INTEGER NOT NULL DEFAULT 0,     -- what the channel is told or asked next, 0 nothing
    next_s           INTEGER NOT NULL DEFAULT 0,     -- when
    attempts         INTEGER NOT NULL DEFAULT 0,
    reference        TEXT    NOT NULL DEFAULT '',    -- the channel's number of the payment
    problem          TEXT    NOT NULL DEFAULT '',
    invitation_kind  TEXT    NOT NULL DEFAULT '',    -- qr, url, script, form
    invitation       TEXT    NOT NULL DEFAULT '',
    in_suspense      INTEGER NOT NULL DEFAULT 0,     -- the account was closed when the money came
    payment_id       INTEGER REFERENCES payment,
    transfer_id      INTEGER REFERENCES transfer,
    created_by       INTEGER,
    created_s        INTEGER NOT NULL,
    expires_s        INTEGER NOT NULL,
    paid_s           INTEGER
);
CREATE INDEX payment_order_by_tenant ON payment_order (tenant_id, payment_order_id);
CREATE INDEX payment_order_by_account ON payment_order (account_id, payment_order_id);
CREATE INDEX payment_order_due ON payment_order (next_s) WHERE step <> 0;
CREATE INDEX payment_order_paid ON payment_order (channel, paid_s) WHERE paid_s IS NOT NULL;
CREATE UNIQUE INDEX payment_order_reference ON payment_order (channel, reference) WHERE reference <> '';

CREATE TABLE payment_refund (
    payment_refund_id INTEGER PRIMARY KEY,
    payment_order_id  INTEGER NOT NULL REFERENCES payment_order,
    tenant_id         INTEGER NOT NULL REFERENCES tenant,
    key               TEXT    NOT NULL UNIQUE,
    refund_number     TEXT    NOT NULL UNIQUE,
    amount_fen        INTEGER NOT NULL CHECK (amount_fen > 0),
    state             TEXT    NOT NULL CHECK (state IN ('pending','done','failed','disputed')),
    step              INTEGER NOT NULL DEFAULT 0,
    next_s            INTEGER NOT NULL DEFAULT 0,
    attempts          INTEGER NOT NULL DEFAULT 0,
    problem           TEXT    NOT NULL DEFAULT '',
    reason            TEXT    NOT NULL DEFAULT '',
    created_by        INTEGER,
    created_s         INTEGER NOT NULL
);
CREATE INDEX payment_refund_by_order ON payment_refund (payment_order_id);
CREATE INDEX payment_refund_due ON payment_refund (next_s) WHERE step <> 0;
