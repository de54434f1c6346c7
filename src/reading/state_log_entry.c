/* A state as bytes: its members in the order of the table, each as a number in groups of seven bits, lowest first, small ones and small
 * negative ones in few bytes. A new member goes to the end with a new version in front of the row. */
#include <stddef.h>
#include <string.h>

#include "reading/reading_internal.h"
#include "reading/state_log.h"

#define GROUP_BITS 7
#define GROUP_MORE 0x80u
#define GROUPS_LIMIT 10 /* of a number */

#define MEMBER(name) { offsetof(struct reading_state, name), sizeof ((struct reading_state *)0)->name }

static const struct state_member {
    uint16_t offset;
    uint16_t size;
} members[] = {
    MEMBER(content_hash), MEMBER(last_received_s), MEMBER(last_report_s), MEMBER(report_received_s), MEMBER(register_value),
    MEMBER(total_value), MEMBER(register_s), MEMBER(newest_register_value), MEMBER(newest_total_value), MEMBER(balance_fen),
    MEMBER(complete_days), MEMBER(on_time_days), MEMBER(last_frame), MEMBER(recent_register[0]), MEMBER(recent_register[1]),
    MEMBER(recent_register[2]), MEMBER(recent_register[3]), MEMBER(recent_register[4]), MEMBER(recent_register[5]),
    MEMBER(recent_register[6]), MEMBER(recent_register[7]), MEMBER(newest_day), MEMBER(clock_error_s), MEMBER(recharge_serial),
    MEMBER(firmware_version), MEMBER(alarm_bits), MEMBER(cell_id), MEMBER(earfcn), MEMBER(rsrp_dbm), MEMBER(snr_db),
    MEMBER(battery_mv), MEMBER(physical_cell), MEMBER(coverage_level), MEMBER(valve_state), MEMBER(status),
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

static int number_take(struct reader *reader, uint64_t *out)
{
    uint64_t value = 0;
    uint8_t group = GROUP_MORE;

    for (unsigned shift = 0; group & GROUP_MORE; shift += GROUP_BITS) {
        if (shift >= 64 || reader_take_u8(reader, &group) != 0)
            return READING_ERR_STORED;
        value |= (uint64_t)(group & ~GROUP_MORE) << shift;
    }
    *out = value;
    return 0;
}

void state_log_put(struct writer *writer, uint32_t device_id, const struct reading_state *state)
{
    uint8_t entry[GROUPS_LIMIT * (1 + MEMBER_COUNT)];
    uint8_t *at = number_put(entry, device_id);

    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        int64_t value = member_value(state, &members[i]);
        at = number_put(at, (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0));
    }
    writer_put_bytes(writer, entry, (size_t)(at - entry));
}

int state_log_take(struct reader *reader, uint32_t *device_id, struct reading_state *state)
{
    struct reading_state taken = { 0 };
    uint64_t value = 0;

    if (reader_remaining(reader) == 0)
        return 0;
    int error = number_take(reader, &value);
    if (error != 0 || value > UINT32_MAX)
        return READING_ERR_STORED;
    *device_id = (uint32_t)value;
    for (size_t i = 0; error == 0 && i < MEMBER_COUNT; i++) {
        error = number_take(reader, &value);
        member_set(&taken, &members[i], value >> 1 ^ ((value & 1) != 0 ? UINT64_MAX : 0));
    }
    if (error != 0)
        return error;
    *state = taken;
    return 1;
}
