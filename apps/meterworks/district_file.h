/* The list of a company's districts, one a line: "north 城北". Every process that serves one of them has the same file. */
#ifndef APPS_METERWORKS_DISTRICT_FILE_H
#define APPS_METERWORKS_DISTRICT_FILE_H

#include "api/district.h"

/* path     NULL: the company is not divided, and own must be NULL, too
 * own      key of the district that this process serves
 * out      count 0 when it is not divided
 * returns  0; -1 with `problem`: what is wrong, in which line, and what to do */
int district_file_read(const char *path, const char *own, struct district_list *out, char problem[256]);

#endif
