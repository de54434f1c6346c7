/* What the files of the core share. */
#ifndef APPS_METERWORKS_CORE_INTERNAL_H
#define APPS_METERWORKS_CORE_INTERNAL_H

#include "api/live.h"
#include "apps/meterworks/core.h"
#include "base/undo.h"
#include "billing/billing.h"
#include "collect/collect.h"
#include "command/command.h"
#include "reading/reading.h"
#include "registry/registry.h"
#include "security/people.h"
#include "store/sqlite/billing_sqlite.h"
#include "store/sqlite/collect_sqlite.h"
#include "store/sqlite/command_sqlite.h"
#include "store/sqlite/ledger_sqlite.h"
#include "store/sqlite/notify_sqlite.h"
#include "store/sqlite/people_sqlite.h"
#include "store/sqlite/reading_sqlite.h"
#include "store/sqlite/registry_sqlite.h"
#include "store/sqlite/watch_sqlite.h"
#include "watch/watch.h"

#define CORE_DOWNLINK_LIMIT CORE_BATCH_LIMIT
#define CORE_LIVE_LIMIT 512   /* events kept until the commit; more are left out, pages refresh by themselves */
#define CORE_CHANGE_LIMIT 1024 /* archive changes not yet told to the gate */

enum core_counter {
    CORE_UPLINKS,
    CORE_UPLINKS_REFUSED,
    CORE_DUPLICATES,
    CORE_MIDNIGHTS,
    CORE_SET_ASIDE,
    CORE_UNKNOWN_DEVICES,
    CORE_CALLS,
    CORE_CALLS_REFUSED,
    CORE_COMMITS,
    CORE_ROLLBACKS,
    CORE_DOWNLINKS,
    CORE_DOWNLINKS_RETURNED,
    CORE_LIVE_DROPPED,
    CORE_COUNTER_COUNT
};

struct core_live_event {
    uint32_t tenant_id;
    uint32_t area_id;
    enum live_kind kind;
    char json[LIVE_TEXT_LIMIT];
};

struct core_archive_change {
    uint64_t imei;
    uint32_t device_id;
    bool removed;
    bool secured_only;
};

struct core_listener {
    uint32_t device_id;
    bool heard; /* it said itself that it listens; else only the gate knows */
};

/* A refusal with words of its own, such as the place in a document that is wrong. */
struct core_problem {
    char code[40];
    char field[112];
    char text_zh[192];
    char text_en[192];
};

struct core {
    struct core_config config;
    struct sqlite_store *store;
    struct undo *undo;

    struct registry_sqlite *registry_sqlite;
    struct reading_sqlite *reading_sqlite;
    struct command_sqlite *command_sqlite;
    struct collect_sqlite *collect_sqlite;
    struct watch_sqlite *watch_sqlite;
    struct people_sqlite people_sqlite;
    struct ledger_sqlite *ledger_sqlite;
    struct billing_sqlite *billing_sqlite;
    struct notify_sqlite *notify_sqlite;
    struct people_store people_store;

    struct registry *registry;
    struct reading_room *reading;
    struct command_room *command;
    struct collect_room *collect;
    struct watch_room *watch;
    struct billing_actions billing_actions;
    struct billing *billing;

    struct core_problem problem; /* words for the refusal of the call under way; code "": the room's own */
    int64_t now_s;       /* of the transaction under way */
    int64_t ticked_s;    /* when due work was last done */
    bool work_remains;

    struct core_listener *listening; /* who may be told something at the end of this transaction */
    size_t listening_count;
    struct downlink *downlinks; /* to send after the commit */
    size_t downlink_count;
    uint64_t *returned;  /* commands the gate could not take, for the next transaction */
    size_t returned_count;
    struct core_archive_change *changes;
    size_t change_count;
    size_t change_kept;  /* of them, committed earlier and still to be told */
    uint32_t line_position; /* of registry_line_next: the lines before it have been told to the gate since the start */
    struct core_live_event *live;
    size_t live_count;
    struct counter_table counters;
    struct counter counter_values[CORE_COUNTER_COUNT];
    uint64_t tally[CORE_COUNTER_COUNT]; /* of the transaction under way */
};

/* core_uplink.c: one uplink through the rooms. 0; negative: roll the transaction back. */
int core_uplink_take(struct core *core, const struct uplink *uplink);

/* core_uplink.c: what billing must look at after reading has believed something. 0; negative. */
int core_billing_tell(struct core *core, const struct reading_outcome *outcome);

/* core_operations.c: one call under a savepoint. Fills call->result and the reply; negative only when the whole
 * transaction must be rolled back. */
int core_call_execute(struct core *core, struct core_call *call);

/* core_money.c: ledger, notices and billing. 0; negative. close accepts what never opened. */
int core_money_open(struct core *core);
void core_money_close(struct core *core);

/* core_collect.c: reading plans and tasks. 0; the room's negative reason. */
int core_collect_open(struct core *core);

/* core_notices.c: what rooms tell the core while they work; wired as their listeners and ports. */
int core_command_changed(void *core, const struct command_change *change);
int core_watch_changed(void *core, const struct watch_change *change);
struct billing_actions core_billing_actions(struct core *core);

/* The device may be told something when this transaction ends. */
void core_listen(struct core *core, uint32_t device_id, bool heard);

/* Tell the gate after the commit that an IMEI may or may no longer speak.
 * returns  0; a negative number when the list is full */
int core_archive_changed(struct core *core, uint32_t device_id);

/* core_lines.c: tell the gate a line as the archive has it now; a device that is no line is no news to it.
 * returns  false: the gate is full */
bool core_line_tell(struct core *core, uint32_t device_id);

/* core_live.c: an event for browsers, after the commit. `format` makes one JSON object. */
void core_live_add(struct core *core, uint32_t tenant_id, uint32_t area_id, enum live_kind kind, const char *format,
                   ...) __attribute__((format(printf, 5, 6)));
void core_live_flush(struct core *core);

/* The caller's jurisdiction. 0; the registry's reason. */
int core_scope(struct core *core, const struct core_request *head, struct registry_scope *scope);

/* Append to the audit trail under the caller's name. 0; the store's reason. */
int core_audit(struct core *core, const struct core_request *head, const char *action, const char *object_kind,
               int64_t object_id, const char *detail);

/* Handlers, by the file that holds them. Each returns 0 or a room's negative reason. */
typedef int core_handler(struct core *core, const void *request, struct core_reply *reply);

core_handler core_reading_task_create, core_reading_task_cancel, core_device_read, core_reread;
core_handler core_reading_plan_create, core_reading_plan_change, core_reading_plan_delete;
core_handler core_area_create, core_device_create, core_device_change, core_device_exchange;
core_handler core_balance_zone_create, core_balance_zone_change, core_balance_zone_delete;
core_handler core_set_aside_decide, core_command_ask, core_command_withdraw, core_event_acknowledge;
core_handler core_customer_create, core_customer_change, core_account_open, core_account_change, core_tariff_create,
    core_tariff_version_add, core_settlement_run, core_settlement_preview, core_payment_take;

#endif
