/* Which IMEI is which device: the gate's own copy of the archive, so that it never waits for the core.
 *
 * A dense array by device_id and an index by IMEI; 13 to 19 bytes a device between growths. */
#ifndef DIALOG_DEVICE_DIRECTORY_H
#define DIALOG_DEVICE_DIRECTORY_H

#include "base/hash.h"
#include "dialog/lwm2m_server.h"

#define DEVICE_DIRECTORY_IMEI_LIMIT 1000000000000000 /* 15 digits */

struct device_directory;

#define DEVICE_DIRECTORY_ERRORS(ROW) \
    ROW(DEVICE_DIRECTORY_ERR_MEMORY, -1, "out of memory") \
    ROW(DEVICE_DIRECTORY_ERR_RANGE, -2, "device number or IMEI outside the permitted range")

#define DEVICE_DIRECTORY_ERROR_ENUM(name, value, text) name = (value),
enum device_directory_error { DEVICE_DIRECTORY_ERRORS(DEVICE_DIRECTORY_ERROR_ENUM) };
#undef DEVICE_DIRECTORY_ERROR_ENUM

/* English text for one of DEVICE_DIRECTORY_ERR_*; "unknown error" for any other number. */
const char *device_directory_error_text(int error);

/* device_limit  ids 1 to device_limit - 1 can be kept; 0 means 16,777,216
 * out           given back by device_directory_close
 * returns       0; DEVICE_DIRECTORY_ERR_MEMORY; DEVICE_DIRECTORY_ERR_RANGE */
int device_directory_open(uint32_t device_limit, struct hash_key secret, struct device_directory **out);

/* Accepts NULL. */
void device_directory_close(struct device_directory *directory);

/* Make room for so many devices in all at once: only for speed.
 * returns  0; DEVICE_DIRECTORY_ERR_MEMORY */
int device_directory_reserve(struct device_directory *directory, uint32_t count);

/* Enter a device, or give it another IMEI or security. The last entry of an IMEI wins.
 * returns  0; DEVICE_DIRECTORY_ERR_MEMORY; DEVICE_DIRECTORY_ERR_RANGE */
int device_directory_put(struct device_directory *directory, uint64_t imei, struct dialog_device device);

struct device_directory_entry {
    uint64_t imei;
    struct dialog_device device;
};

/* Enter devices that are not there, with IMEIs that nobody has: as device_directory_put of each, but much faster.
 * count    at most DEVICE_DIRECTORY_TOGETHER
 * returns  0; DEVICE_DIRECTORY_ERR_MEMORY; DEVICE_DIRECTORY_ERR_RANGE: count or one of them is out of range. Then none is entered */
#define DEVICE_DIRECTORY_TOGETHER 1024
int device_directory_put_all(struct device_directory *directory, const struct device_directory_entry *entries, uint32_t count);

/* Strike a device out; nothing happens when it is not there. */
void device_directory_remove(struct device_directory *directory, uint32_t device_id);

/* True and the device, or false with `out` untouched. Fits `device_find` of struct lwm2m_server_ports. */
bool device_directory_find(const struct device_directory *directory, uint64_t imei, struct dialog_device *out);

/* The IMEI of a device, 0 when it is not there. */
uint64_t device_directory_imei(const struct device_directory *directory, uint32_t device_id);

uint32_t device_directory_count(const struct device_directory *directory);

#endif
