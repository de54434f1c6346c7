#include "dialog/device_directory.h"

#include <stdlib.h>

#include "base/dense_array.h"
#include "base/device_index.h"

#define DEVICE_LIMIT_DEFAULT 16777216
#define SECURED_ONLY ((uint64_t)1 << 63)

/* One record per device: its IMEI and, in the top bit, its security. 0: no such device. */
struct device_directory {
    struct dense_array records;
    struct device_index by_imei;
    struct hash_key secret;
};

const char *device_directory_error_text(int error)
{
#define DEVICE_DIRECTORY_ERROR_CASE(name, value, text) \
    case name: \
        return text;
    switch (error) {
        DEVICE_DIRECTORY_ERRORS(DEVICE_DIRECTORY_ERROR_CASE)
    default:
        return "unknown error";
    }
#undef DEVICE_DIRECTORY_ERROR_CASE
}

static uint64_t record_read(const struct device_directory *directory, uint32_t device_id)
{
    const uint64_t *record = dense_array_at(&directory->records, device_id);
    return record ? *record : 0;
}

static uint64_t imei_hash(const struct device_directory *directory, uint64_t imei)
{
    return hash_siphash(directory->secret, span_of_bytes(&imei, sizeof imei));
}

static uint64_t record_hash(const void *context, uint32_t device_id)
{
    const struct device_directory *directory = context;
    return imei_hash(directory, record_read(directory, device_id) & ~SECURED_ONLY);
}

static bool record_equals(const void *context, uint32_t device_id, const void *key)
{
    const uint64_t *imei = key;
    return (record_read(context, device_id) & ~SECURED_ONLY) == *imei;
}

int device_directory_open(uint32_t device_limit, struct hash_key secret, struct device_directory **out)
{
    uint32_t limit = device_limit ? device_limit : DEVICE_LIMIT_DEFAULT;
    if (limit > DEVICE_LIMIT_DEFAULT)
        return DEVICE_DIRECTORY_ERR_RANGE;
    struct device_directory *directory = calloc(1, sizeof *directory);
    if (!directory)
        return DEVICE_DIRECTORY_ERR_MEMORY;
    directory->secret = secret;
    directory->by_imei = (struct device_index){ .context = directory, .hash_of = record_hash,
                                                .equals = record_equals };
    if (dense_array_open(&directory->records, sizeof(uint64_t), limit) != 0) {
        free(directory);
        return DEVICE_DIRECTORY_ERR_MEMORY;
    }
    *out = directory;
    return 0;
}

void device_directory_close(struct device_directory *directory)
{
    if (!directory)
        return;
    device_index_release(&directory->by_imei);
    dense_array_close(&directory->records);
    free(directory);
}

void device_directory_remove(struct device_directory *directory, uint32_t device_id)
{
    uint64_t *record = dense_array_at(&directory->records, device_id);
    if (!record || *record == 0)
        return;
    device_index_remove(&directory->by_imei, device_id);
    *record = 0;
}

int device_directory_reserve(struct device_directory *directory, uint32_t count)
{
    return device_index_reserve(&directory->by_imei, count) ? 0 : DEVICE_DIRECTORY_ERR_MEMORY;
}

static bool in_range(const struct device_directory *directory, uint64_t imei, uint32_t device_id)
{
    return imei != 0 && imei < DEVICE_DIRECTORY_IMEI_LIMIT && device_id != 0 && device_id < directory->records.limit;
}

static uint64_t record_of(uint64_t imei, struct dialog_device device)
{
    return imei | (device.secured_only ? SECURED_ONLY : 0);
}

/* The memory of every entry's record; a record that stays 0 is no device.
 * returns  as device_directory_put_all */
static int records_reserve(struct device_directory *directory, const struct device_directory_entry *entries, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!in_range(directory, entries[i].imei, entries[i].device.device_id))
            return DEVICE_DIRECTORY_ERR_RANGE;
        if (!dense_array_reserve(&directory->records, entries[i].device.device_id))
            return DEVICE_DIRECTORY_ERR_MEMORY;
    }
    return device_directory_reserve(directory, directory->by_imei.count + count);
}

int device_directory_put_all(struct device_directory *directory, const struct device_directory_entry *entries, uint32_t count)
{
    uint32_t numbers[DEVICE_DIRECTORY_TOGETHER];
    if (count > DEVICE_DIRECTORY_TOGETHER)
        return DEVICE_DIRECTORY_ERR_RANGE;
    int error = records_reserve(directory, entries, count);
    if (error != 0)
        return error;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t *record = dense_array_at(&directory->records, entries[i].device.device_id);
        *record = record_of(entries[i].imei, entries[i].device);
        numbers[i] = entries[i].device.device_id;
    }
    (void)device_index_put_all(&directory->by_imei, numbers, count); /* its room is there */
    return 0;
}

int device_directory_put(struct device_directory *directory, uint64_t imei, struct dialog_device device)
{
    if (!in_range(directory, imei, device.device_id))
        return DEVICE_DIRECTORY_ERR_RANGE;
    uint64_t *record = dense_array_reserve(&directory->records, device.device_id);
    if (!record)
        return DEVICE_DIRECTORY_ERR_MEMORY;
    device_directory_remove(directory, device.device_id);
    device_directory_remove(directory, device_index_find(&directory->by_imei, imei_hash(directory, imei), &imei));
    *record = record_of(imei, device);
    if (device_index_put(&directory->by_imei, device.device_id))
        return 0;
    *record = 0;
    return DEVICE_DIRECTORY_ERR_MEMORY;
}

bool device_directory_find(const struct device_directory *directory, uint64_t imei, struct dialog_device *out)
{
    uint32_t device_id = device_index_find(&directory->by_imei, imei_hash(directory, imei), &imei);
    if (device_id == 0)
        return false;
    out->device_id = device_id;
    out->secured_only = record_read(directory, device_id) & SECURED_ONLY;
    return true;
}

uint64_t device_directory_imei(const struct device_directory *directory, uint32_t device_id)
{
    return record_read(directory, device_id) & ~SECURED_ONLY;
}

uint32_t device_directory_count(const struct device_directory *directory)
{
    return directory->by_imei.count;
}
