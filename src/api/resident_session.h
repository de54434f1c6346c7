/* Residents' phones: from cookie or bearer token to a phone, and how it is bound. Internal to the room.
 *
 * A phone's token is of no use on a person's routes and the other way round: each is looked for in its own table. */
#ifndef API_RESIDENT_SESSION_H
#define API_RESIDENT_SESSION_H

#include "api/exchange.h"

#define RESIDENT_COOKIE "meterworks_resident"

/* Find the phone that the request names; keeps it in use.
 * returns  0 with exchange->caller written; API_ERR_SIGNED_OUT (none, unused for long, or bound to nobody any more);
 *          -1 answered with an error */
int resident_find(struct exchange *exchange);

/* A public route: exchange->caller is the phone that asks when it is bound, else nobody. 0; -1 answered with an error */
int resident_recognise(struct exchange *exchange);

int handle_resident_bind(struct exchange *exchange);
int handle_resident_password(struct exchange *exchange);
int handle_resident_demo(struct exchange *exchange);

#endif
