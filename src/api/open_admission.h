/* Who calls the open interfaces, and may they? Internal to the room. */
#ifndef API_OPEN_ADMISSION_H
#define API_OPEN_ADMISSION_H

#include "api/exchange.h"

#define OPEN_SKEW_S 300 /* a signed request's timestamp lies at most so far from our clock */

/* Find the partner by the token (member "token" of the body, else the Authorization header) and fill the exchange's
 * caller and partner; check network, signature, rate and the right to the route's interface.
 * returns  0; -1 answered with what is wrong */
int open_admit(struct exchange *exchange);

#endif
