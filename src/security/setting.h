/* The settings of a tenant as one table: key, type, unit, default, bounds, help. Values are stored as text. */
#ifndef SECURITY_SETTING_H
#define SECURITY_SETTING_H

#include <stddef.h>
#include <stdint.h>

#define SETTING_VALUE_LIMIT 256

enum setting_type {
    SETTING_INTEGER,    /* decimal, minimum to maximum */
    SETTING_CLOCK_MIN,  /* minutes after local midnight, 0 to 1440 */
    SETTING_WEEKDAYS,   /* "1,2,3,4,5": ISO numbers, Monday is 1 */
    SETTING_DAYS,       /* "2026-10-01,2026-10-02": a list of dates, may be empty */
    SETTING_TEXT,       /* UTF-8, at most `maximum` bytes */
    SETTING_YES_NO,     /* "1" or "0" */
    SETTING_CHOICE      /* one of setting_choices() */
};

/* What a setting is about; the table is sorted by it. */
enum setting_section { SECTION_NOTICES, SECTION_SUPPLY, SECTION_MONEY, SECTION_READINGS, SECTION_ORGANISATION, SECTION_INVOICES };

struct setting {
    const char *key;
    enum setting_section section;
    enum setting_type type;
    const char *unit;      /* "fen", "h", ""; of integers */
    const char *value;     /* the default */
    int64_t minimum;
    int64_t maximum;
    const char *help_zh;
    const char *help_en;
};

/* Row by key; NULL when there is none. */
const struct setting *setting_find(const char *key);

/* The table in order; NULL from setting_count() on. */
const struct setting *setting_at(size_t index);
size_t setting_count(void);

/* "integer", "clock_min", ...; static. */
const char *setting_type_name(enum setting_type type);

/* What a SETTING_CHOICE permits: "zh,en"; "" for other types; static. */
const char *setting_choices(const struct setting *setting);

/* "notices", "supply", ...; static. */
const char *setting_section_name(enum setting_section section);

/* Is `value` permitted for the row?
 * returns  0 or SECURITY_ERR_SETTING_VALUE */
int setting_check(const struct setting *setting, const char *value);

/* The integer of a value that setting_check() accepted (or of the default when `value` is NULL). */
int64_t setting_integer(const struct setting *setting, const char *value);

#endif
