/* The table of codecs that a device model may name, and how each speaks with a device.
 *
 * A model says what exists (base/device_profile.h), a codec knows the bytes. From a command come request frames; from a
 * received frame comes an uplink. Pure: no clock, no socket; who calls keeps the time and the line. */
#ifndef DIALOG_DEVICE_CODEC_H
#define DIALOG_DEVICE_CODEC_H

#include "base/device_profile.h"
#include "base/span.h"

/* All codecs, in the order of the table; the row's number is device_profile.codec. */
const struct device_codec_info *device_codec_table(size_t *count);

#endif
