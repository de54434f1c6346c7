/* Very many water meters behind one socket: each has an address of its own in 127.0.0.0/8, chosen per datagram.
 *
 * Closed loop: a fixed number of requests is under way, and an answer releases the next device. Nothing is believed
 * but a 2.04 (or 2.01) with the right message id and token. */
#ifndef BENCH_REPORT_LOAD_H
#define BENCH_REPORT_LOAD_H

#include <stdbool.h>
#include <stdint.h>

#define REPORT_LOAD_DEVICE_LIMIT 4000000

struct report_load_config {
    uint16_t port;            /* of the server, on 127.0.0.1 */
    const char *cipher;       /* NULL: plain CoAP; else OpenSSL's name of a suite */
    uint32_t device_count;
    uint64_t imei_first;      /* device i has imei_first + i */
    uint32_t requests_in_flight;
    int64_t midnight_first_s; /* of the first report; each further one of a device is a day later */
    int64_t clock_s;          /* what the devices' clocks show */
    uint32_t day_first;       /* days that each device has reported before, by another load */
    uint32_t day_limit;       /* 0 none; else days that no device goes beyond, those before counted */
    bool quarters;            /* a day of quarter-hours that ends at the midnight, in place of the daily report */
    bool put;                 /* PUT in place of POST, for a server that keeps what it is sent and reads none of it; plain CoAP */
    /* The key of a device, 16 bytes; not called for plain CoAP. */
    void (*key_find)(void *context, uint64_t imei, uint8_t key[16]);
    void *key_context;
};

struct report_load_figures {
    uint64_t answered;
    uint64_t repeated; /* requests sent again after 2 s without an answer */
    uint64_t refused;  /* any other answer */
    double seconds;
    double processor_seconds; /* of the generator's own thread */
};

struct report_load;

/* NULL when the system refuses (memory, socket). */
struct report_load *report_load_open(const struct report_load_config *config);
void report_load_close(struct report_load *load);

/* Handshakes of all devices, one after another with as many under way as configured. false: some failed */
bool report_load_connect(struct report_load *load, struct report_load_figures *out);

/* Register every device once. */
void report_load_register(struct report_load *load, struct report_load_figures *out);

/* Let every device report once, which brings a week of midnights; each further report brings one. */
void report_load_begin(struct report_load *load, struct report_load_figures *out);

/* Send reports for so long, or until no device has a day left. */
void report_load_report(struct report_load *load, double seconds, struct report_load_figures *out);

/* Bytes of one report on the wire, DTLS included. */
unsigned report_load_frame_size(const struct report_load *load);

/* How a program that uses the load is called: --devices N --seconds S. */
struct report_load_options {
    uint32_t devices;
    uint32_t seconds;
};

/* Options that are not given leave `out` as it is.
 * device_limit  the most devices, at most REPORT_LOAD_DEVICE_LIMIT
 * returns       false: an unknown option, or a number out of range */
bool report_load_options_read(int argc, char **argv, uint32_t device_limit, struct report_load_options *out);

#endif
