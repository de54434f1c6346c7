/* What the core says to a gate of devices, whether it is a thread beside it or a process on another machine. */
#ifndef APPS_METERWORKS_GATE_MESSAGE_H
#define APPS_METERWORKS_GATE_MESSAGE_H

#include <stdint.h>

#include "apps/meterworks/gate.h"
#include "base/downlink.h"
#include "base/uplink.h"
#include "dialog/device_directory.h"

enum gate_message_kind {
    GATE_ACKNOWLEDGE,
    GATE_DELIVER,
    GATE_DEVICE_PUT,
    GATE_DEVICE_REMOVE,
    GATE_KEY,   /* the key of a device that the gate asked for */
    GATE_FILLED /* of gates elsewhere: the whole archive has been told, by every shard */
};

struct gate_key {
    uint64_t imei;
    uint8_t size; /* 0: the device has no key */
    uint8_t key[GATE_KEY_LIMIT];
};

struct gate_message {
    uint16_t kind; /* enum gate_message_kind */
    uint16_t gate; /* of gates elsewhere: whom it is for */
    union {
        struct uplink_acknowledgement acknowledgement;
        struct downlink downlink;
        struct device_directory_entry device;
        struct gate_key key;
    } body;
};

#endif
