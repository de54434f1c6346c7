/* What the line gate's files share. Everything here belongs to the gate's thread, but for what says otherwise. */
#ifndef APPS_METERWORKS_LINE_GATE_INTERNAL_H
#define APPS_METERWORKS_LINE_GATE_INTERNAL_H

#include <stdatomic.h>

#include "apps/meterworks/line_gate.h"
#include "apps/meterworks/line_strangers.h"
#include "apps/meterworks/line_timer.h"
#include "base/map.h"
#include "base/ring.h"
#include "dialog/dtu_stream.h"
#include "dialog/line_identify.h"
#include "wire/tcp_engine.h"

#define LINE_NONE UINT32_MAX

enum line_message_kind { LINE_MESSAGE_ORDER, LINE_MESSAGE_CANCEL, LINE_MESSAGE_PUT };

struct line_cancel {
    uint64_t order_id;
    uint32_t line_id;
};

/* From the core to the gate. */
struct line_message {
    uint32_t kind; /* enum line_message_kind */
    union {
        struct line_order order;
        struct line_cancel cancel;
        struct line_record record;
    } body;
};

/* A line of the archive. Its place in the table stays while it is there. */
struct gate_line {
    struct line_record record;           /* line_id 0: the place is free */
    const struct line_dialog_kind *kind; /* of `state`, also when the record says something else by now */
    void *state;                         /* the conversation; NULL: not connected */
    struct dtu_stream *stream;           /* of a connected DTU */
    uint64_t connection;                 /* 0: none. Of a line that we dial: also while nobody answers */
    struct serial_port *serial;          /* of a serial line; NULL otherwise */
    uint32_t serial_next;                /* 1 + place: of the serial lines */
    int64_t heard_ms;                    /* when the last byte came, of gate_thread.elapsed_ms */
    uint32_t next;                       /* 1 + place: of the free ones, of those touched in this turn */
    bool is_touched;                     /* also a free place on its way to the list of those */
    bool is_open;       /* of a line that we dial: somebody has answered; of a serial one: the port is there */
    bool is_ending;     /* the connection is gone; the conversation ends as soon as the core has room for its answers */
    bool is_logged_out; /* it said so itself */
    uint8_t ending_problem;  /* enum line_problem */
    uint8_t ending_presence; /* enum uplink_presence */
};

/* What a connection is to the gate, at its place in the engine. */
struct gate_link {
    uint64_t connection; /* 0: none */
    uint32_t line;       /* LINE_NONE: has not said who it is, and then it is in the list of those */
    uint32_t previous;   /* LINE_NONE at the ends */
    uint32_t next;
    uint32_t size;    /* of what it has said so far */
    int64_t until_ms; /* by the machine's clock: when patience ends */
    uint8_t *said;    /* LINE_IDENTIFY_BYTES_LIMIT bytes; NULL: nothing yet */
    struct peer_address peer;
};

struct line_gate {
    struct gate_thread thread;
    struct line_gate_ports ports;
    struct line_gate_config config;
    struct tcp_engine *tcp;
    struct line_identify *identify;
    struct line_timer *timer;
    struct line_order_pool *orders;
    struct line_dialog_house house;
    struct map lines_by_id;
    struct gate_line *lines; /* config.line_limit of them */
    uint32_t line_count;     /* places ever taken */
    uint32_t line_free;
    uint32_t touched_first;
    uint32_t serial_first;
    struct gate_link *links; /* config.connection_limit of them */
    uint32_t waiting_first;  /* who has not said who he is, the longest there first */
    uint32_t waiting_last;
    struct gate_line *speaking;         /* whose conversation is being called */
    const struct profile_set *profiles; /* held in this turn; NULL not yet */
    struct ring *acknowledgements;      /* from the core; room for one to each uplink that can be on its way */
    atomic_uint connected;              /* read by any thread */
    uint32_t last_message;           /* number of the last uplink */
    struct line_strangers strangers; /* any thread */
    struct line_found found;         /* any thread */
    struct counter values[LINE_GATE_COUNTER_COUNT];
    struct counter_table counters;
    struct counter dialog_values[LINE_DIALOG_COUNTER_COUNT];
    struct counter_table dialog_counters;
};

/* line_gate_lines.c */

/* returns  0; GATE_ERR_MEMORY */
int line_gate_lines_make(struct line_gate *gate);
void line_gate_lines_close(struct line_gate *gate);

/* LINE_NONE when there is none. */
uint32_t line_gate_line_find(const struct line_gate *gate, uint32_t line_id);

/* A change of the archive. */
void line_gate_line_put(struct line_gate *gate, const struct line_record *record);

/* A conversation begins: the line is connected.
 * returns  false without memory, or when the old one has not ended yet: nothing has begun */
bool line_gate_line_begin(struct line_gate *gate, uint32_t line);

/* The connection is gone. Nothing happens to a line that has no conversation. */
void line_gate_line_end(struct line_gate *gate, uint32_t line, enum line_problem problem,
                        enum uplink_presence presence);

/* Bytes of its peer. */
void line_gate_line_receive(struct line_gate *gate, uint32_t line, struct span bytes);

void line_gate_order_take(struct line_gate *gate, const struct line_order *order);
void line_gate_cancel_take(struct line_gate *gate, const struct line_cancel *cancel);
void line_gate_acknowledgement_take(struct line_gate *gate, const struct uplink_acknowledgement *acknowledgement);

/* Lines whose time has come and lines that were spoken with in this turn. returns when the next will be due */
int64_t line_gate_lines_work(struct line_gate *gate);

/* The platform's clock was set back. */
void line_gate_lines_set_back(struct line_gate *gate);

/* Whether an uplink for each order of a line and some more have room on their way to the core. */
bool line_gate_has_room(const struct line_gate *gate);

/* line_gate_links.c: what the TCP engine tells */

void line_gate_link_opened(void *context, uint64_t connection, const struct peer_address *peer);
void line_gate_link_received(void *context, uint64_t connection, struct span bytes);
void line_gate_link_closed(void *context, uint64_t connection);

/* Dial a serial server. */
void line_gate_link_dial(struct line_gate *gate, uint32_t line);

/* Close a line's connection, or stop dialling it. */
void line_gate_link_end(struct line_gate *gate, struct gate_line *line);

/* Send away those who have not said who they are. returns when the next will be, by the machine's clock */
int64_t line_gate_links_work(struct line_gate *gate);

void line_gate_links_close(struct line_gate *gate);

/* line_gate_serial.c */

void line_gate_serial_add(struct line_gate *gate, uint32_t line);
void line_gate_serial_end(struct line_gate *gate, struct gate_line *line);
void line_gate_serial_send(struct line_gate *gate, const struct gate_line *line, struct span bytes);

/* watch  epoll's data; 0 is none of a port */
void line_gate_serial_receive(struct line_gate *gate, uint64_t watch);

/* Open ports that are there again, send what waits. returns when to come again, by the machine's clock */
int64_t line_gate_serial_work(struct line_gate *gate);

#endif
