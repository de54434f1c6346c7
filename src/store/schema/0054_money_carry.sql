-- Meters with money that were exchanged: what the old one still held by the books, until two people have decided about it.

CREATE TABLE money_carry (
    money_carry_id  INTEGER PRIMARY KEY,
    account_id      INTEGER NOT NULL REFERENCES account,
    from_device_id  INTEGER NOT NULL,
    to_device_id    INTEGER NOT NULL,
    at_s            INTEGER NOT NULL,
    end_total_value INTEGER NOT NULL,              -- where the old meter ended
    books_fen       INTEGER NOT NULL,              -- what it held there by the books; negative: it owed
    shown_fen       INTEGER,                       -- what it showed last
    shown_s         INTEGER,
    amount_fen      INTEGER NOT NULL,              -- asked for, or carried
    state           TEXT    NOT NULL CHECK (state IN ('asked','open','done'))
);
CREATE INDEX money_carry_by_account ON money_carry (account_id, money_carry_id);
