-- Who pays, at what price, and the ledger that proves it.

CREATE TABLE customer (
    customer_id       INTEGER PRIMARY KEY,
    tenant_id         INTEGER NOT NULL REFERENCES tenant,
    number            TEXT    NOT NULL,
    name              TEXT    NOT NULL,
    name_initials     TEXT    NOT NULL DEFAULT '',   -- pinyin initials, lower case, given at entry or import
    phones            TEXT    NOT NULL DEFAULT '',   -- comma separated (S1-041)
    protected_until_s INTEGER NOT NULL DEFAULT 0,    -- never cut off before (medical or key user)
    protected_reason  TEXT    NOT NULL DEFAULT '',
    created_s         INTEGER NOT NULL,
    UNIQUE (tenant_id, number)
);
CREATE INDEX customer_by_initials ON customer (tenant_id, name_initials);

CREATE TABLE tariff (
    tariff_id  INTEGER PRIMARY KEY,
    tenant_id  INTEGER NOT NULL REFERENCES tenant,
    name       TEXT    NOT NULL,
    utility    TEXT    NOT NULL DEFAULT 'water',
    UNIQUE (tenant_id, name)
);
-- document: the JSON form of rating/tariff.h
CREATE TABLE tariff_version (
    tariff_version_id INTEGER PRIMARY KEY,
    tariff_id         INTEGER NOT NULL REFERENCES tariff,
    effective_day     INTEGER NOT NULL,              -- local days since 1970
    document          TEXT    NOT NULL,
    created_by        INTEGER,
    created_s         INTEGER NOT NULL,
    UNIQUE (tariff_id, effective_day)
);

-- A supply contract: one customer, one place, one meter at a time, one way of paying.
CREATE TABLE account (
    account_id       INTEGER PRIMARY KEY,
    tenant_id        INTEGER NOT NULL REFERENCES tenant,
    customer_id      INTEGER NOT NULL REFERENCES customer,
    device_id        INTEGER REFERENCES device,
    area_id          INTEGER NOT NULL REFERENCES area,
    tariff_id        INTEGER NOT NULL REFERENCES tariff,
    payment_mode     TEXT    NOT NULL CHECK (payment_mode IN ('postpaid','prepaid_platform','prepaid_meter')),
    persons          INTEGER NOT NULL DEFAULT 1,
    settlement_day   INTEGER NOT NULL DEFAULT 1,     -- day of the month whose midnight closes a period
    low_balance_fen  INTEGER NOT NULL DEFAULT 2000,  -- remind below
    overdraft_fen    INTEGER NOT NULL DEFAULT 0,     -- may go this far below zero
    restore_fen      INTEGER NOT NULL DEFAULT 0,     -- reopen at or above
    grace_h          INTEGER NOT NULL DEFAULT 24,    -- between the final notice and closing
    wallet_id        INTEGER NOT NULL,               -- ledger_account of the customer's money
    meter_credit_id  INTEGER NOT NULL DEFAULT 0,     -- ledger_account of what the meter holds (prepaid_meter)
    stage            TEXT    NOT NULL DEFAULT 'good',-- good, low_first, low_second, overdraft, final_notice, cut
    stage_since_s    INTEGER NOT NULL DEFAULT 0,
    final_notice_s   INTEGER NOT NULL DEFAULT 0,
    settled_day      INTEGER NOT NULL DEFAULT 0,     -- charged up to this midnight
    settled_total_ml INTEGER NOT NULL DEFAULT 0,
    cycle_start_day  INTEGER NOT NULL DEFAULT 0,     -- of the tier cycle now running
    cycle_used_ml    INTEGER NOT NULL DEFAULT 0,     -- already billed in it (ytd)
    billed_day       INTEGER NOT NULL DEFAULT 0,     -- bills issued up to this midnight
    look_s           INTEGER NOT NULL DEFAULT 0,     -- when billing looks at it next
    valve_pending    INTEGER NOT NULL DEFAULT 0,     -- what arrears asked of the valve: 0 nothing open, 1 to open, 2 to close
    held_error       INTEGER NOT NULL DEFAULT 0,     -- why settlement waits (billing_error.h), 0: it does not
    opened_s         INTEGER NOT NULL,
    closed_s         INTEGER
);
CREATE INDEX account_by_customer ON account (customer_id);
CREATE INDEX account_by_device ON account (device_id);
CREATE INDEX account_by_tenant ON account (tenant_id, account_id);
CREATE INDEX account_by_look ON account (look_s) WHERE closed_s IS NULL;
CREATE INDEX account_held ON account (tenant_id, account_id) WHERE held_error <> 0;
CREATE INDEX account_in_arrears ON account (tenant_id, stage, account_id) WHERE stage <> 'good';

-- kind: wallet, revenue, receivable, cash, meter_credit, adjustment, rounding, suspense
-- balance_fen = credits - debits (a wallet in credit is positive; cash and receivable grow negative).
CREATE TABLE ledger_account (
    ledger_account_id INTEGER PRIMARY KEY,
    tenant_id         INTEGER NOT NULL REFERENCES tenant,
    kind              TEXT    NOT NULL,
    name              TEXT    NOT NULL DEFAULT '',   -- revenue item: water, resource, sewage, garbage
    debits_fen        INTEGER NOT NULL DEFAULT 0,
    credits_fen       INTEGER NOT NULL DEFAULT 0,
    minimum_fen       INTEGER                        -- NULL: may go negative without bound
);
CREATE INDEX ledger_account_by_kind ON ledger_account (tenant_id, kind, name);
CREATE TABLE transfer (
    transfer_id       INTEGER PRIMARY KEY,
    tenant_id         INTEGER NOT NULL,
    key               TEXT    NOT NULL UNIQUE,       -- caller-chosen; the same key twice is one posting
    debit_account_id  INTEGER NOT NULL REFERENCES ledger_account,
    credit_account_id INTEGER NOT NULL REFERENCES ledger_account,
    amount_fen        INTEGER NOT NULL CHECK (amount_fen > 0),
    kind              TEXT    NOT NULL,              -- payment, charge, bill, recharge, correction, refund
    reference         INTEGER NOT NULL DEFAULT 0,    -- bill, payment, daily charge or command, by kind
    reverses          INTEGER REFERENCES transfer,
    at_s              INTEGER NOT NULL
);
CREATE INDEX transfer_by_debit ON transfer (debit_account_id, transfer_id);
CREATE INDEX transfer_by_credit ON transfer (credit_account_id, transfer_id);
CREATE UNIQUE INDEX transfer_corrected_once ON transfer (reverses) WHERE reverses IS NOT NULL;

-- Platform prepayment: what one day cost, and from which reads (explains every fen).
CREATE TABLE daily_charge (
    account_id       INTEGER NOT NULL REFERENCES account,
    day              INTEGER NOT NULL,               -- the day used; settled at the midnight after it
    from_day         INTEGER NOT NULL,               -- earlier than day when midnights in between never came
    from_total_ml    INTEGER NOT NULL,
    to_total_ml      INTEGER NOT NULL,
    cycle_used_ml    INTEGER NOT NULL,               -- in the tier cycle before this charge
    amount_fen       INTEGER NOT NULL,
    tariff_version_id INTEGER NOT NULL,
    charged_s        INTEGER NOT NULL,
    revision         INTEGER NOT NULL DEFAULT 0,     -- one more for each correction by a changed reading
    PRIMARY KEY (account_id, day)
) WITHOUT ROWID;

CREATE TABLE bill (
    bill_id       INTEGER PRIMARY KEY,
    tenant_id     INTEGER NOT NULL,
    account_id    INTEGER NOT NULL REFERENCES account,
    number        TEXT    NOT NULL,
    from_day      INTEGER NOT NULL,                  -- period: midnight of from_day to midnight of to_day
    to_day        INTEGER NOT NULL,
    from_total_ml INTEGER NOT NULL,
    to_total_ml   INTEGER NOT NULL,
    usage_ml      INTEGER NOT NULL,
    amount_fen    INTEGER NOT NULL,
    paid_fen      INTEGER NOT NULL DEFAULT 0,
    state         TEXT    NOT NULL CHECK (state IN ('issued','paid','reversed')),
    estimated     INTEGER NOT NULL DEFAULT 0,
    due_day       INTEGER NOT NULL,
    issued_s      INTEGER NOT NULL,
    tariff_version_id INTEGER NOT NULL,
    cycle_start_day INTEGER NOT NULL DEFAULT 0,      -- of the account before this bill, for its reversal
    cycle_used_ml   INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX bill_once ON bill (account_id, to_day) WHERE state <> 'reversed';
CREATE INDEX bill_by_tenant ON bill (tenant_id, bill_id);
CREATE INDEX bill_by_day ON bill (tenant_id, to_day, bill_id);
CREATE INDEX bill_unpaid ON bill (account_id, to_day) WHERE state = 'issued';
CREATE TABLE bill_line (
    bill_id      INTEGER NOT NULL REFERENCES bill,
    line         INTEGER NOT NULL,
    item         TEXT    NOT NULL,
    tier         INTEGER NOT NULL,                   -- 1.., 0: no tiers
    quantity_e4  INTEGER NOT NULL,                   -- 1e-4 m3
    coefficient_e8 INTEGER NOT NULL,
    price_e8     INTEGER NOT NULL,                   -- 1e-8 yuan per m3
    amount_fen   INTEGER NOT NULL,                   -- of the item on its first line, 0 on the others
    PRIMARY KEY (bill_id, line)
) WITHOUT ROWID;

CREATE TABLE payment (
    payment_id   INTEGER PRIMARY KEY,
    tenant_id    INTEGER NOT NULL,
    account_id   INTEGER NOT NULL REFERENCES account,
    key          TEXT    NOT NULL UNIQUE,
    receipt      TEXT    NOT NULL,
    method       TEXT    NOT NULL,                   -- cash
    amount_fen   INTEGER NOT NULL CHECK (amount_fen > 0),
    cashier      INTEGER,
    at_s         INTEGER NOT NULL,
    transfer_id  INTEGER NOT NULL REFERENCES transfer,
    before_fen   INTEGER NOT NULL DEFAULT 0,         -- balance before and after
    balance_fen  INTEGER NOT NULL DEFAULT 0,
    will_restore INTEGER NOT NULL DEFAULT 0,
    command_id   INTEGER                             -- recharge or valve command sent because of it
);
CREATE INDEX payment_by_tenant ON payment (tenant_id, payment_id);
CREATE INDEX payment_by_account ON payment (account_id, payment_id);

CREATE TABLE notice (
    notice_id   INTEGER PRIMARY KEY,
    tenant_id   INTEGER NOT NULL,
    account_id  INTEGER NOT NULL,
    kind        TEXT    NOT NULL,                    -- low_first, low_second, overdraft, final_notice, cut, restored, paid_asleep, bill, possible_leak
    key         TEXT    NOT NULL UNIQUE,
    channel     TEXT    NOT NULL DEFAULT 'outbox',
    recipient   TEXT    NOT NULL,
    text_zh     TEXT    NOT NULL,
    text_en     TEXT    NOT NULL,
    created_s   INTEGER NOT NULL
);
CREATE INDEX notice_by_tenant ON notice (tenant_id, notice_id);
CREATE INDEX notice_by_account ON notice (account_id, notice_id);

-- A settlement on its way through a tenant's post-paid accounts: resumed after a restart.
CREATE TABLE settlement_run (
    run_id          INTEGER PRIMARY KEY,
    tenant_id       INTEGER NOT NULL REFERENCES tenant,
    to_day          INTEGER NOT NULL,
    next_account_id INTEGER NOT NULL DEFAULT 0,
    issued          INTEGER NOT NULL DEFAULT 0,
    held            INTEGER NOT NULL DEFAULT 0,
    amount_fen      INTEGER NOT NULL DEFAULT 0,
    started_by      INTEGER,
    started_s       INTEGER NOT NULL,
    finished_s      INTEGER
);
CREATE INDEX settlement_run_open ON settlement_run (tenant_id) WHERE finished_s IS NULL;

-- Valves closed for arrears, counted by local day: the bound of X-010.
CREATE TABLE cut_off_day (
    tenant_id INTEGER NOT NULL REFERENCES tenant,
    day       INTEGER NOT NULL,
    closings  INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, day)
) WITHOUT ROWID;
