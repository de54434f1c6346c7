/* What a stranger may send the api: target, query and JSON body, through route, parsing and checking of fields. */
#include <stdlib.h>
#include <string.h>

#include "api/handlers.h"
#include "api/route.h"
#include "base/text.h"

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* What was accepted must be within the row's promise. */
static void values_check(const struct api_route *route, const struct field_value *values)
{
    for (size_t i = 0; i < route->field_count; i++) {
        const struct field *field = &route->fields[i];
        if (!values[i].given)
            continue;
        if (field->type == FIELD_INTEGER)
            must(values[i].integer >= field->minimum && values[i].integer <= field->maximum);
        if (field->type == FIELD_TEXT || field->type == FIELD_SCALAR || field->type == FIELD_DIGITS)
            must((int64_t)values[i].text.size <= field->maximum && text_utf8_check(values[i].text) >= 0);
    }
}

static void request_fill(const struct api_route *route, const struct field_value *values)
{
    uint64_t present = 0;
    size_t size = route->request_size > 0 ? route->request_size : sizeof(struct core_tariff_version);
    void *request = calloc(1, size);

    must(request != NULL);
    fields_copy(route->fields, route->field_count, values, request, &present);
    free(request);
}

static void body_try(const struct api_route *route, struct span bytes, bool lenient)
{
    struct field_problem problem;
    struct field_value values[FIELD_LIMIT];
    json_t *body = NULL;

    if (field_body_parse(bytes, &body, &problem) != 0)
        return;
    int result = lenient ? fields_read_json_leniently(route->fields, route->field_count, body, values, &problem)
                         : fields_read_json(route->fields, route->field_count, body, true, values, &problem);
    if (result == 0) {
        values_check(route, values);
        request_fill(route, values);
    }
    field_values_free(values, route->field_count);
    json_decref(body);
}

static void query_try(const struct api_route *route, const struct request_target *target)
{
    struct field_problem problem;
    struct field_value values[FIELD_LIMIT];
    struct search_words words;

    if (fields_read_query(route->fields, route->field_count, target, values, &problem) == 0)
        values_check(route, values);
    for (size_t i = 0; i < target->pair_count; i++)
        search_words_split(target->pairs[i].value, &words);
}

static void route_try(const struct request_target *target, struct span body)
{
    static const char *const methods[] = { "GET", "POST", "PATCH", "PUT", "DELETE" };
    const struct api_route *route = NULL;
    int64_t object_id = 0;
    char key[EXCHANGE_KEY_LIMIT];
    char allowed[64];

    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        if (route_match(methods[i], target->path, &route, &object_id, key, allowed) != 0)
            continue;
        must(object_id >= 0);
        if (i == 0)
            query_try(route, target);
        else
            body_try(route, body, false);
    }
}

static void open_try(const struct request_target *target, struct span body)
{
    for (size_t i = 0; i < routes_open.count; i++)
        if (span_equal_text(target->path, routes_open.rows[i].path))
            body_try(&routes_open.rows[i], body, true);
}

/* What an administrator may write as networks: whatever is accepted can be asked. */
static void networks_try(struct span text)
{
    struct network_address address = { { 0 } };
    char list[NETWORK_LIST_SIZE];

    if (text_copy(text, list, sizeof list) < 0 || strlen(list) != text.size)
        return;
    (void)network_address_read(text, &address);
    (void)network_address_is_inside(&address);
    if (network_list_check(list) != 0)
        must(!network_list_holds(list, &address));
    else
        (void)network_list_holds(list, &address);
}

/* The first line is the target below the prefix, the rest the body. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span input = span_of_bytes(data, size);
    struct span body = { data + size, 0 };
    ptrdiff_t end = span_find_byte(input, '\n');
    struct request_target *target = malloc(sizeof *target);

    must(target != NULL);
    if (end >= 0) {
        body = span_of_bytes(data + end + 1, size - (size_t)end - 1);
        input.size = (size_t)end;
    }
    if (request_target_parse(input, target) == 0)
        route_try(target, body);
    if (request_target_parse(input, target) == 0)
        open_try(target, body);
    networks_try(body);
    free(target);
    return 0;
}
