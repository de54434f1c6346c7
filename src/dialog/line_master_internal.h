/* What the files of the conversation with meters on a transparent line share. */
#ifndef DIALOG_LINE_MASTER_INTERNAL_H
#define DIALOG_LINE_MASTER_INTERNAL_H

#include "dialog/device_codec.h"
#include "dialog/line_dialog.h"
#include "dialog/mbus_search.h"

#define LINE_MASTER_REQUEST_LIMIT 320 /* bytes of one frame to a meter, wake-up bytes included */
#define LINE_MASTER_RECEIVE_LIMIT 640 /* of what comes back, echo and noise included */
#define LINE_MASTER_RETRY_MS 200      /* when the core had no room */
#define LINE_MASTER_NEVER_QUIET_MS 10000

enum line_master_stage {
    LINE_MASTER_IDLE,
    LINE_MASTER_WAITING, /* something is to be sent when its time has come and the line is quiet */
    LINE_MASTER_ASKED,   /* an answer is awaited, or the end of it */
    LINE_MASTER_ENDING   /* the core has not taken the end of the order yet */
};

/* What a received frame was worth. */
enum line_verdict {
    LINE_VERDICT_GOOD,    /* the answer */
    LINE_VERDICT_NONE,    /* nothing: our own frame coming back, an answer to an older question */
    LINE_VERDICT_ADDRESS, /* of another meter */
    LINE_VERDICT_DAMAGED,
    LINE_VERDICT_UNTAKEN /* the answer, but the core has no room: ask again */
};

/* What ask() found to do. */
enum line_next {
    LINE_NEXT_SEND,
    LINE_NEXT_LATER, /* the core has no room */
    LINE_NEXT_END    /* nothing more; master->problem says how it went */
};

struct line_master;

/* How one kind of order is done. */
struct line_procedure {
    /* Write the next frame and set master->expectation, and what line_master_patience_set() sets. */
    enum line_next (*ask)(struct line_master *master, struct writer *out, int64_t now_ms);
    /* The first whole frame of what came. As device_codec_find() */
    size_t (*find)(struct line_master *master, struct span stream, size_t *skip);
    /* Whether a frame answers the question; when it does, it has been dealt with. */
    enum line_verdict (*take)(struct line_master *master, struct span frame, int64_t now_ms);
    /* Whether take() would find it good, without dealing with it. */
    bool (*fits)(struct line_master *master, struct span frame, int64_t now_ms);
    /* Whether a frame answers the question before, which has been answered. NULL: nobody can tell. */
    bool (*repeats)(struct line_master *master, struct span frame, int64_t now_ms);
    /* No good answer and no more tries. trouble  LINE_PROBLEM_NONE: nobody had to answer */
    void (*fail)(struct line_master *master, enum line_problem trouble, int64_t now_ms);
};

extern const struct line_procedure line_order_procedure;  /* line_master_order.c: one meter, by its model */
extern const struct line_procedure line_search_procedure; /* line_master_search.c */

/* How far an order is. */
struct line_work {
    uint16_t index;     /* of the request's frames */
    uint16_t follow_up; /* of one answer's parts */
    uint16_t found;     /* readings that were asked for */
    uint16_t answer_code;
    uint8_t answer;      /* enum uplink_answer, of a command */
    uint8_t problem;     /* enum line_problem: what was wrong with a part of it */
    bool is_sent;        /* told so */
    bool is_begun;       /* `stage` has been chosen */
    uint8_t stage;       /* enum line_stage */
    uint32_t identifier; /* that the last answer was about */
    uint32_t about;      /* that reads back differently; 0 none */
    int64_t confirm_until_ms;
};

/* Of LINE_SEARCH. */
struct line_search {
    uint8_t left; /* set of languages still to be tried */
    uint8_t now;  /* the one that is being tried; 0 none */
    bool is_cancelled;
    bool has_collision; /* somewhere several answered and could not be told apart */
    bool has_row;       /* found, and not told yet */
    uint16_t told;      /* rows */
    struct uplink_archive_row row;
    struct mbus_search mbus;
};

struct line_master {
    const struct line_dialog_house *house;
    void *line;
    struct line_record record;
    struct line_order_queue queue;
    const struct line_procedure *procedure;
    struct line_order order;
    struct line_work work;
    struct device_memory memory; /* of the meter that is asked */
    struct line_search search;
    struct line_order paused; /* a search that made way; order_id 0: none */
    uint8_t stage;            /* enum line_master_stage */
    uint8_t problem;          /* enum line_problem: how the order ends */
    uint8_t trouble;          /* enum line_problem: what was wrong with the tries so far */
    uint8_t tries;            /* of the open question */
    uint8_t retries;          /* how many more it gets */
    uint8_t expectation;      /* enum device_expectation */
    uint8_t serial;           /* CJ/T 188: SER of the next exchange */
    uint8_t noise_minimum;    /* fewer stray bytes are no damaged answer */
    bool has_answer;          /* a whole frame stands in `received` */
    bool is_prompt;           /* no late answer to the question before can be under way any more */
    bool is_suspect;          /* a slower meter may have spoken into a question of this order */
    uint8_t listens;          /* answers of this order that are still to be followed by silence */
    uint32_t patience_ms;     /* for the first byte of an answer */
    uint32_t byte_gap_ms;     /* a longer silence ends an answer */
    uint32_t noise_count;     /* bytes since the question that were no frame */
    uint64_t answer_hash;     /* of the answer to the question before */
    int64_t not_before_ms;    /* of the next question */
    int64_t waiting_since_ms; /* for the line to be quiet */
    int64_t asked_ms;         /* when the last byte of the question has left */
    int64_t heard_ms;         /* when the last byte came, or went */
    int64_t now_ms;           /* of the last call */
    uint16_t received_size;
    uint8_t received[LINE_MASTER_RECEIVE_LIMIT];
};

/* line_master.c */

/* The order is over but for telling the core. */
void line_master_end_order(struct line_master *master, enum line_problem problem);

/* Fill in what every uplink of the present order says. */
struct uplink line_master_uplink(const struct line_master *master, enum uplink_kind kind, int64_t now_ms);

bool line_master_offer(struct line_master *master, struct uplink *uplink);

/* The order's or line's patience, for a model with this line section; NULL: usual values. */
void line_master_patience_set(struct line_master *master, const struct device_profile_line *line);

#endif
