/* What a device said, free of its protocol: the message that gates send to the core.
 *
 * Fixed layout, no pointers: it crosses threads today and processes tomorrow. */
#ifndef BASE_UPLINK_H
#define BASE_UPLINK_H

#include <stdint.h>

#define UPLINK_ITEM_LIMIT 32   /* a daily report carries 8 volumes and 14 states */
#define UPLINK_FRAME_LIMIT 320 /* raw bytes kept for the frame page; longer ones are cut */

enum uplink_kind {
    UPLINK_REPORT = 1,   /* readings and state; acknowledged to the device only after commit */
    UPLINK_EVENT,        /* an alarm sent at once; acknowledged after commit as well */
    UPLINK_ANSWER,       /* the device answered a downlink: command_id and answer are set */
    UPLINK_PRESENCE      /* registered, updated, gone, or asked nothing: only the time matters */
};

enum uplink_period {
    UPLINK_CURRENT = 0,        /* value at item.time_s */
    UPLINK_DAILY_FREEZE = 1,   /* latched at item.time_s, a local midnight */
    UPLINK_MONTHLY_FREEZE = 2
};

enum uplink_answer {
    UPLINK_ANSWER_NONE = 0,
    UPLINK_ANSWER_SENT,        /* left the socket */
    UPLINK_ANSWER_EXECUTED,    /* device accepted and did it (2.04) */
    UPLINK_ANSWER_DELIVERED,   /* device has it, execution to be seen later */
    UPLINK_ANSWER_REFUSED,     /* answer_code holds the protocol's reason (CoAP code, 4.00 = 128) */
    UPLINK_ANSWER_TIMEOUT      /* window closed without an answer; the command stays queued */
};

struct uplink_item {
    uint16_t quantity;         /* enum quantity */
    uint8_t period;            /* enum uplink_period */
    uint8_t register_index;    /* tariff or tier register, 0 = total */
    uint8_t quality;           /* 0 good, 1 doubted by the device itself */
    uint8_t phase;             /* 0 all or none, 1 to 3 phases A to C, 4 neutral */
    uint8_t reserved[2];
    int64_t value;             /* in the unit of quantity_info() */
    int64_t time_s;            /* by the device's clock; 0 = not stated */
};

struct uplink {
    uint64_t message_id;       /* chosen by the gate, echoed in the acknowledgement */
    uint64_t content_hash;     /* of the payload: the same content twice is one report */
    uint32_t device_id;
    uint16_t gate;
    uint8_t kind;              /* enum uplink_kind */
    uint8_t answer;            /* enum uplink_answer */
    int64_t received_s;
    uint64_t command_id;       /* of an answer */
    uint16_t answer_code;
    uint16_t item_count;
    uint16_t frame_size;       /* true size; min(frame_size, UPLINK_FRAME_LIMIT) bytes are held */
    uint8_t frame_direction;   /* 0 from the device, 1 to the device */
    uint8_t awake;             /* the device listens now: commands may be delivered */
    struct uplink_item items[UPLINK_ITEM_LIMIT];
    uint8_t frame[UPLINK_FRAME_LIMIT];
};

/* The core's answer to one uplink: sent after the commit, or with accepted = 0 when nothing was
 * stored (store full or failing): the gate then stays silent and the device tries again. */
struct uplink_acknowledgement {
    uint64_t message_id;
    uint32_t device_id;
    uint16_t gate;
    uint8_t accepted;
    uint8_t reserved;
};

#endif
