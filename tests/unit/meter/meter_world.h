/* One meter with a network and a platform that answers as a test wants it to, in simulated time. */
#ifndef TESTS_UNIT_METER_METER_WORLD_H
#define TESTS_UNIT_METER_METER_WORLD_H

#include <stdbool.h>

#include "base/downlink.h"
#include "codec/coap/coap_message.h"
#include "codec/water_meter/water_meter_command.h"
#include "meter/port/host/host_meter.h"

#define WORLD_NOW_MS INT64_C(1795219200000) /* 2026-11-21T00:00:00Z, 08:00 in China */
#define WORLD_SECOND INT64_C(1000)
#define WORLD_MINUTE INT64_C(60000)
#define WORLD_HOUR INT64_C(3600000)
#define WORLD_DAY INT64_C(86400000)
#define WORLD_MESSAGE_LIMIT 512

/* What the meter sent, first sendings and repetitions alike. */
struct world_counts {
    int opened;
    int closed;
    int registers;
    int updates;
    int reports; /* with history */
    int events;
    int series;  /* days of quarters */
    int sends;   /* datagrams */
};

struct meter_world {
    struct host_meter host;
    struct meter_config config;
    int64_t now_ms;
    int64_t due_ms;
    struct world_counts counts;

    bool network;        /* a search succeeds */
    bool platform;       /* requests are answered */
    uint8_t refusal;     /* answer every Send with this code instead of 2.04; 0 */
    uint8_t series_refusal; /* the same for a day of quarters */
    bool handle_lost;    /* answer Updates and Sends with 4.04 until the next Register */
    bool separate;       /* acknowledge first, answer in a message of its own */

    bool attach_waits;
    int answer_sizes[2]; /* datagrams on their way to the meter; 0 none */
    uint8_t answers[2][WORLD_MESSAGE_LIMIT];

    struct water_meter_report report; /* the last one with history */
    struct water_meter_report event;  /* the last one of any kind */
    struct water_meter_series series; /* the last one */
    int series_size;
    int64_t report_ms;
    int64_t event_ms;
    int report_size;     /* bytes of its payload */
    int event_size;
    enum meter_release release; /* of the last datagram */

    uint8_t code;        /* the meter's answer to world_ask; 0 none */
    int answer_size;     /* bytes of that datagram */
    struct water_meter_report content; /* of that answer when it had any */
    uint16_t message_id;
    struct meter_display display;
    int displays;
};

/* Prepared, not yet powered; config may still be changed. */
void world_open(struct meter_world *world);
void world_close(struct meter_world *world);

/* Power up and take the first step. */
void world_start(struct meter_world *world);

/* Let time pass. */
void world_run(struct meter_world *world, int64_t span_ms);

/* As world_run, with an equal flow of water. */
void world_flow(struct meter_world *world, int64_t span_ms, int32_t pulses);

void world_pulse(struct meter_world *world, int32_t pulses);

/* Send a command now and give the CoAP code of the meter's answer, 0 for silence. */
uint8_t world_ask(struct meter_world *world, const struct water_meter_command *command);

/* Send raw bytes now; code and content of the answer are in the world. */
uint8_t world_send(struct meter_world *world, struct span bytes);

/* Send a request of any kind. */
uint8_t world_request(struct meter_world *world, uint8_t code, const char *path, int32_t accept);

/* Start, and run until the first report has been answered: the meter listens. */
void world_start_listening(struct meter_world *world);

/* Recharge with this serial, in the meter's window. */
uint8_t world_recharge(struct meter_world *world, uint32_t serial, int64_t amount_fen);
uint8_t world_valve(struct meter_world *world, bool closed, uint32_t serial);

#endif
