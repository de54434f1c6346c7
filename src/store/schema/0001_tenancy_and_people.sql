-- Who runs the platform and where: tenants, the tree of areas, people who sign in, settings, audit.
-- Every table below a tenant carries tenant_id; every query names it.

CREATE TABLE tenant (
    tenant_id      INTEGER PRIMARY KEY,
    name           TEXT    NOT NULL UNIQUE,
    zone_offset_s  INTEGER NOT NULL DEFAULT 28800 CHECK (zone_offset_s BETWEEN -50400 AND 50400),
    created_s      INTEGER NOT NULL
);

-- path: '/1/7/23/' (identifiers from the root to this row, slashes at both ends), so that
-- "everything below" is one range: path >= '/1/7/' AND path < '/1/70'   ('0' follows '/').
CREATE TABLE area (
    area_id        INTEGER PRIMARY KEY,
    tenant_id      INTEGER NOT NULL REFERENCES tenant,
    parent_area_id INTEGER REFERENCES area,
    kind           TEXT    NOT NULL CHECK (kind IN ('company','district','estate','building')),
    name           TEXT    NOT NULL,
    path           TEXT    NOT NULL UNIQUE,
    UNIQUE (tenant_id, parent_area_id, name)
);

-- password_hash: 'scrypt$N$r$p$salt-hex$key-hex'
CREATE TABLE person (
    person_id      INTEGER PRIMARY KEY,
    tenant_id      INTEGER NOT NULL REFERENCES tenant,
    area_id        INTEGER NOT NULL REFERENCES area,      -- jurisdiction: this area and all below
    login          TEXT    NOT NULL UNIQUE,
    display_name   TEXT    NOT NULL,
    role           TEXT    NOT NULL CHECK (role IN ('administrator','operator','clerk','viewer')),
    language       TEXT    NOT NULL DEFAULT 'zh' CHECK (language IN ('zh','en')),
    password_hash  TEXT    NOT NULL,
    disabled       INTEGER NOT NULL DEFAULT 0,
    failed_count   INTEGER NOT NULL DEFAULT 0,
    locked_until_s INTEGER NOT NULL DEFAULT 0,
    created_s      INTEGER NOT NULL
);

-- token_hash: SHA-256 of the cookie's random token; the token itself is stored nowhere.
CREATE TABLE session (
    token_hash     BLOB    PRIMARY KEY,
    person_id      INTEGER NOT NULL REFERENCES person,
    csrf_token     TEXT    NOT NULL,
    created_s      INTEGER NOT NULL,
    seen_s         INTEGER NOT NULL,
    expires_s      INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE setting (
    tenant_id      INTEGER NOT NULL REFERENCES tenant,
    key            TEXT    NOT NULL,
    value          TEXT    NOT NULL,
    PRIMARY KEY (tenant_id, key)
) WITHOUT ROWID;

CREATE TABLE audit (
    audit_id       INTEGER PRIMARY KEY,
    tenant_id      INTEGER NOT NULL REFERENCES tenant,
    person_id      INTEGER,                               -- NULL: the platform itself
    at_s           INTEGER NOT NULL,
    action         TEXT    NOT NULL,
    object_kind    TEXT    NOT NULL,
    object_id      INTEGER,
    detail         TEXT    NOT NULL DEFAULT ''
);
CREATE INDEX audit_by_tenant ON audit (tenant_id, audit_id);
