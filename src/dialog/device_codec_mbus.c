/* Wired M-Bus: one answer holds the whole meter, so there is nothing to ask for but the answer. */
#include <string.h>

#include "base/decimal.h"
#include "base/hex.h"
#include "codec/codec_error.h"
#include "codec/mbus/mbus_command.h"
#include "dialog/device_codec_internal.h"

#define COMMAND(name) (UINT32_C(1) << DEVICE_COMMAND_##name)
#define PRIMARY_DIGITS 3 /* more are a meter's number */
#define WHOLE_ADDRESS_DIGITS (2 * WMBUS_ADDRESS_SIZE)
#define NUMBER_SIZE 4
#define ANY 0xFF

/* Whom the frames go to. */
struct target {
    uint8_t address; /* primary, or MBUS_ADDRESS_SECONDARY */
    bool is_secondary;
    struct mbus_secondary whom;
};

/* The whole secondary address in hexadecimal, as masters print it: number, manufacturer in the order of the wire,
 * version, medium. */
static int whole_address_read(struct span digits, struct mbus_secondary *whom)
{
    uint8_t printed[WMBUS_ADDRESS_SIZE];
    uint8_t header[WMBUS_ADDRESS_SIZE];

    if (hex_decode(digits, printed, sizeof printed) != WMBUS_ADDRESS_SIZE)
        return DEVICE_CODEC_ERR_ADDRESS;
    for (size_t i = 0; i < sizeof header; i++)
        header[i] = i < NUMBER_SIZE ? printed[NUMBER_SIZE - 1 - i] : printed[i];
    struct wmbus_address address = wmbus_address_of_header(header);
    wmbus_address_number_text(&address, whom->number);
    if (!wmbus_address_manufacturer_check(&address))
        return DEVICE_CODEC_ERR_ADDRESS;
    wmbus_address_manufacturer_text(&address, whom->manufacturer);
    whom->version = wmbus_address_version(&address);
    whom->medium = wmbus_address_type(&address);
    return 0;
}

/* "5" is a primary address; "12345678" is selected by its number, F standing for any digit; 16 digits by everything. */
static int target_read(struct span address, struct target *out)
{
    struct target target = { .address = MBUS_ADDRESS_SECONDARY,
                             .is_secondary = address.size > PRIMARY_DIGITS,
                             .whom = { .version = ANY, .medium = ANY } };
    int64_t number;

    if (address.size == 0 || (address.size > MBUS_SECONDARY_NUMBER_DIGITS && address.size != WHOLE_ADDRESS_DIGITS))
        return DEVICE_CODEC_ERR_ADDRESS;
    if (address.size == WHOLE_ADDRESS_DIGITS) {
        int result = whole_address_read(address, &target.whom);
        if (result != 0)
            return result;
    } else if (target.is_secondary) {
        size_t padding = MBUS_SECONDARY_NUMBER_DIGITS - address.size;
        memset(target.whom.number, '0', padding);
        memcpy(target.whom.number + padding, address.bytes, address.size);
    } else {
        if (decimal_parse(address, 0, &number) < 0 || number < 0 || number > MBUS_ADDRESS_LAST)
            return DEVICE_CODEC_ERR_ADDRESS;
        target.address = (uint8_t)number;
    }
    *out = target;
    return 0;
}

/* FCB begins with 1 after the reset and toggles with every new message; selecting is one. */
static int address_open(struct device_encoding *encoding, const struct target *target, bool *fcb)
{
    *fcb = true;
    mbus_link_reset_encode(target->address, &encoding->out);
    int result = device_frame_end(encoding, DEVICE_MAY_ANSWER);
    if (result != 0 || !target->is_secondary)
        return result;
    if (mbus_select_encode(&target->whom, *fcb, &encoding->out) != 0)
        return DEVICE_CODEC_ERR_ADDRESS;
    *fcb = false;
    return device_frame_end(encoding, DEVICE_EXPECTS_ANSWER);
}

static int clock_encode(struct device_encoding *encoding, const struct target *target, bool fcb)
{
    const struct device_request *request = encoding->request;
    int64_t time_s = (request->given & DEVICE_PARAMETER_TIME) != 0 ? request->time_s : request->now_s;
    struct item_time time = device_local_time(time_s, request->zone_offset_s);

    time.second = 0;
    time.parts = ITEM_TIME_MINUTE;
    return device_codec_error_of(mbus_clock_set_encode(target->address, fcb, &time, &encoding->out));
}

static int request_encode(struct device_encoding *encoding)
{
    struct target target;
    bool fcb;
    int result = target_read(encoding->address, &target);

    if (result == 0)
        result = address_open(encoding, &target, &fcb);
    if (result != 0)
        return result;
    if (encoding->request->command == DEVICE_COMMAND_SET_CLOCK)
        result = clock_encode(encoding, &target, fcb);
    else
        mbus_data_request_encode(target.address, fcb, &encoding->out);
    return result == 0 ? device_frame_end(encoding, DEVICE_EXPECTS_ANSWER) : result;
}

/* The next telegram of the same meter: REQ_UD2 with the other FCB. */
static int more_encode(struct device_encoding *encoding, const struct device_memory *memory)
{
    struct target target;
    int result = target_read(encoding->address, &target);

    if (result != 0)
        return result;
    bool first = !target.is_secondary;
    mbus_data_request_encode(target.address, first != (memory->sequence % 2 != 0), &encoding->out);
    return device_frame_end(encoding, DEVICE_EXPECTS_ANSWER);
}

/* Of a meter that was asked by its whole address. */
static bool identity_is_right(const struct mbus_secondary *asked, const struct wmbus_address *meter)
{
    char manufacturer[WMBUS_MANUFACTURER_TEXT_SIZE];

    wmbus_address_manufacturer_text(meter, manufacturer);
    return strcmp(manufacturer, asked->manufacturer) == 0 && wmbus_address_version(meter) == asked->version &&
           wmbus_address_type(meter) == asked->medium;
}

/* A primary address is whoever's it was set to: the number in the answer tells whose. */
static bool number_is_right(const struct device_decoding *decoding, const struct mbus_message *message)
{
    struct span number = decoding->context->number;

    if (!message->has_number || number.size < MBUS_SECONDARY_NUMBER_DIGITS)
        return true;
    return memcmp(number.bytes + number.size - MBUS_SECONDARY_NUMBER_DIGITS, decoding->report->address,
                  MBUS_SECONDARY_NUMBER_DIGITS) == 0;
}

static bool address_is_right(struct device_decoding *decoding, const struct mbus_frame *frame,
                             const struct mbus_message *message)
{
    struct target asked;

    if (message->has_number)
        wmbus_address_number_text(&message->address, decoding->report->address);
    if (decoding->context->address.size == 0)
        return true;
    if (target_read(decoding->context->address, &asked) != 0)
        return false;
    if (!asked.is_secondary)
        return frame->address == asked.address && number_is_right(decoding, message);
    if (message->has_number && asked.whom.manufacturer[0] != '\0' && !identity_is_right(&asked.whom, &message->address))
        return false;
    for (size_t i = 0; message->has_number && i < MBUS_SECONDARY_NUMBER_DIGITS; i++)
        if (asked.whom.number[i] != 'F' && asked.whom.number[i] != decoding->report->address[i])
            return false;
    return message->has_number;
}

/* Encrypted records into the decoding's buffer. Who holds a key takes nothing that came in clear where encryption was
 * announced. */
static int message_open(struct device_decoding *decoding, struct mbus_message *message)
{
    struct wmbus_secret secret = { decoding->context->cipher, decoding->context->key };
    bool has_secret = secret.cipher != NULL && secret.key != NULL;

    if (has_secret && message->is_open)
        return DEVICE_CODEC_ERR_KEY;
    if (!message->is_encrypted)
        return 0;
    return has_secret && mbus_message_open(message, &secret, decoding->telegram) == 0 ? 0 : DEVICE_CODEC_ERR_KEY;
}

static int items_take(struct device_decoding *decoding, struct mbus_message *message)
{
    bool more_follow = false;
    size_t error_offset;
    int result = message_open(decoding, message);

    if (result != 0)
        return result;
    if (mbus_message_items(message, &decoding->items, &more_follow, &error_offset) != 0)
        return DEVICE_CODEC_ERR_FRAME;
    device_points_take(decoding);
    decoding->memory->sequence++;
    if (more_follow)
        decoding->report->outcome = DEVICE_OUTCOME_MORE;
    return 0;
}

static int frame_decode(struct device_decoding *decoding, struct span bytes)
{
    struct mbus_frame frame;
    struct mbus_message message;

    if (mbus_frame_decode(bytes, &frame, NULL) != 0)
        return DEVICE_CODEC_ERR_FRAME;
    if (frame.kind == MBUS_FRAME_ACKNOWLEDGE) {
        device_answer_put(decoding, DEVICE_OUTCOME_DONE, 0);
        return 0;
    }
    if ((frame.control & MBUS_CONTROL_FROM_MASTER) != 0)
        return DEVICE_CODEC_ERR_DIRECTION;
    if (mbus_message_decode(&frame, &message, NULL) != 0)
        return DEVICE_CODEC_ERR_FRAME;
    if (message.content == MBUS_CONTENT_ERROR) {
        device_answer_put(decoding, DEVICE_OUTCOME_REFUSED, message.body.size > 0 ? message.body.bytes[0] : 0);
        return 0;
    }
    return address_is_right(decoding, &frame, &message) ? items_take(decoding, &message) : DEVICE_CODEC_ERR_DEVICE;
}

const struct device_codec device_codec_mbus = {
    .info = { .name = "mbus",
              .english = "M-Bus (EN 13757-2/-3)",
              .chinese = "M-Bus（EN 13757-2/-3）",
              .commands = COMMAND(READ) | COMMAND(READ_NOW) | COMMAND(SET_CLOCK),
              .has_line = 1,
              .default_line = { 2400, 'E', 1, 3, 0, 500, 100 } },
    .encode = request_encode,
    .decode = frame_decode,
    .more = more_encode,
    .find = mbus_frame_find,
};
