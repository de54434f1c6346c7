/* 03H: money comes in and is taken back (S1-013, S1-025, S1-026). Each request carries the number of the purchase: only
 * the one behind the last is obeyed, so that none counts twice and none is left out. */
#include "meter/core/electricity/electricity_internal.h"

#include <string.h>

#include "codec/codec_error.h"
#include "codec/dlt645/dlt645_recharge.h"

#define HOARD 3 /* place among the credit limits */

static struct dlt645_address address_of(const struct electricity_meter *meter)
{
    struct dlt645_address address;
    memcpy(address.bytes, meter->parameters.address, sizeof address.bytes);
    return address;
}

static int32_t balance_said(const struct electricity_meter *meter)
{
    int64_t cent = electricity_balance_cent(meter);
    if (cent > INT32_MAX)
        return INT32_MAX;
    return cent < INT32_MIN ? INT32_MIN : (int32_t)cent;
}

static bool is_over_hoard(const struct electricity_meter *meter, int64_t amount_cent)
{
    int64_t limit_cent = electricity_number(meter->parameters.credit_limits[HOARD], 4);
    if (limit_cent == 0)
        limit_cent = ELECTRICITY_BALANCE_LIMIT_CENT;
    return electricity_balance_cent(meter) + amount_cent > limit_cent;
}

/* Why this purchase cannot be; 0. */
static uint16_t purchase_check(const struct electricity_meter *meter, const struct dlt645_recharge *recharge)
{
    bool is_opening = recharge->identifier == DLT645_OPEN_ACCOUNT;
    bool is_customer = memcmp(recharge->customer, meter->parameters.customer_number, DLT645_CUSTOMER_SIZE) == 0;

    if (!is_opening && !is_customer)
        return DLT645_RECHARGE_CUSTOMER;
    if (recharge->purchase_count == meter->state.purchase_count)
        return DLT645_RECHARGE_REPEATED;
    if (recharge->purchase_count != meter->state.purchase_count + 1)
        return DLT645_RECHARGE_COUNT;
    if (recharge->identifier == DLT645_TAKE_BACK)
        return recharge->amount == DLT645_TAKE_BACK_ALL ? 0 : DLT645_RECHARGE_OTHER;
    return is_over_hoard(meter, recharge->amount) ? DLT645_RECHARGE_HOARD : 0;
}

/* The event goes first and the state, which holds the money and the count, last: an event without its state is dropped
 * at power-up, and a state never stands without its event. */
static uint16_t purchase_apply(struct electricity_meter *meter, const struct dlt645_recharge *recharge)
{
    struct electricity_state before = meter->state;
    bool is_taken = recharge->identifier == DLT645_TAKE_BACK;
    int64_t cent_before = electricity_balance_cent(meter);
    int64_t after = is_taken ? 0 : cent_before + recharge->amount;
    int64_t total = before.purchase_total_cent + (is_taken ? -cent_before : (int64_t)recharge->amount);
    struct electricity_event event = { { (uint32_t)meter->local_s, recharge->purchase_count,
                                         is_taken ? (uint32_t)(int32_t)-cent_before : recharge->amount,
                                         (uint32_t)(int32_t)cent_before, (uint32_t)(int32_t)after, (uint32_t)total } };

    electricity_events_put(&meter->events, ELECTRICITY_EVENT_PURCHASE, recharge->purchase_count, &event);
    if (electricity_store_event(meter, ELECTRICITY_EVENT_PURCHASE, recharge->purchase_count) < 0) {
        meter->events.counts[ELECTRICITY_EVENT_PURCHASE] = before.purchase_count;
        return DLT645_RECHARGE_OTHER;
    }
    meter->state.balance_grains =
        is_taken ? 0 : before.balance_grains + (int64_t)recharge->amount * ELECTRICITY_GRAINS_PER_CENT;
    meter->state.purchase_count = recharge->purchase_count;
    meter->state.purchase_total_cent = total;
    if (electricity_store_state(meter) == 0)
        return 0;
    meter->state = before;
    meter->events.counts[ELECTRICITY_EVENT_PURCHASE] = before.purchase_count;
    return DLT645_RECHARGE_OTHER;
}

/* Kept before the money: should the power go between, opening the account again sets the same number. */
static bool customer_set(struct electricity_meter *meter, const uint8_t *customer)
{
    unsigned index;
    const struct electricity_parameter_row *row = electricity_parameter_find(ELECTRICITY_CUSTOMER, &index);
    uint8_t before[DLT645_CUSTOMER_SIZE];

    memcpy(before, meter->parameters.customer_number, sizeof before);
    if (electricity_parameter_set(&meter->parameters, ELECTRICITY_CUSTOMER,
                                  span_of_bytes(customer, DLT645_CUSTOMER_SIZE)) != 0)
        return false;
    if (electricity_store_parameter(meter, row, index) == 0)
        return true;
    memcpy(meter->parameters.customer_number, before, sizeof before);
    return false;
}

static uint16_t purchase(struct electricity_meter *meter, uint32_t identifier, struct span values, struct writer *out)
{
    struct dlt645_address address = address_of(meter);
    struct dlt645_recharge recharge;
    uint8_t answer[DLT645_RECHARGE_ANSWER_SIZE];

    int error =
        dlt645_recharge_decode(meter->hal->cipher, meter->config.recharge_key, &address, identifier, values, &recharge);
    if (error < 0)
        return error == CODEC_ERR_KEY ? DLT645_RECHARGE_TAG : DLT645_RECHARGE_OTHER;
    uint16_t refusal = purchase_check(meter, &recharge);
    if (refusal != 0)
        return refusal;
    if (identifier == DLT645_OPEN_ACCOUNT && !customer_set(meter, recharge.customer))
        return DLT645_RECHARGE_OTHER;
    refusal = purchase_apply(meter, &recharge);
    if (refusal != 0)
        return refusal;
    electricity_relay_judge(meter);
    dlt645_recharge_answer_encode(balance_said(meter), meter->state.purchase_count, answer);
    writer_put_bytes(out, answer, sizeof answer);
    return 0;
}

static uint16_t status(struct electricity_meter *meter, uint32_t identifier, struct span values, struct writer *out)
{
    struct dlt645_address address = address_of(meter);
    struct dlt645_recharge_status said = { balance_said(meter), meter->state.purchase_count, { 0 } };
    uint8_t answer[DLT645_RECHARGE_STATUS_SIZE];

    (void)identifier;
    (void)values;
    memcpy(said.customer, meter->parameters.customer_number, sizeof said.customer);
    if (dlt645_recharge_status_encode(meter->hal->cipher, meter->config.recharge_key, &address, &said, answer) < 0)
        return DLT645_RECHARGE_OTHER;
    writer_put_bytes(out, answer, sizeof answer);
    return 0;
}

static const struct {
    uint32_t identifier;
    uint16_t (*answer)(struct electricity_meter *meter, uint32_t identifier, struct span values, struct writer *out);
} requests[] = {
    { DLT645_OPEN_ACCOUNT, purchase },
    { DLT645_RECHARGE, purchase },
    { DLT645_TAKE_BACK, purchase },
    { DLT645_RECHARGE_STATUS, status },
};

uint16_t electricity_recharge_request(struct electricity_meter *meter, uint32_t identifier, struct span values,
                                      struct writer *out)
{
    static const uint8_t no_key[CIPHER_BLOCK_SIZE];

    if (meter->hal->cipher == NULL || cipher_equal(meter->config.recharge_key, no_key, sizeof no_key))
        return DLT645_RECHARGE_OTHER;
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++)
        if (requests[i].identifier == identifier)
            return requests[i].answer(meter, identifier, values, out);
    return DLT645_RECHARGE_OTHER;
}
