/* meterworks encode: a command to a device of a model, as the frames that would be sent. */
#ifndef APPS_METERWORKS_ENCODE_H
#define APPS_METERWORKS_ENCODE_H

int encode_run(int argument_count, char **arguments);

#endif
