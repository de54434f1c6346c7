/* meterworks bench: measurements that come with the program, so that anyone can repeat them. */
#ifndef BENCH_CITY_H
#define BENCH_CITY_H

/* As the subcommands of apps/meterworks: arguments[0] is "bench".
 * returns  0 measured, and proven; 1 it could not be, or the proof failed (said on standard error); 2 wrong usage */
int bench_run(int argument_count, char **arguments);

#endif
