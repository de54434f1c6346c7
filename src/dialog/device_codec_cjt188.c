/* CJ/T 188: one answer to 901F holds the whole meter; writes carry items. */
#include <string.h>

#include "codec/bcd/bcd.h"
#include "codec/cjt188/cjt188_message.h"
#include "dialog/device_codec_internal.h"

#define COMMAND(name) (UINT32_C(1) << DEVICE_COMMAND_##name)
#define ADDRESS_DIGITS (2 * CJT188_ADDRESS_SIZE)
#define HISTORY_LIMIT 12

/* The model's habits as the codec wants them. */
static struct cjt188_variant variant_make(const struct device_profile *profile)
{
    const struct device_profile_settings *settings = &profile->settings;
    bool is_heat = settings->status_map >= DEVICE_STATUS_HEAT;
    struct cjt188_variant variant = *cjt188_variant_standard();

    variant.name = profile->name;
    variant.options = settings->layout;
    variant.is_low_first = settings->identifier_order == DEVICE_IDENTIFIER_LOW_FIRST;
    variant.litre_exponent = (int8_t)-settings->litre_decimals;
    variant.address_function = settings->address_function;
    if (settings->status_map != DEVICE_STATUS_STANDARD)
        variant.heat_status_map = settings->status_map;
    if (!is_heat)
        variant.status_map = settings->status_map;
    return variant;
}

/* Digits as printed, A6 first; an A leaves its place open. Fewer digits are padded with 0 on the left. */
static int address_read(struct span digits, uint8_t address[CJT188_ADDRESS_SIZE])
{
    if (digits.size == 0 || bcd_text_read(digits, address, CJT188_ADDRESS_SIZE) != 0)
        return DEVICE_CODEC_ERR_ADDRESS;
    return 0;
}

static int link_make(const struct device_encoding *encoding, const struct cjt188_variant *variant,
                     struct cjt188_link *link)
{
    const struct device_profile_settings *settings = &encoding->profile->settings;

    *link = (struct cjt188_link){ .meter_type = settings->meter_type,
                                  .serial = encoding->request->sequence,
                                  .preamble_size = settings->preamble,
                                  .variant = variant };
    return address_read(encoding->address, link->address);
}

static int frame_close(struct device_encoding *encoding, int codec_error)
{
    return codec_error == 0 ? device_frame_end(encoding, DEVICE_EXPECTS_ANSWER) : device_codec_error_of(codec_error);
}

static int point_ask(struct device_encoding *encoding, const struct device_point *point)
{
    struct cjt188_variant variant = variant_make(encoding->profile);
    unsigned back = (encoding->request->given & DEVICE_PARAMETER_BACK) != 0 ? encoding->request->back : 1;
    unsigned identifier = point->identifier + (point->period == UPLINK_MONTHLY_FREEZE ? back - 1 : 0);
    struct cjt188_link link;
    int result = link_make(encoding, &variant, &link);

    if (result != 0)
        return result;
    if (back < 1 || back > HISTORY_LIMIT || identifier > UINT16_MAX)
        return DEVICE_CODEC_ERR_RANGE;
    link.serial = (uint8_t)(link.serial + encoding->frames->count);
    return frame_close(encoding, cjt188_request_encode(&link, (uint16_t)identifier, NULL, 0, &encoding->out));
}

static int valve_encode(struct device_encoding *encoding, const struct cjt188_link *link)
{
    bool is_open = encoding->request->command == DEVICE_COMMAND_OPEN_VALVE;
    return cjt188_valve_request_encode(link, is_open ? CJT188_VALVE_OPEN : CJT188_VALVE_CLOSE, &encoding->out);
}

static int clock_encode(struct device_encoding *encoding, const struct cjt188_link *link)
{
    const struct device_request *request = encoding->request;
    int64_t time_s = (request->given & DEVICE_PARAMETER_TIME) != 0 ? request->time_s : request->now_s;
    struct item_time time = device_local_time(time_s, request->zone_offset_s);

    return cjt188_time_request_encode(link, &time, &encoding->out);
}

/* The number is one byte: behind 255 it begins again at 0. */
static int purchase_encode(struct device_encoding *encoding, const struct cjt188_link *link)
{
    uint32_t amount;
    int error = device_purchase_amount(encoding, &amount);

    return error != 0 ? error
                      : cjt188_purchase_request_encode(link, (uint8_t)encoding->request->serial, amount, &encoding->out);
}

static int address_ask_encode(struct device_encoding *encoding, const struct cjt188_link *link)
{
    return cjt188_request_encode(link, CJT188_ADDRESS, NULL, 0, &encoding->out);
}

static int address_write_encode(struct device_encoding *encoding, const struct cjt188_link *link)
{
    int64_t address = 0;

    for (const char *digit = encoding->request->address; *digit != '\0'; digit++) {
        if (*digit < '0' || *digit > '9' || digit - encoding->request->address >= ADDRESS_DIGITS)
            return DEVICE_CODEC_ERR_RANGE;
        address = address * 10 + (*digit - '0');
    }
    return cjt188_address_request_encode(link, address, &encoding->out);
}

/* Commands of one frame; those that are not here read points. */
static int (*const encoders[DEVICE_COMMAND_COUNT])(struct device_encoding *, const struct cjt188_link *) = {
    [DEVICE_COMMAND_READ_ADDRESS] = address_ask_encode, [DEVICE_COMMAND_OPEN_VALVE] = valve_encode,
    [DEVICE_COMMAND_CLOSE_VALVE] = valve_encode,        [DEVICE_COMMAND_SET_CLOCK] = clock_encode,
    [DEVICE_COMMAND_RECHARGE] = purchase_encode,        [DEVICE_COMMAND_WRITE_ADDRESS] = address_write_encode,
};

static int request_encode(struct device_encoding *encoding)
{
    struct cjt188_variant variant = variant_make(encoding->profile);
    struct cjt188_link link;
    int result = link_make(encoding, &variant, &link);

    if (result != 0)
        return result;
    if (encoders[encoding->request->command] == NULL)
        return device_points_ask(encoding, point_ask);
    return frame_close(encoding, encoders[encoding->request->command](encoding, &link));
}

/* Of what can be written, a purchase can be read back. */
static int read_back_ask(struct device_encoding *encoding, struct span written)
{
    struct cjt188_variant variant = variant_make(encoding->profile);
    struct cjt188_frame frame;
    struct cjt188_link link;
    int result = link_make(encoding, &variant, &link);

    if (result != 0)
        return result;
    if (cjt188_frame_decode(written, &frame, NULL) != 0 || frame.identifier != CJT188_PURCHASE_WRITE)
        return DEVICE_CODEC_ERR_COMMAND;
    return frame_close(encoding, cjt188_request_encode(&link, CJT188_PURCHASE, NULL, 0, &encoding->out));
}

/* Number and amount of the last purchase stand first in A013 and in 8105. */
static int holds(struct span written, struct span answer, uint32_t *identifier)
{
    struct cjt188_frame wrote, told;

    if (cjt188_frame_decode(written, &wrote, NULL) != 0 || wrote.identifier != CJT188_PURCHASE_WRITE ||
        cjt188_frame_decode(answer, &told, NULL) != 0 || (told.control & CJT188_FROM_METER) == 0 ||
        (told.control & CJT188_FUNCTION_MASK) != CJT188_READ_DATA)
        return DEVICE_CODEC_ERR_FRAME;
    bool is_refused = (told.control & CJT188_ABNORMAL) != 0;
    if (!is_refused && told.identifier != CJT188_PURCHASE)
        return DEVICE_CODEC_ERR_FRAME;
    *identifier = CJT188_PURCHASE;
    return !is_refused && told.payload.size >= wrote.payload.size &&
           memcmp(told.payload.bytes, wrote.payload.bytes, wrote.payload.size) == 0;
}

/* A digit of the asked address that is A leaves its place open. */
static bool address_is_right(struct device_decoding *decoding, const struct cjt188_frame *frame)
{
    uint8_t asked[CJT188_ADDRESS_SIZE];
    char *text = decoding->report->address;

    bcd_text(span_of_bytes(frame->address, CJT188_ADDRESS_SIZE), text);
    if (decoding->context->address.size == 0)
        return true;
    if (address_read(decoding->context->address, asked) != 0)
        return false;
    for (size_t i = 0; i < 2 * CJT188_ADDRESS_SIZE; i++) {
        unsigned wanted = (unsigned)asked[i / 2] >> (i % 2 * 4) & 0xF;
        if (wanted != 0xA && wanted != ((unsigned)frame->address[i / 2] >> (i % 2 * 4) & 0xF))
            return false;
    }
    return true;
}

/* The status word's valve numbers in the program's own. */
static void valve_translate(struct item_list *items)
{
    static const uint8_t states[] = { [CJT188_VALVE_IS_OPEN] = VALVE_OPEN,
                                      [CJT188_VALVE_IS_CLOSED] = VALVE_CLOSED,
                                      [CJT188_VALVE_IS_RESERVED] = VALVE_FAULT,
                                      [CJT188_VALVE_IS_ABNORMAL] = VALVE_FAULT };

    for (size_t i = 0; i < items->count; i++)
        if (items->items[i].quantity == ITEM_VALVE && items->items[i].value >= 0 && items->items[i].value < 4)
            items->items[i].value = states[items->items[i].value];
}

static uint16_t error_word(const struct cjt188_frame *frame)
{
    if (frame->payload.size == 0)
        return 0;
    return frame->payload.size == 1 ? frame->payload.bytes[0]
                                    : (uint16_t)(frame->payload.bytes[0] << 8 | frame->payload.bytes[1]);
}

static void answer_take(struct device_decoding *decoding, const struct cjt188_frame *frame)
{
    struct cjt188_variant variant = variant_make(decoding->profile);

    (void)cjt188_items_decode(frame, &variant, &decoding->items);
    valve_translate(&decoding->items);
    device_points_take(decoding);
}

static int frame_decode(struct device_decoding *decoding, struct span bytes)
{
    struct cjt188_frame frame;

    if (cjt188_frame_decode(bytes, &frame, NULL) != 0)
        return DEVICE_CODEC_ERR_FRAME;
    if ((frame.control & CJT188_FROM_METER) == 0)
        return DEVICE_CODEC_ERR_DIRECTION;
    if (!address_is_right(decoding, &frame))
        return DEVICE_CODEC_ERR_DEVICE;
    decoding->identifier = frame.identifier;
    decoding->report->sequence = frame.serial;
    if ((frame.control & CJT188_ABNORMAL) != 0) {
        device_answer_put(decoding, DEVICE_OUTCOME_REFUSED, error_word(&frame));
        return 0;
    }
    unsigned function = frame.control & CJT188_FUNCTION_MASK;
    if (function == CJT188_READ_ADDRESS)
        decoding->report->outcome = DEVICE_OUTCOME_ADDRESS;
    else if (function != CJT188_READ_DATA && function != CJT188_VENDOR_UPLOAD)
        device_answer_put(decoding, frame.identifier == CJT188_VALVE ? DEVICE_OUTCOME_ACCEPTED : DEVICE_OUTCOME_DONE,
                          0);
    else
        answer_take(decoding, &frame);
    return 0;
}

static unsigned back_of(uint32_t first, uint32_t identifier)
{
    uint32_t back = identifier - first + 1;
    return back >= 1 && back <= HISTORY_LIMIT ? (unsigned)back : 0;
}

const struct device_codec device_codec_cjt188 = {
    .info = { .name = "cjt188",
              .english = "CJ/T 188",
              .chinese = "CJ/T 188",
              .settings = DEVICE_SETTING_PREAMBLE | DEVICE_SETTING_METER_TYPE | DEVICE_SETTING_IDENTIFIER_ORDER |
                          DEVICE_SETTING_LAYOUT,
              .commands = COMMAND(READ) | COMMAND(READ_NOW) | COMMAND(READ_MONTHLY_FREEZE) | COMMAND(READ_ADDRESS) |
                          COMMAND(OPEN_VALVE) | COMMAND(CLOSE_VALVE) | COMMAND(SET_CLOCK) | COMMAND(RECHARGE) |
                          COMMAND(WRITE_ADDRESS),
              .identifier_digits = 4,
              .has_line = 1,
              .default_settings = { .preamble = 2,
                                    .meter_type = 0x10,
                                    .litre_decimals = 2,
                                    .address_function = CJT188_WRITE_ADDRESS },
              .default_line = { 2400, 'E', 1, 2, 0, 3000, 500 } },
    .encode = request_encode,
    .decode = frame_decode,
    .find = cjt188_frame_find,
    .read_back = read_back_ask,
    .holds = holds,
    .back_of = back_of,
};
