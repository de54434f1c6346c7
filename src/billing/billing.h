/* What people see of money: accounts, tariffs, settlement, prepayment, arrears, payments.
 *
 * Single-threaded inside the core; every function runs in the caller's transaction and, after a negative answer, wants
 * that transaction (or savepoint) taken back. Nothing here keeps state that a rollback could make wrong: work that waits
 * is a column (account.look_s), readings that arrived are a list that may forget or repeat without harm. */
#ifndef BILLING_BILLING_H
#define BILLING_BILLING_H

#include "base/span.h"
#include "base/undo.h"
#include "billing/billing_error.h"
#include "billing/billing_store.h"
#include "billing/measure_store.h"
#include "billing/share_store.h"
#include "ledger/ledger.h"
#include "rating/charge.h"
#include "rating/tariff_json.h"

#define BILLING_SETTLE_SECOND 1800   /* prepaid days are settled from 00:30 local on */
#define BILLING_GAP_WAIT_DAYS 8      /* a missing midnight can be back-filled for seven days; then days are joined */
#define BILLING_OVERDUE_CUT_DAYS 30  /* a post-paid bill so long overdue counts as beyond the limit */
#define BILLING_RUN_SLICE 500        /* accounts settled in one tick of a settlement */
#define BILLING_PAYMENT_MAXIMUM_FEN 100000000
#define BILLING_STORM_LEAST 512      /* meters with new midnights in a transaction from which on it is a storm */
#define BILLING_OWED_S 60            /* in a storm a midnight is charged so many seconds after it was stored, at the latest */
#define BILLING_NEWS_LIMIT 65536     /* readings remembered between two ticks; more only cost a scan */

/* Texts of a message and what they mention; strings live during the call only. */
struct billing_notice {
    uint32_t tenant_id;
    int64_t account_id;
    const char *kind;         /* notice_kind_name() of notify: "low_first", "cut", ... */
    const char *key;
    const char *recipient;    /* phones, comma separated */
    const char *utility;      /* of the account's tariff: "water", "electricity", ... */
    const char *organisation;
    const char *phone;
    const char *place_zh;
    const char *place_en;
    int64_t balance_fen, due_fen, paid_fen;
    int64_t at_s;
    int64_t now_s;
    int32_t zone_offset_s;
    int32_t days_left;        /* -1 not known */
};

/* What the command room said to a request. */
struct billing_command {
    uint64_t command_id;
    int64_t window_s;         /* when the device is expected to listen */
    bool awake;               /* it goes out now */
};

/* What a prepaid meter holds itself. */
struct billing_holding {
    bool known;               /* false: nothing is known of the model */
    bool none;                /* it takes no purchases */
    bool units;               /* units of its register; else money */
    int64_t smallest_fen;     /* of money: purchases are multiples of it; 0: 1 */
};

enum billing_valve { BILLING_VALVE_OPEN, BILLING_VALVE_CLOSE };

/* Money that moved or is owed, for other systems. */
enum billing_money_kind {
    BILLING_MONEY_BILLED,
    BILLING_MONEY_RECEIVED,
    BILLING_MONEY_REVERSED,
    BILLING_MONEY_REFUNDED,
    BILLING_MONEY_COUNT
};

struct billing_money {
    uint32_t tenant_id;
    int64_t account_id;
    enum billing_money_kind kind;
    int64_t subject_id;       /* bill, payment */
    int64_t amount_fen;
    const char *method;       /* how it came or went: "cash", a channel's name; "" of bills */
    const char *reference;    /* number of the bill, receipt, or the refund's number, which no other refund has */
};

/* The hands of the room. Each answers 0, or a negative number of the room that refused.
 * A refused valve command or recharge does not refuse the payment: it is asked again at the next look. An error of the store
 * does: what was asked may be written in part. */
struct billing_actions {
    void *context;
    int (*request_valve)(void *context, uint32_t device_id, enum billing_valve valve, const char *reason,
                         int64_t now_s, struct billing_command *out);
    int (*request_recharge)(void *context, uint32_t device_id, int64_t amount_fen, const char *reason, int64_t now_s,
                            struct billing_command *out);
    int (*notice)(void *context, const struct billing_notice *notice);
    /* Whether customers of a tenant may be told of their bills now: 1; 0 so many messages wait that bills wait, too; negative
     * of the room that refused. NULL: always. */
    int (*notices_room)(void *context, uint32_t tenant_id);
    /* Something worth the audit trail or the live page: "cut_cancelled", "settlement_held", "recharge_refused". May be NULL. */
    int (*journal)(void *context, uint32_t tenant_id, int64_t account_id, const char *action, const char *detail,
                   int64_t now_s);
    /* Take back what a meter holds (S1-026). */
    int (*request_clear)(void *context, uint32_t device_id, const char *reason, int64_t now_s, struct billing_command *out);
    /* Units to a meter that holds units, in those of its register. NULL: none does. */
    int (*request_units)(void *context, uint32_t device_id, int64_t value, const char *reason, int64_t now_s,
                         struct billing_command *out);
    /* What the meter's model holds; NULL: money of any sum. returns 0; negative of the room that refused */
    int (*holding)(void *context, uint32_t device_id, struct billing_holding *out);
    /* What the store says of meters is about to be read: bring it up to what they said. NULL: it is.
     * returns  0; negative of the room that refused */
    int (*devices_settle)(void *context, const uint32_t *device_ids, uint32_t count);
    /* May be NULL. */
    int (*money)(void *context, const struct billing_money *money);
    /* Red-letter an issued invoice, cancel one that was never handed over; one that is being issued follows later. May be NULL. */
    int (*invoice_take_back)(void *context, int64_t invoice_id, const char *reason, uint32_t person_id);
};

struct payment_order_store;
struct tariff_draft_store;
struct cash_store;
struct case_store;
struct bank_store;
struct billing_unit_store;
struct billing_late_store;
struct billing_standing_store;
struct billing_money_carry_store;

struct billing_config {
    const struct billing_store *store;     /* these live as long as the room */
    const struct ledger_store *ledger;
    const struct billing_actions *actions;
    const struct payment_order_store *orders; /* NULL: nobody uses payment_order.h */
    const struct cash_store *cash;            /* NULL: nobody uses cash_shift.h, payments belong to no shift */
    const struct tariff_draft_store *drafts;  /* NULL: nobody uses tariff_draft.h */
    const struct bank_store *bank;            /* NULL: nobody uses bank_import.h */
    const struct billing_measure_store *measures; /* NULL: main registers alone are settled */
    const struct billing_share_store *shares;     /* NULL: no account is public */
    const struct billing_unit_store *units;       /* NULL: no meter holds units */
    struct undo *undo;                        /* of the rooms behind the actions: what a step changed of their memory; may be NULL */
    const struct billing_late_store *lates;       /* NULL: no bill costs a late fee */
    const struct billing_standing_store *standing; /* NULL: there are no invoices */
    const struct billing_money_carry_store *carries; /* NULL: what an exchanged meter held stays in the books */
    const struct case_store *cases;           /* NULL: nobody uses approval.h, refund.h, batches and drafted settlements */
    uint32_t storm_least;                     /* 0: BILLING_STORM_LEAST */
};

struct billing;

/* returns 0; BILLING_ERR_MEMORY; negative of the store; *out untouched on failure */
int billing_open(const struct billing_config *config, struct billing **out);

/* Accepts NULL. */
void billing_close(struct billing *billing);

/* Who asks: a tenant, and the area path that bounds the accounts ("/1/7/"; NULL or "": the whole tenant). */
struct billing_scope {
    uint32_t tenant_id;
    uint32_t person_id;       /* 0: the platform */
    const char *path;
};

/* What is of the whole tenant, such as its books, is for people of the whole tenant only.
 * returns  0; BILLING_ERR_WHOLE for whoever is limited to an area below the tenant's root */
int billing_scope_check_whole(const struct billing_scope *scope);

/* Customers. */
#define BILLING_CUSTOMER_NAME (UINT64_C(1) << 0)
#define BILLING_CUSTOMER_INITIALS (UINT64_C(1) << 1)
#define BILLING_CUSTOMER_PHONES (UINT64_C(1) << 2)
#define BILLING_CUSTOMER_PROTECTED_UNTIL (UINT64_C(1) << 3)
#define BILLING_CUSTOMER_PROTECTED_REASON (UINT64_C(1) << 4)

/* row      customer_id, tenant_id and created_s are filled in
 * returns  0; BILLING_ERR_CUSTOMER_NUMBER, _CUSTOMER_TAKEN, _NAME, _PHONES, _INITIALS, _PROTECTION */
int billing_customer_create(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                            struct billing_customer *row);

/* Is the customer within the jurisdiction: by an account there, or by having none anywhere yet? The whole organisation holds all.
 * returns  0; BILLING_ERR_CUSTOMER */
int billing_customer_admit(struct billing *billing, const struct billing_scope *scope, int64_t customer_id);

/* Change the given fields of row->customer_id (bits of BILLING_CUSTOMER_*; the same as CORE_CUSTOMER_HAS_*). */
int billing_customer_change(struct billing *billing, const struct billing_scope *scope, uint64_t fields, int64_t now_s,
                            const struct billing_customer *row);

/* Accounts. */
#define BILLING_ACCOUNT_DEVICE (UINT64_C(1) << 0)
#define BILLING_ACCOUNT_TARIFF (UINT64_C(1) << 1)
#define BILLING_ACCOUNT_PERSONS (UINT64_C(1) << 2)
#define BILLING_ACCOUNT_SETTLEMENT_DAY (UINT64_C(1) << 3)
#define BILLING_ACCOUNT_LOW_BALANCE (UINT64_C(1) << 4)
#define BILLING_ACCOUNT_OVERDRAFT (UINT64_C(1) << 5)
#define BILLING_ACCOUNT_RESTORE (UINT64_C(1) << 6)
#define BILLING_ACCOUNT_GRACE (UINT64_C(1) << 7)
#define BILLING_ACCOUNT_MONTHS (UINT64_C(1) << 8)
#define BILLING_ACCOUNT_FIRST_MONTH (UINT64_C(1) << 9)

struct billing_account_terms {
    int64_t customer_id;
    int64_t tariff_id;
    int64_t area_id;          /* without a meter: the place */
    int64_t low_balance_fen;
    int64_t overdraft_fen;
    int64_t restore_fen;
    uint32_t device_id;       /* 0: a post-paid account without a meter, whose price has fixed charges alone (heat by area) */
    int32_t persons;          /* 0: 1 */
    int64_t persons_from_day;  /* they count for periods that begin on it or later; 0: from the next month on */
    int64_t persons_until_day; /* and on it or before; 0: until another number is said */
    int32_t settlement_day;   /* 0: 1 */
    int32_t settlement_months;      /* 0: 1 */
    int32_t settlement_first_month; /* 0: 1 */
    int32_t grace_h;
    char payment_mode[24];
    char meter_holds[8];      /* of prepaid_meter: "money" or "units"; "": what the meter's model says */
};

/* Open an account on a device. It is settled from the device's newest midnight on, or from its installation.
 * returns  0 and *account_id; BILLING_ERR_CUSTOMER, _DEVICE, _DEVICE_TAKEN, _TARIFF, _TARIFF_VERSION, _MODE; _OWNER when
 *          the meter cannot hold what it shall hold; _UNIT_TARIFF; the range errors */
int billing_account_open(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                         const struct billing_account_terms *terms, int64_t *account_id);

/* Change the given fields (bits of BILLING_ACCOUNT_*; the same as CORE_ACCOUNT_HAS_*). payment_mode cannot change; another
 * household counts for later periods only (rule 6): BILLING_ERR_PERSONS_DAYS for one that would begin before today. */
int billing_account_change(struct billing *billing, const struct billing_scope *scope, int64_t account_id,
                           uint64_t fields, int64_t now_s, const struct billing_account_terms *terms);

/* What an account is charged by beside its use; the given fields (bits of BILLING_MEASURE_*) change.
 * returns  0; BILLING_ERR_ACCOUNT, _ACCOUNT_CLOSED, _MEASURES */
#define BILLING_MEASURE_AREA (UINT64_C(1) << 0)
#define BILLING_MEASURE_CAPACITY (UINT64_C(1) << 1)
#define BILLING_MEASURE_DEMAND (UINT64_C(1) << 2)
int billing_measures_change(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                            int64_t account_id, uint64_t fields, const struct billing_measures *measures);

/* A meter was exchanged: the account follows to the new device, whose total continues the old one's. Units that should be left
 * in the old one go to the new one by a command, and the account's evidence says so; money waits for a second person
 * (money_carry.h), asked for by the scope's.
 * end_total_value  where the old one ended; its commands have ended before */
int billing_device_exchanged(struct billing *billing, const struct billing_scope *scope, uint32_t old_device_id,
                             uint32_t new_device_id, int64_t end_total_value, int64_t now_s);

/* Tariffs. The document is JSON as tariff_json.h reads it, zero-terminated; "" at creation: no version yet. The first
 * version may begin in the past, later ones begin today at the earliest: what was settled keeps its price.
 * problem  filled when the answer is RATING_ERR_DOCUMENT or RATING_ERR_JSON; may be NULL
 * returns  0; BILLING_ERR_NAME, _TARIFF_TAKEN, _UTILITY, _TARIFF, _EFFECTIVE_DAY, _EFFECTIVE_TAKEN, RATING_ERR_* */
int billing_tariff_create(struct billing *billing, const struct billing_scope *scope, int64_t now_s, const char *name,
                          const char *utility, int64_t effective_day, const char *document,
                          struct tariff_problem *problem, int64_t *tariff_id);
int billing_tariff_version_add(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                               int64_t tariff_id, int64_t effective_day, const char *document,
                               struct tariff_problem *problem, int64_t *tariff_version_id);

/* A payment at the counter, or taken by a partner. */
struct billing_payment_request {
    int64_t account_id;
    int64_t amount_fen;       /* 1 to 100,000,000 */
    char method[16];          /* "cash", "card", or "partner": somebody else has the money and owes it to us */
    char key[BILLING_KEY_SIZE]; /* chosen by the caller: the same key twice is one payment */
    char source[LEDGER_NAME_SIZE]; /* of "partner": the name of its clearing account in the ledger */
};

struct billing_payment_result {
    struct billing_payment payment; /* with before_fen, balance_fen, will_restore, receipt, command_id */
    int64_t window_s;         /* when the meter is expected to listen, if a command was sent */
    bool awake;               /* the command goes out now */
    bool repeated;            /* the key came before: this is the first answer again */
};

/* Book a payment; pay open bills, oldest first; send the money to a meter that holds it itself; reopen a valve closed for
 * arrears: all in the same transaction.
 * returns  0; BILLING_ERR_KEY, _KEY_REUSED, _AMOUNT, _METHOD, _ACCOUNT, _ACCOUNT_CLOSED; CASH_ERR_SHIFT_NEEDED; LEDGER_ERR_* */
int billing_payment_take(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                         const struct billing_payment_request *request, struct billing_payment_result *out);

/* Let an account be paid by another one's wallet and be cut off and restored together with it (S1-019, S1-021); its own
 * charges stay its own. What its wallet holds moves over.
 * main_account_id  0: the account leaves its group with an empty wallet of its own
 * returns  0; BILLING_ERR_ACCOUNT, _GROUP, _GROUP_HELD; LEDGER_ERR_* */
int billing_group_join(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t account_id,
                       int64_t main_account_id);

/* A pre-deduction: money of a wallet kept for a use that has begun, such as a session at a hot-water tap (S0-063). */
struct billing_hold_request {
    int64_t account_id;
    int64_t amount_fen;
    int64_t duration_s;       /* given back by itself after it, at most 31 days */
    char key[BILLING_KEY_SIZE]; /* chosen by the caller: the same key twice is one pre-deduction */
    char item[24];            /* what it will be charged as: "hot_water" */
};

/* returns  0; 1 repeated, *out as it stands now; BILLING_ERR_KEY, _ITEM, _ACCOUNT, _ACCOUNT_CLOSED, _FUNDS; LEDGER_ERR_* */
int billing_hold_place(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                       const struct billing_hold_request *request, struct ledger_hold *out);

/* Charge what was really used, and give the rest back; 0 gives back all. Repeating it does nothing.
 * returns  0; LEDGER_ERR_HOLD, _HOLD_SETTLED, _HOLD_AMOUNT; BILLING_ERR_ACCOUNT outside the scope */
int billing_hold_settle(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t hold_id,
                        int64_t amount_fen, struct ledger_hold *out);

/* More closings today than happen by themselves: asked for by one person, released by another. Each account is
 * still judged at its own last moment.
 * batch    closings and reason; the rest is filled in
 * returns  0; BILLING_ERR_CLOSINGS, _REASON */
int billing_batch_ask(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                      struct billing_batch *batch);

/* returns  0; BILLING_ERR_BATCH, _BATCH_SETTLED, _SAME_PERSON */
int billing_batch_release(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t batch_id);

/* Nothing more closes because of this batch, released or not; what was asked of a valve goes on.
 * returns  0; BILLING_ERR_BATCH; BILLING_ERR_BATCH_SETTLED when it was stopped before */
int billing_batch_stop(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t batch_id);

/* Hours, holidays or limits of cutting off were changed: who has had the final notice is judged by the new ones at the next
 * tick. returns  0; negative of the store */
int billing_cut_rules_changed(struct billing *billing, uint32_t tenant_id, int64_t now_s);

/* Settlement of all post-paid accounts of a tenant up to a midnight. Repeating it does nothing twice; while it is under
 * way, asking again goes on with it.
 * returns  0; BILLING_ERR_TO_DAY; BILLING_ERR_RUNNING while one up to another day is under way */
struct billing_settlement {
    int32_t issued;
    int32_t held;             /* accounts whose midnight is missing; see account.held_error */
    int64_t amount_fen;
    bool finished;            /* false: the rest follows in billing_tick */
};
int billing_settlement_run(struct billing *billing, const struct billing_scope *scope, int64_t to_day, int64_t now_s,
                           struct billing_settlement *out);

/* A settlement in steps: draft, approve, issue; cancel on the way, or take back as a whole. Each step works on a first
 * slice at once, the rest follows in billing_tick; a restart goes on where the last commit stood.
 * area_id  only accounts of this area and below; 0: of the person's own area
 * request  to_day, due_only, estimate, months
 * out      the run as it stands after the first slice
 * returns  0; BILLING_ERR_TO_DAY, _AREA; BILLING_ERR_RUNNING while another one works */
int billing_run_draft(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t area_id,
                      const struct billing_run *request, struct billing_run *out);

/* What a person decides about a run. */
enum billing_run_decision {
    BILLING_RUN_APPROVE,      /* ready: issue exactly what was drafted; what differs meanwhile is left out */
    BILLING_RUN_CANCEL,       /* drafting, ready or issuing: stop; issued bills stand */
    BILLING_RUN_REVERSE       /* issued or cancelled: reverse every bill of it by correcting transfers */
};

/* Another person than the one who drafted approves, once every draft that stands out has been decided.
 * returns  0; BILLING_ERR_RUN, _RUN_STATE, _RUNNING, _SAME_PERSON, _UNREVIEWED */
int billing_run_decide(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t run_id,
                       enum billing_run_decision decision, struct billing_run *out);

/* A person decides about drafts of a ready run: as they are, or no bill of this account in this run.
 * account_id  whose draft, whether it stands out or not; 0: every draft of `exception` that nobody has decided
 * review      BILLING_REVIEW_ACCEPTED or _HELD; many at once are only accepted
 * out         the run with its figures as they are then
 * returns     0; BILLING_ERR_RUN, _RUN_STATE; BILLING_ERR_REVIEW when there is no such draft, or it has no bill for another
 *             reason */
int billing_run_review(struct billing *billing, const struct billing_scope *scope, int64_t run_id, int64_t account_id,
                       enum billing_exception exception, enum billing_review review, struct billing_run *out);

/* The bill that a run would issue for an account now: the first, when it owes several.
 * bill     everything but bill_id, number and paid_fen; charge: the explained amounts
 * returns  0; BILLING_ERR_RUN, _ACCOUNT; BILLING_ERR_SETTLED when it owes none; as billing_bill_preview */
int billing_run_sample(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t run_id,
                       int64_t account_id, struct billing_bill *bill, struct charge *charge);

/* What a settlement up to `to_day` would issue, without issuing it.
 * limit    accounts looked at, at most: the caller waits that long
 * returns  0; BILLING_ERR_TO_DAY; the store's reason */
struct billing_settlement_preview {
    int32_t ready;
    int32_t held;             /* as struct billing_settlement */
    int64_t amount_fen;       /* of the ready ones */
    bool complete;            /* false: there are more accounts than `limit`, the sum is not the whole */
};
int billing_settlement_preview(struct billing *billing, const struct billing_scope *scope, int64_t to_day,
                               int64_t now_s, int32_t limit, struct billing_settlement_preview *out);

/* What a bill up to `to_day` would be, without issuing it.
 * bill     everything but bill_id, number and paid_fen; charge: the explained amounts
 * returns  0; BILLING_ERR_SETTLED, _NO_DEVICE, _MIDNIGHT, _BACKWARD, _TARIFF_VERSION; RATING_ERR_* */
int billing_bill_preview(struct billing *billing, const struct billing_account *account, int64_t to_day, int64_t now_s,
                         struct billing_bill *bill, struct charge *charge);

/* Reverse every bill of a settlement by correcting transfers; the accounts stand as before it.
 * returns  0 and *count; BILLING_ERR_NEWER_BILL when an account was billed again since */
int billing_settlement_reverse(struct billing *billing, const struct billing_scope *scope, int64_t to_day,
                               int64_t now_s, int32_t *count);

/* A midnight of a device was stored: remembered until billing_news_settle, or the next billing_tick. Never fails. */
void billing_reading_arrived(struct billing *billing, uint32_t device_id, int64_t day);

/* Look at the accounts whose midnights were stored, before the transaction that stored them is committed: the balance changes
 * with the reading. From storm_least meters on they are owed instead: charged by billing_owed_charge.
 * returns  meters looked after, 0 when they are owed; negative: take the transaction back */
int billing_news_settle(struct billing *billing, int64_t now_s);

/* Charge what a storm of reports left owed, in the order of meters, so that many rows share a page: within BILLING_OWED_S while the
 * storm goes on, everything that is owed as soon as it is over. Call it with every billing_tick.
 *
 * Nothing is lost or charged twice by a crash: a midnight is owed as long as the account does not stand at it, both are rows, and
 * the walk after a start charges whoever is behind. Memory is a bit a meter; where there is none, a walk over all accounts takes
 * its place. Whatever a person decides by an account's money - a payment, a refund, a closing, an exchange of its meter - settles
 * what that account owes first, in the same transaction; pages that only show a balance may show it without those midnights.
 * limit    meters looked after, at most; keeps the transaction short
 * returns  meters looked after (== limit: call again in the next transaction); negative: take the transaction back */
int billing_owed_charge(struct billing *billing, int64_t now_s, int32_t limit);

/* A midnight of the meter was stored before this start and may not be charged: it is owed. Never fails. */
void billing_owed_add(struct billing *billing, uint32_t device_id);

/* The instant of a transaction, before anything else is asked in it: a request that settles what its account owes does it then. */
void billing_clock_tell(struct billing *billing, int64_t now_s);

/* Whether a midnight of the meter is owed, and of how many meters one is. */
bool billing_owes(const struct billing *billing, uint32_t device_id);
uint32_t billing_owed_count(const struct billing *billing);

/* The transaction of a billing_tick was taken back: what it had worked off its list is found again by a walk. */
void billing_rolled_back(struct billing *billing);

/* A midnight that may have been settled has another value now (a person decided): re-rate what it touches by correcting
 * transfers. Post-paid: the next bill carries the difference.
 * A value outside its neighbours changes nothing: the account then waits with BILLING_ERR_BACKWARD.
 * returns  0; negative of ledger, rating or store */
int billing_reading_corrected(struct billing *billing, uint32_t device_id, int64_t day, int64_t now_s);

/* The device itself shows its valve as commanded: people are told. */
int billing_valve_verified(struct billing *billing, uint32_t device_id, enum billing_valve valve, int64_t now_s);

/* A valve command of ours failed, expired or was cancelled: it is asked again at the next permitted moment. */
int billing_valve_failed(struct billing *billing, uint32_t device_id, enum billing_valve valve, int64_t now_s);

/* Do due work: settle days and periods, remind, warn, cut, restore; continue a settlement.
 * limit    accounts looked at, at most; keeps the transaction short
 * returns  accounts looked at (== limit: call again in the next transaction); negative: take the transaction back */
int billing_tick(struct billing *billing, int64_t now_s, int32_t limit);

/* A piece of the work of billing_tick or billing_news_settle that was refused twice by anything but the store, and rests for a
 * minute: the others go on, and readings are stored. Each is told once.
 * returns  what it is, for operators, and *error why; NULL nothing new. Static lifetime */
const char *billing_work_refused(struct billing *billing, int *error);

/* Money that the ledger believes a meter holds, and what the meter says. */
struct billing_drift {
    int64_t ledger_fen;
    int64_t meter_fen;
    int64_t pending_fen;      /* top-ups on their way: in the ledger already, not yet in the meter */
    int64_t report_s;         /* when the meter said so; 0: it has not spoken */
};
int billing_drift_read(struct billing *billing, const struct billing_scope *scope, int64_t account_id,
                       struct billing_drift *out);

/* The account and its balance (wallet; of prepaid_meter what the meter holds by the ledger), for the cash desk. */
int billing_account_read(struct billing *billing, const struct billing_scope *scope, int64_t account_id,
                         struct billing_account *account, int64_t *balance_fen);

/* What holds for a tenant that has set nothing. */
struct billing_policy billing_policy_default(void);

#endif
