/* Whole exchanges of Q/GDW 376.1 written down, both ends: what a head-end asks and orders, what a terminal answers.
 *
 * Data units are put one after the other into a writer of the caller; q376_request_encode() or q376_answer_encode()
 * makes a frame of them. Every *_put returns 0, CODEC_ERR_RANGE (nothing written) or CODEC_ERR_FULL; every *_encode
 * returns as q376_frame_encode(). Source: Q/GDW 376.1, the AFN and Fn that each comment names. */
#ifndef CODEC_Q376_REQUEST_H
#define CODEC_Q376_REQUEST_H

#include "codec/item/item.h"
#include "codec/q376/q376_frame.h"
#include "codec/q376/q376_point.h"

#define Q376_ARCHIVE_ENTRY_SIZE 27
#define Q376_ARCHIVE_ENTRY_LIMIT 2040
#define Q376_ARCHIVE_PASSWORD_SIZE 6
#define Q376_CONTENT_LIMIT 16000 /* bytes of a forwarded frame */

/* What one end knows of the exchange it starts. */
struct q376_exchange {
    uint8_t protocol; /* enum q376_protocol, as the terminal used */
    struct q376_address address;
    uint8_t sequence;     /* PSEQ, 0 to 15 */
    struct span password; /* PW where the AFN carries one: 16 (130-2005: 2) bytes; empty: left out, for terminals that
                           * want none */
    bool has_time_tag;
    struct q376_time_tag time_tag;
};

/* A frame that starts an exchange: of a terminal with AFN 02, of the head-end with any other.
 * units    data units, 4 bytes at least */
int q376_request_encode(const struct q376_exchange *exchange, uint8_t afn, struct span units, struct writer *out);

/* A spontaneous report of a terminal (C4), to be confirmed when it must. */
int q376_report_encode(const struct q376_exchange *exchange, uint8_t afn, bool must_confirm, struct span units,
                       struct writer *out);

/* An answer to `request` in the other direction: same protocol, address and number.
 * part     0 for the first frame of an answer, counted up for the following ones
 * is_last  no frame follows */
int q376_answer_encode(const struct q376_frame *request, uint8_t afn, unsigned part, bool is_last, struct span units,
                       struct writer *out);

/* All confirmed (AFN 00 F1), all denied (F2): also what a login and a heartbeat are answered with. */
int q376_confirm_encode(const struct q376_frame *request, bool is_denied, struct writer *out);

struct q376_confirmation {
    struct q376_unit_id id;
    uint8_t error; /* 0 right */
};

/* Confirmed or denied unit by unit (AFN 00 F3).
 * afn      of the frame that is confirmed */
int q376_confirmations_put(uint8_t afn, const struct q376_confirmation *confirmations, size_t count,
                           struct writer *units);

/* Whether the frame is a login, logout or heartbeat: by number the functions of AFN 02. */
enum q376_link { Q376_LINK_NONE, Q376_LINK_LOGIN = 1, Q376_LINK_LOGOUT = 2, Q376_LINK_HEARTBEAT = 3 };
enum q376_link q376_link_of(const struct q376_frame *frame);

/* An identifier without data: requests of AFN 09, 0A, 0C; login (p0 F1), logout (F2), heartbeat (F3) of AFN 02;
 * permission to close a control round (AFN 05 F2). */
int q376_unit_put(unsigned point, unsigned function, struct writer *units);

/* Requests of AFN 0D.
 * day      ITEM_TIME_DAY, 2000 to 2099; month: ITEM_TIME_MONTH; start: ITEM_TIME_MINUTE
 * density  code 1, 2, 3, 254 or 255; points 1 to 255 */
int q376_day_put(unsigned point, unsigned function, const struct item_time *day, struct writer *units);
int q376_month_put(unsigned point, unsigned function, const struct item_time *month, struct writer *units);
int q376_curve_put(unsigned point, unsigned function, const struct item_time *start, uint8_t density, uint8_t points,
                   struct writer *units);

/* Set the clock (AFN 05 F31).
 * time     ITEM_TIME_SECOND, 2000 to 2099; its day of the week is written too */
int q376_clock_put(const struct item_time *time, struct writer *units);

/* Trip a control round (AFN 05 F1).
 * limit_half_hours  0 to 15, 0 until cancelled; warning_min 0 to 15, 0 at once */
int q376_trip_put(unsigned round, unsigned limit_half_hours, unsigned warning_min, struct writer *units);

/* Ask for records of an event ring of 256 (AFN 0E F1 important, F2 general).
 * first    Pm, of the first record
 * end      Pn, behind the last one */
int q376_events_put(bool is_important, uint8_t first, uint8_t end, struct writer *units);

/* A meter in the terminal's archive (AFN 04 F10). */
struct q376_archive_entry {
    uint16_t number; /* 1 to 2040 */
    uint16_t point;  /* 1 to 2040; 0 deletes the entry */
    uint8_t baud;    /* code: 0 default, 1 to 7: 600, 1200, 2400, 4800, 7200, 9600, 19200 bit/s */
    uint8_t port;    /* 1 to 31 */
    uint8_t
        protocol; /* code: 0 not read, 1 DL/T 645-1997, 2 AC sampling, 30 DL/T 645-2007, 31 carrier module, a maker's */
    uint64_t address; /* twelve digits */
    uint8_t password[Q376_ARCHIVE_PASSWORD_SIZE];
    uint8_t tariffs;        /* 1 to 48 */
    uint8_t integer_digits; /* 4 to 7 */
    uint8_t decimal_digits; /* 1 to 4 */
    uint64_t collector;     /* twelve digits, 0 none */
    uint8_t user_major;     /* 0 to 15 */
    uint8_t user_minor;     /* 0 to 15 */
};

/* Entries that one frame of at most `frame_size` bytes can hold besides PW, EC and Tp of `auxiliary_size` bytes. */
size_t q376_archive_capacity(size_t frame_size, size_t auxiliary_size);

/* The unit of p0 F10 with all entries: to write them (AFN 04), or the terminal's answer (AFN 0A). */
int q376_archive_put(const struct q376_archive_entry *entries, size_t count, struct writer *units);

/* The unit of p0 F10 that asks for entries (AFN 0A). */
int q376_archive_query_put(const uint16_t *numbers, size_t count, struct writer *units);

/* One entry of 27 bytes.
 * returns  0; CODEC_ERR_FORMAT: an address that is not twelve decimal digits (out untouched) */
int q376_archive_entry_decode(const uint8_t *bytes, struct q376_archive_entry *out);

/* A frame to be forwarded to a meter (AFN 10 F1). */
struct q376_forward {
    uint8_t port;    /* of the terminal, 1 to 31 */
    uint8_t control; /* of a request: bits 7 to 5 baud, 4 two stop bits, 3 parity, 2 odd, 1 to 0 data bits minus 5 */
    uint32_t frame_wait_ms; /* of a request: 0 to 1270 in steps of 10, or to 127000 in steps of 1000 */
    uint32_t byte_wait_ms;  /* of a request: 0 to 2550 in steps of 10 */
    struct span content;    /* empty in an answer: the meter did not answer */
};

#define Q376_FORWARD_1200_8E1 0x4B
#define Q376_FORWARD_2400_8E1 0x6B
#define Q376_FORWARD_9600_8E1 0xCB

/* content  at most Q376_CONTENT_LIMIT bytes */
int q376_forward_put(const struct q376_forward *forward, struct writer *units);
int q376_forward_answer_put(uint8_t port, struct span content, struct writer *units);

/* The forwarded frame of AFN 10 F1, of either direction; out->content points into the frame.
 * returns  0; CODEC_ERR_TYPE: another AFN or function; CODEC_ERR_SHORT */
int q376_forward_decode(const struct q376_frame *frame, struct q376_forward *out);

#endif
