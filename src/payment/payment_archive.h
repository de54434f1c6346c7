/* One file of a zip archive from outside: a channel's bill, a workbook. Found through the central directory; stored or
 * deflated; whatever the archive claims, no more than the limit comes out. */
#ifndef PAYMENT_PAYMENT_ARCHIVE_H
#define PAYMENT_PAYMENT_ARCHIVE_H

#include "base/span.h"

/* size_limit  bytes of the file, unpacked
 * out         from malloc, the caller frees it; with its length and check sum as the archive says
 * returns     1; 0 there is no such file; PAYMENT_ERR_BILL, PAYMENT_ERR_MEMORY */
int payment_archive_file(struct span archive, const char *name, size_t size_limit, uint8_t **out, size_t *size);

#endif
