-- Each day's comparison with what a channel says it took: runs and what they found.

ALTER TABLE payment_order ADD COLUMN reconciled_day INTEGER; -- the channel's day in whose bill it was found

CREATE TABLE payment_reconciliation (
    payment_reconciliation_id INTEGER PRIMARY KEY,
    tenant_id   INTEGER NOT NULL REFERENCES tenant,
    channel     TEXT    NOT NULL,
    day         INTEGER NOT NULL,                    -- the channel's local day
    state       TEXT    NOT NULL CHECK (state IN ('asked','done','failed')),
    next_s      INTEGER NOT NULL DEFAULT 0,          -- when the bill is fetched
    attempts    INTEGER NOT NULL DEFAULT 0,
    problem     TEXT    NOT NULL DEFAULT '',
    rows        INTEGER NOT NULL DEFAULT 0,          -- of the bill
    matched     INTEGER NOT NULL DEFAULT 0,
    paid_fen    INTEGER NOT NULL DEFAULT 0,          -- by the bill
    refunded_fen INTEGER NOT NULL DEFAULT 0,
    asked_by    INTEGER,
    asked_s     INTEGER NOT NULL,
    finished_s  INTEGER,
    UNIQUE (tenant_id, channel, day)
);
CREATE INDEX payment_reconciliation_due ON payment_reconciliation (next_s) WHERE state = 'asked';

CREATE TABLE payment_difference (
    payment_difference_id INTEGER PRIMARY KEY,
    payment_reconciliation_id INTEGER NOT NULL REFERENCES payment_reconciliation,
    kind          TEXT    NOT NULL CHECK (kind IN ('we_lack','they_lack','amount_differs','status_differs')),
    is_refund     INTEGER NOT NULL DEFAULT 0,
    number        TEXT    NOT NULL,                  -- trade or refund number
    reference     TEXT    NOT NULL DEFAULT '',
    our_fen       INTEGER NOT NULL DEFAULT 0,
    their_fen     INTEGER NOT NULL DEFAULT 0,
    resolution    TEXT    NOT NULL DEFAULT '',       -- '' open, booked, accepted, found
    reason        TEXT    NOT NULL DEFAULT '',
    resolved_by   INTEGER,
    resolved_s    INTEGER
);
CREATE INDEX payment_difference_by_run ON payment_difference (payment_reconciliation_id);
CREATE INDEX payment_difference_open ON payment_difference (number) WHERE resolution = '';
