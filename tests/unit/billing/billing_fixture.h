/* A billing room over a real store in memory, with hands that only take notes: every test of the room starts here. */
#ifndef TESTS_BILLING_FIXTURE_H
#define TESTS_BILLING_FIXTURE_H

#include "base/writer.h"
#include "billing/billing.h"
#include "notify/notify.h"
#include "store/sql/bank_sql.h"
#include "store/sql/billing_sql.h"
#include "store/sql/cash_sql.h"
#include "store/sql/case_sql.h"
#include "store/sql/late_sql.h"
#include "store/sql/ledger_sql.h"
#include "store/sql/measure_sql.h"
#include "store/sql/money_carry_sql.h"
#include "store/sql/share_sql.h"
#include "store/sql/notify_sql.h"
#include "store/sql/payment_sql.h"
#include "store/sql/tariff_sql.h"
#include "store/sql/unit_sql.h"

#define FIXTURE_ZONE_S 28800
#define FIXTURE_STORY_LIMIT 65536

/* The water price of Shenzhen (22/30 m3 a month) as the tests' usual document. */
extern const char fixture_document[];

struct fixture {
    struct store *store;
    struct billing_sql *billing_sql;
    struct ledger_sql *ledger_sql;
    struct notify_sql *notify_sql;
    struct payment_sql *payment_sql;
    struct cash_sql *cash_sql;
    struct bank_sql *bank_sql;
    struct measure_sql *measure_sql;
    struct share_sql *share_sql;
    struct unit_sql *unit_sql;
    struct late_sql *late_sql;
    struct money_carry_sql *money_carry_sql;
    struct case_sql *case_sql;
    struct tariff_sql *tariff_sql;
    struct billing_actions actions;
    struct billing_config config;
    struct billing *billing;
    struct billing_scope scope;
    int64_t tariff_id;
    int64_t now_s;
    uint64_t command_id;
    int valve_refusals;        /* so many valve commands are refused from now on */
    int recharge_refusals;
    bool awake;                /* what commands are told about the device */
    struct undo *undo;
    int64_t recharged_fen;     /* sum of recharges asked and not taken back */
    int64_t recharged_value;   /* the same of units */
    struct billing_holding holding; /* of every meter */
    struct writer story;       /* what happened, one line each */
    char story_bytes[FIXTURE_STORY_LIMIT];
};

/* For cmocka: *state is a struct fixture at 2026-05-20 12:00 local with one tenant, three areas and a tariff. */
int fixture_open(void **state);
int fixture_close(void **state);
/* The same in a new file. */
int fixture_open_new(void **state, const char *path);
/* The same rooms over a file, with nothing added to what it holds. */
int fixture_open_file(void **state, const char *path);

/* The room anew, as config now says, over what the store holds: nothing that was in memory only is known. */
void fixture_billing_restart(struct fixture *fixture);

/* The hand that posts messages; context: the fixture. */
int fixture_notice_post(void *context, const struct billing_notice *notice);

/* A device in building 3栋 (area path /1/2/), installed long ago. */
uint32_t fixture_device_add(struct fixture *fixture);

/* An account of a new customer on a new device. */
int64_t fixture_account_open(struct fixture *fixture, const char *payment_mode, int64_t low_fen, int64_t overdraft_fen);

/* From now on accounts get a flat price, such as "3.00" yuan a m3, all year. */
void fixture_flat_price(struct fixture *fixture, const char *price);

/* Store the midnight of a day and tell the room. */
void fixture_midnight(struct fixture *fixture, uint32_t device_id, int64_t day, int64_t total_value);
/* Store or replace it silently. */
void fixture_midnight_put(struct fixture *fixture, uint32_t device_id, int64_t day, int64_t total_value);

/* Walk the clock in steps of ten minutes up to `until_s`, ticking the room. */
void fixture_run(struct fixture *fixture, int64_t until_s);
/* Tick until nothing is due. */
void fixture_settle(struct fixture *fixture);

int64_t fixture_day(const char *date);
int64_t fixture_time(const char *local_time);   /* "2026-05-22T08:00" */
int64_t fixture_balance(struct fixture *fixture, int64_t account_id);
int fixture_pay(struct fixture *fixture, int64_t account_id, int64_t amount_fen, const char *key,
                struct billing_payment_result *out);
struct billing_account fixture_account(struct fixture *fixture, int64_t account_id);
int64_t fixture_number(struct fixture *fixture, const char *query);
/* Fails the test unless the ledger proves itself. */
void fixture_verify(struct fixture *fixture);
/* A line of the story, stamped with the local time. */
void fixture_tell(struct fixture *fixture, const char *format, ...) COMPILER_PRINTF(2, 3);
/* Compare the story so far with text, then begin a new one. */
void fixture_story(struct fixture *fixture, const char *expected);

#endif
