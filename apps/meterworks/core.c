#include "apps/meterworks/core_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/meterworks/core_loading.h"
#include "apps/meterworks/house_error.h"
#include "apps/meterworks/store_place.h"
#include "base/log.h"
#include "notify/outbox.h"
#include "registry/registry_line.h"
#include "store/store_error.h"

#define UNDO_CAPACITY (64u << 20)  /* before-images of CORE_BATCH_LIMIT uplinks and their consequences */
#define COMMANDS_PER_TICK 256
#define ACCOUNTS_PER_TICK 2000     /* some tens of milliseconds where all are well; a transaction costs as much as a hundred */
#define OWED_PER_TICK CORE_BATCH_LIMIT /* as many as came: what is owed cannot outgrow what BILLING_OWED_S brings */
#define TRANSFERS_PER_TICK 10000   /* added to the sums of reports: some tens of milliseconds */
#define COUNTED_PER_TICK 2000      /* devices of an archive that is older than the counts of its areas: as long */
#define SEARCH_ROWS_PER_TICK 2000  /* of an archive that is older than its search index: some tens of milliseconds */
#define METERS_PER_TICK 50000      /* of lines, looked at in one transaction for what they owe */
#define LISTENER_LIMIT (CORE_BATCH_LIMIT + CORE_CALL_LIMIT + COMMANDS_PER_TICK + CORE_VISIT_LIMIT)
#define DEVICES_PER_TICK 20000     /* looked at for silence a second: ten million in under ten minutes */

static const struct counter_description counter_rows[CORE_COUNTER_COUNT] = {
    [CORE_UPLINKS]            = { "core_uplinks", "messages from devices that reached the core" },
    [CORE_UPLINKS_REFUSED]    = { "core_uplinks_refused", "messages not acknowledged because the store refused" },
    [CORE_DUPLICATES]         = { "core_duplicates", "reports that came again with the same content" },
    [CORE_MIDNIGHTS]          = { "core_midnights", "midnight values newly believed" },
    [CORE_SET_ASIDE]          = { "core_set_aside", "values set aside with a reason" },
    [CORE_UNKNOWN_DEVICES]    = { "core_unknown_devices", "messages of devices that are not in the archive" },
    [CORE_CALLS]              = { "core_calls", "calls from the api" },
    [CORE_CALLS_REFUSED]      = { "core_calls_refused", "calls from the api that a rule refused" },
    [CORE_COMMITS]            = { "core_commits", "transactions committed" },
    [CORE_ROLLBACKS]          = { "core_rollbacks", "transactions the store refused" },
    [CORE_DOWNLINKS]          = { "core_downlinks", "commands handed to the gate" },
    [CORE_DOWNLINKS_RETURNED] = { "core_downlinks_returned", "commands the gate could not take" },
    [CORE_LIVE_DROPPED]       = { "core_live_dropped", "live events left out because one transaction had too many" },
};

static int stores_open(struct core *core)
{
    int result = registry_sql_open(core->store, &core->registry_sql);

    if (result == 0)
        result = reading_sql_open(core->store, &core->reading_sql);
    if (result == 0)
        result = command_sql_open(core->store, &core->command_sql);
    if (result == 0)
        result = collect_sql_open(core->store, &core->collect_sql);
    if (result == 0)
        result = estate_sql_open(core->store, &core->estate_sql);
    if (result == 0)
        result = watch_sql_open(core->store, &core->watch_sql);
    if (result == 0)
        result = people_sql_open(&core->people_sql, core->store, &core->people_store);
    if (result == 0)
        result = resident_sql_open(&core->resident_sql, core->store, &core->people_store, &core->resident_store);
    if (result == 0)
        result = partner_sql_open(&core->partner_sql, core->store, &core->partner_store);
    if (result == 0)
        result = event_sql_open(&core->event_sql, core->store, &core->event_store);
    if (result == 0)
        result = ledger_sql_open(core->store, &core->ledger_sql);
    if (result == 0)
        result = money_sums_open(core->store, &core->money_sums);
    if (result == 0)
        result = search_index_open(core->store, &core->search_index);
    if (result == 0)
        result = area_counts_open(core->store, &core->area_counts);
    if (result == 0)
        result = billing_sql_open(core->store, &core->billing_sql);
    if (result == 0)
        result = notify_sql_open(core->store, core->undo, &core->notify_sql);
    if (result == 0)
        result = payment_sql_open(core->store, &core->payment_sql);
    if (result == 0)
        result = cash_sql_open(core->store, &core->cash_sql);
    if (result == 0)
        result = bank_sql_open(core->store, &core->bank_sql);
    if (result == 0)
        result = document_sql_open(core->store, &core->document_sql);
    if (result == 0)
        result = invoice_sql_open(core->store, &core->invoice_sql);
    if (result == 0)
        result = invoice_standing_sql_open(core->store, &core->invoice_standing_sql);
    if (result == 0)
        result = money_carry_sql_open(core->store, &core->money_carry_sql);
    if (result == 0)
        result = measure_sql_open(core->store, &core->measure_sql);
    if (result >= 0)
        result = share_sql_open(core->store, &core->share_sql);
    if (result == 0)
        result = unit_sql_open(core->store, &core->unit_sql);
    if (result == 0)
        result = late_sql_open(core->store, &core->late_sql);
    if (result >= 0)
        result = case_sql_open(core->store, &core->case_sql);
    if (result == 0)
        result = tariff_sql_open(core->store, &core->tariff_sql);
    return result;
}

static int estate_make(struct core *core)
{
    struct estate_config config = {
        .store = estate_sql_store(core->estate_sql), .registry = core->registry, .undo = core->undo,
        .device_limit = core->config.device_limit, .seed = core->config.seed, .listener = core,
        .condition = core_estate_condition, .synced = core_estate_synced,
    };
    return estate_open(&config, &core->estate);
}

static int device_rooms_open(struct core *core)
{
    const struct core_config *config = &core->config;
    int result = core_rooms_load(core);

    if (result == 0) {
        struct command_config command = {
            .store = command_sql_store(core->command_sql), .registry = core->registry, .undo = core->undo,
            .device_limit = config->device_limit, .listener = core, .changed = core_command_changed,
        };
        result = command_open(&command, &core->command);
    }
    if (result == 0)
        result = core_collect_open(core);
    if (result == 0) {
        struct watch_config watch = {
            .store = watch_sql_store(core->watch_sql), .registry = core->registry, .reading = core->reading, .undo = core->undo,
            .device_limit = config->device_limit, .listener = core, .changed = core_watch_changed,
        };
        result = watch_open(&watch, &core->watch);
    }
    return result == 0 ? estate_make(core) : result;
}

static int lists_open(struct core *core)
{
    core->listening = calloc(LISTENER_LIMIT, sizeof *core->listening);
    core->downlinks = calloc(CORE_DOWNLINK_LIMIT, sizeof *core->downlinks);
    core->returned = calloc(CORE_DOWNLINK_LIMIT + CORE_ORDER_LIMIT, sizeof *core->returned);
    core->orders = calloc(CORE_ORDER_LIMIT, sizeof *core->orders);
    core->changes = calloc(CORE_CHANGE_LIMIT, sizeof *core->changes);
    core->live = calloc(CORE_LIVE_LIMIT, sizeof *core->live);
    core->counters = (struct counter_table){ counter_rows, core->counter_values, CORE_COUNTER_COUNT };
    if (core->listening == NULL || core->downlinks == NULL || core->returned == NULL || core->changes == NULL ||
        core->orders == NULL || core->live == NULL)
        return STORE_ERR_MEMORY;
    size_t capacity = core->config.undo_capacity > 0 ? core->config.undo_capacity : UNDO_CAPACITY;
    return undo_open(capacity, &core->undo) < 0 ? STORE_ERR_MEMORY : 0;
}

/* Whoever opened the core has the shard already. */
static int lease_open(struct core *core)
{
    int result = lease_sql_shard(core->store, &core->lease.shard);

    if (core->config.lease_epoch == 0 || result < 0)
        return result;
    core->lease.store = &core->lease_store;
    core->lease.epoch = core->config.lease_epoch;
    return lease_sql_open(&core->lease_sql, core->store, &core->lease_store);
}

static int core_start(struct core *core, char problem[256])
{
    char why[STORE_WHY_SIZE] = "";
    struct store_config store = {
        .why = why, .path = core->config.path, .page_limit = core->config.page_limit, .synchronous = core->config.synchronous,
        .alone = core->config.lease_epoch == 0, /* else the lease says who writes */
        .idle_limit_ms = core->config.lease_epoch != 0 ? LEASE_QUIET_MS : 0,
    };
    int result = lists_open(core);

    if (result == 0)
        result = store_open(&store, &core->store);
    if (result == 0)
        result = lease_open(core);
    if (result == 0)
        result = stores_open(core);
    if (result == 0)
        result = device_rooms_open(core);
    if (result == 0)
        result = core_money_open(core);
    if (result < 0)
        store_place_problem(core->config.path, house_error_info(result)->text_en, why, problem);
    return result;
}

int core_open(const struct core_config *config, struct core **out, char problem[256])
{
    struct core *core = calloc(1, sizeof *core);
    int result;

    if (core == NULL) {
        snprintf(problem, 256, "out of memory");
        return STORE_ERR_MEMORY;
    }
    core->config = *config;
    result = core_start(core, problem);
    if (result < 0) {
        core_close(core);
        return result;
    }
    *out = core;
    return 0;
}

/* The next core need not wait; if it cannot be told, it waits until this one has been quiet. */
static void lease_close(struct core *core)
{
    if (core->lease.epoch != 0 && core->lease_store.context != NULL)
        (void)lease_give_back(&core->lease);
    lease_sql_close(&core->lease_sql);
}

void core_close(struct core *core)
{
    if (core == NULL)
        return;
    core_money_close(core);
    estate_close(core->estate);
    watch_close(core->watch);
    collect_close(core->collect);
    command_close(core->command);
    reading_close(core->reading);
    registry_close(core->registry);
    invoice_sql_close(core->invoice_sql);
    invoice_standing_sql_close(core->invoice_standing_sql);
    money_carry_sql_close(core->money_carry_sql);
    document_sql_close(core->document_sql);
    bank_sql_close(core->bank_sql);
    cash_sql_close(core->cash_sql);
    tariff_sql_close(core->tariff_sql);
    measure_sql_close(core->measure_sql);
    unit_sql_close(core->unit_sql);
    late_sql_close(core->late_sql);
    share_sql_close(core->share_sql);
    case_sql_close(core->case_sql);
    payment_sql_close(core->payment_sql);
    notify_sql_close(core->notify_sql);
    billing_sql_close(core->billing_sql);
    money_sums_close(core->money_sums);
    area_counts_close(core->area_counts);
    search_index_close(core->search_index);
    ledger_sql_close(core->ledger_sql);
    resident_sql_close(&core->resident_sql);
    event_sql_close(&core->event_sql);
    partner_sql_close(&core->partner_sql);
    people_sql_close(&core->people_sql);
    watch_sql_close(core->watch_sql);
    collect_sql_close(core->collect_sql);
    estate_sql_close(core->estate_sql);
    command_sql_close(core->command_sql);
    reading_sql_close(core->reading_sql);
    registry_sql_close(core->registry_sql);
    lease_close(core);
    store_close(core->store);
    undo_close(core->undo);
    free(core->listening);
    free(core->downlinks);
    free(core->returned);
    free(core->orders);
    free(core->changes);
    free(core->live);
    free(core);
}

void core_listen(struct core *core, uint32_t device_id, bool heard)
{
    /* One entry per uplink, call, due command or visit: the list is as long as their bounds together. */
    if (core->listening_count < LISTENER_LIMIT)
        core->listening[core->listening_count++] = (struct core_listener){ device_id, heard };
}

int core_archive_changed(struct core *core, uint32_t device_id)
{
    const struct registry_device *device = registry_device_find(core->registry, device_id);

    /* The gate knows devices that dial in themselves, and lines; what hangs on a line is named in each order. */
    if (device == NULL || (device->imei == 0 && device->line_device_id != device_id))
        return 0;
    if (core->change_count == CORE_CHANGE_LIMIT)
        return HOUSE_ERR_CHANGES_FULL;
    core->changes[core->change_count++] = (struct core_archive_change){
        .imei = device->imei,
        .device_id = device_id,
        .removed = device->removed != 0,
        .secured_only = device->security == DEVICE_SECURITY_PSK,
    };
    return 0;
}

/* First whose time has come: reminders, valves, runs; then what storms left owed.
 * charged  meters of a storm that were looked after
 * returns  accounts looked at by billing_tick; negative: take the transaction back */
static int accounts_charge(struct core *core, int *charged)
{
    notify_sql_round_begin(core->notify_sql);
    int settled = billing_tick(core->billing, core->now_s, ACCOUNTS_PER_TICK);

    *charged = settled < 0 ? 0 : billing_owed_charge(core->billing, core->now_s, OWED_PER_TICK);
    return notify_sql_round_end(core->notify_sql, *charged < 0 ? *charged : settled);
}

/* Work that time makes due; once a second of the core's clock. */
static int due_work_do(struct core *core)
{
    int expired;
    int settled;
    int charged = 0;
    int result;

    if (core->now_s == core->ticked_s && !core->work_remains)
        return 0;
    core->ticked_s = core->now_s;
    expired = command_tick(core->command, core->now_s, COMMANDS_PER_TICK);
    if (expired < 0)
        return expired;
    result = watch_tick(core->watch, core->now_s, DEVICES_PER_TICK);
    if (result < 0)
        return result;
    result = estate_tick(core->estate, core->now_s);
    if (result < 0)
        return result;
    core_visits_sweep(core);
    settled = accounts_charge(core, &charged);
    if (settled < 0)
        return settled;
    int unsummed = money_sums_fold(core->money_sums, TRANSFERS_PER_TICK);
    if (unsummed < 0)
        return unsummed;
    bool unsearched = false;
    result = search_index_build(core->search_index, SEARCH_ROWS_PER_TICK, &unsearched);
    if (result < 0)
        return result;
    bool uncounted = false;
    result = area_counts_build(core->area_counts, COUNTED_PER_TICK, &uncounted);
    if (result < 0)
        return result;
    core->work_remains = expired == COMMANDS_PER_TICK || settled == ACCOUNTS_PER_TICK || charged == OWED_PER_TICK || unsummed == 1 || unsearched || uncounted;
    result = outbox_expire(notify_sql_store(core->notify_sql), core->now_s);
    if (result < 0)
        return result;
    result = reading_tick(core->reading, core->now_s);
    return result < 0 ? result : core_damage_tell(core);
}

/* In every transaction: what came from a line makes room for its next order. */
static int lines_give(struct core *core)
{
    int remains = collect_tick(core->collect, core->now_s, METERS_PER_TICK);

    if (remains > 0)
        core->work_remains = true;
    return remains < 0 ? remains : 0;
}

static int returned_put_back(struct core *core)
{
    for (size_t i = 0; i < core->returned_count; i++) {
        const struct core_returned *returned = &core->returned[i];
        int result = command_returned(core->command, returned->command_id, core->now_s);
        if (result < 0)
            return result;
        /* A device that sleeps has its next window; one behind a line listens on. */
        if (registry_line_of(core->registry, returned->device_id) != 0)
            core_visit_add(core, returned->device_id, 0, 0, core->now_s + 1);
    }
    return 0;
}

/* A device behind a line listens whenever the line is connected. */
static int line_command_take(struct core *core, uint32_t device_id, uint32_t line_id)
{
    struct downlink downlink;
    int result;

    if (core->order_count == CORE_ORDER_LIMIT || !estate_connected(core->estate, line_id))
        return 0;
    result = command_offer(core->command, device_id, core->now_s, &downlink);
    if (result == COMMAND_COUNT_FIRST) {
        core_count_read(core, device_id);
        return 0;
    }
    return result > 0 ? core_order_add(core, &downlink) : result;
}

static int radio_command_take(struct core *core, const struct core_listener *listener)
{
    int (*take)(struct command_room *, uint32_t, int64_t, struct downlink *) =
        listener->heard ? command_next : command_offer;
    int result;

    if (!listener->heard && !command_has_listened(core->command, listener->device_id))
        return 0;
    if (core->downlink_count == CORE_DOWNLINK_LIMIT)
        return 0;
    result = take(core->command, listener->device_id, core->now_s, &core->downlinks[core->downlink_count]);
    if (result > 0)
        core->downlink_count++;
    return result;
}

static int commands_take(struct core *core)
{
    core_visits_listen(core);
    for (size_t i = 0; i < core->listening_count; i++) {
        const struct core_listener *listener = &core->listening[i];
        uint32_t line_id = registry_line_of(core->registry, listener->device_id);
        int result = line_id != 0 ? line_command_take(core, listener->device_id, line_id)
                                  : radio_command_take(core, listener);
        if (result < 0)
            return result;
    }
    return 0;
}

/* What one transaction is about. */
struct batch {
    const struct uplink *uplinks;
    size_t uplink_count;
    struct core_call **calls;
    size_t call_count;
    bool has_due_work; /* and the work that time made due */
};

/* Balances follow their readings before commands are taken: what that asks of a meter can go out while it listens. */
static int readings_settle(struct core *core)
{
    int result = reading_flush(core->reading);

    return result < 0 ? result : billing_news_settle(core->billing, core->now_s);
}

static int transaction_do(struct core *core, const struct batch *batch)
{
    int result = returned_put_back(core);

    billing_clock_tell(core->billing, core->now_s);
    /* Calls first: money and safety do not wait behind a storm of reports. */
    for (size_t i = 0; result >= 0 && i < batch->call_count; i++)
        result = core_call_execute(core, batch->calls[i]);
    reading_expect(core->reading, batch->uplinks, batch->uplink_count);
    for (size_t i = 0; result >= 0 && i < batch->uplink_count; i++)
        result = core_uplink_take(core, &batch->uplinks[i]);
    if (result >= 0)
        result = readings_settle(core);
    if (result >= 0 && batch->has_due_work)
        result = due_work_do(core);
    if (result >= 0 && batch->has_due_work)
        result = lines_give(core);
    if (result >= 0)
        result = commands_take(core);
    if (result >= 0)
        result = collect_flush(core->collect, core->now_s);
    if (result >= 0)
        result = reading_flush(core->reading);
    if (result >= 0)
        result = search_index_update(core->search_index);
    return result < 0 ? result : store_commit(core->store);
}

static void calls_refuse(struct core_call *calls[], size_t call_count, int reason)
{
    for (size_t i = 0; i < call_count; i++) {
        memset(calls[i]->reply, 0, sizeof *calls[i]->reply);
        calls[i]->result = core_reply_refuse(calls[i]->reply, house_error_info(reason));
    }
}

/* What a transaction saw counts when it is committed: a message that is tried again is one message. */
static void tally_count(struct core *core)
{
    for (size_t i = 0; i < CORE_COUNTER_COUNT; i++)
        if (core->tally[i] > 0)
            counter_add(&core->counters, i, core->tally[i]);
    memset(core->tally, 0, sizeof core->tally);
}

/* What of the money's work was refused again and waits a minute, while everything else goes on. */
static void money_rest_tell(struct core *core)
{
    const char *work;
    int error;

    while ((work = billing_work_refused(core->billing, &error)) != NULL)
        log_write(LOG_STORE, LOG_ERROR, "", "money: %s rest for a minute: %s", work, house_error_info(error)->text_en);
}

static void rollback(struct core *core, int reason)
{
    memset(core->tally, 0, sizeof core->tally);
    store_rollback(core->store);
    undo_revert(core->undo, 0);
    reading_rolled_back(core->reading);
    collect_rolled_back(core->collect);
    billing_rolled_back(core->billing);
    counter_increment(&core->counters, CORE_ROLLBACKS);
    log_write(LOG_STORE, LOG_ERROR, "", "nothing stored: %s", house_error_info(reason)->text_en);
    money_rest_tell(core);
    core->live_count = 0;
    core->downlink_count = 0;
    core->order_count = 0;
    core->search_count = core->search_kept;
    core->change_count = core->change_kept;
    core->messages_waiting = false;
}

static bool gate_tell_change(struct core *core, const struct core_archive_change *change)
{
    const struct core_ports *ports = &core->config.ports;

    if (change->imei == 0)
        return core_line_tell(core, change->device_id);
    if (change->removed)
        return ports->device_remove == NULL || ports->device_remove(ports->context, change->imei, change->device_id);
    return ports->device_put == NULL ||
           ports->device_put(ports->context, change->imei, change->device_id, change->secured_only);
}

static void gate_tell_archive(struct core *core)
{
    size_t kept = 0;

    for (size_t i = 0; i < core->change_count; i++) {
        const struct core_archive_change *change = &core->changes[i];
        if (!gate_tell_change(core, change))
            core->changes[kept++] = *change;
    }
    core->change_count = kept;
    core->change_kept = kept;
}

static void gate_deliver_commands(struct core *core)
{
    const struct core_ports *ports = &core->config.ports;

    core->returned_count = 0;
    for (size_t i = 0; i < core->downlink_count; i++) {
        if (ports->deliver != NULL && ports->deliver(ports->context, &core->downlinks[i])) {
            counter_increment(&core->counters, CORE_DOWNLINKS);
            continue;
        }
        counter_increment(&core->counters, CORE_DOWNLINKS_RETURNED);
        core->returned[core->returned_count++] =
            (struct core_returned){ core->downlinks[i].command_id, core->downlinks[i].device_id };
    }
    core->downlink_count = 0;
}

static void uplinks_acknowledge(struct core *core, const struct uplink *uplinks, size_t count, bool accepted)
{
    const struct core_ports *ports = &core->config.ports;

    if (!accepted)
        counter_add(&core->counters, CORE_UPLINKS_REFUSED, count);
    for (size_t i = 0; ports->acknowledge != NULL && i < count; i++) {
        struct uplink_acknowledgement acknowledgement = {
            .message_id = uplinks[i].message_id,
            .device_id = uplinks[i].device_id,
            .gate = uplinks[i].gate,
            .accepted = accepted,
        };
        ports->acknowledge(ports->context, &acknowledgement);
    }
}

/* Nothing is done under a lease that was lost, and none is lost while a transaction is under way. */
static int transaction_begin(struct core *core)
{
    int result = core->fenced ? STORE_ERR_FENCED : store_begin(core->store);

    if (result < 0 || core->config.lease_epoch == 0)
        return result;
    result = lease_prove(&core->lease);
    core->fenced = result == LEASE_ERR_LOST;
    return core->fenced ? STORE_ERR_FENCED : result;
}

/* One transaction and, when it is committed, all that others may now know of it. */
static int batch_commit(struct core *core, const struct batch *batch)
{
    int64_t ticked_s = core->ticked_s;
    int result = transaction_begin(core);

    core->listening_count = 0;
    if (result >= 0)
        result = transaction_do(core, batch);
    if (result < 0) {
        rollback(core, result);
        core->ticked_s = ticked_s; /* what was due still is */
        return result;
    }
    undo_clear(core->undo);
    tally_count(core);
    counter_increment(&core->counters, CORE_COMMITS);
    uplinks_acknowledge(core, batch->uplinks, batch->uplink_count, true);
    gate_tell_archive(core);
    core_lines_tell(core);
    gate_deliver_commands(core);
    core_orders_send(core); /* first: what is about safety finds a place */
    collect_send(core->collect, core, core->config.ports.line_order != NULL ? core_collect_leave : NULL,
                 core->config.ports.line_cancel != NULL ? core_collect_cancel : NULL);
    core_searches_send(core);
    core_live_flush(core);
    if (core->messages_waiting && core->config.ports.messages_wait != NULL)
        core->config.ports.messages_wait(core->config.ports.context);
    core->messages_waiting = false;
    return 0;
}

/* Nothing of these was stored, and whoever sent them learns it. */
static void batch_refuse(struct core *core, const struct batch *batch, int reason)
{
    calls_refuse(batch->calls, batch->call_count, reason);
    uplinks_acknowledge(core, batch->uplinks, batch->uplink_count, false);
}

/* The store itself is in trouble; a contradiction (CONSTRAINT) is the trouble of one entry. */
static bool is_refused_by_store(int result)
{
    return store_error_info(result) != NULL && result != STORE_ERR_CONSTRAINT;
}

/* A part of a batch in a transaction of its own.
 * returns  1 committed; 0 a room refused something in it, nothing is stored; the store's reason when it cannot store */
static int part_commit(struct core *core, const struct batch *part)
{
    int result = batch_commit(core, part);

    if (result == 0)
        return 1;
    return is_refused_by_store(result) ? result : 0;
}

static void uplink_refuse(struct core *core, const struct uplink *uplink)
{
    uplinks_acknowledge(core, uplink, 1, false);
    log_write(LOG_STORE, LOG_ERROR, "", "a message of device %u is refused by a room and not acknowledged",
              uplink->device_id);
}

/* Halves the uplinks until the ones that are refused stand alone: of 4,096 with one bad one, 25 transactions.
 * returns  0; the store's reason, the rest being refused */
static int uplinks_halve(struct core *core, const struct uplink *uplinks, size_t count)
{
    struct batch part = { .uplinks = uplinks, .uplink_count = count };
    int result = count == 0 ? 1 : part_commit(core, &part);

    if (result < 0)
        uplinks_acknowledge(core, uplinks, count, false);
    if (result == 0 && count == 1)
        uplink_refuse(core, uplinks);
    if (result != 0 || count == 1)
        return result < 0 ? result : 0;
    result = uplinks_halve(core, uplinks, count / 2);
    if (result == 0)
        return uplinks_halve(core, uplinks + count / 2, count - count / 2);
    uplinks_acknowledge(core, uplinks + count / 2, count - count / 2, false);
    return result;
}

static int calls_part(struct core *core, struct core_call *calls[], size_t call_count)
{
    int result = 0;

    for (size_t i = 0; i < call_count; i++) {
        struct batch part = { .calls = calls + i, .call_count = 1 };
        int answer = result < 0 ? result : batch_commit(core, &part);
        if (answer < 0)
            calls_refuse(part.calls, 1, answer);
        if (answer < 0 && is_refused_by_store(answer))
            result = answer;
    }
    return result;
}

/* A room refused something of the batch, and a transaction is all or nothing: find out what, so that one bad message
 * cannot keep thousands of good ones out again and again. */
static int parts_do(struct core *core, const struct batch *batch)
{
    static const struct batch due = { .has_due_work = true };
    int result = calls_part(core, batch->calls, batch->call_count);

    if (result < 0) {
        uplinks_acknowledge(core, batch->uplinks, batch->uplink_count, false);
        return result;
    }
    result = uplinks_halve(core, batch->uplinks, batch->uplink_count);
    if (result < 0)
        return result;
    result = part_commit(core, &due);
    if (result == 0) {
        core->ticked_s = core->now_s; /* due work that is refused waits for the next second, not for the next batch */
        core->work_remains = false;
    }
    return result < 0 ? result : 0;
}

int core_work(struct core *core, const struct uplink *uplinks, size_t uplink_count, struct core_call *calls[],
              size_t call_count, int64_t now_s)
{
    struct batch batch = { uplinks, uplink_count, calls, call_count, true };

    core->now_s = now_s;
    counter_add(&core->counters, CORE_UPLINKS, uplink_count);
    int result = batch_commit(core, &batch);
    if (result == 0)
        return 0;
    if (!is_refused_by_store(result))
        return parts_do(core, &batch);
    batch_refuse(core, &batch, result);
    return result;
}

int core_execute(struct core *core, enum core_operation operation, const void *request, struct core_reply *reply,
                 int64_t now_s)
{
    struct core_call call = { .operation = operation, .request = request, .reply = reply };
    struct core_call *calls[] = { &call };
    int result = core_work(core, NULL, 0, calls, 1, now_s);

    return result < 0 ? result : call.result;
}

int core_tenant_add(struct core *core, const char *name, int32_t zone_offset_s, int64_t now_s, uint32_t *tenant_id,
                    uint32_t *root_area_id)
{
    int result = transaction_begin(core);

    if (result >= 0)
        result = registry_tenant_add(core->registry, name, zone_offset_s, now_s, tenant_id, root_area_id);
    if (result >= 0)
        result = store_commit(core->store);
    if (result < 0)
        rollback(core, result);
    else
        undo_clear(core->undo);
    return result;
}

void core_rest(struct core *core)
{
    int left = 1;

    while (left == 1) {
        int result = transaction_begin(core);
        if (result >= 0)
            result = left = reading_rows_settle(core->reading);
        if (result >= 0)
            result = store_commit(core->store);
        if (result < 0) {
            rollback(core, result);
            return;
        }
        undo_clear(core->undo);
    }
}

bool core_work_remains(const struct core *core)
{
    return core->work_remains;
}

uint32_t core_shard(const struct core *core)
{
    return core->lease.shard;
}

const struct registry *core_registry(const struct core *core)
{
    return core->registry;
}

struct store *core_store(struct core *core)
{
    return core->store;
}

struct counter_table *core_counters(struct core *core)
{
    return &core->counters;
}
