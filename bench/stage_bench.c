/* A daily report of eight values, stage by stage in one thread: received, opened, read, handed over, judged, stored,
 * acknowledged, sent. Prints a line a stage, parted by tabs; stage_bench.py makes the table and adds instructions. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/calendar.h"
#include "base/ring.h"
#include "bench/bench_clock.h"
#include "bench/report_frame.h"
#include "bench/stage_core.h"
#include "bench/stage_count.h"
#include "bench/stage_peers.h"
#include "codec/coap/coap_message.h"
#include "codec/water_meter/water_meter_report.h"
#include "dialog/device_directory.h"
#include "dialog/lwm2m_server.h"
#include "wire/udp_engine.h"

#define IMEI_FIRST 350000000000000
#define DAY_S 86400
#define DAYS_BACK 400
#define ZONE_OFFSET_S 28800
#define STRIDE 7919 /* odd and prime: each device once, far from the one before */
#define CHUNK 256   /* datagrams on the way through the kernel at once */
#define MESSAGES_LIMIT 8192

enum { RECEIVE, HANDSHAKE, OPEN, PARSE, DECODE, REGISTER, CONVERSE, TAKE, ACKNOWLEDGE, SEND, STAGE_COUNT };

struct message {
    size_t size;
    size_t sealed_size;
    uint8_t bytes[REPORT_FRAME_LIMIT];
    uint8_t sealed[REPORT_FRAME_LIMIT + 64];
    struct dialog_peer peer;
};

struct bench {
    uint32_t devices;
    uint32_t messages; /* a round */
    bool secured;
    int client;
    struct udp_engine *engine;
    struct stage_peers *peers; /* NULL: plain */
    struct device_directory *directory;
    struct lwm2m_server *server;
    struct ring *ring;
    struct stage_core *core;
    struct message *message;
    struct uplink *uplinks;
    uint32_t opened; /* messages of the round that came out of their records */
    uint64_t counted;
    struct stage stages[STAGE_COUNT];
};

static uint32_t device_index(const struct bench *bench, int32_t round, uint32_t i)
{
    return (uint32_t)(((uint64_t)(uint32_t)round * bench->messages + i) * STRIDE % bench->devices);
}

/* How often the device reported before: once all have, they begin again. */
static uint32_t device_day(const struct bench *bench, int32_t round, uint32_t i)
{
    return (uint32_t)(((uint64_t)(uint32_t)round * bench->messages + i) / bench->devices);
}

static void server_send(void *context, const struct dialog_peer *to, struct span bytes)
{
    struct bench *bench = context;
    int result = bench->peers ? stage_peers_send(bench->peers, to, bytes)
                              : udp_engine_send(bench->engine, &to->address, bytes);
    bench->counted += result == 0;
}

static bool server_offer(void *context, const struct uplink *uplink)
{
    struct bench *bench = context;
    return ring_put(bench->ring, uplink) == 0;
}

static bool server_device_find(void *context, uint64_t imei, struct dialog_device *out)
{
    const struct bench *bench = context;
    return device_directory_find(bench->directory, imei, out);
}

static bool socket_make(struct bench *bench)
{
    struct udp_engine_config config = { .address = "127.0.0.1:0", .send_capacity = MESSAGES_LIMIT * 2,
                                        .receive_bytes = 8388608 };
    struct sockaddr_in any = { .sin_family = AF_INET };
    int buffer = 8388608;
    bench->client = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    return bench->client >= 0 && bind(bench->client, (const struct sockaddr *)&any, sizeof any) == 0 &&
           setsockopt(bench->client, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer) == 0 &&
           udp_engine_open(&config, &bench->engine) == 0;
}

static bool dialog_make(struct bench *bench)
{
    struct lwm2m_server_ports ports = { bench, server_send, server_offer, server_device_find, NULL };
    struct lwm2m_server_config config = { .secret = { 1, 2 }, .handle_key = { 3, 4 } };
    return device_directory_open(0, config.secret, &bench->directory) == 0 &&
           lwm2m_server_open(&config, &ports, &bench->server) == 0;
}

/* Each device has an address of its own in 127.0.0.0/8 and the client's port, so that answers find a socket. */
static struct peer_address address_of(const struct bench *bench, uint32_t index)
{
    struct sockaddr_in bound;
    socklen_t size = sizeof bound;
    struct peer_address address = { .ip = { [10] = 0xff, [11] = 0xff, [12] = 127, [13] = (uint8_t)(1 + (index >> 16)),
                                            [14] = (uint8_t)(index >> 8), [15] = (uint8_t)index } };
    if (getsockname(bench->client, (struct sockaddr *)&bound, &size) == 0)
        address.port = ntohs(bound.sin_port);
    return address;
}

static void client_drain(const struct bench *bench)
{
    uint8_t bytes[2048];
    while (recv(bench->client, bytes, sizeof bytes, 0) >= 0)
        continue;
}

static void messages_write(struct bench *bench, int32_t round)
{
    int64_t now_s = bench_clock_world_ms(NULL) / 1000;
    int64_t first_s = calendar_midnight(calendar_local_day(now_s, ZONE_OFFSET_S) - DAYS_BACK, ZONE_OFFSET_S);
    for (uint32_t i = 0; i < bench->messages; i++) {
        struct message *message = &bench->message[i];
        uint32_t index = device_index(bench, round, i);
        struct writer writer = writer_of_buffer(message->bytes, sizeof message->bytes);
        uint32_t day = device_day(bench, round, i);
        struct report_frame frame = { .number = index, .message_id = (uint16_t)(day + 2), .clock_s = now_s,
                                      .midnight_s = first_s + (int64_t)day * DAY_S,
                                      .volume_l = 2000 + index % 100000 + day * 250 };
        message->size = report_frame_daily(&frame, &writer) ? writer_span(&writer).size : 0;
        message->peer = (struct dialog_peer){ .address = address_of(bench, index) };
    }
}

static void datagram_count(void *context, const struct peer_address *from, struct span bytes)
{
    struct bench *bench = context;
    (void)from;
    bench->counted += bytes.size > 0;
}

/* Through the kernel and recvmmsg: what the wire costs without what it carries. */
static bool receive_run(struct bench *bench)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(udp_engine_port(bench->engine)),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    bench->counted = 0;
    for (uint32_t done = 0; done < bench->messages;) {
        uint32_t until = done + CHUNK < bench->messages ? done + CHUNK : bench->messages;
        for (uint32_t i = done; i < until; i++) {
            const struct message *message = &bench->message[i];
            if (sendto(bench->client, bench->secured ? message->sealed : message->bytes,
                       bench->secured ? message->sealed_size : message->size, 0, (const struct sockaddr *)&to, sizeof to) < 0)
                return false;
        }
        stage_begin(&bench->stages[RECEIVE]);
        while (udp_engine_receive(bench->engine, datagram_count, bench) > 0)
            continue;
        stage_end(&bench->stages[RECEIVE], until - done);
        done = until;
    }
    return bench->counted == bench->messages;
}

static void record_opened(void *context, const struct peer_address *from, uint32_t session, uint64_t principal,
                          struct span text)
{
    struct bench *bench = context;
    struct message *message = &bench->message[bench->opened++];
    message->peer = (struct dialog_peer){ .address = *from, .secured = true, .session = session, .imei = principal };
    message->size = text.size;
    memcpy(message->bytes, text.bytes, text.size);
}

static bool open_run(struct bench *bench, int32_t round)
{
    for (uint32_t i = 0; i < bench->messages; i++) {
        struct message *message = &bench->message[i];
        message->sealed_size = stage_peers_seal(bench->peers, device_index(bench, round, i),
                                                span_of_bytes(message->bytes, message->size), message->sealed,
                                                sizeof message->sealed);
    }
    bench->opened = 0;
    stage_begin(&bench->stages[OPEN]);
    for (uint32_t i = 0; i < bench->messages; i++)
        stage_peers_receive(bench->peers, &bench->message[i].peer.address,
                            span_of_bytes(bench->message[i].sealed, bench->message[i].sealed_size));
    stage_end(&bench->stages[OPEN], bench->messages);
    return bench->opened == bench->messages;
}

static bool codec_run(struct bench *bench)
{
    struct coap_message parsed;
    struct water_meter_report report = { 0 };
    struct lwm2m_path root = { .depth = 0 };
    bool good = true;
    stage_begin(&bench->stages[PARSE]);
    for (uint32_t i = 0; i < bench->messages; i++)
        good &= coap_message_decode(span_of_bytes(bench->message[i].bytes, bench->message[i].size), &parsed, NULL) == 0;
    stage_end(&bench->stages[PARSE], bench->messages);
    stage_begin(&bench->stages[DECODE]);
    for (uint32_t i = 0; i < bench->messages; i++) {
        struct span bytes = span_of_bytes(bench->message[i].bytes, bench->message[i].size);
        if (coap_message_decode(bytes, &parsed, NULL) == 0)
            good &= water_meter_report_decode(COAP_FORMAT_SENML_CBOR, root, parsed.payload, &report) > 0;
    }
    stage_end(&bench->stages[DECODE], bench->messages);
    return good;
}

static bool conversation_run(struct bench *bench)
{
    int64_t now_ms = bench_clock_world_ms(NULL);
    uint32_t taken = 0;
    stage_begin(&bench->stages[CONVERSE]);
    for (uint32_t i = 0; i < bench->messages; i++)
        lwm2m_server_receive(bench->server, &bench->message[i].peer,
                             span_of_bytes(bench->message[i].bytes, bench->message[i].size), now_ms);
    stage_end(&bench->stages[CONVERSE], bench->messages);
    stage_begin(&bench->stages[TAKE]);
    while (taken < bench->messages && ring_take(bench->ring, &bench->uplinks[taken]) == 0)
        taken++;
    stage_end(&bench->stages[TAKE], taken);
    return taken == bench->messages;
}

static bool answer_run(struct bench *bench)
{
    int64_t now_ms = bench_clock_world_ms(NULL);
    bench->counted = 0;
    stage_begin(&bench->stages[ACKNOWLEDGE]);
    for (uint32_t i = 0; i < bench->messages; i++) {
        struct uplink_acknowledgement answer = { .message_id = bench->uplinks[i].message_id,
                                                 .device_id = bench->uplinks[i].device_id, .accepted = 1 };
        lwm2m_server_acknowledge(bench->server, &answer, now_ms);
    }
    stage_end(&bench->stages[ACKNOWLEDGE], bench->messages);
    stage_begin(&bench->stages[SEND]);
    bool good = udp_engine_flush(bench->engine) == 0;
    stage_end(&bench->stages[SEND], bench->messages);
    client_drain(bench);
    return good && bench->counted == bench->messages;
}

/* Every device says once that it is there: all later messages meet a table as full as it gets. */
static bool devices_register(struct bench *bench)
{
    static struct uplink presence;
    int64_t now_ms = bench_clock_world_ms(NULL);
    for (uint32_t i = 0; i < bench->devices; i++) {
        uint8_t bytes[REPORT_FRAME_LIMIT];
        struct writer writer = writer_of_buffer(bytes, sizeof bytes);
        struct report_frame frame = { .number = i, .message_id = 1 };
        struct dialog_device device = { .device_id = stage_core_device(bench->core, i), .secured_only = bench->secured };
        struct dialog_peer peer = { .address = address_of(bench, i) };
        bool measured = i >= bench->devices - bench->messages;
        if (device_directory_put(bench->directory, IMEI_FIRST + i, device) != 0 ||
            !report_frame_register(&frame, IMEI_FIRST + i, &writer))
            return false;
        if (bench->secured)
            continue; /* the key says who speaks */
        if (i == bench->devices - bench->messages)
            stage_begin(&bench->stages[REGISTER]);
        lwm2m_server_receive(bench->server, &peer, writer_span(&writer), now_ms);
        while (!measured && ring_take(bench->ring, &presence) == 0)
            continue;
        if (!measured) {
            udp_engine_flush(bench->engine);
            client_drain(bench);
        }
    }
    if (!bench->secured)
        stage_end(&bench->stages[REGISTER], bench->messages);
    while (ring_take(bench->ring, &presence) == 0)
        continue;
    udp_engine_flush(bench->engine);
    client_drain(bench);
    return bench->secured || lwm2m_server_registered_count(bench->server) == bench->devices;
}

static bool peers_connect(struct bench *bench)
{
    struct stage_peers_config config = { .engine = bench->engine, .count = bench->devices, .imei_first = IMEI_FIRST,
                                         .context = bench, .deliver = record_opened };
    struct peer_address *addresses = calloc(bench->devices, sizeof *addresses);
    if (!addresses)
        return false;
    for (uint32_t i = 0; i < bench->devices; i++)
        addresses[i] = address_of(bench, i);
    config.addresses = addresses;
    bench->peers = stage_peers_open(&config, &bench->stages[HANDSHAKE]);
    return bench->peers != NULL;
}

static bool bench_open(struct bench *bench)
{
    static const char *const names[STAGE_COUNT] = {
        [RECEIVE] = "receive", [HANDSHAKE] = "handshake, the server's part", [OPEN] = "open the record",
        [PARSE] = "parse CoAP", [DECODE] = "parse CoAP and decode SenML", [REGISTER] = "registration",
        [CONVERSE] = "conversation: parse, decode, repeats, device, uplink, hand over", [TAKE] = "take over",
        [ACKNOWLEDGE] = "acknowledge", [SEND] = "send",
    };
    for (size_t i = 0; i < STAGE_COUNT; i++)
        bench->stages[i] = (struct stage){ .name = names[i], .warming = i != HANDSHAKE && i != REGISTER };
    bench->message = calloc(bench->messages, sizeof *bench->message);
    bench->uplinks = calloc(bench->messages, sizeof *bench->uplinks);
    bench->core = stage_core_open(bench->devices, IMEI_FIRST, bench->secured);
    return bench->message && bench->uplinks && bench->core && socket_make(bench) && dialog_make(bench) &&
           ring_make(bench->messages, sizeof(struct uplink), &bench->ring) == 0 &&
           (!bench->secured || peers_connect(bench)) && devices_register(bench);
}

static void bench_close(struct bench *bench)
{
    stage_peers_close(bench->peers);
    lwm2m_server_close(bench->server);
    device_directory_close(bench->directory);
    ring_release(bench->ring);
    udp_engine_close(bench->engine);
    stage_core_close(bench->core);
    if (bench->client >= 0)
        close(bench->client);
    free(bench->message);
    free(bench->uplinks);
}

static bool round_run(struct bench *bench, int32_t round)
{
    messages_write(bench, round);
    return (!bench->secured || open_run(bench, round)) && receive_run(bench) && codec_run(bench) &&
           conversation_run(bench) && stage_core_take(bench->core, bench->uplinks, bench->messages, round) &&
           answer_run(bench);
}

/* Every device reported once, and tables have their size: from here on it counts. */
static void warm_up_end(struct bench *bench)
{
    for (size_t i = 0; i < STAGE_COUNT; i++)
        bench->stages[i].warming = false;
    stage_core_steady(bench->core);
}

int main(int count, char **words)
{
    struct bench bench = { .client = -1 };
    int32_t rounds = count == 5 ? (int32_t)strtol(words[4], NULL, 10) : 0;
    if (count == 5) {
        bench.secured = strcmp(words[1], "secured") == 0;
        bench.devices = (uint32_t)strtoul(words[2], NULL, 10);
        bench.messages = (uint32_t)strtoul(words[3], NULL, 10);
    }
    if (rounds < 1 || bench.messages < 1 || bench.messages > MESSAGES_LIMIT || bench.messages > bench.devices) {
        fprintf(stderr, "usage: stage_bench plain|secured DEVICES MESSAGES ROUNDS\n");
        return 2;
    }
    int32_t warming = (int32_t)((bench.devices + bench.messages - 1) / bench.messages);
    bool good = bench_open(&bench);
    for (int32_t round = 0; good && round < warming + rounds; round++) {
        if (round == warming)
            warm_up_end(&bench);
        good = round_run(&bench, round);
    }
    for (size_t i = 0; good && i < STAGE_COUNT; i++)
        if (bench.stages[i].messages > 0)
            stage_print(&bench.stages[i]);
    if (good)
        stage_core_print(bench.core);
    bench_close(&bench);
    if (!good)
        fprintf(stderr, "stage_bench: a message got lost\n");
    return good ? 0 : 1;
}
