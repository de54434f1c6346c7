/* The route table: one row a route, from which the router, the permission check, the checking of requests and the
 * OpenAPI text come. Internal to the room. */
#ifndef API_ROUTE_H
#define API_ROUTE_H

#include "api/exchange.h"

#define ROUTE_PUBLIC PERMISSION_COUNT /* as permission: no session needed */
#define ROUTE_RESIDENT (PERMISSION_COUNT + 1) /* a phone bound to a customer; no person may */
#define ROUTE_PREFIX "/api/v1"
#define OPEN_ROUTE_PREFIX "/open/v1" /* routes_open */

/* A view whose rows become one member of a document. */
struct route_part {
    const char *key;
    enum view view;
    bool many;           /* an array of rows; else the first row as an object, or null */
};

struct api_route {
    const char *method;
    const char *path;        /* below ROUTE_PREFIX: "/devices/{id}/readings"; one {id} (integer) or {key} (word) */
    const char *tag;         /* group in the OpenAPI text */
    unsigned permission;     /* enum permission, ROUTE_PUBLIC or ROUTE_RESIDENT */
    int (*handle)(struct exchange *exchange); /* 0 answered well, -1 answered with an error */
    const struct field *fields;
    size_t field_count;
    enum view view;          /* of lists and documents; after a write: of the object answered */
    const struct route_part *parts;
    size_t part_count;
    enum core_operation operation; /* of writes */
    size_t request_size;
    int (*prepare)(struct exchange *exchange, void *request); /* completes the core's request; 0, or -1 answered */
    bool at_core;            /* of a GET: needs what only the core's process has in memory, its keys among that */
    int interface_number;    /* of the open interfaces: what a partner is granted */
    const char *body_type;   /* of a write whose body is no JSON: "text/csv"; its fields then stand in the query */
    const char *answer_type; /* of an answer that is no JSON: "application/pdf" */
    const char *answer;      /* JSON schema of a good answer; NULL: an object of any form */
    const char *summary_en;
    const char *summary_zh;
};

struct route_list {
    const struct api_route *rows;
    size_t count;
};

extern const struct route_list routes_session;
extern const struct route_list routes_devices;
extern const struct route_list routes_collect;
extern const struct route_list routes_lines;
extern const struct route_list routes_people;
extern const struct route_list routes_money;
extern const struct route_list routes_bank;
extern const struct route_list routes_cash;
extern const struct route_list routes_payments;
extern const struct route_list routes_cases;
extern const struct route_list routes_closings;
extern const struct route_list routes_units;
extern const struct route_list routes_ledger;
extern const struct route_list routes_settlement;
extern const struct route_list routes_resident;
extern const struct route_list routes_documents;
extern const struct route_list routes_money_reports;
extern const struct route_list routes_tariffs;
extern const struct route_list routes_profiles;
extern const struct route_list routes_messages;
extern const struct route_list routes_reading;
extern const struct route_list routes_system;
extern const struct route_list routes_integrations;
extern const struct route_list routes_open; /* not among those of route_at */

/* The i-th route of all tables; NULL at the end. */
const struct api_route *route_at(size_t index);

/* Find the route of a method and a path below ROUTE_PREFIX, and what stands in its place of {id} or {key}.
 * method    "GET", ...; HEAD is answered as GET by the caller
 * returns   0 with *route and *object_id or key written; API_ERR_ROUTE; API_ERR_METHOD with `allowed` listing the methods
 *           of the path ("GET, POST") */
int route_match(const char *method, struct span path, const struct api_route **route, int64_t *object_id,
    char key[EXCHANGE_KEY_LIMIT], char allowed[64]);

/* Handlers that many routes share. */
int handle_list(struct exchange *exchange);
int handle_document(struct exchange *exchange);
int handle_write(struct exchange *exchange);

#define ROUTE_FIELDS(list) .fields = (list), .field_count = sizeof (list) / sizeof (list)[0]
#define ROUTE_PARTS(list) .parts = (list), .part_count = sizeof (list) / sizeof (list)[0]
#define ROUTE_REQUEST(type) .request_size = sizeof(struct type)
#define ROUTE_SUMMARY(en, zh) .summary_en = (en), .summary_zh = (zh)

/* Where a field goes in the core's request. */
#define FIELD_INTO(type, member) .offset = offsetof(struct type, member), .size = sizeof ((struct type *)0)->member

/* Fields of every list. */
#define FIELDS_OF_LIST \
    { .name = "area_id", .type = FIELD_INTEGER, .minimum = 1, .maximum = INT32_MAX, \
        .summary = "only this area and all below it" }, \
    { .name = "cursor", .type = FIELD_INTEGER, .minimum = 0, .maximum = INT64_MAX, \
        .summary = "where the page begins: `next` of the page before" }, \
    { .name = "limit", .type = FIELD_INTEGER, .minimum = 1, .maximum = 200, .summary = "rows of a page; 50 when absent" }, \
    { .name = "format", .type = FIELD_CHOICE, .choices = "json csv xlsx", \
        .summary = "csv: all rows as UTF-8 text with a byte order mark, xlsx: as an Excel workbook; up to 20,000,000" }

#define FIELD_AREA \
    { .name = "area_id", .type = FIELD_INTEGER, .minimum = 1, .maximum = INT32_MAX, \
        .summary = "only this area and all below it" }

/* Of a question that is answered in parts (walk.h). */
#define FIELD_PART \
    { .name = "cursor", .type = FIELD_INTEGER, .minimum = 0, .maximum = INT64_MAX, \
        .summary = "`next` of the part before: an answer looks at so many meters at a time, and parts are added up; null: it was the last" }

#define FIELD_ID(name_, summary_) \
    { .name = name_, .type = FIELD_INTEGER, .minimum = 1, .maximum = INT64_MAX, .summary = summary_ }

#define FIELD_QUERY \
    { .name = "query", .type = FIELD_TEXT, .minimum = 0, .maximum = 100, .summary = "what to look for" }

#endif
