/* Shared by the files of this room only. */
#ifndef BILLING_BILLING_INTERNAL_H
#define BILLING_BILLING_INTERNAL_H

#include "billing/billing.h"
#include "billing/payment_order.h"
#include "billing/unit_account.h"
#include "ledger/ledger_cache.h"

#define BILLING_TARIFF_CACHE 64
#define BILLING_LOOK_SETTLE_LIMIT 64 /* days settled for one account in one look; more follow in the next */
#define BILLING_PROBE_LIMIT 400      /* days looked ahead for the next midnight */
#define BILLING_RETRY_S 600          /* a refused command is asked again */
#define BILLING_HELD_S 3600          /* an account with a part that was taken back is looked at again */
#define BILLING_ITEM_SUM_LIMIT 256   /* items times areas of one batch; more are passed on earlier */
#define BILLING_DUE_LIMIT 256        /* accounts read in one query */
#define BILLING_BILL_SUM_LIMIT 64    /* days and areas of the bills of one batch; more are written earlier */
#define BILLING_LINES_SIZE 262144    /* the lines of a bill as text: all of them, with the longest names */

/* A parsed tariff version. Versions never change, so a copy is good as long as no version was added since. */
struct billing_tariff_entry {
    int64_t tariff_version_id; /* 0: empty */
    struct tariff tariff;
};

/* The version of a tariff that holds on a day, while a batch is open: none is added inside one. */
struct billing_version_entry {
    int64_t day; /* of the tariff in it; with tariff_id 0: empty */
    struct billing_tariff_version version;
};

/* Where the walk over all accounts stands: in memory only, because a walk begun anew does nothing twice. */
struct billing_walk {
    int64_t after;   /* the identifier it has come to */
    int64_t last;
    int64_t begin_s; /* of the next one */
    bool under_way;
};

/* Where a contract ends: asked of the meter, typed or estimated instead of a stored midnight. */
struct billing_final {
    int64_t to_day;
    int64_t total_value;
    bool estimated;
};

#define BILLING_OWED_TAKEN_LIMIT 8192

/* Meters whose midnights came in a storm and are to be charged (owed.c). */
struct billing_owed {
    uint64_t *words;     /* a bit a meter, by device_id */
    uint32_t word_count;
    uint32_t words_used; /* behind them no bit was ever set */
    uint32_t count;      /* bits that are set */
    uint32_t at;         /* the word that the walk comes to next */
    uint32_t words_due;  /* so many it should have gone through by now */
    uint32_t *taken;     /* meters of the last transaction that charged; BILLING_OWED_TAKEN_LIMIT of them */
    uint32_t taken_count;
    int64_t paced_s;     /* when that was reckoned */
    int64_t storm_s;     /* when the last ones came */
    int64_t now_s;       /* of the transaction (billing_clock_tell): when a request settles what its account owes */
};

/* What charges have given to an item of revenue, until it is passed on to it: the sum of many accounts in one transfer. */
struct billing_item_sum {
    uint32_t tenant_id;
    uint8_t kind;             /* enum ledger_transfer_kind of the charges */
    int64_t value_s;
    int64_t at_s;
    int64_t area_id;          /* of the accounts: revenue is told apart by areas, too */
    int64_t revenue_id;
    int64_t amount_fen;
};

struct billing_item_sums {
    uint32_t count;
    struct billing_item_sum rows[BILLING_ITEM_SUM_LIMIT];
};

/* Sums of bills by the day they are due, until they are written: what one batch changes of each. */
struct billing_due_sums {
    uint32_t count;
    struct billing_due rows[BILLING_BILL_SUM_LIMIT];
};

/* What a tick is made of, and what readings cause: a piece that is refused does not stop the others. */
enum billing_work {
    BILLING_WORK_NEWS,
    BILLING_WORK_OWED,
    BILLING_WORK_HOLDS,
    BILLING_WORK_APPROVALS,
    BILLING_WORK_RUN,
    BILLING_WORK_DRY_RUN,
    BILLING_WORK_BANK,
    BILLING_WORK_ACCOUNTS,
    BILLING_WORK_COUNT
};

/* In memory only: forgotten, it costs one refusal more. */
struct billing_work_state {
    int64_t careful_until_s;
    int64_t rest_until_s;
    int refused_by;           /* that it rests, until somebody was told; 0 */
};

struct billing {
    struct billing_config config; /* config.ledger is the cache's store inside a batch */
    const struct billing_final *final; /* while one contract is ended; else NULL */
    const struct ledger_store *ledger_behind;
    struct ledger_cache *ledger_cache;
    bool batch_open;
    struct billing_item_sums sums, sums_before; /* before: where the open step began */
    struct billing_due_sums dues, dues_before;
    bool step_open;
    size_t step_mark;         /* where config.undo stood when it began */
    bool careful;             /* the parts of every look are steps */
    struct billing_work_state work[BILLING_WORK_COUNT];
    int64_t bill_last;        /* the largest bill_id, in a batch; 0: not read yet */
    int64_t bill_last_before; /* the same at the beginning of the open step */
    struct billing_account *due; /* BILLING_DUE_LIMIT of them */
    struct billing_daily_charge *plain; /* and as many charges, written together */
    const struct billing_store *store;
    struct billing_tariff_entry tariffs[BILLING_TARIFF_CACHE];
    uint32_t tariff_next;
    struct billing_version_entry versions[BILLING_TARIFF_CACHE];
    uint32_t news[BILLING_NEWS_LIMIT]; /* devices */
    uint32_t news_count;
    struct billing_walk walk;
    struct billing_owed owed;
    int64_t area_id;           /* whose path is known during one slice of a settlement; 0 none's */
    char area_path[BILLING_PATH_SIZE];
    uint32_t policy_tenant_id; /* whose policy is known during one tick; 0 nobody's */
    struct billing_policy policy;
    char document[BILLING_DOCUMENT_SIZE];
    char lines[BILLING_LINES_SIZE];
};

/* What one look at one account works with. */
struct billing_look {
    struct billing *billing;
    struct billing_account *account;
    struct billing_policy policy;
    int64_t now_s;
    int64_t settle_day;      /* newest midnight that may be settled now */
    enum arrears_stage stage_before; /* the step of arrears under way */
    int64_t paid_fen;        /* the payment that caused the look, 0 none */
    int64_t run_id;          /* the settlement that issues bills now, 0 none */
    const struct billing_run *allowed_by; /* its draft must say what the bill comes to; NULL: whatever it comes to */
    enum billing_estimate estimate; /* of bills issued now */
    struct billing_command command; /* the last command asked, command_id 0 none */
    bool restored;           /* a valve was told to open */
    bool retry;              /* something was refused: look again soon */
    bool settles;            /* whoever holds the account back in this look tells so */
    bool refused;            /* a part was taken back, account->held_error says why: look again later */
    bool unchanged;          /* the account is as the store has it but for what settlement and arrears move from here on */
    struct arrears_state arrears_before;
    int64_t look_before_s;
    int64_t settled_before_day;
    int32_t held_before;
    uint8_t valve_before;
    bool more;               /* days are left to settle: look again at once, decide about arrears then */
};

/* settlement_run.c */
/* The next bill that the run owes an account: 1 and the day it closes; 0 none. */
int billing_run_day(const struct billing_run *run, const struct billing_account *account, int64_t *to_day);
/* Whether what the account's draft said is this amount: 0, also when nothing was drafted; BILLING_ERR_DRAFT,
 * BILLING_ERR_REVIEW_HELD; negative of the store. */
int billing_run_allows(struct billing_look *look, const struct billing_run *run, int64_t amount_fen);
/* A run within the person's jurisdiction: 0; BILLING_ERR_RUN; negative of the store. */
int billing_run_load(struct billing *billing, const struct billing_scope *scope, int64_t run_id, struct billing_run *run);

/* settlement_review.c: does the draft stand out from the last bill? Before the account has moved on.
 * returns 0 with usual_value and exception; negative of the store */
int billing_draft_judge(struct billing_look *look, struct billing_draft *draft);

/* closing_settlement.c: charge or bill everything up to `final`; the account stands there then.
 * returns 0; the reason it cannot be told */
int billing_final_settle(struct billing_look *look, const struct billing_final *final);
/* daily_settlement.c: the same of prepaid days. */
int billing_days_end(struct billing_look *look, const struct billing_final *final);
/* billing.c: being closed or closed: nothing is settled, sent to a meter or cut off. */
bool billing_account_rests(const struct billing_account *account);

/* billing.c */
bool billing_scope_holds(const struct billing_scope *scope, uint32_t tenant_id, const char *area_path);
/* An open or closed account in scope, charged with every midnight that it owes: 0; BILLING_ERR_ACCOUNT; negative of the store. */
int billing_account_load(struct billing *billing, const struct billing_scope *scope, int64_t account_id,
                         struct billing_account *out);
/* The tenant's policy: its settings over the defaults. */
int billing_policy_read(struct billing *billing, uint32_t tenant_id, struct billing_policy *out);
/* Read what account->placed stands for. */
int billing_account_place(struct billing *billing, struct billing_account *account);
/* Have billing->policy be the tenant's. */
int billing_policy_know(struct billing *billing, uint32_t tenant_id);
/* Fill a look; reads the policy. */
int billing_look_begin(struct billing *billing, struct billing_account *account, int64_t now_s,
                       struct billing_look *look);
/* The money that decides: the wallet, or of prepaid_meter what the ledger believes the meter holds. */
int billing_balance(struct billing *billing, const struct billing_account *account, int64_t *balance_fen);
/* Whether an error speaks of this account's readings or tariff: it waits with that reason, others go on. Raised before
 * anything of the stretch or bill is written. */
bool billing_error_holds(int error);
/* Whether an error is the store's: nothing can be decided, the transaction must be taken back (base/error_info.h). */
bool billing_error_of_store(int error);
/* Tell whoever listens that money moved. 0; negative of the store. */
int billing_money_tell(struct billing *billing, const struct billing_money *money);
int billing_journal(struct billing *billing, const struct billing_account *account, const char *action,
                    const char *detail, int64_t now_s);

/* tariff_version.c: the parsed tariff valid on a day.
 * returns 0; BILLING_ERR_TARIFF_VERSION; RATING_ERR_*; negative of the store. The pointer lives until
 * BILLING_TARIFF_CACHE others were asked for. */
int billing_tariff_on(struct billing *billing, int64_t tariff_id, int64_t day,
                      struct billing_tariff_version *version, const struct tariff **out);
int billing_tariff_load(struct billing *billing, int64_t tariff_version_id, const struct tariff **out);

/* tariff_version.c: forget every parsed copy; versions may be gone. */
void billing_tariffs_forget(struct billing *billing);
/* tariff_version.c: forget which version holds on a day; versions may have come. */
void billing_versions_forget(struct billing *billing);
/* tariff_version.c: could this be the next version of the tariff? document "": not looked at.
 * returns  as billing_tariff_version_add */
int billing_tariff_version_check(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                                 int64_t tariff_id, int64_t effective_day, const char *document,
                                 struct tariff_problem *problem);
/* tariff_draft.c: a draft of the tenant, for people of the whole company: 0; BILLING_ERR_WHOLE, _TARIFF_DRAFT. */
struct tariff_draft;
int billing_draft_load(struct billing *billing, const struct billing_scope *scope, int64_t tariff_draft_id,
                       struct tariff_draft *out);
/* tariff_dry_run.c: continue a dry run by at most `limit` accounts: 1 when one was worked on, 0 none. */
int billing_dry_run_continue(struct billing *billing, int64_t now_s, int32_t limit);

/* usage.c: persons, and the part of the tier cycle that the account has been open (rule 5). Quantities are 0. */
/* A register total in 1e-4 of the tariff's unit, cut towards zero: parts of a growing total add up.
 * tariff  that was checked when it was entered */
int64_t billing_quantity_e4(const struct tariff *tariff, int64_t value);

/* Persons that count for a period that begins on a day. */
int32_t billing_persons_of(const struct billing_account *account, int64_t period_day);

/* day  the persons are those of its month; a bill of another period sets them by its first day */
struct charge_usage billing_usage_of(const struct billing_account *account, const struct tariff *tariff, int64_t day);

/* A stretch of prepaid days to charge: midnight of from_day to the midnight after `day`. */
struct billing_stretch {
    int64_t from_day, day;
    int64_t from_total_value, to_total_value;
};
/* charge_history.c: charges of an account, found by its days: each ends on the day before the from_day of the next.
 * The one with the smallest day that is at least the given one: 1 and *out; 0 none; negative of the store */
int billing_charge_after(struct billing *billing, const struct billing_account *account, int64_t day,
                         struct billing_daily_charge *out);
/* Sum of amounts and days of the charges with day > after_day. */
int billing_charges_sum(struct billing *billing, const struct billing_account *account, int64_t after_day,
                        int64_t *amount_fen, int64_t *days);

/* daily_charge.c: what it costs on top of `used_value` of the tier cycle.
 * returns  0; BILLING_ERR_REGISTERS, _BACKWARD, _POSTPAID_TARIFF; negative of rating or store */
int billing_stretch_rate(struct billing *billing, const struct billing_account *account, const struct tariff *tariff,
                         const struct billing_stretch *stretch, int64_t used_value, struct charge *charge);

/* measure.c: use by the tariff's periods of the day between two midnights, from the meter's registers. A meter that was
 * exchanged meanwhile leaves a rest that no register tells: it is shared by what they do tell.
 * usage    quantity_e4 is the main register's before, the sum of the periods after
 * returns  0; BILLING_ERR_REGISTERS one is missing; BILLING_ERR_BACKWARD; negative of the store */
int billing_periods_read(struct billing *billing, const struct billing_account *account, const struct tariff *tariff,
                         int64_t from_day, int64_t to_day, struct charge_usage *usage);
/* The same for an estimated end: usage->quantity_e4 shared as the newest registers of the span tell. */
int billing_periods_estimate(struct billing *billing, const struct billing_account *account,
                             const struct tariff *tariff, int64_t from_day, int64_t to_day, struct charge_usage *usage);
/* measure.c: what fixed charges are counted by, and the power factor, between two midnights.
 * used_value  of the main register
 * returns     0; BILLING_ERR_DEMAND, BILLING_ERR_REGISTERS; negative of the store */
int billing_measures_fill(struct billing *billing, const struct billing_account *account, const struct tariff *tariff,
                          int64_t from_day, int64_t to_day, int64_t used_value, struct charge_usage *usage);

/* bill_periods.c: the segments of a bill whose tariff has periods of the day. from_days: of each segment.
 * returns  as billing_periods_read */
int billing_bill_periods(struct billing *billing, const struct billing_account *account, const struct billing_bill *bill,
                         struct charge_segment *segments, const int64_t *from_days, int32_t count);

/* posting.c: a charge as one transfer between the account and clearing, and its items as sums that go on to revenue. */
struct billing_posting {
    enum ledger_transfer_kind kind; /* LEDGER_CHARGE or LEDGER_BILL */
    int64_t reference;
    int64_t until_day;        /* the midnight that ended the use: its accounting period */
    int64_t at_s;
};
struct billing_posted {
    int64_t transfer_id;      /* 0: the sum is 0 */
    char items[BILLING_ITEMS_SIZE]; /* as in billing_daily_charge */
};
/* Whatever is wrong with the account alone is found before anything is written. The caller stores `posted` in a row. */
int billing_items_post(struct billing *billing, const struct billing_account *account, const struct charge *charge,
                       const struct billing_posting *posting, struct billing_posted *posted);
/* The list of a charge's items, as billing_items_post gives it. */
int billing_items_name(struct billing *billing, const struct billing_account *account, const struct charge *charge,
                       char items[BILLING_ITEMS_SIZE]);
/* Mirror the transfer of a charge and take its items out of revenue again. */
int billing_items_take_back(struct billing *billing, const struct billing_account *account,
                            const struct billing_posted *posted, const struct billing_posting *posting);
/* Correct what older programs posted item by item under keys "prefix/item", for every item that `tariff` could have charged. */
int billing_items_reverse(struct billing *billing, const struct billing_account *account, const struct tariff *tariff,
                          const char *prefix, int64_t at_s);
/* Correct one item posted under "prefix/name"; 0 when it never was. */
int billing_item_reverse(struct billing *billing, const struct billing_account *account, const char *prefix,
                         const char *name, int64_t at_s);
/* Pass every sum on to its item of revenue. */
int billing_items_pass(struct billing *billing);

/* bill_write.c: the lines of a charge as stores keep them: the explained products first, then the items that are no product
 * (fixed charges, what is missing to a minimum). Good until the next call. */
struct span billing_lines_write(struct billing *billing, const struct charge *charge);

/* batch.c: many accounts in one transaction. Inside a batch every ledger account is read once and written once, and items
 * are passed on as sums at its end. Batches do not nest; outside one everything is written at once.
 * error    what the work came to; negative drops all of it (the caller's transaction is taken back)
 * returns  error, or a negative number of its own */
void billing_batch_begin(struct billing *billing);
int billing_batch_end(struct billing *billing, int error);
/* A step of one account that can be taken back alone, in memory and in the store. */
int billing_step_begin(struct billing *billing);
int billing_step_keep(struct billing *billing);
int billing_step_revert(struct billing *billing);

/* The ledger account that use is charged to. */
int64_t billing_charged_account(const struct billing_account *account);

/* billing.c: the register total of the account's meter at a midnight, also when it came with the account: 1; 0 none. */
int billing_midnight_read(struct billing *billing, const struct billing_account *account, int64_t day,
                          int64_t *total_value);

/* What a stretch of prepaid days comes to. */
struct billing_day {
    struct billing_daily_charge row; /* charged_s, amount_fen, transfer_id and items only once it is posted */
    int64_t cycle_start_day;         /* of the tier cycle that the stretch ends in */
    struct charge charge;
};
/* daily_settlement.c: what it costs; writes nothing. returns 0; why it cannot be told */
int billing_day_rate(struct billing *billing, const struct billing_account *account, const struct billing_stretch *stretch,
                     struct billing_day *out);
/* Post what was rated; the account stands behind it then, in memory. The caller stores both day->row and the account.
 * Whatever is wrong with the account alone is found before anything is written. */
int billing_day_post(struct billing *billing, struct billing_account *account, struct billing_day *day, int64_t now_s);

/* plain_days.c: settle those accounts of a slice whose night brings nothing but one more day; their rows are written together.
 * What an account's own look would do to them is the same, to the fen and the row.
 * settled  set for each that was settled; the others are as they were, for a look of their own
 * returns  0; negative: the batch must be taken back */
int billing_plain_days_settle(struct billing *billing, struct billing_account *accounts, int count, int64_t now_s,
                              bool *settled);

/* daily_settlement.c: charge every day that can be charged; sets account->held_error.
 * returns 0; negative of rating, ledger or store */
int billing_days_settle(struct billing_look *look);
int billing_day_correct(struct billing *billing, struct billing_account *account, int64_t day, int64_t now_s);

/* Before the store is asked for what these meters said. 0; negative of the room that keeps it. */
int billing_devices_settle(struct billing *billing, const uint32_t *device_ids, uint32_t count);
/* What is known of a meter, as it reported last: 1 and *out; 0 it is not in service; negative of the store. */
int billing_device_read(struct billing *billing, uint32_t device_id, struct billing_device *out);

/* bill_draft.c: as billing_bill_preview, with a rule for a missing reading. */
int billing_bill_draft(struct billing *billing, const struct billing_account *account, int64_t to_day, int64_t now_s,
                       enum billing_estimate estimate, struct billing_bill *bill, struct charge *charge);
/* As billing_bill_draft. When the reading lies below an estimate that was billed, `account` goes back (in memory) to where it
 * stood before that bill, which *taken_back names: it must be reversed. taken_back->bill_id 0: none. */
int billing_bill_compute(struct billing_look *look, struct billing_account *account, int64_t to_day,
                         struct billing_bill *bill, struct charge *charge, struct billing_bill *taken_back);
/* The account stands at the end of the bill; in memory. */
int billing_account_advance(struct billing *billing, struct billing_account *account, const struct billing_bill *bill);
/* bill_settlement.c: issue the bill up to `to_day`. What is wrong with the account alone is found before anything is written;
 * when an estimated bill is taken back first, in a step of its own. When the reading lies below an estimate that was billed, that bill is reversed and the
 * whole stretch billed by the reading. returns 0 and *bill; as billing_bill_preview */
int billing_bill_issue(struct billing_look *look, int64_t to_day, struct billing_bill *bill);
/* bill_reversal.c: put the account to where it stood before the bill, in memory. */
void billing_account_return(struct billing_account *account, const struct billing_bill *bill);
/* Reverse a bill by correcting transfers. The account, which the caller stores, must stand at its end.
 * returns 0; BILLING_ERR_NEWER_BILL; negative of ledger or store */
int billing_bill_reverse(struct billing *billing, struct billing_account *account, struct billing_bill *bill,
                         int64_t now_s);
/* The next settlement date after what is billed. */
int64_t billing_bill_day_next(const struct billing_account *account);
/* Bills that have come due are issued; sets account->held_error. */
int billing_bills_settle(struct billing_look *look);
/* bill_payment.c: pay open bills from the wallet, oldest first, of each the principal and then its late fee. */
struct billing_paying {
    int64_t paid_s;           /* when the payer paid: late fees run until its day */
    int64_t now_s;
    int64_t late_fee_fen;     /* grows by what was booked of them */
    int64_t limit_fen;        /* so much of the wallet's money alone was paid then; 0: all of it */
};
int billing_bills_pay(struct billing *billing, struct billing_account *account, struct billing_paying *paying);
/* bill_payment_back.c: the same for a payment of amount_fen that was made before money that has arrived already: what was paid
 * later makes way for it, and pays what is open then. */
int billing_bills_pay_back(struct billing *billing, struct billing_account *account, int64_t amount_fen,
                           struct billing_paying *paying);
/* A bill that is known to be the only open one is paid before it is written. */
int billing_bill_pay_alone(struct billing *billing, struct billing_account *account, struct billing_bill *bill);
/* When the oldest open bill is due: 1 and *due_day; 0 none is open. */
int billing_bill_oldest(struct billing *billing, const struct billing_account *account, int64_t *due_day);

/* bill_write.c: rows of table bill, with the sums of bills that are due beside them. Nothing else writes either.
 * billing_bill_number gives a bill its bill_id and its number. */
int billing_bill_number(struct billing *billing, struct billing_bill *bill);
int billing_bill_insert(struct billing *billing, const struct billing_bill *bill, const struct charge *charge);
int billing_bill_update(struct billing *billing, const struct billing_bill *before, const struct billing_bill *bill);
/* Write every sum that a batch has changed. */
int billing_dues_pass(struct billing *billing);

/* bill_notice.c: customers, and whoever listens, are told of bills in the order of issue, at most `limit` of them; a bill that
 * is paid or taken back by then is no news, and while the outbox has no room they wait. returns how many were looked at; negative
 * of the store */
int billing_bills_tell(struct billing *billing, int64_t now_s, int32_t limit);
/* Continue an open settlement by at most `limit` accounts: 1 when one was worked on, 0 none open. */
int billing_run_continue(struct billing *billing, uint32_t tenant_id, int64_t now_s, int32_t limit);

/* arrears_account.c: remind, warn, cut, restore. */
int billing_arrears_walk(struct billing_look *look);
/* When the arrears of the account want another look; ARREARS_NEVER_S. */
int billing_arrears_next(struct billing_look *look, int64_t *next_s);
/* Post a notice about the account. at_s: the instant the message speaks of. */
int billing_notice_post(struct billing_look *look, const char *kind, int64_t at_s);

/* account_group.c: move the valve of a member as the main account's stage says. */
int billing_member_follow(struct billing_look *look, const struct arrears_state *of_main);
/* All members of the account follow it, in the same transaction. */
int billing_group_follow(struct billing_look *look);
/* After a look at a member: its main account is looked at, at once when money came. */
int billing_group_main_look(struct billing_look *look);
/* When a member whose valve is still to be closed wants another look; ARREARS_NEVER_S. */
int64_t billing_member_next_s(const struct billing_look *look);
/* arrears_account.c: may the valve close today, with those of all members that follow the account? */
int billing_closings_left(struct billing_look *look, bool *left);
/* Ask for a valve; a refusal puts the stage back and is retried. */
int billing_valve_close(struct billing_look *look);
int billing_valve_open(struct billing_look *look);

/* share_evidence.c: what a cost is shared by: the weights, and where the members' meters stood.
 * run      amount, days and totals of the public meter; basis and weight_total are filled in
 * returns  1; 0 a member's midnight is waited for; RATING_ERR_RANGE; negative of the store */
int billing_share_weigh(struct billing_look *look, const struct billing_share *shares, int32_t count,
                        struct billing_share_run *run, struct billing_share_part *parts);
/* public_meter.c: share over others what a public account was charged since the last time.
 * returns 0; RATING_ERR_RANGE; negative of ledger or store */
int billing_public_share(struct billing_look *look);

/* meter_credit.c: send the wallet's money to a meter that holds it itself, as money or as units. */
int billing_wallet_push(struct billing_look *look);
/* meter_credit.c: the transfer of a purchase, from the wallet to what the meter holds; wallet as it stands before it. */
int billing_purchase_post(struct billing_look *look, const struct ledger_account *wallet, int64_t amount_fen,
                          int64_t *transfer_id);
/* unit_sale.c: whole units for what the wallet holds. */
int billing_units_sell(struct billing_look *look, const struct ledger_account *wallet);
/* unit_sale.c: can this account's price be sold in units? 0; BILLING_ERR_UNIT_TARIFF, _TARIFF_VERSION; negative of the store */
int billing_unit_tariff_check(struct billing *billing, const struct billing_account *account, int64_t day);
/* purchase_outcome.c: of an account that is held: purchases that ended without reaching the meter, and whose money could not be
 * taken back then. */
int billing_purchases_settle(struct billing_look *look);
/* unit_carry.c: what an exchanged meter should hold is written down for the new one; the account still has the old meter. */
int billing_carry_begin(struct billing *billing, const struct billing_account *account, uint32_t new_device_id,
                        int64_t end_total_value, int64_t now_s);
/* money_carry.c: the same of a meter that holds money: it waits for a second person. 0; negative of the store */
int billing_money_carry_begin(struct billing *billing, const struct billing_scope *scope, const struct billing_account *account,
                              uint32_t new_device_id, int64_t end_total_value, int64_t now_s);
/* money_carry.c: CASE_ERR_CARRY_WAITS while nobody has decided about one. */
int billing_money_carries_settled(struct billing *billing, int64_t account_id);
/* unit_carry.c: ask for the command that takes it there, when none is under way. */
int billing_carry_send(struct billing_look *look);
/* unit_carry.c: how that command ended. 1 it was one; 0 it was another; negative of the store */
int billing_carry_failed(struct billing *billing, struct billing_account *account, int64_t command_id, int64_t now_s);
int billing_carry_arrived(struct billing *billing, struct billing_account *account, int64_t command_id, int64_t now_s);
/* unit_settlement.c: what an account bought and used; nothing yet when the store has no book of it. 0; negative of the store */
int billing_unit_book_read(struct billing *billing, int64_t account_id, struct billing_unit_book *book);
/* unit_settlement.c: charge a stretch of days with what its units were bought for; the account stands at its end then. */
int billing_units_charge(struct billing_look *look, const struct billing_stretch *stretch);
/* unit_settlement.c: the midnight that is settled has another value: the next charge carries the difference. */
int billing_units_correct(struct billing *billing, struct billing_account *account);
/* unit_settlement.c: what the last `value` units that were sold were bought for. */
int billing_units_worth(struct billing *billing, const struct billing_account *account, int64_t value, int64_t *fen);
/* unit_settlement.c: what the meter shows and what is on its way to it, as money; 0 when it has shown nothing, else 1. */
int billing_meter_units_worth(struct billing *billing, const struct billing_account *account, int64_t *fen);
/* unit_settlement.c: the units that are left go over to the next contract of the same meter, cost_fen of money with them. */
int billing_units_move(struct billing *billing, const struct billing_account *from, const struct billing_account *to,
                       int64_t cost_fen, int64_t now_s);

/* payment.c: a way of paying at the counter, and the ledger account that it fills. */
struct billing_method {
    const char *name;
    enum ledger_account_kind kind;
    const char *source;
};
/* NULL: no way of paying at the counter. */
const struct billing_method *billing_method_source(const char *name);
/* payment.c: 1 to 64 letters, digits and . - _ : */
bool billing_key_permitted(const char *key);
/* payment.c: book a payment that was never booked before and use it: bills, meter, valve. payment: key, method, amount,
 * at_s, tenant and cashier; the rest is filled in. The account is open. */
int billing_payment_book(struct billing *billing, struct billing_account *account, enum ledger_account_kind source_kind,
                         const char *source_name, struct billing_payment *payment, struct billing_payment_result *out);
/* payment_order.c: two letters, local time, chance: 32 letters and digits. */
void billing_trade_number(const char *prefix, int64_t wall_s, uint64_t chance, char out[PAYMENT_ORDER_NUMBER_SIZE]);
/* payment_order.c: an order of the scope. 0; BILLING_ERR_ORDER; negative of the store. */
int billing_order_load(struct billing *billing, const struct billing_scope *scope, int64_t payment_order_id,
                       struct payment_order *out);
/* payment_outcome.c: people read of it in the account's journal. */
int billing_order_journal(struct billing *billing, const struct payment_order *order, const char *action, int64_t now_s);
/* payment_refund.c: the ledger account in which money of an order waits that is nobody's to use. */
int billing_order_suspense_open(struct billing *billing, const struct payment_order *order, int64_t *ledger_account_id);
/* payment_refund.c: where the money of an order lies: a wallet, or suspense. */
int billing_order_source(struct billing *billing, const struct payment_order *order, int64_t *ledger_account_id);
/* payment_refund.c: as payment_order_outcome_take, of a refund. */
int billing_refund_outcome(struct billing *billing, int64_t wall_s, int64_t now_s,
                           const struct payment_order_outcome *outcome, struct payment_order *order);

/* look_guard.c: a part of a look. Where an account's parts are steps, a part that is refused is taken back and the account held
 * with the reason; else its error is the caller's.
 * returns 0; negative of the store, or of the part where it is no step */
int billing_part_try(struct billing_look *look, int (*part)(struct billing_look *look));
/* look_guard.c: what a meter told is taken whatever its account's money says: a step of that account, and the account held when
 * the step is refused.
 * before   the account as it stays then
 * error    what the step came to
 * returns  0 and more as the step; negative of the store, or error where a step was open before */
int billing_event_begin(struct billing *billing, bool *stepped);
int billing_event_end(struct billing *billing, const struct billing_account *before, bool stepped, int error, int64_t now_s);
/* look_guard.c: a piece of work. Refused by anything but the store it is tried again with care, and rests when that is refused,
 * too; the caller takes its transaction back both times.
 * returns what the function returns; 0 while it rests */
int billing_work_do(struct billing *billing, enum billing_work work, int64_t now_s, int32_t limit,
                    int (*function)(struct billing *billing, int64_t now_s, int32_t limit));

/* look.c: walk the arrears, set the next look and store the account. */
int billing_look_finish(struct billing_look *look);

/* look.c: in English; "" for 0 and what is no reason. */
const char *billing_held_text(int error);

/* look.c: look at an account that was read in a slice. */
int billing_row_look(struct billing *billing, struct billing_account *account, int64_t now_s);
/* look.c: the same of a whole slice, at most BILLING_DUE_LIMIT of them. */
int billing_rows_look(struct billing *billing, struct billing_account *accounts, int count, int64_t now_s);

/* look.c: look at the accounts of at most BILLING_DUE_LIMIT meters whose midnights came. 0; negative of the store or a room */
int billing_devices_look(struct billing *billing, const uint32_t *device_ids, uint32_t count, int64_t now_s);

/* owed.c: what the transaction that was taken back had charged is owed again. */
void billing_owed_return(struct billing *billing);
/* owed.c: billing->news is owed from now on. */
void billing_owed_note(struct billing *billing, int64_t now_s);
/* owed.c: charge what the account owes before somebody decides by its money; *account as it stands then.
 * returns  0; negative of the store, or of a look outside its parts */
int billing_owed_settle(struct billing *billing, struct billing_account *account, int64_t now_s);

/* walk.c: begin a walk over all accounts with the next tick: what arrived may have been forgotten. */
void billing_walk_again(struct billing *billing);
/* Go on with the walk that is under way, or begin the next one when it is time.
 * returns  what was done, counted in looks, at most limit; limit when more is left; negative of the store */
int billing_walk_go(struct billing *billing, int64_t now_s, int32_t limit);

#endif
