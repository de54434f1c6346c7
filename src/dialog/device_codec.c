#include "dialog/device_codec.h"

#include <string.h>

#include "base/calendar.h"
#include "codec/codec_error.h"
#include "dialog/device_codec_internal.h"

#define PURCHASE_LARGEST 99999999
#define COMMAND(name) (UINT32_C(1) << DEVICE_COMMAND_##name)

/* Spoken by the LwM2M server of this room; its models are described here so that one list holds all. */
static const struct device_codec lwm2m_water = {
    .info = { .name = "lwm2m-water",
              .english = "LwM2M water meter (NB-IoT)",
              .chinese = "LwM2M 水表（NB-IoT）",
              .commands = COMMAND(READ_NOW) | COMMAND(OPEN_VALVE) | COMMAND(CLOSE_VALVE) | COMMAND(SET_CLOCK) |
                          COMMAND(RECHARGE) },
};

static const struct device_codec *const codecs[] = {
    &device_codec_dlt645_2007, &device_codec_dlt645_1997, &device_codec_cjt188,
    &device_codec_mbus,        &device_codec_wmbus,       &lwm2m_water,
};

#define CODEC_COUNT (sizeof codecs / sizeof codecs[0])

const struct device_codec_info *device_codec_at(size_t index)
{
    return index < CODEC_COUNT ? &codecs[index]->info : NULL;
}

const struct device_codec *device_codec_of(const struct device_profile *profile)
{
    return codecs[profile->codec < CODEC_COUNT ? profile->codec : CODEC_COUNT - 1];
}

struct span device_frames_at(const struct device_frames *frames, size_t index)
{
    size_t begin = index == 0 ? 0 : frames->ends[index - 1];
    return span_of_bytes(frames->bytes + begin, frames->ends[index] - begin);
}

int device_frame_end(struct device_encoding *encoding, enum device_expectation expectation)
{
    struct device_frames *frames = encoding->frames;

    if (encoding->out.overflow || frames->count == DEVICE_FRAMES_LIMIT)
        return DEVICE_CODEC_ERR_FULL;
    frames->expectations[frames->count] = (uint8_t)expectation;
    frames->ends[frames->count++] = (uint16_t)encoding->out.size;
    return 0;
}

int device_codec_error_of(int codec_error)
{
    if (codec_error == 0)
        return 0;
    return codec_error == CODEC_ERR_FULL ? DEVICE_CODEC_ERR_FULL : DEVICE_CODEC_ERR_RANGE;
}

struct item_time device_local_time(int64_t time_s, int32_t zone_offset_s)
{
    struct item_time time = item_time_of_unix(time_s + zone_offset_s);

    time.is_utc = 0;
    return time;
}

static const struct device_profile_command *command_find(const struct device_profile *profile, unsigned command)
{
    for (size_t i = 0; i < profile->command_count; i++)
        if (profile->commands[i].command == command)
            return &profile->commands[i];
    return NULL;
}

/* The model must offer the command and the request must bring what it needs. */
static int request_check(const struct device_profile *profile, const struct device_request *request, uint8_t *missing)
{
    const struct device_profile_command *command = command_find(profile, request->command);

    if (command == NULL)
        return DEVICE_CODEC_ERR_COMMAND;
    uint8_t lacking = (uint8_t)(command->parameters & ~request->given);
    if (missing != NULL)
        *missing = lacking;
    if (lacking != 0)
        return DEVICE_CODEC_ERR_PARAMETER;
    if (request->command == DEVICE_COMMAND_READ && request->point != DEVICE_POINT_ALL &&
        request->point >= profile->point_count)
        return DEVICE_CODEC_ERR_POINT;
    return 0;
}

int device_codec_encode(const struct device_profile *profile, struct span address, const struct device_request *request,
                        struct device_frames *out, uint8_t *missing)
{
    const struct device_codec *codec = device_codec_of(profile);
    struct device_frames frames = { .count = 0 };
    struct device_encoding encoding = { .profile = profile,
                                        .address = address,
                                        .request = request,
                                        .frames = &frames,
                                        .out = writer_of_buffer(frames.bytes, sizeof frames.bytes) };
    int result = codec->encode == NULL ? DEVICE_CODEC_ERR_SILENT : request_check(profile, request, missing);

    if (result == 0)
        result = codec->encode(&encoding);
    if (result == 0)
        *out = frames;
    return result;
}

int device_codec_more(const struct device_profile *profile, struct span address, const struct device_memory *memory,
                      struct device_frames *out)
{
    const struct device_codec *codec = device_codec_of(profile);
    struct device_frames frames = { .count = 0 };
    struct device_encoding encoding = { .profile = profile,
                                        .address = address,
                                        .request = NULL,
                                        .frames = &frames,
                                        .out = writer_of_buffer(frames.bytes, sizeof frames.bytes) };
    int result = codec->more == NULL ? DEVICE_CODEC_ERR_SILENT : codec->more(&encoding, memory);

    if (result == 0)
        *out = frames;
    return result;
}

int device_codec_read_back(const struct device_profile *profile, struct span address,
                           const struct device_request *request, struct device_frames *out)
{
    const struct device_codec *codec = device_codec_of(profile);
    struct device_frames written = { .count = 0 }, frames = { .count = 0 };
    struct device_encoding encoding = { .profile = profile,
                                        .address = address,
                                        .request = request,
                                        .frames = &frames,
                                        .out = writer_of_buffer(frames.bytes, sizeof frames.bytes) };
    int result = codec->read_back == NULL ? DEVICE_CODEC_ERR_COMMAND
                                          : device_codec_encode(profile, address, request, &written, NULL);

    for (size_t i = 0; i < written.count && result == 0; i++)
        result = codec->read_back(&encoding, device_frames_at(&written, i));
    if (result == 0)
        *out = frames;
    return result;
}

int device_codec_holds(const struct device_profile *profile, struct span written, struct span answer,
                       uint32_t *identifier)
{
    const struct device_codec *codec = device_codec_of(profile);
    return codec->holds != NULL ? codec->holds(written, answer, identifier) : DEVICE_CODEC_ERR_FRAME;
}

size_t device_codec_find(const struct device_profile *profile, struct span stream, size_t *skip)
{
    const struct device_codec *codec = device_codec_of(profile);

    if (codec->find != NULL)
        return codec->find(stream, skip);
    *skip = stream.size;
    return 0;
}

static void frame_keep(struct uplink *uplink, struct span frame)
{
    size_t held = frame.size < UPLINK_FRAME_LIMIT ? frame.size : UPLINK_FRAME_LIMIT;

    uplink->frame_size = (uint16_t)(frame.size < UINT16_MAX ? frame.size : UINT16_MAX);
    memcpy(uplink->frame, frame.bytes, held);
}

/* What a decoder writes; the caller's identities stay. The bytes go with the first. */
static void uplinks_give(struct uplink *out, struct uplink *made, size_t count, struct span frame)
{
    frame_keep(&made[0], frame);
    for (size_t i = 0; i < count; i++) {
        made[i].message_id = out[i].message_id;
        made[i].content_hash = out[i].content_hash;
        made[i].device_id = out[i].device_id;
        made[i].gate = out[i].gate;
        made[i].command_id = out[i].command_id;
        out[i] = made[i];
    }
}

int device_codec_decode(const struct device_profile *profile, const struct device_receive_context *context,
                        struct span frame, struct device_memory *memory, struct uplink *out,
                        struct device_report *report)
{
    const struct device_codec *codec = device_codec_of(profile);
    struct item items[DEVICE_ITEM_LIMIT];
    uint8_t telegram[DEVICE_TELEGRAM_LIMIT];
    struct uplink uplinks[DEVICE_UPLINK_LIMIT] = { { .kind = UPLINK_REPORT } };
    struct device_report made = { .outcome = DEVICE_OUTCOME_READINGS, .uplink_count = 1 };
    struct device_decoding decoding = { .profile = profile,
                                        .context = context,
                                        .memory = memory,
                                        .report = &made,
                                        .uplinks = uplinks,
                                        .items = item_list_of(items, DEVICE_ITEM_LIMIT),
                                        .telegram = telegram };
    int result = codec->decode == NULL ? DEVICE_CODEC_ERR_FRAME : codec->decode(&decoding, frame);

    if (result != 0)
        return result;
    uplinks[0].received_s = context->received_s;
    uplinks_give(out, uplinks, made.uplink_count, frame);
    made.identifier = decoding.identifier;
    *report = made;
    return 0;
}

void device_answer_put(struct device_decoding *decoding, enum device_outcome outcome, uint16_t code)
{
    decoding->report->outcome = (uint8_t)outcome;
    decoding->uplinks[0].kind = UPLINK_ANSWER;
    decoding->uplinks[0].answer = outcome == DEVICE_OUTCOME_REFUSED    ? UPLINK_ANSWER_REFUSED
                                  : outcome == DEVICE_OUTCOME_ACCEPTED ? UPLINK_ANSWER_DELIVERED
                                                                       : UPLINK_ANSWER_EXECUTED;
    decoding->uplinks[0].answer_code = code;
}

int device_purchase_amount(const struct device_encoding *encoding, uint32_t *amount)
{
    const struct device_request *request = encoding->request;
    bool holds_units = encoding->profile->prepayment.holds == DEVICE_HOLDS_UNITS;
    int64_t wanted = holds_units ? request->units_value / DEVICE_UNIT_HUNDREDTH_VALUE : request->amount_fen;

    if ((holds_units ? request->amount_fen != 0 || request->units_value % DEVICE_UNIT_HUNDREDTH_VALUE != 0
                     : request->units_value != 0) || wanted < 0 || wanted > PURCHASE_LARGEST)
        return DEVICE_CODEC_ERR_RANGE;
    *amount = (uint32_t)wanted;
    return 0;
}

static const uint8_t commands_of_operations[DOWNLINK_OPERATION_COUNT] = {
    [DOWNLINK_OPEN_VALVE] = DEVICE_COMMAND_OPEN_VALVE, [DOWNLINK_CLOSE_VALVE] = DEVICE_COMMAND_CLOSE_VALVE,
    [DOWNLINK_RECHARGE] = DEVICE_COMMAND_RECHARGE,     [DOWNLINK_READ_NOW] = DEVICE_COMMAND_READ_NOW,
    [DOWNLINK_SET_CLOCK] = DEVICE_COMMAND_SET_CLOCK,   [DOWNLINK_PERMIT_CLOSE] = DEVICE_COMMAND_PERMIT_OPEN,
    [DOWNLINK_KEEP_ON] = DEVICE_COMMAND_KEEP_ON,       [DOWNLINK_KEEP_ON_CANCEL] = DEVICE_COMMAND_KEEP_ON_CANCEL,
    [DOWNLINK_FREEZE] = DEVICE_COMMAND_FREEZE_NOW,     [DOWNLINK_CLEAR_BALANCE] = DEVICE_COMMAND_CLEAR_BALANCE,
    [DOWNLINK_WRITE_STEPS] = DEVICE_COMMAND_WRITE_STEPS,
    [DOWNLINK_WRITE_DAY_TABLE] = DEVICE_COMMAND_WRITE_DAY_TABLE,
    [DOWNLINK_SET_MODE] = DEVICE_COMMAND_SET_MODE,
};

int device_request_of_downlink(const struct downlink *downlink, int64_t now_s, int32_t zone_offset_s,
                               struct device_request *out)
{
    struct device_request request = { .now_s = now_s, .zone_offset_s = zone_offset_s, .back = 1 };

    if (downlink->operation >= DOWNLINK_OPERATION_COUNT || commands_of_operations[downlink->operation] == 0)
        return DEVICE_CODEC_ERR_COMMAND;
    request.command = commands_of_operations[downlink->operation];
    if (request.command == DEVICE_COMMAND_RECHARGE) {
        request.serial = downlink->serial;
        request.amount_fen = downlink->amount_fen;
        request.units_value = downlink->value;
        request.given = DEVICE_PARAMETER_SERIAL | DEVICE_PARAMETER_AMOUNT;
    }
    if (request.command == DEVICE_COMMAND_CLEAR_BALANCE) {
        request.serial = downlink->serial;
        request.given = DEVICE_PARAMETER_SERIAL;
    }
    request.table = downlink->table;
    if (request.command == DEVICE_COMMAND_SET_MODE)
        request.mode = (uint8_t)downlink->value;
    if (request.command == DEVICE_COMMAND_SET_CLOCK && downlink->value > 0) {
        request.time_s = downlink->value;
        request.given = DEVICE_PARAMETER_TIME;
    }
    if (downlink->expires_s > 0) {
        request.valid_until_s = downlink->expires_s;
        request.given |= DEVICE_PARAMETER_VALID_UNTIL;
    }
    *out = request;
    return 0;
}

#define ERROR_ROW(name, value, english, chinese) { (value), { (english), (chinese) } },
static const struct {
    int error;
    const char *texts[2];
} errors[] = { DEVICE_CODEC_ERRORS(ERROR_ROW) };
#undef ERROR_ROW

const char *device_codec_error_text(int error, bool is_chinese)
{
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
        if (errors[i].error == error)
            return errors[i].texts[is_chinese];
    return "";
}
