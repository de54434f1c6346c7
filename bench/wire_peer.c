/* The reports of the gate's bench sent to another CoAP server on this machine, by the same generator: a PUT of a daily report's bytes
 * from each of many addresses, answered by 2.01 or 2.04.
 *
 * usage: wire_peer PORT DEVICES SECONDS
 *
 * Prints reports a second, microseconds of processor a report in the generator, and how many were answered, with tabs between. What
 * the server took of the processor, whoever started it knows. Ends with 1 when nothing was answered or anything was refused.
 */
#include <stdio.h>
#include <stdlib.h>

#include "bench/bench_clock.h"
#include "bench/report_load.h"

#define IN_FLIGHT 2000

int main(int argc, char **argv)
{
    struct report_load_figures figures;
    if (argc != 4) {
        fputs("usage: wire_peer PORT DEVICES SECONDS\n", stderr);
        return 2;
    }
    struct report_load_config config = { .port = (uint16_t)strtoul(argv[1], NULL, 10),
                                         .device_count = (uint32_t)strtoul(argv[2], NULL, 10),
                                         .requests_in_flight = IN_FLIGHT, .put = true,
                                         .midnight_first_s = bench_clock_world_ms(NULL) / 1000,
                                         .clock_s = bench_clock_world_ms(NULL) / 1000 };
    if (config.device_count < config.requests_in_flight)
        config.requests_in_flight = config.device_count;
    struct report_load *load = report_load_open(&config);
    if (!load) {
        fputs("wire_peer: no memory or no socket\n", stderr);
        return 1;
    }
    report_load_report(load, strtod(argv[3], NULL), &figures);
    report_load_close(load);
    if (figures.answered == 0 || figures.refused != 0) {
        fprintf(stderr, "wire_peer: %llu answered, %llu refused\n", (unsigned long long)figures.answered,
                (unsigned long long)figures.refused);
        return 1;
    }
    printf("%.0f\t%.2f\t%llu\n", (double)figures.answered / figures.seconds,
           figures.processor_seconds * 1e6 / (double)figures.answered, (unsigned long long)figures.answered);
    return 0;
}
