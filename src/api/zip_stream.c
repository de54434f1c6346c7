#include "api/zip_stream.h"

#include <string.h>

#include "base/writer.h"

#define VERSION_NEEDED 20
#define FLAGS 0x0808          /* bit 3: sizes follow the data; bit 11: names are UTF-8 */
#define METHOD_DEFLATE 8
#define DATE_1980 0x0021      /* the first of January 1980: an export has no time of its own */
#define LOCAL_SIGNATURE UINT32_C(0x04034b50)
#define DESCRIPTOR_SIGNATURE UINT32_C(0x08074b50)
#define DIRECTORY_SIGNATURE UINT32_C(0x02014b50)
#define END_SIGNATURE UINT32_C(0x06054b50)
#define PACKED_PIECE 16384
#define DEFLATE_LEVEL 1       /* tables repeat themselves: more effort takes four times as long for a fifth of the size */

static void bytes_put(struct zip_stream *zip, const void *bytes, size_t size)
{
    json_append(zip->out, bytes, size);
    zip->offset += size;
    zip->failed = zip->failed || zip->out->failed || zip->offset > UINT32_MAX;
}

static void u32_put(struct writer *writer, uint32_t value)
{
    writer_put_u16le(writer, (uint16_t)value);
    writer_put_u16le(writer, (uint16_t)(value >> 16));
}

int zip_stream_begin(struct zip_stream *zip, struct json_writer *out)
{
    memset(zip, 0, sizeof *zip);
    zip->out = out;
    int result = deflateInit2(&zip->deflate, DEFLATE_LEVEL, Z_DEFLATED, -MAX_WBITS, MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY);
    return result == Z_OK ? 0 : -1;
}

/* What local header and directory have in common: from the version to the length of the name. */
static void common_put(struct writer *writer, const struct zip_entry *entry)
{
    writer_put_u16le(writer, VERSION_NEEDED);
    writer_put_u16le(writer, FLAGS);
    writer_put_u16le(writer, METHOD_DEFLATE);
    writer_put_u16le(writer, 0);
    writer_put_u16le(writer, DATE_1980);
    u32_put(writer, entry->checksum);
    u32_put(writer, entry->packed_size);
    u32_put(writer, entry->size);
    writer_put_u16le(writer, (uint16_t)strlen(entry->name));
    writer_put_u16le(writer, 0);
}

void zip_entry_begin(struct zip_stream *zip, const char *name)
{
    uint8_t bytes[64];
    struct writer header = writer_of_buffer(bytes, sizeof bytes);

    if (zip->entry_count == ZIP_ENTRY_LIMIT || strlen(name) >= ZIP_NAME_LIMIT) {
        zip->failed = true;
        return;
    }
    struct zip_entry *entry = &zip->entries[zip->entry_count++];
    *entry = (struct zip_entry){ .offset = (uint32_t)zip->offset };
    memcpy(entry->name, name, strlen(name) + 1);
    u32_put(&header, LOCAL_SIGNATURE);
    common_put(&header, entry);
    bytes_put(zip, bytes, header.size);
    bytes_put(zip, name, strlen(name));
    entry->checksum = (uint32_t)crc32(0, NULL, 0);
    zip->entry_size = 0;
    zip->entry_packed = 0;
    zip->failed = zip->failed || deflateReset(&zip->deflate) != Z_OK;
}

static void deflate_run(struct zip_stream *zip, const void *bytes, size_t size, int flush)
{
    uint8_t packed[PACKED_PIECE];
    int result = Z_OK;

    zip->deflate.next_in = (const Bytef *)bytes;
    zip->deflate.avail_in = (uInt)size;
    do {
        zip->deflate.next_out = packed;
        zip->deflate.avail_out = sizeof packed;
        result = deflate(&zip->deflate, flush);
        size_t count = sizeof packed - zip->deflate.avail_out;
        bytes_put(zip, packed, count);
        zip->entry_packed += count;
    } while (!zip->failed && result == Z_OK && zip->deflate.avail_out == 0);
}

void zip_entry_write(struct zip_stream *zip, const void *bytes, size_t size)
{
    if (zip->failed || size == 0)
        return;
    struct zip_entry *entry = &zip->entries[zip->entry_count - 1];
    zip->entry_size += size;
    if (size > UINT32_MAX || zip->entry_size > UINT32_MAX) {
        zip->failed = true;
        return;
    }
    entry->checksum = (uint32_t)crc32(entry->checksum, bytes, (uInt)size);
    deflate_run(zip, bytes, size, Z_NO_FLUSH);
}

void zip_entry_end(struct zip_stream *zip)
{
    uint8_t bytes[16];
    struct writer descriptor = writer_of_buffer(bytes, sizeof bytes);

    if (zip->failed)
        return;
    struct zip_entry *entry = &zip->entries[zip->entry_count - 1];
    deflate_run(zip, NULL, 0, Z_FINISH);
    entry->size = (uint32_t)zip->entry_size;
    entry->packed_size = (uint32_t)zip->entry_packed;
    u32_put(&descriptor, DESCRIPTOR_SIGNATURE);
    u32_put(&descriptor, entry->checksum);
    u32_put(&descriptor, entry->packed_size);
    u32_put(&descriptor, entry->size);
    bytes_put(zip, bytes, descriptor.size);
}

static void directory_put(struct zip_stream *zip, const struct zip_entry *entry)
{
    uint8_t bytes[64];
    struct writer row = writer_of_buffer(bytes, sizeof bytes);

    u32_put(&row, DIRECTORY_SIGNATURE);
    writer_put_u16le(&row, VERSION_NEEDED);
    common_put(&row, entry);
    for (int i = 0; i < 3; i++) /* comment, disk, internal attributes */
        writer_put_u16le(&row, 0);
    u32_put(&row, 0);
    u32_put(&row, entry->offset);
    bytes_put(zip, bytes, row.size);
    bytes_put(zip, entry->name, strlen(entry->name));
}

void zip_stream_end(struct zip_stream *zip)
{
    uint8_t bytes[32];
    struct writer end = writer_of_buffer(bytes, sizeof bytes);
    uint32_t begin = (uint32_t)zip->offset;

    if (zip->failed)
        return;
    for (size_t i = 0; i < zip->entry_count; i++)
        directory_put(zip, &zip->entries[i]);
    u32_put(&end, END_SIGNATURE);
    u32_put(&end, 0);
    writer_put_u16le(&end, (uint16_t)zip->entry_count);
    writer_put_u16le(&end, (uint16_t)zip->entry_count);
    u32_put(&end, (uint32_t)zip->offset - begin);
    u32_put(&end, begin);
    writer_put_u16le(&end, 0);
    bytes_put(zip, bytes, end.size);
}

void zip_stream_free(struct zip_stream *zip)
{
    (void)deflateEnd(&zip->deflate);
}
