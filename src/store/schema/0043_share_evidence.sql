-- What the cost of a public meter was shared by, each time: by fixed ratio, by what the meters behind it counted, or by how long
-- their units ran (central air-conditioning).

ALTER TABLE account ADD COLUMN share_basis TEXT NOT NULL DEFAULT 'ratio' CHECK (share_basis IN ('ratio', 'use', 'time'));

CREATE TABLE share_run (
    share_run_id      INTEGER PRIMARY KEY,
    public_account_id INTEGER NOT NULL REFERENCES account,
    at_s              INTEGER NOT NULL,
    from_day          INTEGER NOT NULL,            -- what the public meter counted from this midnight
    to_day            INTEGER NOT NULL,            -- to this one
    from_total_value  INTEGER NOT NULL,
    to_total_value    INTEGER NOT NULL,
    amount_fen        INTEGER NOT NULL,            -- its cost; negative: given back by a correction
    basis             TEXT    NOT NULL,            -- that counted: ratio also when nobody used anything
    weight_total      INTEGER NOT NULL             -- the sum of what the parts are weighed by
);
CREATE INDEX share_run_by_public ON share_run (public_account_id, share_run_id);

CREATE TABLE share_part (
    share_run_id INTEGER NOT NULL REFERENCES share_run,
    account_id   INTEGER NOT NULL REFERENCES account,
    ratio        INTEGER NOT NULL,                 -- as it was set then
    from_value   INTEGER NOT NULL,                 -- of its own meter, in the unit of its register (time: s)
    to_value     INTEGER NOT NULL,
    weight       INTEGER NOT NULL,                 -- ratio, or ratio times what its meter counted
    amount_fen   INTEGER NOT NULL,
    PRIMARY KEY (share_run_id, account_id)
) WITHOUT ROWID;
CREATE INDEX share_part_by_account ON share_part (account_id, share_run_id);
