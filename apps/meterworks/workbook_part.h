/* One part of an Excel workbook (ECMA-376: XML in a ZIP archive), read by handlers of its elements. A document type, which a
 * workbook never has, is refused, and with it every entity that could grow. Internal to the program. */
#ifndef APPS_METERWORKS_WORKBOOK_PART_H
#define APPS_METERWORKS_WORKBOOK_PART_H

#include <expat.h>

#include "base/span.h"

#define WORKBOOK_PART_LIMIT (8u * 1048576) /* bytes of a part of the archive, unpacked */

/* First member of what the handlers get as their context. */
struct workbook_part {
    XML_Parser parser;
    int error;
};

/* Without the prefix of its name space. */
const char *workbook_name_local(const char *name);

/* The value of the attribute of this local name; "" without one. */
const char *workbook_attribute(const char **attributes, const char *name);

/* End the reading of the part; the first error stays. */
void workbook_part_stop(struct workbook_part *part, int error);

/* characters  NULL: not asked for
 * returns     1; 0 there is no such part; CASH_ERR_STATEMENT_TEXT, STORE_ERR_MEMORY, or what the handlers stopped with */
int workbook_part_read(struct workbook_part *part, struct span archive, const char *name, XML_StartElementHandler begin,
                       XML_EndElementHandler end, XML_CharacterDataHandler characters);

#endif
