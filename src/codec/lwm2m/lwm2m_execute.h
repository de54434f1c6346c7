/* Arguments of an Execute: 0='x',1='y' (OMA LwM2M Core 1.1, 6.3.3; ABNF in the same clause). */
#ifndef CODEC_LWM2M_EXECUTE_H
#define CODEC_LWM2M_EXECUTE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "base/writer.h"

struct lwm2m_argument {
    uint8_t number;    /* 0 to 9 */
    bool has_value;    /* 2 alone is an argument without value */
    struct span value; /* between the quotes, points into the payload */
    size_t offset;     /* of the number in the payload */
};

/* The next argument.
 * offset   0 at the start, moved on; where the text stopped making sense on failure
 * returns  1 and *out; 0 at the end; CODEC_ERR_FORMAT */
int lwm2m_argument_next(struct span payload, size_t *offset, struct lwm2m_argument *out);

/* Argument `number`, the whole payload being checked.
 * returns  1 and *out; 0 when it is not there; CODEC_ERR_FORMAT; CODEC_ERR_DUPLICATE */
int lwm2m_argument_find(struct span payload, uint8_t number, struct lwm2m_argument *out);

/* Append one argument with a value; a comma is put in front unless `first`. The value must hold printable ASCII
 * without quote and backslash; the caller checks.
 * number   0 to 9 */
void lwm2m_argument_put(struct writer *out, bool first, uint8_t number, struct span value);

#endif
