/* One serial port of this machine: RS-485 behind a converter, or an M-Bus level converter.
 *
 * Raw bytes, nothing blocks, one thread. A port that is not there, or is unplugged, is tried again by
 * serial_port_work(); the owner waits on the descriptor of one that is open. Bounds: SERIAL_RECEIVE_LIMIT bytes a call;
 * SERIAL_SEND_LIMIT bytes that the driver does not take yet, more are refused. */
#ifndef WIRE_SERIAL_PORT_H
#define WIRE_SERIAL_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

#define SERIAL_RECEIVE_LIMIT 1024
#define SERIAL_SEND_LIMIT 1024
#define SERIAL_RETRY_MS 5000 /* between two tries to open a port */
#define SERIAL_PATH_LIMIT 64

struct serial_port;

struct serial_port_config {
    const char *path;  /* "/dev/ttyUSB0", below SERIAL_PATH_LIMIT characters; copied */
    uint32_t baud;     /* 300 to 115,200, one that the system knows; 0 means 2,400 */
    uint8_t parity;    /* 'E', 'N', 'O'; 0 means 'E' */
    uint8_t stop_bits; /* 1, 2; 0 means 1 */
};

/* Nothing is opened before the first serial_port_work().
 * out      given back by serial_port_close
 * returns  0; WIRE_ERR_ADDRESS: no such path or rate can be; WIRE_ERR_MEMORY */
int serial_port_open(const struct serial_port_config *config, struct serial_port **out);

/* Accepts NULL. */
void serial_port_close(struct serial_port *port);

/* Open it, or try again, when the time has come; send what waits.
 * now_ms   of a clock that never goes back
 * returns  true when it is open */
bool serial_port_work(struct serial_port *port, int64_t now_ms);

/* Give up one that is open but cannot be served: closed, and tried again after SERIAL_RETRY_MS. */
void serial_port_give_up(struct serial_port *port, int64_t now_ms);

/* To wait on: readable when bytes are there; writable matters while serial_port_is_blocked. -1 while it is not open. */
int serial_port_descriptor(const struct serial_port *port);

/* Bytes wait for the driver. */
bool serial_port_is_blocked(const struct serial_port *port);

/* When to call serial_port_work() again by itself; INT64_MAX while it is open. */
int64_t serial_port_due_ms(const struct serial_port *port);

/* Take what has come.
 * returns  bytes, 0 when none is there; WIRE_ERR_SYSTEM: unplugged; the port is closed until it can be opened again */
int serial_port_receive(struct serial_port *port, uint8_t bytes[SERIAL_RECEIVE_LIMIT], int64_t now_ms);

/* returns  0: sent, or kept to be sent; WIRE_ERR_SESSION: not open; WIRE_ERR_FULL: nothing of it was taken */
int serial_port_send(struct serial_port *port, struct span bytes);

#endif
