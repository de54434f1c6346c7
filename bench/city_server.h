/* The program under measurement: `meterworks serve` in a process of its own, started, looked at, killed and asked to end. */
#ifndef BENCH_CITY_SERVER_H
#define BENCH_CITY_SERVER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct city_server {
    pid_t process; /* 0: none */
    uint16_t http_port, coap_port, coaps_port; /* 0 takes a free one at the first start, and keeps it */
    int64_t sync_delay_ms;
    double start_s;           /* from its start until its sockets answer */
    double start_processor_s; /* of that */
};

/* Start over the data folder and wait until it serves. It ends with this process.
 * returns  0; -1 with `problem` ("" when somebody asked to end) */
int city_server_start(struct city_server *server, const char *folder, char problem[256]);

/* As a power cut does: at once, nothing is put in order. Accepts one without a process. */
void city_server_kill(struct city_server *server);

/* Politely, and wait for its end.
 * returns  its exit status; -1 when it had to be killed */
int city_server_stop(struct city_server *server);

/* Processor time so far, all threads; 0 when it is not there. */
double city_server_processor_s(const struct city_server *server);

/* What a thread of the server did so far, by the kernel's count. */
struct city_server_thread {
    double ran_s;    /* on a processor */
    double waited_s; /* ready to run, while others had the processors */
};

/* name    as the program calls its threads: "core", "gate"
 * returns zeros when there is none */
struct city_server_thread city_server_thread(const struct city_server *server, const char *name);

/* Memory now and at its most, in bytes. */
struct city_server_memory {
    int64_t now_bytes;
    int64_t most_bytes;
};
struct city_server_memory city_server_memory(const struct city_server *server);

#endif
