#include <string.h>

#include "codec/cjt188/cjt188_frame.h"
#include "codec/dlt645/dlt645_frame.h"
#include "codec/explain/explain_internal.h"
#include "codec/q376/q376_frame.h"
#include "codec/wmbus/wmbus_address.h"
#include "codec/wmbus/wmbus_frame.h"

#define WAKE_UP 0xfe
#define START 0x68
#define END 0x16
#define MBUS_SHELL_SIZE 6 /* around what the length counts */

static bool dlt645_begins(struct span bytes)
{
    return bytes.size > DLT645_AT_SECOND_START && bytes.bytes[0] == START &&
           bytes.bytes[DLT645_AT_SECOND_START] == START;
}

static bool mbus_begins(struct span bytes)
{
    return bytes.size > 3 && bytes.bytes[0] == START && bytes.bytes[3] == START && bytes.bytes[1] == bytes.bytes[2];
}

static bool q376_begins(struct span bytes)
{
    return bytes.size > Q376_AT_SECOND_START && bytes.bytes[0] == START && bytes.bytes[Q376_AT_SECOND_START] == START &&
           memcmp(bytes.bytes + Q376_AT_LENGTH, bytes.bytes + Q376_AT_LENGTH_AGAIN, 2) == 0;
}

static bool is_whole(struct span bytes, size_t size)
{
    return bytes.size == size && bytes.bytes[0] == START && bytes.bytes[size - 1] == END;
}

/* Whole, but for one length or start byte that is not what it should be. */
static bool mbus_is_marred(struct span bytes)
{
    return bytes.size > 8 && (is_whole(bytes, MBUS_SHELL_SIZE + (size_t)bytes.bytes[1]) ||
                              (bytes.bytes[3] == START && is_whole(bytes, MBUS_SHELL_SIZE + (size_t)bytes.bytes[2])));
}

static bool q376_is_marred(struct span bytes)
{
    if (bytes.size < 16)
        return false;
    size_t first = ((size_t)bytes.bytes[1] | (size_t)bytes.bytes[2] << 8) >> 2;
    size_t second = ((size_t)bytes.bytes[3] | (size_t)bytes.bytes[4] << 8) >> 2;
    return is_whole(bytes, Q376_SHELL_SIZE + first) ||
           (bytes.bytes[Q376_AT_SECOND_START] == START && is_whole(bytes, Q376_SHELL_SIZE + second));
}

static bool dlt645_is_marred(struct span bytes)
{
    return bytes.size >= DLT645_FRAME_SIZE_MIN &&
           is_whole(bytes, DLT645_FRAME_SIZE_MIN + (size_t)bytes.bytes[DLT645_AT_LENGTH]);
}

static bool cjt188_begins(struct span bytes)
{
    return bytes.size > CJT188_AT_CONTROL && bytes.bytes[0] == START &&
           bytes.bytes[CJT188_AT_TYPE] >= CJT188_TYPE_FIRST && bytes.bytes[CJT188_AT_TYPE] <= CJT188_TYPE_LAST;
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
    { "q376", q376_begins, false },     { "mbus", mbus_begins, false },       { "dlt645", dlt645_begins, false },
    { "q376", q376_is_marred, false },  { "mbus", mbus_is_marred, false },    { "dlt645", dlt645_is_marred, false },
    { "cjt188", cjt188_begins, false }, { "manhole", manhole_begins, false }, { "hotwater", hotwater_begins, false },
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
