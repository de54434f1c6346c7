/* What the command room needs of a store. store/sql/command_sql.h implements it.
 *
 * Functions answer 0 (or as said) or a negative number of the store, which the room hands on unchanged. They run inside
 * the transaction that the core has open. */
#ifndef COMMAND_COMMAND_STORE_H
#define COMMAND_COMMAND_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/downlink.h"

#define COMMAND_REASON_LIMIT 256
#define COMMAND_OUTCOME_LIMIT 128

/* The life cycle; command_cycle.c has the table of moves. */
enum command_state {
    COMMAND_QUEUED = 1, /* waits for the device's window */
    COMMAND_SENT,       /* left the gate, no answer yet */
    COMMAND_DELIVERED,  /* the device has it */
    COMMAND_EXECUTED,   /* the device says it did it */
    COMMAND_VERIFIED,   /* the device's own later state shows it */
    COMMAND_FAILED,
    COMMAND_EXPIRED,
    COMMAND_CANCELLED,
    COMMAND_STATE_COUNT
};

enum command_priority { COMMAND_PRIORITY_URGENT = 0, COMMAND_PRIORITY_NORMAL = 1, COMMAND_PRIORITY_BULK = 2 };

/* One row of table command. */
struct command_record {
    uint64_t command_id;
    int64_t value;
    int64_t amount_fen;
    int64_t requested_s;
    int64_t expires_s;
    int64_t finished_s;   /* 0: still open */
    uint32_t tenant_id;
    uint32_t device_id;
    uint32_t serial;      /* 0: the kind needs none */
    uint32_t requested_by; /* person; 0: the platform */
    uint16_t operation;   /* enum downlink_operation */
    uint16_t parameter;   /* enum device_parameter, 0 none */
    uint16_t tries;
    uint8_t state;        /* enum command_state */
    uint8_t priority;     /* enum command_priority */
    char reason[COMMAND_REASON_LIMIT];
    char outcome[COMMAND_OUTCOME_LIMIT];
    struct downlink_table table; /* count 0: none; stored as text, command_table_write */
};

#define COMMAND_TABLE_TEXT_LIMIT 400

/* A table as "1: 0 6000, 18000 6500": its number, then from and value of each row; "" for one without rows. And back.
 * returns  0; -1 for any other text */
void command_table_write(const struct downlink_table *table, char text[COMMAND_TABLE_TEXT_LIMIT]);
int command_table_read(const char *text, struct downlink_table *out);

/* What must be known at start of a device with commands. */
struct command_device_summary {
    uint32_t device_id;
    uint32_t serial;     /* highest ever given */
    uint32_t open_count;
    bool has_lost;       /* a recharge that left has expired */
};

struct command_store {
    void *context;
    int (*summaries_walk)(void *context, int (*visit)(void *visitor, const struct command_device_summary *row),
                          void *visitor);
    /* Fills command_id. */
    int (*insert)(void *context, struct command_record *row);
    /* Writes state, outcome, tries, expires_s, finished_s, serial. */
    int (*update)(void *context, const struct command_record *row);
    int (*step_insert)(void *context, uint64_t command_id, enum command_state state, int64_t at_s, const char *detail);
    /* When the command last came into that state: 1 and *at_s; 0 never. */
    int (*step_time)(void *context, uint64_t command_id, enum command_state state, int64_t *at_s);
    /* 1 and *out; 0 when there is none. */
    int (*read)(void *context, uint64_t command_id, struct command_record *out);
    /* The open command of a device after (priority, command_id) in that order: 1 and *out; 0 none. */
    int (*open_next)(void *context, uint32_t device_id, uint8_t priority, uint64_t command_id,
                     struct command_record *out);
    /* The recharge of a device with this serial, open or not: 1 and *out; 0 none. */
    int (*recharge_read)(void *context, uint32_t device_id, uint32_t serial, struct command_record *out);
    /* The recharge of a device after command_id that left and expired: 1 and *out; 0 none. */
    int (*recharge_lost_next)(void *context, uint32_t device_id, uint64_t command_id, struct command_record *out);
    /* An open command that expires at or before now_s: 1 and *out; 0 none. */
    int (*expired_next)(void *context, int64_t now_s, struct command_record *out);
};

/* "queued", "sent", ...; "unknown" outside the list. */
const char *command_state_name(enum command_state state);
/* "open_valve", "close_valve", "recharge", ...: the table in command_names.c; "unknown" outside it. */
const char *command_operation_name(int operation);
/* "low_balance", "overdraft", "report_period", ...; "" for 0 and outside the list. */
const char *command_parameter_name(int parameter);
/* The numbers of these names; 0 when there is none. "close_relay" is open_valve and "open_relay" is close_valve: a closed
 * relay supplies. */
int command_state_of_name(const char *name);
int command_operation_of_name(const char *name);
int command_parameter_of_name(const char *name);

#endif
