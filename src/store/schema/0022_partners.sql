-- Other systems that call the open interfaces: what each may do and where, its tokens, what it asked of meters.

-- person_id: under whose name it acts; that person can never sign in.
CREATE TABLE partner (
    partner_id       INTEGER PRIMARY KEY,
    tenant_id        INTEGER NOT NULL REFERENCES tenant,
    area_id          INTEGER NOT NULL REFERENCES area,   -- this area and all below
    person_id        INTEGER REFERENCES person,          -- NULL only while it is being made
    name             TEXT    NOT NULL,
    interfaces       TEXT    NOT NULL,                   -- '[1,2,4]': numbers of the open interfaces
    networks         TEXT    NOT NULL DEFAULT '',        -- '10.0.0.0/8,192.0.2.7'; '': from anywhere
    per_minute       INTEGER NOT NULL,
    closings_per_day INTEGER NOT NULL,
    is_signed        INTEGER NOT NULL DEFAULT 0,
    reveal           INTEGER NOT NULL DEFAULT 0,
    disabled         INTEGER NOT NULL DEFAULT 0,
    created_s        INTEGER NOT NULL
);
CREATE INDEX partner_by_tenant ON partner (tenant_id, partner_id);

-- Named one by one; a partner without rows here has all devices of its area.
CREATE TABLE partner_device (
    partner_id       INTEGER NOT NULL REFERENCES partner,
    device_id        INTEGER NOT NULL REFERENCES device,
    PRIMARY KEY (partner_id, device_id)
) WITHOUT ROWID;

-- token_hash: SHA-256 of the token, which is stored nowhere. Times are of the world, as those of sessions.
CREATE TABLE partner_token (
    token_id         INTEGER PRIMARY KEY,
    partner_id       INTEGER NOT NULL REFERENCES partner,
    token_hash       BLOB    NOT NULL UNIQUE,
    hint             TEXT    NOT NULL,                   -- how it begins
    created_s        INTEGER NOT NULL,
    expires_s        INTEGER NOT NULL,
    revoked_s        INTEGER NOT NULL DEFAULT 0,
    used_s           INTEGER NOT NULL DEFAULT 0,
    used_from        TEXT    NOT NULL DEFAULT ''
);
CREATE INDEX partner_token_by_partner ON partner_token (partner_id);

-- What it asked of meters under a number of its own: the same number again is the same command.
CREATE TABLE partner_request (
    partner_id       INTEGER NOT NULL REFERENCES partner,
    number           TEXT    NOT NULL,
    device_id        INTEGER NOT NULL,
    mode             TEXT    NOT NULL,
    command_id       INTEGER NOT NULL,
    at_s             INTEGER NOT NULL,
    PRIMARY KEY (partner_id, number)
) WITHOUT ROWID;
CREATE INDEX partner_request_by_mode ON partner_request (partner_id, mode, at_s);
