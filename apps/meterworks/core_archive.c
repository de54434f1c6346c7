/* Calls about places and devices. */
#include <stdio.h>
#include <string.h>

#include "apps/meterworks/core_internal.h"
#include "base/span.h"
#include "base/text.h"

static uint32_t kind_of_name(const char *name)
{
    static const char *const names[] = {
        [AREA_COMPANY] = "company", [AREA_DISTRICT] = "district", [AREA_ESTATE] = "estate", [AREA_BUILDING] = "building",
    };

    for (uint32_t kind = AREA_COMPANY; kind <= AREA_BUILDING; kind++)
        if (strcmp(name, names[kind]) == 0)
            return kind;
    return 0;
}

/* 0 in a record means the usual kind; an unknown name must not become that. */
static uint32_t device_kind_of_name(const char *name)
{
    uint32_t kind = registry_kind_of_name(name);

    return kind == DEVICE_KIND_NONE && name[0] != '\0' ? REGISTRY_KIND_COUNT : kind;
}

/* 0 in a record means the usual security; an unknown name must not become that. */
static uint32_t security_of_name(const char *name)
{
    if (name[0] == '\0')
        return 0;
    if (strcmp(name, "psk") == 0)
        return DEVICE_SECURITY_PSK;
    return strcmp(name, "plain") == 0 ? DEVICE_SECURITY_PLAIN : UINT32_MAX;
}

int core_area_create(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_area *ask = request;
    struct area_record row = { .parent_area_id = (uint32_t)ask->parent_area_id, .kind = kind_of_name(ask->kind) };
    struct registry_scope scope;
    int result = core_scope(core, &ask->head, &scope);

    if (result == 0)
        result = text_copy(span_of_text(ask->name), row.name, sizeof row.name) < 0 ? REGISTRY_ERR_NAME : 0;
    if (result == 0)
        result = registry_area_add(core->registry, &scope, &row);
    if (result == 0)
        result = core_audit(core, &ask->head, "area.create", "area", row.area_id, row.name);
    if (result == 0)
        reply->object_id = row.area_id;
    return result;
}

static int device_record_fill(const struct core_device *ask, struct device_record *row)
{
    row->device_id = (uint32_t)ask->head.object_id;
    row->area_id = (uint32_t)ask->area_id;
    row->imei = (uint64_t)ask->imei;
    row->register_modulus_value = ask->register_modulus_value;
    row->flow_limit_value_per_h = ask->flow_limit_value_per_h;
    row->start_register_value =
        (ask->head.present & CORE_DEVICE_HAS_START_REGISTER) != 0 ? ask->start_register_value : REGISTRY_START_UNKNOWN;
    row->installed_s = ask->installed_s;
    row->kind = device_kind_of_name(ask->kind);
    row->multiplier_e3 = ask->multiplier_e3;
    row->report_time_s = (int32_t)ask->report_time_s;
    row->size_dn_mm = ask->size_dn_mm;
    row->security = security_of_name(ask->security);
    if (text_copy(span_of_text(ask->room), row->room, sizeof row->room) < 0)
        return REGISTRY_ERR_TEXT;
    if (text_copy(span_of_text(ask->meter_number), row->meter_number, sizeof row->meter_number) < 0)
        return REGISTRY_ERR_METER_NUMBER;
    if (text_copy(span_of_text(ask->maker), row->maker, sizeof row->maker) < 0)
        return REGISTRY_ERR_TEXT;
    return text_copy(span_of_text(ask->profile), row->profile, sizeof row->profile) < 0 ? REGISTRY_ERR_TEXT : 0;
}

int core_device_create(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_device *ask = request;
    struct device_record row = { 0 };
    struct registry_scope scope;
    int result = core_scope(core, &ask->head, &scope);

    if (result == 0)
        result = device_record_fill(ask, &row);
    if ((ask->head.present & CORE_DEVICE_HAS_REPORT_TIME) == 0)
        row.report_time_s = REGISTRY_REPORT_TIME_S;
    if (result == 0)
        result = registry_device_add(core->registry, &scope, core->now_s, &row);
    if (result == 0)
        result = core_archive_changed(core, row.device_id);
    if (result == 0)
        result = core_audit(core, &ask->head, "device.create", "device", row.device_id, row.meter_number);
    if (result == 0)
        reply->object_id = row.device_id;
    return result;
}

/* The api's field bits and the registry's are the same list in the same order, the removal apart. */
static uint32_t change_fields(uint64_t present)
{
    return (uint32_t)(present & ~(CORE_DEVICE_HAS_REMOVED | CORE_DEVICE_HAS_START_REGISTER));
}

_Static_assert(CORE_DEVICE_HAS_AREA == REGISTRY_CHANGE_AREA &&
                   CORE_DEVICE_HAS_METER_NUMBER == REGISTRY_CHANGE_METER_NUMBER &&
                   CORE_DEVICE_HAS_TRANSFORMERS == REGISTRY_CHANGE_TRANSFORMERS,
               "field bits of api and registry agree");

/* The audit trail says which ratio counted until now, and which counts from now on. Call before the change. */
static void change_describe(const struct core *core, const struct core_device *ask, char *text, size_t size)
{
    const struct registry_device *device = registry_device_find(core->registry, (uint32_t)ask->head.object_id);

    text[0] = '\0';
    if (device != NULL && (ask->head.present & CORE_DEVICE_HAS_TRANSFORMERS) != 0)
        (void)snprintf(text, size, "multiplier_e3 %u -> %lld", device->multiplier_e3, (long long)ask->multiplier_e3);
}

int core_device_change(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_device *ask = request;
    struct device_record row = { 0 };
    struct registry_scope scope;
    uint32_t fields = change_fields(ask->head.present);
    char detail[64];
    int result = core_scope(core, &ask->head, &scope);

    change_describe(core, ask, detail, sizeof detail);
    if (result == 0)
        result = device_record_fill(ask, &row);
    if (result == 0 && fields != 0)
        result = registry_device_change(core->registry, &scope, fields, &row);
    if (result == 0 && (fields & REGISTRY_CHANGE_TRANSFORMERS) != 0)
        result = reading_multiplier_changed(core->reading, row.device_id);
    if (result == 0 && (ask->head.present & CORE_DEVICE_HAS_REMOVED) != 0 && ask->removed)
        result = registry_device_remove(core->registry, &scope, row.device_id, core->now_s);
    if (result == 0)
        result = core_archive_changed(core, row.device_id);
    if (result == 0)
        result = core_audit(core, &ask->head, "device.change", "device", row.device_id, detail);
    reply->object_id = row.device_id;
    return result;
}

static int exchange_fill(struct core *core, const struct core_device_exchange *ask, struct registry_exchange *exchange)
{
    int result;

    exchange->old_device_id = (uint32_t)ask->head.object_id;
    exchange->new_imei = (uint64_t)ask->new_imei;
    exchange->new_start_value = ask->new_start_value;
    result = text_copy(span_of_text(ask->new_meter_number), exchange->new_meter_number,
                       sizeof exchange->new_meter_number);
    if (result < 0)
        return REGISTRY_ERR_METER_NUMBER;
    return reading_exchange_total(core->reading, exchange->old_device_id, ask->old_end_value, core->now_s,
                                  &exchange->end_total_value);
}

int core_device_exchange(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_device_exchange *ask = request;
    struct registry_exchange exchange = { 0 };
    struct registry_scope scope;
    uint32_t new_device_id = 0;
    int result = core_scope(core, &ask->head, &scope);

    if (result == 0 && !registry_scope_holds(core->registry, &scope, (uint32_t)ask->head.object_id))
        result = REGISTRY_ERR_DEVICE;
    if (result == 0)
        result = exchange_fill(core, ask, &exchange);
    if (result == 0)
        result = registry_device_exchange(core->registry, &scope, &exchange, core->now_s, &new_device_id);
    if (result == 0)
        result = billing_device_exchanged(core->billing, exchange.old_device_id, new_device_id, core->now_s);
    if (result == 0)
        result = core_archive_changed(core, exchange.old_device_id);
    if (result == 0)
        result = core_archive_changed(core, new_device_id);
    if (result == 0)
        result = core_audit(core, &ask->head, "device.exchange", "device", new_device_id, ask->reason);
    if (result == 0)
        reply->object_id = new_device_id;
    return result;
}
