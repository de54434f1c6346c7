-- Periods that are closed, money that is reserved, and when a posting's matter happened.

-- at_s is when it was booked. value_s is when its matter happened, moved to the start of the open period when it came too
-- late; late_s then says when it really was.
ALTER TABLE transfer ADD COLUMN value_s INTEGER NOT NULL DEFAULT 0;
ALTER TABLE transfer ADD COLUMN late_s INTEGER NOT NULL DEFAULT 0;   -- 0: not late
UPDATE transfer SET value_s = at_s;
CREATE INDEX transfer_by_time ON transfer (tenant_id, at_s);
CREATE INDEX transfer_by_value ON transfer (tenant_id, value_s);

-- What pending pre-deductions have reserved of the account's balance.
ALTER TABLE ledger_account ADD COLUMN held_fen INTEGER NOT NULL DEFAULT 0;

-- A pre-deduction: money reserved on the debit account, later posted (in whole or in part) or given back.
CREATE TABLE transfer_hold (
    hold_id           INTEGER PRIMARY KEY,
    tenant_id         INTEGER NOT NULL,
    key               TEXT    NOT NULL UNIQUE,
    debit_account_id  INTEGER NOT NULL REFERENCES ledger_account,
    credit_account_id INTEGER NOT NULL REFERENCES ledger_account,
    amount_fen        INTEGER NOT NULL CHECK (amount_fen > 0),
    kind              TEXT    NOT NULL,              -- of the transfer that posts it
    reference         INTEGER NOT NULL DEFAULT 0,
    at_s              INTEGER NOT NULL,
    expires_s         INTEGER NOT NULL,
    state             TEXT    NOT NULL CHECK (state IN ('pending','posted','voided','expired')),
    settled_s         INTEGER NOT NULL DEFAULT 0,
    posted_fen        INTEGER NOT NULL DEFAULT 0,
    transfer_id       INTEGER REFERENCES transfer
);
CREATE INDEX transfer_hold_by_account ON transfer_hold (debit_account_id, hold_id);
CREATE INDEX transfer_hold_pending ON transfer_hold (expires_s) WHERE state = 'pending';

-- Nothing is posted with value_s before until_s any more. The sums are those of the period, as it was closed.
CREATE TABLE ledger_closing (
    tenant_id  INTEGER NOT NULL REFERENCES tenant,
    until_s    INTEGER NOT NULL,
    from_s     INTEGER NOT NULL,                     -- where the period before ended; 0: the first
    transfers  INTEGER NOT NULL,
    amount_fen INTEGER NOT NULL,                     -- sum of the period's postings
    closed_by  INTEGER,
    closed_s   INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, until_s)
) WITHOUT ROWID;
