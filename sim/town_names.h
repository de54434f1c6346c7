/* Invented people: names with the initials of their pinyin, phone numbers of a range that nobody has. */
#ifndef SIM_TOWN_NAMES_H
#define SIM_TOWN_NAMES_H

#include "base/random.h"

#define TOWN_NAME_LIMIT 96     /* UTF-8 with its zero; a company may have 30 characters */
#define TOWN_INITIALS_LIMIT 32
#define TOWN_PHONE_LIMIT 16

struct town_name {
    char text[TOWN_NAME_LIMIT];
    char initials[TOWN_INITIALS_LIMIT]; /* "cjy" */
};

/* A person; a few have rare characters or come from far away. */
void town_name_person(struct random *random, struct town_name *out);

/* A shop or restaurant; a few have very long names. */
void town_name_company(struct random *random, struct town_name *out);

/* "138-0000-1234" */
void town_phone(struct random *random, char out[TOWN_PHONE_LIMIT]);

#endif
