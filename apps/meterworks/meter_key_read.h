/* The recharge key of simulated meters from the command line. */
#ifndef APPS_METERWORKS_METER_KEY_READ_H
#define APPS_METERWORKS_METER_KEY_READ_H

#include "sim/meter_key.h"

#define METER_KEY_HELP "of electricity meters, 32 digits, - from standard input; the simulation's own"

/* text     32 hexadecimal digits; "-": they stand in the first line of standard input, so that no list of processes shows
 *          them
 * command  the subcommand's name, for what is said on standard error
 * returns  0 with the key and OpenSSL's ciphers; -1 and said why, *out untouched */
int meter_key_read(const char *command, const char *text, struct meter_key *out);

#endif
