/* A QR code (ISO/IEC 18004) as a picture for a screen. Calls no clock; different threads may draw at the same time. */
#ifndef DOCUMENT_DOCUMENT_CODE_H
#define DOCUMENT_DOCUMENT_CODE_H

#include "base/span.h"
#include "document/document_render.h"

#define DOCUMENT_CODE_TEXT_LIMIT 300 /* bytes of the text behind a code */

/* text     1 to DOCUMENT_CODE_TEXT_LIMIT bytes without a zero, error correction level M
 * out      SVG, dark on white with the quiet zone of four modules, one unit a module; bytes from malloc
 * returns  0; DOCUMENT_ERR_QR, DOCUMENT_ERR_MEMORY */
int document_code_svg(struct span text, struct document_bytes *out);

#endif
