/* Calls about bank statements. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/bank_port.h"
#include "apps/meterworks/bank_file.h"
#include "apps/meterworks/core_internal.h"
#include "apps/meterworks/house_error.h"
#include "base/span.h"
#include "base/text.h"
#include "billing/bank_import.h"
#include "store/store_error.h"

/* Where in the file, or which heading: beside the reason's own words. */
static int fault_answer(struct core *core, int result, const struct bank_file_fault *fault)
{
    const struct error_info *info = house_error_info(result);

    if (fault->line == 0 && fault->missing[0] == '\0')
        return result;
    (void)snprintf(core->problem.code, sizeof core->problem.code, "%s", info->code);
    (void)snprintf(core->problem.field, sizeof core->problem.field, "%s", fault->missing);
    if (fault->line > 0) {
        (void)snprintf(core->problem.text_zh, sizeof core->problem.text_zh, "第 %zu 行无法读取, 请检查引号和逗号", fault->line);
        (void)snprintf(core->problem.text_en, sizeof core->problem.text_en,
                       "Line %zu cannot be read; look at its quotes and commas", fault->line);
    } else {
        (void)snprintf(core->problem.text_zh, sizeof core->problem.text_zh, "没有找到列“%.63s”", fault->missing);
        (void)snprintf(core->problem.text_en, sizeof core->problem.text_en, "There is no column \"%.63s\"", fault->missing);
    }
    return result;
}

static int sheet_read(const struct core_bank_check *ask, int sheet, const struct bank_mapping *mapping, struct bank_line *lines,
                      struct bank_file_fault *fault)
{
    char *text = NULL;
    int64_t size = bank_file_text(span_of_bytes(ask->bytes, ask->size), sheet, &text);
    int found = (int)size;

    if (size >= 0)
        found = bank_file_read(span_of_bytes((const uint8_t *)text, (size_t)size), mapping, lines, BANK_LINE_LIMIT, fault);
    free(text);
    return found;
}

/* The lines of the first sheet that has the headings. returns how many; negative */
static int lines_read(struct core *core, const struct core_bank_check *ask, struct bank_line *lines)
{
    const struct bank_store *bank = bank_sql_store(core->bank_sql);
    struct bank_file_fault fault = { .line = 0 };
    struct bank_mapping mapping;
    int sheets = bank_file_sheets(span_of_bytes(ask->bytes, ask->size));
    int mapped = sheets < 0 ? sheets : bank->mapping_read(bank->context, ask->head.tenant_id, ask->bank, &mapping);
    int found = mapped < 0 ? mapped : CASH_ERR_STATEMENT_EMPTY;

    for (int sheet = 0; mapped >= 0 && sheet < sheets; sheet++) {
        int result = sheet_read(ask, sheet, mapped == 1 ? &mapping : NULL, lines, &fault);

        if (result != CASH_ERR_STATEMENT_EMPTY)
            found = result;
        if (result != CASH_ERR_STATEMENT_EMPTY && result != CASH_ERR_STATEMENT_COLUMNS)
            break;
    }
    return found < 0 && mapped >= 0 ? fault_answer(core, found, &fault) : found;
}

int core_bank_check(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_bank_check *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    struct bank_statement row = { .lines = 0 };
    struct bank_line *lines = calloc(BANK_LINE_LIMIT, sizeof *lines);
    int result = lines != NULL ? lines_read(core, ask, lines) : STORE_ERR_MEMORY;

    (void)text_copy(span_of_text(ask->bank), row.bank, sizeof row.bank);
    (void)text_copy(span_of_text(ask->file_name), row.file_name, sizeof row.file_name);
    if (result >= 0)
        result = bank_statement_check(core->billing, &scope, core->now_s, &row, lines, (size_t)result);
    free(lines);
    if (result < 0)
        return result;
    reply->object_id = row.statement_id;
    return core_audit(core, &ask->head, "bank_statement.check", "bank_statement", row.statement_id, row.file_name);
}

int core_bank_book(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_reason *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    int result = bank_statement_book(core->billing, &scope, ask->head.object_id);

    if (result < 0)
        return result;
    core->work_remains = true;
    reply->object_id = ask->head.object_id;
    return core_audit(core, &ask->head, "bank_statement.book", "bank_statement", reply->object_id, ask->reason);
}

int core_bank_cancel(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_reason *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    int result = bank_statement_cancel(core->billing, &scope, core->now_s, ask->head.object_id);

    if (result < 0)
        return result;
    reply->object_id = ask->head.object_id;
    return core_audit(core, &ask->head, "bank_statement.cancel", "bank_statement", reply->object_id, ask->reason);
}

int core_bank_assign(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_bank_assign *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    struct bank_line line;
    int result = bank_line_assign(core->billing, &scope, core->now_s, ask->head.object_id, ask->account_id, &line);

    if (result < 0)
        return result;
    reply->object_id = line.line_id;
    return core_audit(core, &ask->head, "bank_line.assign", "bank_line", line.line_id, "");
}

int core_bank_return(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_reason *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    int64_t approval_id = 0;
    int result = bank_line_return_ask(core->billing, &scope, core->now_s, ask->head.object_id, ask->reason, &approval_id);

    if (result < 0)
        return result;
    reply->object_id = ask->head.object_id;
    return core_audit(core, &ask->head, "bank_line.return_ask", "bank_line", reply->object_id, ask->reason);
}

int core_bank_mapping_put(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_bank_mapping *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    struct bank_mapping row = ask->mapping;
    int result = bank_mapping_put(core->billing, &scope, &row);

    (void)reply;
    return result < 0 ? result : core_audit(core, &ask->head, "bank_mapping.put", "bank_mapping", 0, row.bank);
}
