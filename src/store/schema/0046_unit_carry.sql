-- Meters with units that were exchanged: what the old one should have held, on its way to the new one, and in it.

CREATE TABLE unit_carry (
    unit_carry_id   INTEGER PRIMARY KEY,
    account_id      INTEGER NOT NULL REFERENCES account,
    from_device_id  INTEGER NOT NULL,
    to_device_id    INTEGER NOT NULL,
    at_s            INTEGER NOT NULL,
    end_total_value INTEGER NOT NULL,              -- where the old meter ended
    value           INTEGER NOT NULL,              -- sold and not used up to there, in the register's unit
    worth_fen       INTEGER NOT NULL,              -- what it was bought for
    shown_value     INTEGER,                       -- what the old meter showed last
    command_id      INTEGER NOT NULL DEFAULT 0,    -- that takes it to the new meter; 0: to be asked for
    done_s          INTEGER                        -- when the new meter showed that it has it
);
CREATE INDEX unit_carry_by_account ON unit_carry (account_id, unit_carry_id);
