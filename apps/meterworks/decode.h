/* meterworks decode: what a frame says, field by field, with the clause that defines it. */
#ifndef APPS_METERWORKS_DECODE_H
#define APPS_METERWORKS_DECODE_H

/* Explain the frame given as hexadecimal arguments, or the frames of files and standard input, one a line.
 * returns  0 all valid; 1 a frame is damaged (reason and offset are printed) or a file unreadable; 2 wrong usage */
int decode_run(int argument_count, char **arguments);

#endif
