/* What the api asks of the core for the cash desk (core_port.h). */
#ifndef API_CASH_PORT_H
#define API_CASH_PORT_H

#include "api/core_port.h"
#include "billing/cash_store.h"

struct core_cash_shift {
    struct core_request head;
    int64_t counted_fen;        /* at the beginning: the float */
    char notes[CASH_NOTES_SIZE]; /* JSON {"10000": 3}: value in fen, pieces; "" not told */
    char reason[CORE_REASON_LIMIT];
};

struct core_cash_deposit {
    struct core_request head;
    int64_t amount_fen;
    char source[16];            /* safe, counter */
    char bank[CASH_BANK_SIZE];
    char slip[CASH_SLIP_SIZE];
    char key[CORE_KEY_LIMIT];
};

#endif
