/* Masks personal data for those who may not see it: 陈佳怡 to 陈*怡, 13800001234 to 138****1234. */
#ifndef SECURITY_MASK_H
#define SECURITY_MASK_H

#include "base/span.h"

/* First and last character stay, those between become one '*' each (at most three); of two characters the second goes.
 * capacity  of `masked`, name.size + 4 is always enough
 * returns   bytes written (zero-terminated); BASE_ERR_FULL; BASE_ERR_UTF8 for a name that is not UTF-8 */
int mask_name(struct span name, char *masked, size_t capacity);

/* Of each comma-separated number the first three and last four digits stay; numbers below 8 characters keep the last two, below 5
 * none.
 * capacity  of `masked`, phones.size + 1 + 4 per number is always enough
 * returns   bytes written (zero-terminated); BASE_ERR_FULL */
int mask_phones(struct span phones, char *masked, size_t capacity);

#endif
