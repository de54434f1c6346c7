-- Rooms that one customer pays together: a member's money is the main account's wallet, and it is cut off with it.
ALTER TABLE account ADD COLUMN main_account_id INTEGER NOT NULL DEFAULT 0;  -- 0: stands alone, or is a main account
CREATE INDEX account_by_main ON account (main_account_id, account_id) WHERE main_account_id <> 0;
