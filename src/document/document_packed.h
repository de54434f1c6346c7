/* The built-in templates, made at build time from templates/ by tools/pack_templates. Internal to the room. */
#ifndef DOCUMENT_DOCUMENT_PACKED_H
#define DOCUMENT_DOCUMENT_PACKED_H

#include "document/document_kind.h"

extern const struct document_default document_packed[];
extern const size_t document_packed_count;

#endif
