/* One entry per subcommand; each takes its own arguments ([0] is its name) and returns the program's exit status:
 * 0 done, 1 it could not be done (said on standard error), 2 wrong usage. */
#ifndef APPS_METERWORKS_SUBCOMMANDS_H
#define APPS_METERWORKS_SUBCOMMANDS_H

int init_run(int argument_count, char **arguments);
int serve_run(int argument_count, char **arguments);
int demo_run(int argument_count, char **arguments);
int simulate_run(int argument_count, char **arguments);
int meters_run(int argument_count, char **arguments);
int concentrators_run(int argument_count, char **arguments);
int gate_run(int argument_count, char **arguments);
int gate_key_run(int argument_count, char **arguments);
int api_run(int argument_count, char **arguments);
int api_key_run(int argument_count, char **arguments);
int device_key_run(int argument_count, char **arguments);
int distribute_run(int argument_count, char **arguments);
int verify_run(int argument_count, char **arguments);

#endif
