/* What a device said, free of its protocol: the message that gates send to the core.
 *
 * Fixed layout, no pointers: it crosses threads today and processes tomorrow. */
#ifndef BASE_UPLINK_H
#define BASE_UPLINK_H

#include <stdint.h>

#define UPLINK_ITEM_LIMIT 32   /* a daily report carries 8 volumes and 14 states */
#define UPLINK_FRAME_LIMIT 320 /* raw bytes kept for the frame page; longer ones are cut */
#define UPLINK_ARCHIVE_LIMIT 24 /* rows of a concentrator's archive in one message */
#define UPLINK_SERIES_LIMIT 96  /* instants of a series: a day of quarter-hours */
#define UPLINK_SERIES_NONE INT64_MIN /* nothing was latched at this instant */

enum uplink_kind {
    UPLINK_REPORT = 1,   /* readings and state; acknowledged to the device only after commit */
    UPLINK_EVENT,        /* an alarm sent at once; acknowledged after commit as well */
    UPLINK_ANSWER,       /* the device answered a downlink: command_id and answer are set */
    UPLINK_PRESENCE,     /* registered, updated, gone, or asked nothing: only the time matters */
    UPLINK_ARCHIVE,      /* what a concentrator knows of meters, or a search found: item_count rows in place of items */
    UPLINK_SERIES        /* one register at regular instants: `series`, values in place of items; acknowledged after commit */
};

/* Of UPLINK_PRESENCE: what became of the connection of a concentrator or a line. */
enum uplink_presence {
    UPLINK_PRESENCE_CONTACT = 0, /* a heartbeat, or any word */
    UPLINK_PRESENCE_LOGIN,
    UPLINK_PRESENCE_LOGOUT,
    UPLINK_PRESENCE_LOST,        /* closed, or silent for too long */
    UPLINK_PRESENCE_REPLACED     /* the same address dialled in a second time: the older connection was closed */
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

/* One meter in a concentrator's archive (376.1 F10), or one that a search found on a line. */
struct uplink_archive_row {
    uint64_t address;          /* digits of the meter's address as a number */
    uint64_t collector;        /* 0: none */
    uint16_t number;           /* of the entry; 0: found by a search */
    uint16_t measurement_point;/* 0: the entry is empty */
    uint8_t port;              /* of a search: M-Bus primary address */
    uint8_t baud_code;
    uint8_t protocol_code;     /* as the concentrator names it; of a search: 30 DL/T 645-2007, T of CJ/T 188 (10H to
                                * 49H), or, when there is a maker, M-Bus device type */
    uint8_t tariffs;
    uint8_t user_class;        /* major << 4 | minor */
    uint8_t version;           /* M-Bus; 0 elsewhere */
    uint16_t maker;            /* M-Bus manufacturer code; 0 elsewhere */
    uint32_t reserved;
};

/* Which register, and when. */
struct uplink_series {
    int64_t start_s;           /* of the first instant, by the device's clock */
    uint16_t quantity;         /* enum quantity */
    uint8_t register_index;
    uint8_t phase;
    uint16_t interval_s;
    uint16_t count;            /* at most UPLINK_SERIES_LIMIT */
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
    uint64_t order_id;         /* the line order that this answers; 0: the device spoke by itself */
    uint16_t measurement_point;/* the meter behind device_id, where the gate knows only the concentrator's number of it;
                                * 0: device_id itself */
    uint8_t order_ended;       /* 1: nothing more comes for this order; problem says how it ended */
    uint8_t problem;           /* enum line_problem; LINE_PROBLEM_NONE: well */
    uint8_t presence;          /* enum uplink_presence, of UPLINK_PRESENCE */
    uint8_t urgent;            /* 1: goes ahead of those that are not; nothing earlier of its device waits */
    uint8_t line_reserved[2];
    uint32_t answer_about;     /* of LINE_PROBLEM_PARTIAL: the data identifier that reads back differently; 0 none */
    uint32_t answer_reserved;
    struct uplink_series series; /* of UPLINK_SERIES; item_count is 0 then */
    struct uplink_item items[UPLINK_ITEM_LIMIT]; /* of UPLINK_ARCHIVE: its rows, uplink_archive_row_at() */
    uint8_t frame[UPLINK_FRAME_LIMIT];
};

/* Row `index`, below UPLINK_ARCHIVE_LIMIT, of an uplink of kind UPLINK_ARCHIVE; the rows lie where items lie elsewhere. */
struct uplink_archive_row uplink_archive_row_at(const struct uplink *uplink, unsigned index);

/* Put a row behind the others and count it in item_count.
 * returns  0; -1 when the message is full */
int uplink_archive_row_put(struct uplink *uplink, const struct uplink_archive_row *row);

/* The value at instant `index`, below UPLINK_SERIES_LIMIT, of an uplink of kind UPLINK_SERIES. */
int64_t uplink_series_value(const struct uplink *uplink, unsigned index);

/* Make the message one of kind UPLINK_SERIES.
 * series  its count is at most UPLINK_SERIES_LIMIT; values so many, UPLINK_SERIES_NONE among them */
void uplink_series_set(struct uplink *uplink, const struct uplink_series *series, const int64_t *values);

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
