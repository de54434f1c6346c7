/* Calls about places and devices. */
#include <stdio.h>
#include <string.h>

#include "apps/meterworks/core_internal.h"
#include "base/cipher.h"
#include "base/hex.h"
#include "base/span.h"
#include "base/text.h"
#include "base/writer.h"
#include "registry/registry_line.h"

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
    row->parent_device_id = (uint32_t)ask->parent_device_id;
    row->measurement_point = (uint16_t)ask->measurement_point;
    row->port = (uint8_t)ask->port;
    row->ct_primary_a = ask->ct_primary_a;
    row->ct_secondary_a = ask->ct_secondary_a;
    row->pt_primary_v = ask->pt_primary_v;
    row->pt_secondary_v = ask->pt_secondary_v;
    row->security = security_of_name(ask->security);
    if (text_copy(span_of_text(ask->room), row->room, sizeof row->room) < 0)
        return REGISTRY_ERR_TEXT;
    if (text_copy(span_of_text(ask->meter_number), row->meter_number, sizeof row->meter_number) < 0)
        return REGISTRY_ERR_METER_NUMBER;
    if (text_copy(span_of_text(ask->maker), row->maker, sizeof row->maker) < 0)
        return REGISTRY_ERR_TEXT;
    if (text_copy(span_of_text(ask->address), row->address, sizeof row->address) < 0)
        return REGISTRY_ERR_ADDRESS;
    return text_copy(span_of_text(ask->profile), row->profile, sizeof row->profile) < 0 ? REGISTRY_ERR_TEXT : 0;
}

/* Digits are kept as they are typed, a key as its bytes. */
static int secrets_put(struct core *core, const struct core_device *ask, uint32_t device_id)
{
    uint8_t key[LINE_SECRET_LIMIT];
    int result = 0;

    if ((ask->head.present & CORE_DEVICE_HAS_PASSWORD) != 0)
        result = core_secret_put(core, device_id, "password", (const uint8_t *)ask->password, strlen(ask->password));
    if (result == 0 && (ask->head.present & CORE_DEVICE_HAS_OPERATOR) != 0)
        result = core_secret_put(core, device_id, "operator", (const uint8_t *)ask->operator_code,
                                 strlen(ask->operator_code));
    if (result != 0 || (ask->head.present & CORE_DEVICE_HAS_KEY) == 0)
        return result;
    int size = hex_decode(span_of_text(ask->key), key, sizeof key);
    if (size != 0 && size != LINE_SECRET_LIMIT)
        return REGISTRY_ERR_SECRET;
    result = core_secret_put(core, device_id, "key", key, (size_t)size);
    cipher_wipe(key, sizeof key);
    return result;
}

/* The rule is known to people who cannot see the figures: name them. */
static int line_full_explain(struct core *core, const struct core_device *ask, int result)
{
    uint32_t line_id = registry_line_of(core->registry, (uint32_t)ask->parent_device_id);
    struct registry_line_figures figures;

    if (result != REGISTRY_ERR_LINE_FULL)
        return result;
    registry_line_figures(core->registry, line_id, &figures);
    (void)snprintf(core->problem.code, sizeof core->problem.code, "line_full");
    (void)snprintf(core->problem.field, sizeof core->problem.field, "parent_device_id");
    (void)snprintf(core->problem.text_zh, sizeof core->problem.text_zh, "该集中器已有 %u 块表，上限为 %u 块",
                   (unsigned)figures.meter_count, (unsigned)figures.meter_limit);
    (void)snprintf(core->problem.text_en, sizeof core->problem.text_en,
                   "this concentrator or line has %u meters, and its limit is %u", (unsigned)figures.meter_count,
                   (unsigned)figures.meter_limit);
    return result;
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
        result = line_full_explain(core, ask, registry_device_add(core->registry, &scope, core->now_s, &row));
    if (result == 0)
        result = secrets_put(core, ask, row.device_id);
    if (result == 0)
        result = core_archive_changed(core, row.device_id);
    if (result == 0)
        result = core_audit(core, &ask->head, "device.create", "device", row.device_id, row.meter_number);
    if (result == 0)
        reply->object_id = row.device_id;
    return result;
}

/* The api's field bits and the registry's are the same list in the same order, the removal and secrets apart. */
static uint32_t change_fields(uint64_t present)
{
    uint64_t others = CORE_DEVICE_HAS_REMOVED | CORE_DEVICE_HAS_START_REGISTER | CORE_DEVICE_HAS_PASSWORD |
                      CORE_DEVICE_HAS_OPERATOR | CORE_DEVICE_HAS_KEY;
    return (uint32_t)(present & ~others);
}

_Static_assert(CORE_DEVICE_HAS_AREA == REGISTRY_CHANGE_AREA &&
                   CORE_DEVICE_HAS_METER_NUMBER == REGISTRY_CHANGE_METER_NUMBER &&
                   CORE_DEVICE_HAS_TRANSFORMERS == REGISTRY_CHANGE_TRANSFORMERS &&
                   CORE_DEVICE_HAS_PARENT == REGISTRY_CHANGE_PARENT && CORE_DEVICE_HAS_PROFILE == REGISTRY_CHANGE_PROFILE &&
                   CORE_DEVICE_HAS_INSTALLED == REGISTRY_CHANGE_INSTALLED,
               "field bits of api and registry agree");

static uint32_t multiplier_of(const struct core *core, uint32_t device_id)
{
    const struct registry_device *device = registry_device_find(core->registry, device_id);
    return device != NULL ? device->multiplier_e3 : 0;
}

static int64_t installed_of(const struct core *core, uint32_t device_id)
{
    const struct registry_device *device = registry_device_find(core->registry, device_id);
    return device != NULL ? device->installed_s : 0;
}

/* What the audit trail says of a change: which ratio and which day of installation counted until now, and which count
 * from now on. */
struct change_before {
    uint32_t multiplier_e3;
    int64_t installed_s;
};

static void change_describe(const struct core *core, const struct core_device *ask, const struct change_before *before,
                            char *text, size_t size)
{
    struct writer out = writer_of_buffer((uint8_t *)text, size - 1);
    uint32_t device_id = (uint32_t)ask->head.object_id;

    if ((ask->head.present & CORE_DEVICE_HAS_TRANSFORMERS) != 0)
        writer_format(&out, "multiplier_e3 %u -> %u", (unsigned)before->multiplier_e3,
                      (unsigned)multiplier_of(core, device_id));
    if ((ask->head.present & CORE_DEVICE_HAS_INSTALLED) != 0)
        writer_format(&out, "%sinstalled_s %lld -> %lld", out.size > 0 ? ", " : "", (long long)before->installed_s,
                      (long long)installed_of(core, device_id));
    text[out.size] = '\0';
}

int core_device_change(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_device *ask = request;
    struct device_record row = { 0 };
    struct registry_scope scope;
    uint32_t fields = change_fields(ask->head.present);
    struct change_before before = { multiplier_of(core, (uint32_t)ask->head.object_id),
                                    installed_of(core, (uint32_t)ask->head.object_id) };
    char detail[128];
    int result = core_scope(core, &ask->head, &scope);

    if (result == 0)
        result = device_record_fill(ask, &row);
    int left = result == 0 ? reading_archive_leaves(core->reading, row.device_id) : result;
    result = left < 0 ? left : 0;
    if (result == 0 && fields != 0)
        result = line_full_explain(core, ask, registry_device_change(core->registry, &scope, fields, &row));
    if (result == 0 && !registry_scope_holds(core->registry, &scope, row.device_id))
        result = REGISTRY_ERR_DEVICE;
    if (result == 0)
        result = secrets_put(core, ask, row.device_id);
    if (result == 0 && (fields & REGISTRY_CHANGE_TRANSFORMERS) != 0)
        result = reading_multiplier_changed(core->reading, row.device_id);
    if (result == 0 && (ask->head.present & CORE_DEVICE_HAS_REMOVED) != 0 && ask->removed)
        result = registry_device_remove(core->registry, &scope, row.device_id, core->now_s);
    if (result == 0 && left > 0)
        result = reading_archive_returns(core->reading, row.device_id, core->now_s);
    if (result == 0)
        result = core_archive_changed(core, row.device_id);
    change_describe(core, ask, &before, detail, sizeof detail);
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
    if (result < 0 || text_copy(span_of_text(ask->new_address), exchange->new_address, sizeof exchange->new_address) < 0)
        return result < 0 ? REGISTRY_ERR_METER_NUMBER : REGISTRY_ERR_ADDRESS;
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
    int left = result == 0 ? reading_archive_leaves(core->reading, exchange.old_device_id) : result;
    result = left < 0 ? left : 0;
    if (result == 0)
        result = registry_device_exchange(core->registry, &scope, &exchange, core->now_s, &new_device_id);
    if (result == 0 && left > 0)
        result = reading_archive_returns(core->reading, exchange.old_device_id, core->now_s);
    if (result == 0)
        result = command_device_gone(core->command, exchange.old_device_id, core->now_s);
    if (result == 0) {
        struct billing_scope payers = core_money_scope(&ask->head);
        result = billing_device_exchanged(core->billing, &payers, exchange.old_device_id, new_device_id, exchange.end_total_value,
                                          core->now_s);
    }
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
