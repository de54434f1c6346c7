#include "meter/core/meter_internal.h"

#include <string.h>

#include "base/calendar.h"
#include "base/decimal.h"

/* The serial proves a recharge to the platform; without prepayment it falls away. */
#define EVENT_FIELDS (WATER_METER_FIELDS_EVENT | WATER_METER_BIT(WATER_METER_RECHARGE_SERIAL))
#define TOKEN_SIZE 4
#define LIFETIME_PERIODS 3
#define LIFETIME_SHORTEST_S 86400
#define QUERY_LIMIT 48
#define OBJECTS "</>;rt=\"oma.lwm2m\";ct=112,</3/0>,</4/0>,</3424/0>,</33424/0>"

/* What never changes (address, maker, type, firmware) is said after each registration and on the first of each month:
 * with it the frame of S3-094 is complete, without it the daily one stays below 200 bytes. */
static uint32_t report_fields(const struct meter *meter)
{
    bool month_begins = calendar_date_of_day(meter_clock_day(meter)).day_of_month == 1;
    if (meter->session.frame_full || month_begins)
        return WATER_METER_FIELDS_DAILY | WATER_METER_BIT(WATER_METER_FIRMWARE);
    return WATER_METER_FIELDS_STEADY;
}

static void query_put(struct coap_encoder *encoder, const char *name, const char *value)
{
    char bytes[QUERY_LIMIT];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);
    writer_text(&writer, name);
    writer_text(&writer, value);
    coap_encoder_put(encoder, COAP_OPTION_URI_QUERY, writer_span(&writer));
}

/* Each builder appends options and payload; false when what it has to say cannot be written. */

/* POST /rd?ep=..&lt=..&lwm2m=1.1&b=U&Q (OMA LwM2M Core 1.1, 6.2.1); outlives two missed reports */
static bool register_build(struct meter *meter, struct coap_encoder *encoder)
{
    char lifetime[DECIMAL_TEXT_LIMIT];
    int64_t lifetime_s = (int64_t)meter->parameters.report_period_s * LIFETIME_PERIODS;
    if (lifetime_s < LIFETIME_SHORTEST_S)
        lifetime_s = LIFETIME_SHORTEST_S;
    (void)decimal_format(lifetime_s, 0, false, lifetime, sizeof lifetime);
    coap_encoder_put_text(encoder, COAP_OPTION_URI_PATH, "rd");
    coap_encoder_put_unsigned(encoder, COAP_OPTION_CONTENT_FORMAT, COAP_FORMAT_LINK);
    query_put(encoder, "ep=urn:imei:", meter->config.imei);
    query_put(encoder, "lt=", lifetime);
    query_put(encoder, "lwm2m=", "1.1");
    query_put(encoder, "b=", "U");
    query_put(encoder, "Q", "");
    writer_text(coap_encoder_payload(encoder), OBJECTS);
    return true;
}

/* POST /rd/<handle>: nothing changed, but here we are, perhaps with another address (6.2.2) */
static bool update_build(struct meter *meter, struct coap_encoder *encoder)
{
    coap_encoder_put_text(encoder, COAP_OPTION_URI_PATH, "rd");
    coap_encoder_put(encoder, COAP_OPTION_URI_PATH,
                     span_of_bytes(meter->session.handle, meter->session.handle_size));
    return true;
}

/* POST /dp: Send (6.4.4) */
static bool tell_build(struct meter *meter, struct coap_encoder *encoder, uint32_t fields)
{
    meter->told.sent = meter_notice_now(meter);
    coap_encoder_put_text(encoder, COAP_OPTION_URI_PATH, "dp");
    coap_encoder_put_unsigned(encoder, COAP_OPTION_CONTENT_FORMAT, COAP_FORMAT_SENML_CBOR);
    return meter_report_write(meter, fields, coap_encoder_payload(encoder)) >= 0;
}

static bool report_build(struct meter *meter, struct coap_encoder *encoder)
{
    return tell_build(meter, encoder, report_fields(meter));
}

static bool event_build(struct meter *meter, struct coap_encoder *encoder)
{
    return tell_build(meter, encoder, EVENT_FIELDS);
}

/* What cannot be said in one message is not tried again and again. */
static bool intervals_build(struct meter *meter, struct coap_encoder *encoder)
{
    meter->intervals.telling_day = (uint16_t)meter_intervals_untold(&meter->intervals, meter_clock_day(meter));
    coap_encoder_put_text(encoder, COAP_OPTION_URI_PATH, "dp");
    coap_encoder_put_unsigned(encoder, COAP_OPTION_CONTENT_FORMAT, COAP_FORMAT_SENML_CBOR);
    bool written = meter_interval_write(meter, coap_encoder_payload(encoder)) >= 0;
    if (!written)
        meter_intervals_told(&meter->intervals, meter->intervals.telling_day);
    return written;
}

static bool (*const builders[METER_PURPOSE_COUNT])(struct meter *meter, struct coap_encoder *encoder) = {
    [METER_PURPOSE_REGISTER] = register_build, [METER_PURPOSE_UPDATE] = update_build,
    [METER_PURPOSE_REPORT] = report_build,     [METER_PURPOSE_EVENT] = event_build,
    [METER_PURPOSE_HEARTBEAT] = update_build,
    [METER_PURPOSE_INTERVALS] = intervals_build,
};

static void message_send(struct meter *meter)
{
    struct meter_exchange *exchange = &meter->exchange;
    meter->hal->radio_send(meter->hal->context, span_of_bytes(exchange->bytes, exchange->size),
                           METER_RELEASE_ANSWER_EXPECTED);
    exchange->sends++;
    exchange->due_ms = meter->now_ms + exchange->wait_ms;
    exchange->wait_ms *= 2;
}

/* RFC 7252 4.2: the first wait is spread up to half as much again, so that meters that woke together part. */
static int64_t first_wait_ms(const struct meter *meter)
{
    uint32_t wait_ms = (uint32_t)meter->config.timers.acknowledge_ms;
    return (int64_t)wait_ms + meter->hal->random(meter->hal->context) % (wait_ms / 2 + 1);
}

void meter_exchange_start(struct meter *meter, enum meter_purpose purpose)
{
    struct meter_exchange *exchange = &meter->exchange;
    struct writer writer = writer_of_buffer(exchange->bytes, sizeof exchange->bytes);
    uint8_t token[TOKEN_SIZE];
    struct writer token_writer = writer_of_buffer(token, sizeof token);
    struct coap_encoder encoder;
    /* What is told must be true after a restart as well. */
    (void)meter_store_state(meter);
    exchange->purpose = (uint8_t)purpose;
    exchange->sends = 0;
    exchange->acknowledged = false;
    exchange->message_id = meter->message_id++;
    exchange->token = meter->hal->random(meter->hal->context);
    exchange->wait_ms = first_wait_ms(meter);
    writer_put_u32be(&token_writer, exchange->token);
    coap_encoder_begin(&encoder, &writer, COAP_CONFIRMABLE, COAP_CODE_POST, exchange->message_id,
                       writer_span(&token_writer));
    bool built = builders[purpose](meter, &encoder);
    int size = coap_encoder_end(&encoder);
    if (!built || size <= 0) {
        exchange->sends = METER_SEND_TRIES;
        exchange->due_ms = meter->now_ms;
        return;
    }
    exchange->size = (uint16_t)size;
    message_send(meter);
}

enum meter_exchange_outcome meter_exchange_step(struct meter *meter)
{
    struct meter_exchange *exchange = &meter->exchange;
    if (exchange->purpose == METER_PURPOSE_NONE || meter->now_ms < exchange->due_ms)
        return METER_EXCHANGE_WAITING;
    if (exchange->acknowledged || exchange->sends >= METER_SEND_TRIES)
        return METER_EXCHANGE_FAILED;
    message_send(meter);
    return METER_EXCHANGE_WAITING;
}

void meter_exchange_end(struct meter *meter)
{
    meter->exchange.purpose = METER_PURPOSE_NONE;
}

void meter_exchange_send_empty(struct meter *meter, enum coap_type type, uint16_t message_id)
{
    struct writer writer = writer_of_buffer(meter->scratch, sizeof meter->scratch);
    if (coap_message_encode_bare(&writer, type, COAP_CODE_EMPTY, message_id, span_of_bytes(NULL, 0)) > 0)
        meter->hal->radio_send(meter->hal->context, writer_span(&writer), METER_RELEASE_NO_ANSWER);
}

static bool token_is_ours(const struct meter_exchange *exchange, struct span token)
{
    uint8_t bytes[TOKEN_SIZE];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);
    writer_put_u32be(&writer, exchange->token);
    return span_equal(token, writer_span(&writer));
}

/* An empty acknowledgement or a reset answers by its message number alone. */
static enum meter_exchange_outcome empty_receive(struct meter *meter, const struct coap_message *message)
{
    struct meter_exchange *exchange = &meter->exchange;
    bool ours = exchange->purpose != METER_PURPOSE_NONE && message->message_id == exchange->message_id;
    if (message->type == COAP_CONFIRMABLE) {
        meter_exchange_send_empty(meter, COAP_RESET, message->message_id);
    } else if (ours && message->type == COAP_RESET) {
        return METER_EXCHANGE_FAILED;
    } else if (ours && message->type == COAP_ACKNOWLEDGEMENT && !exchange->acknowledged) {
        exchange->acknowledged = true;
        exchange->due_ms = meter->now_ms + meter->config.timers.response_ms;
    }
    return METER_EXCHANGE_WAITING;
}

enum meter_exchange_outcome meter_exchange_receive(struct meter *meter, const struct coap_message *message)
{
    struct meter_exchange *exchange = &meter->exchange;
    if (message->code == COAP_CODE_EMPTY)
        return empty_receive(meter, message);
    bool ours = exchange->purpose != METER_PURPOSE_NONE && token_is_ours(exchange, message->token);
    if (message->type == COAP_ACKNOWLEDGEMENT)
        ours = ours && message->message_id == exchange->message_id;
    if (message->type == COAP_CONFIRMABLE)
        meter_exchange_send_empty(meter, ours ? COAP_ACKNOWLEDGEMENT : COAP_RESET, message->message_id);
    return ours && message->type != COAP_RESET ? METER_EXCHANGE_ANSWERED : METER_EXCHANGE_WAITING;
}
