-- What goes out of the house: one row a notice, channel and recipient.
-- state: 1 waiting, 2 handed to a sender until due_s, 3 sent, 4 delivered, 5 failed after it was sent, 6 given up,
-- 7 kept: no provider serves the channel.
CREATE TABLE message (
    message_id   INTEGER PRIMARY KEY,
    tenant_id    INTEGER NOT NULL REFERENCES tenant,
    notice_id    INTEGER,                        -- NULL: a test
    account_id   INTEGER NOT NULL,               -- 0: a test
    area_id      INTEGER NOT NULL REFERENCES area,
    kind         TEXT    NOT NULL,               -- of the notice, or 'test'
    channel      INTEGER NOT NULL,               -- 1 sms, 2 wechat, 3 email, 4 webhook
    priority     INTEGER NOT NULL,               -- 0 urgent, also in quiet hours; 1 routine
    recipient    TEXT    NOT NULL,
    language     INTEGER NOT NULL,               -- 0 Chinese, 1 English
    text         TEXT    NOT NULL,
    words        TEXT    NOT NULL,               -- JSON object: what the text was made of, for providers' own templates
    state        INTEGER NOT NULL,
    attempts     INTEGER NOT NULL DEFAULT 0,
    due_s        INTEGER NOT NULL,
    expires_s    INTEGER NOT NULL,
    provider     TEXT    NOT NULL DEFAULT '',    -- who has it or had it last
    reference    TEXT    NOT NULL DEFAULT '',    -- the provider's number of its first part
    parts        INTEGER NOT NULL DEFAULT 0,
    cost_e4      INTEGER NOT NULL DEFAULT 0,     -- ten-thousandths of a yuan, of all attempts that were charged
    reason       TEXT    NOT NULL DEFAULT '',    -- why it waits again, failed or was given up
    created_s    INTEGER NOT NULL,
    sent_s       INTEGER NOT NULL DEFAULT 0,
    ended_s      INTEGER NOT NULL DEFAULT 0      -- delivered, failed or given up
);
CREATE INDEX message_due ON message (channel, priority, due_s) WHERE state IN (1, 2);
CREATE INDEX message_by_expiry ON message (expires_s) WHERE state IN (1, 2);
CREATE INDEX message_by_tenant ON message (tenant_id, message_id);
CREATE INDEX message_by_state ON message (tenant_id, state, message_id);
CREATE INDEX message_by_account ON message (account_id, message_id);
CREATE INDEX message_by_recipient ON message (tenant_id, recipient, created_s);
CREATE INDEX message_by_notice ON message (notice_id);

-- What happened to it, for disputes: every attempt and every receipt.
CREATE TABLE message_attempt (
    message_id   INTEGER NOT NULL REFERENCES message,
    serial       INTEGER NOT NULL,
    at_s         INTEGER NOT NULL,
    provider     TEXT    NOT NULL,
    outcome      TEXT    NOT NULL,               -- message_outcome_name()
    reason       TEXT    NOT NULL,
    PRIMARY KEY (message_id, serial)
) WITHOUT ROWID;

-- The providers' numbers, one a part: receipts name these.
CREATE TABLE message_reference (
    provider     TEXT    NOT NULL,
    reference    TEXT    NOT NULL,
    message_id   INTEGER NOT NULL REFERENCES message,
    delivered    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (provider, reference)
) WITHOUT ROWID;
CREATE INDEX message_reference_by_message ON message_reference (message_id);

-- How many are in each state: kept with every change, so that nobody has to count.
CREATE TABLE message_count (
    tenant_id    INTEGER NOT NULL,
    channel      INTEGER NOT NULL,
    state        INTEGER NOT NULL,
    messages     INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, channel, state)
) WITHOUT ROWID;
CREATE TRIGGER message_inserted AFTER INSERT ON message BEGIN
    INSERT INTO message_count (tenant_id, channel, state, messages) VALUES (new.tenant_id, new.channel, new.state, 1)
        ON CONFLICT DO UPDATE SET messages = messages + 1;
END;
CREATE TRIGGER message_moved AFTER UPDATE OF state ON message WHEN new.state <> old.state BEGIN
    UPDATE message_count SET messages = messages - 1
        WHERE tenant_id = old.tenant_id AND channel = old.channel AND state = old.state;
    INSERT INTO message_count (tenant_id, channel, state, messages) VALUES (new.tenant_id, new.channel, new.state, 1)
        ON CONFLICT DO UPDATE SET messages = messages + 1;
END;

-- Words of the operator's own instead of the program's.
CREATE TABLE message_template (
    tenant_id    INTEGER NOT NULL REFERENCES tenant,
    kind         TEXT    NOT NULL,
    language     INTEGER NOT NULL,
    text         TEXT    NOT NULL,
    changed_s    INTEGER NOT NULL,
    changed_by   INTEGER,
    PRIMARY KEY (tenant_id, kind, language)
) WITHOUT ROWID;

-- Who is told besides the customer's own phones: of one account, or of all accounts of an area.
CREATE TABLE message_recipient (
    recipient_id INTEGER PRIMARY KEY,
    tenant_id    INTEGER NOT NULL REFERENCES tenant,
    area_id      INTEGER NOT NULL REFERENCES area,
    account_id   INTEGER,                        -- NULL: every account of the area and below
    kind         TEXT    NOT NULL DEFAULT '',    -- '': of every kind
    channel      INTEGER NOT NULL,
    address      TEXT    NOT NULL,
    language     INTEGER NOT NULL,
    name         TEXT    NOT NULL,
    created_s    INTEGER NOT NULL
);
CREATE INDEX message_recipient_by_area ON message_recipient (area_id);
CREATE INDEX message_recipient_by_account ON message_recipient (account_id) WHERE account_id IS NOT NULL;
