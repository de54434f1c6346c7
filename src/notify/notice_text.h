/* The words of messages to residents, in Chinese and English, from one table of templates. */
#ifndef NOTIFY_NOTICE_TEXT_H
#define NOTIFY_NOTICE_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "notify/notify_error.h"

#define NOTICE_TEXT_SIZE 481
#define NOTICE_PLACEHOLDER_SIZE 32

/* The name in the table is notice_kind_name(). */
enum notice_kind {
    NOTICE_LOW_FIRST = 1,
    NOTICE_LOW_SECOND,
    NOTICE_OVERDRAFT,
    NOTICE_FINAL_NOTICE,
    NOTICE_CUT,
    NOTICE_RESTORED,
    NOTICE_PAID_ASLEEP,
    NOTICE_BILL,
    NOTICE_POSSIBLE_LEAK,
    NOTICE_LOW_THIRD,
    NOTICE_KIND_COUNT
};

enum notice_language { NOTICE_CHINESE, NOTICE_ENGLISH };

/* What templates may mention; what a kind does not mention is ignored. Texts are UTF-8 and must not be NULL. */
struct notice_values {
    const char *utility;      /* utility_words.h; NULL is water */
    const char *organisation; /* short name: signature and official account */
    const char *phone;        /* service phone; "" leaves the phrase out */
    const char *place_zh;     /* "3栋1204" */
    const char *place_en;     /* "3-1204" */
    int64_t balance_fen;
    int64_t due_fen;          /* owed, > 0 */
    int64_t paid_fen;
    int64_t at_s;             /* the instant the message speaks of: cut, restored, due */
    int32_t zone_offset_s;
    int32_t days_left;        /* -1: not known, the phrase is left out */
    int32_t flow_l_per_h;
};

/* Render one message.
 * text     capacity NOTICE_TEXT_SIZE; zero-terminated
 * returns  bytes without the zero; NOTIFY_ERR_KIND; NOTIFY_ERR_LONG */
int notice_text_render(enum notice_kind kind, enum notice_language language, const struct notice_values *values,
                       char text[NOTICE_TEXT_SIZE]);

/* The program's own words with their placeholders; NULL for a kind outside the list. Static lifetime. */
const char *notice_template(enum notice_kind kind, enum notice_language language);

/* The same with the words of an operator that notice_template_check accepted. */
int notice_template_render(const char *template, enum notice_language language, const struct notice_values *values,
                           char text[NOTICE_TEXT_SIZE]);

/* May these words become a template? 1 to 480 bytes of UTF-8 in one line, braces in pairs around known placeholders.
 * wrong    the placeholder that is not known, else ""
 * returns  0; NOTIFY_ERR_TEMPLATE_SIZE; NOTIFY_ERR_TEMPLATE_FORM; NOTIFY_ERR_PLACEHOLDER */
int notice_template_check(struct span template, char wrong[NOTICE_PLACEHOLDER_SIZE]);

/* "org", "place", ...; NULL from the end of the table on. */
const char *notice_placeholder_name(size_t index);

/* What every placeholder stands for, as a JSON object of texts: for providers that keep the words themselves.
 * returns  bytes without the zero; NOTIFY_ERR_LONG */
int notice_words_write(enum notice_language language, const struct notice_values *values, char *out, size_t capacity);

/* SMS parts of a UTF-8 text: 160 characters, or 153 a part, when all are of the GSM 7-bit alphabet; else 70, or 67 a
 * part, counted in UTF-16 units (3GPP TS 23.038). 0 for an empty or invalid text. */
int notice_text_parts(const char *text);

/* "low_first", ...; "unknown" outside the list. */
const char *notice_kind_name(int kind);
/* The number of this name; 0 when there is none. */
int notice_kind_of_name(const char *name);

#endif
