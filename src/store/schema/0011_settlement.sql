-- A settlement is drafted, approved, issued - and can be taken back as a whole.

ALTER TABLE settlement_run ADD COLUMN state TEXT NOT NULL DEFAULT 'issued';  -- drafting, ready, issuing, issued, cancelled, reversing, reversed
ALTER TABLE settlement_run ADD COLUMN accounts TEXT NOT NULL DEFAULT 'all';  -- all: up to to_day; due: whose contract's day has come
ALTER TABLE settlement_run ADD COLUMN estimate TEXT NOT NULL DEFAULT 'hold'; -- a missing reading: hold the bill, or usual: by earlier use
ALTER TABLE settlement_run ADD COLUMN drafted INTEGER NOT NULL DEFAULT 0;    -- 1: a bill must come to what its draft said
ALTER TABLE settlement_run ADD COLUMN total INTEGER NOT NULL DEFAULT 0;      -- accounts to look at
ALTER TABLE settlement_run ADD COLUMN done INTEGER NOT NULL DEFAULT 0;       -- looked at in the present state
ALTER TABLE settlement_run ADD COLUMN drafts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE settlement_run ADD COLUMN draft_fen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE settlement_run ADD COLUMN estimated INTEGER NOT NULL DEFAULT 0;  -- drafts, or bills, with an estimated reading
ALTER TABLE settlement_run ADD COLUMN reversed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE settlement_run ADD COLUMN decided_by INTEGER;                    -- who approved, cancelled or reversed last
ALTER TABLE settlement_run ADD COLUMN decided_s INTEGER NOT NULL DEFAULT 0;
UPDATE settlement_run SET state = 'issuing' WHERE finished_s IS NULL;
DROP INDEX settlement_run_open;
CREATE INDEX settlement_run_open ON settlement_run (tenant_id) WHERE state IN ('drafting', 'issuing', 'reversing');
CREATE INDEX settlement_run_by_tenant ON settlement_run (tenant_id, run_id);

CREATE TABLE settlement_draft (
    run_id      INTEGER NOT NULL REFERENCES settlement_run,
    account_id  INTEGER NOT NULL REFERENCES account,
    to_day      INTEGER NOT NULL,
    usage_value INTEGER NOT NULL,
    amount_fen  INTEGER NOT NULL,
    estimated   INTEGER NOT NULL,
    held_error  INTEGER NOT NULL,                    -- why there is no bill; 0: there is one
    PRIMARY KEY (run_id, account_id)
) WITHOUT ROWID;

ALTER TABLE bill ADD COLUMN run_id INTEGER NOT NULL DEFAULT 0;               -- the settlement that issued it; 0: the account's own day
CREATE INDEX bill_by_run ON bill (run_id, bill_id) WHERE run_id <> 0;

-- Every so many months, in months that are so many away from the first one.
ALTER TABLE account ADD COLUMN settlement_months INTEGER NOT NULL DEFAULT 1;
ALTER TABLE account ADD COLUMN settlement_first_month INTEGER NOT NULL DEFAULT 1;
