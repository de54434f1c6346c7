/* What the api asks of the core about documents; part of core_port.h. */
#ifndef API_DOCUMENT_PORT_H
#define API_DOCUMENT_PORT_H

#include "api/core_port.h"
#include "document/document_template.h"

#define CORE_DOCUMENT_KIND_LIMIT 16
#define CORE_DOCUMENT_PAPER_LIMIT 8

/* Documents are about to be printed: count each and note who took it. */
struct core_document_print {
    struct core_request head;
    const int64_t *objects;     /* payments, bills, accounts, ... already seen to be in scope */
    int32_t *copies;            /* which print each is; written by the core during the call, whose caller waits */
    int32_t count;
    char kind[CORE_DOCUMENT_KIND_LIMIT];
    char paper[CORE_DOCUMENT_PAPER_LIMIT];
};

/* A new version of a template. */
struct core_document_template {
    struct core_request head;
    char kind[CORE_DOCUMENT_KIND_LIMIT];
    char paper[CORE_DOCUMENT_PAPER_LIMIT];
    char language[4];
    char note[CORE_NAME_LIMIT];  /* why */
    int64_t based_on;            /* the newest version its writer has seen; 0 none */
    char text[DOCUMENT_TEMPLATE_SIZE_LIMIT + 1]; /* "": the built-in one again */
};

#endif
