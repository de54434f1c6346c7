-- A settlement of a part of the contracts, and the drafts that a person looks at before it is approved.

ALTER TABLE settlement_run ADD COLUMN area_path TEXT NOT NULL DEFAULT '';    -- only accounts of this area and below; '': all
ALTER TABLE settlement_run ADD COLUMN months INTEGER NOT NULL DEFAULT 0;     -- only contracts with periods of so many months; 0: all
ALTER TABLE settlement_run ADD COLUMN exceptions INTEGER NOT NULL DEFAULT 0; -- drafts that stand out
ALTER TABLE settlement_run ADD COLUMN unreviewed INTEGER NOT NULL DEFAULT 0; -- of them, nobody has decided
UPDATE settlement_run SET area_path = coalesce((SELECT min(path) FROM area a WHERE a.tenant_id = settlement_run.tenant_id), '');

ALTER TABLE settlement_draft ADD COLUMN usual_value INTEGER NOT NULL DEFAULT 0; -- at the daily use of the last bill; 0: not known
ALTER TABLE settlement_draft ADD COLUMN exception INTEGER NOT NULL DEFAULT 0;   -- 1 jump, 2 zero; 0: nothing stands out
ALTER TABLE settlement_draft ADD COLUMN review INTEGER NOT NULL DEFAULT 0;      -- 1 accepted, 2 held by a person; 0: nobody decided
CREATE INDEX settlement_draft_exception ON settlement_draft (run_id, account_id) WHERE exception <> 0;
CREATE INDEX settlement_draft_held ON settlement_draft (run_id, account_id) WHERE held_error <> 0;
