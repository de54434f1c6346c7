/* Fully digital e-invoices (数电发票): what one says, and its way from being asked to issued and, perhaps, red-lettered.
 *
 * The invoice itself is issued by a tax platform; here its data are made, handed over and followed. Every invoice covers
 * one bill or one payment whole, so it can never exceed what was billed or paid, and each has one living invoice at most.
 * Field names and code lists are our profile of what connectors publish; a connector's own words are its adapter's
 * business (invoice_provider.h). */
#ifndef DOCUMENT_INVOICE_H
#define DOCUMENT_INVOICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

#define INVOICE_LINE_LIMIT 16
#define INVOICE_SERIAL_SIZE 40
#define INVOICE_KEY_SIZE 80
#define INVOICE_TITLE_SIZE 128
#define INVOICE_TAX_NUMBER_SIZE 24
#define INVOICE_NUMBER_SIZE 24
#define INVOICE_CODE_SIZE 20 /* 19 digits and a zero */
#define INVOICE_ITEM_SIZE 48
#define INVOICE_REASON_SIZE 160
#define INVOICE_QR_SIZE 256

/* Stored as names: a new state goes to the end. */
enum invoice_state {
    INVOICE_ASKED = 1,     /* waits to be handed over */
    INVOICE_SENT,          /* the provider has it and works on it */
    INVOICE_ISSUED,        /* has its number */
    INVOICE_REFUSED,       /* the provider said no: reason; may be asked anew */
    INVOICE_CANCELLED,     /* taken back before it was handed over */
    INVOICE_RED_ASKED,     /* shall be taken back by a red-letter invoice */
    INVOICE_RED_SENT,
    INVOICE_RED_LETTERED,
    INVOICE_STATE_COUNT
};

struct invoice_line {
    int64_t amount_fen;    /* with tax */
    int64_t net_fen;
    int64_t tax_fen;
    int64_t rate_e8;
    char item[INVOICE_ITEM_SIZE];
    char code[INVOICE_CODE_SIZE]; /* tax classification code */
    char category[INVOICE_ITEM_SIZE]; /* its short name: printed as *category*item */
};

struct invoice {
    int64_t invoice_id;
    int64_t account_id;
    int64_t bill_id;       /* 0: of a payment */
    int64_t payment_id;
    int64_t amount_fen, net_fen, tax_fen;
    int64_t asked_s;
    int64_t issued_s;
    int64_t next_s;        /* when the provider is spoken to next */
    uint32_t tenant_id;
    uint32_t asked_by;
    int32_t attempts;      /* in the present state */
    int32_t line_count;
    uint8_t state;         /* enum invoice_state */
    bool company;          /* the buyer has a tax number */
    bool test;             /* issued by a provider that only tries things out: not valid */
    char serial[INVOICE_SERIAL_SIZE]; /* ours: the provider answers the same serial with the same invoice */
    char buyer_title[INVOICE_TITLE_SIZE];
    char buyer_tax_number[INVOICE_TAX_NUMBER_SIZE];
    char buyer_contact[INVOICE_TITLE_SIZE]; /* phone or e-mail it is delivered to */
    char seller_name[INVOICE_TITLE_SIZE];
    char seller_tax_number[INVOICE_TAX_NUMBER_SIZE];
    char number[INVOICE_NUMBER_SIZE]; /* 20 digits */
    char red_number[INVOICE_NUMBER_SIZE];
    char reason[INVOICE_REASON_SIZE]; /* of a refusal, or why it is red-lettered */
    char code[INVOICE_QR_SIZE]; /* what its QR code holds; "" when the provider says nothing */
    struct invoice_line lines[INVOICE_LINE_LIMIT];
};

/* What the provider said of an invoice. */
enum invoice_word {
    INVOICE_WORD_WORKING = 1, /* has it, not issued yet */
    INVOICE_WORD_ISSUED,      /* with its number */
    INVOICE_WORD_REFUSED,     /* clearly no, nothing was issued */
    INVOICE_WORD_UNKNOWN      /* silence, nonsense or a fault: asked again later */
};

struct invoice_answer {
    enum invoice_word word;
    bool test;
    char number[INVOICE_NUMBER_SIZE];
    char reason[INVOICE_REASON_SIZE];
    char code[INVOICE_QR_SIZE];
};

/* "asked", "sent", ...; "unknown" outside the list. */
const char *invoice_state_name(int state);
/* 0 when there is none. */
int invoice_state_of_name(const char *name);

/* A category as the settings write it: CODE RATE NAME, "1100301010000000000 3 自来水"; the rate in per cent, 0 to 100 with
 * at most two places.
 * returns  0 with code, category and rate of *line; -1 not of that form */
int invoice_category_read(struct span text, struct invoice_line *line);

/* A tax number of a company: 15 to 20 digits and capital letters. One of 18 is a unified social credit code (GB 32100-2015)
 * or, of a sole trader, an identity number (GB 11643-1999), and ends with its check digit. */
bool invoice_tax_number_valid(struct span text);

/* Net and tax of each line from its amount and rate (tax = amount x rate / (1 + rate), rounded half up; net is the rest), and
 * the sums: no fen is lost or made.
 * returns  0; RATING_ERR_RANGE an amount below 0, or sums beyond what fits; *invoice is then undefined */
int invoice_tax_compute(struct invoice *invoice);

/* Whether each line's net and tax are its amount, and the sums those of the lines. What does not add up is never handed
 * over. */
bool invoice_adds_up(const struct invoice *invoice);

/* Whether the provider is to be spoken to, now or later. */
bool invoice_is_under_way(const struct invoice *invoice);

/* Take an invoice back: an issued one shall be red-lettered, one that was never handed over is cancelled. One that is being
 * issued stays as it is.
 * reason  cut where it is too long
 * returns true when the state changed */
bool invoice_take_back(struct invoice *invoice, struct span reason, int64_t now_s);

/* Take what the provider said. Unknown words wait longer each time, at most an hour; nothing is ever given up.
 * returns  true when the state changed */
bool invoice_answer_take(struct invoice *invoice, const struct invoice_answer *answer, int64_t now_s);

#endif
