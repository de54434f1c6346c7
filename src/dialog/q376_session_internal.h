/* What the files of the conversation with a concentrator share. Not for other rooms.
 *
 * Bytes are gathered until q376_frame_find() sees a frame; the frame is handled while it lies at the front of the
 * buffer. A handler offers all its uplinks first and changes the conversation afterwards: when the core takes no more,
 * the handler answers false, the frame stays where it is and is handled again later, passing over what was taken. So
 * nothing is said twice, nothing is lost, and no uplink is kept. */
#ifndef DIALOG_Q376_SESSION_INTERNAL_H
#define DIALOG_Q376_SESSION_INTERNAL_H

#include "codec/q376/q376_frame.h"
#include "codec/q376/q376_point.h"
#include "dialog/device_codec.h"
#include "dialog/line_dialog.h"

#define Q376_SESSION_SIZE_LIMIT 6144    /* bytes of all of it */
#define Q376_SESSION_RECEIVE_LIMIT 2304 /* terminals send 2 KB at most; room for noise before a frame */
#define Q376_SESSION_REQUEST_LIMIT 512  /* of one request: an identifier set, 8 archive entries, a forwarded frame */
#define Q376_SESSION_REPORT_LIMIT 4     /* spontaneous reports that wait for the core, or were confirmed last */
#define Q376_SESSION_WAITING_LIMIT 16   /* uplinks of reports that wait for the core */
#define Q376_SESSION_ASKED_LIMIT 16     /* measurement points of one request */
#define Q376_SESSION_RETRY_MS 1000      /* when a full core is asked again */
#define Q376_SESSION_REPORT_MS 60000    /* a report whose storing the core never told is given up */
#define Q376_SESSION_TIMEOUT_MS 20000   /* of an exchange when neither order nor record says */
#define Q376_SESSION_TRIES 3
#define Q376_SESSION_PARTS_LIMIT 64 /* frames of one answer: of 2 KB each, more than any request asks for */

enum q376_stage {
    Q376_STAGE_IDLE,  /* no order */
    Q376_STAGE_READY, /* an order, nothing asked */
    Q376_STAGE_ASKED, /* an exchange is under way */
    Q376_STAGE_ENDING /* the order is over, the core does not know yet */
};

/* The exchange under way. */
struct q376_asking {
    int64_t due_ms;
    uint32_t timeout_ms;
    uint16_t request_size;
    uint8_t afn;
    uint8_t sequence; /* PSEQ */
    uint8_t parts;    /* frames of the answer so far */
    uint8_t tries;    /* so far */
    uint8_t try_limit;
    uint8_t request[Q376_SESSION_REQUEST_LIMIT];
};

/* What the order under way needs between its exchanges; all zero at its beginning. What must survive an order that
 * goes in between stands in the order itself: points left, first entry left. */
struct q376_work {
    uint32_t terminal_ms; /* how long the terminal itself may take when neither order nor record says; 0:
                           * Q376_SESSION_TIMEOUT_MS */
    uint32_t wait_ms;  /* how long the terminal may wait for the meter, more than the time of an exchange */
    uint8_t try_limit; /* of the exchange to come; 0: Q376_SESSION_TRIES */
    uint8_t phase;     /* of an order in several steps */
    uint8_t problem;   /* enum line_problem: of a point, entry or frame, while the order goes on */
    uint8_t answer;    /* enum uplink_answer of a command */
    uint16_t answer_code;
    uint16_t found; /* points, entries or readings so far */
    uint16_t index; /* the next frame, value or entry */
    uint8_t asked_count;
    uint8_t batch;        /* points of the next request; 0: as many as fit */
    uint8_t probe;        /* points of the next request when the single one asked now answers */
    uint16_t suspect_end; /* the last point of a request that failed as a whole */
    uint8_t silences;     /* single points without any answer, one after the other */
    uint8_t is_fallback;  /* the older functions are asked */
    uint8_t has_register; /* some frame of this answer held energy */
    uint8_t follow_up;    /* so many frames asked for the rest of an answer; the next one does */
    uint8_t repeats;      /* of this forwarded frame, because the meter's answer was not good */
    uint8_t is_sent;      /* a command has left, and the core was told */
    uint8_t empty_blocks; /* of an archive, one after the other */
    bool is_begun;        /* of a forwarded order: `phase`, its enum line_stage, has been chosen */
    uint32_t about;       /* of a forwarded order: the identifier that reads back differently; 0 none */
    bool is_amid;         /* what goes in between now makes us ask again what has been answered */
    uint32_t answered;    /* bit i: asked[i] has its reading */
    uint16_t answer_size; /* bytes of the answer so far */
    uint16_t asked[Q376_SESSION_ASKED_LIMIT];
};

enum q376_report_state {
    Q376_REPORT_FREE,
    Q376_REPORT_TELLING,  /* the core has not all of it */
    Q376_REPORT_WAITING,  /* for the core to store it */
    Q376_REPORT_CONFIRMED /* remembered, so that a repetition is confirmed again and not told again */
};

/* A spontaneous report. */
struct q376_report {
    uint64_t hash;
    int64_t until_ms;
    struct q376_address address;
    uint8_t protocol;
    uint8_t afn;
    uint8_t sequence;
    uint8_t state;       /* enum q376_report_state */
    uint8_t outstanding; /* uplinks that the core has not answered */
    uint8_t is_refused;
};

/* Their uplinks that the core has not answered. */
struct q376_waiting {
    uint64_t message_ids[Q376_SESSION_WAITING_LIMIT]; /* 0: free */
    uint8_t reports[Q376_SESSION_WAITING_LIMIT];
};

/* Pointers into one of the two event rings of 256. */
struct q376_ring {
    bool is_known;
    uint8_t next;    /* the first record nobody told us */
    uint8_t counter; /* EC: behind the newest record */
};

struct q376_session {
    const struct line_dialog_house *house;
    void *line;
    struct line_record record;
    struct q376_address address;
    bool has_address; /* the record's can be read */
    bool was_heard;
    bool had_events;  /* fetched since an order asked last: now it is the orders' turn */
    uint8_t protocol; /* as the terminal speaks */
    uint8_t stage;    /* enum q376_stage */
    uint8_t problem;  /* enum line_problem of the order that ends */
    uint8_t next_sequence;
    bool frame_count_bit;
    uint8_t batch_limit;      /* points of a request that this terminal manages */
    uint8_t batch_strikes;    /* full requests that failed, one after the other */
    uint16_t functions_known; /* bit per row of points: the terminal has answered these */
    uint8_t serial;           /* SER of CJ/T 188 */
    bool explains;            /* events are being fetched to learn why the order was denied */
    bool is_unauthorised;     /* they say so */
    bool events_failed;       /* the last fetch, at counter `events_failed_at` */
    uint8_t events_failed_at;
    struct q376_ring rings[2]; /* general, important */
    uint16_t told;             /* uplinks of the frame at the front that the core has taken */
    uint16_t passed;           /* uplinks of it offered in this run */
    uint8_t reporting;         /* 1 + report whose uplinks are being offered; 0 none */
    struct span frame;         /* being handled; empty between frames */
    int64_t now_ms;            /* of the last call */
    struct line_order_queue queue;
    struct q376_report reports[Q376_SESSION_REPORT_LIMIT];
    struct q376_waiting waiting;
    struct q376_asking asking;
    struct q376_work work;
    const struct q376_procedure *procedure; /* of the order */
    struct line_order order;
    struct device_memory memory; /* of a forwarded conversation with a meter */
    uint16_t received_size;
    uint8_t received[Q376_SESSION_RECEIVE_LIMIT];
};

/* How orders of a kind are done: one thing is asked, its answer taken, again until nothing is left to ask. */
struct q376_procedure {
    bool is_divisible; /* a more urgent order may go between two of its exchanges */
    /* Write the data units of the next exchange, at most Q376_SESSION_REQUEST_LIMIT bytes less shell and AUX.
     * returns  its AFN; 0: nothing is left to ask, session->problem says how it went */
    uint8_t (*ask)(struct q376_session *session, struct writer *units, int64_t now_ms);
    /* One frame of the answer. May set session->stage to Q376_STAGE_ENDING with session->problem.
     * returns  false: the core takes no more; nothing has changed and the frame comes again */
    bool (*take)(struct q376_session *session, const struct q376_frame *frame, bool is_last, int64_t now_ms);
    /* The exchange was denied, or nobody answered. NULL: the order ends with the problem.
     * returns  as take() */
    bool (*fail)(struct q376_session *session, enum line_problem problem, int64_t now_ms);
};

extern const struct q376_procedure q376_points_procedure;   /* readings of measurement points */
extern const struct q376_procedure q376_curve_procedure;    /* interval values */
extern const struct q376_procedure q376_forward_procedure;  /* the meter itself */
extern const struct q376_procedure q376_clock_procedure;    /* the concentrator's own clock: read, set and read */
extern const struct q376_procedure q376_schedule_procedure; /* its reading tasks */
extern const struct q376_procedure q376_archive_read_procedure;
extern const struct q376_procedure q376_archive_write_procedure;
extern const struct q376_procedure q376_events_procedure;

/* q376_session.c */

/* Ask what is to be asked next; ends orders on the way. */
void q376_session_advance(struct q376_session *session, int64_t now_ms);

/* The order ends with this problem as soon as the core takes it. */
void q376_order_end(struct q376_session *session, enum line_problem problem);

/* q376_session_uplink.c: what the core is told */

/* An empty message: of the order's device when it has one and `point` is its point, else of the line and the point.
 * point    measurement point, 0 none */
struct uplink q376_uplink_begin(const struct q376_session *session, enum uplink_kind kind, unsigned point,
                                int64_t now_ms);

/* What became of the connection; never about an order. */
struct uplink q376_presence_begin(const struct q376_session *session, enum uplink_presence presence, int64_t now_ms);

/* The bytes of the frame at the front, if there is one. */
void q376_uplink_frame_put(const struct q376_session *session, struct uplink *uplink);

/* Offer a message about the frame at the front, or about nothing received at all; the first one of a frame carries its
 * bytes.
 * returns  false: the core, or the table of reports that wait for it, is full */
bool q376_uplink_offer(struct q376_session *session, struct uplink *uplink);

/* A point that has no reading. returns as q376_uplink_offer() */
bool q376_problem_offer(struct q376_session *session, unsigned point, enum line_problem problem, int64_t now_ms);

/* q376_session_exchange.c: one request, its repetitions and its answer */

/* Send a request with these data units.
 * returns  false: it is too long */
bool q376_exchange_begin(struct q376_session *session, uint8_t afn, struct span units, int64_t now_ms);

/* A frame that answers. returns as q376_procedure.take() */
bool q376_exchange_answer(struct q376_session *session, const struct q376_frame *frame, int64_t now_ms);

/* Repeat or give up what is due. */
void q376_exchange_tick(struct q376_session *session, int64_t now_ms);

/* q376_session_report.c: what the terminal says by itself */

/* Login, logout, heartbeat: confirmed at once. */
bool q376_link_take(struct q376_session *session, const struct q376_frame *frame, int64_t now_ms);

/* Data of the terminal's own tasks and events: confirmed when the core has stored them. */
bool q376_report_take(struct q376_session *session, const struct q376_frame *frame, int64_t now_ms);

void q376_report_acknowledge(struct q376_session *session, const struct uplink_acknowledgement *acknowledgement);
void q376_report_tick(struct q376_session *session, int64_t now_ms);

/* Remember an uplink of the report being told; there is room for it. */
void q376_report_wait(struct q376_session *session, uint64_t message_id);
bool q376_report_has_room(const struct q376_session *session);

/* q376_session_reading.c: data units become readings */

struct q376_reading_wish {
    uint8_t kind;      /* enum device_kind of the points */
    uint8_t heat_unit; /* enum item_unit of a heat meter's register */
    int64_t time_s;    /* freezes of another moment do not count as answers; 0: all do */
};

struct q376_reading_found {
    uint8_t points[LINE_POINT_LIMIT / 8]; /* bit p: point p had what was wished for */
    bool has_register;                    /* some point had energy */
    uint16_t count;                       /* readings */
};

/* Tell all readings of a frame, point by point.
 * found    written on success
 * returns  as q376_procedure.take() */
bool q376_readings_tell(struct q376_session *session, const struct q376_frame *frame,
                        const struct q376_reading_wish *wish, struct q376_reading_found *found, int64_t now_ms);

/* What the order's points are. */
struct q376_reading_wish q376_reading_wish_of(const struct q376_session *session);

bool q376_point_is_in(const uint8_t *points, unsigned point);
void q376_point_put(uint8_t *points, unsigned point, bool is_in);

/* q376_session_event.c */

/* EC of a frame. */
void q376_events_note(struct q376_session *session, const struct q376_frame *frame);

/* Important events wait that are not known here. */
bool q376_events_are_wanted(const struct q376_session *session);

/* Tell the records of a frame. returns as q376_procedure.take() */
bool q376_events_tell(struct q376_session *session, const struct q376_frame *frame, int64_t now_ms);

#endif
