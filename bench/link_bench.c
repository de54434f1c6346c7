/* What a report costs on its way over a link between two processes, both ends together, beside the ring of one process.
 *
 * usage: link_bench [REPORTS]    default 500,000; processor time of one core, so a busy machine changes little */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "apps/meterworks/link_stream.h"
#include "base/quantity.h"
#include "base/ring.h"
#include "bench/bench_clock.h"
#include "link/link_window.h"

#define REPORTS_DEFAULT 500000
#define BATCH 256
#define WINDOW 2048
#define ITEMS 22  /* a daily report: 8 volumes, 14 states */
#define FRAME 190 /* and its datagram */

static const uint8_t key[TLS_CHANNEL_KEY_SIZE] = "sixteen bytes ok";

struct line {
    struct tls_party *parties[2];
    struct link_stream gate;
    struct link_stream core;
};

static void must(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "link_bench: %s\n", what);
    exit(1);
}

static bool key_find(void *context, struct span identity, uint8_t out[TLS_CHANNEL_KEY_SIZE])
{
    (void)context;
    (void)identity;
    memcpy(out, key, TLS_CHANNEL_KEY_SIZE);
    return true;
}

static struct uplink report_make(void)
{
    struct uplink uplink = { .message_id = 1, .device_id = 4711, .kind = UPLINK_REPORT, .item_count = ITEMS,
                             .frame_size = FRAME, .awake = 1 };

    for (int i = 0; i < ITEMS; i++)
        uplink.items[i] = (struct uplink_item){ .quantity = QUANTITY_WATER_VOLUME, .value = 7817000 + i, .time_s = 1795219200 };
    memset(uplink.frame, 0x5a, FRAME);
    return uplink;
}

static void line_open(struct line *line)
{
    struct tls_party_config dials = { .identity = "north" };
    struct tls_party_config dialled = { .key_find = key_find };
    int sockets[2];

    memcpy(dials.key, key, sizeof key);
    must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sockets) == 0, "no sockets");
    must(tls_party_open(&dials, &line->parties[0]) == 0 && tls_party_open(&dialled, &line->parties[1]) == 0 &&
             link_stream_open(&line->gate, line->parties[0], sockets[0], 0) == 0 &&
             link_stream_open(&line->core, line->parties[1], sockets[1], 0) == 0,
         "no TLS");
    for (int i = 0; i < 10; i++) {
        (void)link_stream_work(&line->gate, 0);
        (void)link_stream_work(&line->core, 0);
    }
    must(line->gate.shaken && line->core.shaken, "no handshake");
}

static double ring_measure(const struct uplink *report, long reports)
{
    struct ring *ring;
    struct uplink out;

    must(ring_make(BATCH, sizeof *report, &ring) == 0, "no memory");
    double start = bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    for (long done = 0; done < reports; done += BATCH) {
        for (int i = 0; i < BATCH; i++)
            must(ring_put(ring, report) == 0, "ring full");
        for (int i = 0; i < BATCH; i++)
            must(ring_take(ring, &out) == 0, "ring empty");
    }
    double end = bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    ring_release(ring);
    return (end - start) / (double)reports;
}

static double frame_measure(const struct uplink *report, long reports, size_t *bytes)
{
    struct link_message message = { .kind = LINK_UPLINK };
    static struct link_message out;
    uint8_t buffer[LINK_FRAME_LIMIT];

    message.body.uplink = *report;
    double start = bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    for (long i = 0; i < reports; i++) {
        struct writer writer = writer_of_buffer(buffer, sizeof buffer);
        must(link_frame_encode(&message, &writer) > 0 && link_frame_decode(writer_span(&writer), &out) > 0, "no frame");
        *bytes = writer.size;
    }
    return (bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID) - start) / (double)reports;
}

/* As gate_client.c and gate_links.c do: into the window, over the connection, answered, out of the window. */
static void batch_carry(struct line *line, struct link_window *window, const struct uplink *report)
{
    struct link_message message = { .kind = LINK_UPLINK };
    struct link_message answer = { .kind = LINK_ACKNOWLEDGEMENT };
    struct uplink_acknowledgement told;
    int answered = 0;

    for (int i = 0; i < BATCH; i++) {
        must(link_window_put(window, report) == 0, "window full");
        message.body.uplink = *link_window_send(window);
        must(link_stream_put(&line->gate, &message) == 0, "stream full");
    }
    while (answered < BATCH) {
        must(link_stream_work(&line->gate, 0) == 1 && link_stream_work(&line->core, 0) == 1, "link ended");
        while (link_stream_next(&line->core, &message) == 1) {
            link_stream_taken(&line->core);
            answer.body.acknowledgement = (struct uplink_acknowledgement){ .message_id = message.body.uplink.message_id,
                                                                           .accepted = 1 };
            must(link_stream_put(&line->core, &answer) == 0, "stream full");
        }
        while (link_stream_next(&line->gate, &message) == 1) {
            link_stream_taken(&line->gate);
            must(link_window_answer(window, message.body.acknowledgement.message_id, true, &told), "strange answer");
            answered++;
        }
    }
}

static double link_measure(const struct uplink *report, long reports)
{
    struct line line = { 0 };
    struct link_window *window;

    line_open(&line);
    must(link_window_open(WINDOW, &window) == 0, "no memory");
    double start = bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    for (long done = 0; done < reports; done += BATCH)
        batch_carry(&line, window, report);
    double end = bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    link_stream_close(&line.gate);
    link_stream_close(&line.core);
    tls_party_close(line.parties[0]);
    tls_party_close(line.parties[1]);
    link_window_close(window);
    return (end - start) / (double)reports;
}

int main(int argc, char **argv)
{
    long reports = argc > 1 ? strtol(argv[1], NULL, 10) : REPORTS_DEFAULT;
    struct uplink report = report_make();
    size_t bytes = 0;

    struct sigaction ignore = { .sa_handler = SIG_IGN };

    sigaction(SIGPIPE, &ignore, NULL); /* the second end is closed after the first */
    must(reports >= BATCH, "too few reports");
    double ring_s = ring_measure(&report, reports);
    double frame_s = frame_measure(&report, reports, &bytes);
    double link_s = link_measure(&report, reports);
    printf("a report of %d values, %zu bytes in a ring, %zu on a link; processor time a report\n", ITEMS, sizeof report, bytes);
    printf("ring, both sides                      %6.0f ns\n", ring_s * 1e9);
    printf("frame, encoded and decoded            %6.0f ns\n", frame_s * 1e9);
    printf("link with TLS and answer, both ends   %6.0f ns   %.0f times the ring\n", link_s * 1e9, link_s / ring_s);
    return 0;
}
