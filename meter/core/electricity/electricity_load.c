/* The load record of energies (class 4 of DL/T 645-2007 table A.7): forward and reverse totals at each instant, a block
 * each. Reactive energy is not recorded and missing. */
#include "meter/core/electricity/electricity_internal.h"

#define PAGE 0x06u
#define ALL_CLASSES 0u
#define CLASS_ENERGY 4u
#define CLASSES_BEFORE 3
#define CLASSES_AFTER 3 /* the energies' own separator among them */
#define SEPARATOR 0xaa
#define MARK 0xa0
#define END 0xe5
#define MISSING_SIZE 8
#define TIME_SIZE 5
#define CONTENT_SIZE (TIME_SIZE + CLASSES_BEFORE + 16 + CLASSES_AFTER)
#define BLOCK_SIZE (3 + CONTENT_SIZE + 2)

enum start { START_OLDEST, START_TIME, START_NEWEST };

static void separators_put(struct writer *out, unsigned count)
{
    for (; count > 0; count--)
        writer_put_u8(out, SEPARATOR);
}

/* The sum is of all before it; the size counts from the time to the end. */
static void block_put(const struct electricity_instant *instant, struct writer *out)
{
    size_t begin = out->size;
    uint8_t sum = 0;

    writer_put_u8(out, MARK);
    writer_put_u8(out, MARK);
    writer_put_u8(out, CONTENT_SIZE + 2);
    electricity_put_time(out, (int64_t)instant->minute * ELECTRICITY_S_PER_MINUTE, TIME_SIZE);
    separators_put(out, CLASSES_BEFORE);
    electricity_put_bcd(out, instant->forward, 4);
    electricity_put_bcd(out, instant->reverse, 4);
    electricity_put_missing(out, MISSING_SIZE);
    separators_put(out, CLASSES_AFTER);
    for (size_t i = begin; i < out->size; i++)
        sum = (uint8_t)(sum + out->bytes[i]);
    writer_put_u8(out, sum);
    writer_put_u8(out, END);
}

/* How many instants back the first block is; 0: none. */
static unsigned back_of(const struct electricity_meter *meter, const struct dlt645_content *content)
{
    unsigned start = content->identifier & 0xff, back = 0;
    uint32_t from_minute = 0;

    if (start > START_NEWEST || (start == START_TIME) != (content->from.month != 0))
        return 0;
    if (start == START_TIME)
        from_minute = (uint32_t)(electricity_clock_of_time(&content->from) / ELECTRICITY_S_PER_MINUTE);
    for (unsigned n = 1; n <= ELECTRICITY_INSTANT_LIMIT; n++) {
        const struct electricity_instant *instant = electricity_instants_last(&meter->instants, n);
        if (instant == NULL || instant->minute < from_minute || (start == START_NEWEST && n > content->block_count))
            break;
        back = n;
    }
    return back;
}

bool electricity_load_write(const struct electricity_meter *meter, const struct dlt645_content *content, struct writer *out)
{
    unsigned class = content->identifier >> 16 & 0xff;

    if (content->identifier >> 24 != PAGE || (content->identifier >> 8 & 0xff) != 0 ||
        (class != ALL_CLASSES && class != CLASS_ENERGY))
        return false;
    unsigned back = back_of(meter, content);
    if (back == 0)
        return false;
    for (unsigned i = 0; i < content->block_count && i < back && out->capacity - out->size >= BLOCK_SIZE; i++)
        block_put(electricity_instants_last(&meter->instants, back - i), out);
    return true;
}
