-- Fully digital e-invoices: one a bill or a payment, and its way through the provider.

CREATE TABLE invoice (
    invoice_id        INTEGER PRIMARY KEY,
    tenant_id         INTEGER NOT NULL REFERENCES tenant,
    account_id        INTEGER NOT NULL REFERENCES account,
    bill_id           INTEGER REFERENCES bill,
    payment_id        INTEGER REFERENCES payment,
    key               TEXT    NOT NULL,             -- caller-chosen; the same key twice is one invoice
    serial            TEXT    NOT NULL DEFAULT '',  -- ours, told to the provider
    state             TEXT    NOT NULL CHECK (state IN ('asked','sent','issued','refused','cancelled','red_asked',
                                                        'red_sent','red_lettered')),
    company           INTEGER NOT NULL,             -- the buyer has a tax number
    buyer_title       TEXT    NOT NULL,
    buyer_tax_number  TEXT    NOT NULL,
    buyer_contact     TEXT    NOT NULL,
    seller_name       TEXT    NOT NULL,
    seller_tax_number TEXT    NOT NULL,
    amount_fen        INTEGER NOT NULL CHECK (amount_fen > 0),
    net_fen           INTEGER NOT NULL,
    tax_fen           INTEGER NOT NULL CHECK (net_fen + tax_fen = amount_fen),
    number            TEXT    NOT NULL DEFAULT '',
    red_number        TEXT    NOT NULL DEFAULT '',
    reason            TEXT    NOT NULL DEFAULT '',
    asked_by          INTEGER NOT NULL,
    asked_s           INTEGER NOT NULL,
    issued_s          INTEGER NOT NULL DEFAULT 0,
    attempts          INTEGER NOT NULL DEFAULT 0,
    next_s            INTEGER NOT NULL DEFAULT 0,
    CHECK ((bill_id IS NULL) <> (payment_id IS NULL)),
    UNIQUE (tenant_id, key)
);
CREATE INDEX invoice_by_account ON invoice (account_id, invoice_id);
CREATE INDEX invoice_due ON invoice (next_s) WHERE state IN ('asked','sent','red_asked','red_sent');
-- One living invoice for each: never more than was billed or paid.
CREATE UNIQUE INDEX invoice_of_bill ON invoice (bill_id)
    WHERE bill_id IS NOT NULL AND state NOT IN ('refused','cancelled','red_lettered');
CREATE UNIQUE INDEX invoice_of_payment ON invoice (payment_id)
    WHERE payment_id IS NOT NULL AND state NOT IN ('refused','cancelled','red_lettered');

CREATE TABLE invoice_line (
    invoice_id INTEGER NOT NULL REFERENCES invoice,
    line       INTEGER NOT NULL,
    item       TEXT    NOT NULL,
    code       TEXT    NOT NULL,                    -- tax classification code, 19 digits
    category   TEXT    NOT NULL,
    rate_e8    INTEGER NOT NULL,
    amount_fen INTEGER NOT NULL,
    net_fen    INTEGER NOT NULL,
    tax_fen    INTEGER NOT NULL CHECK (net_fen + tax_fen = amount_fen),
    PRIMARY KEY (invoice_id, line)
) WITHOUT ROWID;
