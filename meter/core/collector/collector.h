/* A collector (采集器): hangs above up to 64 meters on RS-485 and below a concentrator, on a radio or a wire that
 * carries DL/T 645 transparently (S1-091, S1-099).
 *
 * It only transports (S2-038): a frame for a meter that it was told of goes down as it came, the meter's answer goes up
 * as it came, a broadcast goes down and nobody answers. It never makes, changes or guesses a metering value. What it
 * says itself are the items of its own, read and written at its own address (enum collector_item); the last good
 * answers of its own polling are told there only, with their age.
 *
 * It never waits: bursts come in by the receive functions, time by collector_step; what goes out leaves through struct
 * collector_hal. Not thread-safe; all memory is in struct collector. */
#ifndef METER_CORE_COLLECTOR_H
#define METER_CORE_COLLECTOR_H

#include "base/span.h"
#include "codec/cjt188/cjt188_frame.h"
#include "codec/dlt645/dlt645_content.h"
#include "meter/core/meter_journal.h"
#include "meter/hal.h"

#define COLLECTOR_METER_LIMIT 64
#define COLLECTOR_FRAME_LIMIT 300    /* the longest burst either way; what is longer is cut */
#define COLLECTOR_BROADCAST_LIMIT 64 /* a longer broadcast does not wait for the line */
#define COLLECTOR_CACHE_LIMIT 96     /* bytes of the longest answer that is kept */
#define COLLECTOR_ADDRESS_SIZE 7     /* of CJ/T 188; DL/T 645 uses six of them, the last is 0 */
#define COLLECTOR_ENTRY_SIZE 10      /* an archive entry on the wire */
#define COLLECTOR_STATUS_SIZE 22     /* the status on the wire */
#define COLLECTOR_ANSWER_LOWEST_MS 100
#define COLLECTOR_ANSWER_HIGHEST_MS 30000

#define COLLECTOR_ERRORS(ROW) \
    ROW(COLLECTOR_ERR_CONFIG, -1, "the configuration or the flash geometry is outside its bounds") \
    ROW(COLLECTOR_ERR_FLASH, -2, "the flash does not keep what is written")

#define COLLECTOR_ERROR_ENUM(name, value, text) name = (value),
enum collector_error { COLLECTOR_ERRORS(COLLECTOR_ERROR_ENUM) };
#undef COLLECTOR_ERROR_ENUM

/* How a meter is spoken to. */
enum collector_protocol {
    COLLECTOR_NONE, /* an empty place of the archive */
    COLLECTOR_DLT645_2007,
    COLLECTOR_DLT645_1997,
    COLLECTOR_CJT188,
    COLLECTOR_PROTOCOL_COUNT
};

/* The collector's own data identifiers, read with 11H and written with 14H at its own address, in the range that
 * DL/T 645-2007 leaves to makers. Multi-byte numbers have the lowest byte first, binary.
 *
 *   04E00001  status, read: meters u8, poll minutes u16, frames down u32, answers up u32, unanswered u32, foreign
 *             answers u32, meters with a cached answer u8, flash failed u8, busy u8
 *   04E00002  poll minutes u16, read and written: how often each meter is polled for the cache, 0 never (the default)
 *   04E001nn  archive place nn (01H to 40H), read and written: protocol u8, baud / 100 u8, meter type T u8 (CJ/T 188),
 *             address 7. Protocol 0 empties it
 *   04E002nn  the last good answer of place nn to a poll, read: age s u32, then the frame as it came. Without one: 02H
 *   04000401  its own address, 6 bytes, read and written */
enum collector_item {
    COLLECTOR_ITEM_STATUS = 0x04e00001,
    COLLECTOR_ITEM_POLL = 0x04e00002,
    COLLECTOR_ITEM_ENTRY = 0x04e00100,
    COLLECTOR_ITEM_CACHE = 0x04e00200,
    COLLECTOR_ITEM_ADDRESS = 0x04000401
};

struct collector_entry {
    uint8_t protocol; /* enum collector_protocol */
    uint8_t baud_100; /* bits per second / 100: 3 to 192 */
    uint8_t type;     /* T of CJ/T 188 */
    uint8_t address[COLLECTOR_ADDRESS_SIZE];
};

struct collector_cached {
    int64_t heard_ms;
    uint8_t size; /* 0: nothing */
    uint8_t bytes[COLLECTOR_CACHE_LIMIT];
};

struct collector_config {
    struct dlt645_address address;   /* from the factory */
    struct dlt645_password password; /* that writes must carry */
    uint16_t answer_ms;              /* how long a meter may take, COLLECTOR_ANSWER_LOWEST_MS to _HIGHEST_MS */
};

/* The world around it. None of these waits; bytes live until they return. */
struct collector_hal {
    void *context;
    void (*upper_send)(void *context, struct span bytes);
    void (*lower_send)(void *context, struct span bytes, uint32_t baud);
    const struct meter_hal *flash; /* flash functions only; lives as long as the collector */
};

struct collector_counts {
    uint32_t down;       /* frames sent to meters for the upper side, broadcasts among them */
    uint32_t up;         /* answers passed on */
    uint32_t unanswered; /* of both kinds of requests */
    uint32_t foreign;    /* answers from whom nobody asked */
};

enum collector_asker { COLLECTOR_IDLE, COLLECTOR_FOR_UPPER, COLLECTOR_FOR_CACHE };

struct collector {
    const struct collector_hal *hal;
    struct collector_config config;
    struct meter_journal journal;
    struct dlt645_address address;
    uint16_t poll_minutes;
    struct collector_entry entries[COLLECTOR_METER_LIMIT];
    struct collector_cached cached[COLLECTOR_METER_LIMIT];
    struct collector_counts counts;
    int64_t now_ms;
    int64_t deadline_ms;   /* of the answer that is waited for */
    int64_t broadcast_ms;  /* when the last broadcast has left the line */
    int64_t poll_due_ms;   /* next poll */
    uint8_t asker;         /* enum collector_asker: for whom the line below is busy */
    uint8_t place;         /* the meter that was asked */
    uint8_t poll_place;    /* the meter polled next */
    uint8_t poll_serial;   /* SER of the next poll */
    uint8_t waiting_place; /* of the request below */
    bool flash_failed;
    uint16_t waiting_size; /* a request from above that came while the line was busy; the newest only */
    uint16_t heard_size;
    uint8_t broadcast_size; /* a broadcast that came while the line was busy; the newest only */
    uint8_t broadcast[COLLECTOR_BROADCAST_LIMIT];
    uint8_t waiting[COLLECTOR_FRAME_LIMIT];
    uint8_t heard[COLLECTOR_FRAME_LIMIT]; /* from below, since the request */
};

/* Power up: archive and settings from flash when there is a journal.
 * returns  0; COLLECTOR_ERR_CONFIG; COLLECTOR_ERR_FLASH: it works, but refuses what must be kept */
int collector_open(struct collector *collector, const struct collector_hal *hal, const struct collector_config *config,
                   int64_t now_ms);

/* Do what is due: give up an answer, poll the next meter.
 * now_ms   a steady count, not before the last one
 * returns  when to come again; INT64_MAX: with the next burst */
int64_t collector_step(struct collector *collector, int64_t now_ms);

/* A burst from above, or from a meter: whole or in pieces, with whatever around it. */
void collector_upper_receive(struct collector *collector, struct span bytes, int64_t now_ms);
void collector_lower_receive(struct collector *collector, struct span bytes, int64_t now_ms);

/* Write a place of the archive, 0 to COLLECTOR_METER_LIMIT - 1, as 04E001nn does: for who loads it on the spot.
 * returns  0; COLLECTOR_ERR_CONFIG for an entry that cannot be, or a meter that stands elsewhere; COLLECTOR_ERR_FLASH */
int collector_meter_set(struct collector *collector, uint8_t place, const struct collector_entry *entry);

/* The line below is in use. */
bool collector_is_busy(const struct collector *collector);

#endif
