#include "sim/concentrator_load.h"

#include <stdlib.h>
#include <string.h>

#include "codec/q376/q376_request.h"
#include "sim/concentrator_load_answer.h"

enum { LOGIN = 1, HEARTBEAT = 3 };

#define SENDS_LIMIT 3
#define OPENING_MS 30000
#define BACK_OFF_MS 2000
#define BACK_OFF_DOUBLINGS 5
#define MS_PER_S 1000

struct concentrator_load_config concentrator_load_config_default(void)
{
    struct concentrator_load_config config = {
        .region = { 0x03, 0x44 },
        .protocol = Q376_PROTOCOL_376,
        .meters = CONCENTRATOR_LOAD_METER_LIMIT,
        .heartbeat_s = 60,
        .response_s = 15,
        .login_spread_ms = 1000,
        .frame_limit = 1024,
    };
    return config;
}

uint64_t concentrator_load_meter(uint16_t terminal, unsigned index)
{
    return (uint64_t)terminal * 1000 + index + 1;
}

/* A unit of its own for each meter: 0.01 each 60 s to 560 s, from a start that is its own as well. */
int64_t concentrator_load_register(uint64_t address, int64_t time_s)
{
    uint64_t chance = (address + 1) * UINT64_C(0x9e3779b97f4a7c15);
    int64_t start = (int64_t)(chance >> 40 & 0xfffff), pace_s = 60 + (int64_t)(chance >> 20 & 0x1ff);

    return start + (time_s > 0 ? time_s : 0) / pace_s;
}

void concentrator_load_open(struct concentrator_load *load, const struct concentrator_load_config *config,
                            uint16_t terminal, uint64_t seed, int64_t now_ms)
{
    memset(load, 0, sizeof *load);
    load->config = config;
    load->terminal = terminal;
    load->random = random_of_seed(seed ^ terminal);
    load->now_ms = now_ms;
    load->due_ms =
        now_ms + (config->login_spread_ms == 0 ? 0 : (int64_t)random_below(&load->random, config->login_spread_ms));
}

void concentrator_load_close(struct concentrator_load *load)
{
    free(load->archive);
    load->archive = NULL;
}

static bool is_lost(struct concentrator_load *load)
{
    bool lost = load->config->lost_permille > 0 && random_below(&load->random, 1000) < load->config->lost_permille;
    load->config->counts->lost += lost ? 1u : 0u;
    return lost;
}

void concentrator_load_send(struct concentrator_load *load, struct span frame)
{
    if (load->state >= CONCENTRATOR_LOAD_LOGIN && !is_lost(load))
        load->config->send(load->config->context, load, frame);
}

/* AFN 02, for the first time or again with the same number. */
static void link_send(struct concentrator_load *load)
{
    uint8_t units_bytes[Q376_UNIT_ID_SIZE], bytes[64];
    struct writer units = writer_of_buffer(units_bytes, sizeof units_bytes),
                  out = writer_of_buffer(bytes, sizeof bytes);
    struct q376_exchange exchange;

    memset(&exchange, 0, sizeof exchange);
    exchange.protocol = load->config->protocol;
    memcpy(exchange.address.region, load->config->region, sizeof exchange.address.region);
    exchange.address.terminal = load->terminal;
    exchange.sequence = load->awaited;
    load->sends++;
    load->due_ms = load->now_ms + (int64_t)load->config->response_s * MS_PER_S;
    if (q376_unit_put(0, load->waiting, &units) == 0 &&
        q376_request_encode(&exchange, Q376_AFN_LINK, writer_span(&units), &out) == 0)
        concentrator_load_send(load, writer_span(&out));
}

static void link_start(struct concentrator_load *load, uint8_t function)
{
    load->waiting = function;
    load->awaited = load->sequence++ & Q376_SEQUENCE_NUMBER;
    load->sends = 0;
    link_send(load);
}

void concentrator_load_opened(struct concentrator_load *load, bool opened, int64_t now_ms)
{
    load->now_ms = now_ms;
    if (load->state != CONCENTRATOR_LOAD_OPENING)
        return;
    if (!opened) {
        concentrator_load_closed(load, now_ms);
        return;
    }
    load->state = CONCENTRATOR_LOAD_LOGIN;
    link_start(load, LOGIN);
}

void concentrator_load_closed(struct concentrator_load *load, int64_t now_ms)
{
    uint32_t doublings = load->attempt < BACK_OFF_DOUBLINGS ? load->attempt : BACK_OFF_DOUBLINGS;
    uint32_t wait_ms = (uint32_t)BACK_OFF_MS << doublings;

    load->now_ms = now_ms;
    if (load->state == CONCENTRATOR_LOAD_CLOSED)
        return;
    load->config->counts->disconnections += load->state == CONCENTRATOR_LOAD_ONLINE ? 1u : 0u;
    load->state = CONCENTRATOR_LOAD_CLOSED;
    load->waiting = 0;
    load->attempt = (uint8_t)(load->attempt < UINT8_MAX ? load->attempt + 1 : load->attempt);
    load->due_ms = now_ms + wait_ms / 2 + (int64_t)random_below(&load->random, wait_ms / 2);
}

static void drop(struct concentrator_load *load)
{
    concentrator_load_closed(load, load->now_ms);
    load->config->close(load->config->context, load);
}

void concentrator_load_online(struct concentrator_load *load)
{
    int64_t period_ms = (int64_t)load->config->heartbeat_s * MS_PER_S;

    if (load->state != CONCENTRATOR_LOAD_LOGIN)
        return;
    load->state = CONCENTRATOR_LOAD_ONLINE;
    load->waiting = 0;
    load->attempt = 0;
    load->config->counts->logins++;
    load->heartbeat_ms =
        load->now_ms + period_ms / 2 + (int64_t)random_below(&load->random, (uint64_t)period_ms / 2 + 1);
}

void concentrator_load_confirmed(struct concentrator_load *load, uint8_t sequence)
{
    if (load->waiting == 0 || (sequence & Q376_SEQUENCE_NUMBER) != load->awaited)
        return;
    if (load->waiting == LOGIN)
        concentrator_load_online(load);
    load->waiting = 0;
}

static void waiting_step(struct concentrator_load *load)
{
    if (load->now_ms < load->due_ms)
        return;
    if (load->sends >= SENDS_LIMIT)
        drop(load);
    else
        link_send(load);
}

int64_t concentrator_load_step(struct concentrator_load *load, int64_t now_ms)
{
    load->now_ms = now_ms;
    if (load->state == CONCENTRATOR_LOAD_CLOSED && now_ms >= load->due_ms) {
        load->state = CONCENTRATOR_LOAD_OPENING;
        load->due_ms = now_ms + OPENING_MS;
        load->config->open(load->config->context, load);
    } else if (load->state == CONCENTRATOR_LOAD_OPENING && now_ms >= load->due_ms) {
        drop(load);
    } else if (load->waiting != 0) {
        waiting_step(load);
    }
    if (load->state == CONCENTRATOR_LOAD_ONLINE && load->waiting == 0) {
        if (now_ms >= load->heartbeat_ms) {
            load->heartbeat_ms = now_ms + (int64_t)load->config->heartbeat_s * MS_PER_S;
            load->config->counts->heartbeats++;
            link_start(load, HEARTBEAT);
        } else {
            load->due_ms = load->heartbeat_ms;
        }
    }
    return load->due_ms > now_ms ? load->due_ms : now_ms + 1;
}

size_t concentrator_load_receive(struct concentrator_load *load, struct span bytes, int64_t now_ms)
{
    struct q376_frame frame;
    size_t done = 0, skip, size;

    load->now_ms = now_ms;
    do {
        struct span rest = span_of_bytes(bytes.bytes + done, bytes.size - done);
        size = q376_frame_find(rest, &skip);
        struct span found = span_of_bytes(rest.bytes + skip, size);
        if (size > 0 && load->state >= CONCENTRATOR_LOAD_LOGIN && q376_frame_decode(found, &frame, NULL) == 0 &&
            !q376_frame_is_uplink(&frame) && frame.address.terminal == load->terminal && !is_lost(load))
            concentrator_load_answer(load, &frame);
        done += skip + size;
    } while (size > 0);
    return done;
}
