/* How a tariff document is read: shared by the files tariff_json*.c only. */
#ifndef RATING_TARIFF_JSON_INTERNAL_H
#define RATING_TARIFF_JSON_INTERNAL_H

#include "rating/tariff_document.h"

#define TARIFF_YUAN_MAXIMUM_FEN INT64_C(100000000)

struct tariff_reader {
    const json_t *root;
    struct tariff *tariff;
    struct tariff_problem *problem;
    bool strict; /* unknown members are mistakes */
};

/* A word of the document and the enum value it stands for; a row without a name ends the list. */
struct tariff_word {
    const char *name;
    int value;
};

/* Say what is wrong. returns RATING_ERR_DOCUMENT */
int tariff_refuse(struct tariff_reader *reader, const char *path, const char *chinese, const char *english);

#define TARIFF_PATH_SIZE 96

/* before + name, a member's name as the document has it: cut to 47 bytes, between characters. `out`: TARIFF_PATH_SIZE */
void tariff_path_join(const char *before, const char *name, char *out);

/* Values of the document, each refused with its path. `out` is written on success only.
 * returns  0; RATING_ERR_DOCUMENT */
int tariff_decimal_read(struct tariff_reader *reader, const json_t *value, const char *path, int scale, int64_t maximum,
                        int64_t *out);
int tariff_count_read(struct tariff_reader *reader, const json_t *value, const char *path, int32_t maximum,
                      int32_t *out);
/* out  TARIFF_NAME_SIZE bytes */
int tariff_name_read(struct tariff_reader *reader, const json_t *value, const char *path, char *out);
int tariff_word_read(struct tariff_reader *reader, const json_t *value, const char *path,
                     const struct tariff_word *words, int *out);
/* An array of decimals; `count` gets how many. */
int tariff_decimals_read(struct tariff_reader *reader, const json_t *value, const char *path, int scale,
                         int64_t maximum, int32_t capacity, int64_t *out, int32_t *count);

/* Is every member of an object one of `names` (ended by NULL)? An object's surplus members are mistakes. */
int tariff_members_check(struct tariff_reader *reader, const json_t *object, const char *path,
                         const char *const *names);

/* Readers of fields that fill more than one member. */
int tariff_limits_field(struct tariff_reader *reader, const json_t *value);
int tariff_monthly_limits_field(struct tariff_reader *reader, const json_t *value);
int tariff_season_limits_field(struct tariff_reader *reader, const json_t *value);
int tariff_season_months_field(struct tariff_reader *reader, const json_t *value);
int tariff_household_field(struct tariff_reader *reader, const json_t *value);
int tariff_household_monthly_field(struct tariff_reader *reader, const json_t *value);
int tariff_items_field(struct tariff_reader *reader, const json_t *value);
int tariff_fixed_field(struct tariff_reader *reader, const json_t *value);
int tariff_schedule_field(struct tariff_reader *reader, const json_t *value);
int tariff_allowance_field(struct tariff_reader *reader, const json_t *value);
int tariff_registers_field(struct tariff_reader *reader, const json_t *value);
int tariff_power_factor_field(struct tariff_reader *reader, const json_t *value);
int tariff_late_fee_field(struct tariff_reader *reader, const json_t *value);

/* Registers of the periods that have the names meters give them: sharp 1, peak 2, flat 3, valley 4. */
void tariff_registers_usual(struct tariff *tariff);

#endif
