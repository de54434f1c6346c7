#include "reading/series_block_internal.h"

#define VARINT_SIZE_LIMIT 10

struct block_head {
    struct series_head head;
    uint64_t divisor;
    uint64_t first_value;
    enum series_order order;
    bool states_follow;
    struct span bits;
};

/* The states of a block, run by run. */
struct state_reader {
    struct series_bit_reader bits;
    size_t rest;     /* slots of the block behind this run */
    size_t run;      /* slots left of this run */
    uint8_t state;
    uint8_t before;
    bool coded;      /* false: every state is 0 */
    bool broken;
};

struct value_reader {
    struct series_bit_reader bits;
    struct series_parameter values;
    struct series_parameter runs;
    uint64_t zeros;      /* numbers 0 that are still to come */
    uint64_t value;
    uint64_t difference; /* the last one */
    uint64_t divisor;
    enum series_order order;
    bool after_run;      /* the next number is not 0 */
    bool started;
    bool broken;
};

static int varint_take(struct span *from, uint64_t *number)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < VARINT_SIZE_LIMIT; i++) {
        if (i >= from->size)
            return BASE_ERR_SHORT;
        uint8_t byte = from->bytes[i];
        if (i == VARINT_SIZE_LIMIT - 1 && byte > 1)
            return BASE_ERR_SYNTAX;
        sum |= (uint64_t)(byte & 0x7f) << (7 * i);
        if (byte < 0x80) {
            *number = sum;
            *from = span_of_bytes(from->bytes + i + 1, from->size - i - 1);
            return 0;
        }
    }
    return BASE_ERR_SYNTAX;
}

static int head_read(struct span block, struct block_head *out)
{
    if (block.size == 0)
        return BASE_ERR_SHORT;
    unsigned first = block.bytes[0];
    struct span rest = span_of_bytes(block.bytes + 1, block.size - 1);
    uint64_t slot;
    uint64_t count;
    uint64_t divisor;
    uint64_t value;
    int error = varint_take(&rest, &slot);
    if (error == 0)
        error = varint_take(&rest, &count);
    if (error == 0)
        error = varint_take(&rest, &divisor);
    if (error == 0)
        error = varint_take(&rest, &value);
    if (error != 0)
        return error;
    if (first >> 6 != SERIES_VERSION || (first >> 3 & 3) >= SERIES_ORDER_COUNT || (first & 7) >= SERIES_PERIOD_COUNT)
        return BASE_ERR_SYNTAX;
    if (count == 0 || count > SERIES_BLOCK_VALUE_LIMIT || divisor == 0)
        return BASE_ERR_RANGE;
    *out = (struct block_head){
        .head = { (enum series_period)(first & 7), (int64_t)series_unzigzag(slot), (size_t)count },
        .divisor = divisor,
        .first_value = series_unzigzag(value),
        .order = (enum series_order)(first >> 3 & 3),
        .states_follow = (first & SERIES_STATES_FLAG) != 0,
        .bits = rest,
    };
    return 0;
}

static void run_take(struct state_reader *states)
{
    unsigned length = 1;
    while (length <= 13 && !states->bits.missing && series_take(&states->bits, 1) == 0)
        length++;
    size_t run = length > 13 ? 0 : (size_t)1 << (length - 1) | (size_t)series_take(&states->bits, length - 1);
    if (states->bits.missing || run == 0 || run > states->rest) {
        states->broken = true;
        return;
    }
    states->run = run;
    states->rest -= run;
}

static struct state_reader states_begin(const struct block_head *head)
{
    struct state_reader states = { .bits = { .bytes = head->bits.bytes, .size = head->bits.size },
                                   .rest = head->head.count, .before = SERIES_STATE_GAP, .coded = head->states_follow };
    if (states.coded) {
        states.state = (uint8_t)series_take(&states.bits, SERIES_STATE_BITS);
        run_take(&states);
    }
    return states;
}

static void states_next_run(struct state_reader *states)
{
    uint8_t state = states->before;
    if (series_take(&states->bits, 1) == 1)
        state = (uint8_t)series_take(&states->bits, SERIES_STATE_BITS);
    states->broken |= state == states->state;
    states->before = states->state;
    states->state = state;
    run_take(states);
}

/* The state of the next slot. */
static uint8_t state_take(struct state_reader *states)
{
    if (!states->coded || states->broken)
        return states->state;
    if (states->run == 0)
        states_next_run(states);
    states->run--;
    return states->state;
}

/* The values' bits begin where the states' end. */
static struct value_reader values_begin(const struct block_head *head, struct state_reader states)
{
    while (states.coded && !states.broken && states.rest > 0)
        states_next_run(&states);
    struct value_reader values = { .bits = states.bits, .value = head->first_value, .divisor = head->divisor,
                                   .order = head->order, .broken = states.broken,
                                   .runs = series_parameter_of(SERIES_RUN_PARAMETER) };
    unsigned parameter = (unsigned)series_take(&values.bits, SERIES_VALUE_PARAMETER_BITS);
    values.broken |= parameter > SERIES_PARAMETER_LIMIT;
    values.values = series_parameter_of(values.broken ? 0 : parameter);
    return values;
}

static void zeros_take(struct value_reader *values)
{
    uint64_t count;
    if (!series_take_rice(&values->bits, &values->runs, &count)) {
        count = series_unzigzag(count);
        series_parameter_learn(&values->runs, count);
    }
    values->zeros = count;
    values->after_run = true;
}

/* A difference told raw: the number it stands for is learned, a fall in order 0 as 0. */
static void raw_learn(struct value_reader *values, uint64_t raw, bool after_run)
{
    bool rising = values->order == SERIES_RISING;
    bool falls = rising && (raw & 1);
    uint64_t number = rising ? series_unzigzag(raw) : raw;
    values->broken |= number == 0;
    series_parameter_learn(&values->values, falls ? 0 : number - (after_run && number > 0));
}

/* The zigzag of the next difference, or of its growth. */
static uint64_t zigzag_take(struct value_reader *values)
{
    if (values->zeros > 0) {
        values->zeros--;
        return 0;
    }
    uint64_t number;
    bool after_run = values->after_run;
    values->after_run = false;
    if (!series_take_rice(&values->bits, &values->values, &number)) {
        raw_learn(values, number, after_run);
        return number;
    }
    number += after_run;
    if (number == 0)
        zeros_take(values);
    return values->order == SERIES_RISING ? series_zigzag(number) : number;
}

static uint64_t value_take(struct value_reader *values)
{
    if (!values->started) {
        values->started = true;
        return values->value;
    }
    uint64_t step = series_unzigzag(zigzag_take(values));
    values->difference = values->order == SERIES_EVEN ? values->difference + step : step;
    values->value += values->difference * values->divisor;
    return values->value;
}

/* Nothing is left: no zeros promised, no byte, no bit but filling. */
static bool values_ended(struct value_reader *values)
{
    return values->zeros == 0 && values->bits.at == values->bits.size && values->bits.held < 8 && values->bits.word == 0;
}

int series_block_head(struct span block, struct series_head *out)
{
    struct block_head head;
    int error = head_read(block, &head);
    if (error == 0)
        *out = head.head;
    return error;
}

int series_block_decode(struct span block, int64_t first_slot, size_t count, int64_t *values, uint8_t *states)
{
    struct block_head head;
    int error = head_read(block, &head);
    if (error != 0)
        return error;
    struct state_reader state_bits = states_begin(&head);
    struct value_reader value_bits = values_begin(&head, state_bits);
    for (size_t i = 0; i < count; i++) {
        values[i] = 0;
        states[i] = SERIES_STATE_GAP;
    }
    /* Slots of both are far apart only in hostile blocks: the difference modulo 2^64 is right whenever it is small. */
    uint64_t offset = (uint64_t)head.head.first_slot - (uint64_t)first_slot;
    int present = 0;
    size_t at = 0;
    for (; at < head.head.count && (offset + at < count || offset + at >= (uint64_t)0 - head.head.count); at++) {
        uint8_t state = state_take(&state_bits);
        int64_t value = state == SERIES_STATE_GAP ? 0 : (int64_t)value_take(&value_bits);
        if (offset + at >= count)
            continue;
        states[offset + at] = state;
        values[offset + at] = value;
        present += state != SERIES_STATE_GAP;
    }
    if (state_bits.broken || value_bits.broken)
        return BASE_ERR_SYNTAX;
    if (state_bits.bits.missing || value_bits.bits.missing)
        return BASE_ERR_SHORT;
    return at == head.head.count && !values_ended(&value_bits) ? BASE_ERR_SYNTAX : present;
}
