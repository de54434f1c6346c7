/* The town's customers at the cash desk: looks at accounts in trouble as their owners would and says who pays now.
 *
 * Reads the platform's database through a connection of its own; changes nothing itself. One thread. */
#ifndef APPS_METERWORKS_TOWN_PEOPLE_H
#define APPS_METERWORKS_TOWN_PEOPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/town_plan.h"

struct town_people;

struct town_payment_wish {
    int64_t account_id;
    int64_t amount_fen;
    uint32_t home;
    bool press_button;    /* afterwards somebody goes to the meter */
    char key[48];         /* the same wish in the same hour is one payment */
};

/* device_ids  of each home of the plan; lives as long as the room, as the plan does
 * returns     0 with *out owned by the caller; -1 with `problem` */
int town_people_open(const char *database_path, const struct town_plan *plan, const int64_t *device_ids,
                     struct town_people **out, char problem[256]);

/* Accepts NULL. */
void town_people_close(struct town_people *people);

/* Everybody who pays at this hour, at most `limit`.
 * returns  how many; -1 when the database does not answer */
int town_people_look(struct town_people *people, int64_t now_s, struct town_payment_wish *wishes, int limit);

#endif
