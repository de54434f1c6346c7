/* What the files of the concentrator for load share. */
#ifndef SIM_CONCENTRATOR_LOAD_INTERNAL_H
#define SIM_CONCENTRATOR_LOAD_INTERNAL_H

#include "base/writer.h"
#include "codec/q376/q376_request.h"
#include "sim/concentrator_load.h"

#define LOAD_ENTRY_SIZE Q376_ARCHIVE_ENTRY_SIZE
#define LOAD_TARIFFS 4
#define LOAD_HOUR_S 3600

/* concentrator_load_archive.c */

/* A meter of the archive. */
struct load_meter {
    uint64_t address;
    uint16_t number;
    uint8_t protocol;
};

/* The meter of a point (the point is the entry's number in the archive that it was made with). */
bool load_meter_find(const struct concentrator_load *load, unsigned point, struct load_meter *out);

/* The entry of a number; NULL when there is none.
 * made  LOAD_ENTRY_SIZE bytes, for one that nobody wrote */
const uint8_t *load_entry_find(const struct concentrator_load *load, unsigned number, uint8_t *made);

/* AFN 04 F10: from here on the archive is in memory. returns  false: denied */
bool load_archive_write(struct concentrator_load *load, struct span data);

/* concentrator_load_value.c */

int64_t load_clock_s(const struct concentrator_load *load);

/* In 0.0001 of the meter's unit; tariff 0 the register itself. */
int64_t load_register_shown(const struct concentrator_load *load, uint64_t address, unsigned tariff, int64_t time_s);

void load_missing_put(size_t size, struct writer *out);
void load_digits_put(int value, struct writer *out);
void load_day_put(int64_t day, struct writer *out);
/* Formats 15 and 01. */
void load_minute_put(int64_t time_s, struct writer *out);
void load_second_put(int64_t time_s, struct writer *out);
/* BCD; missing when it does not fit. */
void load_number_put(int64_t value, size_t size, struct writer *out);

/* concentrator_load_meter.c: a meter answers whatever its address is; nothing written is silence. */
void load_meter_answer(struct concentrator_load *load, struct span heard, struct writer *out);

#endif
