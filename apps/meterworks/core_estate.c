/* Calls about concentrators and lines: entered, changed, their clocks set, their archives downloaded. */
#include <stdio.h>
#include <string.h>

#include "apps/meterworks/core_internal.h"
#include "base/cipher.h"
#include "base/hex.h"
#include "base/span.h"
#include "base/text.h"
#include "registry/registry_line.h"

#define CLOCK_LIFE_S 86400

static uint8_t line_kind_of_name(const char *name)
{
    static const char *const names[LINE_KIND_COUNT] = {
        [LINE_KIND_CONCENTRATOR] = "concentrator", [LINE_KIND_DTU] = "dtu", [LINE_KIND_SERIAL] = "serial", [LINE_KIND_TCP] = "tcp",
    };

    for (uint8_t kind = LINE_KIND_CONCENTRATOR; kind < LINE_KIND_COUNT; kind++)
        if (strcmp(name, names[kind]) == 0)
            return kind;
    return LINE_KIND_NONE;
}

static uint8_t parity_of_name(const char *name)
{
    return name[0] == '\0' ? 0 : (uint8_t)(name[0] - 'a' + 'A');
}

/* What a line is called when nobody says: its address, of a long one the end, which tells it from its neighbours. */
static const char *name_find(const struct core_line *ask)
{
    const size_t longest = sizeof ((struct device_record *)0)->meter_number - 1;
    size_t size = strlen(ask->address);

    if (ask->name[0] != '\0')
        return ask->name;
    const char *name = size > longest ? ask->address + size - longest : ask->address;
    while (((unsigned char)*name & 0xC0) == 0x80) /* inside a letter of several bytes */
        name++;
    return name;
}

/* The archive keeps names of lines where it keeps numbers of meters; who enters a line has given no meter number. */
static int name_error(int result)
{
    if (result == REGISTRY_ERR_METER_NUMBER)
        return REGISTRY_ERR_LINE_NAME;
    return result == REGISTRY_ERR_METER_NUMBER_TAKEN ? REGISTRY_ERR_LINE_NAME_TAKEN : result;
}

/* "host:port" with a port from 1 on. */
static bool is_host_and_port(const char *address)
{
    const char *colon = strrchr(address, ':');
    uint32_t port = 0;

    if (!colon || colon == address || strspn(colon + 1, "0123456789") != strlen(colon + 1) || strlen(colon + 1) > 5)
        return false;
    for (const char *digit = colon + 1; *digit; digit++)
        port = port * 10 + (uint32_t)(*digit - '0');
    return port >= 1 && port <= UINT16_MAX;
}

static int address_check(uint32_t kind, const char *address)
{
    if (kind == LINE_KIND_TCP && !is_host_and_port(address))
        return REGISTRY_ERR_ADDRESS;
    return kind == LINE_KIND_SERIAL && address[0] != '/' ? REGISTRY_ERR_ADDRESS : 0;
}

static int device_fill(const struct core_line *ask, struct device_record *row)
{
    row->device_id = (uint32_t)ask->head.object_id;
    row->area_id = (uint32_t)ask->area_id;
    row->start_register_value = REGISTRY_START_UNKNOWN;
    row->report_time_s = REGISTRY_REPORT_TIME_S;
    if (text_copy(span_of_text(name_find(ask)), row->meter_number, sizeof row->meter_number) < 0)
        return REGISTRY_ERR_METER_NUMBER;
    if (text_copy(span_of_text(ask->address), row->address, sizeof row->address) < 0)
        return REGISTRY_ERR_ADDRESS;
    if (text_copy(span_of_text(ask->room), row->room, sizeof row->room) < 0 ||
        text_copy(span_of_text(ask->maker), row->maker, sizeof row->maker) < 0 ||
        text_copy(span_of_text(ask->profile), row->profile, sizeof row->profile) < 0)
        return REGISTRY_ERR_TEXT;
    return 0;
}

/* What is present in the request replaces what is there. */
static int settings_take(const struct core_line *ask, struct registry_line_record *line)
{
    const struct { uint64_t bit; int64_t from; uint32_t *to; } numbers[] = {
        { CORE_LINE_HAS_BAUD, ask->baud, &line->baud },
        { CORE_LINE_HAS_HEARTBEAT_S, ask->heartbeat_s, &line->heartbeat_s },
        { CORE_LINE_HAS_GAP, ask->gap_ms, &line->gap_ms },
        { CORE_LINE_HAS_ANSWER_TIMEOUT, ask->answer_timeout_ms, &line->answer_timeout_ms },
        { CORE_LINE_HAS_METER_LIMIT, ask->meter_limit, &line->meter_limit },
    };

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if ((ask->head.present & numbers[i].bit) != 0)
            *numbers[i].to = (uint32_t)numbers[i].from;
    if ((ask->head.present & CORE_LINE_HAS_PARITY) != 0)
        line->parity = parity_of_name(ask->parity);
    if ((ask->head.present & CORE_LINE_HAS_STOP_BITS) != 0)
        line->stop_bits = (uint8_t)ask->stop_bits;
    if (ask->code_dlt645 != 0)
        line->code_dlt645 = (uint8_t)ask->code_dlt645;
    if (ask->code_dlt645_1997 != 0)
        line->code_dlt645_1997 = (uint8_t)ask->code_dlt645_1997;
    if (ask->code_cjt188 != 0)
        line->code_cjt188 = (uint8_t)ask->code_cjt188;
    if ((ask->head.present & CORE_LINE_HAS_HEARTBEAT) != 0 &&
        text_copy(span_of_text(ask->heartbeat), line->heartbeat, sizeof line->heartbeat) < 0)
        return REGISTRY_ERR_TEXT;
    return 0;
}

static int secret_put(struct core *core, const struct core_line *ask, uint32_t line_id)
{
    uint8_t secret[LINE_SECRET_LIMIT];
    int size;

    if ((ask->head.present & CORE_LINE_HAS_SECRET) == 0)
        return 0;
    size = hex_decode(span_of_text(ask->secret), secret, sizeof secret);
    bool says_absent = size == LINE_SECRET_ABSENT && secret[0] == 0;
    if (size != 0 && size != 2 && size != LINE_SECRET_LIMIT && !says_absent)
        return REGISTRY_ERR_SECRET;
    int result = core_secret_put(core, line_id, "line", secret, (size_t)size);
    cipher_wipe(secret, sizeof secret);
    return result;
}

int core_line_create(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_line *ask = request;
    struct registry_line_record line = { .kind = line_kind_of_name(ask->kind) };
    struct device_record row = { 0 };
    struct registry_scope scope;
    int result = core_scope(core, &ask->head, &scope);

    row.kind = line.kind == LINE_KIND_CONCENTRATOR ? REGISTRY_KIND_CONCENTRATOR : REGISTRY_KIND_LINE;
    if (result == 0)
        result = address_check(line.kind, ask->address);
    if (result == 0)
        result = device_fill(ask, &row);
    if (result == 0)
        result = settings_take(ask, &line);
    if (result == 0)
        result = name_error(registry_line_add(core->registry, &scope, core->now_s, &row, &line));
    if (result == 0)
        result = secret_put(core, ask, row.device_id);
    if (result == 0)
        result = core_archive_changed(core, row.device_id);
    if (result == 0)
        result = core_audit(core, &ask->head, "line.create", "device", row.device_id, row.address);
    reply->object_id = row.device_id;
    return result;
}

static int line_device_change(struct core *core, const struct registry_scope *scope, const struct core_line *ask)
{
    const uint64_t device_bits = CORE_LINE_HAS_AREA | CORE_LINE_HAS_ROOM | CORE_LINE_HAS_MAKER | CORE_LINE_HAS_NAME |
                                 CORE_LINE_HAS_ADDRESS | CORE_LINE_HAS_PROFILE;
    struct device_record row = { 0 };
    uint32_t fields = (uint32_t)(ask->head.present & device_bits);
    int result = device_fill(ask, &row);

    return result == 0 && fields != 0 ? registry_device_change(core->registry, scope, fields, &row) : result;
}

_Static_assert(CORE_LINE_HAS_AREA == REGISTRY_CHANGE_AREA && CORE_LINE_HAS_ROOM == REGISTRY_CHANGE_ROOM &&
                   CORE_LINE_HAS_MAKER == REGISTRY_CHANGE_MAKER && CORE_LINE_HAS_NAME == REGISTRY_CHANGE_METER_NUMBER &&
                   CORE_LINE_HAS_ADDRESS == REGISTRY_CHANGE_ADDRESS && CORE_LINE_HAS_PROFILE == REGISTRY_CHANGE_PROFILE,
               "field bits of api and registry agree");

int core_line_change(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_line *ask = request;
    uint32_t line_id = (uint32_t)ask->head.object_id;
    struct registry_line_record line;
    struct registry_scope scope;
    int result = core_scope(core, &ask->head, &scope);

    if (result == 0 && !registry_scope_holds(core->registry, &scope, line_id))
        result = REGISTRY_ERR_DEVICE;
    if (result == 0)
        result = registry_line_read(core->registry, line_id, &line);
    if (result == 0)
        result = (ask->head.present & CORE_LINE_HAS_ADDRESS) != 0 ? address_check(line.kind, ask->address) : 0;
    if (result == 0)
        result = name_error(line_device_change(core, &scope, ask));
    if (result == 0)
        result = settings_take(ask, &line);
    if (result == 0)
        result = registry_line_change(core->registry, &scope, &line);
    if (result == 0)
        result = secret_put(core, ask, line_id);
    if (result == 0 && (ask->head.present & CORE_LINE_HAS_REMOVED) != 0 && ask->removed)
        result = registry_device_remove(core->registry, &scope, line_id, core->now_s);
    if (result == 0)
        result = core_archive_changed(core, line_id);
    if (result == 0)
        result = core_audit(core, &ask->head, "line.change", "device", line_id, "");
    reply->object_id = line_id;
    return result;
}

int core_line_clock_set(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_reason *ask = request;
    struct command_request wanted = {
        .device_id = (uint32_t)ask->head.object_id,
        .requested_by = ask->head.person_id,
        .operation = DOWNLINK_SET_CLOCK,
        .priority = COMMAND_PRIORITY_NORMAL,
        .expires_s = core->now_s + CLOCK_LIFE_S,
    };
    struct command_ticket ticket;
    struct registry_scope scope;
    int result = core_scope(core, &ask->head, &scope);

    if (result == 0 && (!registry_scope_holds(core->registry, &scope, wanted.device_id) ||
                        registry_line_of(core->registry, wanted.device_id) != wanted.device_id))
        result = ESTATE_ERR_CONCENTRATOR;
    if (result == 0 && text_copy(span_of_text(ask->reason), wanted.reason, sizeof wanted.reason) < 0)
        result = COMMAND_ERR_TEXT;
    if (result == 0)
        result = command_request(core->command, &wanted, core->now_s, &ticket);
    if (result < 0)
        return result;
    reply->object_id = (int64_t)ticket.command_id;
    reply->command_id = (int64_t)ticket.command_id;
    return core_audit(core, &ask->head, "line.clock", "device", wanted.device_id, ask->reason);
}

static int one_sync(struct core *core, const struct core_archive_sync *ask, uint32_t line_id)
{
    return estate_sync_ask(core->estate, line_id, !ask->compare_only, ask->head.person_id, core->now_s);
}

/* Every concentrator in service of an area that has no download under way. */
static int area_sync(struct core *core, const struct core_archive_sync *ask, const struct registry_scope *scope,
                     int32_t *count)
{
    struct registry_scope area = *scope;
    uint32_t position = 0;
    uint32_t line_id;

    if (ask->area_id != 0 &&
        (registry_scope_make(core->registry, ask->head.tenant_id, (uint32_t)ask->area_id, &area) != 0 ||
         strcmp(area.path_from, scope->path_from) < 0 || strcmp(area.path_from, scope->path_to) >= 0))
        return REGISTRY_ERR_AREA;
    while ((line_id = registry_line_next(core->registry, &position)) != 0) {
        if (!registry_scope_holds(core->registry, scope, line_id) || !registry_scope_holds(core->registry, &area, line_id))
            continue;
        int result = one_sync(core, ask, line_id);
        if (result == ESTATE_ERR_SYNC_BUSY || result == ESTATE_ERR_CONCENTRATOR)
            continue;
        if (result < 0)
            return result;
        ++*count;
    }
    return 0;
}

int core_archive_sync(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_archive_sync *ask = request;
    uint32_t line_id = (uint32_t)ask->head.object_id;
    struct registry_scope scope;
    int result = core_scope(core, &ask->head, &scope);

    if (result == 0 && line_id == 0)
        result = area_sync(core, ask, &scope, &reply->count);
    else if (result == 0 && !registry_scope_holds(core->registry, &scope, line_id))
        result = ESTATE_ERR_CONCENTRATOR;
    else if (result == 0)
        result = one_sync(core, ask, line_id);
    if (result < 0)
        return result;
    if (line_id != 0)
        reply->count = 1;
    reply->object_id = line_id;
    return core_audit(core, &ask->head, ask->compare_only ? "archive.compare" : "archive.download", "device", line_id, "");
}
