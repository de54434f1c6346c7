#include "apps/meterworks/town_people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/quantity.h"
#include "sim/people.h"
#include "store/statement.h"

#define BUSY_MS 200

struct town_people {
    const struct town_plan *plan;
    struct store *store;
    struct statement *troubled;
    uint32_t *homes;        /* by device_id; TOWN_NONE: not of this town */
    int64_t device_limit;
};

/* Accounts with a reminder, a warning or an open bill. */
static const char troubled_sql[] =
    "SELECT a.account_id, a.device_id, a.stage, a.stage_since_s, a.payment_mode, w.credits_fen - w.debits_fen,"
    " coalesce(b.owed_fen, 0), coalesce(b.since_s, 0), coalesce(s.valve_state, 0), coalesce(s.balance_fen, 0)"
    " FROM account a JOIN ledger_account w ON w.ledger_account_id = a.wallet_id"
    " LEFT JOIN (SELECT account_id, sum(amount_fen + late_fee_fen - paid_fen) AS owed_fen, min(issued_s) AS since_s"
    "            FROM bill WHERE state = 'issued' GROUP BY account_id) b ON b.account_id = a.account_id"
    " LEFT JOIN device_state s ON s.device_id = a.device_id"
    " WHERE a.closed_s IS NULL AND a.device_id IS NOT NULL AND (a.stage <> 'good' OR b.owed_fen > 0)";

enum troubled_column {
    COLUMN_ACCOUNT, COLUMN_DEVICE, COLUMN_STAGE, COLUMN_STAGE_SINCE, COLUMN_MODE, COLUMN_WALLET, COLUMN_OWED,
    COLUMN_OWED_SINCE, COLUMN_VALVE, COLUMN_METER_BALANCE
};

static const char *const stages[PEOPLE_TROUBLE_COUNT] = {
    [PEOPLE_AT_EASE] = "good", [PEOPLE_REMINDED] = "low_first", [PEOPLE_REMINDED_TWICE] = "low_second",
    [PEOPLE_WARNED] = "overdraft", [PEOPLE_LAST_NOTICE] = "final_notice", [PEOPLE_CUT_OFF] = "cut",
};

static int homes_fill(struct town_people *people, const int64_t *device_ids)
{
    for (size_t i = 0; i < people->plan->home_count; i++)
        if (device_ids[i] >= people->device_limit)
            people->device_limit = device_ids[i] + 1;
    people->homes = malloc((size_t)people->device_limit * sizeof *people->homes + 1);
    if (people->homes == NULL)
        return -1;
    for (int64_t i = 0; i < people->device_limit; i++)
        people->homes[i] = TOWN_NONE;
    for (size_t i = 0; i < people->plan->home_count; i++)
        people->homes[device_ids[i]] = (uint32_t)i;
    return 0;
}

int town_people_open(const char *database_path, const struct town_plan *plan, const int64_t *device_ids,
                     struct town_people **out, char problem[256])
{
    struct town_people *people = calloc(1, sizeof *people);
    int error;

    if (people != NULL)
        people->plan = plan;
    if (people == NULL || homes_fill(people, device_ids) < 0) {
        (void)snprintf(problem, 256, "out of memory");
        town_people_close(people);
        return -1;
    }
    error = store_open(&(struct store_config){ .path = database_path, .read_only = true, .busy_timeout_ms = BUSY_MS },
                       &people->store);
    if (error == 0)
        error = statement_prepare(people->store, troubled_sql, &people->troubled);
    if (error != 0) {
        (void)snprintf(problem, 256, "%s: %s", database_path, store_error_text(error));
        town_people_close(people);
        return -1;
    }
    *out = people;
    return 0;
}

void town_people_close(struct town_people *people)
{
    if (people == NULL)
        return;
    statement_finalize(people->troubled);
    store_close(people->store);
    free(people->homes);
    free(people);
}

static enum people_trouble trouble_of(const char *stage)
{
    for (int trouble = 0; stage != NULL && trouble < PEOPLE_TROUBLE_COUNT; trouble++)
        if (strcmp(stages[trouble], stage) == 0)
            return (enum people_trouble)trouble;
    return PEOPLE_AT_EASE;
}

static struct people_account account_read(struct statement *row)
{
    const char *mode = statement_text_at(row, COLUMN_MODE);
    bool in_meter = mode != NULL && strcmp(mode, "prepaid_meter") == 0;

    return (struct people_account){
        .trouble = trouble_of(statement_text_at(row, COLUMN_STAGE)),
        .trouble_since_s = statement_integer(row, COLUMN_STAGE_SINCE),
        .owed_fen = statement_integer(row, COLUMN_OWED),
        .owed_since_s = statement_integer(row, COLUMN_OWED_SINCE),
        .balance_fen = statement_integer(row, in_meter ? COLUMN_METER_BALANCE : COLUMN_WALLET),
        .valve_closed = statement_int(row, COLUMN_VALVE) == VALVE_CLOSED,
    };
}

static bool wish_make(const struct town_people *people, struct statement *row, int64_t now_s,
                      struct town_payment_wish *wish)
{
    int64_t device_id = statement_integer(row, COLUMN_DEVICE);
    struct people_account account = account_read(row);
    uint32_t home = device_id >= 0 && device_id < people->device_limit ? people->homes[device_id] : TOWN_NONE;

    if (home == TOWN_NONE)
        return false;
    wish->home = home;
    wish->account_id = statement_integer(row, COLUMN_ACCOUNT);
    wish->amount_fen = people_payment_fen(&people->plan->homes[home], &account, now_s);
    wish->press_button = people_press_button(&account);
    (void)snprintf(wish->key, sizeof wish->key, "town-%lld-%lld", (long long)wish->account_id, (long long)(now_s / 3600));
    return wish->amount_fen > 0;
}

int town_people_look(struct town_people *people, int64_t now_s, struct town_payment_wish *wishes, int limit)
{
    int count = 0;
    int found;

    while ((found = statement_row(people->troubled)) == 1 && count < limit)
        count += wish_make(people, people->troubled, now_s, &wishes[count]);
    statement_end(people->troubled);
    return found >= 0 ? count : -1;
}
