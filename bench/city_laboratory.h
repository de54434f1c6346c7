/* Measurements with the laboratory's meters of a city: many days each, over a server that runs. */
#ifndef BENCH_CITY_LABORATORY_H
#define BENCH_CITY_LABORATORY_H

#include "bench/city_plan.h"
#include "bench/city_server.h"
#include "bench/report_load.h"

struct city_laboratory {
    const struct city_plan *plan;
    const struct city_server *server;
    uint32_t seconds;  /* of reports in each measurement */
    uint32_t days;     /* that its meters have reported in measurements before; begins as 0 */
};

struct city_laboratory_run {
    struct report_load_figures handshakes;
    struct report_load_figures registrations;
    struct report_load_figures begun;   /* first reports, one a meter, with a week of midnights */
    struct report_load_figures reports; /* after them, one midnight each */
    int64_t grown_bytes;       /* the server's memory, by handshakes and registrations */
    double server_processor_s; /* of the reports */
    double handshake_processor_s; /* of the server, for the handshakes */
    struct city_server_thread core, gate; /* of the server, while the reports came */
};

/* So many meters register, report once, and then day after day, for the seconds or at most `days` days.
 * cipher   NULL: plain CoAP; else OpenSSL's name, and handshakes come first
 * returns  0; -1 with `problem` */
int city_laboratory_measure(struct city_laboratory *laboratory, uint32_t devices, uint32_t days, const char *cipher,
                            struct city_laboratory_run *out, char problem[256]);

/* What the store has of quarter-hours of the laboratory's meters. */
struct city_laboratory_quarters {
    int64_t days;      /* yesterday, of a meter each */
    int64_t believed;  /* values */
    int64_t agreeing;  /* of the days: their end agrees with the midnight of the daily report */
    int64_t bytes;     /* of blocks */
};

/* So many meters report today's midnight and the six before it, and are then measured while each tells the quarter-hours of
 * yesterday, until all have. The last of all measurements: no other has days behind it.
 * returns  0; -1 with `problem` */
int city_laboratory_quarters(const struct city_laboratory *laboratory, uint32_t devices, struct city_laboratory_run *run,
                             struct city_laboratory_quarters *stored, char problem[256]);

#endif
