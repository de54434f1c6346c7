/* The line gate: the thread that owns concentrators and lines. Connections that dial in, serial servers that we dial,
 * serial ports of this machine, and one conversation over each of them.
 *
 * It is joined to the core as gate_thread.h says: acknowledgements, orders and changes of the archive come to it.
 * Functions marked [core] are for the one thread that is the core; the others for whoever starts and stops the program.
 *
 * What must stay true: every order that was taken is answered by an uplink with order_ended, whatever becomes of its
 * line; a line has one conversation at most; a message of the core waits in its ring rather than that an answer to it
 * has no place in the other. */
#ifndef APPS_METERWORKS_LINE_GATE_H
#define APPS_METERWORKS_LINE_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "apps/meterworks/gate_thread.h"
#include "apps/meterworks/line_found.h"
#include "base/cipher.h"
#include "base/counter.h"
#include "base/line_order.h"
#include "base/uplink.h"
#include "dialog/line_dialog.h"
#include "wire/peer_address.h"

#define LINE_GATE_COUNTER_TABLE_LIMIT 3
#define LINE_GATE_STRANGER_LIMIT 64
#define LINE_GATE_NUMBER 1 /* of this gate in uplinks and acknowledgements; 0 is the gate of devices */

struct line_gate;
struct profile_set;

struct line_gate_ports {
    void *context;
    /* ms since 1970 UTC; may run faster than the world in a demonstration. Called by the gate's thread and the core's. */
    int64_t (*clock_read)(void *context);
    /* ms of a clock that nobody sets; NULL: the system's. Called by the gate's thread. */
    int64_t (*machine_clock_read)(void *context);
    /* The device models; held during one turn. NULL: there are none. Called by the gate's thread. */
    const struct profile_set *(*profiles_hold)(void *context);
    void (*profiles_release)(void *context, const struct profile_set *set);
};

struct line_gate_config {
    const char *address;       /* where concentrators and DTU dial in, "0.0.0.0:7376"; NULL: nobody does */
    uint32_t line_limit;       /* of the archive; 0 means 65,536 */
    uint32_t connection_limit; /* 0 means 20,480 */
    uint32_t order_limit;      /* of all lines together; 0 means 8,192 */
    uint32_t uplink_capacity;  /* messages on the way to the core; 0 means 8,192 */
    uint32_t order_capacity;   /* messages on the way back; 0 means 4,096 */
    uint32_t speed;            /* how fast clock_read runs against the world, to sleep rightly; 0 means 1 */
    uint8_t random[32];        /* fresh random bytes: tables that strangers fill */
    /* Who speaks with concentrators and over transparent lines; NULL: such lines are never connected. */
    const struct line_dialog_kind *concentrator_kind;
    const struct line_dialog_kind *transparent_kind;
    const struct cipher *cipher; /* lives longer than the gate; NULL: encrypted meters stay unread */
};

/* Rows of the gate's own counter table. */
enum line_gate_counter {
    LINE_GATE_CONNECTED,
    LINE_GATE_REPLACED,
    LINE_GATE_SILENT,
    LINE_GATE_LOST,
    LINE_GATE_STRANGERS,
    LINE_GATE_NAMELESS,
    LINE_GATE_ORDERS,
    LINE_GATE_ORDERS_OFFLINE,
    LINE_GATE_CORE_FULL,
    LINE_GATE_COUNTER_COUNT
};

/* Open the socket and tables; the thread does not run yet, so lines may be entered without bound.
 * out      given back by line_gate_close
 * returns  0; GATE_ERR_LINE_SOCKET, GATE_ERR_MEMORY, GATE_ERR_SYSTEM */
int line_gate_open(const struct line_gate_config *config, const struct line_gate_ports *ports, struct line_gate **out);

/* To start and stop it, take its uplinks, wake it and tell it the speed of the clock. */
struct gate_thread *line_gate_thread_of(struct line_gate *gate);

/* Stops first. Orders under way are not answered any more: the core knows that it stops. Accepts NULL. */
void line_gate_close(struct line_gate *gate);

/* The port in use, host order; 0 when nobody can dial in. */
uint16_t line_gate_port(const struct line_gate *gate);

/* [core] Messages to the gate. They leave its ring after gate_thread_wake.
 * An order is answered by uplinks, the last one with order_ended set: at once with LINE_PROBLEM_OFFLINE when its line
 * is not connected, with LINE_PROBLEM_FULL when the line has LINE_ORDER_OPEN_LIMIT orders. A search that was taken is what
 * line_gate_found tells of from then on.
 * returns  0; GATE_ERR_FULL: nothing has been taken */
int line_gate_acknowledge(struct line_gate *gate, const struct uplink_acknowledgement *acknowledgement);
int line_gate_order(struct line_gate *gate, const struct line_order *order);
int line_gate_cancel(struct line_gate *gate, uint32_t line_id, uint64_t order_id);

/* [core] A line is new, different or (record->removed) gone. A line that differs is connected anew.
 * returns  0; GATE_ERR_FULL */
int line_gate_put(struct line_gate *gate, const struct line_record *record);

/* Somebody who dialled in and is no line of the archive. */
struct line_stranger {
    char address[LINE_ADDRESS_LIMIT]; /* as the archive would write it; of a DTU the packet it sent, cut */
    uint8_t is_concentrator;
    uint32_t count; /* how often */
    int64_t first_s;
    int64_t last_s;
    char from[PEER_ADDRESS_TEXT_LIMIT]; /* the last time */
};

/* The last LINE_GATE_STRANGER_LIMIT of them, the latest first; one that a line has been made for is not among them any
 * more. Any thread.
 * returns  how many were written, at most `limit` */
size_t line_gate_strangers(struct line_gate *gate, struct line_stranger *out, size_t limit);

/* What the last search of a line for meters found, LINE_FOUND_SEARCH_LIMIT lines. Any thread.
 * returns  true with *out; false when the line was not searched lately */
bool line_gate_found(struct line_gate *gate, uint32_t line_id, struct line_found_search *out);

/* Lines that are connected at this moment. Any thread. */
uint32_t line_gate_connected_count(struct line_gate *gate);

/* What one more connected concentrator takes in this program: connection, its place, conversation. The line's own place
 * and the kernel's socket come on top. */
size_t line_gate_connection_bytes(const struct line_gate *gate);

/* Counters of wire, dialog and gate: fills at most LINE_GATE_COUNTER_TABLE_LIMIT tables, returns their number. Any
 * thread may read the tables while the gate is open. */
size_t line_gate_counters(struct line_gate *gate, struct counter_table *tables[LINE_GATE_COUNTER_TABLE_LIMIT]);

#endif
