/* Templates of documents: the built-in ones, an organisation's own, their versions, and how they would look. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/document_gather.h"
#include "api/document_port.h"
#include "api/handlers.h"
#include "api/route.h"
#include "api/view_json.h"
#include "base/text.h"
#include "document/document_render.h"
#include "notify/http_text.h"

#define DOTS_USUAL 110
#define SAVED_LIMIT 64 /* templates that have versions */

/* "receipt.80.zh" taken apart. */
struct template_key {
    enum document_kind kind;
    enum document_language language;
    const struct document_default *usual;
};

static int key_read(struct exchange *exchange, struct template_key *key)
{
    const struct document_default *usual;
    char name[EXCHANGE_KEY_LIMIT];

    for (size_t i = 0; (usual = document_default_at(i)) != NULL; i++) {
        (void)snprintf(name, sizeof name, "%s.%s.%s", document_kind_name(usual->kind), usual->paper,
            document_language_name(usual->language));
        if (strcmp(name, exchange->key) != 0)
            continue;
        *key = (struct template_key){ usual->kind, usual->language, usual };
        return 0;
    }
    return exchange_refuse(exchange, document_error_info(DOCUMENT_ERR_KIND), "");
}

static void key_bind(struct parameters *parameters, const struct template_key *key)
{
    parameters_text(parameters, "kind", span_of_text(document_kind_name(key->kind)));
    parameters_text(parameters, "paper", span_of_text(key->usual->paper));
    parameters_text(parameters, "language", span_of_text(document_language_name(key->language)));
}

/* What is known of the saved versions of one template, by its index among the built-in ones. */
struct saved {
    int64_t version;
    int64_t saved_s;
    bool is_own;
    char saved_by_name[128];
};

/* Columns of VIEW_DOCUMENT_TEMPLATES. */
enum { KIND, PAPER, LANGUAGE, VERSION, IS_OWN, SAVED_S, SAVED_BY };

static int saved_take(void *context, const struct view_row *row)
{
    struct saved *list = context;
    const struct document_default *usual;

    for (size_t i = 0; i < SAVED_LIMIT && (usual = document_default_at(i)) != NULL; i++) {
        if (!span_equal_text(row->cells[KIND].text, document_kind_name(usual->kind))
            || !span_equal_text(row->cells[PAPER].text, usual->paper)
            || !span_equal_text(row->cells[LANGUAGE].text, document_language_name(usual->language)))
            continue;
        list[i].version = row->cells[VERSION].integer;
        list[i].is_own = row->cells[IS_OWN].integer != 0;
        list[i].saved_s = row->cells[SAVED_S].integer;
        if (row->cells[SAVED_BY].type == VIEW_TEXT)
            (void)text_copy(row->cells[SAVED_BY].text, list[i].saved_by_name, sizeof list[i].saved_by_name);
    }
    return 0;
}

static void template_row_put(struct json_writer *out, const struct document_default *usual, const struct saved *saved)
{
    char key[EXCHANGE_KEY_LIMIT];

    (void)snprintf(key, sizeof key, "%s.%s.%s", document_kind_name(usual->kind), usual->paper,
        document_language_name(usual->language));
    json_object_begin(out);
    json_put_key_text(out, "key", key);
    json_put_key_text(out, "kind", document_kind_name(usual->kind));
    json_put_key_text(out, "paper", usual->paper);
    json_put_key_text(out, "language", document_language_name(usual->language));
    json_put_key_integer(out, "version", saved->version);
    json_put_key_boolean(out, "is_own", saved->is_own);
    json_put_key(out, "saved_s");
    if (saved->version > 0)
        json_put_integer(out, saved->saved_s);
    else
        json_put_null(out);
    json_put_key_text(out, "saved_by_name", saved->saved_by_name);
    json_object_end(out);
}

/* The names of a kind, for the list beside the editor. */
static void names_put(struct exchange *exchange, enum document_kind kind)
{
    struct json_writer *out = &exchange->out;
    const struct document_name *name;
    bool english = exchange_is_english(exchange);

    json_put_key(out, document_kind_name(kind));
    json_array_begin(out);
    for (size_t i = 0; (name = document_name_at(kind, i)) != NULL; i++) {
        json_object_begin(out);
        json_put_key_text(out, "list", name->list);
        json_put_key_text(out, "name", name->name);
        json_put_key_text(out, "help", english ? name->help_en : name->help_zh);
        json_object_end(out);
    }
    json_array_end(out);
}

int handle_document_templates(struct exchange *exchange)
{
    struct parameters parameters;
    struct json_writer *out = &exchange->out;
    const struct document_default *usual;
    struct saved *list = calloc(SAVED_LIMIT, sizeof *list);

    if (list == NULL)
        return exchange_refuse_api(exchange, API_ERR_MEMORY);
    parameters_fill(&parameters, exchange);
    if (exchange_read(exchange, VIEW_DOCUMENT_TEMPLATES, &parameters, saved_take, list) < 0) {
        free(list);
        return -1;
    }
    json_object_begin(out);
    json_put_key(out, "items");
    json_array_begin(out);
    for (size_t i = 0; i < SAVED_LIMIT && (usual = document_default_at(i)) != NULL; i++)
        template_row_put(out, usual, &list[i]);
    json_array_end(out);
    free(list);
    json_put_key(out, "names");
    json_object_begin(out);
    for (int kind = 1; kind < DOCUMENT_KIND_COUNT; kind++)
        names_put(exchange, (enum document_kind)kind);
    json_object_end(out);
    json_object_end(out);
    return 0;
}

/* The text of the version asked for. */
struct version_sink {
    struct exchange *exchange;
    const char *usual;
    bool found;
};

static int version_take(void *context, const struct view_row *row)
{
    struct version_sink *sink = context;
    struct json_writer *out = &sink->exchange->out;
    struct span text = row->cells[0].text;

    sink->found = true;
    json_put_key(out, "text");
    json_put_text(out, text.size > 0 ? text : span_of_text(sink->usual));
    json_put_key_boolean(out, "is_own", text.size > 0);
    json_put_key_integer(out, "shown_version", row->cells[1].integer);
    return out->failed ? -1 : 0;
}

static int row_take(void *context, const struct view_row *row)
{
    struct exchange *exchange = context;

    view_json_object(&exchange->out, row, true);
    return exchange->out.failed ? -1 : 0;
}

int handle_document_template(struct exchange *exchange)
{
    struct parameters parameters;
    struct template_key key;
    struct json_writer *out = &exchange->out;

    if (key_read(exchange, &key) != 0)
        return -1;
    struct version_sink sink = { exchange, key.usual->text, false };
    parameters_fill(&parameters, exchange);
    key_bind(&parameters, &key);
    json_object_begin(out);
    json_put_key_text(out, "key", exchange->key);
    if (exchange_read(exchange, VIEW_DOCUMENT_TEMPLATE, &parameters, version_take, &sink) < 0)
        return -1;
    if (!sink.found && exchange_value(exchange, "version") != NULL)
        return exchange_refuse(exchange, document_error_info(DOCUMENT_ERR_VERSION), NULL);
    if (!sink.found) {
        json_put_key_text(out, "text", key.usual->text);
        json_put_key_boolean(out, "is_own", false);
        json_put_key_integer(out, "shown_version", 0);
    }
    json_put_key_text(out, "built_in", key.usual->text);
    json_put_key(out, "versions");
    json_array_begin(out);
    if (exchange_read(exchange, VIEW_DOCUMENT_TEMPLATE_VERSIONS, &parameters, row_take, exchange) < 0)
        return -1;
    json_array_end(out);
    json_object_end(out);
    return 0;
}

/* A template with the samples of its kind in it.
 * returns  0 with *picture and *pages; DOCUMENT_ERR_* with *problem */
static int sample_draw(const struct template_key *key, struct span text, int page, int dots, struct document_bytes *picture,
    int *pages, struct document_problem *problem)
{
    struct document_template *template = malloc(sizeof *template);
    struct document_values values = document_values_make(key->kind);
    struct document_request request = { template, &values, "", "" };

    if (template == NULL)
        return document_problem_set(problem, DOCUMENT_ERR_MEMORY, 0, "");
    document_values_sample(&values, key->language);
    int result = document_template_parse(template, key->kind, text, problem);
    if (result == 0)
        result = document_picture_render(&request, page, dots, picture, pages, problem);
    document_values_free(&values);
    free(template);
    return result;
}

static void picture_put(struct exchange *exchange, const struct document_bytes *picture)
{
    struct json_writer *out = &exchange->out;
    size_t capacity = picture->size / 3 * 4 + 8;
    uint8_t *text = malloc(capacity);
    struct writer writer = writer_of_buffer(text, text != NULL ? capacity : 0);

    base64_put(&writer, span_of_bytes(picture->bytes, picture->size));
    json_put_key(out, "picture");
    json_put_text(out, writer_span(&writer));
    out->failed = out->failed || writer.overflow;
    free(text);
}

static void problem_put(struct exchange *exchange, const struct document_problem *problem)
{
    struct json_writer *out = &exchange->out;

    json_put_key(out, "problem");
    json_object_begin(out);
    json_put_key_text(out, "code", document_error_info(problem->error)->code);
    json_put_key_integer(out, "line", problem->line);
    json_put_key_text(out, "message", exchange_is_english(exchange) ? problem->text_en : problem->text_zh);
    json_object_end(out);
}

int handle_document_preview(struct exchange *exchange)
{
    struct document_bytes picture = { NULL, 0 };
    struct document_problem problem;
    struct template_key key;
    int page = (int)exchange_integer(exchange, "page", 1);
    int pages = 0;

    if (key_read(exchange, &key) != 0)
        return -1;
    int result = sample_draw(&key, exchange_value(exchange, "text")->text, page,
        (int)exchange_integer(exchange, "dots", DOTS_USUAL), &picture, &pages, &problem);
    json_object_begin(&exchange->out);
    json_put_key_integer(&exchange->out, "pages", pages);
    json_put_key_integer(&exchange->out, "page", page);
    if (result == 0)
        picture_put(exchange, &picture);
    else
        problem_put(exchange, &problem);
    json_object_end(&exchange->out);
    free(picture.bytes);
    return 0;
}

static int template_save(struct exchange *exchange, const struct template_key *key, struct core_reply *reply)
{
    const struct field_value *note = exchange_value(exchange, "note");
    struct core_document_template *ask = calloc(1, sizeof *ask);

    if (ask == NULL)
        return exchange_refuse_api(exchange, API_ERR_MEMORY);
    (void)text_copy(span_of_text(document_kind_name(key->kind)), ask->kind, sizeof ask->kind);
    (void)text_copy(span_of_text(key->usual->paper), ask->paper, sizeof ask->paper);
    (void)text_copy(span_of_text(document_language_name(key->language)), ask->language, sizeof ask->language);
    (void)text_copy(exchange_value(exchange, "text")->text, ask->text, sizeof ask->text);
    if (note != NULL)
        (void)text_copy(note->text, ask->note, sizeof ask->note);
    ask->based_on = exchange_integer(exchange, "based_on", 0);
    int result = exchange_core(exchange, CORE_DOCUMENT_TEMPLATE_PUT, &ask->head, reply);
    free(ask);
    return result;
}

/* What is saved can be parsed and drawn with the samples: nobody finds out at the counter. */
int handle_document_template_put(struct exchange *exchange)
{
    struct span text = exchange_value(exchange, "text")->text;
    struct document_bytes picture = { NULL, 0 };
    struct document_problem problem;
    struct template_key key;
    struct core_reply reply;

    if (key_read(exchange, &key) != 0)
        return -1;
    if (text.size > 0 && sample_draw(&key, text, 1, 36, &picture, NULL, &problem) < 0)
        return document_refuse(exchange, &problem);
    free(picture.bytes);
    if (template_save(exchange, &key, &reply) != 0)
        return -1;
    json_object_begin(&exchange->out);
    json_put_key_text(&exchange->out, "key", exchange->key);
    json_put_key_integer(&exchange->out, "version", reply.count);
    json_put_key_boolean(&exchange->out, "is_own", text.size > 0);
    json_object_end(&exchange->out);
    return 0;
}
