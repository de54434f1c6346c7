/* What the import of bank statements needs of a store. store/sql/bank_sql.h implements it; its rules are
 * billing_store.h's. */
#ifndef BILLING_BANK_STORE_H
#define BILLING_BANK_STORE_H

#include "billing/cash_store.h"

#define BANK_COLUMN_SIZE 64       /* a heading, UTF-8 with its zero */
#define BANK_FINGERPRINT_SIZE 65  /* SHA-256 as hexadecimal digits */
#define BANK_SERIAL_SIZE 64
#define BANK_TIME_SIZE 32
#define BANK_PAYER_SIZE 128
#define BANK_REMARK_SIZE 256

/* One row of table bank_mapping: which heading of a bank's statement is what; "" the statement has no such column. */
struct bank_mapping {
    uint32_t tenant_id;
    char bank[CASH_BANK_SIZE];
    char amount[BANK_COLUMN_SIZE];       /* of money that came in */
    char direction[BANK_COLUMN_SIZE];    /* in or out, when one column holds both amounts */
    char incoming[BANK_COLUMN_SIZE];     /* what `direction` says of money that came in */
    char serial[BANK_COLUMN_SIZE];
    char time[BANK_COLUMN_SIZE];
    char payer[BANK_COLUMN_SIZE];
    char payer_account[BANK_COLUMN_SIZE];
    char remark[BANK_COLUMN_SIZE];       /* several joined by '+' */
};

/* The name in the table is bank_verdict_name(): what the check found. */
enum bank_verdict {
    BANK_MATCHED = 1, /* one account */
    BANK_AMBIGUOUS,   /* several might be meant */
    BANK_UNMATCHED,
    BANK_DUPLICATE,   /* booked by an earlier import, or twice in this one */
    BANK_OUTGOING,    /* money that left: none of ours */
    BANK_BAD,         /* cannot be read; `problem` says why */
    BANK_VERDICT_COUNT
};

/* The name in the table is bank_line_state_name(). */
enum bank_line_state {
    BANK_LINE_CHECKED = 1, /* nothing booked yet */
    BANK_LINE_BOOKED,      /* a payment of its account */
    BANK_LINE_SUSPENSE,    /* booked, and nobody's yet */
    BANK_LINE_ASSIGNED,    /* from suspense to an account by a person */
    BANK_LINE_SKIPPED,     /* nothing to book */
    BANK_LINE_RETURNED,    /* out of suspense, back to whoever sent it */
    BANK_LINE_STATE_COUNT
};

/* One row of table bank_line. */
struct bank_line {
    int64_t line_id;
    int64_t statement_id;
    int64_t amount_fen;
    int64_t account_id;       /* whose it is, or might be; 0 nobody known */
    int64_t payment_id;       /* 0 none */
    int64_t transfer_id;      /* into suspense; 0 none */
    int64_t assigned_s;
    int32_t row;              /* of the file, its first line is 1 */
    uint32_t tenant_id;
    uint32_t assigned_by;
    uint8_t verdict;          /* enum bank_verdict */
    uint8_t state;            /* enum bank_line_state */
    char bank[CASH_BANK_SIZE];
    char fingerprint[BANK_FINGERPRINT_SIZE];
    char serial[BANK_SERIAL_SIZE];
    char happened[BANK_TIME_SIZE]; /* as the bank writes it */
    char payer[BANK_PAYER_SIZE];
    char payer_tail[8];       /* the last four digits of the payer's account */
    char remark[BANK_REMARK_SIZE];
    char problem[32];         /* stable word */
};

/* The name in the table is bank_statement_state_name(). */
enum bank_statement_state {
    BANK_STATEMENT_CHECKED = 1, /* a dry run: nothing is booked */
    BANK_STATEMENT_BOOKING,
    BANK_STATEMENT_BOOKED,
    BANK_STATEMENT_CANCELLED,   /* what was booked until then stands */
    BANK_STATEMENT_STATE_COUNT
};

/* One row of table bank_statement. */
struct bank_statement {
    int64_t statement_id;
    int64_t created_s;
    int64_t finished_s;
    int32_t lines;
    uint32_t tenant_id;
    uint32_t created_by;
    uint32_t booked_by;
    uint8_t state;            /* enum bank_statement_state */
    char bank[CASH_BANK_SIZE];
    char file_name[BILLING_NAME_SIZE];
};

struct bank_store {
    void *context;

    /* 1 and *out; 0 none. */
    int (*mapping_read)(void *context, uint32_t tenant_id, const char *bank, struct bank_mapping *out);
    /* Replaces. */
    int (*mapping_put)(void *context, const struct bank_mapping *row);

    /* Fills statement_id. */
    int (*statement_insert)(void *context, struct bank_statement *row);
    int (*statement_read)(void *context, int64_t statement_id, struct bank_statement *out);
    int (*statement_update)(void *context, const struct bank_statement *row);
    /* A statement that is being booked, of any tenant: 1; 0 none. */
    int (*statement_booking)(void *context, struct bank_statement *out);

    /* Fills line_id. */
    int (*line_insert)(void *context, struct bank_line *row);
    int (*line_read)(void *context, int64_t line_id, struct bank_line *out);
    /* Writes account_id, payment_id, transfer_id, assigned_*, verdict, state and problem. */
    int (*line_update)(void *context, const struct bank_line *row);
    /* The first line of a statement in state checked: 1; 0 none. */
    int (*line_checked)(void *context, int64_t statement_id, struct bank_line *out);
    /* Whether a line with this fingerprint is booked: 1; 0. */
    int (*line_known)(void *context, uint32_t tenant_id, const char *bank, const char *fingerprint);
    /* Lines of a statement that are only checked are removed. */
    int (*lines_drop)(void *context, int64_t statement_id);

    /* Who is meant; each 1 and the identifier, 0 none. */
    int (*customer_of_number)(void *context, uint32_t tenant_id, const char *number, int64_t *customer_id);
    int (*customer_of_name)(void *context, uint32_t tenant_id, const char *name, int64_t after, int64_t *customer_id);
    int (*account_of_bill)(void *context, uint32_t tenant_id, const char *number, int64_t *account_id);
    int (*account_of_meter)(void *context, uint32_t tenant_id, const char *number, int64_t *account_id);
    /* The open account of a customer with the smallest identifier > after. */
    int (*account_of_customer)(void *context, int64_t customer_id, int64_t after, int64_t *account_id);
};

/* Words of the tables; "unknown" outside the lists, and 0 for no such word. */
const char *bank_verdict_name(int verdict);
int bank_verdict_of_name(const char *name);
const char *bank_line_state_name(int state);
int bank_line_state_of_name(const char *name);
const char *bank_statement_state_name(int state);
int bank_statement_state_of_name(const char *name);

#endif
