/* A year of money in one thread under a virtual clock: the billing rooms over a real database file, dozens of accounts of
 * every kind, payment channels that misbehave, people who pay, move out, count drawers and take things back, and a process
 * that is killed at any statement of any transaction. The same seed gives the same end, to the last row; how midnights and
 * callbacks travelled changes no final balance. */
#ifndef TESTS_SIMULATION_YEAR_H
#define TESTS_SIMULATION_YEAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/random.h"
#include "billing/payment_order.h"
#include "tests/unit/billing/billing_fixture.h"

#define YEAR_LATE_TERMS ", \"late_fee\": {\"rate_day\": \"0.002\", \"rate_day_later_year\": \"0.003\", \"minimum\": \"1.00\", \"cap\": \"1\"}"
#define YEAR_HOME_LIMIT 64
#define YEAR_DAY_LIMIT 420
#define YEAR_ORDER_LIMIT 8192
#define YEAR_CALL_LIMIT 512      /* callbacks on their way */
#define YEAR_TAKING_LIMIT 8192   /* payments at the counter that were answered */
#define YEAR_LEDGER_LIMIT 4096   /* accounts of the ledger */
#define YEAR_VALVE_LIMIT 64      /* valve commands on their way */
#define YEAR_QUIET_DAYS 14       /* at the end, so that what is late still comes */
#define YEAR_PROBLEM_LIMIT 8     /* told in words; all are counted */

struct year_config {
    uint64_t seed;               /* who lives there, what they use, pay and want */
    uint64_t delivery;           /* how midnights, callbacks and answers travel, and when the process dies */
    int32_t days;                /* 1 to YEAR_DAY_LIMIT - YEAR_QUIET_DAYS - 2 */
    int32_t homes;
    uint32_t kill_one_in;        /* about one of so many transactions is killed; 0 never */
    bool straight;               /* midnights and answers come at once, in order, right the first time */
    bool plain;                  /* people use and pay, nothing else: what balances of two deliveries are compared by */
};

enum year_kind {
    YEAR_STEPS,                  /* prepaid on the platform, steps by month */
    YEAR_FLAT,                   /* the same, one price for a year's use */
    YEAR_BILLED,                 /* post-paid by month, one price */
    YEAR_BILLED_STEPS,           /* post-paid by two months, steps */
    YEAR_METER,                  /* the meter holds the money */
    YEAR_MAIN,                   /* pays for itself and the rooms of its group */
    YEAR_ROOM,
    YEAR_PUBLIC,                 /* shared by ratio */
    YEAR_SHARER,
    YEAR_KIND_COUNT
};

struct year_home {
    int64_t account_id;          /* 0: nobody lives there */
    uint32_t device_id;
    enum year_kind kind;
    int64_t totals[YEAR_DAY_LIMIT]; /* ml at the midnight that begins the day */
};

/* A midnight on its way to the platform. */
struct year_midnight {
    int64_t at_s;
    int32_t home;
    int32_t day;                 /* of the year */
    int64_t total_value;
    bool is_correction;          /* a person has decided */
};

/* What is true at the channel, whatever it says. */
struct year_order {
    int64_t order_id;            /* with us */
    int64_t amount_fen;
    int64_t pay_s;               /* the customer pays then, if the channel knows the order; 0 never */
    int64_t second_s;            /* and pays again; 0 no */
    bool known;
    bool closed;
    char channel[PAYMENT_ORDER_CHANNEL_SIZE];
    char number[PAYMENT_ORDER_NUMBER_SIZE];
};

enum year_refund_fate { YEAR_REFUND_UNKNOWN, YEAR_REFUND_PENDING, YEAR_REFUND_FAILED };

struct year_refund {
    int64_t amount_fen;
    int64_t done_s;              /* of pending: from then on it is done */
    enum year_refund_fate fate;
    char channel[PAYMENT_ORDER_CHANNEL_SIZE];
    char number[PAYMENT_ORDER_NUMBER_SIZE];
};

struct year_call {
    int64_t at_s;
    int64_t amount_fen;
    int32_t subject;             /* index of the order or refund */
    enum payment_order_word word;
    bool is_refund;
    bool is_second;              /* payment */
};

struct year_taking {
    int64_t amount_fen;
    char key[BILLING_KEY_SIZE];
};

struct year_valve {
    int64_t at_s;
    uint32_t device_id;
    enum billing_valve valve;
};

/* What the books must be, kept up transfer by transfer. */
struct year_books {
    struct statement_table *table;
    int64_t last_transfer_id;
    int64_t last_bill_id;
    struct year_book_row {
        int64_t debits_fen, credits_fen, last_transfer_id;
    } rows[YEAR_LEDGER_LIMIT];
};

struct year_counts {
    uint64_t commits, refused, kills, midnights, callbacks, lies, transfers;
    uint64_t deeds[32];          /* by the table of year_people.c: done */
};

struct year {
    struct year_config config;
    struct fixture *fixture;
    char folder[64];
    char path[96];
    int64_t begin_day, begin_s;
    int32_t day;                 /* of the year, the local day it is */
    struct random people, delivery;
    struct year_home homes[YEAR_HOME_LIMIT];
    struct year_midnight *midnights;
    size_t midnight_count, midnight_next;
    struct year_order *orders;
    int32_t order_count;
    struct year_refund *refunds;
    int32_t refund_count;
    struct year_call calls[YEAR_CALL_LIMIT];
    int32_t call_count;
    int64_t bills_asked_day;     /* whose bills of the channels were asked for last */
    struct year_taking *takings;
    int32_t taking_count;
    struct year_valve valves[YEAR_VALVE_LIMIT], valves_asked[YEAR_VALVE_LIMIT];
    int32_t valve_count, valve_asked_count;
    int64_t clear_command_id;    /* a meter that is asked for its money; 0 none */
    int64_t serial;              /* of keys */
    int64_t flat_tariff_id, steps_tariff_id;
    int64_t late_tariff_id;      /* flat, and what is paid late costs more */
    struct year_books books;
    struct year_counts counts;
    unsigned problem_count;
    char problems[YEAR_PROBLEM_LIMIT][240];
};

/* A town at its first evening; ends the program when it cannot be built. */
void year_open(struct year *year, const struct year_config *config);
void year_close(struct year *year);

/* Let all days pass, then the quiet ones. */
void year_run(struct year *year);

/* One transaction; asked again when the process was killed in it, or (is_keyed) after it before the answer was out.
 * returns  as `work`; what it refused is taken back */
typedef int year_work(struct year *year, void *matter);
int year_transact(struct year *year, year_work *work, void *matter, bool is_keyed);

/* Note a broken promise in words. */
void year_complain(struct year *year, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The first column of the first row; 0 without rows. */
int64_t year_number(struct year *year, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* year_plan.c: who lives there, and each midnight with its way to the platform. */
void year_homes_build(struct year *year);
void year_midnights_plan(struct year *year);
/* The account that lives at a device now; 0 none. */
int64_t year_account_of(struct year *year, int32_t home);
/* A new customer moves in. returns 0 or why not */
int year_move_in(struct year *year, int32_t home);

/* year_channel.c */
void year_channel_order(struct year *year, int64_t account_id, int64_t amount_fen);
/* Answers, callbacks and bills that are due. */
void year_channel_work(struct year *year);
/* When something is due next. */
int64_t year_channel_next_s(struct year *year);
/* All that customers paid there, and all that was paid out to them. */
int64_t year_channel_paid_fen(const struct year *year, const char *channel);
int64_t year_channel_refunded_fen(const struct year *year, const char *channel);
void year_channel_check(struct year *year);

/* What the channel says on the telephone of a refund: 1 paid out, 0 never will be, -1 ask again later. */
int year_channel_refund_said(struct year *year, int64_t payment_refund_id);

/* year_people.c: what people do in two hours; is_rest: only what brings things to their end. */
void year_people_live(struct year *year, bool is_rest);
/* NULL behind the last. */
const char *year_deed_name(size_t index);

/* year_checks.c: after every commit, by what is new; of the whole. */
void year_checks_open(struct year *year);
void year_checks_close(struct year *year);
void year_check_commit(struct year *year);
/* When the platform wants to speak with a channel; INT64_MAX never. */
int64_t year_books_channel_due_s(struct year *year);
void year_check_whole(struct year *year);
void year_check_end(struct year *year);

#endif
