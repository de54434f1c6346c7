#include "dialog/line_shape.h"

#include "codec/cjt188/cjt188_frame.h"
#include "codec/dlt645/dlt645_frame.h"
#include "codec/mbus/mbus_frame.h"

#define START 0x68
#define END 0x16

/* Where a second start byte and the length stand behind the first, and how many bytes the length does not count. */
static const struct shape {
    uint8_t second_start_at; /* 0: there is none */
    uint8_t length_at;
    uint8_t shell_size;
} shapes[] = {
    { DLT645_AT_SECOND_START, DLT645_AT_LENGTH, 12 },
    { 0, 10, 13 }, /* CJ/T 188: 68 T A0..A6 C L */
    { 3, 1, MBUS_LONG_SHELL_SIZE },
};

static bool shape_stands_at(const struct shape *shape, struct span bytes, size_t at)
{
    const uint8_t *frame = bytes.bytes + at;
    size_t left = bytes.size - at;

    if (frame[0] != START || left <= shape->length_at || left <= shape->second_start_at ||
        (shape->second_start_at != 0 && frame[shape->second_start_at] != START))
        return false;
    size_t size = (size_t)frame[shape->length_at] + shape->shell_size;
    return size <= left && frame[size - 1] == END;
}

bool line_shape_is_in(struct span bytes)
{
    for (size_t at = 0; at < bytes.size; at++)
        for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
            if (shape_stands_at(&shapes[i], bytes, at))
                return true;
    return false;
}
