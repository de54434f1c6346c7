/* Data formats A.1 to A.27 of Q/GDW 376.1, and the few plain forms that data units use besides them: one table, a
 * reader and a writer each. Numbers are exact: an integer and a power of ten. */
#ifndef CODEC_Q376_FORMAT_H
#define CODEC_Q376_FORMAT_H

#include "codec/item/item.h"

#define Q376_FORMAT_SIZE_LIMIT 6 /* bytes of the largest of A.1 to A.27 */

enum q376_format {
    Q376_FORMAT_NONE,
    Q376_FORMAT_01, /* second, minute, hour, day, weekday and month, year; item.value: weekday, 1 Monday, 0 none */
    Q376_FORMAT_02,      /* three digits and a power of ten from -3 to 4, sign */
    Q376_FORMAT_03,      /* seven digits in kWh or MWh (0.001 yuan or yuan), sign */
    Q376_FORMAT_04,      /* percentage, bit 7 set: downwards (negative) */
    Q376_FORMAT_05,      /* S NNN.N */
    Q376_FORMAT_06,      /* S NN.NN */
    Q376_FORMAT_07,      /* NNN.N */
    Q376_FORMAT_08,      /* NNNN */
    Q376_FORMAT_09,      /* S NN.NNNN */
    Q376_FORMAT_10,      /* NNNNNN */
    Q376_FORMAT_11,      /* NNNNNN.NN */
    Q376_FORMAT_12,      /* twelve digits of an address */
    Q376_FORMAT_13,      /* NNNN.NNNN */
    Q376_FORMAT_14,      /* NNNNNN.NNNN */
    Q376_FORMAT_15,      /* minute, hour, day, month, year */
    Q376_FORMAT_16,      /* second, minute, hour, day */
    Q376_FORMAT_17,      /* minute, hour, day, month */
    Q376_FORMAT_18,      /* minute, hour, day */
    Q376_FORMAT_19,      /* minute, hour */
    Q376_FORMAT_20,      /* day, month, year */
    Q376_FORMAT_21,      /* month, year */
    Q376_FORMAT_22,      /* N.N */
    Q376_FORMAT_23,      /* NN.NNNN */
    Q376_FORMAT_24,      /* day, hour (unconfirmed) */
    Q376_FORMAT_25,      /* S NNN.NNN */
    Q376_FORMAT_26,      /* N.NNN */
    Q376_FORMAT_27,      /* NNNNNNNN */
    Q376_FORMAT_NUMBER,  /* binary, 1 to 4 bytes, low byte first */
    Q376_FORMAT_FLAGS,   /* the same, shown as a set of bits */
    Q376_FORMAT_WAIT,    /* one byte: bit 7 clear: units of 10 ms, set: of 1 s; the item is in ms */
    Q376_FORMAT_TENS_MS, /* one byte in units of 10 ms; the item is in ms */
    Q376_FORMAT_TEXT,    /* ASCII in reading order */
    Q376_FORMAT_BYTES,   /* bytes as they are */
    Q376_FORMAT_COUNT
};

/* Bytes of a value; 0 when the field says how many (NUMBER, FLAGS, TEXT, BYTES). */
size_t q376_format_size(enum q376_format format);

/* Fill kind, value, exponent, digits, quality, bytes and, of a time, time. Every byte EE, EF or FF of A.1 to A.27 is
 * ITEM_MISSING, as is a date of nothing but zeros; any other digit above 9 or a time that does not exist is
 * ITEM_INVALID.
 * bytes   q376_format_size() of them, or what the field says; NUMBER and FLAGS at most 8 */
void q376_format_read(enum q376_format format, struct span bytes, struct item *item);

/* The way back, of an item that q376_format_read() could have made. A missing or invalid value is written as the bytes
 * it was read from when there are so many, else as EE.
 * out      size bytes, untouched on failure
 * returns  0; CODEC_ERR_RANGE: the number has more digits than the format, or more decimals, or a sign it cannot carry;
 *          the time does not exist or has other parts; CODEC_ERR_TYPE: another kind of item, or another size */
int q376_format_write(enum q376_format format, const struct item *item, uint8_t *out, size_t size);

#endif
