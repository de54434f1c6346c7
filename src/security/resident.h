/* Residents: the user name and password an operator gives a customer (S1-064), and the phones that are bound with them.
 *
 * A phone is a browser that holds a token. It is bound to customers by proving their password, never signs in as a person
 * and has no role: what it may see hangs on its bindings alone. Several phones may be bound to one customer (a family), and
 * one phone to several customers (S1-064). The first password is good once: binding with it sets the resident's own.
 *
 * Runs in the core, over a small store interface; rules as security/people.h. Times are real ones. */
#ifndef SECURITY_RESIDENT_H
#define SECURITY_RESIDENT_H

#include "security/people.h"

#define RESIDENT_PHONES_PER_CUSTOMER 8       /* the one unused for longest gives way to a new one */
#define RESIDENT_CUSTOMERS_PER_PHONE 20
#define RESIDENT_IDLE_S INT64_C(15552000)    /* a phone unused for 180 days is bound no longer */
#define RESIDENT_TOUCH_EVERY_S 3600          /* seen_s is written at most so often */
#define RESIDENT_ONE_TIME_S INT64_C(2592000) /* a first password not used within 30 days is good no longer */
#define RESIDENT_PHONE_NAME_LIMIT 61
#define RESIDENT_HASH_LIMIT 160

struct resident_login {
    int64_t customer_id;
    int64_t tenant_id;
    int64_t failed_count;
    int64_t locked_until_s;
    int64_t issued_s;
    bool one_time;       /* a first password: good for one binding that sets another */
    char login[PEOPLE_LOGIN_LIMIT];
    char password_hash[RESIDENT_HASH_LIMIT];
};

struct resident_phone {
    int64_t phone_id;    /* 0: to be made */
    int64_t tenant_id;
    int64_t seen_s;
    uint8_t token_hash[SECRET_HASH_SIZE];
    char csrf_token[PEOPLE_CSRF_LIMIT];
    char name[RESIDENT_PHONE_NAME_LIMIT]; /* what the family calls it; may be empty */
};

struct resident_binding {
    int64_t binding_id;
    int64_t phone_id;
    int64_t customer_id;
    int64_t tenant_id;
};

/* What the room needs from a store. "find" functions return 1 found, 0 not; all negative on failure. */
struct resident_store {
    void *context;
    /* is the customer the tenant's, with an account at or below `path`, or the path the whole tenant? */
    int (*customer_find)(void *context, int64_t tenant_id, const char *path, int64_t customer_id);
    int (*login_find)(void *context, const char *login, struct resident_login *out);
    int (*login_of_customer)(void *context, int64_t customer_id, struct resident_login *out);
    /* inserts, or replaces the customer's */
    int (*login_put)(void *context, const struct resident_login *login);
    int (*login_delete)(void *context, int64_t customer_id);
    int (*phone_find)(void *context, int64_t phone_id, struct resident_phone *out);
    int (*phone_insert)(void *context, const struct resident_phone *phone, int64_t *phone_id);
    /* phone_id's token_hash and csrf_token become these */
    int (*phone_token_put)(void *context, const struct resident_phone *phone);
    /* with its bindings */
    int (*phone_delete)(void *context, int64_t phone_id);
    /* who pays in the channel's own app, by this phone */
    int (*phone_payer_put)(void *context, int64_t phone_id, const char *channel, const char *payer_id);
    int (*phone_touch)(void *context, int64_t phone_id, int64_t seen_s);
    /* phones unused since, with their bindings */
    int (*phones_sweep)(void *context, int64_t idle_since_s);
    /* of a pair that is bound already: nothing */
    int (*binding_insert)(void *context, int64_t phone_id, int64_t customer_id, int64_t bound_s);
    int (*binding_find)(void *context, int64_t binding_id, struct resident_binding *out);
    /* 1 bound, 0 not */
    int (*binding_of)(void *context, int64_t phone_id, int64_t customer_id);
    int (*binding_delete)(void *context, int64_t binding_id);
    int (*bindings_count)(void *context, int64_t phone_id, int64_t *count);
    /* of the customer, all but `phone_id` (0: none) and, of the others, the `keep` last used */
    int (*bindings_trim)(void *context, int64_t customer_id, int64_t phone_id, int keep);
    struct people_store *people; /* for the audit trail */
};

/* Give a customer a login, or a new first password: the bound phones are bound no longer, a lock-out ends.
 * login    customer_id, login, password_hash and one_time are read
 * returns  0; SECURITY_ERR_RESIDENT (no such customer within the caller's jurisdiction), _LOGIN, _LOGIN_TAKEN, _HASH; the
 *          store's */
int resident_login_issue(struct resident_store *store, const struct people_caller *caller,
    const struct resident_login *login);

/* Take the login away, with all bindings. 0 (also when there is none); SECURITY_ERR_RESIDENT; the store's. */
int resident_login_withdraw(struct resident_store *store, const struct people_caller *caller, int64_t customer_id);

/* A password of the customer's login was wrong: count it, lock when it was one too many.
 * returns  0; SECURITY_ERR_RESIDENT; the store's */
int resident_failure_record(struct resident_store *store, const struct people_caller *caller, int64_t customer_id);

struct resident_proof {
    int64_t customer_id;
    const char *proved_hash; /* the stored hash the password was compared with */
    const char *new_hash;    /* of the password that replaces it; "": it stays */
};

/* Bind a phone. A first password needs a new one in its place. Whoever held the phone's token before holds nothing
 * afterwards: a token that somebody else put into a browser must not come to see what its owner binds.
 * phone    token_hash and csrf_token, from now on; with phone_id of one that is bound already, else the name of a new one
 * returns  0 with *phone_id; SECURITY_ERR_RESIDENT; _MISMATCH: the password was changed meanwhile, or is a first one that
 *          has been used; _RESIDENT_FIRST: a new password is needed; _RESIDENT_EXPIRED; _RESIDENT_LIMIT;
 *          _RESIDENT_TENANT: this phone is bound at another organisation; the store's */
int resident_bind(struct resident_store *store, const struct people_caller *caller, const struct resident_proof *proof,
    const struct resident_phone *phone, int64_t *phone_id);

/* A new password: every other phone is bound no longer.
 * returns  0; SECURITY_ERR_RESIDENT (the phone is not bound), _MISMATCH; the store's */
int resident_password_change(struct resident_store *store, const struct people_caller *caller,
    const struct resident_proof *proof, int64_t phone_id);

/* End a binding.
 * phone_id  whose owner asks: one that is bound to the same customer; 0: an operator asks, within the jurisdiction
 * returns   0; SECURITY_ERR_RESIDENT; the store's */
int resident_unbind(struct resident_store *store, const struct people_caller *caller, int64_t binding_id,
    int64_t phone_id);

/* End all bindings of a phone. 0; the store's. */
int resident_forget(struct resident_store *store, const struct people_caller *caller, int64_t phone_id);

/* Remember who pays in a channel's own app (WeChat's openid): the channel has named the phone's owner.
 * returns  0 (also when the phone is gone already); the store's */
int resident_payer_keep(struct resident_store *store, const struct people_caller *caller, int64_t phone_id,
    const char *channel, const char *payer_id);

/* returns  0 (also when the phone is gone already); the store's */
int resident_touch(struct resident_store *store, int64_t phone_id, int64_t wall_s);

#endif
