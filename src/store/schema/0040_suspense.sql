-- What is nobody's: lines of banks can go back to their sender, orders in suspense are found without a search, and a drawer
-- that waits for a second person stands among all that does.

CREATE TABLE bank_line_with_returns (
    line_id      INTEGER PRIMARY KEY,
    statement_id INTEGER NOT NULL REFERENCES bank_statement,
    tenant_id    INTEGER NOT NULL REFERENCES tenant,
    bank         TEXT    NOT NULL,
    row          INTEGER NOT NULL,                   -- line of the file
    verdict      TEXT    NOT NULL CHECK (verdict IN ('matched','ambiguous','unmatched','duplicate','outgoing','bad')),
    state        TEXT    NOT NULL CHECK (state IN ('checked','booked','suspense','assigned','skipped','returned')),
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
    assigned_by  INTEGER,                            -- or who approved its return
    assigned_s   INTEGER NOT NULL DEFAULT 0
);
INSERT INTO bank_line_with_returns SELECT * FROM bank_line;
DROP TABLE bank_line;
ALTER TABLE bank_line_with_returns RENAME TO bank_line;
CREATE INDEX bank_line_by_statement ON bank_line (statement_id, line_id);
CREATE INDEX bank_line_checked ON bank_line (statement_id, line_id) WHERE state = 'checked';
CREATE INDEX bank_line_in_suspense ON bank_line (tenant_id, line_id) WHERE state = 'suspense';
-- What is booked is booked once, whatever imports say; what went back is not booked again.
CREATE UNIQUE INDEX bank_line_once ON bank_line (tenant_id, bank, fingerprint)
    WHERE state IN ('booked','suspense','assigned','returned');

CREATE INDEX payment_order_in_suspense ON payment_order (tenant_id, payment_order_id) WHERE in_suspense = 1;

INSERT INTO approval (tenant_id, kind, object_id, area_path, amount_fen, reason, state, asked_by, asked_s)
    SELECT s.tenant_id, 'cash_difference', s.shift_id, coalesce(a.path, ''), s.difference_fen, s.reason, 'waiting',
        s.counted_by, s.counted_s
    FROM cash_shift s JOIN person p ON p.person_id = s.cashier LEFT JOIN area a ON a.area_id = p.area_id
    WHERE s.state = 'counted';
