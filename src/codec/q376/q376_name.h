/* What the codes of Q/GDW 376.1 are called, in English and Chinese. */
#ifndef CODEC_Q376_NAME_H
#define CODEC_Q376_NAME_H

#include <stdbool.h>
#include <stdint.h>

struct q376_name {
    const char *english;
    const char *chinese; /* UTF-8 */
};

/* None of these is ever NULL; a code without a name is "reserved" or "vendor/reserved". */
struct q376_name q376_afn_name(uint8_t afn);
struct q376_name q376_function_code_name(bool is_primary, unsigned function_code);
struct q376_name q376_protocol_name(unsigned protocol);

/* ERC, the kind of an event record. */
struct q376_name q376_event_name(uint8_t event);

/* Error code of an item-by-item confirmation (AFN 00 F3). */
struct q376_name q376_confirm_error_name(uint8_t error);

/* Protocol number of a meter in the archive (AFN 04 F10). */
struct q376_name q376_meter_protocol_name(uint8_t protocol);

/* Baud rate of the archive's code 0 to 7; 0 for the default. */
uint16_t q376_archive_baud(unsigned code);

/* Minutes between two points of a curve by its density code; 0 for none and for unknown codes. */
uint16_t q376_density_minutes(uint8_t density);

#endif
