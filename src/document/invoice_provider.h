/* The adapter to who issues invoices: an invoice as a signed request, an answer as a word.
 *
 * One provider is built in, `json`: the plain HTTP and JSON profile of docs/invoices.md, which a connector of a tax platform
 * (乐企 or a service company) is put behind. Another provider is another struct invoice_provider. */
#ifndef DOCUMENT_INVOICE_PROVIDER_H
#define DOCUMENT_INVOICE_PROVIDER_H

#include "base/digest.h"
#include "document/invoice.h"

#define INVOICE_URL_SIZE 256
#define INVOICE_BODY_SIZE 8192
#define INVOICE_SECRET_SIZE 128

/* From the file that --invoices names. */
struct invoice_settings {
    char url[INVOICE_URL_SIZE];        /* "https://connector.example/invoices" */
    char account[64];                  /* whose key it is */
    char secret[INVOICE_SECRET_SIZE];  /* never logged */
    const struct digest *digest;
};

/* A POST ready to be sent, byte by byte as it was signed. */
struct invoice_request {
    char url[INVOICE_URL_SIZE + 64];
    char authorization[512];
    char body[INVOICE_BODY_SIZE];
    size_t body_size;
};

struct invoice_provider {
    const char *name;
    /* The request that is due in the invoice's state: issue, ask about, red-letter, ask about the red letter. Sending it
     * twice does no harm: the serial names the invoice.
     * now_s    goes into the signature
     * returns  0; -1 it does not fit, or does not add up */
    int (*request)(const struct invoice_settings *settings, const struct invoice *invoice, int64_t now_s,
        struct invoice_request *out);
    /* Hostile bytes. What is not understood, and what speaks of another invoice, is INVOICE_WORD_UNKNOWN. */
    void (*answer)(const struct invoice *invoice, int http_status, struct span body, struct invoice_answer *out);
};

/* By name; NULL when there is none. */
const struct invoice_provider *invoice_provider_find(const char *name);

#endif
