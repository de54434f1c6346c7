#include "apps/meterworks/gate_keys.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"

struct row {
    uint64_t imei; /* 0: free */
    uint8_t size;
    uint8_t key[GATE_KEY_LIMIT];
};

/* Rows are taken round and round, so that the one written first gives way. */
struct gate_keys {
    struct map places; /* IMEI to row */
    uint32_t limit;
    uint32_t next;
    struct row *rows;
};

struct gate_keys *gate_keys_open(uint32_t limit, uint64_t seed)
{
    struct gate_keys *keys = calloc(1, sizeof *keys);
    struct row *rows = calloc(limit, sizeof *rows);

    if (keys == NULL || rows == NULL) {
        free(keys);
        free(rows);
        return NULL;
    }
    *keys = (struct gate_keys){ .places = map_make(limit, seed), .limit = limit, .rows = rows };
    return keys;
}

void gate_keys_close(struct gate_keys *keys)
{
    if (keys == NULL)
        return;
    map_release(&keys->places);
    OPENSSL_cleanse(keys->rows, keys->limit * sizeof *keys->rows);
    free(keys->rows);
    free(keys);
}

static void row_clear(struct gate_keys *keys, struct row *row)
{
    if (row->imei != 0)
        map_remove(&keys->places, row->imei);
    OPENSSL_cleanse(row, sizeof *row);
}

static struct row *row_find(const struct gate_keys *keys, uint64_t imei)
{
    uint64_t place;
    return map_get(&keys->places, imei, &place) ? &keys->rows[place] : NULL;
}

void gate_keys_put(struct gate_keys *keys, uint64_t imei, const uint8_t *key, size_t size)
{
    struct row *row = row_find(keys, imei);

    if (row == NULL) {
        uint32_t place = keys->next;
        row_clear(keys, &keys->rows[place]);
        if (map_put(&keys->places, imei, place) < 0)
            return; /* no memory: it is asked for again */
        keys->next = (place + 1) % keys->limit;
        row = &keys->rows[place];
        row->imei = imei;
    }
    row->size = (uint8_t)(size <= GATE_KEY_LIMIT ? size : 0);
    memcpy(row->key, key, row->size);
}

void gate_keys_forget(struct gate_keys *keys, uint64_t imei)
{
    struct row *row = row_find(keys, imei);
    if (row != NULL)
        row_clear(keys, row);
}

bool gate_keys_find(const struct gate_keys *keys, uint64_t imei, uint8_t key[GATE_KEY_LIMIT], size_t *size)
{
    const struct row *row = row_find(keys, imei);

    if (row == NULL)
        return false;
    memcpy(key, row->key, row->size);
    *size = row->size;
    return true;
}
