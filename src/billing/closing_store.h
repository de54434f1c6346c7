/* Rows of closings and moved payments, part of case_store.h. */
#ifndef BILLING_CLOSING_STORE_H
#define BILLING_CLOSING_STORE_H

#include "billing/billing_store.h"

#define CASE_REASON_SIZE 128
#define CASE_BANK_SIZE 64

/* The names in the table: move_out, tenant_change. owner_change is stored as a tenant_change with new_mode. */
enum closing_kind { CLOSING_MOVE_OUT = 1, CLOSING_TENANT_CHANGE, CLOSING_OWNER_CHANGE, CLOSING_KIND_COUNT };

/* The names in the table: clearing, waiting, done, refused. */
enum closing_state {
    CLOSING_CLEARING = 1,     /* the meter is asked for its money; nothing counts before it has confirmed */
    CLOSING_WAITING,          /* for the second person */
    CLOSING_DONE,
    CLOSING_REFUSED,
    CLOSING_STATE_COUNT
};

/* Where the last reading is from. The names in the table: meter, typed, estimated. */
enum closing_reading { CLOSING_READ_METER = 1, CLOSING_READ_TYPED, CLOSING_READ_ESTIMATED, CLOSING_READING_COUNT };

/* One row of table closing. */
struct closing {
    int64_t closing_id;
    int64_t account_id;
    int64_t to_day;
    int64_t total_value;
    int64_t read_s;
    int64_t clear_command_id;
    int64_t meter_fen;
    int64_t meter_units_value; /* of a meter that holds units; meter_fen is what they were bought for */
    int64_t cleared_s;
    int64_t new_customer_id;
    int64_t new_tariff_id;
    int64_t new_account_id;
    int64_t refund_id;
    int64_t asked_s;
    int64_t done_s;
    uint32_t tenant_id;
    uint32_t asked_by;
    uint8_t kind;             /* enum closing_kind */
    uint8_t state;            /* enum closing_state */
    uint8_t reading;          /* enum closing_reading */
    uint8_t rest;             /* enum refund_route; NONE: what is left stays in the wallet */
    bool close_valve;
    bool move_balance;
    char new_mode[24];        /* of owner_change: payment_mode of the next contract */
    char new_holds[8];
    char key[BILLING_KEY_SIZE];
    char payee[BILLING_NAME_SIZE];
    char bank[CASE_BANK_SIZE];
    char bank_account[CASE_BANK_SIZE];
    char reason[CASE_REASON_SIZE];
};

/* The names in the table: waiting, done, refused. */
enum payment_move_state { PAYMENT_MOVE_WAITING = 1, PAYMENT_MOVE_DONE, PAYMENT_MOVE_REFUSED, PAYMENT_MOVE_STATE_COUNT };

/* One row of table payment_move. */
struct payment_move {
    int64_t payment_move_id;
    int64_t payment_id;       /* 0: of suspense */
    int64_t payment_order_id; /* 0: at the counter */
    int64_t from_account_id;
    int64_t to_account_id;
    int64_t amount_fen;
    int64_t hold_id;
    int64_t asked_s;
    uint32_t tenant_id;
    uint32_t asked_by;
    uint8_t state;            /* enum payment_move_state */
    bool into_debt;
    char key[BILLING_KEY_SIZE];
    char reason[CASE_REASON_SIZE];
};

/* "move_out", ...; "unknown" outside the list. The numbers of the names; 0 when there is none. */
const char *closing_kind_name(int kind);
int closing_kind_of_name(const char *name);
const char *closing_state_name(int state);
int closing_state_of_name(const char *name);
const char *closing_reading_name(int reading);
int closing_reading_of_name(const char *name);
const char *payment_move_state_name(int state);
int payment_move_state_of_name(const char *name);

#endif
