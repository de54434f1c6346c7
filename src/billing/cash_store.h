/* What shifts at the cash desk need of a store. store/sql/cash_sql.h implements it; its rules are billing_store.h's. */
#ifndef BILLING_CASH_STORE_H
#define BILLING_CASH_STORE_H

#include "billing/billing_store.h"

#define CASH_NOTES_SIZE 384 /* of each note and coin so many, as JSON */
#define CASH_SLIP_SIZE 64
#define CASH_BANK_SIZE 40

/* The name in the table is cash_shift_state_name(). */
enum cash_shift_state {
    CASH_SHIFT_OPEN = 1,
    CASH_SHIFT_COUNTED, /* counted with a difference that waits for a second person */
    CASH_SHIFT_CLOSED,  /* counted, its difference booked, its money handed over */
    CASH_SHIFT_STATE_COUNT
};

/* One row of table cash_shift: what one person has in one drawer from one opening to one count. */
struct cash_shift {
    int64_t shift_id;
    int64_t opened_s;
    int64_t counted_s;        /* 0: not yet */
    int64_t closed_s;         /* 0: not yet */
    int64_t float_fen;        /* in the drawer at the beginning: the house's own, in no ledger account */
    int64_t cash_fen;         /* taken in cash and not undone, when it was counted */
    int64_t counted_fen;      /* the float with it */
    int64_t difference_fen;   /* counted - float - cash: over, or short when negative */
    uint32_t tenant_id;
    uint32_t cashier;
    uint32_t counted_by;
    uint32_t confirmed_by;    /* of a difference above the limit; 0 nobody */
    uint8_t state;            /* enum cash_shift_state */
    char number[BILLING_NUMBER_SIZE];
    char reason[BILLING_NAME_SIZE];
    char opening_notes[CASH_NOTES_SIZE];
    char notes[CASH_NOTES_SIZE];

    /* joined, never written */
    char cashier_path[BILLING_PATH_SIZE]; /* the cashier's jurisdiction */
};

/* What is known of a payment when it is to be undone. */
struct cash_payment {
    int64_t payment_id;
    int64_t account_id;
    int64_t amount_fen;
    int64_t at_s;
    int64_t transfer_id;
    int64_t shift_id;         /* 0: none */
    int64_t undone_s;         /* 0: it stands */
    uint32_t tenant_id;
    uint32_t cashier;
    char receipt[BILLING_NUMBER_SIZE];
    char method[16];
};

/* The name in the table is cash_undo_state_name(). */
enum cash_undo_state { CASH_UNDO_ASKED = 1, CASH_UNDO_RELEASED, CASH_UNDO_REFUSED, CASH_UNDO_STATE_COUNT };

/* One row of table payment_undo. */
struct cash_undo {
    int64_t undo_id;
    int64_t payment_id;
    int64_t asked_s;
    int64_t decided_s;
    int64_t transfer_id;      /* the correction; 0 none */
    uint32_t tenant_id;
    uint32_t asked_by;
    uint32_t decided_by;
    uint8_t state;            /* enum cash_undo_state */
    char reason[BILLING_NAME_SIZE];
};

/* One row of table cash_deposit: cash brought to the bank. */
struct cash_deposit {
    int64_t deposit_id;
    int64_t amount_fen;
    int64_t at_s;
    int64_t transfer_id;
    uint32_t tenant_id;
    uint32_t person_id;
    char source[16];          /* safe, counter */
    char bank[CASH_BANK_SIZE];
    char slip[CASH_SLIP_SIZE];
    char key[BILLING_KEY_SIZE];
};

/* Cash that one person took on a day without a shift. */
struct cash_loose {
    int64_t amount_fen;
    uint32_t cashier;
    char name[BILLING_NAME_SIZE]; /* of the person */
};

/* The cash of a day, by its payments and by the ledger. */
struct cash_day {
    int64_t payments;
    int64_t in_shifts;        /* of these */
    int64_t taken_fen;
    int64_t undone_fen;       /* that day, whenever it was taken */
    int64_t ledger_fen;       /* what payments and their corrections moved into the till */
};

struct cash_store {
    void *context;

    /* The open shift of a person: 1 and *out; 0 none. */
    int (*shift_open_of)(void *context, uint32_t tenant_id, uint32_t cashier, struct cash_shift *out);
    /* 1 and *out; 0 none. */
    int (*shift_read)(void *context, int64_t shift_id, struct cash_shift *out);
    /* Fills shift_id. */
    int (*shift_insert)(void *context, struct cash_shift *row);
    int (*shift_update)(void *context, const struct cash_shift *row);
    /* What was taken in cash in a shift and not undone, less what was refunded out of its drawer. */
    int (*shift_cash)(void *context, int64_t shift_id, int64_t *cash_fen);

    /* 1 and *out; 0 none. */
    int (*payment_read)(void *context, int64_t payment_id, struct cash_payment *out);
    int (*payment_undone)(void *context, int64_t payment_id, int64_t at_s);
    /* The newest bill of an account that something was paid of and that is not reversed: 1; 0 none. */
    int (*bill_paid_newest)(void *context, int64_t account_id, int64_t *bill_id);

    /* The request about a payment that was not refused: 1 and *out; 0 none. */
    int (*undo_of_payment)(void *context, int64_t payment_id, struct cash_undo *out);
    int (*undo_read)(void *context, int64_t undo_id, struct cash_undo *out);
    /* Fills undo_id. */
    int (*undo_insert)(void *context, struct cash_undo *row);
    int (*undo_update)(void *context, const struct cash_undo *row);

    /* The shift with the smallest shift_id > after that was open in [from_s, until_s): 1; 0 none. */
    int (*shift_of_day)(void *context, uint32_t tenant_id, int64_t from_s, int64_t until_s, int64_t after,
                        struct cash_shift *out);
    /* The person with the smallest identifier > after who took cash without a shift then: 1; 0 none. */
    int (*loose_of_day)(void *context, uint32_t tenant_id, int64_t from_s, int64_t until_s, uint32_t after,
                        struct cash_loose *out);
    int (*day_sums)(void *context, uint32_t tenant_id, int64_t from_s, int64_t until_s, struct cash_day *out);

    int (*deposit_find_key)(void *context, const char *key, struct cash_deposit *out);
    /* Fills deposit_id. */
    int (*deposit_insert)(void *context, struct cash_deposit *row);
};

/* "open", "counted", "closed"; "unknown" outside the list. */
const char *cash_shift_state_name(int state);
int cash_shift_state_of_name(const char *name);
/* "asked", "released", "refused". */
const char *cash_undo_state_name(int state);
int cash_undo_state_of_name(const char *name);

#endif
