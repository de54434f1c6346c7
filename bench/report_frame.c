#include "bench/report_frame.h"

#include "base/random.h"
#include "codec/coap/coap_message.h"
#include "codec/senml/senml_cbor.h"
#include "codec/water_meter/water_meter_report.h"

#define DAY_USE_L 250
#define DAY_S 86400
#define QUARTER_S 900
#define QUARTERS 96
#define LITRES_EXPONENT 3

struct span report_frame_token(uint32_t number, uint8_t token[4])
{
    for (unsigned i = 0; i < 4; i++)
        token[i] = (uint8_t)(number >> 8 * i);
    return span_of_bytes(token, 4);
}

static void post_begin(const struct report_frame *frame, const char *path, uint32_t format, struct coap_encoder *encoder,
                       struct writer *out)
{
    uint8_t token[4];
    coap_encoder_begin(encoder, out, COAP_CONFIRMABLE, COAP_CODE_POST, frame->message_id,
                       report_frame_token(frame->number, token));
    coap_encoder_put_text(encoder, COAP_OPTION_URI_PATH, path);
    coap_encoder_put_unsigned(encoder, COAP_OPTION_CONTENT_FORMAT, format);
}

bool report_frame_register(const struct report_frame *frame, uint64_t imei, struct writer *out)
{
    char endpoint[40];
    struct writer name = writer_of_buffer(endpoint, sizeof endpoint);
    struct coap_encoder encoder;
    writer_format(&name, "ep=urn:imei:%015llu", (unsigned long long)imei);
    post_begin(frame, "rd", COAP_FORMAT_LINK, &encoder, out);
    coap_encoder_put(&encoder, COAP_OPTION_URI_QUERY, writer_span(&name));
    coap_encoder_put_text(&encoder, COAP_OPTION_URI_QUERY, "lt=86400");
    coap_encoder_put_text(&encoder, COAP_OPTION_URI_QUERY, "lwm2m=1.1");
    coap_encoder_put_text(&encoder, COAP_OPTION_URI_QUERY, "Q");
    writer_text(coap_encoder_payload(&encoder), "</1/0>,</3/0>,</4/0>,</3424/0>,</33424/0>");
    return coap_encoder_end(&encoder) > 0;
}

static bool report_put(const struct report_frame *frame, const struct water_meter_report *report, struct writer *out)
{
    struct coap_encoder encoder;
    post_begin(frame, "dp", COAP_FORMAT_SENML_CBOR, &encoder, out);
    return water_meter_report_encode(report, coap_encoder_payload(&encoder)) == 0 && coap_encoder_end(&encoder) > 0;
}

static uint32_t day_use_of(const struct report_frame *frame)
{
    return frame->day_use_l > 0 ? frame->day_use_l : DAY_USE_L;
}

bool report_frame_daily(const struct report_frame *frame, struct writer *out)
{
    uint32_t number = frame->number;
    struct water_meter_report report = {
        .present = WATER_METER_FIELDS_STEADY, .balance_fen = 10000 - frame->volume_l % 5000,
        .recharge_serial = 3, .earfcn = 3738, .physical_cell = number % 504, .clock_s = frame->clock_s,
        .midnight_s = frame->midnight_s, .rsrp_dbm = -80 - (int64_t)(number % 45), .cell_id = 28000000 + number % 97,
        .snr_db = (int64_t)(number % 25) - 5, .coverage_level = number % 3, .battery_mv = 3600,
        .volume_ml = (int64_t)frame->volume_l * 1000 + number % 1000,
    };
    uint32_t use_l = day_use_of(frame);
    for (uint32_t i = 0; i < WATER_METER_HISTORY_DAYS; i++)
        report.history_l[i] = i * use_l <= frame->volume_l ? frame->volume_l - i * use_l : 0;
    return report_put(frame, &report, out);
}

bool report_frame_event(const struct report_frame *frame, struct writer *out)
{
    struct water_meter_report report = {
        .present = WATER_METER_FIELDS_EVENT, .alarm_bits = frame->alarm_bits,
        .balance_fen = 10000 - frame->volume_l % 5000, .volume_ml = (int64_t)frame->volume_l * 1000 + frame->number % 1000,
        .clock_s = frame->clock_s,
    };
    return report_put(frame, &report, out);
}

/* How much of the day's use falls into a quarter, in parts of a sum that only the day knows. */
static uint32_t quarter_share(struct random *random, unsigned quarter)
{
    unsigned hour = quarter / 4;
    uint64_t chance = hour < 6 ? 1 : hour < 9 || hour > 17 ? 9 : 4;
    return random_chance(random, chance, 20) ? (uint32_t)random_between(random, 1, 40) : 0;
}

void report_frame_quarters(const struct report_frame *frame, struct water_meter_series *series)
{
    struct random random = random_of_stream((uint64_t)frame->midnight_s, frame->number);
    uint32_t until[QUARTERS], whole = 0, use_l = day_use_of(frame);

    for (unsigned i = 0; i < QUARTERS; i++)
        until[i] = whole += quarter_share(&random, i);
    *series = (struct water_meter_series){ .start_s = frame->midnight_s - DAY_S + QUARTER_S, .interval_s = QUARTER_S,
                                           .count = QUARTERS };
    for (unsigned i = 0; i < QUARTERS; i++) {
        uint64_t used_l = whole > 0 ? (uint64_t)use_l * until[i] / whole : use_l;
        series->values_ml[i] = ((int64_t)frame->volume_l - use_l + (int64_t)used_l) * 1000;
    }
}

bool report_frame_series(const struct report_frame *frame, const struct water_meter_series *series, struct writer *out)
{
    uint8_t packed[WATER_METER_SERIES_SIZE_LIMIT];
    struct writer resource = writer_of_buffer(packed, sizeof packed);
    struct senml_entry entry = { .base_name = span_of_text("/33424/0/"), .name = span_of_text("21"), .kind = SENML_BYTES };
    struct coap_encoder encoder;

    if (water_meter_series_encode(series, LITRES_EXPONENT, &resource) != 0)
        return false;
    entry.text = writer_span(&resource);
    post_begin(frame, "dp", COAP_FORMAT_SENML_CBOR, &encoder, out);
    senml_cbor_put_pack(coap_encoder_payload(&encoder), 1);
    return senml_cbor_put_entry(coap_encoder_payload(&encoder), &entry) == 0 && coap_encoder_end(&encoder) > 0;
}
