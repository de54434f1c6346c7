/* The control information field: what stands behind it (EN 13757-7 clause 5, OMS Vol. 2). */
#ifndef CODEC_WMBUS_CI_H
#define CODEC_WMBUS_CI_H

#include "base/span.h"

/* Which layer a CI field opens. */
enum wmbus_layer {
    WMBUS_LAYER_EXTENDED_LINK, /* 8CH to 8FH */
    WMBUS_LAYER_FRAGMENT,      /* 90H: authentication and fragmentation */
    WMBUS_LAYER_TRANSPORT      /* everything else: a header, perhaps empty, and application data */
};

/* What stands between the CI field and the application data. */
enum wmbus_header { WMBUS_HEADER_NONE, WMBUS_HEADER_SHORT, WMBUS_HEADER_LONG };

/* What the application data are. */
enum wmbus_content {
    WMBUS_CONTENT_BYTES,   /* of another application or the manufacturer's own: kept as they are */
    WMBUS_CONTENT_RECORDS, /* mbus_record.h */
    WMBUS_CONTENT_COMPACT, /* format signature, check sum and the data of records (wmbus_compact.h) */
    WMBUS_CONTENT_FORMAT,  /* a format signature and the headers it stands for */
    WMBUS_CONTENT_ERROR,   /* one byte, MBUS application error */
    WMBUS_CONTENT_ALARM,   /* one byte of the manufacturer's alarm bits */
    WMBUS_CONTENT_EMPTY    /* the header is all */
};

struct wmbus_ci {
    uint8_t first; /* the values from here */
    uint8_t last;  /* to here */
    uint8_t layer;
    uint8_t header;
    uint8_t content;
    bool from_partner; /* sent to the meter, not by it */
    const char *english;
    const char *chinese;
};

/* The row of a value; never NULL: what is in no row is "reserved". */
const struct wmbus_ci *wmbus_ci_find(uint8_t ci);

/* The value stands in a row that the standard defines. */
bool wmbus_ci_is_known(uint8_t ci);

/* Row `index`; NULL behind the last one. */
const struct wmbus_ci *wmbus_ci_at(size_t index);

#endif
