/* A simulated line in real time behind a TCP socket or a serial device: what a TCP serial server or a serial converter
 * is to a real line. One thread, one master at a time. */
#ifndef APPS_METERWORKS_LINE_SERVER_H
#define APPS_METERWORKS_LINE_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/line.h"

struct line_server {
    struct line *line;
    void *context;
    void (*second_pass)(void *context); /* called about once a second; may be NULL */

    int listener; /* TCP; -1 none */
    int master;   /* the one who is connected, or the serial device; -1 none */
    int signals;
    int64_t started_us; /* time 0 of the line */
    int64_t heard_us;   /* last byte of the master */
    int64_t second_us;
    size_t burst_size;
    uint8_t burst[LINE_BURST_LIMIT];
};

/* A socket that waits for masters.
 * address  "HOST:PORT", port 0 for any; out: the port
 * returns  0; -1 and the reason in problem */
int line_server_listen(struct line_server *server, struct line *line, const char *address, uint16_t *port,
                       char problem[256]);

/* A serial device, set to the line's baud and parity, or a pseudo terminal.
 * path     of the device; NULL makes a pseudo terminal
 * name     out: 64 characters, the path that a master opens
 * returns  0; -1 and the reason in problem */
int line_server_serial(struct line_server *server, struct line *line, const char *path, char name[64],
                       char problem[256]);

/* Serve until SIGINT or SIGTERM, which must be blocked (stop_signal_block).
 * returns  0; -1 when the line cannot be served any more, the reason in problem */
int line_server_run(struct line_server *server, char problem[256]);

void line_server_close(struct line_server *server);

#endif
