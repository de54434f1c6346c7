/* Calls about documents: prints are counted, templates keep their versions, both are noted in the audit trail. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/document_port.h"
#include "apps/meterworks/core_internal.h"
#include "base/text.h"

#define TEMPLATE_VERSION_LIMIT 1000
#define PROBLEM_SIZE 160 /* bytes of the sentence behind the line */

static int print_count(struct core *core, const struct core_document_print *ask, int32_t index)
{
    struct document_sql_print print = { .tenant_id = ask->head.tenant_id,
                                           .person_id = ask->head.person_id,
                                           .kind = ask->kind,
                                           .object_id = ask->objects[index],
                                           .now_s = core->now_s };
    char detail[48];
    int copy = document_sql_print_add(core->document_sql, &print);

    if (copy < 0)
        return copy;
    ask->copies[index] = copy;
    (void)snprintf(detail, sizeof detail, "%s %d", ask->paper, copy);
    return core_audit(core, &ask->head, "document.print", ask->kind, print.object_id, detail);
}

int core_document_print(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_document_print *ask = request;
    int result = 0;

    for (int32_t i = 0; result == 0 && i < ask->count; i++)
        result = print_count(core, ask, i);
    reply->count = ask->count;
    return result;
}

/* A template that is stored can be parsed; why not is told with its line. */
static int template_check(struct core *core, enum document_kind kind, const char *text)
{
    struct document_template *template = malloc(sizeof *template);
    struct document_problem problem;

    if (template == NULL)
        return DOCUMENT_ERR_MEMORY;
    int result = document_template_parse(template, kind, span_of_text(text), &problem);
    free(template);
    if (result < 0) {
        (void)snprintf(core->problem.code, sizeof core->problem.code, "%s", document_error_info(result)->code);
        (void)snprintf(core->problem.field, sizeof core->problem.field, "text");
        (void)snprintf(core->problem.text_zh, sizeof core->problem.text_zh, "第 %d 行: %.*s", problem.line,
            (int)text_utf8_cut(span_of_text(problem.text_zh), PROBLEM_SIZE), problem.text_zh);
        (void)snprintf(core->problem.text_en, sizeof core->problem.text_en, "Line %d: %.*s", problem.line,
            (int)text_utf8_cut(span_of_text(problem.text_en), PROBLEM_SIZE), problem.text_en);
    }
    return result;
}

int core_document_template_put(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_document_template *ask = request;
    struct document_sql_template template = { .tenant_id = ask->head.tenant_id, .person_id = ask->head.person_id,
                                                 .kind = ask->kind, .paper = ask->paper, .language = ask->language,
                                                 .text = ask->text, .note = ask->note, .now_s = core->now_s };
    enum document_language language = strcmp(ask->language, "en") == 0 ? DOCUMENT_ENGLISH : DOCUMENT_CHINESE;
    int kind = document_kind_of_name(ask->kind);
    char detail[64];

    if (kind == 0 || document_default_find((enum document_kind)kind, ask->paper, language) == NULL)
        return DOCUMENT_ERR_KIND;
    int result = ask->text[0] != '\0' ? template_check(core, (enum document_kind)kind, ask->text) : 0;
    if (result < 0)
        return result;
    int newest = document_sql_template_newest(core->document_sql, &template);
    if (newest < 0)
        return newest;
    if (newest != ask->based_on)
        return DOCUMENT_ERR_STALE;
    if (newest == TEMPLATE_VERSION_LIMIT)
        return DOCUMENT_ERR_VERSIONS;
    result = document_sql_template_add(core->document_sql, &template, newest + 1);
    if (result < 0)
        return result;
    reply->count = newest + 1;
    (void)snprintf(detail, sizeof detail, "%s.%s.%s %d", ask->kind, ask->paper, ask->language, newest + 1);
    return core_audit(core, &ask->head, "document_template.put", "document_template", 0, detail);
}
