/* People who sign in: who may be created and changed, what a wrong password costs, how long a session lives.
 *
 * Runs in the core, over a small store interface. Time is passed in: sessions and lock-outs count real seconds
 * (`wall_s`), so that a demonstration's fast clock signs nobody out. Store functions return 0 or the store's negative
 * reason, which is handed on. */
#ifndef SECURITY_PEOPLE_H
#define SECURITY_PEOPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "security/secret.h"

#define PEOPLE_LOGIN_LIMIT 33
#define PEOPLE_NAME_LIMIT 121
#define PEOPLE_PATH_LIMIT 192
#define PEOPLE_CSRF_LIMIT SECRET_TOKEN_TEXT_LIMIT

#define SESSION_LIFETIME_S 43200     /* signed out after half a day whatever happens */
#define SESSION_IDLE_S 7200          /* and after two hours without a request */
#define SESSION_TOUCH_EVERY_S 60     /* seen_s is written at most so often: reads stay reads */
#define SESSION_LIMIT_PER_PERSON 16  /* the oldest goes when a new one comes */
#define SIGN_IN_FREE_FAILURES 5      /* wrong passwords before the first lock-out */
#define SIGN_IN_LOCK_FIRST_S 30      /* doubled by each further failure */
#define SIGN_IN_LOCK_LIMIT_S 900

struct person {
    int64_t person_id;
    int64_t tenant_id;
    int64_t area_id;
    int64_t failed_count;
    int64_t locked_until_s;
    int64_t created_s;
    bool disabled;
    char login[PEOPLE_LOGIN_LIMIT];
    char display_name[PEOPLE_NAME_LIMIT];
    char role[16];
    char language[4];
    char password_hash[160];
};

struct session {
    uint8_t token_hash[SECRET_HASH_SIZE];
    char csrf_token[PEOPLE_CSRF_LIMIT];
    int64_t person_id;
    int64_t created_s;
    int64_t expires_s;
};

struct audit_entry {
    int64_t tenant_id;
    int64_t person_id;   /* 0: the platform itself */
    int64_t at_s;
    int64_t object_id;   /* 0: none */
    const char *action;  /* "person.create" */
    const char *object_kind;
    const char *detail;
};

/* What the room needs from a store. "find" functions return 1 found, 0 not, negative on failure. */
struct people_store {
    void *context;
    int (*person_find)(void *context, int64_t person_id, struct person *out);
    int (*login_find)(void *context, const char *login, struct person *out);
    int (*person_insert)(void *context, const struct person *person, int64_t *person_id);
    int (*person_update)(void *context, const struct person *person);
    /* administrators of the tenant who are not disabled */
    int (*administrators_count)(void *context, int64_t tenant_id, int64_t *count);
    /* is the area the tenant's, and at or below `path`? */
    int (*area_find)(void *context, int64_t tenant_id, const char *path, int64_t area_id);
    int (*session_insert)(void *context, const struct session *session);
    int (*session_touch)(void *context, const uint8_t token_hash[SECRET_HASH_SIZE], int64_t seen_s);
    int (*session_delete)(void *context, const uint8_t token_hash[SECRET_HASH_SIZE]);
    /* all but the newest `keep` of one person, and everybody's that are over at `wall_s` */
    int (*sessions_trim)(void *context, int64_t person_id, int keep, int64_t wall_s, int64_t idle_since_s);
    int (*setting_put)(void *context, int64_t tenant_id, const char *key, const char *value);
    int (*audit_insert)(void *context, const struct audit_entry *entry);
};

/* Who acts and within which bounds. */
struct people_caller {
    int64_t tenant_id;
    int64_t person_id;
    char path[PEOPLE_PATH_LIMIT]; /* jurisdiction */
    int64_t now_s;                /* platform time, for the audit trail */
    int64_t wall_s;
};

/* Seconds of lock-out after the failure that makes `failed_count`; 0: none yet. */
int64_t sign_in_lock_s(int64_t failed_count);

/* 2 to 32 lower-case letters, digits, dots, dashes, underscores. */
bool people_login_is_well_formed(const char *login);

/* A sign-in was tried: write the session, or count the failure and lock when it was one too many.
 * session   token hash and csrf token filled by the caller; NULL for a failure
 * returns   0; SECURITY_ERR_PERSON; the store's reasons */
int sign_in_record(struct people_store *store, const struct people_caller *caller, const struct session *session);

/* returns 0 (also when the session is gone already); the store's reasons */
int session_touch(struct people_store *store, const uint8_t token_hash[SECRET_HASH_SIZE], int64_t wall_s);
int sign_out(struct people_store *store, const struct people_caller *caller,
    const uint8_t token_hash[SECRET_HASH_SIZE]);

/* Add a person within the caller's jurisdiction; password_hash comes hashed already.
 * returns  0 with *person_id; SECURITY_ERR_LOGIN, _LOGIN_TAKEN, _NAME, _ROLE, _LANGUAGE, _AREA, _HASH; the store's */
int person_create(struct people_store *store, const struct people_caller *caller, const struct person *person,
    int64_t *person_id);

enum person_field {
    PERSON_DISPLAY_NAME = 1 << 0, PERSON_ROLE = 1 << 1, PERSON_LANGUAGE = 1 << 2, PERSON_AREA = 1 << 3,
    PERSON_PASSWORD = 1 << 4, PERSON_DISABLED = 1 << 5
};

/* Change the fields named in `fields` (a set of enum person_field). A new password or `disabled` ends the person's
 * sessions.
 * returns  0; as person_create; SECURITY_ERR_PERSON; SECURITY_ERR_LAST_ADMINISTRATOR */
int person_change(struct people_store *store, const struct people_caller *caller, const struct person *person,
    unsigned fields);

/* Append to the audit trail. */
int audit_append(struct people_store *store, const struct people_caller *caller, const char *action,
    const char *object_kind, int64_t object_id, const char *detail);

#endif
