/* Water meters of a city that has been started by others, who say where (shards_bench.py).
 *
 * usage: shard_load PORT IMEI_FIRST DEVICES SECONDS
 *
 * Plain CoAP. Prints a line when all are registered and waits for a line; then the reports answered, those repeated and refused,
 * and the seconds that it took. */
#include <stdio.h>
#include <stdlib.h>

#include "base/calendar.h"
#include "bench/bench_clock.h"
#include "bench/report_load.h"

#define IN_FLIGHT 2000
#define ZONE_OFFSET_S 28800
#define DAY_S 86400
#define DAYS_BACK 9000 /* reports of each, a day apart */

static struct report_load *load_open(char **arguments)
{
    int64_t now_s = bench_clock_world_ms(NULL) / 1000;
    int64_t today_s = calendar_midnight(calendar_local_day(now_s, ZONE_OFFSET_S), ZONE_OFFSET_S);
    struct report_load_config config = {
        .port = (uint16_t)strtoul(arguments[1], NULL, 10),
        .imei_first = strtoull(arguments[2], NULL, 10),
        .device_count = (uint32_t)strtoul(arguments[3], NULL, 10),
        .requests_in_flight = IN_FLIGHT,
        .midnight_first_s = today_s - (int64_t)DAYS_BACK * DAY_S,
        .clock_s = now_s,
    };
    return report_load_open(&config);
}

int main(int argc, char **argv)
{
    struct report_load_figures figures;
    char line[16];
    struct report_load *load = argc == 5 ? load_open(argv) : NULL;

    if (load == NULL) {
        fprintf(stderr, "usage: shard_load PORT IMEI_FIRST DEVICES SECONDS\n");
        return 2;
    }
    report_load_register(load, &figures);
    printf("registered\n");
    fflush(stdout);
    if (fgets(line, sizeof line, stdin) == NULL)
        return 1;
    report_load_report(load, strtod(argv[4], NULL), &figures);
    printf("%llu %llu %llu %.3f %.3f\n", (unsigned long long)figures.answered, (unsigned long long)figures.repeated,
           (unsigned long long)figures.refused, figures.seconds, figures.processor_seconds);
    report_load_close(load);
    return 0;
}
