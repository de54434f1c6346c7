#include "store/postgres/postgres_names.h"

#include <string.h>

#include "base/line_order.h"
#include "base/quantity.h"
#include "billing/billing_store.h"
#include "collect/collect_store.h"
#include "registry/registry_store.h"

#define ERROR_LAST (-9999)   /* base/error_info.h: reasons of rooms have four digits */
#define PROBLEM_LIMIT 256    /* problems are kept in a byte */

static void text_write(struct writer *out, const char *text)
{
    writer_text(out, "'");
    for (; *text != '\0'; text++) {
        writer_put_u8(out, (uint8_t)*text);
        if (*text == '\'')
            writer_put_u8(out, (uint8_t)'\'');
    }
    writer_text(out, "'");
}

static void begin(struct writer *out, const char *head)
{
    writer_format(out, "CREATE OR REPLACE FUNCTION %s IMMUTABLE LANGUAGE sql AS $$SELECT ", head);
}

static void end(struct writer *out)
{
    writer_text(out, "$$;\n");
}

static void when(struct writer *out, int number, const char *text)
{
    writer_format(out, " WHEN %d THEN ", number);
    text_write(out, text);
}

/* What each number is called, where that is not what the unknown one is. */
static void numbers_write(struct writer *out, const char *(*text)(int number), int count)
{
    const char *unknown = text(count);

    writer_text(out, "CASE $1");
    for (int number = 0; number < count; number++)
        if (strcmp(text(number), unknown) != 0)
            when(out, number, text(number));
    writer_text(out, " ELSE CASE WHEN $1 IS NOT NULL THEN ");
    text_write(out, unknown);
    writer_text(out, " END END");
}

static void held_write(struct writer *out, const char *(*text)(const struct error_info *info))
{
    writer_text(out, "CASE $1");
    for (int error = -1; error >= ERROR_LAST; error--)
        if (billing_held_info(error) != NULL)
            when(out, error, text(billing_held_info(error)));
}

static const char *held_code(const struct error_info *info)
{
    return info->code;
}

static const char *held_english(const struct error_info *info)
{
    return info->text_en;
}

static const char *held_chinese(const struct error_info *info)
{
    return info->text_zh;
}

static const char *problem_english(int problem)
{
    return line_problem_text((enum line_problem)problem, 0);
}

static const char *problem_chinese(int problem)
{
    return line_problem_text((enum line_problem)problem, 1);
}

static const char *quantity_name_of(int quantity)
{
    return quantity_info((enum quantity)quantity)->name;
}

static const char *quantity_unit_of(int quantity)
{
    return quantity_info((enum quantity)quantity)->unit;
}

static void held_functions_write(struct writer *out)
{
    begin(out, "held_name(bigint) RETURNS text");
    held_write(out, held_code);
    writer_text(out, " ELSE CASE WHEN $1 <> 0 THEN 'refused' END END");
    end(out);
    begin(out, "held_text(bigint, text) RETURNS text");
    writer_text(out, "CASE WHEN $2 LIKE 'z%' THEN ");
    held_write(out, held_chinese);
    writer_text(out, " END WHEN $2 IS NOT NULL THEN ");
    held_write(out, held_english);
    writer_text(out, " END END");
    end(out);
}

static void problem_functions_write(struct writer *out)
{
    begin(out, "problem_name(bigint) RETURNS text");
    numbers_write(out, collect_problem_name, PROBLEM_LIMIT);
    end(out);
    begin(out, "line_problem_text(bigint, bigint) RETURNS text");
    writer_text(out, "CASE WHEN $2 <> 0 THEN ");
    numbers_write(out, problem_chinese, PROBLEM_LIMIT);
    writer_text(out, " ELSE ");
    numbers_write(out, problem_english, PROBLEM_LIMIT);
    writer_text(out, " END");
    end(out);
}

static void quantity_functions_write(struct writer *out)
{
    begin(out, "quantity_name(bigint) RETURNS text");
    numbers_write(out, quantity_name_of, QUANTITY_COUNT);
    end(out);
    begin(out, "quantity_unit(bigint) RETURNS text");
    numbers_write(out, quantity_unit_of, QUANTITY_COUNT);
    end(out);
    begin(out, "quantity_number(text) RETURNS bigint");
    writer_text(out, "CASE $1");
    for (int quantity = 1; quantity < QUANTITY_COUNT; quantity++) {
        writer_text(out, " WHEN ");
        text_write(out, quantity_name_of(quantity));
        writer_format(out, " THEN %d", quantity);
    }
    writer_text(out, " END");
    end(out);
}

static void kind_function_write(struct writer *out)
{
    begin(out, "kind_quantity(text) RETURNS bigint");
    writer_text(out, "CASE $1");
    for (uint32_t kind = 1; registry_kind_name(kind)[0] != '\0'; kind++) {
        writer_text(out, " WHEN ");
        text_write(out, registry_kind_name(kind));
        writer_format(out, " THEN %d", (int)registry_kind_quantity(kind));
    }
    writer_format(out, " ELSE CASE WHEN $1 IS NOT NULL THEN %d END END", (int)QUANTITY_NONE);
    end(out);
}

void postgres_names_write(struct writer *out)
{
    held_functions_write(out);
    problem_functions_write(out);
    quantity_functions_write(out);
    kind_function_write(out);
}
