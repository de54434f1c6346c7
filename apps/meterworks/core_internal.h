/* What the files of the core share. */
#ifndef APPS_METERWORKS_CORE_INTERNAL_H
#define APPS_METERWORKS_CORE_INTERNAL_H

#include "api/live.h"
#include "apps/meterworks/core.h"
#include "base/undo.h"
#include "billing/billing.h"
#include "collect/collect.h"
#include "command/command.h"
#include "estate/estate.h"
#include "reading/reading.h"
#include "registry/registry.h"
#include "security/people.h"
#include "store/sql/bank_sql.h"
#include "store/sql/billing_sql.h"
#include "store/sql/cash_sql.h"
#include "store/sql/case_sql.h"
#include "store/sql/collect_sql.h"
#include "store/sql/command_sql.h"
#include "store/sql/document_sql.h"
#include "store/sql/estate_sql.h"
#include "store/sql/invoice_sql.h"
#include "store/sql/lease_sql.h"
#include "store/sql/invoice_standing_sql.h"
#include "store/sql/event_sql.h"
#include "store/sql/ledger_sql.h"
#include "store/sql/money_sums.h"
#include "store/sql/area_counts.h"
#include "store/sql/search_index.h"
#include "store/sql/notify_sql.h"
#include "store/sql/partner_sql.h"
#include "store/sql/measure_sql.h"
#include "store/sql/share_sql.h"
#include "store/sql/late_sql.h"
#include "store/sql/money_carry_sql.h"
#include "store/sql/unit_sql.h"
#include "store/sql/payment_sql.h"
#include "store/sql/people_sql.h"
#include "store/sql/resident_sql.h"
#include "store/sql/reading_sql.h"
#include "store/sql/registry_sql.h"
#include "store/sql/tariff_sql.h"
#include "store/sql/watch_sql.h"
#include "watch/watch.h"

#define CORE_DOWNLINK_LIMIT CORE_BATCH_LIMIT
#define CORE_LIVE_LIMIT 512   /* events kept until the commit; more are left out, pages refresh by themselves */
#define CORE_LIVE_READING_LIMIT 256 /* of them about single readings: a storm of those crowds out nothing else */
#define CORE_ORDER_LIMIT 256  /* commands to lines of one transaction; the others go with the next */
#define CORE_SEARCH_LIMIT 16 /* searches for meters that have not left yet; and of those that have, which can be cancelled */
#define CORE_VISIT_LIMIT 1024 /* devices that are to be looked at again; the one with most time gives way */
#define CORE_CHANGE_LIMIT 8192 /* archive changes not yet told to the gate: those of an import, and others beside them */

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

/* A command that the gate could not take. */
struct core_returned {
    uint64_t command_id;
    uint32_t device_id;
};

/* A search for the meters of a line. */
struct core_search {
    uint32_t line_id;
    char profile[LINE_PROFILE_LIMIT]; /* whose language is searched; "": every one */
};

struct core_search_sent {
    uint32_t line_id; /* 0: none */
    uint64_t order_id;
};

/* A device behind a line that is to be looked at again: has it done what it was told? */
struct core_visit {
    uint32_t device_id;
    uint16_t operation; /* enum line_operation that reads what shows it; 0: only offer the next command */
    uint16_t step;      /* how often it was looked at */
    int64_t at_s;
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
    struct store *store;
    struct lease_sql lease_sql;
    struct lease_store lease_store;
    struct lease lease;
    bool fenced; /* another core has taken the shard over */
    struct undo *undo;

    struct registry_sql *registry_sql;
    struct reading_sql *reading_sql;
    struct command_sql *command_sql;
    struct collect_sql *collect_sql;
    struct estate_sql *estate_sql;
    struct watch_sql *watch_sql;
    struct people_sql people_sql;
    struct resident_sql resident_sql;
    struct ledger_sql *ledger_sql;
    struct money_sums *money_sums;
    struct search_index *search_index;
    struct area_counts *area_counts;
    struct billing_sql *billing_sql;
    struct notify_sql *notify_sql;
    struct document_sql *document_sql;
    struct invoice_sql *invoice_sql;
    struct invoice_standing_sql *invoice_standing_sql;
    struct payment_sql *payment_sql;
    struct cash_sql *cash_sql;
    struct bank_sql *bank_sql;
    struct measure_sql *measure_sql;
    struct share_sql *share_sql;
    struct unit_sql *unit_sql;
    struct late_sql *late_sql;
    struct money_carry_sql *money_carry_sql;
    struct case_sql *case_sql;
    struct tariff_sql *tariff_sql;
    struct people_store people_store;
    struct resident_store resident_store;
    struct event_sql event_sql;
    struct event_store event_store;
    struct partner_sql partner_sql;
    struct partner_store partner_store;

    struct registry *registry;
    struct reading_room *reading;
    struct command_room *command;
    struct collect_room *collect;
    struct estate_room *estate;
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
    struct core_returned *returned; /* for the next transaction */
    size_t returned_count;
    struct line_order *orders; /* commands to lines, to leave after the commit */
    size_t order_count;
    struct core_visit visits[CORE_VISIT_LIMIT];
    size_t visit_count;
    uint32_t visit_serial; /* of the orders that look */
    struct core_search searches[CORE_SEARCH_LIMIT]; /* to leave after the commit */
    size_t search_count;
    size_t search_kept; /* of them, committed earlier: the gate was full */
    struct core_search_sent searches_sent[CORE_SEARCH_LIMIT]; /* by serial; the oldest gives way */
    uint32_t search_serial;
    uint32_t sweep_position; /* the device last asked whether something waits for it */
    struct core_archive_change *changes;
    size_t change_count;
    size_t change_kept;  /* of them, committed earlier and still to be told */
    uint32_t line_position; /* of registry_line_next: the lines before it have been told to the gate since the start */
    struct core_live_event *live;
    size_t live_count;
    bool messages_waiting; /* tell the senders after the commit */
    struct counter_table counters;
    struct counter counter_values[CORE_COUNTER_COUNT];
    uint64_t tally[CORE_COUNTER_COUNT]; /* of the transaction under way */
};

/* core_uplink.c: one uplink through the rooms. 0; negative: roll the transaction back. */
int core_uplink_take(struct core *core, const struct uplink *uplink);

/* An event for each meter whose stored readings were found damaged. */
int core_damage_tell(struct core *core);

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

/* core_lines.c: an uplink that came over a line. 0; negative: roll the transaction back. */
int core_line_take(struct core *core, const struct uplink *uplink, const struct registry_device *device);

/* core_lines.c: what reading said of a value that came over a line: is the concentrator one with old data? 0; negative. */
int core_line_judge(struct core *core, const struct registry_device *meter, const struct reading_outcome *outcome);

/* core_lines.c: as the listener of the estate room. */
int core_estate_condition(void *core, uint32_t line_id, enum estate_condition condition, bool present, const char *detail,
                          int64_t now_s);
int core_estate_synced(void *core, const struct estate_sync *sync);

/* core_uplink.c: an uplink of a meter, whatever way it came. 0; negative. */
int core_meter_take(struct core *core, const struct uplink *uplink);

/* core_orders.c: a command to a device behind a line becomes an order that leaves after the commit.
 * returns  0; negative: roll the transaction back */
int core_order_add(struct core *core, const struct downlink *downlink);

/* core_orders.c: how an order with a command ended, or that one that looked has. 0; negative. */
int core_order_answer(struct core *core, const struct uplink *uplink);

/* core_orders.c: the answer to a look that proves a command: newer than the command. */
bool core_order_is_look(const struct uplink *uplink);

/* core_orders.c: in the transaction: devices whose turn it is again may be told something. */
void core_visits_listen(struct core *core);

/* core_orders.c: once a second: nobody who waits behind a connected line is forgotten. */
void core_visits_sweep(struct core *core);

/* core_orders.c: after the commit: commands, downloads and looks leave. */
void core_orders_send(struct core *core);

/* core_orders.c: as the collect room sends: an order with the secrets of its meter, through the port. */
bool core_collect_leave(void *core, const struct line_order *order);
bool core_collect_cancel(void *core, uint32_t line_id, uint64_t order_id);

/* core_orders.c: look at a device again. */
void core_visit_add(struct core *core, uint32_t device_id, uint16_t operation, uint16_t step, int64_t at_s);

/* core_orders.c: something has changed for a device that was not to be looked at for long: it is, now. */
void core_visits_hasten(struct core *core, uint32_t device_id);

/* core_orders.c: a purchase waits for the count that its meter shows: look at it, unless it is being looked at. */
void core_count_read(struct core *core, uint32_t device_id);

/* core_secret.c: seal a secret of a device and store it; "" forgets it.
 * returns  0; SECURITY_ERR_CRYPTOGRAPHY; negative of the store */
int core_secret_put(struct core *core, uint32_t device_id, const char *purpose, const uint8_t *bytes, size_t size);

/* core_secret.c: returns bytes written to `out`, KEY_HOLDER_SEALED_LIMIT of room; 0 there is none; negative. */
int core_secret_take(struct core *core, uint32_t device_id, const char *purpose, uint8_t *out);

/* core_secret.c: password, operator code and key of the meter that an order is for. */
void core_secrets_fill(struct core *core, struct line_order *order);

/* core_live.c: an event for browsers, after the commit. `format` makes one JSON object. */
void core_live_add(struct core *core, uint32_t tenant_id, uint32_t area_id, enum live_kind kind, const char *format,
                   ...) __attribute__((format(printf, 5, 6)));
void core_live_flush(struct core *core);

/* The caller's jurisdiction. 0; the registry's reason. */
int core_scope(struct core *core, const struct core_request *head, struct registry_scope *scope);

/* Append to the audit trail under the caller's name. 0; the store's reason. */
int core_audit(struct core *core, const struct core_request *head, const char *action, const char *object_kind,
               int64_t object_id, const char *detail);

/* core_money.c: who asks, for the billing room. */
struct billing_scope core_money_scope(const struct core_request *head);

/* core_search.c: after the commit. */
void core_searches_send(struct core *core);

/* Handlers, by the file that holds them. Each returns 0 or a room's negative reason. */
typedef int core_handler(struct core *core, const void *request, struct core_reply *reply);

core_handler core_messages_take, core_messages_settle, core_messages_receive, core_message_resend, core_message_test,
    core_message_template_put, core_message_recipient_create, core_message_recipient_delete;
core_handler core_reading_task_create, core_reading_task_cancel, core_device_read, core_reread;
core_handler core_reading_plan_create, core_reading_plan_change, core_reading_plan_delete;
core_handler core_area_create, core_device_create, core_device_change, core_device_exchange;
core_handler core_balance_zone_create, core_balance_zone_change, core_balance_zone_delete;
core_handler core_devices_import, core_line_create, core_line_change, core_line_clock_set, core_line_search, core_line_search_cancel,
    core_archive_sync;
core_handler core_set_aside_decide, core_command_ask, core_command_withdraw, core_event_acknowledge;
core_handler core_customer_create, core_customer_change, core_account_open, core_account_change, core_tariff_create,
    core_tariff_version_add, core_settlement_run, core_settlement_preview, core_payment_take;
core_handler core_run_draft, core_run_approve, core_run_cancel, core_run_reverse, core_run_review, core_run_sample;
core_handler core_measures_change, core_tariff_draft_create, core_tariff_draft_change, core_tariff_draft_try,
    core_tariff_draft_try_cancel, core_tariff_draft_ask, core_tariff_draft_release, core_tariff_draft_refuse,
    core_tariff_draft_withdraw;
core_handler core_group_join, core_share_set, core_batch_ask, core_batch_release, core_batch_stop;
core_handler core_hold_place, core_hold_settle, core_period_close;

core_handler core_payment_order_create, core_payment_work_take, core_payment_outcome_take;

core_handler core_reconciliation_ask, core_reconciliation_due, core_reconciliation_take, core_difference_resolve;
core_handler core_payment_refund_resolve, core_payment_order_cancel;
core_handler core_cash_shift_open, core_cash_shift_count, core_cash_shift_confirm, core_payment_undo_ask,
    core_payment_undo_release, core_payment_undo_refuse, core_cash_deposit;
core_handler core_bank_check, core_bank_book, core_bank_cancel, core_bank_assign, core_bank_return,
    core_bank_mapping_put;
core_handler core_document_print, core_document_template_put, core_invoice_ask, core_invoice_cancel,
    core_invoice_red_letter, core_invoice_retry, core_invoice_work_take, core_invoice_answer_take;
/* core_invoices.c: as billing_actions.invoice_take_back */
int core_invoice_take_back(struct core *core, int64_t invoice_id, const char *reason, uint32_t person_id);

core_handler core_partner_create, core_partner_change, core_partner_token_add, core_partner_token_revoke,
    core_partner_used, core_partner_control;
core_handler core_refund_ask, core_refund_preview, core_refund_settle, core_approval_read, core_approval_decide;
core_handler core_webhook_create, core_webhook_change, core_webhook_rotate, core_webhook_test;

/* core_events.c: what other systems hear of. 0; negative of the store. */
int core_event_of_money(struct core *core, const struct billing_money *money);
int core_event_of_notice(struct core *core, const struct billing_notice *notice, int64_t notice_id);
int core_event_of_command(struct core *core, const struct command_record *command);

/* core_events.c: where messages of MESSAGE_EVENT go, as they are handed out; and what became of them. */
int core_events_address(struct core *core, int64_t wall_s, struct message messages[], uint32_t count);
int core_events_settled(struct core *core, const struct message_result results[], size_t count);
core_handler core_late_fee_waive, core_meter_carry_ask, core_closing_ask, core_deposit_keep, core_unit_quote, core_share_basis_set, core_payment_move_ask;

#endif
