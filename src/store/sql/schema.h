/* The numbered migrations of src/store/schema, packed into the program by tools/pack_schema. */
#ifndef STORE_SQL_SCHEMA_H
#define STORE_SQL_SCHEMA_H

struct schema_migration {
    int version;      /* the schema after this migration; 1, 2, 3 ... without a gap */
    const char *name; /* "devices_and_readings" */
    const char *text; /* statements */
};

/* Ordered by version; schema_version_newest of them. */
extern const struct schema_migration schema_migrations[];
extern const int schema_version_newest;

/* What all of them make of an empty database, at once. */
extern const struct schema_migration schema_whole;

#endif
