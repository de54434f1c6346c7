#include "api/route.h"

#include <string.h>

#include "base/decimal.h"
#include "base/text.h"

static const struct route_list *const lists[] = { &routes_session, &routes_tariffs, &routes_devices, &routes_lines, &routes_collect,
    &routes_people, &routes_money, &routes_ledger, &routes_settlement, &routes_money_reports,
    &routes_documents, &routes_messages, &routes_payments, &routes_cash, &routes_bank, &routes_cases, &routes_closings, &routes_units, &routes_resident,
    &routes_profiles, &routes_reading, &routes_system, &routes_integrations };

const struct api_route *route_at(size_t index)
{
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (index < lists[i]->count)
            return &lists[i]->rows[index];
        index -= lists[i]->count;
    }
    return NULL;
}

/* The segment up to the next '/', and what follows it. */
static struct span segment_take(struct span *rest)
{
    size_t size = 1;

    while (size < rest->size && rest->bytes[size] != '/')
        size++;
    struct span segment = { rest->bytes + 1, size - 1 };
    rest->bytes += size;
    rest->size -= size;
    return segment;
}

static bool is_place(struct span pattern)
{
    return pattern.size > 2 && pattern.bytes[0] == '{';
}

static bool place_fill(struct span pattern, struct span segment, int64_t *object_id, char *key)
{
    if (span_equal_text(pattern, "{key}"))
        return segment.size > 0 && text_copy(segment, key, EXCHANGE_KEY_LIMIT) > 0;
    if (segment.size == 0 || segment.size > 18 || segment.bytes[0] == '+' || segment.bytes[0] == '-')
        return false;
    return decimal_parse(segment, 0, object_id) == 0 && span_find_byte(segment, '.') < 0;
}

static bool path_matches(const char *pattern_text, struct span path, int64_t *object_id, char *key)
{
    struct span pattern = span_of_text(pattern_text);

    while (pattern.size > 0 && path.size > 0) {
        if (path.bytes[0] != '/')
            return false;
        struct span wanted = segment_take(&pattern);
        struct span given = segment_take(&path);
        if (is_place(wanted) ? !place_fill(wanted, given, object_id, key) : !span_equal(wanted, given))
            return false;
    }
    return pattern.size == 0 && path.size == 0;
}

static void method_note(char allowed[64], const char *method)
{
    size_t size = strlen(allowed);

    (void)snprintf(allowed + size, 64 - size, "%s%s", size > 0 ? ", " : "", method);
}

int route_match(const char *method, struct span path, const struct api_route **route, int64_t *object_id,
    char key[EXCHANGE_KEY_LIMIT], char allowed[64])
{
    const struct api_route *row = NULL;
    bool known = false;

    allowed[0] = '\0';
    for (size_t i = 0; (row = route_at(i)) != NULL; i++) {
        int64_t found_id = 0;
        char found_key[EXCHANGE_KEY_LIMIT] = "";
        if (!path_matches(row->path, path, &found_id, found_key))
            continue;
        if (strcmp(row->method, method) == 0) {
            *route = row;
            *object_id = found_id;
            memcpy(key, found_key, EXCHANGE_KEY_LIMIT);
            return 0;
        }
        known = true;
        method_note(allowed, row->method);
    }
    return known ? API_ERR_METHOD : API_ERR_ROUTE;
}
