#include "reading/series_block.h"

#include "reading/series_block_internal.h"

#define HEAD_BOUND 40 /* byte 0 and four varints of at most ten bytes, rounded up with the first state and its run */
#define SLOT_BOUND 13 /* escape 90 bits, or a zero with its run; a state of its own 10 bits */

/* Divides multiples of `divisor` exactly: a shift and a product modulo 2^64. */
struct exact_divisor {
    uint64_t divisor;
    uint64_t inverse; /* of the odd part */
    unsigned shift;
};

struct value_writer {
    struct series_bit_writer bits;
    struct series_parameter values;
    struct series_parameter runs;
    uint64_t zeros;    /* of a run that has begun, after its first */
    bool in_run;
    enum series_order order;
};

/* Walks the values of a stretch and gives the differences of neighbours. */
struct difference_walk {
    const struct series_stretch *stretch;
    struct exact_divisor by;
    size_t at;
    uint64_t value;    /* the last one */
};

int64_t series_period_s(enum series_period period)
{
    static const int64_t seconds[SERIES_PERIOD_COUNT] = { 60, 300, 900, 1800, 3600, 86400, 0 };
    return (unsigned)period < SERIES_PERIOD_COUNT ? seconds[period] : 0;
}

size_t series_block_bound(size_t count)
{
    return HEAD_BOUND + SLOT_BOUND * count;
}

static bool slot_has_value(const struct series_stretch *stretch, size_t at)
{
    return !stretch->states || stretch->states[at] != SERIES_STATE_GAP;
}

static struct difference_walk walk_begin(const struct series_stretch *stretch, struct exact_divisor by)
{
    struct difference_walk walk = { .stretch = stretch, .by = by };
    while (walk.at < stretch->count && !slot_has_value(stretch, walk.at))
        walk.at++;
    if (walk.at < stretch->count)
        walk.value = (uint64_t)stretch->values[walk.at];
    return walk;
}

/* To the next value; false when there is none. The difference as sign and size: it may need 65 bits. */
static bool walk_step(struct difference_walk *walk, uint64_t *size, bool *falls)
{
    const struct series_stretch *stretch = walk->stretch;
    do {
        if (++walk->at >= stretch->count)
            return false;
    } while (!slot_has_value(stretch, walk->at));
    uint64_t next = (uint64_t)stretch->values[walk->at];
    *falls = (int64_t)next < (int64_t)walk->value;
    *size = *falls ? walk->value - next : next - walk->value;
    walk->value = next;
    return true;
}

/* The next difference, divided, modulo 2^64. */
static bool walk_difference(struct difference_walk *walk, uint64_t *difference)
{
    uint64_t size;
    bool falls;
    if (!walk_step(walk, &size, &falls))
        return false;
    uint64_t quotient = (size >> walk->by.shift) * walk->by.inverse;
    *difference = falls ? 0 - quotient : quotient;
    return true;
}

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static struct exact_divisor exact_divisor_of(uint64_t divisor)
{
    struct exact_divisor by = { .divisor = divisor };
    uint64_t odd = divisor;
    while ((odd & 1) == 0) {
        odd >>= 1;
        by.shift++;
    }
    by.inverse = odd; /* right in the lowest 3 bits; each step doubles them */
    for (int i = 0; i < 5; i++)
        by.inverse *= 2 - odd * by.inverse;
    return by;
}

/* The greatest common divisor of all differences, at least 1. */
static struct exact_divisor divisor_find(const struct series_stretch *stretch)
{
    struct difference_walk walk = walk_begin(stretch, (struct exact_divisor){ 1, 1, 0 });
    uint64_t divisor = 0;
    uint64_t size;
    bool falls;
    while (divisor != 1 && walk_step(&walk, &size, &falls))
        if (size != 0)
            divisor = common_divisor(size, divisor);
    return exact_divisor_of(divisor == 0 ? 1 : divisor);
}

/* The order whose numbers need the fewest bits, and what its first number is likely to need. */
static enum series_order order_choose(const struct series_stretch *stretch, struct exact_divisor by, unsigned *parameter)
{
    uint64_t bits[SERIES_ORDER_COUNT] = { 0 };
    uint64_t count = 0;
    uint64_t before = 0;
    uint64_t difference;
    struct difference_walk walk = walk_begin(stretch, by);
    for (; walk_difference(&walk, &difference); count++) {
        uint64_t zigzag = series_zigzag(difference);
        unsigned fall = difference >> 63 ? SERIES_QUOTIENT_LIMIT + 6 : 0;
        bits[SERIES_RISING] += series_bit_length(fall ? zigzag : difference) + fall;
        bits[SERIES_SWINGING] += series_bit_length(zigzag);
        bits[SERIES_EVEN] += series_bit_length(series_zigzag(difference - before));
        before = difference;
    }
    enum series_order best = SERIES_RISING;
    for (unsigned order = SERIES_SWINGING; order < SERIES_ORDER_COUNT; order++)
        if (bits[order] < bits[best])
            best = (enum series_order)order;
    uint64_t mean = count == 0 ? 0 : bits[best] / count;
    *parameter = mean > SERIES_PARAMETER_LIMIT ? SERIES_PARAMETER_LIMIT : (unsigned)mean;
    return best;
}

static void varint_put(struct series_bit_writer *bits, uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        series_put(bits, (number & 0x7f) | 0x80, 8);
    series_put(bits, number, 8);
}

static void run_end(struct value_writer *writer)
{
    if (writer->in_run)
        series_put_rice(&writer->bits, &writer->runs, writer->zeros, series_zigzag(writer->zeros));
    writer->in_run = false;
}

/* One number, or a fall that only its raw form can tell. */
static void number_put(struct value_writer *writer, uint64_t number, bool falls, uint64_t raw)
{
    bool zero = number == 0 && !falls;
    if (writer->in_run && zero) {
        writer->zeros++;
        return;
    }
    uint64_t written = writer->in_run && !falls ? number - 1 : number;
    run_end(writer);
    if (falls) {
        series_put_raw(&writer->bits, raw);
        series_parameter_learn(&writer->values, 0);
    } else {
        series_put_rice(&writer->bits, &writer->values, written, raw);
    }
    writer->in_run = zero;
    writer->zeros = 0;
}

static void values_put(struct value_writer *writer, const struct series_stretch *stretch, struct exact_divisor by)
{
    struct difference_walk walk = walk_begin(stretch, by);
    uint64_t before = 0;
    uint64_t difference;
    while (walk_difference(&walk, &difference)) {
        uint64_t zigzag = series_zigzag(writer->order == SERIES_EVEN ? difference - before : difference);
        if (writer->order == SERIES_RISING && difference >> 63)
            number_put(writer, 0, true, zigzag);
        else
            number_put(writer, writer->order == SERIES_RISING ? difference : zigzag, false, zigzag);
        before = difference;
    }
    run_end(writer);
}

static void gamma_put(struct series_bit_writer *bits, uint64_t number)
{
    unsigned length = series_bit_length(number);
    series_put(bits, 0, length - 1);
    series_put(bits, number, length);
}

static void states_put(struct series_bit_writer *bits, const uint8_t *states, size_t count)
{
    uint8_t before = SERIES_STATE_GAP;
    series_put(bits, states[0], SERIES_STATE_BITS);
    for (size_t from = 0; from < count;) {
        size_t end = from + 1;
        while (end < count && states[end] == states[from])
            end++;
        gamma_put(bits, end - from);
        if (end < count && states[end] == before)
            series_put(bits, 0, 1);
        else if (end < count)
            series_put(bits, 0x100u | states[end], SERIES_STATE_BITS + 1);
        before = states[from];
        from = end;
    }
}

static bool states_plain(const struct series_stretch *stretch)
{
    for (size_t i = 0; stretch->states && i < stretch->count; i++)
        if (stretch->states[i] != 0)
            return false;
    return true;
}

int series_block_encode(const struct series_stretch *stretch, uint8_t *out, size_t capacity)
{
    if ((unsigned)stretch->period >= SERIES_PERIOD_COUNT || stretch->count == 0 || stretch->count > SERIES_BLOCK_VALUE_LIMIT)
        return BASE_ERR_RANGE;
    bool plain = states_plain(stretch);
    struct exact_divisor by = divisor_find(stretch);
    unsigned parameter;
    enum series_order order = order_choose(stretch, by, &parameter);
    struct value_writer writer = { .bits = { .bytes = out, .capacity = capacity }, .order = order,
                                   .values = series_parameter_of(parameter),
                                   .runs = series_parameter_of(SERIES_RUN_PARAMETER) };
    series_put(&writer.bits, SERIES_VERSION << 6 | (plain ? 0 : SERIES_STATES_FLAG) | (unsigned)order << 3 | stretch->period, 8);
    varint_put(&writer.bits, series_zigzag((uint64_t)stretch->first_slot));
    varint_put(&writer.bits, stretch->count);
    varint_put(&writer.bits, by.divisor);
    varint_put(&writer.bits, series_zigzag(walk_begin(stretch, by).value));
    if (!plain)
        states_put(&writer.bits, stretch->states, stretch->count);
    series_put(&writer.bits, parameter, SERIES_VALUE_PARAMETER_BITS);
    values_put(&writer, stretch, by);
    series_put_end(&writer.bits);
    return out && writer.bits.size > capacity ? BASE_ERR_FULL : (int)writer.bits.size;
}
