/* meterworks rate: worked bills from JSON lines. */
#ifndef APPS_METERWORKS_RATE_H
#define APPS_METERWORKS_RATE_H

/* Read JSON objects, one a line, from the files named (standard input without any, or "-"); print the computed fields of
 * each as one JSON object a line.
 * returns  0; 1 when a case is wrong or a file unreadable (told on standard error with its line); 2 for wrong options */
int rate_run(int argument_count, char **arguments);

#endif
