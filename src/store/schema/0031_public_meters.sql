-- Public meters: what they cost is shared by ratio over the accounts behind them.

CREATE TABLE account_share (
    public_account_id INTEGER NOT NULL REFERENCES account,
    account_id        INTEGER NOT NULL REFERENCES account,
    weight            INTEGER NOT NULL CHECK (weight > 0),   -- of the sum of all weights of the public account
    PRIMARY KEY (public_account_id, account_id)
) WITHOUT ROWID;
CREATE INDEX account_share_by_account ON account_share (account_id);

ALTER TABLE account ADD COLUMN is_public INTEGER NOT NULL DEFAULT 0; -- it has rows in account_share
