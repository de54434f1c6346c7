/* Lists of links: the objects a client registers, the answer to a Discover (RFC 6690 2; OMA LwM2M Core 1.1, 6.2.1). */
#ifndef CODEC_LWM2M_LINK_H
#define CODEC_LWM2M_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

struct lwm2m_link {
    struct span target;     /* between < and >, "/3/0" or "/lwm2m/3/0"; points into the list */
    struct span attributes; /* text after the target, each attribute with its semicolon in front; may be empty */
    size_t offset;          /* of the < in the list */
};

/* Walks a list front to back. */
struct lwm2m_link_iterator {
    struct span text;
    size_t offset; /* where the next link begins; on failure where the list stopped making sense */
    bool lenient;  /* pass over blanks around commas, as fielded modules send them */
    bool expected; /* a comma was read: another link must follow */
};

struct lwm2m_link_iterator lwm2m_link_iterator(struct span text, bool lenient);

/* The next link, its attributes checked for syntax (dim is 0 to 255, quotes close, names are of legal characters).
 * returns  1 and *out; 0 at the end; CODEC_ERR_FORMAT; CODEC_ERR_RANGE for dim. After a failure every further call
 *          fails in the same way */
int lwm2m_link_next(struct lwm2m_link_iterator *iterator, struct lwm2m_link *out);

/* Attribute `name` of a link, quotes taken off; ver is found quoted and bare alike.
 * returns  true and *out (empty for a bare attribute); false when there is none */
bool lwm2m_link_attribute(const struct lwm2m_link *link, const char *name, struct span *out);

/* Walks the attributes of one link.
 * offset   0 at the start, moved on
 * returns  1 with name and value (quotes taken off); 0 at the end; CODEC_ERR_FORMAT */
int lwm2m_link_attribute_next(struct span attributes, size_t *offset, struct span *name, struct span *value);

#endif
