#include <string.h>

#include "codec/cjt188/cjt188_code.h"
#include "codec/explain/explain_internal.h"
#include "codec/wmbus/wmbus_address.h"
#include "codec/wmbus/wmbus_frame.h"

#define WAKE_UP 0xfe
#define START 0x68

static bool dlt645_begins(struct span bytes)
{
    return bytes.size > 7 && bytes.bytes[0] == START && bytes.bytes[7] == START;
}

static bool mbus_begins(struct span bytes)
{
    return bytes.size > 3 && bytes.bytes[0] == START && bytes.bytes[3] == START && bytes.bytes[1] == bytes.bytes[2];
}

static bool q376_begins(struct span bytes)
{
    return bytes.size > 5 && bytes.bytes[0] == START && bytes.bytes[5] == START &&
           memcmp(bytes.bytes + 1, bytes.bytes + 3, 2) == 0;
}

static bool cjt188_begins(struct span bytes)
{
    return bytes.size > 9 && bytes.bytes[0] == START && bytes.bytes[1] >= 0x10 && bytes.bytes[1] <= 0x49 &&
           cjt188_function_find(bytes.bytes[9]) != NULL;
}

static bool wmbus_begins(struct span bytes)
{
    if (bytes.size < WMBUS_FRAME_HEAD_SIZE || wmbus_control_find(bytes.bytes[1]) == NULL)
        return false;
    struct wmbus_address address = wmbus_address_of_link(bytes.bytes + 2);
    return wmbus_address_manufacturer_check(&address);
}

static bool manhole_begins(struct span bytes)
{
    return bytes.size > 1 && bytes.bytes[0] == 0x4a && bytes.bytes[1] == 0x47;
}

static bool hotwater_begins(struct span bytes)
{
    return bytes.size > 1 && bytes.bytes[0] == 0x48 && bytes.bytes[1] == 0x57;
}

/* The surer sign first. */
static const struct {
    const char *protocol;
    bool (*begins)(struct span bytes);
    bool is_weak; /* messages of other protocols begin like it as well */
} beginnings[] = {
    { "q376", q376_begins, false },     { "mbus", mbus_begins, false },         { "dlt645", dlt645_begins, false },
    { "cjt188", cjt188_begins, false }, { "manhole", manhole_begins, false },   { "hotwater", hotwater_begins, false },
    { "wmbus", wmbus_begins, true },
};

const struct explain_protocol *explain_beginning_find(struct span frame, enum explain_belief belief)
{
    while (frame.size > 0 && frame.bytes[0] == WAKE_UP)
        frame = span_of_bytes(frame.bytes + 1, frame.size - 1);
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++)
        if (beginnings[i].begins(frame) && !(beginnings[i].is_weak && belief > EXPLAIN_NO))
            return explain_protocol_find(beginnings[i].protocol);
    return NULL;
}
