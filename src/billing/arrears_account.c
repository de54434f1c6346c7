/* The arrears ladder of one account: what the balance says, and what is done about it. */
#include "base/calendar.h"
#include "base/decimal.h"
#include "billing/bill_late_fee.h"
#include "billing/billing_internal.h"

#include <stdio.h>
#include <string.h>

#define AVERAGE_DAYS 14
#define DAYS_LEFT_SHOWN 365
#define STEP_LIMIT 8 /* more steps than rungs: a bound, never reached */

/* What the meter says, and what is on its way to it: nobody is reminded of money that was paid. */
static int balance_of_meter(struct billing *billing, const struct billing_account *account, int64_t *balance_fen)
{
    struct billing_device device;
    int found;

    if (account->holds_units) {
        found = billing_meter_units_worth(billing, account, balance_fen);
        return found < 0 ? found : found == 1 ? 0 : billing_balance(billing, account, balance_fen);
    }
    found = billing_device_read(billing, account->device_id, &device);

    if (found < 0)
        return found;
    if (found == 1 && device.report_s > 0) {
        *balance_fen = device.balance_fen + device.pending_fen;
        return 0;
    }
    return billing_balance(billing, account, balance_fen);
}

/* Of an account that pays before use. */
static int balance_before_use(struct billing_look *look, int64_t *balance_fen)
{
    const struct billing_account *account = look->account;

    return account->mode == BILLING_PREPAID_METER ? balance_of_meter(look->billing, account, balance_fen)
                                                  : billing_balance(look->billing, account, balance_fen);
}

/* Post-paid: by the oldest unpaid bill (rule 19); a debt within the overdraft is warned of but never leads to the valve. */
static int level_of_bills(struct billing_look *look, enum arrears_stage *level)
{
    int64_t today = calendar_local_day(look->now_s, look->account->zone_offset_s);
    int64_t balance_fen = 0, due_day = 0;
    int error = billing_balance(look->billing, look->account, &balance_fen);
    int found = error < 0 ? error : billing_bill_oldest(look->billing, look->account, &due_day);

    *level = ARREARS_GOOD;
    if (found == 1 && today > due_day + BILLING_OVERDUE_CUT_DAYS && balance_fen < -look->account->overdraft_fen)
        *level = ARREARS_FINAL_NOTICE;
    else if (found == 1 && today > due_day)
        *level = ARREARS_OVERDRAFT;
    return found < 0 ? found : 0;
}

/* Valves that close with the account's own: those of its members that are open and not protected. */
static int closings_wanted(struct billing_look *look, int32_t *wanted)
{
    const struct billing_store *store = look->billing->store;
    struct billing_account member;
    int64_t member_id = 0;
    int found;

    *wanted = 1;
    while ((found = store->account_member_next(store->context, look->account->account_id, member_id, &member_id)) == 1) {
        found = store->account_read(store->context, member_id, &member);
        if (found < 0)
            return found;
        *wanted += found == 1 && member.device_id != 0 && member.protected_until_s <= look->now_s &&
                   member.arrears.stage != ARREARS_CUT;
    }
    return found;
}

int billing_closings_left(struct billing_look *look, bool *left)
{
    int64_t today = calendar_local_day(look->now_s, look->account->zone_offset_s);
    const struct billing_store *store = look->billing->store;
    int32_t count, released, wanted;
    int error = store->closings_read(store->context, look->account->tenant_id, today, &count);

    if (error == 0)
        error = store->closings_released(store->context, look->account->tenant_id, today, &released);
    if (error == 0)
        error = closings_wanted(look, &wanted);
    if (error < 0)
        return error;
    *left = look->account->device_id != 0 && count + wanted <= look->policy.cut_limit &&
            count + wanted <= look->policy.cut_release_above + released;
    return 0;
}

/* What the balance or the bills say. */
static int level_read(struct billing_look *look, struct arrears_facts *facts)
{
    const struct billing_account *account = look->account;
    int64_t balance_fen = 0;
    int error;

    if (account->mode == BILLING_POSTPAID) {
        error = level_of_bills(look, &facts->level);
        facts->restorable = facts->level == ARREARS_GOOD;
        return error;
    }
    error = balance_before_use(look, &balance_fen);
    facts->level = arrears_level(balance_fen, account->low_balance_fen, account->overdraft_fen,
                                 look->policy.reminders.second_percent);
    facts->restorable = balance_fen >= account->restore_fen;
    if (account->mode == BILLING_PREPAID_METER && facts->level > ARREARS_OVERDRAFT)
        facts->level = ARREARS_OVERDRAFT;
    return error;
}

static int facts_read(struct billing_look *look, struct arrears_facts *facts)
{
    struct billing_account *account = look->account;
    int error;

    *facts = (struct arrears_facts){ .grace_s = (int64_t)account->grace_h * 3600 };
    error = level_read(look, facts);
    if (error < 0 || (facts->level == ARREARS_GOOD && account->arrears.stage == ARREARS_GOOD))
        return error;
    error = billing_account_place(look->billing, account);
    facts->is_protected = account->protected_until_s > look->now_s;
    /* Only the step from the final notice asks for it. */
    if (error < 0 || account->mode == BILLING_PREPAID_METER || account->arrears.stage != ARREARS_FINAL_NOTICE)
        return error;
    return billing_closings_left(look, &facts->may_cut);
}

/* How long the balance lasts at the average of the last two weeks; -1 when that is not known. */
static int days_left(struct billing_look *look, int64_t balance_fen, int32_t *out)
{
    const struct billing_account *account = look->account;
    int64_t amount_fen, days;
    int error = billing_charges_sum(look->billing, account, account->settled_day - 1 - AVERAGE_DAYS, &amount_fen, &days);

    *out = -1;
    if (error < 0 || amount_fen <= 0 || balance_fen < 0)
        return error;
    *out = (int32_t)(balance_fen * days / amount_fen > DAYS_LEFT_SHOWN ? -1 : balance_fen * days / amount_fen);
    return 0;
}

/* "3栋" and "1204" are 3栋1204 to a Chinese and 3-1204 to an English reader. */
static void places_name(const struct billing_account *account, char *chinese, char *english, size_t capacity)
{
    size_t digits = strspn(account->area_name, "0123456789");
    const char *rest = account->area_name + digits;
    bool block = digits > 0 && (strcmp(rest, "栋") == 0 || strcmp(rest, "号楼") == 0 || strcmp(rest, "幢") == 0);

    (void)snprintf(chinese, capacity, "%s%s", account->area_name, account->room);
    if (block)
        (void)snprintf(english, capacity, "%.*s-%s", (int)digits, account->area_name, account->room);
    else
        (void)snprintf(english, capacity, "%s %s", account->area_name, account->room);
}

/* What is to be paid today: the debt, and the late fees that are not booked yet. */
static int due_read(struct billing_look *look, int64_t balance_fen, int64_t *due_fen)
{
    int64_t today = calendar_local_day(look->now_s, look->account->zone_offset_s);
    int64_t late_fen = 0;
    int error = 0;

    if (look->account->mode == BILLING_POSTPAID)
        error = billing_late_fees_owed(look->billing, look->account->account_id, today, &late_fen);
    *due_fen = (balance_fen < 0 ? -balance_fen : 0) + late_fen;
    return error;
}

static int notice_send(struct billing_look *look, const char *kind, int64_t at_s)
{
    const struct billing_actions *actions = look->billing->config.actions;
    const struct billing_account *account = look->account;
    char place_zh[2 * BILLING_NAME_SIZE + 2], place_en[2 * BILLING_NAME_SIZE + 2], key[BILLING_KEY_SIZE];
    struct billing_notice notice = { .tenant_id = account->tenant_id, .account_id = account->account_id, .kind = kind,
                                     .key = key, .recipient = account->phones,
                                     .organisation = look->policy.organisation, .phone = look->policy.phone,
                                     .place_zh = place_zh, .place_en = place_en, .paid_fen = look->paid_fen,
                                     .at_s = at_s, .now_s = look->now_s, .zone_offset_s = account->zone_offset_s };
    struct billing_tariff tariff = { .utility = "" };
    int error = balance_before_use(look, &notice.balance_fen);

    if (error == 0)
        error = look->billing->store->tariff_read(look->billing->store->context, account->tenant_id, account->tariff_id,
                                                  &tariff);
    notice.utility = tariff.utility;
    if (error >= 0)
        error = days_left(look, notice.balance_fen, &notice.days_left);
    if (error == 0 && notice.paid_fen == 0)
        error = look->billing->store->payment_newest(look->billing->store->context, account->account_id, &notice.paid_fen);
    if (error < 0)
        return error;
    error = due_read(look, notice.balance_fen, &notice.due_fen);
    if (error < 0)
        return error;
    places_name(account, place_zh, place_en, sizeof place_zh);
    (void)snprintf(key, sizeof key, "%s/%lld/%lld", kind, (long long)account->account_id, (long long)look->now_s);
    error = actions->notice(actions->context, &notice);
    if (error >= 0 || billing_error_of_store(error))
        return error < 0 ? error : 0;
    return billing_journal(look->billing, account, "notice_refused", kind, look->now_s);
}

int billing_notice_post(struct billing_look *look, const char *kind, int64_t at_s)
{
    int error = billing_account_place(look->billing, look->account);

    return error < 0 ? error : notice_send(look, kind, at_s);
}

static int reminder_keep(struct billing_look *look, bool third)
{
    const struct billing_store *store = look->billing->store;
    struct reminder_state state = { calendar_local_day(look->now_s, look->account->zone_offset_s), third };

    return store->reminder_write(store->context, look->account->account_id, &state);
}

/* Whether the balance is below the third share of the reminder level. */
static int third_find(struct billing_look *look, bool *is_third)
{
    int64_t balance_fen = 0;
    int error = balance_before_use(look, &balance_fen);

    *is_third = reminder_is_third(&look->policy.reminders, balance_fen, look->account->low_balance_fen);
    return error;
}

/* In the words of where the balance stands now: who falls through several shares at once is told once. */
static int remind(struct billing_look *look)
{
    bool is_third = false;
    int error = third_find(look, &is_third);
    const char *kind = look->account->arrears.stage == ARREARS_LOW_FIRST ? "low_first" : "low_second";

    if (error == 0)
        error = billing_notice_post(look, is_third ? "low_third" : kind, look->now_s);
    return error < 0 ? error : reminder_keep(look, is_third);
}

/* With daily reminders the next one says it. */
static int remind_second(struct billing_look *look)
{
    return look->policy.reminders.is_daily != 0 && look->stage_before != ARREARS_GOOD ? 0 : remind(look);
}

static int warn_overdraft(struct billing_look *look)
{
    int error = billing_notice_post(look, "overdraft", look->now_s);

    return error < 0 ? error : reminder_keep(look, true);
}

static int warn_final(struct billing_look *look)
{
    int64_t earliest_s = look->account->arrears.final_notice_s + (int64_t)look->account->grace_h * 3600;
    int64_t moment_s = arrears_cut_moment_s(&look->policy.arrears, earliest_s > look->now_s ? earliest_s : look->now_s);
    int error = billing_notice_post(look, "final_notice", moment_s == ARREARS_NEVER_S ? earliest_s : moment_s);

    return error < 0 ? error : reminder_keep(look, true);
}

/* What reminders are about: money that is paid before use, by an account of its own. 1 with *state; 0 nothing. */
static int reminders_read(struct billing_look *look, struct reminder_state *state, bool *is_third)
{
    const struct billing_store *store = look->billing->store;
    enum arrears_stage stage = look->account->arrears.stage;
    int found;

    *state = (struct reminder_state){ .day = 0 };
    if (look->account->mode == BILLING_POSTPAID || look->account->main_account_id != 0 || stage == ARREARS_GOOD ||
        stage == ARREARS_CUT)
        return 0;
    found = store->reminder_read(store->context, look->account->account_id, state);
    if (found >= 0)
        found = third_find(look, is_third);
    return found < 0 ? found : 1;
}

/* The ladder is where it belongs: is there something to say nevertheless? */
static int remind_again(struct billing_look *look)
{
    struct reminder_state state;
    bool is_third = false;
    enum arrears_stage stage = look->account->arrears.stage;
    int found = reminders_read(look, &state, &is_third);

    if (found <= 0 || reminder_due(&look->policy.reminders, &look->policy.arrears, stage, is_third, &state,
                                   look->now_s) == REMINDER_NONE)
        return found < 0 ? found : 0;
    if (stage == ARREARS_OVERDRAFT)
        return warn_overdraft(look);
    return stage == ARREARS_FINAL_NOTICE ? warn_final(look) : remind(look);
}

/* 0; 1 the command room refuses, and is asked again; negative of the store: its command may be written in part */
static int valve_request(struct billing_look *look, enum billing_valve valve, const char *reason)
{
    const struct billing_actions *actions = look->billing->config.actions;
    struct billing_command command;
    int error = actions->request_valve(actions->context, look->account->device_id, valve, reason, look->now_s, &command);

    if (billing_error_of_store(error))
        return error;
    if (error < 0) {
        look->retry = true;
        error = billing_journal(look->billing, look->account, "valve_refused", reason, look->now_s);
        return error < 0 ? error : 1;
    }
    look->command = command;
    look->account->valve_pending = valve == BILLING_VALVE_OPEN ? BILLING_VALVE_OPENING : BILLING_VALVE_CLOSING;
    return 0;
}

/* Why the valve is asked to move, for the command's page: the words, then the balance. */
static int reason_tell(struct billing_look *look, const char *words, char *text, size_t capacity)
{
    char amount[DECIMAL_TEXT_LIMIT];
    int64_t balance_fen = 0;
    int error = billing_balance(look->billing, look->account, &balance_fen);

    (void)decimal_format_fen(balance_fen < 0 ? -balance_fen : balance_fen, amount, sizeof amount);
    (void)snprintf(text, capacity, "%s%s%s", words, balance_fen < 0 ? "欠费 arrears ¥" : "余额 balance ¥", amount);
    return error;
}

/* The command room may refuse (its queue is full): then the final notice stands and the next look tries again. */
int billing_valve_close(struct billing_look *look)
{
    struct arrears_state *state = &look->account->arrears;
    int64_t today = calendar_local_day(look->now_s, look->account->zone_offset_s);
    char reason[80];
    int error = reason_tell(look, "", reason, sizeof reason);

    if (error == 0)
        error = valve_request(look, BILLING_VALVE_CLOSE, reason);
    if (error < 0)
        return error;
    if (error == 1) {
        state->stage = ARREARS_FINAL_NOTICE;
        state->final_notice_s = look->now_s - (int64_t)look->account->grace_h * 3600;
        return 0;
    }
    error = look->billing->store->closings_add(look->billing->store->context, look->account->tenant_id, today);
    return error < 0 ? error : billing_journal(look->billing, look->account, "cut_off", reason, look->now_s);
}

static int cut_cancel(struct billing_look *look)
{
    const char *why = look->account->protected_until_s > look->now_s ? "protected 保护用户" : "balance 余额已恢复";

    return billing_journal(look->billing, look->account, "cut_cancelled", why, look->now_s);
}

int billing_valve_open(struct billing_look *look)
{
    struct arrears_state *state = &look->account->arrears;
    char reason[80];
    int error;

    if (look->account->device_id == 0)
        return 0;
    error = reason_tell(look, "已缴费 paid, ", reason, sizeof reason);
    if (error == 0)
        error = valve_request(look, BILLING_VALVE_OPEN, reason);
    if (error < 0)
        return error;
    if (error == 1) {
        state->stage = ARREARS_CUT;
        return 0;
    }
    look->restored = true;
    error = billing_journal(look->billing, look->account, "restored", reason, look->now_s);
    if (error == 0 && !look->command.awake && look->paid_fen > 0)
        error = billing_notice_post(look, "paid_asleep", look->command.window_s);
    return error;
}

static int (*const action_functions[ARREARS_ACTION_COUNT])(struct billing_look *look) = {
    [ARREARS_REMIND_FIRST] = remind,          [ARREARS_REMIND_SECOND] = remind_second,
    [ARREARS_WARN_OVERDRAFT] = warn_overdraft, [ARREARS_WARN_FINAL] = warn_final,
    [ARREARS_CLOSE] = billing_valve_close,            [ARREARS_CUT_CANCELLED] = cut_cancel,
    [ARREARS_RESTORE] = billing_valve_open,
};

/* A member of a group has no ladder of its own. */
static int member_walk(struct billing_look *look)
{
    const struct billing_store *store = look->billing->store;
    struct billing_account main_account;
    int found = store->account_read(store->context, look->account->main_account_id, &main_account);

    return found <= 0 ? found : billing_member_follow(look, &main_account.arrears);
}

int billing_arrears_walk(struct billing_look *look)
{
    int error = 0;

    if (look->account->main_account_id != 0)
        return member_walk(look);

    for (int step = 0; error == 0 && !look->retry && step < STEP_LIMIT; step++) {
        struct arrears_facts facts;
        enum arrears_action action;

        error = facts_read(look, &facts);
        if (error < 0)
            return error;
        look->stage_before = look->account->arrears.stage;
        action = arrears_step(&look->policy.arrears, &facts, &look->account->arrears, look->now_s);
        if (action == ARREARS_NOTHING)
            return remind_again(look);
        error = action_functions[action](look);
        if (error == 0 && (action == ARREARS_CLOSE || action == ARREARS_RESTORE))
            error = billing_group_follow(look);
    }
    return error;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int billing_arrears_next(struct billing_look *look, int64_t *next_s)
{
    const struct arrears_policy *hours = &look->policy.arrears;
    struct reminder_state state;
    struct arrears_facts facts;
    bool is_third = false;
    int error;

    *next_s = look->account->main_account_id != 0 ? billing_member_next_s(look) : ARREARS_NEVER_S;
    if (look->account->main_account_id != 0)
        return 0;
    error = facts_read(look, &facts);
    if (error < 0)
        return error;
    *next_s = arrears_next_s(hours, &facts, &look->account->arrears, look->now_s);
    error = reminders_read(look, &state, &is_third);
    if (error > 0)
        *next_s = earlier(*next_s, reminder_next_s(&look->policy.reminders, hours, look->account->arrears.stage, is_third,
                                                   &state, look->now_s));
    return error < 0 ? error : 0;
}

/* The account of a device, loaded into a look; 1 found, 0 none. */
static int look_of_device(struct billing *billing, uint32_t device_id, int64_t now_s, struct billing_account *account,
                          struct billing_look *look)
{
    const struct billing_store *store = billing->store;
    int64_t account_id;
    int found = store->account_of_device(store->context, device_id, &account_id);

    if (found == 1)
        found = store->account_read(store->context, account_id, account);
    if (found != 1)
        return found;
    found = billing_look_begin(billing, account, now_s, look);
    return found < 0 ? found : 1;
}

/* The valve is where it is, also when nobody can be told of it. */
static int valve_tell(struct billing_look *look, int (*tell)(struct billing_look *look))
{
    struct billing *billing = look->billing;
    struct billing_account before = *look->account;
    bool stepped;
    int error = billing_event_begin(billing, &stepped);

    if (error == 0)
        error = tell(look);
    if (error == 0)
        error = billing->store->account_update(billing->store->context, look->account);
    return billing_event_end(billing, &before, stepped, error, look->now_s);
}

static int opened_tell(struct billing_look *look)
{
    return billing_notice_post(look, "restored", look->now_s);
}

static int closed_tell(struct billing_look *look)
{
    return billing_notice_post(look, "cut", look->now_s);
}

static int opening_failed_tell(struct billing_look *look)
{
    return billing_journal(look->billing, look->account, "valve_failed", "open", look->now_s);
}

static int closing_failed_tell(struct billing_look *look)
{
    return billing_journal(look->billing, look->account, "valve_failed", "close", look->now_s);
}

int billing_valve_verified(struct billing *billing, uint32_t device_id, enum billing_valve valve, int64_t now_s)
{
    struct billing_account account;
    struct billing_look look;
    int found = look_of_device(billing, device_id, now_s, &account, &look);
    uint8_t awaited = valve == BILLING_VALVE_OPEN ? BILLING_VALVE_OPENING : BILLING_VALVE_CLOSING;

    if (found <= 0 || account.valve_pending != awaited)
        return found < 0 ? found : 0;
    account.valve_pending = BILLING_VALVE_SETTLED;
    return valve_tell(&look, valve == BILLING_VALVE_OPEN ? opened_tell : closed_tell);
}

int billing_valve_failed(struct billing *billing, uint32_t device_id, enum billing_valve valve, int64_t now_s)
{
    struct billing_account account;
    struct billing_look look;
    int found = look_of_device(billing, device_id, now_s, &account, &look);
    uint8_t awaited = valve == BILLING_VALVE_OPEN ? BILLING_VALVE_OPENING : BILLING_VALVE_CLOSING;

    if (found <= 0 || account.valve_pending != awaited)
        return found < 0 ? found : 0;
    account.valve_pending = BILLING_VALVE_SETTLED;
    if (valve == BILLING_VALVE_CLOSE && account.arrears.stage == ARREARS_CUT) {
        account.arrears.stage = ARREARS_FINAL_NOTICE;
        account.arrears.final_notice_s = now_s - (int64_t)account.grace_h * 3600;
    } else if (valve == BILLING_VALVE_OPEN) {
        account.arrears.stage = ARREARS_CUT;
    }
    account.arrears.stage_since_s = now_s;
    account.look_s = now_s + BILLING_RETRY_S;
    return valve_tell(&look, valve == BILLING_VALVE_OPEN ? opening_failed_tell : closing_failed_tell);
}
