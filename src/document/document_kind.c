#include "document/document_kind.h"

#include <string.h>

#include "document/document_packed.h"

static const char *const kind_names[] = {
    [DOCUMENT_RECEIPT] = "receipt",
    [DOCUMENT_BILL] = "bill",
    [DOCUMENT_STATEMENT] = "statement",
    [DOCUMENT_CLOSING] = "closing",
    [DOCUMENT_NOTICE] = "notice",
    [DOCUMENT_INVOICE] = "invoice",
    [DOCUMENT_LABEL] = "label",
};

const char *document_kind_name(enum document_kind kind)
{
    return kind > 0 && kind < DOCUMENT_KIND_COUNT ? kind_names[kind] : "unknown";
}

int document_kind_of_name(const char *name)
{
    for (int kind = 1; kind < DOCUMENT_KIND_COUNT; kind++)
        if (strcmp(kind_names[kind], name) == 0)
            return kind;
    return 0;
}

const char *document_language_name(enum document_language language)
{
    return language == DOCUMENT_ENGLISH ? "en" : "zh";
}

const struct document_default *document_default_at(size_t index)
{
    return index < document_packed_count ? &document_packed[index] : NULL;
}

const struct document_default *document_default_find(enum document_kind kind, const char *paper,
    enum document_language language)
{
    for (size_t i = 0; i < document_packed_count; i++)
        if (document_packed[i].kind == kind && document_packed[i].language == language
            && strcmp(document_packed[i].paper, paper) == 0)
            return &document_packed[i];
    return NULL;
}
