/* Loss of a zone: what its border meters let in minus what the meters inside sold (S1-002, S3-004).
 *
 * Pure arithmetic over midnights: only values of the same instant are subtracted. A midnight that is missing is estimated
 * from the meter's last stored one by its own recent mean, never beyond the next stored one, and said to be estimated; a
 * meter of which nothing is known is counted apart. */
#ifndef READING_LOSS_BALANCE_H
#define READING_LOSS_BALANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOSS_DAYS_LIMIT 100     /* of one balance */
#define LOSS_MEAN_DAYS 30       /* how far back the recent mean looks */
#define LOSS_POINT_LIMIT (LOSS_MEAN_DAYS + LOSS_DAYS_LIMIT + 2)

/* One midnight of one meter. */
struct loss_point {
    int64_t total_value;
    bool known;
    bool estimated; /* stored as an estimate already */
};

/* One meter's midnights from day `from_day - LOSS_MEAN_DAYS` on, one a day up to `to_day + 1`. A meter that was installed or
 * removed in between has its opening total at the midnight before, its closing total at the midnight after. */
struct loss_meter {
    bool supply;
    int32_t direction;   /* supply: 1 into the zone, -1 out of it; sold: 1 */
    int32_t first_day;   /* in service on the days first_day to last_day, both included */
    int32_t last_day;
    struct loss_point points[LOSS_POINT_LIMIT];
};

/* Figures of one day, or of all. */
struct loss_figures {
    int64_t supply_value;
    int64_t sold_value;
    int64_t supply_estimated_value; /* the part of supply_value that rests on an estimate; sums of amounts, never negative */
    int64_t sold_estimated_value;
    int32_t supply_meters;          /* in service */
    int32_t sold_meters;
    int32_t estimated_meters;       /* of both: with an estimate in them */
    int32_t unknown_meters;         /* of both: in no figure, because nothing is known of them */
};

struct loss_balance {
    int32_t from_day; /* the days from_day to to_day, both included */
    int32_t to_day;
    struct loss_figures span; /* between the first midnight and the last */
    struct loss_figures days[LOSS_DAYS_LIMIT];
};

/* returns  0; -1 when to_day is before from_day or more than LOSS_DAYS_LIMIT days are asked for */
int loss_balance_begin(struct loss_balance *balance, int32_t from_day, int32_t to_day);

/* Empty points, ready to be filled; in service for all days. */
void loss_meter_begin(struct loss_meter *meter, bool supply, int32_t direction);

/* A midnight of a meter; days outside the balance's reach are passed over. */
void loss_meter_put(const struct loss_balance *balance, struct loss_meter *meter, int32_t day, int64_t total_value,
                    bool estimated);

/* Add a meter to the figures of each day and of the span. */
void loss_balance_add(struct loss_balance *balance, const struct loss_meter *meter);

/* Supply minus sold, and in thousandths of the supply: 0 of a supply that is not above 0. */
int64_t loss_value(const struct loss_figures *figures);
int64_t loss_permille(const struct loss_figures *figures);

#endif
