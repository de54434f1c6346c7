#include "api/openapi.h"

#include <string.h>

#include "api/openapi_decode.h"
#include "api/route.h"

static void choices_write(struct json_writer *out, const char *choices)
{
    struct span rest = span_of_text(choices);

    json_put_key(out, "enum");
    json_array_begin(out);
    while (rest.size > 0) {
        ptrdiff_t end = span_find_byte(rest, ' ');
        size_t size = end < 0 ? rest.size : (size_t)end;
        json_put_text(out, (struct span){ rest.bytes, size });
        size_t used = end < 0 ? size : size + 1;
        rest.bytes += used;
        rest.size -= used;
    }
    json_array_end(out);
}

static const char *type_name(enum field_type type)
{
    switch (type) {
    case FIELD_INTEGER:
        return "integer";
    case FIELD_BOOLEAN:
        return "boolean";
    case FIELD_DOCUMENT:
        return "object";
    case FIELD_NUMBERS:
        return "array";
    case FIELD_TEXT:
    case FIELD_SECRET:
    case FIELD_DAY:
    case FIELD_CHOICE:
    case FIELD_DIGITS:
    case FIELD_SCALAR:
        break;
    }
    return "string";
}

static void bounds_write(struct json_writer *out, const struct field *field)
{
    bool text = field->type == FIELD_TEXT || field->type == FIELD_SECRET || field->type == FIELD_SCALAR
        || field->type == FIELD_DIGITS;

    if (field->type == FIELD_INTEGER || text) {
        json_put_key_integer(out, text ? "minLength" : "minimum", field->minimum);
        json_put_key_integer(out, text ? "maxLength" : "maximum", field->maximum);
    }
    if (field->type == FIELD_NUMBERS) {
        json_put_key(out, "items");
        json_object_begin(out);
        json_put_key_text(out, "type", "integer");
        json_put_key_integer(out, "minimum", field->minimum < 0 ? -INT32_MAX : 1);
        json_put_key_integer(out, "maximum", INT32_MAX);
        json_object_end(out);
        json_put_key_integer(out, "maxItems", field->maximum);
    }
    if (field->type == FIELD_DAY)
        json_put_key_text(out, "format", "date");
    if (field->type == FIELD_SECRET)
        json_put_key_text(out, "format", "password");
    if (field->type == FIELD_DIGITS)
        json_put_key_text(out, "pattern", "^[0-9]+$");
    if (field->type == FIELD_CHOICE)
        choices_write(out, field->choices);
}

static void schema_write(struct json_writer *out, const struct field *field)
{
    json_object_begin(out);
    json_put_key_text(out, "type", type_name(field->type));
    bounds_write(out, field);
    json_put_key_text(out, "description", field->summary);
    json_object_end(out);
}

static void parameter_write(struct json_writer *out, const struct field *field)
{
    json_object_begin(out);
    json_put_key_text(out, "name", field->name);
    json_put_key_text(out, "in", "query");
    json_put_key_boolean(out, "required", field->required);
    if (field->type == FIELD_NUMBERS)
        json_put_key_boolean(out, "explode", false); /* separated by commas */
    json_put_key(out, "schema");
    schema_write(out, field);
    json_object_end(out);
}

static void path_parameter_write(struct json_writer *out, const char *path)
{
    bool key = strstr(path, "{key}") != NULL;

    if (!key && strstr(path, "{id}") == NULL)
        return;
    json_object_begin(out);
    json_put_key_text(out, "name", key ? "key" : "id");
    json_put_key_text(out, "in", "path");
    json_put_key_boolean(out, "required", true);
    json_put_key(out, "schema");
    json_object_begin(out);
    json_put_key_text(out, "type", key ? "string" : "integer");
    json_object_end(out);
    json_object_end(out);
}

static bool is_get(const struct api_route *route)
{
    return strcmp(route->method, "GET") == 0;
}

static bool fields_in_query(const struct api_route *route)
{
    return is_get(route) || route->body_type != NULL;
}

static void parameters_write(struct json_writer *out, const struct api_route *route)
{
    json_put_key(out, "parameters");
    json_array_begin(out);
    path_parameter_write(out, route->path);
    for (size_t i = 0; i < route->field_count && fields_in_query(route); i++)
        parameter_write(out, &route->fields[i]);
    json_array_end(out);
}

static void required_write(struct json_writer *out, const struct api_route *route)
{
    json_put_key(out, "required");
    json_array_begin(out);
    for (size_t i = 0; i < route->field_count; i++)
        if (route->fields[i].required)
            json_put_text(out, span_of_text(route->fields[i].name));
    json_array_end(out);
}

static void media_begin(struct json_writer *out, const char *type)
{
    json_put_key(out, "content");
    json_object_begin(out);
    json_put_key(out, type);
    json_object_begin(out);
    json_put_key(out, "schema");
    json_object_begin(out);
}

static void media_end(struct json_writer *out)
{
    json_object_end(out);
    json_object_end(out);
    json_object_end(out);
}

static void text_body_write(struct json_writer *out, const struct api_route *route)
{
    json_put_key(out, "requestBody");
    json_object_begin(out);
    media_begin(out, route->body_type);
    json_put_key_text(out, "type", "string");
    media_end(out);
    json_object_end(out);
}

static void body_write(struct json_writer *out, const struct api_route *route)
{
    if (route->body_type != NULL) {
        text_body_write(out, route);
        return;
    }
    if (is_get(route) || route->field_count == 0)
        return;
    json_put_key(out, "requestBody");
    json_object_begin(out);
    media_begin(out, "application/json");
    json_put_key_text(out, "type", "object");
    json_put_key_boolean(out, "additionalProperties", false);
    required_write(out, route);
    json_put_key(out, "properties");
    json_object_begin(out);
    for (size_t i = 0; i < route->field_count; i++) {
        json_put_key(out, route->fields[i].name);
        schema_write(out, &route->fields[i]);
    }
    json_object_end(out);
    media_end(out);
    json_object_end(out);
}

static void answer_write(struct json_writer *out, const struct api_route *route)
{
    if (route->answer_type != NULL) {
        media_begin(out, route->answer_type);
        json_put_key_text(out, "type", "string");
        json_put_key_text(out, "format", "binary");
        media_end(out);
        return;
    }
    json_put_key(out, "content");
    json_object_begin(out);
    json_put_key(out, "application/json");
    json_object_begin(out);
    json_put_key(out, "schema");
    json_put_raw(out, span_of_text(route->answer != NULL ? route->answer : "{\"type\":\"object\"}"));
    json_object_end(out);
    json_object_end(out);
}

static void responses_write(struct json_writer *out, const struct api_route *route)
{
    json_put_key(out, "responses");
    json_object_begin(out);
    json_put_key(out, "200");
    json_object_begin(out);
    json_put_key_text(out, "description", "Done; 201 when something was created, 204 when there is nothing to say");
    answer_write(out, route);
    json_object_end(out);
    json_put_key(out, "default");
    json_object_begin(out);
    json_put_key_text(out, "description", "Refused");
    media_begin(out, "application/json");
    json_put_key_text(out, "$ref", "#/components/schemas/Error");
    media_end(out);
    json_object_end(out);
    json_object_end(out);
}

/* "get_devices_id_readings": one of its kind, stable. */
static void operation_name_write(struct json_writer *out, const struct api_route *route)
{
    char name[96];
    size_t size = 0;

    for (const char *at = route->method; *at != '\0' && size < sizeof name - 1; at++)
        name[size++] = (char)(*at + ('a' - 'A'));
    for (const char *at = route->path; *at != '\0' && size < sizeof name - 1; at++) {
        bool word = (*at >= 'a' && *at <= 'z') || *at == '_';
        if (word)
            name[size++] = *at;
        else if (name[size - 1] != '_')
            name[size++] = '_';
    }
    if (name[size - 1] == '_')
        size--;
    name[size] = '\0';
    json_put_key_text(out, "operationId", name);
}

/* Who is admitted: by a session with the right, by a partner's token, or anybody. */
static void admission_write(struct json_writer *out, const struct api_route *route)
{
    if (route->permission < PERMISSION_COUNT) {
        json_put_key_text(out, "x-permission", permission_info((enum permission)route->permission)->name);
        return;
    }
    json_put_key(out, "security");
    if (route->permission == ROUTE_RESIDENT) {
        json_put_raw(out, span_of_text("[{\"resident\":[]},{\"bearer\":[]}]"));
        return;
    }
    if (route->interface_number == 0) {
        json_put_raw(out, span_of_text("[]"));
        return;
    }
    json_put_raw(out, span_of_text("[{\"partner\":[]}]"));
    json_put_key_integer(out, "x-interface", route->interface_number);
    json_put_key(out, "servers");
    json_put_raw(out, span_of_text("[{\"url\":\"" OPEN_ROUTE_PREFIX "\"}]"));
}

static void operation_write(struct json_writer *out, const struct api_route *route)
{
    char method[8];
    size_t i = 0;

    for (; route->method[i] != '\0' && i < sizeof method - 1; i++)
        method[i] = (char)(route->method[i] + ('a' - 'A'));
    method[i] = '\0';
    json_put_key(out, method);
    json_object_begin(out);
    operation_name_write(out, route);
    json_put_key(out, "tags");
    json_array_begin(out);
    json_put_text(out, span_of_text(route->tag));
    json_array_end(out);
    json_put_key_text(out, "summary", route->summary_en);
    json_put_key_text(out, "x-summary-zh", route->summary_zh);
    admission_write(out, route);
    parameters_write(out, route);
    body_write(out, route);
    responses_write(out, route);
    json_object_end(out);
}

static bool is_first_of_path(size_t index)
{
    const struct api_route *route = route_at(index);

    for (size_t i = 0; i < index; i++)
        if (strcmp(route_at(i)->path, route->path) == 0)
            return false;
    return true;
}

/* They lie elsewhere, and are admitted by the partner's token. */
static void open_paths_write(struct json_writer *out)
{
    for (size_t i = 0; i < routes_open.count; i++) {
        json_put_key(out, routes_open.rows[i].path);
        json_object_begin(out);
        operation_write(out, &routes_open.rows[i]);
        json_object_end(out);
    }
}

static void paths_write(struct json_writer *out)
{
    const struct api_route *route = NULL;
    const struct api_route *other = NULL;

    json_put_key(out, "paths");
    json_object_begin(out);
    for (size_t i = 0; (route = route_at(i)) != NULL; i++) {
        if (!is_first_of_path(i))
            continue;
        json_put_key(out, route->path);
        json_object_begin(out);
        for (size_t j = i; (other = route_at(j)) != NULL; j++)
            if (strcmp(other->path, route->path) == 0)
                operation_write(out, other);
        json_object_end(out);
    }
    open_paths_write(out);
    json_object_end(out);
}

static const char security_schemes[] =
    "{\"cookie\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"meterworks_session\"},"
    "\"resident\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"meterworks_resident\"},"
    "\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\"},"
    "\"partner\":{\"type\":\"http\",\"scheme\":\"bearer\",\"description\":\"docs/open-interfaces.md\"}}";

static const char error_schema[] =
    "{\"type\":\"object\",\"required\":[\"error\"],\"properties\":{\"error\":{\"type\":\"object\","
    "\"required\":[\"code\",\"message\",\"reference\"],\"properties\":{\"code\":{\"type\":\"string\"},"
    "\"message\":{\"type\":\"string\"},\"field\":{\"type\":\"string\"},\"reference\":{\"type\":\"string\"}}}}}";

static void components_write(struct json_writer *out)
{
    json_object_begin(out);
    json_put_key(out, "securitySchemes");
    json_put_raw(out, span_of_text(security_schemes));
    json_put_key(out, "schemas");
    json_object_begin(out);
    json_put_key(out, "Error");
    json_put_raw(out, span_of_text(error_schema));
    openapi_decode_schemas_write(out);
    json_object_end(out);
    json_object_end(out);
}

void openapi_write(struct json_writer *out, const char *version)
{
    json_object_begin(out);
    json_put_key_text(out, "openapi", "3.1.0");
    json_put_key(out, "info");
    json_object_begin(out);
    json_put_key_text(out, "title", "Meterworks");
    json_put_key_text(out, "version", version != NULL ? version : "0");
    json_put_key_text(out, "description",
        "Money in fen, volumes in ml, times in seconds since 1970 UTC (_s), days as YYYY-MM-DD. Lists answer items, next, "
        "count and count_exact. See docs/api.md.");
    json_put_key(out, "license");
    json_put_raw(out, span_of_text("{\"name\":\"Apache-2.0\",\"identifier\":\"Apache-2.0\"}"));
    json_object_end(out);
    json_put_key(out, "servers");
    json_put_raw(out, span_of_text("[{\"url\":\"" ROUTE_PREFIX "\"}]"));
    json_put_key(out, "security");
    json_put_raw(out, span_of_text("[{\"cookie\":[]},{\"bearer\":[]}]"));
    paths_write(out);
    json_put_key(out, "components");
    components_write(out);
    json_object_end(out);
}
