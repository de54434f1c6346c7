/* What the billing room needs of a store. store/sql/billing_sql.h implements it.
 *
 * Functions answer 0 (or as said) or a negative number of the store, which the room hands on unchanged. They run inside
 * the transaction that the core has open. Days are local days since 1970-01-01, each standing for the midnight it begins
 * with. */
#ifndef BILLING_BILLING_STORE_H
#define BILLING_BILLING_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "billing/arrears.h"
#include "billing/reminder.h"
#include "rating/late_fee.h"

#define BILLING_NUMBER_SIZE 40
#define BILLING_NAME_SIZE 128
#define BILLING_PHONES_SIZE 128
#define BILLING_PATH_SIZE 192
#define BILLING_KEY_SIZE 80
#define BILLING_ITEM_SIZE 48
#define BILLING_ITEMS_SIZE 1280
#define BILLING_DOCUMENT_SIZE 65536

/* The name in the table is billing_mode_name(). */
enum billing_mode { BILLING_POSTPAID = 1, BILLING_PREPAID_PLATFORM, BILLING_PREPAID_METER, BILLING_MODE_COUNT };

enum billing_valve_pending { BILLING_VALVE_SETTLED = 0, BILLING_VALVE_OPENING, BILLING_VALVE_CLOSING };

/* One row of table customer. */
struct billing_customer {
    int64_t customer_id;
    int64_t protected_until_s;
    int64_t created_s;
    uint32_t tenant_id;
    char number[BILLING_NUMBER_SIZE];
    char name[BILLING_NAME_SIZE];
    char name_initials[BILLING_NUMBER_SIZE];
    char phones[BILLING_PHONES_SIZE];
    char protected_reason[BILLING_NAME_SIZE];
};

/* One row of table account, and what else a look at it needs. */
struct billing_account {
    int64_t account_id;
    int64_t customer_id;
    int64_t area_id;
    int64_t tariff_id;
    int64_t low_balance_fen;
    int64_t overdraft_fen;
    int64_t restore_fen;
    int64_t wallet_id;
    int64_t meter_credit_id;  /* 0 unless prepaid_meter */
    int64_t closing_id;       /* being closed, or closed by it: the account rests; 0 none */
    int64_t deposit_id;       /* ledger account of what is kept as security; 0 none */
    int64_t main_account_id;  /* of a group's member: whose wallet it uses; 0 none */
    bool holds_units;         /* of prepaid_meter: its meter holds units (unit_account.h), not money */
    bool is_public;           /* what it costs is shared over others: it owes nothing and is never cut off */
    int64_t settled_day;      /* charged, or billed, up to this midnight */
    int64_t settled_total_value;
    int64_t cycle_start_day;
    int64_t cycle_used_value;
    int64_t opened_s;
    int64_t closed_s;         /* 0: open */
    int64_t look_s;           /* when the room wants to look at it next */
    struct arrears_state arrears;
    uint32_t tenant_id;
    uint32_t device_id;       /* 0: none */
    int32_t persons;
    int32_t persons_before;   /* counts for periods that begin outside the two days */
    int64_t persons_from_day; /* 0: persons always counted */
    int64_t persons_until_day; /* 0: open */
    int32_t settlement_day;
    int32_t settlement_months;      /* a period: 1, 2, 3, 4, 6 or 12 */
    int32_t settlement_first_month; /* 1 to 12: periods close in this month and every settlement_months after it */
    int32_t grace_h;
    int32_t held_error;       /* BILLING_ERR_* for which settlement waits; 0 none */
    uint8_t mode;             /* enum billing_mode */
    uint8_t valve_pending;    /* enum billing_valve_pending: what arrears asked and the device has not shown yet */

    /* joined, never written */
    int32_t zone_offset_s;
    bool midnight_known;      /* the register total at the midnight of a day came with the account */
    int64_t midnight_day, midnight_total_value;
    bool bills_known;         /* and so did whether a bill is open, and when the oldest such is due */
    bool bill_open;
    int64_t bill_due_day;
    bool placed;              /* what follows was read, too */
    int64_t protected_until_s;
    char area_path[BILLING_PATH_SIZE];
    char area_name[BILLING_NAME_SIZE];
    char room[BILLING_NAME_SIZE];
    char phones[BILLING_PHONES_SIZE];
};

/* One row of table account_standing: where the settlement of an account stands. */
struct billing_standing {
    int64_t account_id;
    int64_t settled_day;
    int64_t settled_total_value;
    int64_t cycle_start_day;
    int64_t cycle_used_value;
};

/* What is known of a device for money. */
struct billing_device {
    int64_t total_value;
    int64_t balance_fen;       /* as the meter says */
    int64_t pending_fen;       /* top-ups on their way that the meter has not shown yet */
    int64_t report_s;          /* of its last full report, 0 none */
    int64_t total_s;           /* when total_value was read; 0 never */
    int64_t start_total_value;
    int64_t newest_day;        /* 0: no midnight yet */
    int64_t newest_total_value;   /* of newest_day */
    uint32_t tenant_id;
    int64_t area_id;
    uint8_t valve_state;
    char utility[16];         /* of a tariff that its meter can be billed by */
    char area_path[BILLING_PATH_SIZE];
};

struct billing_tariff {
    int64_t tariff_id;
    uint32_t tenant_id;
    char name[BILLING_NAME_SIZE];
    char utility[16];
};

struct billing_tariff_version {
    int64_t tariff_version_id;
    int64_t tariff_id;
    int64_t effective_day;
    int64_t created_s;
    uint32_t created_by;      /* person; 0: the platform */
    struct late_fee_rule late_fee; /* of its document; written, never read */
};

/* One row of table daily_charge: the days from_day .. day, settled at the midnight after `day`. */
struct billing_daily_charge {
    int64_t account_id;
    int64_t day;
    int64_t from_day;
    int64_t from_total_value;
    int64_t to_total_value;
    int64_t cycle_used_value;    /* in the cycle before this charge */
    int64_t amount_fen;
    int64_t tariff_version_id;
    int64_t charged_s;
    int64_t transfer_id;      /* of its sum; 0: the sum is 0, or items is "" */
    int32_t revision;         /* 0, then one more for each correction */
    char items[BILLING_ITEMS_SIZE]; /* {"ledger account of the item": fen}; "": posted item by item, with keys */
};

/* The name in the table: issued, paid, reversed. */
enum billing_bill_state { BILLING_BILL_ISSUED = 1, BILLING_BILL_PAID, BILLING_BILL_REVERSED };

struct billing_bill {
    int64_t bill_id;
    int64_t account_id;
    int64_t from_day, to_day;
    int64_t from_total_value, to_total_value;
    int64_t usage_value;
    int64_t amount_fen;
    int64_t paid_fen;         /* of amount_fen, then of late_fee_fen */
    int64_t late_fee_fen;     /* booked when the principal was paid, or the account closed (bill_late_fee.h) */
    int64_t late_waived_fen;
    int64_t late_until_day;   /* later days cost nothing; 0: they do */
    int64_t due_day;
    int64_t issued_s;
    int64_t tariff_version_id;
    int64_t cycle_start_day;  /* of the account before this bill, for its reversal */
    int64_t cycle_used_value;
    int64_t run_id;           /* the settlement that issued it; 0: the account's own day */
    int64_t transfer_id;      /* of its sum; 0: the sum is 0; -1: posted item by item, with keys */
    int64_t area_id;          /* of the account when it was issued */
    uint32_t tenant_id;
    uint8_t state;            /* enum billing_bill_state */
    bool estimated;
    char number[BILLING_NUMBER_SIZE];
};

/* What one row of table bill_due changes by: the bills of a tenant and area that are due on a day. */
struct billing_due {
    uint32_t tenant_id;
    int64_t due_day;
    int64_t area_id;
    int64_t bills;            /* not taken back */
    int64_t open_bills;       /* of them, not paid in full */
    int64_t billed_fen;
    int64_t paid_fen;
};

struct billing_bill_line {
    int32_t line;
    int32_t tier;
    int64_t quantity_e4;
    int64_t coefficient_e8;
    int64_t price_e8;
    int64_t amount_fen;
    char item[BILLING_ITEM_SIZE];
    char period[BILLING_ITEM_SIZE]; /* of the day; "": none */
};

struct billing_payment {
    int64_t payment_id;
    int64_t account_id;
    int64_t amount_fen;
    int64_t before_fen;       /* balance before and after */
    int64_t balance_fen;
    int64_t at_s;
    int64_t paid_s;           /* when the payer paid, if that was before at_s; else 0 */
    int64_t late_fee_fen;     /* late fees that were booked because it settled their bills */
    int64_t transfer_id;
    int64_t command_id;       /* valve or recharge sent because of it; 0 none */
    int64_t shift_id;         /* whose drawer, or whose turn at the desk; 0 none */
    uint32_t tenant_id;
    uint32_t cashier;
    bool will_restore;
    char key[BILLING_KEY_SIZE];
    char receipt[BILLING_NUMBER_SIZE];
    char method[16];
};

/* The name in the table is billing_run_state_name(). */
enum billing_run_state {
    BILLING_RUN_DRAFTING = 1, /* computing what it would issue */
    BILLING_RUN_READY,        /* waits for a person's approval */
    BILLING_RUN_ISSUING,
    BILLING_RUN_ISSUED,
    BILLING_RUN_CANCELLED,    /* what was issued until then stands */
    BILLING_RUN_REVERSING,
    BILLING_RUN_REVERSED,
    BILLING_RUN_STATE_COUNT
};

/* What to do without the reading that closes a period. */
enum billing_estimate {
    BILLING_ESTIMATE_HOLD = 0, /* wait; after the time of back-fill the straight line between the neighbours */
    BILLING_ESTIMATE_USUAL     /* go on from the last known midnight at the daily use of the last bill, marked */
};

/* A settlement of a tenant on its way through its accounts. */
struct billing_run {
    int64_t run_id;
    int64_t to_day;
    int64_t next_account_id;  /* accounts below it are done */
    int64_t amount_fen;
    int64_t started_s;
    int64_t finished_s;       /* 0: under way */
    int64_t draft_fen;
    int64_t decided_s;
    int32_t total;            /* accounts it looks at */
    int32_t done;             /* of them, in the present state */
    int32_t drafts;
    int32_t issued;
    int32_t held;
    int32_t estimated;
    int32_t reversed;
    int32_t months;           /* only contracts with periods of so many months; 0 all */
    int32_t exceptions;       /* drafts that stand out */
    int32_t unreviewed;       /* of them, nobody has decided */
    uint32_t tenant_id;
    uint32_t started_by;
    uint32_t decided_by;      /* who approved, cancelled or reversed it last */
    uint8_t state;            /* enum billing_run_state */
    uint8_t estimate;         /* enum billing_estimate */
    bool due_only;            /* only accounts whose contract's day has come, up to that day; else all up to to_day */
    bool drafted;             /* a bill must come to what its draft said */
    char area_path[BILLING_PATH_SIZE]; /* only accounts of this area and below; "": all */
};

/* Why a draft stands out. */
enum billing_exception {
    BILLING_EXCEPTION_NONE,
    BILLING_EXCEPTION_JUMP,   /* more than three times the daily use of the last bill */
    BILLING_EXCEPTION_ZERO,   /* nothing used, where something was before */
    BILLING_EXCEPTION_COUNT
};

/* What a person has decided about a draft. */
enum billing_review { BILLING_REVIEW_OPEN, BILLING_REVIEW_ACCEPTED, BILLING_REVIEW_HELD };

/* One row of table settlement_draft: the bills that a run would issue for an account. */
struct billing_draft {
    int64_t run_id;
    int64_t account_id;
    int64_t to_day;
    int64_t usage_value;
    int64_t amount_fen;       /* a draft held by a person keeps it */
    int64_t usual_value;      /* at the daily use of the last bill; 0 not known */
    int32_t held_error;       /* BILLING_ERR_* for which there is no bill; 0 */
    uint8_t exception;        /* enum billing_exception */
    uint8_t review;           /* enum billing_review */
    bool estimated;
};

/* One row of table cut_off_batch: closings of one day that two people answer for. */
struct billing_batch {
    int64_t batch_id;
    int64_t day;
    int64_t asked_s;
    int64_t released_s;       /* 0: waits for the second person */
    int32_t closings;
    uint32_t tenant_id;
    uint32_t asked_by;
    uint32_t released_by;
    uint32_t stopped_by;
    int64_t stopped_s;        /* 0: not stopped */
    char reason[BILLING_NAME_SIZE];
};

/* Settings of a tenant that money needs. */
struct billing_policy {
    struct arrears_policy arrears;
    struct reminder_policy reminders;
    int32_t cut_limit;        /* closings in one local day */
    int32_t cut_release_above; /* of them, so many without two people having released a batch */
    int32_t bill_due_days;
    int32_t bills_by_run;     /* 1: bills are issued by approved settlements only */
    int32_t cash_shift_required; /* 1: payments at the counter only in an open shift */
    int32_t cash_difference_limit_fen; /* a count that differs more waits for a second person */
    int32_t approval_hours;   /* what waits for a second person lapses after them */
    int32_t cut_approval_min; /* a batch of cut-offs lapses after so many minutes, at the latest with its day */
    int32_t refund_release_above_fen; /* a refund above it needs two people */
    char organisation[BILLING_NAME_SIZE];
    char phone[BILLING_NUMBER_SIZE];
};

/* Accounts by identifier, read a stretch at a time. */
struct billing_range {
    int64_t after;
    int64_t until;
    int32_t settle_second; /* seconds after a midnight from which it is settled */
    int32_t limit;
};

struct billing_store {
    void *context;

    /* A step inside the transaction that can be taken back alone: keep releases it, revert undoes it. */
    int (*step_begin)(void *context);
    int (*step_keep)(void *context);
    int (*step_revert)(void *context);

    /* Overwrites what the tenant has set (and its zone and name); the rest stays as the caller filled it. */
    int (*policy_read)(void *context, uint32_t tenant_id, struct billing_policy *policy);

    /* Reminders of an account since it was last good: 1 and *out; 0 none. */
    int (*reminder_read)(void *context, int64_t account_id, struct reminder_state *out);
    int (*reminder_write)(void *context, int64_t account_id, const struct reminder_state *state);

    /* 1 and *out; 0 none. */
    int (*customer_read)(void *context, uint32_t tenant_id, int64_t customer_id, struct billing_customer *out);
    /* 1 an account of the customer lies at or below `path`, or there is none at all; 0 not. */
    int (*customer_within)(void *context, int64_t customer_id, const char *path);
    /* 1 taken; 0 free. */
    int (*customer_number_taken)(void *context, uint32_t tenant_id, const char *number);
    /* Fills customer_id. */
    int (*customer_insert)(void *context, struct billing_customer *row);
    int (*customer_update)(void *context, const struct billing_customer *row);

    /* 1 and *out; 0 none. */
    int (*account_read)(void *context, int64_t account_id, struct billing_account *out);
    /* Writes main_account_id. */
    int (*account_group_set)(void *context, int64_t account_id, int64_t main_account_id);
    /* The open member of a main account with the smallest identifier > after: 1; 0 none. */
    int (*account_member_next)(void *context, int64_t main_account_id, int64_t after, int64_t *account_id);
    /* One account must be looked at, at look_s or before. */
    int (*account_look)(void *context, int64_t account_id, int64_t look_s);
    /* The open account of a device: 1 and its identifier; 0 none. */
    int (*account_of_device)(void *context, uint32_t device_id, int64_t *account_id);
    /* Fills account_id. */
    int (*account_insert)(void *context, struct billing_account *row);
    /* Writes the terms and where settlement and arrears stand: what a look at an account may move. */
    int (*account_update)(void *context, const struct billing_account *row);
    /* Writes device_id, area_id and tariff_id. */
    int (*account_place_set)(void *context, const struct billing_account *row);
    /* Writes where settlement stands: settled_day, settled_total_value, cycle_start_day, cycle_used_value. */
    int (*account_advance)(void *context, const struct billing_account *row);
    /* The same of many accounts. */
    int (*accounts_advance)(void *context, const struct billing_standing *rows, uint32_t count);
    /* The open accounts with the smallest look_s, of those that are <= now_s, without what `placed` stands for.
     * returns  how many were written to rows, at most limit */
    int (*accounts_due)(void *context, int64_t now_s, int32_t limit, struct billing_account *rows);
    /* The open accounts of these devices in the same way and in the order of the devices, which differ; of a device with several
     * the newest.
     * returns  how many were written to rows, at most count */
    int (*accounts_of_devices)(void *context, const uint32_t *device_ids, uint32_t count, struct billing_account *rows);
    /* The open post-paid account of a tenant with the smallest identifier >= from: 1; 0 none. */
    int (*account_postpaid_next)(void *context, uint32_t tenant_id, int64_t from, int64_t *account_id);
    /* Those accounts in order, with the midnight of `day`, without what `placed` stands for: how many, at most limit. */
    int (*accounts_postpaid)(void *context, uint32_t tenant_id, int64_t from, int64_t day, int32_t limit,
                             struct billing_account *rows);
    /* The open accounts of a tariff with identifiers >= from, in order, with the midnight of `day`; of what `placed` stands for
     * only protected_until_s: how many, at most limit. */
    int (*accounts_of_tariff)(void *context, int64_t tariff_id, int64_t from, int64_t day, int32_t limit,
                              struct billing_account *rows);
    /* Open accounts of a customer whose look must be now (protection changed). */
    int (*accounts_look)(void *context, int64_t customer_id, int64_t look_s);
    /* Of the identifiers after < account_id <= until: open accounts, in order, that are not settled up to the newest local
     * midnight that is at least settle_second old, and either prepay or want a look within a day; as accounts_due. */
    int (*accounts_behind)(void *context, const struct billing_range *range, int64_t now_s, struct billing_account *rows);
    /* The largest account_id; 0 none. */
    int (*account_last)(void *context, int64_t *account_id);
    /* The next moment at which a local midnight of some tenant is settle_second old; INT64_MAX without tenants. */
    int (*settlement_begin_next)(void *context, int32_t settle_second, int64_t now_s, int64_t *begin_s);

    /* 1 and *out; 0 none. */
    int (*device_read)(void *context, uint32_t device_id, struct billing_device *out);
    /* The register total of a device at a midnight: 1 and *total_value; 0 none. */
    int (*midnight_read)(void *context, uint32_t device_id, int64_t day, int64_t *total_value);

    /* 1 and *out; 0 none. */
    int (*tariff_read)(void *context, uint32_t tenant_id, int64_t tariff_id, struct billing_tariff *out);
    int (*tariff_name_taken)(void *context, uint32_t tenant_id, const char *name);
    int (*tariff_insert)(void *context, struct billing_tariff *row);
    int (*tariff_version_insert)(void *context, struct billing_tariff_version *row, const char *document);
    /* The newest version with effective_day <= day: 1 and *out; 0 none. */
    int (*tariff_version_on)(void *context, int64_t tariff_id, int64_t day, struct billing_tariff_version *out);
    /* The document of a version, zero-terminated: 1; 0 none. */
    int (*tariff_document_read)(void *context, int64_t tariff_version_id, char *document, size_t capacity);

    int (*charge_insert)(void *context, const struct billing_daily_charge *row);
    /* The same of many. */
    int (*charges_insert)(void *context, const struct billing_daily_charge *rows, uint32_t count);
    /* Writes the totals, cycle_used_value, amount_fen, revision, charged_s, transfer_id and items. */
    int (*charge_update)(void *context, const struct billing_daily_charge *row);
    /* The charge whose `day` is given: 1; 0 none. */
    int (*charge_read)(void *context, int64_t account_id, int64_t day, struct billing_daily_charge *out);

    /* The largest bill_id; 0 when there is no bill. */
    int (*bill_last)(void *context, int64_t *bill_id);
    /* lines    JSON: an array for each line: item, tier, period, quantity_e4, coefficient_e8, price_e8, amount_fen */
    int (*bill_insert)(void *context, const struct billing_bill *row, struct span lines);
    /* Writes paid_fen, state and what is kept of the late fee. */
    int (*bill_update)(void *context, const struct billing_bill *row);
    /* Adds to the row of table bill_due. */
    int (*due_add)(void *context, const struct billing_due *row);
    /* The largest bill_id whose customer has been told of it, and writing it. */
    int (*told_read)(void *context, int64_t *bill_id);
    int (*told_write)(void *context, int64_t bill_id);
    /* The bill with the smallest bill_id > after: 1; 0 none. */
    int (*bill_next)(void *context, int64_t after, struct billing_bill *out);
    /* 1 and *out; 0 none. */
    int (*bill_read)(void *context, int64_t bill_id, struct billing_bill *out);
    /* The oldest unpaid bill of an account with to_day > after_day: 1; 0 none. */
    int (*bill_unpaid_next)(void *context, int64_t account_id, int64_t after_day, struct billing_bill *out);
    /* The newest bill of an account that is not reversed: 1; 0 none. */
    int (*bill_newest)(void *context, int64_t account_id, struct billing_bill *out);
    /* The bill of a run that is not reversed with the smallest bill_id > after: 1; 0 none. */
    int (*bill_of_run_next)(void *context, int64_t run_id, int64_t after, struct billing_bill *out);
    /* The bill of a tenant and to_day that is not reversed with the smallest bill_id > after: 1; 0 none. */
    int (*bill_of_day_next)(void *context, uint32_t tenant_id, int64_t to_day, int64_t after, struct billing_bill *out);
    /* Line number `line` of a bill: 1; 0 none. */
    int (*bill_line_read)(void *context, int64_t bill_id, int32_t line, struct billing_bill_line *out);

    /* Fills payment_id. */
    int (*payment_insert)(void *context, struct billing_payment *row);
    /* Writes receipt and command_id. */
    int (*payment_update)(void *context, const struct billing_payment *row);
    int (*payment_find_key)(void *context, const char *key, struct billing_payment *out);
    /* Amount of the newest payment of an account; 0 when there is none. */
    int (*payment_newest)(void *context, int64_t account_id, int64_t *amount_fen);

    /* The settlement of a tenant that has work to do (drafting, issuing, reversing): 1; 0 none. tenant_id 0: of any. */
    int (*run_open)(void *context, uint32_t tenant_id, struct billing_run *out);
    /* 1 and *out; 0 none. */
    int (*run_read)(void *context, int64_t run_id, struct billing_run *out);
    /* Fills run_id and, from area_path and months, total. */
    int (*run_insert)(void *context, struct billing_run *row);
    int (*run_update)(void *context, const struct billing_run *row);
    int (*draft_insert)(void *context, const struct billing_draft *row);
    /* 1 and *out; 0 none. */
    int (*draft_read)(void *context, int64_t run_id, int64_t account_id, struct billing_draft *out);
    /* Writes held_error and review. */
    int (*draft_update)(void *context, const struct billing_draft *row);
    /* Accepts every draft of an exception that nobody has decided: how many. */
    int (*drafts_accept)(void *context, int64_t run_id, enum billing_exception exception, int32_t *count);
    /* The path of an area of a tenant: 1 and path; 0 there is none. */
    int (*area_path_read)(void *context, uint32_t tenant_id, int64_t area_id, char path[BILLING_PATH_SIZE]);

    /* Closings of a tenant on a local day so far; and one more. */
    int (*closings_read)(void *context, uint32_t tenant_id, int64_t day, int32_t *count);
    int (*closings_add)(void *context, uint32_t tenant_id, int64_t day);
    /* Closings of the batches released for a day and not stopped. */
    int (*closings_released)(void *context, uint32_t tenant_id, int64_t day, int32_t *count);
    /* Fills batch_id; notes how many accounts are at their final notice. */
    int (*batch_insert)(void *context, struct billing_batch *row);
    /* 1 and *out; 0 none. */
    int (*batch_read)(void *context, int64_t batch_id, struct billing_batch *out);
    /* Writes who released and who stopped it, and when. */
    int (*batch_update)(void *context, const struct billing_batch *row);
    /* Open accounts of a tenant in a stage must be looked at. */
    int (*accounts_stage_look)(void *context, uint32_t tenant_id, enum arrears_stage stage, int64_t look_s);
};

/* "postpaid", "prepaid_platform", "prepaid_meter"; "unknown" outside the list. */
const char *billing_mode_name(int mode);
/* The number of this name; 0 when there is none. */
int billing_mode_of_name(const char *name);
/* "drafting", "ready", ...; "unknown" outside the list. */
const char *billing_run_state_name(int state);
int billing_run_state_of_name(const char *name);
/* "midnight_missing", ...: the code of a held_error; NULL for 0 and what is none. Static lifetime. */
const char *billing_held_name(int error);
/* The reason in words; NULL for 0 and what is none of billing, rating and ledger. Static lifetime. */
const struct error_info *billing_held_info(int error);

#endif
