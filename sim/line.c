#include "sim/line.h"

#include <string.h>

#define NS_PER_S INT64_C(1000000000)
#define NS_PER_US 1000
#define BAUD_USUAL 2400
#define DATA_BITS 8
#define SAME_MOMENT_PER_BIT 4 /* two bytes a quarter of a bit apart are one */
#define BABBLE_LIMIT 512      /* bytes of babble that are made up for at once */

void line_open(struct line *line, const struct line_config *config)
{
    memset(line, 0, sizeof *line);
    line->config = *config;
    line->random = random_of_seed(config->seed);
    line->bit_ns = NS_PER_S / (config->baud != 0 ? config->baud : BAUD_USUAL);
}

void line_attach(struct line *line, struct line_slave *slave)
{
    struct line_slave **place = &line->slaves;
    while (*place != NULL)
        place = &(*place)->next;
    slave->next = NULL;
    *place = slave;
}

void line_detach(struct line *line, struct line_slave *slave)
{
    struct line_slave **place = &line->slaves;
    while (*place != NULL && *place != slave)
        place = &(*place)->next;
    if (*place != NULL)
        *place = slave->next;
}

int64_t line_bytes_us(const struct line *line, size_t count)
{
    int stop_bits = line->config.stop_bits == 2 ? 2 : 1;
    int bits = 1 + DATA_BITS + (line->config.parity != LINE_PARITY_NONE ? 1 : 0) + stop_bits;
    return (int64_t)count * bits * line->bit_ns / NS_PER_US;
}

static struct line_byte *queue_at(struct line *line, size_t index)
{
    return &line->queue[(line->queue_head + index) % LINE_QUEUE_LIMIT];
}

static uint8_t byte_random(struct line *line)
{
    return (uint8_t)random_next(&line->random);
}

/* What two bytes become that are sent over each other. */
static void byte_mix(struct line *line, struct line_byte *byte, int64_t start_us, uint8_t value)
{
    int64_t apart_us = start_us > byte->start_us ? start_us - byte->start_us : byte->start_us - start_us;
    bool is_one = byte->value == value && apart_us * NS_PER_US * SAME_MOMENT_PER_BIT <= line->bit_ns;
    if (!is_one)
        byte->value = (uint8_t)((byte->value & value) ^ byte_random(line));
}

static void queue_insert(struct line *line, size_t index, struct line_byte byte)
{
    if (line->queue_count == LINE_QUEUE_LIMIT) {
        line->counts.overflow++;
        return;
    }
    line->queue_count++;
    for (size_t i = line->queue_count - 1; i > index; i--)
        *queue_at(line, i) = *queue_at(line, i - 1);
    *queue_at(line, index) = byte;
}

/* Put a byte on the wire.
 * is_met   set when another one was there
 * returns  how it sounds now */
static uint8_t byte_put(struct line *line, struct line_byte byte, bool *is_met)
{
    int64_t width_us = line_bytes_us(line, 1);
    size_t index = line->queue_count;
    while (index > 0 && queue_at(line, index - 1)->start_us > byte.start_us)
        index--;
    size_t neighbours[] = { index, index - 1 }; /* the one behind and the one before */
    for (size_t i = 0; i < 2; i++) {
        if (neighbours[i] >= line->queue_count)
            continue;
        struct line_byte *other = queue_at(line, neighbours[i]);
        int64_t apart_us = other->start_us - byte.start_us;
        if (apart_us >= width_us || -apart_us >= width_us)
            continue;
        byte_mix(line, other, byte.start_us, byte.value);
        other->is_master = other->is_master || byte.is_master;
        *is_met = true;
        return other->value;
    }
    queue_insert(line, index, byte);
    return byte.value;
}

static uint8_t byte_disturb(struct line *line, uint8_t value)
{
    if (!random_chance(&line->random, line->config.flips_per_million, 1000000))
        return value;
    line->counts.flips++;
    return (uint8_t)(value ^ 1u << random_below(&line->random, DATA_BITS));
}

/* Put a transmission on the wire; afterwards `bytes` are what it sounded like. */
static void burst_put(struct line *line, int64_t start_us, bool is_master, uint8_t *bytes, size_t size)
{
    bool is_met = false;
    for (size_t i = 0; i < size; i++) {
        struct line_byte byte = { start_us + line_bytes_us(line, i), byte_disturb(line, bytes[i]), is_master };
        bytes[i] = byte_put(line, byte, &is_met);
    }
    line->counts.collisions += is_met;
    line->counts.busy_us += line_bytes_us(line, size);
}

static bool somebody_babbles(const struct line *line)
{
    for (const struct line_slave *slave = line->slaves; slave != NULL; slave = slave->next)
        if (slave->is_babbling && !slave->is_absent)
            return true;
    return false;
}

/* Babble until then. What nobody took for long is not made up for. */
static void babble_put(struct line *line, int64_t until_us)
{
    int64_t width_us = line_bytes_us(line, 1);
    int64_t earliest_us = until_us - width_us * BABBLE_LIMIT;
    bool is_met = false;
    if (line->babbled_us < earliest_us)
        line->babbled_us = earliest_us;
    for (; line->babbled_us < until_us && somebody_babbles(line); line->babbled_us += width_us)
        (void)byte_put(line, (struct line_byte){ line->babbled_us, byte_random(line), false }, &is_met);
    if (line->babbled_us < until_us)
        line->babbled_us = until_us;
}

static bool burst_is_lost(struct line *line)
{
    bool is_lost = random_chance(&line->random, line->config.lost_permille, 1000);
    line->counts.lost += is_lost;
    return is_lost;
}

/* One slave hears a burst that ended at end_us and may answer.
 * answer   LINE_BURST_LIMIT bytes: as it sounds on the wire, for others to hear
 * returns  its size; 0 none */
static size_t slave_hear(struct line *line, struct line_slave *slave, struct span heard, int64_t end_us,
                         uint8_t *answer)
{
    if (slave->is_absent || burst_is_lost(line))
        return 0;
    size_t size = slave->receive(slave->slave, heard, answer, LINE_BURST_LIMIT);
    if (size > 0 && slave->alter != NULL)
        size = slave->alter(slave->slave, answer, size);
    if (size == 0 || (line->config.kind == LINE_RADIO && burst_is_lost(line)))
        return 0;
    int64_t delay_us = random_between(&line->random, slave->delay_low_us, slave->delay_high_us);
    line->counts.answers++;
    line->counts.answer_bytes += size;
    burst_put(line, end_us + delay_us, false, answer, size);
    return size;
}

/* The others hear an answer; a sound device says nothing to it. What an unsound one says is heard by nobody else. */
static void others_hear(struct line *line, const struct line_slave *speaker, struct span answer, int64_t end_us)
{
    uint8_t unasked[LINE_BURST_LIMIT];
    for (struct line_slave *slave = line->slaves; slave != NULL; slave = slave->next)
        if (slave != speaker)
            (void)slave_hear(line, slave, answer, end_us, unasked);
}

static void slaves_hear(struct line *line, struct span heard, int64_t end_us)
{
    uint8_t answer[LINE_BURST_LIMIT];
    for (struct line_slave *slave = line->slaves; slave != NULL; slave = slave->next) {
        size_t size = slave_hear(line, slave, heard, end_us, answer);
        if (size > 0 && line->config.kind != LINE_MBUS)
            others_hear(line, slave, span_of_bytes(answer, size),
                        end_us + slave->delay_high_us + line_bytes_us(line, size));
    }
}

/* The master's own bytes that nobody will take make room. */
static void queue_trim(struct line *line, int64_t now_us)
{
    int64_t width_us = line_bytes_us(line, 1);
    while (line->queue_count > 0 && queue_at(line, 0)->is_master && !line->config.echo &&
           queue_at(line, 0)->start_us + width_us <= now_us) {
        line->queue_head = (line->queue_head + 1) % LINE_QUEUE_LIMIT;
        line->queue_count--;
    }
}

int64_t line_send(struct line *line, int64_t now_us, struct span bytes)
{
    uint8_t burst[LINE_BURST_LIMIT];
    size_t size = bytes.size < sizeof burst ? bytes.size : sizeof burst;
    int64_t start_us = now_us > line->master_free_us ? now_us : line->master_free_us;
    int64_t end_us = start_us + line_bytes_us(line, size);
    if (size == 0)
        return end_us;
    memcpy(burst, bytes.bytes, size);
    queue_trim(line, now_us);
    babble_put(line, end_us);
    burst_put(line, start_us, true, burst, size);
    line->counts.bursts++;
    line->counts.bytes += size;
    line->master_free_us = end_us;
    slaves_hear(line, span_of_bytes(burst, size), end_us);
    return end_us;
}

size_t line_receive(struct line *line, int64_t now_us, uint8_t *bytes, size_t limit)
{
    int64_t width_us = line_bytes_us(line, 1);
    size_t count = 0;
    babble_put(line, now_us);
    while (line->queue_count > 0 && queue_at(line, 0)->start_us + width_us <= now_us) {
        const struct line_byte *byte = queue_at(line, 0);
        bool is_heard = !byte->is_master || line->config.echo;
        if (is_heard && count == limit)
            break;
        if (is_heard)
            bytes[count++] = byte->value;
        line->queue_head = (line->queue_head + 1) % LINE_QUEUE_LIMIT;
        line->queue_count--;
    }
    return count;
}

/* The first byte that the master will hear; NULL when there is none. */
static const struct line_byte *queue_audible(struct line *line)
{
    for (size_t i = 0; i < line->queue_count; i++)
        if (!queue_at(line, i)->is_master || line->config.echo)
            return queue_at(line, i);
    return NULL;
}

int64_t line_due_us(struct line *line, int64_t now_us)
{
    int64_t width_us = line_bytes_us(line, 1);
    const struct line_byte *byte = queue_audible(line);
    if (byte == NULL && somebody_babbles(line)) {
        babble_put(line, (line->babbled_us > now_us ? line->babbled_us : now_us) + width_us);
        byte = queue_audible(line);
    }
    return byte != NULL ? byte->start_us + width_us : INT64_MAX;
}

size_t line_exchange(struct line *line, int64_t *now_us, struct span request, int64_t wait_us, int64_t gap_us,
                     uint8_t *answer, size_t limit)
{
    int64_t sent_us = line_send(line, *now_us, request);
    int64_t quiet_us = sent_us + wait_us;
    size_t echo_size = line->config.echo ? request.size : 0;
    size_t count = 0;
    for (;;) {
        int64_t due_us = line_due_us(line, *now_us);
        if (due_us > quiet_us || count == limit)
            break;
        *now_us = due_us > *now_us ? due_us : *now_us;
        count += line_receive(line, *now_us, answer + count, limit - count);
        if (count > echo_size)
            quiet_us = (*now_us > sent_us ? *now_us : sent_us) + gap_us;
    }
    *now_us = count == limit ? *now_us : quiet_us;
    return count;
}
