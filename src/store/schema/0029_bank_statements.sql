-- Statements of banks: which heading is what, what each file said, and where the money of each line went.

CREATE TABLE bank_mapping (
    tenant_id     INTEGER NOT NULL REFERENCES tenant,
    bank          TEXT    NOT NULL,
    amount        TEXT    NOT NULL,
    direction     TEXT    NOT NULL DEFAULT '',
    incoming      TEXT    NOT NULL DEFAULT '',       -- what `direction` says of money that came in
    serial        TEXT    NOT NULL DEFAULT '',
    time          TEXT    NOT NULL DEFAULT '',
    payer         TEXT    NOT NULL DEFAULT '',
    payer_account TEXT    NOT NULL DEFAULT '',
    remark        TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, bank)
) WITHOUT ROWID;

CREATE TABLE bank_statement (
    statement_id INTEGER PRIMARY KEY,
    tenant_id    INTEGER NOT NULL REFERENCES tenant,
    bank         TEXT    NOT NULL,
    file_name    TEXT    NOT NULL DEFAULT '',
    state        TEXT    NOT NULL CHECK (state IN ('checked','booking','booked','cancelled')),
    lines        INTEGER NOT NULL,
    created_by   INTEGER NOT NULL,
    created_s    INTEGER NOT NULL,
    booked_by    INTEGER,
    finished_s   INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX bank_statement_by_tenant ON bank_statement (tenant_id, statement_id);
CREATE INDEX bank_statement_booking ON bank_statement (statement_id) WHERE state = 'booking';

CREATE TABLE bank_line (
    line_id      INTEGER PRIMARY KEY,
    statement_id INTEGER NOT NULL REFERENCES bank_statement,
    tenant_id    INTEGER NOT NULL REFERENCES tenant,
    bank         TEXT    NOT NULL,
    row          INTEGER NOT NULL,                   -- line of the file
    verdict      TEXT    NOT NULL CHECK (verdict IN ('matched','ambiguous','unmatched','duplicate','outgoing','bad')),
    state        TEXT    NOT NULL CHECK (state IN ('checked','booked','suspense','assigned','skipped')),
    problem      TEXT    NOT NULL DEFAULT '',
    amount_fen   INTEGER NOT NULL,
    fingerprint  TEXT    NOT NULL,                   -- of the bank's serial number, or of all that the line says
    serial       TEXT    NOT NULL DEFAULT '',
    happened     TEXT    NOT NULL DEFAULT '',        -- as the bank writes it
    payer        TEXT    NOT NULL DEFAULT '',
    payer_tail   TEXT    NOT NULL DEFAULT '',
    remark       TEXT    NOT NULL DEFAULT '',
    account_id   INTEGER REFERENCES account,         -- whose it is, or might be
    payment_id   INTEGER REFERENCES payment,
    transfer_id  INTEGER REFERENCES transfer,        -- into suspense
    assigned_by  INTEGER,
    assigned_s   INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX bank_line_by_statement ON bank_line (statement_id, line_id);
CREATE INDEX bank_line_checked ON bank_line (statement_id, line_id) WHERE state = 'checked';
CREATE INDEX bank_line_in_suspense ON bank_line (tenant_id, line_id) WHERE state = 'suspense';
-- What is booked is booked once, whatever imports say.
CREATE UNIQUE INDEX bank_line_once ON bank_line (tenant_id, bank, fingerprint) WHERE state IN ('booked','suspense','assigned');
