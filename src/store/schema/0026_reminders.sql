-- Reminders since a balance fell below its level: one row an account that was ever low.
CREATE TABLE account_reminder (
    account_id   INTEGER PRIMARY KEY REFERENCES account,
    day          INTEGER NOT NULL,             -- local day of the last reminder
    third        INTEGER NOT NULL DEFAULT 0    -- the third was posted
);
