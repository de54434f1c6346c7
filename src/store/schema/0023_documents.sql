-- Documents: how often each was printed, and the templates that an operator has changed.

-- One row a document that was printed: receipt (payment), bill, statement (account).
CREATE TABLE document_print (
    tenant_id  INTEGER NOT NULL REFERENCES tenant,
    kind       TEXT    NOT NULL,
    object_id  INTEGER NOT NULL,
    copies     INTEGER NOT NULL CHECK (copies > 0),
    first_s    INTEGER NOT NULL,
    last_s     INTEGER NOT NULL,
    last_by    INTEGER NOT NULL,                 -- person
    PRIMARY KEY (tenant_id, kind, object_id)
) WITHOUT ROWID;

-- Every version stays; the newest counts. An empty text: the built-in template again.
CREATE TABLE document_template (
    tenant_id  INTEGER NOT NULL REFERENCES tenant,
    kind       TEXT    NOT NULL,
    paper      TEXT    NOT NULL,
    language   TEXT    NOT NULL CHECK (language IN ('zh', 'en')),
    version    INTEGER NOT NULL CHECK (version BETWEEN 1 AND 1000),
    text       TEXT    NOT NULL CHECK (length(CAST(text AS BLOB)) <= 32768),
    saved_s    INTEGER NOT NULL,
    saved_by   INTEGER NOT NULL,
    note       TEXT    NOT NULL DEFAULT '',      -- why it was changed
    PRIMARY KEY (tenant_id, kind, paper, language, version)
) WITHOUT ROWID;
