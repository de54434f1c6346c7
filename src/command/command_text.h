/* What people read about a command: states, kinds, and the short notes of its steps, in Chinese and English.
 *
 * Steps and outcomes are stored as a code and, after a blank, a value ("refused 4.05", "superseded 17"), so that they
 * can be shown in the reader's language. */
#ifndef COMMAND_COMMAND_TEXT_H
#define COMMAND_COMMAND_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COMMAND_TEXT_LIMIT 200

/* The sentence for a stored note; the note itself when its code is not in the table.
 * capacity  of `text`; COMMAND_TEXT_LIMIT is always enough */
void command_note_text(const char *note, bool chinese, char *text, size_t capacity);

/* "step price 2 (04060102)" for a data identifier of DL/T 645-2007 or CJ/T 188 that commands write; its digits for others. */
void command_difference_text(uint32_t identifier, bool chinese, char *text, size_t capacity);

/* "meter asleep, next window about 03:10" for an instant, in the device's zone; "meter awake, sending now" at once. */
void command_window_text(bool awake, int64_t window_s, int32_t zone_offset_s, bool chinese, char *text,
                         size_t capacity);

/* The same for a device behind a line. */
void command_line_text(bool connected, bool chinese, char *text, size_t capacity);

#endif
