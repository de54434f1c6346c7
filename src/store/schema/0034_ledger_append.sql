-- Postings are appended and nothing else: each names the one before it of both its accounts, so that an account's own are
-- walked back from its newest; times are kept by blocks of 4,096; only keys that people and other systems chose are indexed.

ALTER TABLE ledger_account ADD COLUMN last_transfer_id INTEGER NOT NULL DEFAULT 0;
UPDATE ledger_account SET last_transfer_id = max(
    coalesce((SELECT max(transfer_id) FROM transfer WHERE debit_account_id = ledger_account_id), 0),
    coalesce((SELECT max(transfer_id) FROM transfer WHERE credit_account_id = ledger_account_id), 0));

CREATE TABLE transfer_appended (
    transfer_id       INTEGER PRIMARY KEY,
    tenant_id         INTEGER NOT NULL,
    debit_account_id  INTEGER NOT NULL,
    credit_account_id INTEGER NOT NULL,
    amount_fen        INTEGER NOT NULL CHECK (amount_fen > 0),
    reference         INTEGER NOT NULL DEFAULT 0,    -- bill, payment, account or command, by kind
    reverses          INTEGER,
    at_s              INTEGER NOT NULL,
    value_s           INTEGER NOT NULL DEFAULT 0,
    late_s            INTEGER NOT NULL DEFAULT 0,    -- 0: not late
    debit_before      INTEGER NOT NULL DEFAULT 0,    -- 0: the account's first
    credit_before     INTEGER NOT NULL DEFAULT 0,
    kind              TEXT    NOT NULL,
    key               TEXT                           -- NULL: the row that names the transfer is what makes it once
);
INSERT INTO transfer_appended
    WITH leg (account, transfer_id, is_debit) AS (SELECT debit_account_id, transfer_id, 1 FROM transfer
             UNION ALL SELECT credit_account_id, transfer_id, 0 FROM transfer),
         chain AS (SELECT transfer_id, is_debit,
             coalesce(lag(transfer_id) OVER (PARTITION BY account ORDER BY transfer_id), 0) AS before FROM leg),
         link AS (SELECT transfer_id, sum(is_debit * before) AS debit_before, sum((1 - is_debit) * before) AS credit_before
             FROM chain GROUP BY transfer_id)
    SELECT t.transfer_id, tenant_id, debit_account_id, credit_account_id, amount_fen, reference, reverses, at_s, value_s,
        late_s, l.debit_before, l.credit_before, kind, key
    FROM transfer t JOIN link l ON l.transfer_id = t.transfer_id ORDER BY t.transfer_id;
DROP TABLE transfer;
ALTER TABLE transfer_appended RENAME TO transfer;
CREATE UNIQUE INDEX transfer_by_key ON transfer (key) WHERE key IS NOT NULL;
CREATE UNIQUE INDEX transfer_corrected_once ON transfer (reverses) WHERE reverses IS NOT NULL;

CREATE TABLE transfer_block (
    block        INTEGER PRIMARY KEY,                -- transfer_id / 4096
    at_from_s    INTEGER NOT NULL,
    at_to_s      INTEGER NOT NULL,
    value_from_s INTEGER NOT NULL,
    value_to_s   INTEGER NOT NULL
);
INSERT INTO transfer_block SELECT transfer_id / 4096, min(at_s), max(at_s), min(value_s), max(value_s) FROM transfer GROUP BY 1;

-- Charges of a night lie together. An account's own are walked back: the charge before one ends on the day before its from_day.
CREATE TABLE daily_charge_appended (
    day               INTEGER NOT NULL,
    account_id        INTEGER NOT NULL,
    from_day          INTEGER NOT NULL,
    from_total_value  INTEGER NOT NULL,
    to_total_value    INTEGER NOT NULL,
    cycle_used_value  INTEGER NOT NULL,
    amount_fen        INTEGER NOT NULL,
    tariff_version_id INTEGER NOT NULL,
    charged_s         INTEGER NOT NULL,
    revision          INTEGER NOT NULL DEFAULT 0,
    transfer_id       INTEGER NOT NULL DEFAULT 0,    -- of its sum; 0: the sum is 0, or items is ''
    items             TEXT    NOT NULL DEFAULT '',   -- {"ledger account of the item": fen}; '': posted item by item, by keys
    PRIMARY KEY (day, account_id)
) WITHOUT ROWID;
INSERT INTO daily_charge_appended SELECT day, account_id, from_day, from_total_value, to_total_value, cycle_used_value,
    amount_fen, tariff_version_id, charged_s, revision, 0, '' FROM daily_charge ORDER BY day, account_id;
DROP TABLE daily_charge;
ALTER TABLE daily_charge_appended RENAME TO daily_charge;

ALTER TABLE bill ADD COLUMN transfer_id INTEGER;     -- of its sum; 0: the sum is 0; NULL: posted item by item, by keys
