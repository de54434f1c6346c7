/* What must hold of a device on a line: parent, address, measurement point, transformers. */
#include <string.h>

#include "base/line_order.h"
#include "base/text.h"
#include "registry/registry_internal.h"

#define CONCENTRATOR_POINT_LARGEST 2040 /* Q/GDW 376.1-2009, F10 */
#define PORT_LARGEST 31
#define PORT_USUAL 2      /* the first RS-485 port; 1 is the concentrator's own sampling */
#define TERMINAL_DIGITS 9 /* four of the region, five of the terminal's number */
#define REGION_DIGITS 4
#define TERMINAL_LARGEST 65535
#define METER_DIGITS_LARGEST 16

static const char *const usual_profiles[DEVICE_KIND_COUNT] = {
    [DEVICE_KIND_COLD_WATER] = "cjt188-cold-water",
    [DEVICE_KIND_HOT_WATER] = "cjt188-hot-water",
    [DEVICE_KIND_ELECTRICITY] = "dlt645-2007-single-phase-prepaid",
    [DEVICE_KIND_GAS] = "cjt188-gas",
    [DEVICE_KIND_HEAT] = "cjt188-heat",
};

static bool is_line_kind(uint32_t kind)
{
    return kind == REGISTRY_KIND_CONCENTRATOR || kind == REGISTRY_KIND_LINE;
}

void registry_place_defaults(struct device_record *row)
{
    bool carrier = row->kind >= DEVICE_KIND_COUNT;
    if (row->imei != 0 || (row->parent_device_id == 0 && !carrier))
        return;
    if (row->security == 0)
        row->security = DEVICE_SECURITY_PLAIN;
    if (carrier || row->kind == DEVICE_KIND_NONE)
        return;
    if (row->profile[0] == '\0')
        text_copy(span_of_text(usual_profiles[row->kind]), row->profile, sizeof row->profile);
}

static bool is_digits(const char *text, size_t smallest, size_t largest)
{
    size_t size = strlen(text);
    return size >= smallest && size <= largest && strspn(text, "0123456789") == size;
}

/* "440112345" and nothing else: the form that struct line_record needs. */
static bool terminal_address_valid(const char *address)
{
    uint32_t number = 0;
    if (!is_digits(address, TERMINAL_DIGITS, TERMINAL_DIGITS))
        return false;
    for (const char *digit = address + REGION_DIGITS; *digit; digit++)
        number = number * 10 + (uint32_t)(*digit - '0');
    return number >= 1 && number <= TERMINAL_LARGEST;
}

static bool address_valid(const struct device_record *row)
{
    if (row->kind == REGISTRY_KIND_CONCENTRATOR)
        return terminal_address_valid(row->address);
    if (row->kind == REGISTRY_KIND_LINE)
        return row->address[0] != '\0' && registry_text_valid(row->address);
    return is_digits(row->address, 1, METER_DIGITS_LARGEST);
}

static int address_check(struct registry *registry, const struct device_record *row, uint32_t except)
{
    if (!address_valid(row))
        return REGISTRY_ERR_ADDRESS;
    uint32_t line_id = is_line_kind(row->kind) ? 0 : row->line_device_id;
    int taken = registry->store.address_taken(registry->store.context, line_id, row->address,
                                              except != 0 ? except : row->device_id);
    return taken > 0 ? REGISTRY_ERR_ADDRESS_TAKEN : taken;
}

static int point_check(const struct registry *registry, const struct registry_line *line, struct device_record *row,
                       uint32_t except)
{
    uint32_t largest = line->kind == LINE_KIND_CONCENTRATOR ? CONCENTRATOR_POINT_LARGEST : LINE_POINT_LIMIT - 1;
    uint16_t wanted = row->measurement_point;
    for (uint16_t point = wanted != 0 ? wanted : 1; point <= largest; point++) {
        uint32_t holder = registry_point_device(registry, line->device_id, point);
        if (holder == 0 || holder == row->device_id || holder == except) {
            row->measurement_point = point;
            return 0;
        }
        if (wanted != 0)
            return REGISTRY_ERR_POINT_TAKEN;
    }
    return wanted != 0 ? REGISTRY_ERR_POINT : REGISTRY_ERR_LINE_FULL;
}

/* A meter of a line: the port, room for one more, an address and a point of its own. */
static int meter_check(struct registry *registry, struct device_record *row, uint32_t except)
{
    const struct registry_line *line = registry_line_find(registry, row->line_device_id);
    const struct registry_device *known = registry_device_find(registry, except != 0 ? except : row->device_id);
    bool stays = known && !known->removed && known->line_device_id == row->line_device_id;
    if (!line)
        return REGISTRY_ERR_STORED;
    if (!stays && line->meter_count >= line->meter_limit)
        return REGISTRY_ERR_LINE_FULL;
    if (row->address[0] == '\0')
        memcpy(row->address, row->meter_number, sizeof row->meter_number);
    if (row->port == 0 && line->kind == LINE_KIND_CONCENTRATOR)
        row->port = PORT_USUAL;
    if (row->port > PORT_LARGEST)
        return REGISTRY_ERR_PORT;
    int error = address_check(registry, row, except);
    return error != 0 ? error : point_check(registry, line, row, except);
}

/* The parent is in service, inside the scope, and of a kind that may carry this one. */
static int parent_check(const struct registry *registry, const struct registry_scope *scope, struct device_record *row)
{
    const struct registry_device *parent = registry_device_find(registry, row->parent_device_id);
    if (!parent || parent->removed || !registry_scope_holds(registry, scope, row->parent_device_id))
        return REGISTRY_ERR_PARENT;
    if (!is_line_kind(parent->kind) &&
        (parent->kind != REGISTRY_KIND_COLLECTOR || row->kind == REGISTRY_KIND_COLLECTOR))
        return REGISTRY_ERR_PARENT;
    row->line_device_id = parent->line_device_id;
    return 0;
}

int registry_place_check(struct registry *registry, const struct registry_scope *scope, struct device_record *row,
                         uint32_t except)
{
    if (row->imei != 0 || is_line_kind(row->kind)) {
        bool both = row->imei != 0 && (row->kind >= DEVICE_KIND_COUNT || row->parent_device_id != 0);
        if (both || row->parent_device_id != 0)
            return REGISTRY_ERR_PARENT;
        row->line_device_id = row->imei != 0 ? 0 : row->device_id;
        row->measurement_point = 0;
        return row->imei != 0 ? 0 : address_check(registry, row, except);
    }
    int error = parent_check(registry, scope, row);
    if (error != 0)
        return error;
    if (registry_parent(registry, row->device_id) != row->parent_device_id &&
        registry_has_children(registry, row->device_id))
        return REGISTRY_ERR_CHILDREN;
    if (row->kind != REGISTRY_KIND_COLLECTOR)
        return meter_check(registry, row, except);
    row->measurement_point = 0;
    return address_check(registry, row, except);
}

/* A pair of a transformer: both 0, or both above 0. */
static bool pair_valid(int32_t primary, int32_t secondary)
{
    return primary == 0 && secondary == 0 ? true : primary > 0 && secondary > 0;
}

int registry_transformers_check(struct device_record *row)
{
    if (!pair_valid(row->ct_primary_a, row->ct_secondary_a) || !pair_valid(row->pt_primary_v, row->pt_secondary_v))
        return REGISTRY_ERR_TRANSFORMERS;
    if (row->ct_primary_a == 0 && row->pt_primary_v == 0)
        return 0;
    int64_t over =
        (int64_t)(row->ct_primary_a != 0 ? row->ct_primary_a : 1) * (row->pt_primary_v != 0 ? row->pt_primary_v : 1);
    int64_t under = (int64_t)(row->ct_secondary_a != 0 ? row->ct_secondary_a : 1) *
                    (row->pt_secondary_v != 0 ? row->pt_secondary_v : 1);
    if (over > INT64_MAX / 1000 || over * 1000 % under != 0)
        return REGISTRY_ERR_TRANSFORMERS;
    int64_t product_e3 = over * 1000 / under;
    if (product_e3 < 1 || product_e3 > REGISTRY_MULTIPLIER_LARGEST_E3)
        return REGISTRY_ERR_TRANSFORMERS;
    if (row->multiplier_e3 != 0 && row->multiplier_e3 != product_e3)
        return REGISTRY_ERR_MULTIPLIER;
    row->multiplier_e3 = product_e3;
    return 0;
}
