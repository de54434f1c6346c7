/* A conversation over one line: orders in, frames out; frames in, uplinks out. Two kinds of it share this door:
 * `q376_session` with a concentrator, `line_master` with the meters of a transparent line.
 *
 * A conversation lives as long as its connection. It asks one thing at a time, in the order of urgency, repeats what
 * nobody answered, and ends every order it took with one uplink that has order_ended set: also when the connection is
 * lost. Pure: bytes, orders and the time are given to it, no socket, no clock, no thread. */
#ifndef DIALOG_LINE_DIALOG_H
#define DIALOG_LINE_DIALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cipher.h"
#include "base/counter.h"
#include "base/device_profile.h"
#include "base/line_order.h"
#include "base/span.h"
#include "base/uplink.h"
#include "dialog/line_order_queue.h"

/* What all conversations of a gate share; lives longer than any of them. */
struct line_dialog_house {
    void *context;
    /* Bytes to the peer. `line` is what line_dialog_kind.begin() was given. Bytes that cannot leave are lost bytes. */
    void (*send)(void *context, void *line, struct span bytes);
    /* A message for the core; message_id and gate are filled in by the callee and message_id is left in *uplink.
     * false: the core is full: an answer is offered again at the next tick, a report is not confirmed to the device */
    bool (*offer)(void *context, struct uplink *uplink);
    /* The model of that name; NULL when there is none. Good until the call into the dialog returns. */
    const struct device_profile *(*profile_find)(void *context, const char *name);
    const struct cipher *cipher;
    struct line_order_pool *orders;
    struct counter_table *counters; /* rows of line_dialog_counters(); NULL: not counted */
};

/* Rows of line_dialog_house.counters. */
enum line_dialog_counter {
    LINE_DIALOG_FRAMES_SENT,
    LINE_DIALOG_FRAMES_RECEIVED,
    LINE_DIALOG_FRAMES_REFUSED, /* damaged, of another address, or not expected */
    LINE_DIALOG_BYTES_SKIPPED,  /* between frames */
    LINE_DIALOG_REPEATS,        /* requests sent again because nobody answered well */
    LINE_DIALOG_ORDERS_DONE,
    LINE_DIALOG_ORDERS_FAILED, /* ended with a problem */
    LINE_DIALOG_COUNTER_COUNT
};

/* LINE_DIALOG_COUNTER_COUNT descriptions. */
const struct counter_description *line_dialog_counters(void);

/* Count, if anybody does. */
void line_dialog_count(const struct line_dialog_house *house, enum line_dialog_counter row, uint64_t amount);

/* The message that ends an order: its device (else its line) and command, kind UPLINK_ANSWER, no items. A
 * problem that leaves a command undone answers UPLINK_ANSWER_REFUSED when the meter or concentrator said so, else
 * UPLINK_ANSWER_TIMEOUT; LINE_PROBLEM_NONE answers UPLINK_ANSWER_EXECUTED. Answers of other operations have answer 0. */
struct uplink line_order_ended(const struct line_order *order, enum line_problem problem, int64_t now_ms);

struct line_dialog_kind {
    const char *name;
    size_t size; /* bytes of one conversation's state, all of it: this is the bound per connection */
    /* The peer of `record` is connected.
     * state    `size` bytes, any content; the caller's, who may free it after end() */
    void (*begin)(void *state, const struct line_dialog_house *house, const struct line_record *record, void *line,
                  int64_t now_ms);
    /* Bytes as they came, in any cut. */
    void (*receive)(void *state, struct span bytes, int64_t now_ms);
    /* returns  0; -1 when it has LINE_ORDER_OPEN_LIMIT orders: the order stays the caller's */
    int (*order)(void *state, const struct line_order *order, int64_t now_ms);
    /* What has not begun is ended as cancelled; what is under way ends by itself. */
    void (*cancel)(void *state, uint64_t order_id, int64_t now_ms);
    /* The core has stored (or refused) an uplink of this conversation. */
    void (*acknowledge)(void *state, const struct uplink_acknowledgement *acknowledgement, int64_t now_ms);
    /* What is due; the answer is when the next thing will be, INT64_MAX for never. */
    int64_t (*tick)(void *state, int64_t now_ms);
    /* The connection is gone: every order ends with `problem`; no send after this. */
    void (*end)(void *state, enum line_problem problem, int64_t now_ms);
};

extern const struct line_dialog_kind q376_session_kind; /* dialog/q376_session.c */
extern const struct line_dialog_kind line_master_kind;  /* dialog/line_master.c */

#endif
