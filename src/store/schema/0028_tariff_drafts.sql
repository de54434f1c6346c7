-- A new price is drafted, tried on real use, asked for by one person and released by another; then it is a tariff_version.
CREATE TABLE tariff_draft (
    tariff_draft_id   INTEGER PRIMARY KEY,
    tenant_id         INTEGER NOT NULL REFERENCES tenant,
    tariff_id         INTEGER NOT NULL REFERENCES tariff,
    effective_day     INTEGER NOT NULL,              -- local days since 1970
    document          TEXT    NOT NULL,
    state             TEXT    NOT NULL,              -- draft, asked, released, withdrawn
    changed_by        INTEGER NOT NULL,
    changed_s         INTEGER NOT NULL,
    asked_by          INTEGER NOT NULL DEFAULT 0,
    asked_s           INTEGER NOT NULL DEFAULT 0,
    decided_by        INTEGER NOT NULL DEFAULT 0,    -- who released, refused or withdrew it last
    decided_s         INTEGER NOT NULL DEFAULT 0,
    reason            TEXT    NOT NULL DEFAULT '',   -- of what was decided last
    tariff_version_id INTEGER NOT NULL DEFAULT 0,    -- when released
    run_state         TEXT    NOT NULL DEFAULT 'none',-- the dry run: none, running, done, cancelled
    run_number        INTEGER NOT NULL DEFAULT 0,    -- one more for each: rows of others do not count
    run_from_day      INTEGER NOT NULL DEFAULT 0,
    run_to_day        INTEGER NOT NULL DEFAULT 0,
    run_next_account_id INTEGER NOT NULL DEFAULT 0,  -- accounts below it are done
    run_total         INTEGER NOT NULL DEFAULT 0,
    run_done          INTEGER NOT NULL DEFAULT 0,
    run_skipped       INTEGER NOT NULL DEFAULT 0,    -- without readings, or that cannot be charged
    run_more          INTEGER NOT NULL DEFAULT 0,    -- would pay more
    run_less          INTEGER NOT NULL DEFAULT 0,
    run_protected_more INTEGER NOT NULL DEFAULT 0,   -- of them protected customers
    run_present_fen   INTEGER NOT NULL DEFAULT 0,
    run_draft_fen     INTEGER NOT NULL DEFAULT 0,
    run_buckets       TEXT    NOT NULL DEFAULT '',   -- accounts by change a month, comma separated (billing/tariff_draft.h)
    run_started_s     INTEGER NOT NULL DEFAULT 0,
    run_finished_s    INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX tariff_draft_by_tariff ON tariff_draft (tariff_id, tariff_draft_id);
CREATE INDEX tariff_draft_by_tenant ON tariff_draft (tenant_id, tariff_draft_id);
CREATE INDEX tariff_draft_running ON tariff_draft (tariff_draft_id) WHERE run_state = 'running';

-- What an account would have paid.
CREATE TABLE tariff_draft_account (
    tariff_draft_id INTEGER NOT NULL REFERENCES tariff_draft,
    account_id      INTEGER NOT NULL REFERENCES account,
    run_number      INTEGER NOT NULL,
    months          INTEGER NOT NULL,                -- that could be charged
    usage_value     INTEGER NOT NULL,
    present_fen     INTEGER NOT NULL,
    draft_fen       INTEGER NOT NULL,
    change_fen      INTEGER NOT NULL,
    held_error      INTEGER NOT NULL,                -- why nothing could be charged; 0
    PRIMARY KEY (tariff_draft_id, account_id)
) WITHOUT ROWID;
CREATE INDEX tariff_draft_account_by_change ON tariff_draft_account (tariff_draft_id, run_number, change_fen);
CREATE INDEX account_by_tariff ON account (tariff_id, account_id);
