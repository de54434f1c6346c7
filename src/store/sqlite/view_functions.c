#include "store/sqlite/view_functions.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/line_order.h"
#include "base/quantity.h"
#include "base/wide.h"
#include "base/writer.h"
#include "billing/billing_store.h"
#include "billing/late_store.h"
#include "collect/collect_store.h"
#include "reading/reading_store.h"
#include "registry/registry_store.h"
#include "store/sqlite/sqlite_store.h"

#define MAP_DAYS 64

int view_days_known(uint64_t map, int64_t newest, int64_t from, int64_t to)
{
    int known = 0;

    for (int64_t k = 0; k < MAP_DAYS; k++) {
        int64_t day = newest - k;
        if (day >= from && day <= to && (map >> k & 1) != 0)
            known++;
    }
    return known;
}

static void days_known(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    sqlite3_result_int(context, view_days_known((uint64_t)sqlite3_value_int64(values[0]), sqlite3_value_int64(values[1]),
        sqlite3_value_int64(values[2]), sqlite3_value_int64(values[3])));
}

/* The newest gap of a completeness map, of its newest day, of a meter installed on a day; 0 without one, as without a map. */
static void gap_day(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    sqlite3_result_int(context, reading_gap_day((uint64_t)sqlite3_value_int64(values[0]), sqlite3_value_int(values[1]),
        sqlite3_value_int(values[2])));
}

/* "no_answer" for a stored number of enum line_problem or enum collect_reason. */
static void problem_name(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    if (sqlite3_value_type(values[0]) != SQLITE_NULL)
        sqlite3_result_text(context, collect_problem_name(sqlite3_value_int(values[0])), -1, SQLITE_STATIC);
}

/* "midnight_missing" for a stored reason of billing, rating or ledger. */
static void held_name(sqlite3_context *context, int count, sqlite3_value **values)
{
    const char *name = billing_held_name(sqlite3_value_int(values[0]));

    (void)count;
    if (name != NULL)
        sqlite3_result_text(context, name, -1, SQLITE_STATIC);
}

/* The same reason in words; of the second argument's language, "zh" or "en". */
static void held_text(sqlite3_context *context, int count, sqlite3_value **values)
{
    const struct error_info *info = billing_held_info(sqlite3_value_int(values[0]));
    const unsigned char *language = sqlite3_value_text(values[1]);

    (void)count;
    if (info != NULL && language != NULL)
        sqlite3_result_text(context, language[0] == 'z' ? info->text_zh : info->text_en, -1, SQLITE_STATIC);
}

static void quantity_name(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    sqlite3_result_text(context, quantity_info((enum quantity)sqlite3_value_int(values[0]))->name, -1, SQLITE_STATIC);
}

static void quantity_unit(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    sqlite3_result_text(context, quantity_info((enum quantity)sqlite3_value_int(values[0]))->unit, -1, SQLITE_STATIC);
}

static void quantity_number(sqlite3_context *context, int count, sqlite3_value **values)
{
    const char *name = (const char *)sqlite3_value_text(values[0]);

    (void)count;
    for (int quantity = 1; name != NULL && quantity < QUANTITY_COUNT; quantity++)
        if (strcmp(quantity_info((enum quantity)quantity)->name, name) == 0) {
            sqlite3_result_int(context, quantity);
            return;
        }
}

/* The quantity of the main register of a kind of meter. */
static void kind_quantity(sqlite3_context *context, int count, sqlite3_value **values)
{
    const char *name = (const char *)sqlite3_value_text(values[0]);

    (void)count;
    if (name != NULL)
        sqlite3_result_int(context, (int)registry_kind_quantity(registry_kind_of_name(name)));
}

/* value x scale_e3 / 1000, exact in between; NULL beyond 64 bits. */
static void scale_value(sqlite3_context *context, int count, sqlite3_value **values)
{
    int64_t scaled;

    (void)count;
    if (wide_multiply_divide_round(sqlite3_value_int64(values[0]), sqlite3_value_int64(values[1]), 1000, &scaled) == 0)
        sqlite3_result_int64(context, scaled);
}

/* The believed quarter-hours that a block, of a day or folded, has of a day, as "[[time_s,value,quality],...]"; of a day and a zone. */
static void interval_points(sqlite3_context *context, int count, sqlite3_value **values)
{
    int32_t day_number = sqlite3_value_int(values[1]), zone_offset_s = sqlite3_value_int(values[2]);
    const void *block = sqlite3_value_blob(values[0]);
    struct span bytes = span_of_bytes(block, (size_t)sqlite3_value_bytes(values[0]));
    char text[INTERVAL_SLOTS * 48 + 3];
    struct writer out = writer_of_buffer(text, sizeof text);
    struct interval_day day;

    (void)count;
    if (block == NULL || interval_block_day(bytes, day_number, zone_offset_s, &day) <= 0)
        return;
    for (int slot = 0; slot < INTERVAL_SLOTS; slot++)
        if (interval_state_believed(day.states[slot]))
            writer_format(&out, "%c[%lld,%lld,%d]", out.size == 0 ? '[' : ',',
                          (long long)calendar_midnight(day_number, zone_offset_s) + (slot + 1) * INTERVAL_SLOT_S,
                          (long long)day.values[slot], (int)day.states[slot]);
    writer_text(&out, out.size == 0 ? "[]" : "]");
    if (!out.overflow)
        sqlite3_result_text(context, text, (int)out.size, SQLITE_TRANSIENT);
}

/* How many quarter-hours a block has of a day, of a zone; NULL when it is damaged at or before that day. */
static void interval_known(sqlite3_context *context, int count, sqlite3_value **values)
{
    const void *block = sqlite3_value_blob(values[0]);
    struct span bytes = span_of_bytes(block, block != NULL ? (size_t)sqlite3_value_bytes(values[0]) : 0);
    struct interval_day day;
    int known = interval_block_day(bytes, sqlite3_value_int(values[1]), sqlite3_value_int(values[2]), &day);

    (void)count;
    if (known >= 0)
        sqlite3_result_int(context, known);
}

/* The facts of a bill's late fee, in the order in which view bill_open lists them. */
enum { LATE_RATE, LATE_RATE_LATER, LATE_MINIMUM, LATE_CAP, LATE_GRACE, LATE_DUE, LATE_UNTIL, LATE_REST, LATE_PARTS, LATE_SAME,
       LATE_LATER, LATE_TAKEN, LATE_COUNT };

/* "[1,2,null]"; what is no number is 0. */
static void facts_read(const char *text, int64_t facts[LATE_COUNT])
{
    for (int index = 0; index < LATE_COUNT; index++) {
        facts[index] = text != NULL ? strtoll(text + 1, NULL, 10) : 0;
        text = text != NULL ? strchr(text + 1, ',') : NULL;
    }
}

/* What a bill's late fee comes to on a day, less what was booked or waived of it; 0 without facts. */
static void late_fee(sqlite3_context *context, int count, sqlite3_value **values)
{
    int64_t day = sqlite3_value_int64(values[1]);
    int64_t facts[LATE_COUNT];
    struct late_fee_rule rule;
    struct late_fee_basis basis;
    struct late_fee fee;

    (void)count;
    sqlite3_result_int64(context, 0);
    if (sqlite3_value_type(values[0]) == SQLITE_NULL)
        return;
    facts_read((const char *)sqlite3_value_text(values[0]), facts);
    rule = (struct late_fee_rule){ facts[LATE_RATE], facts[LATE_RATE_LATER], facts[LATE_MINIMUM], facts[LATE_CAP],
                                   (int32_t)facts[LATE_GRACE] };
    basis = (struct late_fee_basis){ facts[LATE_PARTS], facts[LATE_SAME], facts[LATE_LATER] };
    if (facts[LATE_UNTIL] != 0 && day > facts[LATE_UNTIL])
        day = facts[LATE_UNTIL];
    if (late_fee_basis_add(&basis, facts[LATE_REST], late_fee_days_count(&rule, facts[LATE_DUE], day)) == 0 &&
        late_fee_compute(&rule, &basis, &fee) == 0)
        sqlite3_result_int64(context, fee.amount_fen > facts[LATE_TAKEN] ? fee.amount_fen - facts[LATE_TAKEN] : 0);
}

/* NULL stays NULL. */
static void line_problem_words(sqlite3_context *context, int count, sqlite3_value **values)
{
    enum line_problem problem = (enum line_problem)sqlite3_value_int(values[0]);

    (void)count;
    if (sqlite3_value_type(values[0]) != SQLITE_NULL)
        sqlite3_result_text(context, line_problem_text(problem, sqlite3_value_int(values[1])), -1, SQLITE_STATIC);
}

static const struct {
    const char *name;
    int arguments;
    void (*function)(sqlite3_context *context, int count, sqlite3_value **values);
} functions[] = {
    { "days_known", 4, days_known },
    { "gap_day", 3, gap_day },
    { "problem_name", 1, problem_name },
    { "held_name", 1, held_name },
    { "held_text", 2, held_text },
    { "line_problem_text", 2, line_problem_words },
    { "quantity_name", 1, quantity_name },
    { "quantity_unit", 1, quantity_unit },
    { "quantity_number", 1, quantity_number },
    { "kind_quantity", 1, kind_quantity },
    { "scale_value", 2, scale_value },
    { "interval_points", 3, interval_points },
    { "interval_known", 3, interval_known },
    { "late_fee", 2, late_fee },
};

int view_functions_register(sqlite3 *connection)
{
    int result = SQLITE_OK;

    for (size_t i = 0; i < sizeof functions / sizeof functions[0] && result == SQLITE_OK; i++)
        result = sqlite3_create_function(connection, functions[i].name, functions[i].arguments,
            SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, functions[i].function, NULL, NULL);
    return sqlite_store_error(result);
}
