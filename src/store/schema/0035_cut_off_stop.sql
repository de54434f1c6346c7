-- A released batch can be stopped, and says how many could be cut off when it was asked for.
ALTER TABLE cut_off_batch ADD COLUMN candidates INTEGER NOT NULL DEFAULT 0;  -- open accounts at their final notice then
ALTER TABLE cut_off_batch ADD COLUMN stopped_by INTEGER;
ALTER TABLE cut_off_batch ADD COLUMN stopped_s INTEGER NOT NULL DEFAULT 0;   -- 0: not stopped; nothing more closes by it
CREATE INDEX customer_protected ON customer (tenant_id, customer_id) WHERE protected_until_s > 0;
