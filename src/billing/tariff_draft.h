/* The life of a price: drafted, tried on real use, asked for by one person, released by another, valid from its
 * day. What is released cannot be changed; before its day it can be withdrawn.
 *
 * The dry run charges every open account of the tariff for whole months that are over, once at the prices that were valid
 * and once at the draft's. It writes its findings and nothing else: no posting, no bill. */
#ifndef BILLING_TARIFF_DRAFT_H
#define BILLING_TARIFF_DRAFT_H

#include "billing/billing.h"

#define TARIFF_BUCKET_COUNT 13

/* The name in the table: draft, asked, released, withdrawn. */
enum tariff_draft_state {
    TARIFF_DRAFT_OPEN = 1,
    TARIFF_DRAFT_ASKED,       /* waits for the second person */
    TARIFF_DRAFT_RELEASED,
    TARIFF_DRAFT_WITHDRAWN,
    TARIFF_DRAFT_STATE_COUNT
};

/* The name in the table: none, running, done, cancelled. */
enum tariff_run_state { TARIFF_RUN_NONE = 0, TARIFF_RUN_RUNNING, TARIFF_RUN_DONE, TARIFF_RUN_CANCELLED, TARIFF_RUN_STATE_COUNT };

struct tariff_dry_run {
    int64_t from_day, to_day;
    int64_t next_account_id;  /* accounts below it are done */
    int64_t present_fen, draft_fen;
    int64_t started_s, finished_s;
    int32_t number;           /* one more for each run of the draft */
    int32_t total, done, skipped;
    int32_t more, less;       /* accounts that would pay more, or less */
    int32_t protected_more;   /* of them with a protected customer */
    int32_t buckets[TARIFF_BUCKET_COUNT]; /* accounts by change a month: tariff_bucket_limit_fen */
    uint8_t state;            /* enum tariff_run_state */
};

struct tariff_draft {
    int64_t tariff_draft_id;
    int64_t tariff_id;
    int64_t effective_day;
    int64_t changed_s, asked_s, decided_s;
    int64_t tariff_version_id; /* once released */
    uint32_t tenant_id;
    uint32_t changed_by, asked_by, decided_by;
    uint8_t state;            /* enum tariff_draft_state */
    char reason[BILLING_NAME_SIZE];
    struct tariff_dry_run run;
};

/* One row of table tariff_draft_account. */
struct tariff_draft_account {
    int64_t tariff_draft_id;
    int64_t account_id;
    int64_t usage_value;
    int64_t present_fen, draft_fen;
    int32_t run_number;
    int32_t months;
    int32_t held_error;       /* BILLING_ERR_* or RATING_ERR_* for which nothing could be charged; 0 */
};

/* What the drafts need of a store; store/sql/tariff_sql.h implements it. Answers as those of billing_store.h. */
struct tariff_draft_store {
    void *context;
    /* Fills tariff_draft_id. */
    int (*insert)(void *context, struct tariff_draft *row, const char *document);
    /* Writes everything but tenant, tariff and document. */
    int (*update)(void *context, const struct tariff_draft *row);
    int (*document_write)(void *context, int64_t tariff_draft_id, const char *document);
    /* 1 and *out; 0 none. */
    int (*read)(void *context, uint32_t tenant_id, int64_t tariff_draft_id, struct tariff_draft *out);
    /* The document, zero-terminated: 1; 0 none. */
    int (*document_read)(void *context, int64_t tariff_draft_id, char *document, size_t capacity);
    /* A draft whose dry run is on its way: 1; 0 none. */
    int (*running)(void *context, struct tariff_draft *out);
    /* Writes the row; one of an earlier run of the draft is replaced. */
    int (*account_put)(void *context, const struct tariff_draft_account *row);
    int (*account_count)(void *context, int64_t tariff_id, int32_t *count);
    /* Takes a version away that no charge can have used yet. */
    int (*version_delete)(void *context, int64_t tariff_version_id);
};

/* Bucket `index` holds changes up to and including this many fen a month, above the bucket before; the last has no end.
 * index  0 .. TARIFF_BUCKET_COUNT - 2 */
int64_t tariff_bucket_limit_fen(int32_t index);

/* The first version of a tariff that has none: nobody pays by it yet, one person is enough. Later ones are drafted.
 * returns  0; as billing_tariff_version_add; BILLING_ERR_RELEASE */
int billing_tariff_version_first(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                                 int64_t tariff_id, int64_t effective_day, const char *document,
                                 struct tariff_problem *problem, int64_t *tariff_version_id);

/* The next version of a tariff as a draft. Parameters as billing_tariff_version_add.
 * returns  0; BILLING_ERR_WHOLE, _TARIFF, _EFFECTIVE_DAY, _EFFECTIVE_TAKEN; RATING_ERR_* */
int billing_draft_create(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t tariff_id,
                         int64_t effective_day, const char *document, struct tariff_problem *problem,
                         int64_t *tariff_draft_id);

/* Change a draft that nobody was asked about. With another document its dry run is void.
 * effective_day  0: as it is; document "": as it is
 * returns        0; BILLING_ERR_TARIFF_DRAFT, _DRAFT_STATE and as billing_draft_create */
int billing_draft_change(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                         int64_t tariff_draft_id, int64_t effective_day, const char *document,
                         struct tariff_problem *problem);

enum tariff_draft_decision {
    TARIFF_DRAFT_ASK,         /* after a dry run of the document as it is */
    TARIFF_DRAFT_RELEASE,     /* by another person than who wrote and who asked */
    TARIFF_DRAFT_REFUSE,      /* back to the draft, with a reason; also by who asked */
    TARIFF_DRAFT_WITHDRAW     /* before its day */
};

/* reason   of a refusal 1 to 120 bytes; else it may be ""
 * returns  0; BILLING_ERR_WHOLE, _TARIFF_DRAFT, _DRAFT_STATE, _DRY_RUN, _SAME_PERSON, _REASON, _EFFECTIVE_DAY,
 *          _EFFECTIVE_TAKEN, _BEGUN; RATING_ERR_* */
int billing_draft_decide(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                         int64_t tariff_draft_id, enum tariff_draft_decision decision, const char *reason);

/* Try the draft on the last whole months: 1 to 12 of them. A run on its way begins anew.
 * returns  0; BILLING_ERR_WHOLE, _TARIFF_DRAFT, _DRAFT_STATE, _MONTHS */
int billing_dry_run_start(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                          int64_t tariff_draft_id, int32_t months);

/* returns  0; BILLING_ERR_WHOLE, _TARIFF_DRAFT, _DRAFT_STATE when none is on its way */
int billing_dry_run_cancel(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                           int64_t tariff_draft_id);

const char *tariff_draft_state_name(int state);
int tariff_draft_state_of_name(const char *name);
const char *tariff_run_state_name(int state);
int tariff_run_state_of_name(const char *name);

#endif
