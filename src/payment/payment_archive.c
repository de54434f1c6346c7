/* Zip archives as channels pack their bill files: stored or deflated entries, found through the central directory. */
#include "payment/payment_archive.h"

#include "payment/payment_internal.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>


#define END_SIZE 22          /* end of central directory record */
#define COMMENT_LIMIT 65535
#define ENTRY_HEAD_SIZE 46
#define LOCAL_HEAD_SIZE 30
#define ENTRY_LIMIT 64

static uint32_t number_le(const uint8_t *bytes, int size)
{
    uint32_t value = 0;

    while (size-- > 0)
        value = value << 8 | bytes[size];
    return value;
}

/* Whatever the archive claims, no more than size_limit bytes come out. */
static int inflate_all(z_stream *stream, size_t size_limit, uint8_t **out, size_t *size)
{
    size_t capacity = 0;
    uint8_t *bytes = NULL;
    int result = Z_OK;

    *size = 0;
    while (result == Z_OK) {
        size_t wanted = capacity == 0 ? 65536 : capacity * 2;
        uint8_t *more = *size == capacity && wanted <= size_limit * 2 ? realloc(bytes, wanted) : NULL;
        if (more == NULL)
            break;
        bytes = more;
        capacity = wanted;
        stream->next_out = bytes + *size;
        stream->avail_out = (uInt)(capacity - *size);
        result = inflate(stream, Z_FINISH);
        *size = capacity - stream->avail_out;
        if (result == Z_BUF_ERROR && stream->avail_out == 0 && *size < size_limit)
            result = Z_OK;
    }
    if (result != Z_STREAM_END || *size > size_limit) {
        free(bytes);
        return PAYMENT_ERR_BILL;
    }
    *out = bytes;
    return 0;
}

int payment_inflate(struct span packed, bool raw, size_t size_limit, uint8_t **out, size_t *size)
{
    z_stream stream;
    uint8_t *bytes = NULL;
    size_t unpacked = 0;
    int error;

    memset(&stream, 0, sizeof stream);
    if (packed.size > INT32_MAX)
        return PAYMENT_ERR_BILL;
    if (inflateInit2(&stream, raw ? -MAX_WBITS : MAX_WBITS) != Z_OK)
        return PAYMENT_ERR_MEMORY;
    stream.next_in = (Bytef *)(uintptr_t)packed.bytes;
    stream.avail_in = (uInt)packed.size;
    error = inflate_all(&stream, size_limit, &bytes, &unpacked);
    (void)inflateEnd(&stream);
    if (error < 0)
        return error;
    *out = bytes;
    *size = unpacked;
    return 0;
}

/* The packed bytes of the entry whose local head is at `offset`. */
static int entry_bytes(struct span archive, uint32_t offset, uint32_t packed_size, struct span *packed)
{
    struct span head;
    size_t skip;

    if (span_slice(archive, offset, LOCAL_HEAD_SIZE, &head) < 0 || memcmp(head.bytes, "PK\3\4", 4) != 0)
        return PAYMENT_ERR_BILL;
    skip = LOCAL_HEAD_SIZE + number_le(head.bytes + 26, 2) + number_le(head.bytes + 28, 2);
    return span_slice(archive, offset + skip, packed_size, packed) < 0 ? PAYMENT_ERR_BILL : 0;
}

/* Stored files are copied, so that every one is the caller's. */
static int entry_copy(struct span packed, size_t size_limit, uint8_t **out, size_t *size)
{
    uint8_t *bytes = packed.size <= size_limit ? malloc(packed.size + 1) : NULL;

    if (bytes == NULL)
        return packed.size <= size_limit ? PAYMENT_ERR_MEMORY : PAYMENT_ERR_BILL;
    if (packed.size > 0)
        memcpy(bytes, packed.bytes, packed.size);
    *out = bytes;
    *size = packed.size;
    return 0;
}

static int entry_unpack(struct span archive, const uint8_t *head, size_t size_limit, uint8_t **out, size_t *size)
{
    uint32_t method = number_le(head + 10, 2);
    struct span packed;
    uint8_t *bytes = NULL;
    int error = entry_bytes(archive, number_le(head + 42, 4), number_le(head + 20, 4), &packed);

    if (error < 0)
        return error;
    if (method != 0 && method != Z_DEFLATED)
        return PAYMENT_ERR_BILL;
    error = method == 0 ? entry_copy(packed, size_limit, &bytes, size) : payment_inflate(packed, true, size_limit, &bytes, size);
    if (error == 0 && (*size != number_le(head + 24, 4) ||
                       crc32(crc32(0, NULL, 0), bytes, (uInt)*size) != number_le(head + 16, 4)))
        error = PAYMENT_ERR_BILL;
    if (error < 0)
        free(bytes);
    else
        *out = bytes;
    return error;
}

static int entry_take(struct span archive, const uint8_t *head, struct span name,
                      int (*take)(void *taker, struct span name, struct span file), void *taker)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    int error = entry_unpack(archive, head, PAYMENT_BILL_FILE_LIMIT, &bytes, &size);

    if (error == 0)
        error = take(taker, name, span_of_bytes(bytes, size));
    free(bytes);
    return error;
}

/* The end record, searched from the end of the archive. */
static int end_find(struct span archive, struct span *end)
{
    size_t lowest = archive.size > END_SIZE + COMMENT_LIMIT ? archive.size - END_SIZE - COMMENT_LIMIT : 0;

    if (archive.size < END_SIZE)
        return PAYMENT_ERR_BILL;
    for (size_t place = archive.size - END_SIZE + 1; place-- > lowest;)
        if (memcmp(archive.bytes + place, "PK\5\6", 4) == 0)
            return span_slice(archive, place, END_SIZE, end) < 0 ? PAYMENT_ERR_BILL : 0;
    return PAYMENT_ERR_BILL;
}

/* Where the reading of the directory stands. */
struct directory {
    size_t place;
    uint32_t left;
};

static int directory_open(struct span archive, struct directory *directory)
{
    struct span end;
    int error = end_find(archive, &end);

    if (error < 0)
        return error;
    directory->left = number_le(end.bytes + 10, 2);
    directory->place = number_le(end.bytes + 16, 4);
    return directory->left > ENTRY_LIMIT ? PAYMENT_ERR_BILL : 0;
}

/* 1 and the next entry's head and name; 0 at the end; PAYMENT_ERR_BILL. */
static int directory_next(struct span archive, struct directory *directory, struct span *head, struct span *name)
{
    if (directory->left == 0)
        return 0;
    if (span_slice(archive, directory->place, ENTRY_HEAD_SIZE, head) < 0 || memcmp(head->bytes, "PK\1\2", 4) != 0 ||
        span_slice(archive, directory->place + ENTRY_HEAD_SIZE, number_le(head->bytes + 28, 2), name) < 0)
        return PAYMENT_ERR_BILL;
    directory->left--;
    directory->place += ENTRY_HEAD_SIZE + name->size + number_le(head->bytes + 30, 2) + number_le(head->bytes + 32, 2);
    return 1;
}

int payment_archive_walk(struct span archive, int (*take)(void *taker, struct span name, struct span file), void *taker)
{
    struct directory directory;
    struct span head, name;
    int error = directory_open(archive, &directory);
    int found = error < 0 ? error : 1;

    while (error == 0 && (found = directory_next(archive, &directory, &head, &name)) == 1)
        error = entry_take(archive, head.bytes, name, take, taker);
    return found < 0 ? found : error;
}

int payment_archive_file(struct span archive, const char *name, size_t size_limit, uint8_t **out, size_t *size)
{
    struct directory directory;
    struct span head, entry;
    int error = directory_open(archive, &directory);
    int found = error;

    while (error == 0 && (found = directory_next(archive, &directory, &head, &entry)) == 1)
        if (span_equal_text(entry, name)) {
            error = entry_unpack(archive, head.bytes, size_limit, out, size);
            return error < 0 ? error : 1;
        }
    return found;
}
