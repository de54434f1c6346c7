/* DL/T 645 of both editions: points are read one identifier at a time, commands carry level and password. */
#include <string.h>

#include "base/calendar.h"
#include "base/quantity.h"
#include "codec/dlt645/dlt645_field.h"
#include "codec/dlt645/dlt645_items.h"
#include "codec/dlt645/dlt645_recharge.h"
#include "codec/dlt645/dlt645_request.h"
#include "dialog/device_codec_internal.h"

#define COMMAND(name) (UINT32_C(1) << DEVICE_COMMAND_##name)
#define READS (COMMAND(READ) | COMMAND(READ_NOW) | COMMAND(READ_MONTHLY_FREEZE))
#define FREEZE_PAGE 0x05u /* DI3 of frozen values; DI2 the kind, DI1 the item, DI0 how many back */
#define FREEZE_TIME_MASK 0xFFFF00FFu
#define SETTLEMENT_BACK_LIMIT 12
#define FREEZE_BACK_LIMIT 62
#define INSTANT_BACK_LIMIT 3
#define MONTH_STEP_1997 0x0400u /* 9410 last month, 9810 the month before */
#define MINUTE_TIME_SIZE 5
#define LOAD_PAGE 0x06u        /* DI3 of load records; DI0 0 the oldest, 1 from a given time on, 2 the newest */
#define LOAD_NEWEST 2
#define LOAD_PORTION 6         /* blocks of an answer: they stay below a frame's 200 bytes, and their readings in one uplink */
#define CLOCK_DATE 0x04000101u /* weekday, day, month, year */
#define CLOCK_TIME 0x04000102u /* second, minute, hour */
#define CLOCK_DATE_SIZE 4
#define CLOCK_TIME_SIZE 3
#define CLOCK_TURN_MIN 2 /* minutes after midnight in which the date may be the day before's */
#define DAY_TABLE 0x04010001u      /* the first of the set in force */
#define DAY_TABLE_LIMIT 8
#define DAY_TABLE_ROW_SIZE 3
#define MINUTES_PER_DAY 1440
#define STEP_SETS 0x04060000u
#define STEP_SET_SPARE 0x0200u
#define STEP_PRICES 0x0100u
#define STEP_COUNT 0x04000207u     /* limits in force */
#define PAYMENT_MODE 0x04800106u   /* our own meters' */
#define STEP_LIMIT 7               /* prices; limits between them are one less */
#define NUMBER_LIMIT 99999999u     /* eight digits */

static enum dlt645_version version_of(const struct device_profile *profile)
{
    return device_codec_of(profile) == &device_codec_dlt645_1997 ? DLT645_1997 : DLT645_2007;
}

static uint32_t bcd_of(uint32_t number)
{
    uint32_t bcd = 0;

    for (unsigned shift = 0; shift < 32; shift += 4, number /= 10)
        bcd |= number % 10 << shift;
    return bcd;
}

static void preamble_write(struct device_encoding *encoding)
{
    for (unsigned i = 0; i < encoding->profile->settings.preamble; i++)
        writer_put_u8(&encoding->out, DLT645_WAKE_UP);
}

static int address_read(struct span digits, struct dlt645_address *out)
{
    return dlt645_address_read(digits, out) == 0 ? 0 : DEVICE_CODEC_ERR_ADDRESS;
}

/* An encoder has written a frame behind the preamble. */
static int frame_close(struct device_encoding *encoding, int codec_error)
{
    return codec_error == 0 ? device_frame_end(encoding, DEVICE_EXPECTS_ANSWER) : device_codec_error_of(codec_error);
}

/* Time and broadcasts are not answered. */
static enum device_expectation expectation_of(const struct device_encoding *encoding,
                                              const struct dlt645_address *address)
{
    bool is_broadcast = memcmp(address, &dlt645_address_broadcast, sizeof *address) == 0;
    return is_broadcast || encoding->request->command == DEVICE_COMMAND_SET_CLOCK ? DEVICE_EXPECTS_NOTHING
                                                                                  : DEVICE_EXPECTS_ANSWER;
}

static int identifier_ask(struct device_encoding *encoding, uint32_t identifier)
{
    struct dlt645_address address;
    int result = address_read(encoding->address, &address);

    if (result != 0)
        return result;
    preamble_write(encoding);
    return frame_close(encoding,
                       dlt645_read_request_encode(version_of(encoding->profile), &address, identifier, &encoding->out));
}

/* The last freeze's identifier leads to the others.
 * returns  false when the meter does not keep so many */
static bool identifier_back(const struct device_encoding *encoding, const struct device_point *point, uint32_t *out)
{
    unsigned back = (encoding->request->given & DEVICE_PARAMETER_BACK) != 0 ? encoding->request->back : 1;
    bool is_1997 = version_of(encoding->profile) == DLT645_1997;
    unsigned limit = is_1997                                         ? 2
                     : point->period == UPLINK_DAILY_FREEZE          ? FREEZE_BACK_LIMIT
                     : point->period == DEVICE_PERIOD_INSTANT_FREEZE ? INSTANT_BACK_LIMIT
                                                                     : SETTLEMENT_BACK_LIMIT;

    *out = point->identifier + (back - 1) * (is_1997 ? MONTH_STEP_1997 : 1);
    return back >= 1 && back <= limit;
}

/* A frozen value is worth nothing without its time, so that is asked for first. */
static int freeze_time_ask(struct device_encoding *encoding, uint32_t identifier)
{
    uint32_t time_identifier = identifier & FREEZE_TIME_MASK;

    if (identifier >> 24 != FREEZE_PAGE || encoding->freeze_asked == time_identifier)
        return 0;
    encoding->freeze_asked = time_identifier;
    return identifier_ask(encoding, time_identifier);
}

/* Portions of a day, each with its own beginning: what was damaged on the line is asked again by itself. Without a count:
 * the newest block. */
static int load_ask(struct device_encoding *encoding, const struct device_point *point)
{
    const struct device_request *request = encoding->request;
    struct dlt645_address address;
    int result = address_read(encoding->address, &address);

    if (result == 0 && (request->command != DEVICE_COMMAND_READ_LOAD_RECORD || request->count == 0)) {
        preamble_write(encoding);
        return frame_close(encoding, dlt645_load_request_encode(&address, (point->identifier & ~0xffu) | LOAD_NEWEST, 1,
                                                                NULL, &encoding->out));
    }
    for (unsigned first = 0; result == 0 && first < request->count; first += LOAD_PORTION) {
        unsigned left = request->count - first;
        struct item_time from = device_local_time(request->time_s + (int64_t)first * request->interval_min * 60,
                                                  request->zone_offset_s);
        preamble_write(encoding);
        result = frame_close(encoding, dlt645_load_request_encode(&address, point->identifier,
                                                                  (uint8_t)(left < LOAD_PORTION ? left : LOAD_PORTION),
                                                                  &from, &encoding->out));
    }
    return result;
}

static int point_ask(struct device_encoding *encoding, const struct device_point *point)
{
    uint32_t identifier = point->identifier;

    if (point->period == DEVICE_PERIOD_LOAD_RECORD)
        return load_ask(encoding, point);
    if (point->period != UPLINK_CURRENT && !identifier_back(encoding, point, &identifier))
        return DEVICE_CODEC_ERR_RANGE;
    int result = freeze_time_ask(encoding, identifier);
    return result == 0 ? identifier_ask(encoding, identifier) : result;
}

static int clock_ask(struct device_encoding *encoding)
{
    int result = identifier_ask(encoding, CLOCK_DATE);
    return result == 0 ? identifier_ask(encoding, CLOCK_TIME) : result;
}

static uint8_t relay_code(const struct device_encoding *encoding)
{
    const struct device_profile_settings *settings = &encoding->profile->settings;

    switch (encoding->request->command) {
    case DEVICE_COMMAND_CLOSE_VALVE:
        return settings->disconnect_code;
    case DEVICE_COMMAND_PERMIT_OPEN:
        return settings->permit_code;
    case DEVICE_COMMAND_KEEP_ON:
        return DLT645_KEEP_POWER_ON;
    case DEVICE_COMMAND_KEEP_ON_CANCEL:
        return DLT645_KEEP_POWER_OFF;
    default:
        return settings->connect_code;
    }
}

static struct dlt645_authority authority_make(const struct device_encoding *encoding)
{
    const struct device_request *request = encoding->request;
    const struct device_profile_settings *settings = &encoding->profile->settings;
    uint32_t operator_code =
        (request->given & DEVICE_PARAMETER_OPERATOR) != 0 ? request->operator_code : settings->operator_code;

    return (struct dlt645_authority){ .password = { settings->password_level, bcd_of(request->password) },
                                      .operator_code = bcd_of(operator_code) };
}

static int relay_encode(struct device_encoding *encoding, const struct dlt645_address *address)
{
    const struct device_request *request = encoding->request;
    bool is_given = (request->given & DEVICE_PARAMETER_VALID_UNTIL) != 0;
    int64_t until_s = is_given ? request->valid_until_s : request->now_s + encoding->profile->settings.relay_valid_s;
    struct item_time until = device_local_time(until_s, request->zone_offset_s);
    struct dlt645_authority authority = authority_make(encoding);

    return dlt645_relay_request_encode(address, &authority, relay_code(encoding), 0, &until, &encoding->out);
}

static int clock_encode(struct device_encoding *encoding, const struct dlt645_address *address)
{
    const struct device_request *request = encoding->request;
    int64_t time_s = (request->given & DEVICE_PARAMETER_TIME) != 0 ? request->time_s : request->now_s;
    struct item_time time = device_local_time(time_s, request->zone_offset_s);

    return dlt645_time_request_encode(address, &time, &encoding->out);
}

static int freeze_encode(struct device_encoding *encoding, const struct dlt645_address *address)
{
    static const struct dlt645_freeze_time now = { 99, 99, 99, 99 };
    return dlt645_freeze_request_encode(address, &now, &encoding->out);
}

static int address_ask_encode(struct device_encoding *encoding, const struct dlt645_address *address)
{
    (void)address;
    return dlt645_read_address_request_encode(&encoding->out);
}

static int address_write_encode(struct device_encoding *encoding, const struct dlt645_address *address)
{
    struct dlt645_address new_address;

    (void)address;
    if (dlt645_address_read(span_of_text(encoding->request->address), &new_address) != 0)
        return DEVICE_CODEC_ERR_RANGE;
    return dlt645_write_address_request_encode(version_of(encoding->profile), &new_address, &encoding->out);
}

/* The first purchase opens the account; its customer is called by the number of the meter, which nobody else has. */
static int recharge_encode(struct device_encoding *encoding, const struct dlt645_address *address)
{
    const struct device_request *request = encoding->request;
    struct dlt645_recharge recharge = { .identifier = request->serial == 1 ? DLT645_OPEN_ACCOUNT : DLT645_RECHARGE,
                                        .purchase_count = request->serial };
    uint8_t values[DLT645_RECHARGE_SIZE];
    int error = device_purchase_amount(encoding, &recharge.amount);

    if (error != 0)
        return error;
    if (request->cipher == NULL || request->key == NULL)
        return DEVICE_CODEC_ERR_KEY;
    if (request->command == DEVICE_COMMAND_CLEAR_BALANCE) {
        recharge.identifier = DLT645_TAKE_BACK;
        recharge.amount = DLT645_TAKE_BACK_ALL;
    }
    memcpy(recharge.customer, address->bytes, sizeof recharge.customer);
    if (dlt645_recharge_encode(request->cipher, request->key, address, &recharge, values) != 0)
        return DEVICE_CODEC_ERR_KEY;
    return dlt645_security_request_encode(address, recharge.identifier, authority_make(encoding).operator_code,
                                          span_of_bytes(values, sizeof values), &encoding->out);
}

/* Commands of one frame; those that are not here read points, or write tables. */
static int (*const encoders[DEVICE_COMMAND_COUNT])(struct device_encoding *, const struct dlt645_address *) = {
    [DEVICE_COMMAND_READ_ADDRESS] = address_ask_encode,
    [DEVICE_COMMAND_OPEN_VALVE] = relay_encode,
    [DEVICE_COMMAND_CLOSE_VALVE] = relay_encode,
    [DEVICE_COMMAND_PERMIT_OPEN] = relay_encode,
    [DEVICE_COMMAND_KEEP_ON] = relay_encode,
    [DEVICE_COMMAND_KEEP_ON_CANCEL] = relay_encode,
    [DEVICE_COMMAND_RECHARGE] = recharge_encode,
    [DEVICE_COMMAND_CLEAR_BALANCE] = recharge_encode,
    [DEVICE_COMMAND_SET_CLOCK] = clock_encode,
    [DEVICE_COMMAND_FREEZE_NOW] = freeze_encode,
    [DEVICE_COMMAND_WRITE_ADDRESS] = address_write_encode,
};

static int parameter_write(struct device_encoding *encoding, const struct dlt645_address *address, uint32_t identifier,
                           struct span values)
{
    struct dlt645_authority authority = authority_make(encoding);

    preamble_write(encoding);
    return frame_close(encoding, dlt645_write_request_encode(DLT645_2007, address, identifier, &authority, values,
                                                             &encoding->out));
}

/* 0401000n: changes of the day, tariff, minute, hour each; meters want all of them, so the last one stands in the rest. */
static int day_table_write(struct device_encoding *encoding, const struct dlt645_address *address)
{
    const struct downlink_table *table = &encoding->request->table;
    uint8_t values[DOWNLINK_TABLE_LIMIT * 3];

    if (table->count == 0 || table->count > DOWNLINK_TABLE_LIMIT || table->number == 0 || table->number > DAY_TABLE_LIMIT)
        return DEVICE_CODEC_ERR_RANGE;
    for (unsigned i = 0; i < DOWNLINK_TABLE_LIMIT; i++) {
        unsigned row = i < table->count ? i : table->count - 1u;
        if (table->from[row] >= MINUTES_PER_DAY || table->value[row] > 63)
            return DEVICE_CODEC_ERR_RANGE;
        values[3 * i] = (uint8_t)bcd_of(table->value[row]);
        values[3 * i + 1] = (uint8_t)bcd_of(table->from[row] % 60);
        values[3 * i + 2] = (uint8_t)bcd_of(table->from[row] / 60);
    }
    return parameter_write(encoding, address, DAY_TABLE + table->number - 1u, span_of_bytes(values, sizeof values));
}

static int number_write(struct device_encoding *encoding, const struct dlt645_address *address, uint32_t identifier,
                        uint32_t number)
{
    uint32_t bcd = bcd_of(number);
    uint8_t values[4] = { (uint8_t)bcd, (uint8_t)(bcd >> 8), (uint8_t)(bcd >> 16), (uint8_t)(bcd >> 24) };

    return number > NUMBER_LIMIT ? DEVICE_CODEC_ERR_RANGE
                                 : parameter_write(encoding, address, identifier, span_of_bytes(values, sizeof values));
}

static int step_count_write(struct device_encoding *encoding, const struct dlt645_address *address, uint8_t limits)
{
    return parameter_write(encoding, address, STEP_COUNT, span_of_bytes(&limits, sizeof limits));
}

/* 040600nn limits and 040601nn prices of the steps in force, 040602nn and 040603nn of the spare set; no more of them than
 * the table has, for meters have room for different numbers. How many count is written behind them, and not with the
 * spare set: that would change the one in force. */
static int steps_write(struct device_encoding *encoding, const struct dlt645_address *address)
{
    const struct downlink_table *table = &encoding->request->table;
    uint32_t set = STEP_SETS + (table->number == 2 ? STEP_SET_SPARE : 0);
    int result = 0;

    if (table->count == 0 || table->count > STEP_LIMIT || table->number == 0 || table->number > 2)
        return DEVICE_CODEC_ERR_RANGE;
    for (unsigned i = 1; i < table->count && result == 0; i++)
        result = number_write(encoding, address, set + i, table->from[i]);
    for (unsigned i = 0; i < table->count && result == 0; i++)
        result = number_write(encoding, address, set + STEP_PRICES + 1u + i, table->value[i]);
    return result != 0 || table->number == 2 ? result : step_count_write(encoding, address, (uint8_t)(table->count - 1));
}

/* An identifier of our own meters: 0 post-paid, 1 prepaid, 2 public (S1-024). */
static int mode_write(struct device_encoding *encoding, const struct dlt645_address *address)
{
    uint8_t mode = encoding->request->mode;

    if (mode < SUPPLY_POSTPAID || mode >= SUPPLY_MODE_COUNT)
        return DEVICE_CODEC_ERR_RANGE;
    mode -= SUPPLY_POSTPAID;
    return parameter_write(encoding, address, PAYMENT_MODE, span_of_bytes(&mode, sizeof mode));
}

static int request_encode(struct device_encoding *encoding)
{
    struct dlt645_address address;
    int result = address_read(encoding->address, &address);

    if (result != 0)
        return result;
    if (encoding->request->command == DEVICE_COMMAND_WRITE_DAY_TABLE)
        return day_table_write(encoding, &address);
    if (encoding->request->command == DEVICE_COMMAND_WRITE_STEPS)
        return steps_write(encoding, &address);
    if (encoding->request->command == DEVICE_COMMAND_SET_MODE)
        return mode_write(encoding, &address);
    if (encoding->request->command == DEVICE_COMMAND_READ_CLOCK)
        return clock_ask(encoding);
    if (encoders[encoding->request->command] == NULL)
        return device_points_ask(encoding, point_ask);
    preamble_write(encoding);
    result = encoders[encoding->request->command](encoding, &address);
    if (result == DEVICE_CODEC_ERR_KEY)
        return result;
    return result == 0 ? device_frame_end(encoding, expectation_of(encoding, &address)) : device_codec_error_of(result);
}

static int more_encode(struct device_encoding *encoding, const struct device_memory *memory)
{
    struct dlt645_address address;
    int result = address_read(encoding->address, &address);

    if (result != 0)
        return result;
    if (memory->values_identifier == 0 || memory->sequence == UINT8_MAX)
        return DEVICE_CODEC_ERR_RANGE;
    preamble_write(encoding);
    return frame_close(encoding, dlt645_read_more_request_encode(version_of(encoding->profile), &address,
                                                                 memory->values_identifier,
                                                                 (uint8_t)(memory->sequence + 1), &encoding->out));
}

static int read_back_ask(struct device_encoding *encoding, struct span written)
{
    struct dlt645_frame frame;
    struct dlt645_message message;

    if (dlt645_frame_decode(written, &frame, NULL) != 0 || (frame.control & DLT645_CONTROL_FUNCTION) != DLT645_WRITE)
        return DEVICE_CODEC_ERR_COMMAND;
    dlt645_message_decode(&frame, &message);
    return identifier_ask(encoding, message.identifier);
}

/* A meter with room for fewer changes of the day tells so many; the rest of what was written only repeats the last. */
static bool rest_repeats(struct span written, size_t held_size)
{
    for (size_t i = held_size; i < written.size; i++)
        if (held_size < DAY_TABLE_ROW_SIZE || written.bytes[i] != written.bytes[i - DAY_TABLE_ROW_SIZE])
            return false;
    return true;
}

static bool values_agree(uint32_t identifier, struct span written, struct span held)
{
    bool is_day_table = identifier >= DAY_TABLE && identifier < DAY_TABLE + DAY_TABLE_LIMIT;

    if (held.size > written.size || (held.size < written.size && !(is_day_table && rest_repeats(written, held.size))))
        return false;
    return memcmp(written.bytes, held.bytes, held.size) == 0;
}

static int holds(struct span written, struct span answer, uint32_t *identifier)
{
    struct dlt645_frame question, frame;
    struct dlt645_message wrote, told;

    if (dlt645_frame_decode(written, &question, NULL) != 0 || dlt645_frame_decode(answer, &frame, NULL) != 0)
        return DEVICE_CODEC_ERR_FRAME;
    dlt645_message_decode(&question, &wrote);
    dlt645_message_decode(&frame, &told);
    if (told.direction == DLT645_REQUEST || (frame.control & DLT645_CONTROL_FUNCTION) != DLT645_READ ||
        (told.direction == DLT645_ANSWER && told.identifier != wrote.identifier))
        return DEVICE_CODEC_ERR_FRAME;
    *identifier = wrote.identifier;
    return told.direction == DLT645_ANSWER && values_agree(wrote.identifier, wrote.values, told.values);
}

static uint16_t error_word(const struct dlt645_message *message)
{
    static const uint8_t kinds[] = { DLT645_PART_ERROR, DLT645_PART_SECURITY_ERROR, DLT645_PART_SHORT_ERROR };

    for (size_t i = 0; i < sizeof kinds; i++) {
        const struct dlt645_part *part = dlt645_message_part(message, (enum dlt645_part_kind)kinds[i]);
        if (part != NULL && part->bytes.size > 0)
            return (uint16_t)(part->bytes.bytes[0] | (part->bytes.size > 1 ? part->bytes.bytes[1] << 8 : 0));
    }
    return 0;
}

/* The time of a freeze is kept for the values that are asked for after it. */
static void freeze_time_keep(struct device_decoding *decoding, const struct dlt645_message *message)
{
    struct item_time time;
    struct span values = message->values;

    if ((message->identifier & ~FREEZE_TIME_MASK) != 0 || values.size < MINUTE_TIME_SIZE ||
        dlt645_time_read(span_of_bytes(values.bytes, MINUTE_TIME_SIZE), &time) != 0 ||
        item_uplink_time(&time, decoding->context->zone_offset_s, &decoding->memory->freeze_time_s) != 0)
        return;
    decoding->memory->freeze_identifier = message->identifier;
}

/* The date is asked for first. A midnight between the two answers would make the clock a day slow. */
static void clock_tell(struct device_decoding *decoding, struct span values)
{
    const struct device_receive_context *context = decoding->context;
    struct uplink_item reading = { .quantity = QUANTITY_DEVICE_TIME, .time_s = context->received_s };
    uint8_t bytes[CLOCK_TIME_SIZE + sizeof decoding->memory->clock_date];
    struct item_time time;

    memcpy(bytes, values.bytes, CLOCK_TIME_SIZE);
    memcpy(bytes + CLOCK_TIME_SIZE, decoding->memory->clock_date, sizeof decoding->memory->clock_date);
    if (dlt645_time_read(span_of_bytes(bytes, sizeof bytes), &time) != 0 ||
        item_uplink_time(&time, context->zone_offset_s, &reading.value) != 0)
        return;
    if (time.hour == 0 && time.minute < CLOCK_TURN_MIN && context->received_s - reading.value > CALENDAR_DAY_S / 2)
        reading.value += CALENDAR_DAY_S;
    (void)device_reading_put(decoding, &reading);
}

static void clock_take(struct device_decoding *decoding, const struct dlt645_message *message)
{
    struct device_memory *memory = decoding->memory;

    if (message->identifier == CLOCK_DATE && message->values.size >= CLOCK_DATE_SIZE)
        memcpy(memory->clock_date, message->values.bytes + 1, sizeof memory->clock_date);
    if (message->identifier == CLOCK_TIME && message->values.size >= CLOCK_TIME_SIZE)
        clock_tell(decoding, message->values);
}

/* A part of the values; the rest comes with the follow-up frames. */
static int values_gather(struct device_decoding *decoding, const struct dlt645_message *message, bool is_first)
{
    struct device_memory *memory = decoding->memory;

    if (is_first) {
        memory->values_size = 0;
        memory->sequence = 0;
        memory->values_identifier = message->identifier;
    } else {
        const struct dlt645_part *sequence = dlt645_message_part(message, DLT645_PART_SEQUENCE);
        memory->sequence++;
        if (sequence != NULL && sequence->bytes.bytes[0] != memory->sequence)
            return DEVICE_CODEC_ERR_FRAME;
    }
    if (memory->values_identifier != message->identifier ||
        message->values.size > DEVICE_VALUES_LIMIT - (size_t)memory->values_size)
        return DEVICE_CODEC_ERR_FRAME;
    memcpy(memory->values + memory->values_size, message->values.bytes, message->values.size);
    memory->values_size = (uint16_t)(memory->values_size + message->values.size);
    return 0;
}

static int read_decode(struct device_decoding *decoding, const struct dlt645_frame *frame,
                       const struct dlt645_message *message, bool is_first)
{
    struct device_memory *memory = decoding->memory;

    if (message->has_more || !is_first) {
        int result = values_gather(decoding, message, is_first);
        if (result != 0)
            return result;
    }
    decoding->identifier = message->identifier;
    if (message->has_more) {
        decoding->report->outcome = DEVICE_OUTCOME_MORE;
        return 0;
    }
    if (is_first)
        (void)dlt645_items_decode(frame, &decoding->items);
    else
        (void)dlt645_values_decode((enum dlt645_version)frame->version, message->identifier, true,
                                   span_of_bytes(memory->values, memory->values_size), &decoding->items);
    if (message->identifier >> 24 == FREEZE_PAGE && frame->version == DLT645_2007) {
        freeze_time_keep(decoding, message);
        if (memory->freeze_identifier == (message->identifier & FREEZE_TIME_MASK))
            decoding->latched_s = memory->freeze_time_s;
    }
    if (frame->version == DLT645_2007)
        clock_take(decoding, message);
    device_points_take(decoding);
    /* All portions of a load record have one identifier: it does not tell an answer from the one before. */
    if (message->identifier >> 24 == LOAD_PAGE && frame->version == DLT645_2007)
        decoding->identifier = 0;
    return 0;
}

static int answer_decode(struct device_decoding *decoding, const struct dlt645_frame *frame,
                         const struct dlt645_message *message)
{
    unsigned function = frame->control & DLT645_CONTROL_FUNCTION;
    bool is_1997 = frame->version == DLT645_1997;

    if (function == (is_1997 ? (unsigned)DLT645_1997_READ : (unsigned)DLT645_READ))
        return read_decode(decoding, frame, message, true);
    if (function == (is_1997 ? (unsigned)DLT645_1997_READ_MORE : (unsigned)DLT645_READ_MORE))
        return read_decode(decoding, frame, message, false);
    if (!is_1997 && function == DLT645_READ_ADDRESS)
        decoding->report->outcome = DEVICE_OUTCOME_ADDRESS;
    else
        device_answer_put(decoding,
                          !is_1997 && function == DLT645_RELAY ? DEVICE_OUTCOME_ACCEPTED : DEVICE_OUTCOME_DONE, 0);
    return 0;
}

/* The device that was asked must be the one that answers. */
static bool address_is_right(struct device_decoding *decoding, const struct dlt645_frame *frame)
{
    struct dlt645_address asked;

    dlt645_address_write(&frame->address, decoding->report->address);
    if (decoding->context->address.size == 0)
        return true;
    return dlt645_address_read(decoding->context->address, &asked) == 0 &&
           dlt645_address_matches(&asked, &frame->address);
}

static int frame_decode(struct device_decoding *decoding, struct span bytes)
{
    struct dlt645_frame frame;
    struct dlt645_message message;

    if (dlt645_frame_decode(bytes, &frame, NULL) != 0 || frame.version != version_of(decoding->profile))
        return DEVICE_CODEC_ERR_FRAME;
    dlt645_message_decode(&frame, &message);
    if (message.direction == DLT645_REQUEST)
        return DEVICE_CODEC_ERR_DIRECTION;
    if (!address_is_right(decoding, &frame))
        return DEVICE_CODEC_ERR_DEVICE;
    if (message.direction == DLT645_ABNORMAL) {
        device_answer_put(decoding, DEVICE_OUTCOME_REFUSED, error_word(&message));
        return 0;
    }
    return answer_decode(decoding, &frame, &message);
}

static unsigned back_of_2007(uint32_t first, uint32_t identifier)
{
    uint32_t back = identifier - first + 1;
    return (identifier ^ first) >> 8 == 0 && back >= 1 && back <= FREEZE_BACK_LIMIT ? (unsigned)back : 0;
}

static unsigned back_of_1997(uint32_t first, uint32_t identifier)
{
    return identifier == first ? 1 : identifier == first + MONTH_STEP_1997 ? 2 : 0;
}

const struct device_codec device_codec_dlt645_2007 = {
    .info = { .name = "dlt645-2007",
              .english = "DL/T 645-2007",
              .chinese = "DL/T 645-2007",
              .settings = DEVICE_SETTING_PREAMBLE | DEVICE_SETTING_PASSWORD_LEVEL | DEVICE_SETTING_RELAY_CODES |
                          DEVICE_SETTING_OPERATOR,
              .commands = READS | COMMAND(READ_DAILY_FREEZE) | COMMAND(OPEN_VALVE) | COMMAND(CLOSE_VALVE) |
                          COMMAND(PERMIT_OPEN) | COMMAND(SET_CLOCK) | COMMAND(FREEZE_NOW) | COMMAND(READ_ADDRESS) |
                          COMMAND(WRITE_ADDRESS) | COMMAND(KEEP_ON) | COMMAND(KEEP_ON_CANCEL) | COMMAND(RECHARGE) |
                          COMMAND(CLEAR_BALANCE) | COMMAND(WRITE_STEPS) | COMMAND(WRITE_DAY_TABLE) |
                          COMMAND(READ_INSTANT_FREEZE) | COMMAND(READ_CLOCK) | COMMAND(SET_MODE) |
                          COMMAND(READ_LOAD_RECORD),
              .identifier_digits = 8,
              .has_line = 1,
              .default_settings = { .preamble = 4,
                                    .password_level = 2,
                                    .connect_code = DLT645_RELAY_CLOSE,
                                    .permit_code = DLT645_RELAY_PERMIT_CLOSING,
                                    .disconnect_code = DLT645_RELAY_TRIP,
                                    .relay_valid_s = 300 },
              .default_line = { 2400, 'E', 1, 2, 0, 1500, 500 } },
    .encode = request_encode,
    .decode = frame_decode,
    .more = more_encode,
    .find = dlt645_frame_find,
    .read_back = read_back_ask,
    .holds = holds,
    .back_of = back_of_2007,
};

const struct device_codec device_codec_dlt645_1997 = {
    .info = { .name = "dlt645-1997",
              .english = "DL/T 645-1997",
              .chinese = "DL/T 645-1997",
              .settings = DEVICE_SETTING_PREAMBLE | DEVICE_SETTING_PASSWORD_LEVEL,
              .commands = READS | COMMAND(SET_CLOCK),
              .identifier_digits = 4,
              .has_line = 1,
              .default_settings = { .preamble = 4 },
              .default_line = { 1200, 'E', 1, 2, 0, 1500, 500 } },
    .encode = request_encode,
    .decode = frame_decode,
    .more = more_encode,
    .find = dlt645_frame_find,
    .back_of = back_of_1997,
};
