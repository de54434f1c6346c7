#include "sim/line_answer.h"

#include <stdbool.h>

#define WAKE_UP 0xfe
#define START 0x68
#define END_SIZE 2 /* check sum and 16H */

/* Where the frames of a protocol carry what is needed here, counted from their first 68H. */
static const struct shape {
    uint8_t second_start_at; /* of another 68H; 0 there is none */
    uint8_t length_at;
    uint8_t frame_size; /* of a frame whose length byte is 0 */
    uint8_t address_at; /* its lowest digits */
    uint8_t sum_at;     /* first byte of the check sum */
} shapes[] = {
    { 3, 1, 6, 5, 4 },   /* M-Bus, long frame */
    { 7, 9, 12, 1, 0 },  /* DL/T 645 */
    { 0, 10, 13, 2, 0 }, /* CJ/T 188 */
};

static bool shape_fits(const struct shape *shape, const uint8_t *frame, size_t size)
{
    return size >= shape->frame_size && frame[0] == START && frame[shape->length_at] + shape->frame_size == (int)size &&
           (shape->second_start_at == 0 || frame[shape->second_start_at] == START);
}

size_t line_answer_misaddress(void *slave, uint8_t *answer, size_t size)
{
    size_t skip = 0;
    (void)slave;
    while (skip < size && answer[skip] == WAKE_UP)
        skip++;
    uint8_t *frame = answer + skip;
    size_t frame_size = size - skip;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        if (!shape_fits(&shapes[i], frame, frame_size))
            continue;
        frame[shapes[i].address_at] ^= 1;
        uint8_t sum = 0;
        for (size_t at = shapes[i].sum_at; at < frame_size - END_SIZE; at++)
            sum = (uint8_t)(sum + frame[at]);
        frame[frame_size - END_SIZE] = sum;
        break;
    }
    return size;
}

size_t line_answer_halve(void *slave, uint8_t *answer, size_t size)
{
    (void)slave;
    (void)answer;
    return size / 2;
}
