/* The line: one frame in, one frame out. Whatever is not addressed to this meter, is an answer, is broken, or is of a
 * control code that does not exist is met with silence. */
#include "meter/core/electricity/electricity_internal.h"

#include <string.h>

#include "codec/dlt645/dlt645_word.h"

#define READ_LIMIT 200 /* bytes of data that an answer may have */
#define IDENTIFIER_SIZE 4
#define SEQUENCE_SIZE 1
#define LEVEL_SETTING 4
#define LEVEL_MONEY 2
#define SYNC_RANGE_S 300 /* of the broadcast time */
#define ANY 99
#define PASSWORD_GROUP 0x04000c00

struct request {
    const struct dlt645_message *message;
    struct dlt645_content content;
    struct dlt645_address address; /* of this meter when the request came */
    bool is_broadcast;
    bool is_for_any;
};

/* ERR; 0 and the answer written; ELECTRICITY_SILENT. */
typedef uint16_t answer_function(struct electricity_meter *meter, const struct request *request, struct writer *out);

static uint16_t done(const struct request *request, uint8_t function, struct writer *out)
{
    return dlt645_done_answer_encode(DLT645_2007, &request->address, function, out) == 0 ? 0 : ELECTRICITY_SILENT;
}

static uint16_t sent(int result)
{
    return result == 0 ? 0 : ELECTRICITY_SILENT;
}

/* The next part of the item that is being read, `limit` bytes at most. */
static struct span part_next(struct electricity_reading *reading, size_t limit)
{
    size_t left = (size_t)(reading->size - reading->sent);
    size_t size = left < limit ? left : limit;

    reading->last_size = (uint8_t)size;
    return span_of_bytes(reading->value + reading->sent, size);
}

static bool has_more(const struct electricity_reading *reading)
{
    return reading->sent + reading->last_size < reading->size;
}

static uint16_t read(struct electricity_meter *meter, const struct request *request, struct writer *out)
{
    struct electricity_reading *reading = &meter->reading;
    struct writer value = writer_of_buffer(reading->value, sizeof reading->value);

    reading->is_open = false;
    bool found = request->content.block_count != 0
                     ? electricity_load_write(meter, &request->content, &value)
                     : electricity_value_write(meter, request->content.identifier, &value);
    if (!found || value.overflow)
        return ELECTRICITY_REFUSE_NO_DATA;
    reading->identifier = request->content.identifier;
    reading->size = (uint16_t)value.size;
    reading->sent = 0;
    reading->sequence = 0;
    struct span part = part_next(reading, READ_LIMIT - IDENTIFIER_SIZE);
    reading->is_open = has_more(reading);
    return sent(
        dlt645_read_answer_encode(DLT645_2007, &request->address, reading->identifier, part, reading->is_open, out));
}

/* The frame after the last one, or the last one again when it was lost on the line. */
static uint16_t read_more(struct electricity_meter *meter, const struct request *request, struct writer *out)
{
    struct electricity_reading *reading = &meter->reading;
    uint8_t sequence = request->content.sequence;
    bool is_next = sequence == reading->sequence + 1 && has_more(reading);
    bool is_again = sequence != 0 && sequence == reading->sequence;

    if (!reading->is_open || reading->identifier != request->content.identifier || (!is_next && !is_again))
        return ELECTRICITY_REFUSE_NO_DATA;
    if (is_next)
        reading->sent = (uint16_t)(reading->sent + reading->last_size);
    reading->sequence = sequence;
    struct span part = part_next(reading, READ_LIMIT - IDENTIFIER_SIZE - SEQUENCE_SIZE);
    return sent(dlt645_read_more_answer_encode(DLT645_2007, &request->address, reading->identifier, part, sequence,
                                               has_more(reading), out));
}

static uint16_t read_address(struct electricity_meter *meter, const struct request *request, struct writer *out)
{
    (void)meter;
    return sent(dlt645_read_address_answer_encode(&request->address, out));
}

static void programming_note(struct electricity_meter *meter, const struct dlt645_content *content)
{
    struct electricity_event event = { { (uint32_t)meter->local_s, content->operator_code, content->identifier } };
    electricity_event_note(meter, ELECTRICITY_EVENT_PROGRAMMING, &event);
}

#define DATE_SIZE 4
#define CLOCK_SIZE 3

/* Date or time of day alone: the other stays what it is. */
static uint8_t clock_write(struct electricity_meter *meter, const struct dlt645_content *content)
{
    uint8_t bytes[6];
    struct item_time time = electricity_time_of_clock(meter->local_s);

    if (content->values.size != (content->identifier == ELECTRICITY_DATE ? DATE_SIZE : CLOCK_SIZE) ||
        dlt645_time_write(&time, sizeof bytes, bytes) < 0)
        return ELECTRICITY_REFUSE_OTHER;
    if (content->identifier == ELECTRICITY_DATE)
        memcpy(bytes + 3, content->values.bytes + 1, 3);
    else
        memcpy(bytes, content->values.bytes, CLOCK_SIZE);
    if (dlt645_time_read(span_of_bytes(bytes, sizeof bytes), &time) < 0 ||
        !electricity_clock_set(meter, electricity_clock_of_time(&time), content->operator_code))
        return ELECTRICITY_REFUSE_OTHER;
    return 0;
}

/* Set and keep; as before when it cannot be kept. */
static uint8_t parameter_change(struct electricity_meter *meter, uint32_t identifier, struct span bytes)
{
    uint8_t before[ELECTRICITY_PARAMETER_SIZE_LIMIT];
    unsigned index = 0;
    const struct electricity_parameter_row *row = electricity_parameter_find(identifier, &index);

    if (row == NULL)
        return ELECTRICITY_REFUSE_NO_DATA;
    struct span held = electricity_parameter_bytes(&meter->parameters, row, index);
    memcpy(before, held.bytes, held.size);
    uint8_t refusal = electricity_parameter_set(&meter->parameters, identifier, bytes);
    if (refusal != 0 || memcmp(before, held.bytes, held.size) == 0)
        return refusal;
    if (electricity_store_parameter(meter, row, index) < 0) {
        memcpy((uint8_t *)&meter->parameters + (held.bytes - (const uint8_t *)&meter->parameters), before, held.size);
        return ELECTRICITY_REFUSE_OTHER;
    }
    electricity_day_make(meter);
    electricity_relay_judge(meter);
    return 0;
}

static uint16_t write(struct electricity_meter *meter, const struct request *request, struct writer *out)
{
    const struct dlt645_content *content = &request->content;
    bool is_clock = content->identifier == ELECTRICITY_DATE || content->identifier == ELECTRICITY_TIME;
    unsigned index = 0;
    const struct electricity_parameter_row *row = electricity_parameter_find(content->identifier, &index);

    if (!is_clock && row == NULL)
        return ELECTRICITY_REFUSE_NO_DATA;
    if (!is_clock && row->level == ELECTRICITY_NEVER_WRITTEN)
        return ELECTRICITY_REFUSE_PASSWORD;
    uint8_t refusal = electricity_access_check(meter, &content->password, is_clock ? LEVEL_SETTING : row->level);
    if (refusal == 0)
        refusal =
            is_clock ? clock_write(meter, content) : parameter_change(meter, content->identifier, content->values);
    if (refusal != 0)
        return refusal;
    programming_note(meter, content);
    return done(request, DLT645_WRITE, out);
}

/* Needs the sealed key, and silence answers who has it not: every meter of the line hears AA...AA. */
static uint16_t write_address(struct electricity_meter *meter, const struct request *request, struct writer *out)
{
    const struct dlt645_address *address = &request->content.address;

    if (!request->is_for_any || (meter->inputs & ELECTRICITY_INPUT_PROGRAMMING_KEY) == 0 ||
        parameter_change(meter, ELECTRICITY_ADDRESS, span_of_bytes(address->bytes, DLT645_ADDRESS_SIZE)) != 0)
        return ELECTRICITY_SILENT;
    return sent(dlt645_done_answer_encode(DLT645_2007, address, DLT645_WRITE_ADDRESS, out));
}

/* Within five minutes, once a day, and never over a midnight: no freeze is left out or taken twice by it. */
static uint16_t time_synchronise(struct electricity_meter *meter, const struct request *request, struct writer *out)
{
    int64_t local_s = electricity_clock_of_time(&request->content.time);
    uint32_t today = (uint32_t)(meter->local_s / CALENDAR_DAY_S);
    int64_t error_s = local_s - meter->local_s;
    bool is_near = error_s >= -SYNC_RANGE_S && error_s <= SYNC_RANGE_S && local_s / CALENDAR_DAY_S == today &&
                   meter->state.time_sync_day != today;

    (void)out;
    if ((meter->local_s == 0 || is_near) && electricity_clock_set(meter, local_s, 0)) {
        meter->state.time_sync_day = (uint32_t)(local_s / CALENDAR_DAY_S);
        (void)electricity_store_state(meter);
    }
    return ELECTRICITY_SILENT;
}

/* Repeated within the same minute it is the same freeze: broadcasts are sent several times. */
static uint8_t freeze_now(struct electricity_meter *meter)
{
    uint32_t minute = (uint32_t)(meter->local_s / ELECTRICITY_S_PER_MINUTE);

    if (meter->local_s == 0 || electricity_freeze_take(meter, ELECTRICITY_FREEZE_INSTANT, minute) < 0)
        return ELECTRICITY_REFUSE_OTHER;
    return 0;
}

/* Needs no password, so it is taken once a minute at most: nobody wears the flash out over the line. */
static uint8_t freeze_plan(struct electricity_meter *meter, const struct dlt645_freeze_time *when)
{
    struct electricity_schedule before = meter->schedule;
    uint32_t minute = (uint32_t)(meter->local_s / ELECTRICITY_S_PER_MINUTE);

    if (when->minute == ANY)
        return ELECTRICITY_REFUSE_OTHER;
    meter->schedule.minute = when->minute;
    meter->schedule.hour = when->hour;
    meter->schedule.day = when->day;
    meter->schedule.month = when->month;
    if (memcmp(&before, &meter->schedule, sizeof before) == 0)
        return 0;
    if (minute != meter->planned_minute && electricity_store_schedule(meter) == 0) {
        meter->planned_minute = minute;
        return 0;
    }
    meter->schedule = before;
    return ELECTRICITY_REFUSE_OTHER;
}

static uint16_t freeze(struct electricity_meter *meter, const struct request *request, struct writer *out)
{
    const struct dlt645_freeze_time *when = &request->content.freeze_time;
    bool is_now = when->minute == ANY && when->hour == ANY && when->day == ANY && when->month == ANY;
    uint8_t refusal = is_now ? freeze_now(meter) : freeze_plan(meter, when);

    return refusal != 0 ? refusal : done(request, DLT645_FREEZE, out);
}

static uint16_t rate_change(struct electricity_meter *meter, const struct request *request, struct writer *out)
{
    uint8_t word = request->content.rate_word;
    uint32_t rate = dlt645_rate_read(word);

    if (rate == 0 || meter->hal->rate_set == NULL)
        return ELECTRICITY_REFUSE_RATE;
    uint8_t refusal = parameter_change(meter, ELECTRICITY_PORT_RATE, span_of_bytes(&word, 1));
    if (refusal != 0)
        return refusal;
    meter->hal->rate_set(meter->hal->context, rate);
    return sent(dlt645_rate_answer_encode(&request->address, rate, out));
}

/* A level changes itself and those below it. */
static uint16_t password_change(struct electricity_meter *meter, const struct request *request, struct writer *out)
{
    const struct dlt645_content *content = &request->content;
    const struct dlt645_password *new_password = &content->new_password;
    const uint8_t digits[3] = { (uint8_t)new_password->digits, (uint8_t)(new_password->digits >> 8),
                                (uint8_t)(new_password->digits >> 16) };
    uint32_t level = content->identifier - ELECTRICITY_PASSWORD;

    if (level >= ELECTRICITY_PASSWORD_LEVELS)
        return ELECTRICITY_REFUSE_NO_DATA;
    uint8_t refusal = electricity_access_check(meter, &content->old_password, level);
    if (refusal == 0 && new_password->level != level)
        refusal = ELECTRICITY_REFUSE_OTHER;
    if (refusal == 0)
        refusal = parameter_change(meter, content->identifier, span_of_bytes(digits, sizeof digits));
    if (refusal != 0)
        return refusal;
    struct electricity_event event = { { (uint32_t)meter->local_s, 0, content->identifier } };
    electricity_event_note(meter, ELECTRICITY_EVENT_PROGRAMMING, &event);
    return sent(dlt645_password_answer_encode(&request->address, new_password, out));
}

static uint16_t demand_clear(struct electricity_meter *meter, const struct request *request, struct writer *out)
{
    struct electricity_state before = meter->state;
    struct electricity_event event = { { (uint32_t)meter->local_s, request->content.operator_code } };
    uint8_t refusal = electricity_access_check(meter, &request->content.password, LEVEL_MONEY);

    if (refusal != 0)
        return refusal;
    meter->state.demand_w = 0;
    meter->state.demand_minute = 0;
    if (electricity_store_state(meter) < 0) {
        meter->state = before;
        return ELECTRICITY_REFUSE_OTHER;
    }
    electricity_event_note(meter, ELECTRICITY_EVENT_DEMAND_CLEAR, &event);
    return done(request, DLT645_CLEAR_DEMAND, out);
}

/* Registers, demand, freezes and events. What was paid stays, and so does the purchase count: an old recharge must not
 * be good again. */
static void meter_clear(struct electricity_meter *meter, uint32_t operator_code)
{
    struct electricity_event event = { { (uint32_t)meter->local_s, operator_code } };
    uint32_t cleared = meter->events.counts[ELECTRICITY_EVENT_METER_CLEAR];
    struct electricity_event *clears = meter->events.records[ELECTRICITY_EVENT_METER_CLEAR];

    memset(meter->state.forward_mwh, 0, sizeof meter->state.forward_mwh);
    memset(meter->state.reverse_mwh, 0, sizeof meter->state.reverse_mwh);
    meter->state.cycle_mwh = 0;
    meter->state.demand_w = 0;
    meter->state.demand_minute = 0;
    meter->demand_period = 0;
    memset(&meter->freezes, 0, sizeof meter->freezes);
    memset(&meter->instants, 0, sizeof meter->instants);
    for (unsigned kind = 0; kind < ELECTRICITY_EVENT_KIND_COUNT; kind++)
        if (kind != ELECTRICITY_EVENT_PURCHASE && kind != ELECTRICITY_EVENT_METER_CLEAR)
            meter->events.counts[kind] = 0;
    clears[(cleared + 1) % ELECTRICITY_EVENT_LIMIT] = event;
    meter->events.counts[ELECTRICITY_EVENT_METER_CLEAR] = cleared + 1;
}

/* In one new sector: all of it is cleared or nothing. */
static uint16_t clear_meter(struct electricity_meter *meter, const struct request *request, struct writer *out)
{
    struct electricity_state before = meter->state;
    uint8_t refusal = electricity_access_check(meter, &request->content.password, LEVEL_MONEY);

    if (refusal != 0)
        return refusal;
    meter_clear(meter, request->content.operator_code);
    if (electricity_store_all(meter) < 0) {
        electricity_store_recover(meter, &before);
        return ELECTRICITY_REFUSE_OTHER;
    }
    return done(request, DLT645_CLEAR_METER, out);
}

/* Purchases and the clearings themselves are never forgotten. */
static bool is_clearable(unsigned kind)
{
    return kind != ELECTRICITY_EVENT_PURCHASE && kind != ELECTRICITY_EVENT_METER_CLEAR &&
           kind != ELECTRICITY_EVENT_EVENT_CLEAR;
}

static bool events_forget(struct electricity_meter *meter, uint32_t event_class)
{
    unsigned only = electricity_log_class(event_class);

    if (event_class != UINT32_MAX && (only == ELECTRICITY_EVENT_KIND_COUNT || !is_clearable(only)))
        return false;
    for (unsigned kind = 0; kind < ELECTRICITY_EVENT_KIND_COUNT; kind++)
        if (is_clearable(kind) && (event_class == UINT32_MAX || kind == only))
            meter->events.counts[kind] = 0;
    return true;
}

static uint16_t clear_events(struct electricity_meter *meter, const struct request *request, struct writer *out)
{
    struct electricity_state before = meter->state;
    struct electricity_event event = { { (uint32_t)meter->local_s, request->content.operator_code,
                                         request->content.event_class } };
    uint8_t refusal = electricity_access_check(meter, &request->content.password, LEVEL_MONEY);

    if (refusal != 0)
        return refusal;
    if (!events_forget(meter, request->content.event_class))
        return ELECTRICITY_REFUSE_NO_DATA;
    uint32_t number = ++meter->events.counts[ELECTRICITY_EVENT_EVENT_CLEAR];
    electricity_events_put(&meter->events, ELECTRICITY_EVENT_EVENT_CLEAR, number, &event);
    if (electricity_store_all(meter) < 0) {
        electricity_store_recover(meter, &before);
        return ELECTRICITY_REFUSE_OTHER;
    }
    return done(request, DLT645_CLEAR_EVENTS, out);
}

static uint16_t relay(struct electricity_meter *meter, const struct request *request, struct writer *out)
{
    uint8_t refusal = electricity_access_check(meter, &request->content.password, LEVEL_MONEY);

    if (refusal == 0)
        refusal = electricity_relay_command(meter, &request->content);
    return refusal != 0 ? refusal : done(request, DLT645_RELAY, out);
}

#define ANSWER_VALUES_LIMIT 32

static uint16_t security(struct electricity_meter *meter, const struct request *request, struct writer *out)
{
    uint8_t bytes[ANSWER_VALUES_LIMIT];
    struct writer values = writer_of_buffer(bytes, sizeof bytes);
    uint16_t refusal =
        electricity_recharge_request(meter, request->content.identifier, request->content.values, &values);

    if (refusal != 0)
        return refusal;
    return sent(
        dlt645_security_answer_encode(&request->address, request->content.identifier, writer_span(&values), out));
}

/* DL/T 645-2007 section 7: who may be asked by all at once, and what each does. */
static const struct {
    answer_function *answer;
    bool is_broadcast; /* obeyed, in silence, when sent to 999999999999 */
} functions[DLT645_CONTROL_FUNCTION + 1] = {
    [DLT645_SECURITY] = { security, false },
    [DLT645_TIME] = { time_synchronise, true },
    [DLT645_READ] = { read, false },
    [DLT645_READ_MORE] = { read_more, false },
    [DLT645_READ_ADDRESS] = { read_address, false },
    [DLT645_WRITE] = { write, false },
    [DLT645_WRITE_ADDRESS] = { write_address, false },
    [DLT645_FREEZE] = { freeze, true },
    [DLT645_RATE] = { rate_change, false },
    [DLT645_PASSWORD] = { password_change, false },
    [DLT645_CLEAR_DEMAND] = { demand_clear, false },
    [DLT645_CLEAR_METER] = { clear_meter, false },
    [DLT645_CLEAR_EVENTS] = { clear_events, false },
    [DLT645_RELAY] = { relay, false },
};

static bool is_same(const struct dlt645_address *a, const struct dlt645_address *b)
{
    return memcmp(a->bytes, b->bytes, DLT645_ADDRESS_SIZE) == 0;
}

static uint16_t answer_2007(struct electricity_meter *meter, struct request *request, uint8_t function,
                            struct writer *out)
{
    if (functions[function].answer == NULL || (request->is_broadcast && !functions[function].is_broadcast))
        return ELECTRICITY_SILENT;
    if (dlt645_content_decode(request->message, &request->content) < 0)
        return function == DLT645_TIME || function == DLT645_WRITE_ADDRESS || function == DLT645_READ_ADDRESS
                   ? ELECTRICITY_SILENT
                   : ELECTRICITY_REFUSE_OTHER;
    return functions[function].answer(meter, request, out);
}

/* Reading only; whatever writes is refused, and what the meter does not know is silent. */
static uint16_t answer_1997(struct electricity_meter *meter, const struct request *request, uint8_t function,
                            struct writer *out)
{
    uint8_t bytes[READ_LIMIT];
    struct writer value = writer_of_buffer(bytes, sizeof bytes);

    if (!meter->config.answers_1997 || request->is_broadcast)
        return ELECTRICITY_SILENT;
    if (function == DLT645_1997_WRITE)
        return ELECTRICITY_REFUSE_PASSWORD;
    if (function != DLT645_1997_READ || !request->message->has_identifier)
        return ELECTRICITY_SILENT;
    if (!electricity_value_write_1997(meter, request->message->identifier, &value) || value.overflow)
        return ELECTRICITY_REFUSE_NO_DATA;
    return sent(dlt645_read_answer_encode(DLT645_1997, &request->address, request->message->identifier,
                                          writer_span(&value), false, out));
}

size_t electricity_meter_receive(struct electricity_meter *meter, struct span frame, uint8_t *answer, size_t limit)
{
    struct dlt645_frame decoded;
    struct dlt645_message message;
    struct request request;
    struct writer out = writer_of_buffer(answer, limit);

    if (dlt645_frame_decode(frame, &decoded, NULL) < 0 || (decoded.control & ~DLT645_CONTROL_FUNCTION) != 0)
        return 0;
    memset(&request, 0, sizeof request);
    memcpy(request.address.bytes, meter->parameters.address, DLT645_ADDRESS_SIZE);
    request.is_broadcast = is_same(&decoded.address, &dlt645_address_broadcast);
    request.is_for_any = is_same(&decoded.address, &dlt645_address_any);
    if (!request.is_broadcast && !dlt645_address_matches(&decoded.address, &request.address))
        return 0;
    dlt645_message_decode(&decoded, &message);
    request.message = &message;
    enum dlt645_version version = (enum dlt645_version)decoded.version;
    uint16_t refusal = version == DLT645_2007 ? answer_2007(meter, &request, decoded.control, &out)
                                              : answer_1997(meter, &request, decoded.control, &out);
    if (refusal == ELECTRICITY_SILENT || request.is_broadcast)
        return 0;
    if (refusal != 0 && dlt645_error_answer_encode(version, &request.address, decoded.control, refusal, &out) < 0)
        return 0;
    return out.overflow ? 0 : out.size;
}
