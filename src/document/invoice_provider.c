#include "document/invoice_provider.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/decimal.h"
#include "base/hex.h"
#include "base/text.h"

/* Money as text with two decimals: no reader makes a binary fraction of it. */
static json_t *amount_text(int64_t amount_fen)
{
    char text[DECIMAL_TEXT_LIMIT];

    return decimal_format_fen(amount_fen, text, sizeof text) > 0 ? json_string(text) : NULL;
}

static json_t *rate_text(int64_t rate_e8)
{
    char text[DECIMAL_TEXT_LIMIT];

    return decimal_format(rate_e8, 8, true, text, sizeof text) > 0 ? json_string(text) : NULL;
}

static json_t *lines_make(const struct invoice *invoice)
{
    json_t *lines = json_array();

    for (int32_t i = 0; i < invoice->line_count; i++) {
        const struct invoice_line *line = &invoice->lines[i];
        char name[2 * INVOICE_ITEM_SIZE + 3];
        (void)snprintf(name, sizeof name, "*%s*%s", line->category, line->item);
        (void)json_array_append_new(lines, json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "name", name, "category_code", line->code,
            "rate", rate_text(line->rate_e8), "amount", amount_text(line->net_fen), "tax", amount_text(line->tax_fen),
            "total", amount_text(line->amount_fen)));
    }
    return lines;
}

static json_t *issue_make(const struct invoice *invoice)
{
    return json_pack("{s:s, s:s, s:s, s:{s:s, s:s}, s:{s:s, s:s, s:s, s:b}, s:o, s:o, s:o, s:o}", "action", "issue",
        "serial", invoice->serial, "type", "030", "seller", "name", invoice->seller_name, "tax_number",
        invoice->seller_tax_number, "buyer", "name", invoice->buyer_title, "tax_number", invoice->buyer_tax_number, "contact",
        invoice->buyer_contact, "natural_person", !invoice->company, "lines", lines_make(invoice), "amount",
        amount_text(invoice->net_fen), "tax", amount_text(invoice->tax_fen), "total", amount_text(invoice->amount_fen));
}

static json_t *message_make(const struct invoice *invoice)
{
    if (invoice->state == INVOICE_ASKED)
        return issue_make(invoice);
    if (invoice->state == INVOICE_SENT)
        return json_pack("{s:s, s:s}", "action", "query", "serial", invoice->serial);
    return json_pack("{s:s, s:s, s:s, s:o, s:s}", "action", invoice->state == INVOICE_RED_ASKED ? "red_letter" : "red_query",
        "serial", invoice->serial, "number", invoice->number, "total", amount_text(-invoice->amount_fen), "reason",
        invoice->reason);
}

/* HMAC-SHA256 over "time\nbody". */
static int sign(const struct invoice_settings *settings, int64_t now_s, struct invoice_request *out)
{
    char *text = malloc(INVOICE_BODY_SIZE + 32);
    uint8_t proof[DIGEST_SHA256_SIZE];
    char hex[2 * DIGEST_SHA256_SIZE + 1];
    int result = -1;

    if (text == NULL)
        return -1;
    int size = snprintf(text, INVOICE_BODY_SIZE + 32, "%lld\n%s", (long long)now_s, out->body);
    if (settings->digest->hmac_sha256(span_of_text(settings->secret), span_of_bytes(text, (size_t)size), proof) == 0
        && hex_encode(span_of_bytes(proof, sizeof proof), hex, sizeof hex) >= 0) {
        (void)snprintf(out->authorization, sizeof out->authorization,
            "METERWORKS-HMAC-SHA256 account=\"%s\", time=\"%lld\", signature=\"%s\"", settings->account, (long long)now_s, hex);
        result = 0;
    }
    free(text);
    return result;
}

static int json_request(const struct invoice_settings *settings, const struct invoice *invoice, int64_t now_s,
    struct invoice_request *out)
{
    if (!invoice_adds_up(invoice))
        return -1;
    json_t *message = message_make(invoice);
    size_t size = message != NULL ? json_dumpb(message, out->body, sizeof out->body - 1, JSON_COMPACT) : 0;

    json_decref(message);
    if (size == 0 || size >= sizeof out->body)
        return -1;
    out->body[size] = '\0';
    out->body_size = size;
    (void)snprintf(out->url, sizeof out->url, "%s", settings->url);
    return sign(settings, now_s, out);
}

static bool number_valid(struct span number)
{
    for (size_t i = 0; i < number.size; i++)
        if (number.bytes[i] < '0' || number.bytes[i] > '9')
            return false;
    return number.size == 20;
}

static void text_of(const json_t *object, const char *name, char *out, size_t capacity)
{
    const char *text = json_string_value(json_object_get(object, name));
    struct span words = span_of_text(text != NULL ? text : "");

    (void)text_copy((struct span){ words.bytes, text_utf8_cut(words, capacity - 1) }, out, capacity);
}

/* A code longer than an invoice's is none: cut in two it would lead astray. */
static void extras_take(const json_t *message, struct invoice_answer *out)
{
    const char *code = json_string_value(json_object_get(message, "code"));

    if (code != NULL && strlen(code) < sizeof out->code)
        text_of(message, "code", out->code, sizeof out->code);
    out->test = json_is_true(json_object_get(message, "test"));
}

static void json_answer(const struct invoice *invoice, int http_status, struct span body, struct invoice_answer *out)
{
    json_t *message = http_status == 200 ? json_loadb((const char *)body.bytes, body.size, JSON_REJECT_DUPLICATES, NULL) : NULL;
    char state[16] = "";
    char serial[INVOICE_SERIAL_SIZE] = "";

    *out = (struct invoice_answer){ .word = INVOICE_WORD_UNKNOWN };
    text_of(message, "serial", serial, sizeof serial);
    text_of(message, "state", state, sizeof state);
    if (strcmp(serial, invoice->serial) == 0) {
        text_of(message, "number", out->number, sizeof out->number);
        text_of(message, "reason", out->reason, sizeof out->reason);
        extras_take(message, out);
        if (strcmp(state, "working") == 0)
            out->word = INVOICE_WORD_WORKING;
        else if (strcmp(state, "refused") == 0)
            out->word = INVOICE_WORD_REFUSED;
        else if (strcmp(state, "issued") == 0 && number_valid(span_of_text(out->number)))
            out->word = INVOICE_WORD_ISSUED;
    }
    json_decref(message);
}

static const struct invoice_provider providers[] = { { "json", json_request, json_answer } };

const struct invoice_provider *invoice_provider_find(const char *name)
{
    for (size_t i = 0; i < sizeof providers / sizeof providers[0]; i++)
        if (strcmp(providers[i].name, name) == 0)
            return &providers[i];
    return NULL;
}
