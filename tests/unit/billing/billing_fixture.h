/* A billing room over a real store in memory, with hands that only take notes: every test of the room starts here. */
#ifndef TESTS_BILLING_FIXTURE_H
#define TESTS_BILLING_FIXTURE_H

#include "base/writer.h"
#include "billing/billing.h"
#include "notify/notify.h"
#include "store/sqlite/bank_sqlite.h"
#include "store/sqlite/billing_sqlite.h"
#include "store/sqlite/cash_sqlite.h"
#include "store/sqlite/case_sqlite.h"
#include "store/sqlite/late_sqlite.h"
#include "store/sqlite/ledger_sqlite.h"
#include "store/sqlite/measure_sqlite.h"
#include "store/sqlite/money_carry_sqlite.h"
#include "store/sqlite/share_sqlite.h"
#include "store/sqlite/notify_sqlite.h"
#include "store/sqlite/payment_sqlite.h"
#include "store/sqlite/tariff_sqlite.h"
#include "store/sqlite/unit_sqlite.h"

#define FIXTURE_ZONE_S 28800
#define FIXTURE_STORY_LIMIT 65536

/* The water price of Shenzhen (22/30 m3 a month) as the tests' usual document. */
extern const char fixture_document[];

struct fixture {
    struct store *store;
    struct billing_sqlite *billing_sqlite;
    struct ledger_sqlite *ledger_sqlite;
    struct notify_sqlite *notify_sqlite;
    struct payment_sqlite *payment_sqlite;
    struct cash_sqlite *cash_sqlite;
    struct bank_sqlite *bank_sqlite;
    struct measure_sqlite *measure_sqlite;
    struct share_sqlite *share_sqlite;
    struct unit_sqlite *unit_sqlite;
    struct late_sqlite *late_sqlite;
    struct money_carry_sqlite *money_carry_sqlite;
    struct case_sqlite *case_sqlite;
    struct tariff_sqlite *tariff_sqlite;
    struct billing_actions actions;
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
