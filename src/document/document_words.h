/* Codes of the store in the words of a document: how money came, why it moved, what state a bill is in. */
#ifndef DOCUMENT_DOCUMENT_WORDS_H
#define DOCUMENT_DOCUMENT_WORDS_H

#include "document/document_kind.h"

/* group    "method", "transfer", "bill_state", "item", "period", "device_kind", "closing_kind", "reading_kind",
 *          "closing_part"
 * returns  static words; NULL when the code is not known: it is then shown as it is */
const char *document_word(const char *group, struct span code, enum document_language language);

#endif
