/* Which meters are on a wired M-Bus: the search by secondary address with wild cards, then by primary address.
 *
 * All meters whose number fits a mask are selected and asked. When several answer at once, the next digit of the mask
 * is tried from 0 to 9 (EN 13757-3 clause 11.5), so that each question halves nothing but names fewer. Primary addresses
 * 0 to 250 follow, for meters that cannot be selected. A meter that was found is told once.
 *
 * Pure: the caller sends, waits, and says what it heard. */
#ifndef DIALOG_MBUS_SEARCH_H
#define DIALOG_MBUS_SEARCH_H

#include "base/uplink.h"
#include "base/writer.h"
#include "codec/mbus/mbus_command.h"

#define MBUS_SEARCH_FOUND_LIMIT 256   /* a line drives 250 slaves; beyond it one may be told twice */
#define MBUS_SEARCH_STEP_LIMIT 100000 /* questions; a line where everything answers everything ends here */

enum mbus_search_heard {
    MBUS_HEARD_NOTHING,
    MBUS_HEARD_ACKNOWLEDGE, /* E5, of one or several at once */
    MBUS_HEARD_ANSWER,      /* a whole frame */
    MBUS_HEARD_DAMAGED      /* bytes, but no frame: several speak, or noise */
};

/* All members are the search's own, but for what its comment offers. */
struct mbus_search {
    uint8_t phase;
    uint8_t depth;   /* digits of the mask that are fixed */
    uint8_t tries;   /* of the question now open */
    uint8_t primary; /* now asked */
    uint32_t steps;
    uint16_t unresolved; /* may be read: masks without wild card, or meters without a decimal number, left untold */
    uint16_t found_count;
    char number[MBUS_SECONDARY_NUMBER_DIGITS + 1];
    uint64_t found[MBUS_SEARCH_FOUND_LIMIT];
};

void mbus_search_begin(struct mbus_search *search);

/* Write the next question, MBUS_FRAME_LIMIT bytes are enough.
 * returns  false when the search is over */
bool mbus_search_ask(const struct mbus_search *search, struct writer *out);

/* What came of it.
 * answer   of MBUS_HEARD_ANSWER; NULL otherwise
 * row      written when it returns true: a meter not told before. address the number, port the primary address, maker,
 *          version, protocol_code the device type
 * returns  whether there is one */
bool mbus_search_take(struct mbus_search *search, enum mbus_search_heard heard, const struct mbus_frame *answer,
                      struct uplink_archive_row *row);

#endif
