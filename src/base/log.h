/* Log lines: category, level, identity of the object, then words. No keys, no personal data.
 *
 * The base room formats and filters; where lines go and which clock stamps them is the sink's business, given once by
 * the program. Without a sink lines are dropped. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"

#define LOG_LINE_LIMIT 512 /* characters of the words with their zero; longer ones are cut */

enum log_level {
    LOG_DEBUG = 0, /* for the one who looks for a fault */
    LOG_INFO,      /* what usually happens, once */
    LOG_NOTICE,    /* what an operator may want to know */
    LOG_WARNING,   /* wrong, and handled */
    LOG_ERROR,     /* wrong, and somebody must act */
    LOG_LEVEL_COUNT
};

/* Rows of (constant, name, description): a category per room. */
#define LOG_CATEGORIES(ROW) \
    ROW(LOG_APPLICATION, "application", "start, stop and settings of the program") \
    ROW(LOG_WIRE, "wire", "sockets, datagrams, DTLS") \
    ROW(LOG_DIALOG, "dialog", "conversations with devices") \
    ROW(LOG_REGISTRY, "registry", "tenants, areas, devices, customers") \
    ROW(LOG_READING, "reading", "accepted, corrected and set-aside reads") \
    ROW(LOG_RATING, "rating", "tariffs and charge lines") \
    ROW(LOG_LEDGER, "ledger", "postings and daily close") \
    ROW(LOG_BILLING, "billing", "settlement runs, payments, cut-off plans") \
    ROW(LOG_COMMAND, "command", "life of commands") \
    ROW(LOG_WATCH, "watch", "alarms and work orders") \
    ROW(LOG_NOTIFY, "notify", "messages to people") \
    ROW(LOG_NETWORK, "network", "signal, coverage, SIM cards") \
    ROW(LOG_SECURITY, "security", "sign-in, rights, audit") \
    ROW(LOG_STORE, "store", "databases and migrations") \
    ROW(LOG_API, "api", "HTTP requests") \
    ROW(LOG_SIMULATION, "simulation", "the simulated town")

#define LOG_CATEGORY_ENUM(constant, name, description) constant,
enum log_category { LOG_CATEGORIES(LOG_CATEGORY_ENUM) LOG_CATEGORY_COUNT };
#undef LOG_CATEGORY_ENUM

/* Takes one line. `identity` ("device 42", "" when none) and `words` are zero-terminated, without line ends, and valid
 * during the call only. May be called from several threads at once: the sink looks after its own order. */
typedef void log_sink_function(void *context, enum log_category category, enum log_level level, const char *identity,
                               const char *words);

/* Set the sink and its context, NULL for none. Once, before other threads start. */
void log_sink_set(log_sink_function *sink, void *context);

/* Lines of `category` below `level` are dropped; LOG_LEVEL_COUNT drops all of them. Ignored outside the table.
 * Set before other threads start. The first level of each category is LOG_INFO. */
void log_level_set(enum log_category category, enum log_level level);

/* Would a line of this level be written? For callers that must work to make the words. */
int log_enabled(enum log_category category, enum log_level level);

/* Write one line. Control characters in identity and words become '?', so that no input forges a line. */
void log_write(enum log_category category, enum log_level level, const char *identity, const char *format, ...)
    COMPILER_PRINTF(4, 5);

/* "wire", "dialog", ...; "unknown" outside the table. */
const char *log_category_name(enum log_category category);

/* One line of English for operators; "" outside the table. */
const char *log_category_description(enum log_category category);

/* "debug", "info", "notice", "warning", "error"; "unknown" outside the table. */
const char *log_level_name(enum log_level level);

/* For what would be written again and again while it stays wrong: all zeros before the first time. */
struct log_repeat {
    bool said;
    uint64_t what;
    int64_t said_ms;
};

#define LOG_REPEAT_MS 600000 /* what stays the same is written once in so long */

/* Whether to write it now; the answer true is taken as written.
 * what     number of the matter: another one than last time is to be written at once
 * now_ms   of a clock that nobody sets */
bool log_repeat_due(struct log_repeat *repeat, uint64_t what, int64_t now_ms);

#endif
