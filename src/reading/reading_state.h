/* The last known state of one device, as it lies in memory and in table device_state. */
#ifndef READING_READING_STATE_H
#define READING_READING_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

#define READING_RECENT_DAYS 8   /* registers of the newest days held in memory: a report repeats seven of them */
#define READING_MAP_DAYS 64     /* completeness map */
#define READING_STATE_BYTES_LIMIT 320 /* of reading_state_pack */

/* Status bits, the order of the board's colours (S1-044); none set: normal. */
enum device_status { STATUS_CUT_OFF = 1, STATUS_FAULT = 2, STATUS_ALARM = 4, STATUS_SILENT = 8 };

/* What of a state has changed since it was last written. The status stands apart: others keep counts by it. */
enum reading_dirty { READING_DIRTY_STATE = 1, READING_DIRTY_STATUS = 2 };

struct reading_state {
    uint64_t content_hash;   /* of the last report: the same content again changes nothing */
    int64_t last_received_s;
    int64_t last_report_s;   /* device time of the last full report */
    int64_t report_received_s; /* when that report came; 0: never */
    int64_t register_value;     /* newest believed value of the dial, and the total that belongs to it */
    int64_t total_value;
    int64_t register_s;      /* when it was read; 0: never */
    int64_t newest_register_value; /* at the midnight of newest_day */
    int64_t newest_total_value;
    int64_t balance_fen;
    uint64_t complete_days;  /* bit k: the midnight of newest_day - k is stored */
    uint64_t on_time_days;   /* bit k: it came on its own day */
    uint64_t last_frame;
    uint32_t recent_register[READING_RECENT_DAYS]; /* low 32 bits of the stored register, at day % READING_RECENT_DAYS */
    int32_t newest_day;      /* local days since 1970; 0: no midnight stored yet */
    int32_t clock_error_s;   /* device clock minus ours, when the last report came */
    uint32_t recharge_serial;
    uint32_t firmware_version; /* major << 16 | minor << 8 | patch; 0: not said yet */
    uint32_t alarm_bits;
    uint32_t cell_id;
    uint32_t earfcn;
    int16_t rsrp_dbm;
    int16_t snr_db;
    uint16_t battery_mv;
    uint16_t physical_cell;
    uint8_t coverage_level;
    uint8_t valve_state;     /* enum valve_state */
    uint8_t status;          /* bits of enum device_status, set by watch */
    uint8_t dirty;           /* bits of enum reading_dirty */
};

/* A state as bytes, in column `recent` of its row: all of it but the status, so that a start reads one value of a row and not thirty.
 * Content hash and registers of the newest days, 40 bytes, which is all that programs before schema 63 wrote; a version; the other
 * members (state_log_entry.c), small numbers in few bytes. The columns of the row say the same for everybody else: who writes a
 * column writes the bytes.
 * returns  the size: 65 to READING_STATE_BYTES_LIMIT */
size_t reading_state_pack(const struct reading_state *state, uint8_t bytes[READING_STATE_BYTES_LIMIT]);

/* And back, the status 0 and nothing dirty.
 * returns  1 and *state; 0: the bytes are of an older program, and only content hash and newest registers are written to *state (0 when
 *          there are none either); -1: they are no such bytes, *state is untouched */
int reading_state_unpack(struct span bytes, struct reading_state *state);

#endif
