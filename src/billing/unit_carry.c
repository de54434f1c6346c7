/* A meter that holds units is exchanged: what should be left in it goes to the new one, by a command of its own. In the books
 * nothing moves: units sold less units used is what the new meter should hold. */
#include "billing/billing_internal.h"

#define CARRY_GRAIN INT64_C(10000) /* of a register: meters take hundredths of a unit */

/* Sold, less what the old meter has counted to its end. */
static int rest_read(struct billing *billing, const struct billing_account *account, int64_t end_total_value, int64_t *value)
{
    struct billing_unit_book book = { .account_id = 0 };
    int error = billing_unit_book_read(billing, account->account_id, &book);
    int64_t unsettled_value = end_total_value - account->settled_total_value;

    *value = book.bought_value - book.used_value - (unsettled_value > 0 ? unsettled_value : 0);
    *value -= *value % CARRY_GRAIN;
    return error;
}

int billing_carry_begin(struct billing *billing, const struct billing_account *account, uint32_t new_device_id,
                        int64_t end_total_value, int64_t now_s)
{
    const struct billing_unit_store *units = billing->config.units;
    struct billing_unit_carry row = { .account_id = account->account_id, .from_device_id = account->device_id,
                                      .to_device_id = new_device_id, .at_s = now_s, .end_total_value = end_total_value };
    struct billing_meter_units shown;
    int error = rest_read(billing, account, end_total_value, &row.value);

    if (error < 0 || row.value <= 0)
        return error;
    error = billing_units_worth(billing, account, row.value, &row.worth_fen);
    if (error == 0)
        error = units->meter_read(units->context, account->device_id, &shown);
    if (error < 0)
        return error;
    row.shown_value = shown.shown_s != 0 ? shown.value : -1;
    return units->carry_insert(units->context, &row);
}

int billing_carry_send(struct billing_look *look)
{
    const struct billing_unit_store *units = look->billing->config.units;
    const struct billing_actions *actions = look->billing->config.actions;
    struct billing_unit_carry row;
    struct billing_command command;
    int found = units->carry_open(units->context, look->account->account_id, &row);

    if (found <= 0 || row.command_id != 0)
        return found < 0 ? found : 0;
    found = actions->request_units(actions->context, row.to_device_id, row.value, "meter exchange 换表结转", look->now_s,
                                   &command);
    if (billing_error_of_store(found))
        return found;
    if (found < 0) {
        look->retry = true;
        return billing_journal(look->billing, look->account, "recharge_refused", "", look->now_s);
    }
    row.command_id = (int64_t)command.command_id;
    return units->carry_update(units->context, &row);
}

/* The row that a command carries: 1; 0 none. */
static int carry_of(struct billing *billing, const struct billing_account *account, int64_t command_id,
                    struct billing_unit_carry *row)
{
    const struct billing_unit_store *units = billing->config.units;
    int found = units != NULL && account->holds_units ? units->carry_open(units->context, account->account_id, row) : 0;

    return found == 1 ? row->command_id == command_id : found;
}

/* The command has ended: at done_s the new meter has it, or (0) it shall be asked for again. Answers as carry_of. */
static int carry_end(struct billing *billing, const struct billing_account *account, int64_t command_id, int64_t done_s)
{
    const struct billing_unit_store *units = billing->config.units;
    struct billing_unit_carry row;
    int found = carry_of(billing, account, command_id, &row);

    if (found <= 0)
        return found;
    row.done_s = done_s;
    if (done_s == 0)
        row.command_id = 0;
    found = units->carry_update(units->context, &row);
    return found < 0 ? found : 1;
}

int billing_carry_failed(struct billing *billing, struct billing_account *account, int64_t command_id, int64_t now_s)
{
    int found = carry_end(billing, account, command_id, 0);

    if (found <= 0)
        return found;
    if (account->look_s > now_s + BILLING_RETRY_S)
        account->look_s = now_s + BILLING_RETRY_S;
    found = billing->store->account_update(billing->store->context, account);
    if (found == 0)
        found = billing_journal(billing, account, "recharge_failed", "", now_s);
    return found < 0 ? found : 1;
}

int billing_carry_arrived(struct billing *billing, struct billing_account *account, int64_t command_id, int64_t now_s)
{
    return carry_end(billing, account, command_id, now_s);
}
