/* A line that many devices share (RS-485, M-Bus, a radio channel): one master, slaves that answer, and everything that
 * goes wrong between them. Time is virtual and given by the caller, in microseconds; chance comes from the seed, so the
 * same calls give the same bytes.
 *
 * The master's bytes go out at its speed; when the last one has left, each slave gets the whole burst as it sounded on
 * the wire and says what it answers, which follows after its delay. Bytes that overlap in time spoil each other, unless
 * they are the same bytes at the same moment. Nothing is lost between calls: the master takes at any later time what
 * has arrived until then. One thread. */
#ifndef SIM_LINE_H
#define SIM_LINE_H

#include "base/random.h"
#include "base/span.h"

#define LINE_BURST_LIMIT 512  /* bytes of one transmission; what is longer is cut */
#define LINE_QUEUE_LIMIT 2048 /* bytes on their way to the master; more are lost and counted */

enum line_medium {
    LINE_RS485, /* slaves hear each other's answers as well */
    LINE_MBUS,  /* slaves hear the master only */
    LINE_RADIO  /* slaves hear each other, and each hearer loses bursts by himself */
};

enum line_parity { LINE_PARITY_NONE, LINE_PARITY_EVEN, LINE_PARITY_ODD };

struct line_config {
    uint8_t kind;               /* enum line_medium */
    uint8_t parity;             /* enum line_parity: one bit more a byte; damage goes on as damaged bytes */
    uint8_t stop_bits;          /* 1 or 2; 0 counts as 1 */
    bool echo;                  /* the master hears its own bytes */
    uint32_t baud;              /* 0 counts as 2,400 */
    uint32_t flips_per_million; /* bytes with one wrong bit */
    uint16_t lost_permille;     /* bursts that a hearer misses wholly */
    uint64_t seed;
};

/* One device. The caller owns it and keeps it where it is while it is attached; all but `next` may change at any time
 * between calls. Two meters with one address are two slaves that both answer. */
struct line_slave {
    void *slave; /* handed to both functions */

    /* One whole burst in, the answer out.
     * limit    LINE_BURST_LIMIT
     * returns  bytes of the answer; 0 silence */
    size_t (*receive)(void *slave, struct span frame, uint8_t *answer, size_t limit);

    /* Changes an answer before it is sent: a meter that answers with another's address (line_answer.h), one
     * that stops half way. May be NULL.
     * returns  its new size, at most LINE_BURST_LIMIT */
    size_t (*alter)(void *slave, uint8_t *answer, size_t size);

    int64_t delay_low_us;  /* from the last byte of the request to the first of the answer, */
    int64_t delay_high_us; /* spread evenly; at least low */
    bool is_absent;        /* without power */
    bool is_babbling;      /* sends random bytes without a pause */
    struct line_slave *next;
};

struct line_counts {
    uint64_t bursts;  /* of the master */
    uint64_t bytes;   /* of the master */
    uint64_t answers; /* of slaves */
    uint64_t answer_bytes;
    uint64_t collisions; /* transmissions that met another one */
    uint64_t flips;      /* bytes with a wrong bit */
    uint64_t lost;       /* bursts that somebody missed */
    uint64_t overflow;   /* bytes beyond LINE_QUEUE_LIMIT */
    int64_t busy_us;     /* the sum of all transmissions */
};

struct line_byte {
    int64_t start_us;
    uint8_t value;
    bool is_master;
};

struct line {
    struct line_config config;
    struct random random;
    struct line_slave *slaves;
    struct line_counts counts;
    int64_t bit_ns;
    int64_t master_free_us; /* end of the master's last transmission */
    int64_t babbled_us;     /* babble is on the wire until here */
    size_t queue_head;
    size_t queue_count;
    struct line_byte queue[LINE_QUEUE_LIMIT]; /* in order of time, from queue_head on */
};

void line_open(struct line *line, const struct line_config *config);

/* A new device at the end of the line. It must not be attached yet. */
void line_attach(struct line *line, struct line_slave *slave);
void line_detach(struct line *line, struct line_slave *slave);

/* How long `count` bytes take. */
int64_t line_bytes_us(const struct line *line, size_t count);

/* The master sends, from now_us on or behind what it is still sending. Times must not go back from call to call.
 * returns  when its last byte has left */
int64_t line_send(struct line *line, int64_t now_us, struct span bytes);

/* Take the bytes that have arrived by now_us, oldest first; what does not fit into `limit` stays.
 * returns  how many */
size_t line_receive(struct line *line, int64_t now_us, uint8_t *bytes, size_t limit);

/* When the next byte will have arrived for the master; INT64_MAX when none is on its way. */
int64_t line_due_us(struct line *line, int64_t now_us);

/* The simplest of masters, for tests: sends, waits at most wait_us for a first byte, then takes bytes until the line
 * has been quiet for gap_us or `limit` is reached.
 * now_us   moved on to when it gave up waiting
 * returns  bytes received, an echo among them; 0 silence */
size_t line_exchange(struct line *line, int64_t *now_us, struct span request, int64_t wait_us, int64_t gap_us,
                     uint8_t *answer, size_t limit);

#endif
