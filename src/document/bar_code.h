/* Bar codes of the kind Code 128 (ISO/IEC 15417): what handheld scanners of every make read. */
#ifndef DOCUMENT_BAR_CODE_H
#define DOCUMENT_BAR_CODE_H

#include <stdint.h>

#include "base/span.h"

#define BAR_CODE_TEXT_LIMIT 48
#define BAR_CODE_WIDTHS_LIMIT ((BAR_CODE_TEXT_LIMIT + 2) * 6 + 7)

/* Bars and gaps in turn, beginning and ending with a bar; digits in pairs where all are digits.
 * text     1 to BAR_CODE_TEXT_LIMIT bytes, 0x20 to 0x7e
 * widths   of each bar and gap in modules, 1 to 4
 * returns  how many there are; -1 a text that cannot be written */
int bar_code_make(struct span text, uint8_t widths[BAR_CODE_WIDTHS_LIMIT]);

#endif
