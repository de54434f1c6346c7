/* What a record is about: the VIF tables of EN 13757-3 (10, 12, 13 and 14), indexed by code. */
#ifndef CODEC_MBUS_VIF_H
#define CODEC_MBUS_VIF_H

#include "codec/mbus/mbus_record.h"

/* How the data of a code are to be read. */
enum mbus_form {
    MBUS_FORM_NUMBER,
    MBUS_FORM_DIGITS, /* a number that names something: BCD keeps its leading zeros */
    MBUS_FORM_FLAGS,  /* a bit set, never negative */
    MBUS_FORM_TIME    /* of the type that the size says */
};

/* value = raw * factor * 10^exponent, in `unit`. */
struct mbus_vif {
    uint32_t factor;   /* 1 but for minutes, hours and days */
    uint16_t quantity; /* enum item_quantity */
    uint8_t unit;      /* enum item_unit */
    uint8_t form;      /* enum mbus_form */
    int8_t exponent;
};

#define MBUS_VIF_COUNT 128

extern const struct mbus_vif mbus_vif_main[MBUS_VIF_COUNT];  /* table 10 */
extern const struct mbus_vif mbus_vif_fb[MBUS_VIF_COUNT];    /* table 13: behind FBH */
extern const struct mbus_vif mbus_vif_fd[MBUS_VIF_COUNT];    /* table 12: behind FDH */
extern const struct mbus_vif mbus_vif_fd_fd[MBUS_VIF_COUNT]; /* table 14: behind FDH FDH */

/* The row of a record; never NULL (ITEM_OTHER when the tables have none).
 * vife  the combinable extensions that follow the code */
const struct mbus_vif *mbus_vif_find(const struct mbus_record *record, struct span *vife);

#endif
