/* What kind of device a type byte names, "medium" in the trade (EN 13757-7 clause 7, device types; OMS Vol. 2). */
#ifndef CODEC_WMBUS_DEVICE_TYPE_H
#define CODEC_WMBUS_DEVICE_TYPE_H

#include "base/span.h"

/* Never NULL; "reserved/other" for what the table does not name. */
const char *wmbus_device_type_text(uint8_t type, bool is_chinese);

#endif
