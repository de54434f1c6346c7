#include "dialog/line_dialog.h"

static const struct counter_description rows[LINE_DIALOG_COUNTER_COUNT] = {
    [LINE_DIALOG_FRAMES_SENT] = { "dialog_line_frames_sent", "frames sent to concentrators and meters on lines" },
    [LINE_DIALOG_FRAMES_RECEIVED] = { "dialog_line_frames_received", "frames taken from lines and believed" },
    [LINE_DIALOG_FRAMES_REFUSED] = { "dialog_line_frames_refused",
                                     "frames of lines that were damaged, of another address or not expected" },
    [LINE_DIALOG_BYTES_SKIPPED] = { "dialog_line_bytes_skipped", "bytes of lines that belong to no frame" },
    [LINE_DIALOG_REPEATS] = { "dialog_line_repeats", "requests over lines repeated because nobody answered well" },
    [LINE_DIALOG_ORDERS_DONE] = { "dialog_line_orders_done", "orders for lines that ended well" },
    [LINE_DIALOG_ORDERS_FAILED] = { "dialog_line_orders_failed", "orders for lines that ended with a problem" },
};

const struct counter_description *line_dialog_counters(void)
{
    return rows;
}

void line_dialog_count(const struct line_dialog_house *house, enum line_dialog_counter row, uint64_t amount)
{
    if (house->counters != NULL)
        counter_add(house->counters, row, amount);
}

static enum uplink_answer answer_of(enum line_problem problem)
{
    switch (problem) {
    case LINE_PROBLEM_NONE:
        return UPLINK_ANSWER_EXECUTED;
    case LINE_PROBLEM_REFUSED:
    case LINE_PROBLEM_PASSWORD:
    case LINE_PROBLEM_DENIED:
    case LINE_PROBLEM_UNSUPPORTED:
        return UPLINK_ANSWER_REFUSED;
    default:
        return UPLINK_ANSWER_TIMEOUT;
    }
}

struct uplink line_order_ended(const struct line_order *order, enum line_problem problem, int64_t now_ms)
{
    struct uplink uplink = {
        .kind = UPLINK_ANSWER,
        .device_id = order->device_id != 0 ? order->device_id : order->line_id,
        .order_id = order->order_id,
        .order_ended = 1,
        .problem = (uint8_t)problem,
        .received_s = now_ms / 1000,
    };

    if (order->operation == LINE_COMMAND) {
        uplink.command_id = order->body.command.command_id;
        uplink.answer = (uint8_t)answer_of(problem);
    }
    return uplink;
}
