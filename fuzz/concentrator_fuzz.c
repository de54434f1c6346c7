/* A concentrator, a head-end and meters that may say anything at any time. The input is a list of happenings: kind,
 * size, bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "codec/cjt188/cjt188_frame.h"
#include "codec/dlt645/dlt645_frame.h"
#include "codec/q376/q376_request.h"
#include "meter/port/host/host_concentrator.h"

#define NOW_MS INT64_C(1795222800000)
#define METERS 6
#define SECTOR_SIZE 512
#define LINE_FRAME_LIMIT 300
#define REQUEST_LIMIT 400

enum happening {
    RAW_UPLINK,
    REQUEST, /* a frame with the right shell and check sum: control, AFN, SEQ, data units and the rest */
    RAW_PORT,
    ANSWER_645, /* of a meter of the archive: place, control, data */
    ANSWER_188,
    TIME_PASSES,
    POWER_CUT,
    CONNECTION,
    HAPPENING_COUNT
};

static struct host_concentrator host;
static struct concentrator_config config;
static int64_t now_ms;
static bool dialled;

static void dial(void *context, const struct concentrator_station *station)
{
    (void)context;
    (void)station;
    dialled = true;
}

static void send_up(void *context, struct span bytes)
{
    struct q376_frame frame;
    (void)context;
    /* Whatever came in: what goes out is a whole frame of a terminal. */
    if (q376_frame_decode(bytes, &frame, NULL) < 0 || !q376_frame_is_uplink(&frame))
        abort();
}

static void hang_up(void *context)
{
    (void)context;
}

static void send_down(void *context, uint8_t port, const struct concentrator_line *line, struct span bytes)
{
    (void)context;
    if (port == 0 || line->baud == 0 || bytes.size == 0 || bytes.size > CONCENTRATOR_LINE_LIMIT)
        abort();
}

static void entries_enter(void)
{
    struct q376_archive_entry entries[METERS - 1];

    memset(entries, 0, sizeof entries);
    for (unsigned i = 0; i < METERS - 1; i++) {
        static const uint8_t protocols[] = { 30, 1, 40, 30, 0 };
        entries[i].number = (uint16_t)(i + 1);
        entries[i].point = (uint16_t)(i + 1);
        entries[i].port = i == 2 ? 3 : 2;
        entries[i].protocol = protocols[i];
        entries[i].address = i + 1;
        entries[i].tariffs = 4;
        entries[i].integer_digits = 6;
        entries[i].decimal_digits = 2;
    }
    (void)concentrator_archive_enter(&host.core, entries, METERS - 1);
}

static void step(int64_t span_ms)
{
    int64_t end_ms = now_ms + span_ms;

    do {
        int64_t due_ms = host_concentrator_step(&host, now_ms);
        if (dialled) {
            dialled = false;
            host_concentrator_uplink_opened(&host, true, now_ms);
            due_ms = now_ms;
        }
        now_ms = due_ms < end_ms ? due_ms : end_ms;
    } while (now_ms < end_ms);
}

static void request_give(struct span bytes)
{
    uint8_t frame_bytes[REQUEST_LIMIT + 32];
    struct writer out = writer_of_buffer(frame_bytes, sizeof frame_bytes);
    struct q376_frame frame;

    if (bytes.size < 3)
        return;
    memset(&frame, 0, sizeof frame);
    frame.protocol = config.protocol;
    frame.control = bytes.bytes[0] & 0x7f;
    frame.address = config.address;
    frame.afn = bytes.bytes[1];
    frame.sequence = bytes.bytes[2] & 0x7f;
    frame.units = span_of_bytes(bytes.bytes + 3, bytes.size - 3);
    if (q376_frame_encode(&frame, &out) == 0)
        host_concentrator_uplink_receive(&host, writer_span(&out), now_ms);
}

static void answer_645_give(struct span bytes)
{
    uint8_t frame_bytes[LINE_FRAME_LIMIT];
    struct writer out = writer_of_buffer(frame_bytes, sizeof frame_bytes);
    struct dlt645_address address;

    if (bytes.size < 2)
        return;
    memset(&address, 0, sizeof address);
    address.bytes[0] = bytes.bytes[0] & 7;
    if (dlt645_frame_encode(&address, bytes.bytes[1], span_of_bytes(bytes.bytes + 2, bytes.size - 2), &out) == 0)
        host_concentrator_port_receive(&host, 2, writer_span(&out), now_ms);
}

static void answer_188_give(struct span bytes)
{
    static const uint8_t address[CJT188_ADDRESS_SIZE] = { 3 };
    uint8_t frame_bytes[LINE_FRAME_LIMIT];
    struct writer out = writer_of_buffer(frame_bytes, sizeof frame_bytes);

    if (bytes.size >= 2 && cjt188_frame_encode(0, bytes.bytes[0], address, bytes.bytes[1],
                                               span_of_bytes(bytes.bytes + 2, bytes.size - 2), &out) == 0)
        host_concentrator_port_receive(&host, 3, writer_span(&out), now_ms);
}

static void happen(uint8_t kind, struct span bytes)
{
    switch ((enum happening)(kind % HAPPENING_COUNT)) {
    case RAW_UPLINK:
        host_concentrator_uplink_receive(&host, bytes, now_ms);
        break;
    case REQUEST:
        request_give(bytes);
        break;
    case RAW_PORT:
        host_concentrator_port_receive(&host, 2, bytes, now_ms);
        break;
    case ANSWER_645:
        answer_645_give(bytes);
        break;
    case ANSWER_188:
        answer_188_give(bytes);
        break;
    case TIME_PASSES:
        step(bytes.size == 0 ? 100 : bytes.bytes[0] * INT64_C(20000));
        break;
    case POWER_CUT:
        (void)host_concentrator_power_up(&host, &config, now_ms);
        break;
    default:
        host_concentrator_uplink_closed(&host, now_ms);
        break;
    }
    step(1);
}

static void begin(void)
{
    static const struct host_concentrator_outside outside = { NULL, dial, send_up, hang_up, send_down };

    config = concentrator_config_default();
    config.address.terminal = 1;
    config.meter_limit = METERS;
    config.curve_class = 0;
    now_ms = NOW_MS;
    dialled = false;
    host_concentrator_open(&host, &outside, SECTOR_SIZE, METERS, 1, now_ms);
    if (host_concentrator_power_up(&host, &config, now_ms) < 0)
        abort();
    entries_enter();
    step(5000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t at = 0;

    begin();
    while (at + 2 <= size) {
        size_t length = data[at + 1];
        if (length > size - at - 2)
            length = size - at - 2;
        happen(data[at], span_of_bytes(data + at + 2, length));
        at += 2 + length;
    }
    if (host.board.flash.overprogrammed)
        abort();
    host_concentrator_close(&host);
    return 0;
}
