/* The words of notices: the program's own beside an operator's, and how they would read. */
#include <string.h>

#include "api/handlers.h"
#include "api/route.h"
#include "base/text.h"
#include "notify/notice_text.h"

/* Columns of VIEW_MESSAGE_TEMPLATES. */
enum { KIND, LANGUAGE, TEXT, CHANGED_S, CHANGED_BY };

struct own_template {
    bool given;
    char text[NOTICE_TEXT_SIZE];
    int64_t changed_s;
    char changed_by[128];
};

struct template_sink {
    struct own_template own[NOTICE_KIND_COUNT][2];
};

static int template_take(void *context, const struct view_row *row)
{
    struct template_sink *sink = context;
    char name[32];
    int kind;

    if (text_copy(row->cells[KIND].text, name, sizeof name) < 0)
        return 0;
    kind = notice_kind_of_name(name);
    struct own_template *own = &sink->own[kind][row->cells[LANGUAGE].integer == NOTICE_ENGLISH ? 1 : 0];
    if (kind == 0 || text_copy(row->cells[TEXT].text, own->text, sizeof own->text) < 0)
        return 0;
    own->given = true;
    own->changed_s = row->cells[CHANGED_S].integer;
    if (row->cells[CHANGED_BY].type == VIEW_TEXT)
        (void)text_copy(row->cells[CHANGED_BY].text, own->changed_by, sizeof own->changed_by);
    return 0;
}

/* Somebody's case, to read words by: the owner of 3栋1204 on the caller's today. */
static struct notice_values values_usual(const struct exchange *exchange)
{
    return (struct notice_values){ .organisation = exchange->caller.tenant_name,
                                   .phone = "88880000",
                                   .place_zh = "3栋1204",
                                   .place_en = "3-1204",
                                   .balance_fen = 1820,
                                   .due_fen = 1240,
                                   .paid_fen = 10000,
                                   .at_s = exchange->now_s,
                                   .zone_offset_s = exchange->caller.zone_offset_s,
                                   .days_left = 13,
                                   .flow_l_per_h = 6 };
}

static void sample_put(struct exchange *exchange, const char *template, enum notice_language language)
{
    struct notice_values values = values_usual(exchange);
    char text[NOTICE_TEXT_SIZE];
    bool fits = notice_template_render(template, language, &values, text) >= 0;

    json_put_key(&exchange->out, "sample");
    if (fits)
        json_put_text(&exchange->out, span_of_text(text));
    else
        json_put_null(&exchange->out);
    json_put_key_integer(&exchange->out, "sms_parts", fits ? notice_text_parts(text) : 0);
}

static void template_put(struct exchange *exchange, int kind, enum notice_language language,
                         const struct own_template *own)
{
    struct json_writer *out = &exchange->out;
    const char *usual = notice_template((enum notice_kind)kind, language);

    json_object_begin(out);
    json_put_key_text(out, "kind", notice_kind_name(kind));
    json_put_key_text(out, "language", language == NOTICE_CHINESE ? "zh" : "en");
    json_put_key_text(out, "text", own->given ? own->text : usual);
    json_put_key_text(out, "default_text", usual);
    json_put_key_boolean(out, "is_default", !own->given);
    sample_put(exchange, own->given ? own->text : usual, language);
    json_put_key(out, "changed_s");
    if (own->given)
        json_put_integer(out, own->changed_s);
    else
        json_put_null(out);
    json_put_key_text(out, "changed_by_name", own->changed_by);
    json_object_end(out);
}

static int templates_read(struct exchange *exchange, struct template_sink *sink)
{
    struct parameters parameters;

    parameters_fill(&parameters, exchange);
    return exchange_read(exchange, VIEW_MESSAGE_TEMPLATES, &parameters, template_take, sink);
}

int handle_message_templates(struct exchange *exchange)
{
    struct template_sink sink = { 0 };
    struct json_writer *out = &exchange->out;
    const char *name;

    if (templates_read(exchange, &sink) < 0)
        return -1;
    json_object_begin(out);
    json_put_key(out, "items");
    json_array_begin(out);
    for (int kind = 1; kind < NOTICE_KIND_COUNT; kind++) {
        template_put(exchange, kind, NOTICE_CHINESE, &sink.own[kind][0]);
        template_put(exchange, kind, NOTICE_ENGLISH, &sink.own[kind][1]);
    }
    json_array_end(out);
    json_put_key(out, "placeholders");
    json_array_begin(out);
    for (size_t i = 0; (name = notice_placeholder_name(i)) != NULL; i++)
        json_put_text(out, span_of_text(name));
    json_array_end(out);
    json_object_end(out);
    return 0;
}

/* Say which placeholder is wrong. Gives -1. */
static int template_refuse(struct exchange *exchange, int error, const char *wrong)
{
    const struct error_info *info = notify_error_info(error);
    struct field_problem problem = { .error = API_ERR_FIELD_RANGE, .field = "text" };

    if (wrong[0] != '\0') {
        (void)snprintf(problem.text_en, sizeof problem.text_en, "There is no placeholder {%s}", wrong);
        (void)snprintf(problem.text_zh, sizeof problem.text_zh, "没有占位符 {%s}", wrong);
    } else {
        (void)snprintf(problem.text_en, sizeof problem.text_en, "%s", info->text_en);
        (void)snprintf(problem.text_zh, sizeof problem.text_zh, "%s", info->text_zh);
    }
    return exchange_refuse_field(exchange, &problem);
}

int handle_message_preview(struct exchange *exchange)
{
    const struct field_value *given = exchange_value(exchange, "text");
    enum notice_language language =
        span_equal_text(exchange_value(exchange, "language")->text, "en") ? NOTICE_ENGLISH : NOTICE_CHINESE;
    struct template_sink sink = { 0 };
    char name[32] = "", text[NOTICE_TEXT_SIZE] = "", wrong[NOTICE_PLACEHOLDER_SIZE] = "";
    int kind, checked;

    (void)text_copy(exchange_value(exchange, "kind")->text, name, sizeof name);
    kind = notice_kind_of_name(name);
    if (kind == 0)
        return exchange_refuse(exchange, notify_error_info(NOTIFY_ERR_KIND), "kind");
    if (given != NULL && given->text.size > 0)
        (void)text_copy(given->text, text, sizeof text);
    else if (templates_read(exchange, &sink) < 0)
        return -1;
    struct own_template *own = &sink.own[kind][language == NOTICE_ENGLISH ? 1 : 0];
    if (text[0] == '\0')
        (void)text_copy(span_of_text(own->given ? own->text : notice_template((enum notice_kind)kind, language)), text,
                        sizeof text);
    checked = notice_template_check(span_of_text(text), wrong);
    if (checked < 0)
        return template_refuse(exchange, checked, wrong);
    json_object_begin(&exchange->out);
    json_put_key_text(&exchange->out, "text", text);
    sample_put(exchange, text, language);
    json_object_end(&exchange->out);
    return 0;
}
