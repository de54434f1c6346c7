/* DL/T 645-2007 table A.7: load records (0600xxxx all classes, 0601xxxx to 0606xxxx one of them). The answer holds
 * blocks:
 *
 *   A0 A0 | size | mm hh DD MM YY | class 1 | AA | class 2 | AA | … | class 6 | AA | sum | E5
 *
 * E0 E0 in front marks a block that the meter found damaged. A class that is not recorded is empty. No class can start
 * with AA, as its first byte is BCD. */
#include "codec/dlt645/dlt645_load.h"

#include "codec/codec_error.h"
#include "codec/dlt645/dlt645_field.h"
#include "codec/dlt645/dlt645_table.h"

#define SEPARATOR 0xaa
#define GOOD_MARK 0xa0
#define BAD_MARK 0xe0
#define END_MARK 0xe5
#define HEAD_SIZE 8 /* marks, size, time */
#define TAIL_SIZE 2 /* sum, end */
#define CLASS_COUNT 6

const struct dlt645_record dlt645_load_record = { NULL, 0, 0, DLT645_AXIS_NONE };

#define ROW(identifier, english, chinese) \
    { \
        identifier, DLT645_FIXED, { DLT645_AXIS_NUMBER, 0, 2, false }, DLT645_NO_FIELD, &dlt645_load_record, english, \
            chinese \
    }

/* DI0: 0 the oldest blocks, 1 from a given time on, 2 the newest. */
static const struct dlt645_row rows[] = {
    ROW(0x06000000, "Load record, all classes", "负荷记录（全部类）"),
    ROW(0x06010000, "Load record, class 1 (voltage, current, frequency)", "第1类负荷（电压、电流、频率）"),
    ROW(0x06020000, "Load record, class 2 (power)", "第2类负荷（有功、无功功率）"),
    ROW(0x06030000, "Load record, class 3 (power factor)", "第3类负荷（功率因数）"),
    ROW(0x06040000, "Load record, class 4 (energy)", "第4类负荷（有功、无功总电能）"),
    ROW(0x06050000, "Load record, class 5 (quadrants)", "第5类负荷（四象限无功总电能）"),
    ROW(0x06060000, "Load record, class 6 (demand)", "第6类负荷（当前需量）"),
};

const struct dlt645_table dlt645_load_table = DLT645_TABLE(rows, "DL/T 645-2007 table A.7");

#define SIGNED(quantity, unit, size, exponent, phase) \
    { \
        ITEM_##quantity, ITEM_UNIT_##unit, DLT645_FORM_SIGNED, size, exponent, phase, 0, NULL, NULL \
    }

static const struct dlt645_field class_1[] = {
    SIGNED(VOLTAGE, V, 2, -1, 1),     SIGNED(VOLTAGE, V, 2, -1, 2), SIGNED(VOLTAGE, V, 2, -1, 3),
    SIGNED(CURRENT, A, 3, -3, 1),     SIGNED(CURRENT, A, 3, -3, 2), SIGNED(CURRENT, A, 3, -3, 3),
    DLT645_BCD(FREQUENCY, HZ, 2, -2),
};
static const struct dlt645_field class_2[] = {
    SIGNED(POWER_ACTIVE, KW, 3, -4, 0),     SIGNED(POWER_ACTIVE, KW, 3, -4, 1),
    SIGNED(POWER_ACTIVE, KW, 3, -4, 2),     SIGNED(POWER_ACTIVE, KW, 3, -4, 3),
    SIGNED(POWER_REACTIVE, KVAR, 3, -4, 0), SIGNED(POWER_REACTIVE, KVAR, 3, -4, 1),
    SIGNED(POWER_REACTIVE, KVAR, 3, -4, 2), SIGNED(POWER_REACTIVE, KVAR, 3, -4, 3),
};
static const struct dlt645_field class_3[] = {
    SIGNED(POWER_FACTOR, NONE, 2, -3, 0),
    SIGNED(POWER_FACTOR, NONE, 2, -3, 1),
    SIGNED(POWER_FACTOR, NONE, 2, -3, 2),
    SIGNED(POWER_FACTOR, NONE, 2, -3, 3),
};
static const struct dlt645_field class_4[] = {
    DLT645_BCD(ENERGY_ACTIVE_IMPORT, KWH, 4, -2),
    DLT645_BCD(ENERGY_ACTIVE_EXPORT, KWH, 4, -2),
    DLT645_SIGNED(ENERGY_REACTIVE_COMBINED_1, KVARH, 4, -2),
    DLT645_SIGNED(ENERGY_REACTIVE_COMBINED_2, KVARH, 4, -2),
};
static const struct dlt645_field class_5[] = {
    DLT645_BCD(ENERGY_REACTIVE_QUADRANT_1, KVARH, 4, -2),
    DLT645_BCD(ENERGY_REACTIVE_QUADRANT_2, KVARH, 4, -2),
    DLT645_BCD(ENERGY_REACTIVE_QUADRANT_3, KVARH, 4, -2),
    DLT645_BCD(ENERGY_REACTIVE_QUADRANT_4, KVARH, 4, -2),
};
static const struct dlt645_field class_6[] = {
    DLT645_SIGNED(DEMAND_ACTIVE_IMPORT, KW, 3, -4),
    DLT645_SIGNED(DEMAND_REACTIVE_IMPORT, KVAR, 3, -4),
};

#define CLASS(fields) \
    { \
        fields, DLT645_COUNT_OF(fields) \
    }

static const struct {
    const struct dlt645_field *fields;
    size_t count;
} classes[CLASS_COUNT] = {
    CLASS(class_1), CLASS(class_2), CLASS(class_3), CLASS(class_4), CLASS(class_5), CLASS(class_6),
};

/* One class of a block; `at` moves behind it and its separator.
 * returns  0; CODEC_ERR_FULL; CODEC_ERR_FORMAT when the bytes are no such class */
static int class_decode(size_t index, struct span block, size_t *at, const struct item *stamp, struct item_list *list)
{
    for (size_t i = 0; i < classes[index].count && *at < block.size; i++) {
        const struct dlt645_field *field = &classes[index].fields[i];
        size_t size = dlt645_field_size(field);
        if (i == 0 && block.bytes[*at] == SEPARATOR)
            break;
        if (block.size - *at < size)
            return CODEC_ERR_FORMAT;
        struct item *item = item_list_add(list);
        if (item == NULL)
            return CODEC_ERR_FULL;
        dlt645_field_decode(field, span_of_bytes(block.bytes + *at, size), item);
        item->identifier = stamp->identifier;
        item->time = stamp->time;
        if (item->quality == ITEM_GOOD)
            item->quality = stamp->quality;
        *at += size;
    }
    if (*at < block.size && block.bytes[*at] != SEPARATOR)
        return CODEC_ERR_FORMAT;
    *at += *at < block.size ? 1 : 0;
    return 0;
}

/* Size of the block at the start of `bytes` with its marks; 0 when there is none. */
static size_t block_size(struct span bytes)
{
    if (bytes.size < HEAD_SIZE + TAIL_SIZE || bytes.bytes[0] != bytes.bytes[1] ||
        (bytes.bytes[0] != GOOD_MARK && bytes.bytes[0] != BAD_MARK))
        return 0;
    for (size_t end = HEAD_SIZE + TAIL_SIZE - 1; end < bytes.size; end++) {
        /* the size byte counts from the time on, in some meters up to the sum, in others to the end */
        size_t counted = end + 1 - 3;
        if (bytes.bytes[end] == END_MARK &&
            (bytes.bytes[2] == counted || bytes.bytes[2] == counted - TAIL_SIZE || bytes.bytes[2] == counted - 1))
            return end + 1;
    }
    return 0;
}

static int block_decode(uint32_t identifier, struct span block, struct item_list *list)
{
    struct span values = span_of_bytes(block.bytes, block.size - TAIL_SIZE);
    struct item stamp = { 0 };
    size_t at = HEAD_SIZE;

    stamp.identifier = identifier;
    stamp.quality = block.bytes[0] == BAD_MARK ? ITEM_DOUBTED : ITEM_GOOD;
    if (dlt645_time_read(span_of_bytes(block.bytes + 3, 5), &stamp.time) < 0)
        return CODEC_ERR_FORMAT;
    for (size_t index = 0; index < CLASS_COUNT && at < values.size; index++) {
        int result = class_decode(index, values, &at, &stamp, list);
        if (result < 0)
            return result;
    }
    return at == values.size ? 0 : CODEC_ERR_FORMAT;
}

int dlt645_load_decode(uint32_t identifier, struct span values, struct item_list *list, size_t *used)
{
    size_t at = 0;

    for (;;) {
        struct span left = span_of_bytes(values.bytes + at, values.size - at);
        size_t size = block_size(left), before = list->count;
        if (size == 0)
            break;
        int result = block_decode(identifier, span_of_bytes(left.bytes, size), list);
        if (result == CODEC_ERR_FULL)
            return result;
        if (result < 0) {
            list->count = before;
            break;
        }
        at += size;
    }
    *used = at;
    return 0;
}
