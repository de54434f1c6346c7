#include "bench/report_load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/decimal.h"
#include "bench/bench_clock.h"
#include "bench/dtls_client.h"
#include "bench/report_frame.h"
#include "codec/coap/coap_message.h"

#define BATCH 64
#define DATAGRAM_LIMIT 1500
#define ADDRESS_FIRST 0x7f010000u /* 127.1.0.0 */
#define REPEAT_AFTER_S 2.0
#define DAY_S 86400
#define HANDSHAKES_IN_FLIGHT 256 /* below what a server takes at once */
#define RECORD_FIRST 64 /* OpenSSL used the first numbers of epoch 1 itself */
#define IDENTITY_LIMIT 32
#define SECONDS_LIMIT 3600

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

struct outgoing {
    struct iovec vector;
    _Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof(struct in_pktinfo))];
    uint8_t bytes[DATAGRAM_LIMIT];
};

enum load_phase { PHASE_CONNECT, PHASE_REGISTER, PHASE_REPORT };

struct report_load {
    struct report_load_config config;
    enum load_phase phase;
    int socket;
    struct sockaddr_in server;
    struct device *devices;
    struct dtls_aead *aead;
    struct mmsghdr out_headers[BATCH];
    struct outgoing out[BATCH];
    unsigned out_count;
    struct mmsghdr in_headers[BATCH];
    struct outgoing in[BATCH];
    struct report_load_figures figures;
    uint32_t next;      /* device to release next */
    uint32_t released;  /* in this phase */
    uint32_t in_flight;
    unsigned frame_size;
};

static void flush(struct report_load *load)
{
    unsigned sent = 0;
    while (sent < load->out_count) {
        int count = sendmmsg(load->socket, load->out_headers + sent, load->out_count - sent, 0);
        if (count < 0 && errno != EINTR && errno != EAGAIN && errno != ENOBUFS)
            break; /* counted as unanswered, and repeated */
        sent += count > 0 ? (unsigned)count : 0;
    }
    load->out_count = 0;
}

static void datagram_send(struct report_load *load, uint32_t number, struct span bytes)
{
    struct outgoing *out = &load->out[load->out_count];
    struct msghdr *header = &load->out_headers[load->out_count].msg_hdr;
    struct in_pktinfo source = { .ipi_spec_dst.s_addr = htonl(ADDRESS_FIRST + number) };
    memcpy(out->bytes, bytes.bytes, bytes.size);
    out->vector = (struct iovec){ out->bytes, bytes.size };
    *header = (struct msghdr){ .msg_name = &load->server, .msg_namelen = sizeof load->server,
                               .msg_iov = &out->vector, .msg_iovlen = 1, .msg_control = out->control,
                               .msg_controllen = sizeof out->control };
    struct cmsghdr *control = CMSG_FIRSTHDR(header);
    control->cmsg_level = IPPROTO_IP;
    control->cmsg_type = IP_PKTINFO;
    control->cmsg_len = CMSG_LEN(sizeof source);
    memcpy(CMSG_DATA(control), &source, sizeof source);
    if (++load->out_count == BATCH)
        flush(load);
}

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
    datagram_send(load, number, message);
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
    if (report_frame_daily(&frame, &writer))
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
        datagram_send(load, number, dtls_client_flight(device->client));
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
    device->message_id++;
    if (load->phase == PHASE_REPORT) {
        device->day++;
        device->volume_l += 250;
    }
    load->in_flight++;
    load->released++;
    device_send(load, load->next);
    load->next = (load->next + 1) % load->config.device_count;
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
        datagram_send(load, number, flight);
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

static bool device_of(const struct msghdr *header, uint32_t device_count, uint32_t *number)
{
    struct msghdr copy = *header;
    for (struct cmsghdr *control = CMSG_FIRSTHDR(&copy); control; control = CMSG_NXTHDR(&copy, control))
        if (control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo target;
            memcpy(&target, CMSG_DATA(control), sizeof target);
            *number = ntohl(target.ipi_addr.s_addr) - ADDRESS_FIRST;
            return *number < device_count;
        }
    return false;
}

static int batch_receive(struct report_load *load)
{
    for (unsigned i = 0; i < BATCH; i++) {
        load->in[i].vector = (struct iovec){ load->in[i].bytes, sizeof load->in[i].bytes };
        load->in_headers[i].msg_hdr = (struct msghdr){ .msg_iov = &load->in[i].vector, .msg_iovlen = 1,
                                                       .msg_control = load->in[i].control,
                                                       .msg_controllen = sizeof load->in[i].control };
    }
    int count = recvmmsg(load->socket, load->in_headers, BATCH, MSG_DONTWAIT, NULL);
    for (int i = 0; i < count; i++) {
        uint32_t number;
        struct span bytes = span_of_bytes(load->in[i].bytes, load->in_headers[i].msg_len);
        if (!device_of(&load->in_headers[i].msg_hdr, load->config.device_count, &number))
            continue;
        if (load->phase == PHASE_CONNECT)
            handshake_take(load, number, bytes);
        else
            answer_take(load, number, bytes);
    }
    return count;
}

static void overdue_repeat(struct report_load *load, double now_s)
{
    for (uint32_t i = 0; i < load->config.device_count; i++) {
        if (!load->devices[i].waiting || now_s - load->devices[i].sent_s < REPEAT_AFTER_S)
            continue;
        load->figures.repeated++;
        device_send(load, i);
    }
    flush(load);
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
    do {
        uint32_t before;
        do {
            before = load->released;
            if (load->in_flight < bound && (limit == 0 || load->released < limit))
                device_release(load);
        } while (load->released != before);
        flush(load);
        struct pollfd wait = { load->socket, POLLIN, 0 };
        poll(&wait, 1, 100);
        while (batch_receive(load) == BATCH)
            flush(load);
        now_s = bench_clock_seconds(CLOCK_MONOTONIC);
        if (now_s - look_s > REPEAT_AFTER_S / 2) {
            overdue_repeat(load, now_s);
            look_s = now_s;
        }
    } while (limit ? load->figures.answered < limit : now_s - start_s < seconds);
    load->figures.seconds = now_s - start_s;
    load->figures.processor_seconds = bench_clock_seconds(CLOCK_THREAD_CPUTIME_ID) - processor_s;
    *out = load->figures;
}

static bool socket_make(struct report_load *load)
{
    int on = 1;
    int buffer = 8388608;
    struct sockaddr_in any = { .sin_family = AF_INET };
    load->server = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(load->config.port),
                                         .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    load->socket = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    return load->socket >= 0 && setsockopt(load->socket, IPPROTO_IP, IP_PKTINFO, &on, sizeof on) == 0 &&
           setsockopt(load->socket, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer) == 0 &&
           bind(load->socket, (const struct sockaddr *)&any, sizeof any) == 0;
}

struct report_load *report_load_open(const struct report_load_config *config)
{
    struct report_load *load = calloc(1, sizeof *load);
    if (!load)
        return NULL;
    load->config = *config;
    load->socket = -1;
    load->devices = calloc(config->device_count, sizeof *load->devices);
    if (!load->devices || !socket_make(load) || dtls_aead_open(&load->aead) != 0) {
        report_load_close(load);
        return NULL;
    }
    for (uint32_t i = 0; i < config->device_count; i++)
        load->devices[i].volume_l = 2000 + i % 100000;
    return load;
}

void report_load_close(struct report_load *load)
{
    if (!load)
        return;
    if (load->socket >= 0)
        close(load->socket);
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
