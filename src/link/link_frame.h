/* One frame between a gate and a core on different machines.
 *
 *    0                       4       5
 *    +-----------------------+-------+----------------------+
 *    | size of what follows  | kind  | fields of the kind   |   network byte order
 *    +-----------------------+-------+----------------------+
 *
 * Order on a connection: the gate says HELLO, the core WELCOME; a core that does not own the shard says so there and
 * closes. Then the core tells the archive device by device (DEVICE), FILLED when all have been told, and later every
 * change; the gate sends UPLINK, at most `window` of them unanswered, and the core answers each with one
 * ACKNOWLEDGEMENT after its commit. ALIVE goes both ways when nothing else does. Whoever gets something that is not
 * a frame, or a frame that has no place there, closes.
 *
 * An uplink's message_id on the link is a number that the gate counts up from 1 for as long as it lives, also over
 * several connections. The gate's own number of it stays at the gate (link_window.h). */
#ifndef LINK_LINK_FRAME_H
#define LINK_LINK_FRAME_H

#include <stdint.h>

#include "base/downlink.h"
#include "base/span.h"
#include "base/uplink.h"
#include "base/writer.h"
#include "link/link_error.h"

#define LINK_VERSION 1
#define LINK_FRAME_LIMIT 2048 /* bytes of a whole frame */
#define LINK_HEADER_SIZE 5
#define LINK_KEY_SIZE 16
#define LINK_MAGIC 0x4d57474cu /* "MWGL" */

enum link_kind {
    LINK_HELLO = 1,      /* gate to core, first */
    LINK_WELCOME,        /* core to gate, first */
    LINK_ALIVE,          /* both ways */
    LINK_UPLINK,         /* gate to core */
    LINK_ACKNOWLEDGEMENT,/* core to gate */
    LINK_DOWNLINK,       /* core to gate */
    LINK_DEVICE,         /* core to gate: one entry of the archive */
    LINK_FILLED,         /* core to gate: every entry has been told */
    LINK_KEY_ASK,        /* gate to core: the DTLS key of a device of the archive */
    LINK_KEY,            /* core to gate */
    LINK_KIND_COUNT
};

struct link_hello {
    uint32_t magic;   /* LINK_MAGIC */
    uint16_t version; /* LINK_VERSION */
    uint32_t shard;   /* whose devices the gate wants to serve over this connection (shard_number.h) */
};

struct link_welcome {
    uint32_t magic;
    uint16_t version;
    uint8_t owner;    /* 1: this core owns the shard; 0: ask another, the connection ends */
    uint32_t shard;
    uint64_t epoch;   /* of the ownership: a later owner has a higher one */
    uint32_t window;  /* uplinks that may be unanswered, 1 to LINK_WINDOW_LIMIT */
    uint64_t handle_first; /* key of registration handles, the same at all gates of the installation */
    uint64_t handle_second;
};

struct link_device {
    uint64_t imei;
    uint32_t device_id;
    uint8_t secured_only; /* refused over plain CoAP */
    uint8_t present;      /* 0: struck out */
};

struct link_key_ask {
    uint64_t imei;
};

struct link_key {
    uint64_t imei;
    uint8_t found; /* 0: the device has none */
    uint8_t key[LINK_KEY_SIZE];
};

#define LINK_WINDOW_LIMIT 65536

struct link_message {
    uint8_t kind; /* enum link_kind; LINK_ALIVE and LINK_FILLED have no body */
    union {
        struct link_hello hello;
        struct link_welcome welcome;
        struct uplink uplink; /* without `gate`: the core knows whose connection it is */
        struct uplink_acknowledgement acknowledgement; /* message_id and accepted travel */
        struct downlink downlink;
        struct link_device device;
        struct link_key_ask key_ask;
        struct link_key key;
    } body;
};

/* Append one frame. The message is one that may be sent: its fields are inside their bounds.
 * returns  bytes appended; LINK_ERR_FULL when it does not fit, LINK_ERR_KIND; the writer is then as before */
int link_frame_encode(const struct link_message *message, struct writer *writer);

/* Take the first frame of a stream.
 * out      written on success only: fields that do not travel are zero
 * returns  > 0 bytes used; 0 the frame is not whole yet, come back with more; LINK_ERR_TOO_LONG, LINK_ERR_KIND,
 *          LINK_ERR_FORM, LINK_ERR_BOUND: close */
int link_frame_decode(struct span in, struct link_message *out);

#endif
