/* One try at a login, through the door of people or that of residents: may this address try, is the login locked, is it the
 * password.
 *
 * Whoever guesses at a name from elsewhere locks it, and would keep its owner out for ever. So a browser that has signed in
 * once carries a cookie, and is asked about a lock of its own instead. The cookie opens nothing; its proof is made with the
 * stored hash of the password, so a changed password ends it. Internal to the room. */
#ifndef API_SIGN_IN_H
#define API_SIGN_IN_H

#include "api/exchange.h"
#include "api/sign_in_guard.h"

#define SIGN_IN_COOKIE_S INT64_C(31536000) /* how long a browser is known again */

/* What the store says of the login. */
struct sign_in_login {
    enum sign_in_door door;
    struct span login;        /* as it was typed */
    int64_t owner_id;         /* 0: nobody has it; then the rest is not looked at */
    const char *hash;         /* of its password */
    int64_t locked_until_s;
};

/* returns  0 it is the password; 1 it is not: the caller counts that for the owner, and calls sign_in_wrong;
 *          -1 answered */
int sign_in_prove(struct exchange *exchange, const struct sign_in_login *login, struct span password);

/* Count a wrong password for the address, and for whom the store does not count: nobody's login, a known browser. */
void sign_in_wrong(struct exchange *exchange, const struct sign_in_login *login);

/* Know this browser again: owner_id and hash as they are now. */
void sign_in_remember(struct exchange *exchange, enum sign_in_door door, int64_t owner_id, const char *hash);

#endif
