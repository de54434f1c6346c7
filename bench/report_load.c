#include "bench/report_load.h"

#include <getopt.h>
#include <stdlib.h>

#include "base/decimal.h"
#include "bench/bench_clock.h"
#include "bench/dtls_client.h"
#include "bench/load_socket.h"
#include "bench/report_frame.h"
#include "codec/coap/coap_message.h"

#define DATAGRAM_LIMIT 1500
#define REPEAT_AFTER_S 2.0
#define LOOK_MS 100
#define DAY_S 86400
#define HANDSHAKES_IN_FLIGHT 256 /* below what a server takes at once */
#define RECORD_FIRST 64 /* OpenSSL used the first numbers of epoch 1 itself */
#define IDENTITY_LIMIT 32
#define SECONDS_LIMIT 3600
#define DAY_USE_L 250
#define COAP_CODE_OFFSET 1 /* RFC 7252, 3 */
#define STRIDE 7919 /* prime: meters report in an order far from that of their numbers */

struct device {
    struct dtls_client *client; /* while its handshake is under way */
    struct dtls_client_keys keys;
    uint64_t record;
    double sent_s;
    uint32_t volume_l;
    uint32_t day;
    uint16_t message_id;
    bool waiting;
    char identity[IDENTITY_LIMIT];
    uint8_t psk[16];
};

enum load_phase { PHASE_CONNECT, PHASE_REGISTER, PHASE_REPORT };

struct report_load {
    struct report_load_config config;
    enum load_phase phase;
    struct load_socket *socket;
    struct device *devices;
    struct dtls_aead *aead;
    struct report_load_figures figures;
    uint32_t next;      /* device to release next */
    uint32_t stride;    /* to the one after it; comes to every device before it begins again */
    uint32_t released;  /* in this phase */
    uint32_t in_flight;
    unsigned frame_size;
};

static void message_send(struct report_load *load, uint32_t number, struct span message)
{
    struct device *device = &load->devices[number];
    uint8_t sealed[DATAGRAM_LIMIT];
    device->waiting = true;
    device->sent_s = bench_clock_seconds(CLOCK_MONOTONIC);
    if (load->config.cipher) {
        struct dtls_record record = { .type = DTLS_APPLICATION_DATA, .epoch = 1, .sequence = device->record++ };
        int size = dtls_aead_seal(load->aead, device->keys.suite, &device->keys.write_key, &record, message, sealed,
                                  sizeof sealed);
        message = span_of_bytes(sealed, size > 0 ? (size_t)size : 0);
    }
    load->frame_size = (unsigned)message.size;
    load_socket_send(load->socket, number, message);
}

static struct report_frame frame_of(const struct report_load *load, uint32_t number)
{
    const struct device *device = &load->devices[number];
    return (struct report_frame){ .number = number, .message_id = device->message_id, .volume_l = device->volume_l,
                                  .midnight_s = load->config.midnight_first_s + (int64_t)device->day * DAY_S,
                                  .clock_s = load->config.clock_s };
}

static void register_send(struct report_load *load, uint32_t number)
{
    uint8_t bytes[REPORT_FRAME_LIMIT];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);
    struct report_frame frame = frame_of(load, number);
    if (report_frame_register(&frame, load->config.imei_first + number, &writer))
        message_send(load, number, writer_span(&writer));
}

/* What does not fit is refused, and shows in the figures. */
static void report_send(struct report_load *load, uint32_t number)
{
    uint8_t bytes[REPORT_FRAME_LIMIT];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);
    struct report_frame frame = frame_of(load, number);
    struct water_meter_series series;
    if (load->config.quarters)
        report_frame_quarters(&frame, &series);
    bool fits = load->config.quarters ? report_frame_series(&frame, &series, &writer) : report_frame_daily(&frame, &writer);
    if (fits && load->config.put)
        bytes[COAP_CODE_OFFSET] = COAP_CODE_PUT;
    if (fits)
        message_send(load, number, writer_span(&writer));
}

static void connect_start(struct report_load *load, uint32_t number)
{
    struct device *device = &load->devices[number];
    struct writer name = writer_of_buffer(device->identity, sizeof device->identity);
    writer_format(&name, "urn:imei:%015llu", (unsigned long long)(load->config.imei_first + number));
    load->config.key_find(load->config.key_context, load->config.imei_first + number, device->psk);
    device->record = RECORD_FIRST;
    device->waiting = true;
    device->sent_s = bench_clock_seconds(CLOCK_MONOTONIC);
    dtls_client_close(device->client);
    device->client = dtls_client_open(load->config.cipher, writer_terminate(&name), device->psk, sizeof device->psk);
    if (device->client && dtls_client_step(device->client, span_of_bytes(NULL, 0)) >= 0)
        load_socket_send(load->socket, number, dtls_client_flight(device->client));
}

static void device_send(struct report_load *load, uint32_t number)
{
    if (load->phase == PHASE_CONNECT)
        connect_start(load, number);
    else if (load->phase == PHASE_REGISTER)
        register_send(load, number);
    else
        report_send(load, number);
}

static void device_release(struct report_load *load)
{
    struct device *device = &load->devices[load->next];
    if (device->waiting)
        return; /* the ring came round to a device still unanswered: its time-out takes care */
    if (load->phase == PHASE_REPORT && load->config.day_limit > 0 && device->day >= load->config.day_limit)
        return;
    device->message_id++;
    if (load->phase == PHASE_REPORT) {
        device->day++;
        device->volume_l += DAY_USE_L;
    }
    load->in_flight++;
    load->released++;
    device_send(load, load->next);
    load->next = (load->next + load->stride) % load->config.device_count;
}

static void device_done(struct report_load *load, struct device *device)
{
    device->waiting = false;
    load->in_flight--;
    load->figures.answered++;
}

static void handshake_take(struct report_load *load, uint32_t number, struct span bytes)
{
    struct device *device = &load->devices[number];
    if (!device->client)
        return;
    int progress = dtls_client_step(device->client, bytes);
    struct span flight = dtls_client_flight(device->client);
    if (flight.size > 0)
        load_socket_send(load->socket, number, flight);
    if (progress == 0)
        return;
    if (progress < 0 || !dtls_client_keys(device->client, &device->keys))
        load->figures.refused++;
    dtls_client_close(device->client);
    device->client = NULL;
    device_done(load, device);
}

static void answer_take(struct report_load *load, uint32_t number, struct span bytes)
{
    struct device *device = &load->devices[number];
    uint8_t text[DATAGRAM_LIMIT];
    uint8_t token[4];
    struct coap_message message;
    if (load->config.cipher) {
        struct dtls_record record;
        int size = dtls_record_decode(bytes, &record) > 0 && record.epoch == 1
                       ? dtls_aead_unseal(load->aead, device->keys.suite, &device->keys.read_key, &record, text)
                       : -1;
        if (size < 0)
            return;
        bytes = span_of_bytes(text, (size_t)size);
    }
    if (coap_message_decode(bytes, &message, NULL) != 0 || !device->waiting ||
        message.message_id != device->message_id || !span_equal(message.token, report_frame_token(number, token)))
        return;
    if (COAP_CODE_CLASS(message.code) != 2)
        load->figures.refused++;
    device_done(load, device);
}

static void datagram_take(void *context, uint32_t number, struct span bytes)
{
    struct report_load *load = context;
    if (number >= load->config.device_count)
        return;
    if (load->phase == PHASE_CONNECT)
        handshake_take(load, number, bytes);
    else
        answer_take(load, number, bytes);
}

static void overdue_repeat(struct report_load *load, double now_s)
{
    for (uint32_t i = 0; i < load->config.device_count; i++) {
        if (!load->devices[i].waiting || now_s - load->devices[i].sent_s < REPEAT_AFTER_S)
            continue;
        load->figures.repeated++;
        device_send(load, i);
    }
    load_socket_flush(load->socket);
}

/* Run a phase until `limit` devices were answered, or until the time is over (0: no limit of that kind). */
static void phase_run(struct report_load *load, enum load_phase phase, uint32_t limit, double seconds,
                      struct report_load_figures *out)
{
    double start_s = bench_clock_seconds(CLOCK_MONOTONIC);
    double processor_s = bench_clock_seconds(CLOCK_THREAD_CPUTIME_ID);
    double look_s = start_s;
    double now_s = start_s;
    load->phase = phase;
    load->figures = (struct report_load_figures){ 0 };
    load->released = 0;
    load->next = 0;
    uint32_t bound = load->config.requests_in_flight;
    if (phase == PHASE_CONNECT && bound > HANDSHAKES_IN_FLIGHT)
        bound = HANDSHAKES_IN_FLIGHT;
    bool idle;
    do {
        uint32_t before;
        do {
            before = load->released;
            if (load->in_flight < bound && (limit == 0 || load->released < limit))
                device_release(load);
        } while (load->released != before);
        idle = load->in_flight == 0; /* nobody has a day left; that all are answered at once is nothing of the kind */
        load_socket_flush(load->socket);
        load_socket_wait(load->socket, LOOK_MS);
        load_socket_receive(load->socket, datagram_take, load);
        now_s = bench_clock_seconds(CLOCK_MONOTONIC);
        if (now_s - look_s > REPEAT_AFTER_S / 2) {
            overdue_repeat(load, now_s);
            look_s = now_s;
        }
    } while (limit ? load->figures.answered < limit : now_s - start_s < seconds && !idle);
    load->figures.seconds = now_s - start_s;
    load->figures.processor_seconds = bench_clock_seconds(CLOCK_THREAD_CPUTIME_ID) - processor_s;
    *out = load->figures;
}

struct report_load *report_load_open(const struct report_load_config *config)
{
    struct report_load *load = calloc(1, sizeof *load);
    if (!load)
        return NULL;
    load->config = *config;
    load->stride = config->device_count % STRIDE == 0 ? 1 : STRIDE;
    load->socket = load_socket_open(config->port);
    load->devices = calloc(config->device_count, sizeof *load->devices);
    if (!load->devices || !load->socket || dtls_aead_open(&load->aead) != 0) {
        report_load_close(load);
        return NULL;
    }
    for (uint32_t i = 0; i < config->device_count; i++) {
        load->devices[i].volume_l = 2000 + i % 100000 + DAY_USE_L * config->day_first;
        load->devices[i].day = config->day_first;
    }
    return load;
}

void report_load_close(struct report_load *load)
{
    if (!load)
        return;
    load_socket_close(load->socket);
    dtls_aead_close(load->aead);
    free(load->devices);
    free(load);
}

bool report_load_connect(struct report_load *load, struct report_load_figures *out)
{
    phase_run(load, PHASE_CONNECT, load->config.device_count, 0, out);
    return out->refused == 0;
}

void report_load_register(struct report_load *load, struct report_load_figures *out)
{
    phase_run(load, PHASE_REGISTER, load->config.device_count, 0, out);
}

void report_load_begin(struct report_load *load, struct report_load_figures *out)
{
    phase_run(load, PHASE_REPORT, load->config.device_count, 0, out);
}

void report_load_report(struct report_load *load, double seconds, struct report_load_figures *out)
{
    phase_run(load, PHASE_REPORT, 0, seconds, out);
}

unsigned report_load_frame_size(const struct report_load *load)
{
    return load->frame_size;
}

static bool number_read(const char *text, uint32_t limit, uint32_t *out)
{
    int64_t value;
    if (decimal_parse(span_of_text(text), 0, &value) != 0 || value < 1 || value > limit)
        return false;
    *out = (uint32_t)value;
    return true;
}

bool report_load_options_read(int argc, char **argv, uint32_t device_limit, struct report_load_options *out)
{
    static const struct option known[] = { { "devices", required_argument, NULL, 'd' },
                                           { "seconds", required_argument, NULL, 's' },
                                           { NULL, 0, NULL, 0 } };
    int option;
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1)
        if ((option != 'd' || !number_read(optarg, device_limit, &out->devices)) &&
            (option != 's' || !number_read(optarg, SECONDS_LIMIT, &out->seconds)))
            return false;
    return true;
}
