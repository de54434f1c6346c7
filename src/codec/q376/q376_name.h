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

/* Minutes between two points of a curve by its density code; 0 for none and for unknown codes. */
uint16_t q376_density_minutes(uint8_t density);

#endif
