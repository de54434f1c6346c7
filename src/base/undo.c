#include "base/undo.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

/* Entries are stacked so that they can be walked backwards: [image, padded to 8][trailer]. */
struct trailer {
    void *target;
    uint64_t size; /* of the image; CALL_SIZE marks a call, whose image is a struct call */
};

struct call {
    void (*action)(void *context, uint64_t argument);
    uint64_t argument;
};

#define CALL_SIZE UINT64_MAX
#define IMAGE_LIMIT 65535

struct undo {
    size_t used;
    size_t capacity;
    unsigned char *bytes;
};

static size_t padded(uint64_t size)
{
    return ((size_t)size + 7) / 8 * 8;
}

int undo_open(size_t capacity, struct undo **out)
{
    struct undo *undo = calloc(1, sizeof *undo);
    unsigned char *bytes = malloc(capacity > 0 ? capacity : 1);
    if (!undo || !bytes) {
        free(undo);
        free(bytes);
        return BASE_ERR_MEMORY;
    }
    undo->capacity = capacity;
    undo->bytes = bytes;
    *out = undo;
    return 0;
}

void undo_close(struct undo *undo)
{
    if (undo)
        free(undo->bytes);
    free(undo);
}

static int push(struct undo *undo, const void *image, size_t size, const struct trailer *trailer)
{
    size_t needed = padded(size) + sizeof *trailer;
    if (needed > undo->capacity - undo->used)
        return BASE_ERR_FULL;
    memcpy(undo->bytes + undo->used, image, size);
    memcpy(undo->bytes + undo->used + padded(size), trailer, sizeof *trailer);
    undo->used += needed;
    return 0;
}

int undo_save(struct undo *undo, void *target, size_t size)
{
    if (!undo)
        return 0;
    assert(size > 0 && size <= IMAGE_LIMIT);
    return push(undo, target, size, &(struct trailer){ target, size });
}

int undo_call(struct undo *undo, void (*action)(void *context, uint64_t argument), void *context, uint64_t argument)
{
    if (!undo)
        return 0;
    struct call call = { action, argument };
    return push(undo, &call, sizeof call, &(struct trailer){ context, CALL_SIZE });
}

size_t undo_mark(const struct undo *undo)
{
    return undo ? undo->used : 0;
}

static void take_back_newest(struct undo *undo)
{
    struct trailer trailer;
    undo->used -= sizeof trailer;
    memcpy(&trailer, undo->bytes + undo->used, sizeof trailer);
    size_t size = trailer.size == CALL_SIZE ? sizeof(struct call) : (size_t)trailer.size;
    undo->used -= padded(size);
    if (trailer.size != CALL_SIZE) {
        memcpy(trailer.target, undo->bytes + undo->used, size);
        return;
    }
    struct call call;
    memcpy(&call, undo->bytes + undo->used, sizeof call);
    call.action(trailer.target, call.argument);
}

void undo_revert(struct undo *undo, size_t mark)
{
    while (undo && undo->used > mark)
        take_back_newest(undo);
}

void undo_clear(struct undo *undo)
{
    if (undo)
        undo->used = 0;
}
