#include "dialog/line_proof.h"

#include "base/quantity.h"
#include "dialog/line_request.h"

/* The order as a request of its model.
 * returns  as device_codec_encode() */
static int request_make(const struct line_proof *proof, struct device_request *out)
{
    int result = proof->profile == NULL
                     ? DEVICE_CODEC_ERR_COMMAND
                     : line_request_of_order(proof->order, proof->profile, proof->serial, proof->now_ms, out);

    if (result == 0)
        out->cipher = proof->cipher;
    return result;
}

const struct device_profile_command *line_confirmation_of(const struct line_order *order,
                                                          const struct device_profile *profile)
{
    struct device_request request;

    if (profile == NULL || line_request_of_order(order, profile, 0, 0, &request) != 0)
        return NULL;
    for (size_t i = 0; i < profile->command_count; i++)
        if (profile->commands[i].command == request.command && profile->commands[i].has_confirmation)
            return &profile->commands[i];
    return NULL;
}

static int read_back_make(const struct line_proof *proof, struct device_frames *out)
{
    struct device_request request;
    int result = proof->order->operation == LINE_COMMAND ? request_make(proof, &request) : DEVICE_CODEC_ERR_COMMAND;

    return result != 0 ? result
                       : device_codec_read_back(proof->profile, span_of_text(proof->order->address), &request, out);
}

enum line_stage line_stage_last(const struct line_proof *proof)
{
    struct device_frames frames;
    return read_back_make(proof, &frames) == 0 ? LINE_STAGE_PROVE : LINE_STAGE_DO;
}

bool line_order_is_once(const struct line_proof *proof)
{
    return proof->order->operation == LINE_COMMAND && proof->order->body.command.operation == DOWNLINK_RECHARGE &&
           line_stage_last(proof) == LINE_STAGE_PROVE;
}

enum line_stage line_stage_first(const struct line_proof *proof)
{
    bool can_look = line_confirmation_of(proof->order, proof->profile) != NULL || line_order_is_once(proof);
    return proof->order->is_repeated && can_look ? LINE_STAGE_LOOK : LINE_STAGE_DO;
}

static int confirmation_make(const struct line_proof *proof, const struct device_profile_command *confirmation,
                             struct device_frames *out)
{
    struct device_request request = { .command = DEVICE_COMMAND_READ,
                                      .point = confirmation->confirm_point,
                                      .sequence = proof->serial,
                                      .zone_offset_s = proof->order->zone_offset_s,
                                      .now_s = proof->now_ms / 1000 };

    return device_codec_encode(proof->profile, span_of_text(proof->order->address), &request, out, NULL);
}

int line_stage_encode(const struct line_proof *proof, enum line_stage stage, struct device_frames *out)
{
    const struct device_profile_command *confirmation =
        stage == LINE_STAGE_DO ? NULL : line_confirmation_of(proof->order, proof->profile);
    struct device_request request;

    if (confirmation != NULL)
        return confirmation_make(proof, confirmation, out);
    if (stage != LINE_STAGE_DO)
        return read_back_make(proof, out);
    int result = request_make(proof, &request);
    return result != 0 ? result
                       : device_codec_encode(proof->profile, span_of_text(proof->order->address), &request, out, NULL);
}

static bool is_confirmed(const struct device_profile *profile, const struct device_profile_command *confirmation,
                         const struct uplink *uplink)
{
    const struct device_point *point = &profile->points[confirmation->confirm_point];
    enum quantity quantity = item_uplink_quantity((enum device_kind)profile->kind, (enum item_quantity)point->quantity);

    for (unsigned i = 0; i < uplink->item_count && i < UPLINK_ITEM_LIMIT; i++)
        if (uplink->items[i].quantity == quantity && uplink->items[i].value == confirmation->confirm_value)
            return true;
    return false;
}

/* The number that the meter now has is a reading of it, whether or not the model has a point for it. */
static void purchase_put(const struct line_proof *proof, struct uplink *uplink)
{
    const struct downlink *command = &proof->order->body.command;

    if (command->operation != DOWNLINK_RECHARGE || uplink->item_count >= UPLINK_ITEM_LIMIT)
        return;
    for (unsigned i = 0; i < uplink->item_count; i++)
        if (uplink->items[i].quantity == QUANTITY_PURCHASE_COUNT)
            return;
    uplink->items[uplink->item_count++] = (struct uplink_item){ .quantity = QUANTITY_PURCHASE_COUNT,
                                                                .value = command->serial,
                                                                .time_s = proof->now_ms / 1000 };
}

enum line_finding line_stage_find(const struct line_proof *proof, size_t index, struct span answer,
                                  struct uplink *uplink, uint32_t *about)
{
    const struct device_profile_command *confirmation = line_confirmation_of(proof->order, proof->profile);
    struct device_frames written;
    uint32_t identifier;

    if (confirmation != NULL)
        return is_confirmed(proof->profile, confirmation, uplink) ? LINE_FINDING_DONE : LINE_FINDING_OTHERWISE;
    if (line_stage_encode(proof, LINE_STAGE_DO, &written) != 0 || index >= written.count)
        return LINE_FINDING_NOTHING;
    int found = device_codec_holds(proof->profile, device_frames_at(&written, index), answer, &identifier);
    if (found < 0)
        return LINE_FINDING_NOTHING;
    if (found == 0 && uplink->kind == UPLINK_ANSWER && line_order_is_once(proof))
        return LINE_FINDING_UNTOLD;
    if (found == 0) {
        *about = identifier;
        return LINE_FINDING_OTHERWISE;
    }
    purchase_put(proof, uplink);
    return LINE_FINDING_DONE;
}
