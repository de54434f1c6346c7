/* What one person asks and another decides: one list over all kinds, one rule for all of them.
 *
 * A kind is one row of the table in approval.c. Whoever needs a second person writes his own row, then calls
 * billing_approval_ask; what follows a decision is the kind's own function. What waits lapses by itself. */
#ifndef BILLING_APPROVAL_H
#define BILLING_APPROVAL_H

#include "billing/billing.h"
#include "billing/case_error.h"
#include "billing/case_store.h"

#define APPROVAL_FIGURE_LIMIT 24

/* What an approver has to see, recomputed whenever it is asked for. */
struct approval_figures {
    int32_t count;
    struct approval_figure {
        char name[24];        /* "balance", "refund": stable words of the api */
        int64_t value;        /* fen, unless the name says otherwise */
    } rows[APPROVAL_FIGURE_LIMIT];
};

/* More than APPROVAL_FIGURE_LIMIT are left out. */
void approval_figure_add(struct approval_figures *figures, const char *name, int64_t value);

/* "name=value;name=value;"
 * returns  0; CASE_ERR_FIGURES_CHANGED when it does not fit */
int approval_figures_write(const struct approval_figures *figures, char out[CASE_FIGURES_SIZE]);
/* What is no such text ends the list. */
void approval_figures_read(const char *text, struct approval_figures *out);

/* The permission that deciding about a kind needs, by its name in security/permission.h; NULL outside the list. */
const char *billing_approval_permission(int kind);

/* An approval as it stands and what its figures are now. */
struct billing_approval {
    struct approval row;
    struct approval_figures asked;
    struct approval_figures now;
    int error;                /* BILLING_ERR_* for which approving would be refused as things are; 0 */
};

/* The row of an error that a kind refuses with; NULL for any other number. Static lifetime. */
const struct error_info *billing_approval_error_info(int error);

/* returns  0; CASE_ERR_APPROVAL */
int billing_approval_read(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t approval_id,
                          struct billing_approval *out);

struct billing_decision {
    int64_t approval_id;
    int64_t wall_s;           /* real time: payment channels have it */
    uint64_t chance;          /* random: part of trade numbers */
    bool approve;             /* false: refuse; the one who asked may do that too */
    const char *reason;       /* of a refusal 1 to 120 bytes; of an approval may be "" */
    const char *seen;         /* figures as the approver saw them; "": not compared */
};

/* Decide, and do what follows from it in the same transaction.
 * returns  0 and *out; CASE_ERR_APPROVAL, _APPROVAL_SETTLED, _SAME_PERSON, _REASON, _FIGURES_CHANGED with *out telling
 *          what has changed; what the kind refuses with */
int billing_approval_decide(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                            const struct billing_decision *decision, struct billing_approval *out);

/* The same for the object's own route.
 * missing  the error when nothing waits there */
int billing_approval_decide_object(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int kind,
                                   int64_t object_id, bool approve, int missing);

#endif
