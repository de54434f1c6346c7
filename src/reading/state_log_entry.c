/* A state as bytes: its members in the order of the table, each as a number in groups of seven bits, lowest first, small ones and small
 * negative ones in few bytes. A new member goes to the end with a new version in front of the row. */
#include <stddef.h>
#include <string.h>

#include "reading/reading_internal.h"
#include "reading/state_log.h"

#define GROUP_BITS 7
#define GROUP_MORE 0x80u
#define GROUPS_LIMIT 10 /* of a number */
#define BYTES_VERSION 1 /* of column `recent` */
#define HEAD_SIZE (8 + 4 * READING_RECENT_DAYS)

#define MEMBER(name) { offsetof(struct reading_state, name), sizeof ((struct reading_state *)0)->name, false }
#define MEMBER_BESIDE(name) { offsetof(struct reading_state, name), sizeof ((struct reading_state *)0)->name, true }

static const struct state_member {
    uint16_t offset;
    uint16_t size;
    bool beside; /* the bytes of a row have it in front, or the row in its column */
} members[] = {
    MEMBER_BESIDE(content_hash), MEMBER(last_received_s), MEMBER(last_report_s), MEMBER(report_received_s), MEMBER(register_value),
    MEMBER(total_value), MEMBER(register_s), MEMBER(newest_register_value), MEMBER(newest_total_value), MEMBER(balance_fen),
    MEMBER(complete_days), MEMBER(on_time_days), MEMBER(last_frame), MEMBER_BESIDE(recent_register[0]),
    MEMBER_BESIDE(recent_register[1]), MEMBER_BESIDE(recent_register[2]), MEMBER_BESIDE(recent_register[3]),
    MEMBER_BESIDE(recent_register[4]), MEMBER_BESIDE(recent_register[5]), MEMBER_BESIDE(recent_register[6]),
    MEMBER_BESIDE(recent_register[7]), MEMBER(newest_day), MEMBER(clock_error_s), MEMBER(recharge_serial),
    MEMBER(firmware_version), MEMBER(alarm_bits), MEMBER(cell_id), MEMBER(earfcn), MEMBER(rsrp_dbm), MEMBER(snr_db),
    MEMBER(battery_mv), MEMBER(physical_cell), MEMBER(coverage_level), MEMBER(valve_state), MEMBER_BESIDE(status),
};

#define MEMBER_COUNT (sizeof members / sizeof members[0])

/* The number in a member of 1, 2, 4 or 8 bytes, its sign kept. */
static int64_t member_value(const struct reading_state *state, const struct state_member *member)
{
    const unsigned char *at = (const unsigned char *)state + member->offset;
    int64_t whole;
    int32_t half;
    int16_t quarter;

    if (member->size == sizeof whole)
        return memcpy(&whole, at, sizeof whole), whole;
    if (member->size == sizeof half)
        return memcpy(&half, at, sizeof half), half;
    if (member->size == sizeof quarter)
        return memcpy(&quarter, at, sizeof quarter), quarter;
    return *at;
}

static void member_set(struct reading_state *state, const struct state_member *member, uint64_t value)
{
    unsigned char *at = (unsigned char *)state + member->offset;
    uint32_t half = (uint32_t)value;
    uint16_t quarter = (uint16_t)value;

    if (member->size == sizeof value)
        memcpy(at, &value, sizeof value);
    else if (member->size == sizeof half)
        memcpy(at, &half, sizeof half);
    else if (member->size == sizeof quarter)
        memcpy(at, &quarter, sizeof quarter);
    else
        *at = (unsigned char)value;
}

/* returns  where the next number begins */
static uint8_t *number_put(uint8_t *at, uint64_t value)
{
    for (; value >= GROUP_MORE; value >>= GROUP_BITS)
        *at++ = (uint8_t)(value | GROUP_MORE);
    *at++ = (uint8_t)value;
    return at;
}

/* Bytes of somebody else's making, read front to back. */
struct cursor {
    const uint8_t *at;
    const uint8_t *end;
};

static bool number_take(struct cursor *cursor, uint64_t *out)
{
    uint64_t value = 0;
    unsigned shift = 0;
    uint8_t group;

    do {
        if (shift >= 64 || cursor->at == cursor->end)
            return false;
        group = *cursor->at++;
        value |= (uint64_t)(group & ~GROUP_MORE) << shift;
        shift += GROUP_BITS;
    } while (group & GROUP_MORE);
    *out = value;
    return true;
}

/* returns  where the next byte goes */
static uint8_t *members_put(uint8_t *at, const struct reading_state *state, bool all)
{
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        if (members[i].beside && !all)
            continue;
        int64_t value = member_value(state, &members[i]);
        at = number_put(at, (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0));
    }
    return at;
}

static bool members_take(struct cursor *cursor, struct reading_state *state, bool all)
{
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        uint64_t value;
        if (members[i].beside && !all)
            continue;
        if (!number_take(cursor, &value))
            return false;
        member_set(state, &members[i], value >> 1 ^ ((value & 1) != 0 ? UINT64_MAX : 0));
    }
    return true;
}

void state_log_put(struct writer *writer, uint32_t head, const struct reading_state *state)
{
    uint8_t entry[GROUPS_LIMIT * (1 + MEMBER_COUNT)];
    uint8_t *at = members_put(number_put(entry, head), state, true);

    writer_put_bytes(writer, entry, (size_t)(at - entry));
}

int state_log_take(struct reader *reader, uint32_t *head, struct reading_state *state)
{
    struct cursor cursor = { reader->in.bytes + reader->offset, reader->in.bytes + reader->in.size };
    struct reading_state taken = { 0 };
    uint64_t value = 0;

    if (reader_remaining(reader) == 0)
        return 0;
    if (!number_take(&cursor, &value) || value > UINT32_MAX || !members_take(&cursor, &taken, true))
        return READING_ERR_STORED;
    reader->offset = (size_t)(cursor.at - reader->in.bytes);
    *head = (uint32_t)value;
    *state = taken;
    return 1;
}

_Static_assert(HEAD_SIZE + 1 + GROUPS_LIMIT * (MEMBER_COUNT - 2 - READING_RECENT_DAYS) <= READING_STATE_BYTES_LIMIT,
               "the bytes of every state fit");

size_t reading_state_pack(const struct reading_state *state, uint8_t bytes[READING_STATE_BYTES_LIMIT])
{
    struct writer head = writer_of_buffer(bytes, HEAD_SIZE + 1);

    writer_put_u64be(&head, state->content_hash);
    for (size_t i = 0; i < READING_RECENT_DAYS; i++)
        writer_put_u32be(&head, state->recent_register[i]);
    writer_put_u8(&head, BYTES_VERSION);
    return (size_t)(members_put(bytes + HEAD_SIZE + 1, state, false) - bytes);
}

static void head_take(const uint8_t *at, struct reading_state *state)
{
    for (int i = 0; i < 8; i++)
        state->content_hash = state->content_hash << 8 | *at++;
    for (size_t i = 0; i < READING_RECENT_DAYS; i++, at += 4)
        state->recent_register[i] = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

int reading_state_unpack(struct span bytes, struct reading_state *state)
{
    struct reading_state taken = { 0 };

    if (bytes.size != 0 && bytes.size < HEAD_SIZE)
        return -1;
    if (bytes.size > 0)
        head_take(bytes.bytes, &taken);
    if (bytes.size > HEAD_SIZE) {
        struct cursor cursor = { bytes.bytes + HEAD_SIZE + 1, bytes.bytes + bytes.size };
        if (bytes.bytes[HEAD_SIZE] != BYTES_VERSION || !members_take(&cursor, &taken, false) || cursor.at != cursor.end)
            return -1;
    }
    *state = taken;
    return bytes.size > HEAD_SIZE;
}
