-- Residents (S1-064): a customer's user name and password, and the phones bound with them. Times are real ones.

CREATE TABLE resident_login (
    customer_id    INTEGER PRIMARY KEY REFERENCES customer,
    tenant_id      INTEGER NOT NULL REFERENCES tenant,
    login          TEXT    NOT NULL UNIQUE,
    password_hash  TEXT    NOT NULL,                      -- as person.password_hash
    one_time       INTEGER NOT NULL,                      -- 1: a first password
    failed_count   INTEGER NOT NULL DEFAULT 0,
    locked_until_s INTEGER NOT NULL DEFAULT 0,
    issued_s       INTEGER NOT NULL
);

-- token_hash: as session.token_hash. A phone unused for half a year is swept away with its bindings.
CREATE TABLE resident_phone (
    resident_phone_id INTEGER PRIMARY KEY,
    tenant_id         INTEGER NOT NULL REFERENCES tenant,
    token_hash        BLOB    NOT NULL UNIQUE,
    csrf_token        TEXT    NOT NULL,
    name              TEXT    NOT NULL DEFAULT '',
    seen_s            INTEGER NOT NULL
);
CREATE INDEX resident_phone_by_use ON resident_phone (seen_s);

CREATE TABLE resident_binding (
    resident_binding_id INTEGER PRIMARY KEY,
    resident_phone_id   INTEGER NOT NULL REFERENCES resident_phone,
    customer_id         INTEGER NOT NULL REFERENCES customer,
    bound_s             INTEGER NOT NULL,
    UNIQUE (resident_phone_id, customer_id)
);
CREATE INDEX resident_binding_by_customer ON resident_binding (customer_id);
