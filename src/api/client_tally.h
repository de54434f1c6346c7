/* What one address may try in a minute, each thing by a count of its own. Internal to the room. */
#ifndef API_CLIENT_TALLY_H
#define API_CLIENT_TALLY_H

#include "api/exchange.h"

enum client_tally {
    CLIENT_STRANGER,     /* requests of the open interfaces without a good token */
    CLIENT_SIGN_IN,      /* wrong passwords, and any at a locked login */
    CLIENT_PAYER,        /* questions to a channel about who pays */
    CLIENT_WRONG_NOTICE, /* callbacks that no channel has signed */
    CLIENT_TALLY_COUNT
};

/* Seconds until the address may try again; 0 now. Counts nothing. */
int64_t client_tally_look(struct exchange *exchange, enum client_tally tally);

/* One more try: 0 permitted and counted; else seconds to wait, not counted. */
int64_t client_tally_count(struct exchange *exchange, enum client_tally tally);

#endif
