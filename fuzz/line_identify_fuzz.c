/* Bytes of a stranger: who is he; and bytes of a DTU: what of them is its own. Nobody is a line that he has not named,
 * and what is taken out of a stream was in it. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "dialog/dtu_stream.h"
#include "dialog/line_identify.h"

#define STREAM_LIMIT 4096

static struct line_record record_of(uint32_t line_id, enum line_kind kind, const char *address, const char *heartbeat)
{
    struct line_record record = { .line_id = line_id, .kind = (uint8_t)kind };
    snprintf(record.address, sizeof record.address, "%s", address);
    snprintf(record.heartbeat, sizeof record.heartbeat, "%s", heartbeat);
    return record;
}

static struct line_identify *identify_make(struct line_record records[4])
{
    struct line_identify *identify = line_identify_open(8, (struct hash_key){ 1, 2 });

    assert(identify != NULL);
    records[0] = record_of(1, LINE_KIND_CONCENTRATOR, "440112345", "");
    records[1] = record_of(2, LINE_KIND_DTU, "DTU-0001", "beat");
    records[2] = record_of(3, LINE_KIND_DTU, "LOGIN:{digits:4-20}{end}", "{=FE}");
    records[3] = record_of(4, LINE_KIND_DTU, "{=7B010016}{bcd:6}{any:6}{=7B}", "{=7B01000A}{bytes:4}");
    for (size_t i = 0; i < 4; i++)
        assert(line_identify_put(identify, &records[i]) == 0);
    return identify;
}

static void stream_strip(const struct line_record *record, struct span in)
{
    struct dtu_stream stream = dtu_stream_of(record);
    uint8_t bytes[STREAM_LIMIT];
    unsigned heartbeats;

    memcpy(bytes, in.bytes, in.size);
    size_t left = dtu_stream_strip(&stream, bytes, in.size, &heartbeats);
    assert(left <= in.size && heartbeats <= in.size - left);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct line_record records[4];
    static struct line_identify *identify;
    struct line_identity identity;

    if (identify == NULL)
        identify = identify_make(records);
    if (size == 0 || size > STREAM_LIMIT)
        return 0;
    line_identify_look(identify, span_of_bytes(data, size), &identity);
    assert(memchr(identity.address, 0, sizeof identity.address) != NULL);
    if (identity.kind == LINE_IDENTITY_LINE)
        assert(identity.line_id >= 1 && identity.line_id <= 4 && identity.used <= size);
    if (identity.kind == LINE_IDENTITY_MORE)
        assert(size < LINE_IDENTIFY_BYTES_LIMIT);
    line_identify_give_up(span_of_bytes(data, size), &identity);
    assert(identity.kind == LINE_IDENTITY_STRANGER && identity.address[0] != '\0');
    for (size_t i = 1; i < 4; i++)
        stream_strip(&records[i], span_of_bytes(data, size));
    return 0;
}
