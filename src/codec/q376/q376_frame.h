/* The frame between a concentrator or terminal and the head-end: Q/GDW 130-2005, Q/GDW 376.1-2009, Q/GDW 1376.1-2013.
 *
 *   68 | L L | L L | 68 | C | A1 A1 A2 A2 A3 | AFN | SEQ | data units .. | PW | EC | Tp | CS | 16
 *                         `------------------ user data, L1 bytes ------------------'
 *
 * L   16 bits, low byte first, twice the same: L1 in bits 15 to 2, the protocol id in bits 1 and 0
 * C   DIR PRM FCB/ACD FCV function code (4 bits)
 * A   A1 region, 4 BCD digits, low byte first; A2 terminal number, binary; A3 group bit and address of the head-end
 * SEQ TpV FIR FIN CON number (4 bits)
 * PW  downlink with AFN 01, 04, 05, 0F, 10, and AFN 06 both ways; EC uplink with ACD; Tp with TpV
 * CS  sum of the user data modulo 256
 *
 * The Southern Grid's protocol has the same shell with an address of 7 bytes. It is found, named and refused. */
#ifndef CODEC_Q376_FRAME_H
#define CODEC_Q376_FRAME_H

#include "base/writer.h"

#define Q376_USER_SIZE_MINIMUM 12
#define Q376_USER_SIZE_LIMIT 16383
#define Q376_SHELL_SIZE 8 /* bytes of a frame that L1 does not count */
#define Q376_FRAME_SIZE_LIMIT (Q376_USER_SIZE_LIMIT + Q376_SHELL_SIZE)
#define Q376_PASSWORD_SIZE 16
#define Q376_PASSWORD_SIZE_130 2
#define Q376_TERMINAL_BROADCAST 0xFFFF /* A2 with the group bit: all terminals */
#define Q376_START 0x68
#define Q376_END 0x16
#define Q376_WAKE_UP 0xFE
#define Q376_TIME_TAG_SIZE 6
#define Q376_EVENT_COUNTERS_SIZE 2

/* Where the parts of a frame stand, counted from the first 68H. */
enum q376_offset {
    Q376_AT_LENGTH = 1,
    Q376_AT_LENGTH_AGAIN = 3,
    Q376_AT_SECOND_START = 5,
    Q376_AT_CONTROL = 6, /* user data begin */
    Q376_AT_ADDRESS = 7,
    Q376_AT_AFN = 12,
    Q376_AT_SEQUENCE = 13,
    Q376_AT_UNITS = 14
};

/* The two lowest bits of L. */
enum q376_protocol {
    Q376_PROTOCOL_130 = 1,     /* Q/GDW 130-2005 */
    Q376_PROTOCOL_376 = 2,     /* Q/GDW 376.1-2009 and what 1376.1-2013 terminals send */
    Q376_PROTOCOL_RESERVED = 3 /* some read it as 1376.1-2013; accepted only by setting, never sent */
};

/* Bits of C. */
enum {
    Q376_CONTROL_UPLINK = 0x80,  /* DIR */
    Q376_CONTROL_PRIMARY = 0x40, /* PRM: starts an exchange */
    Q376_CONTROL_FCB = 0x20,     /* downlink: frame count bit */
    Q376_CONTROL_ACD = 0x20,     /* uplink: important events wait, EC is present */
    Q376_CONTROL_FCV = 0x10,     /* downlink: FCB is valid */
    Q376_CONTROL_FUNCTION = 0x0F
};

/* Bits of SEQ. */
enum {
    Q376_SEQUENCE_TIME = 0x80,    /* TpV */
    Q376_SEQUENCE_FIRST = 0x40,   /* FIR */
    Q376_SEQUENCE_FINAL = 0x20,   /* FIN */
    Q376_SEQUENCE_CONFIRM = 0x10, /* CON: to be confirmed */
    Q376_SEQUENCE_NUMBER = 0x0F   /* PSEQ, RSEQ */
};

enum q376_afn {
    Q376_AFN_CONFIRM = 0x00,
    Q376_AFN_RESET = 0x01,
    Q376_AFN_LINK = 0x02,
    Q376_AFN_RELAY_STATION = 0x03,
    Q376_AFN_SET = 0x04,
    Q376_AFN_CONTROL = 0x05,
    Q376_AFN_AUTHENTICATION = 0x06,
    Q376_AFN_CASCADE = 0x08,
    Q376_AFN_CONFIGURATION = 0x09,
    Q376_AFN_QUERY = 0x0A,
    Q376_AFN_TASK = 0x0B,
    Q376_AFN_CURRENT = 0x0C,
    Q376_AFN_HISTORY = 0x0D,
    Q376_AFN_EVENT = 0x0E,
    Q376_AFN_FILE = 0x0F,
    Q376_AFN_FORWARD = 0x10
};

struct q376_address {
    uint8_t region[2]; /* A1 as sent: 12 96 is "9612" */
    uint16_t terminal; /* A2, 1 to 65535 */
    uint8_t station;   /* A3 bits 7 to 1, 0 to 127: the head-end (MSA) */
    bool is_group;     /* A3 bit 0: A2 is the address of a group */
};

/* Tp. */
struct q376_time_tag {
    uint8_t counter;    /* PFC */
    uint8_t sent_at[4]; /* data format 16 as sent: second, minute, hour, day in BCD */
    uint8_t delay_min;  /* permitted delay, 0 not checked */
};

struct q376_frame {
    uint8_t protocol; /* enum q376_protocol */
    uint8_t control;  /* C */
    struct q376_address address;
    uint8_t afn;          /* enum q376_afn, or a vendor's */
    uint8_t sequence;     /* SEQ */
    struct span units;    /* the data units, without AUX */
    struct span password; /* PW, empty when there is none */
    bool has_event_counters;
    uint8_t important_events; /* EC1 */
    uint8_t general_events;   /* EC2 */
    bool has_time_tag;
    struct q376_time_tag time_tag;
};

/* What terminals do differently. */
struct q376_setting {
    bool accepts_reserved_protocol; /* protocol id 3 */
    uint8_t password_size;          /* of 376.1: 0 or 16 */
    uint8_t password_size_130;      /* of 130-2005: 0, 2 or 16 (unconfirmed) */
    bool tries_passwords;           /* where the data units do not fit: a PW of another size with which they do */
};

/* Protocol id 3 refused, PW of 16 and 2 bytes, other sizes tried. */
struct q376_setting q376_setting_default(void);

/* What an address is printed as. */
enum q376_address_form {
    Q376_ADDRESS_HEXADECIMAL, /* "96123456": region digits, A2 as 4 hexadecimal digits */
    Q376_ADDRESS_DECIMAL      /* "961213398": region digits, A2 as 5 decimal digits */
};

/* The first complete frame in a stream of bytes: length words equal, second 68, 16 and check sum right. Wake-up bytes
 * FE directly before it belong to it. Frames of the Southern Grid are found as well, but only whole ones: their plain
 * length word is no reason to wait.
 * skip     written always: bytes before it; when none is complete, leading bytes that can never begin a frame
 * returns  its size; 0 when none is complete */
size_t q376_frame_find(struct span stream, size_t *skip);

/* One whole frame, FE bytes in front allowed. A part of AUX that its bits promise but that does not fit is not there:
 * its bytes stay in `units`.
 * out           untouched on failure; its spans point into `frame`
 * error_offset  written on failure: where belief ended; may be NULL
 * returns  0; CODEC_ERR_SHORT, CODEC_ERR_FORMAT, CODEC_ERR_TRAILING, CODEC_ERR_RESERVED (protocol id 0, or 3 when not
 *          accepted), CODEC_ERR_CHECKSUM, CODEC_ERR_UNSUPPORTED (a frame of the Southern Grid) */
int q376_frame_decode(struct span frame, struct q376_frame *out, size_t *error_offset);
int q376_frame_decode_by(struct span frame, const struct q376_setting *setting, struct q376_frame *out,
                         size_t *error_offset);

/* The same without looking at the check sum: to explain a damaged frame, never to act on it.
 * returns  as above, never CODEC_ERR_CHECKSUM */
int q376_frame_split(struct span frame, const struct q376_setting *setting, struct q376_frame *out,
                     size_t *error_offset);

/* A whole frame of the Southern Grid: right shell and check sum, the length word plain or shifted, AFN at offset 14.
 * frame    FE bytes in front allowed */
bool q376_frame_is_southern(struct span frame);

/* Write a frame. ACD (uplink) and TpV follow from the parts that are there.
 * returns  0; CODEC_ERR_RANGE: protocol id not 1 or 2, head-end address above 127, more than 16383 bytes of user data;
 *          CODEC_ERR_FULL. Nothing is written on CODEC_ERR_RANGE */
int q376_frame_encode(const struct q376_frame *frame, struct writer *out);

/* Sent by a terminal (DIR). */
bool q376_frame_is_uplink(const struct q376_frame *frame);

/* Bytes of PW that a frame of this kind carries by the standard: 0, 2 or 16. */
size_t q376_password_size(const struct q376_setting *setting, uint8_t protocol, uint8_t control, uint8_t afn);

/* Region and terminal in the form; head-end address and group bit are not printed. 8 or 9 characters, no zero. */
void q376_address_write(const struct q376_address *address, enum q376_address_form form, struct writer *out);

/* The way back.
 * out      head-end address and group bit are 0
 * returns  0; CODEC_ERR_FORMAT: another length, no digits of the form, a terminal above 65535 (out untouched) */
int q376_address_read(struct span text, enum q376_address_form form, struct q376_address *out);

#endif
