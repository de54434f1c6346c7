#include "dialog/line_identify.h"

#include <stdlib.h>

#include "base/map.h"
#include "codec/dtu/dtu_packet.h"
#include "codec/q376/q376_frame.h"

#define SHOWN_BYTES 24 /* of a stranger who is no concentrator */

struct pattern_row {
    uint32_t line_id; /* 0: free */
    struct dtu_pattern pattern;
};

struct line_identify {
    struct hash_key secret;
    struct map concentrators;              /* region and terminal to line */
    struct map packets;                    /* hash of fixed registration packets to line */
    uint32_t sizes[DTU_LITERAL_LIMIT + 1]; /* how many fixed packets have so many bytes */
    struct pattern_row patterns[LINE_IDENTIFY_PATTERN_LIMIT];
};

struct line_identify *line_identify_open(uint32_t limit, struct hash_key secret)
{
    struct line_identify *identify = calloc(1, sizeof *identify);

    if (identify == NULL)
        return NULL;
    identify->secret = secret;
    identify->concentrators = map_make(limit, secret.first);
    identify->packets = map_make(limit, secret.second);
    return identify;
}

void line_identify_close(struct line_identify *identify)
{
    if (identify == NULL)
        return;
    map_release(&identify->concentrators);
    map_release(&identify->packets);
    free(identify);
}

static uint64_t concentrator_key(const struct q376_address *address)
{
    return (uint64_t)address->region[0] << 24 | (uint64_t)address->region[1] << 16 | address->terminal;
}

static int concentrator_read(const struct line_record *record, uint64_t *key)
{
    struct span text = span_of_text(record->address);
    struct q376_address address;

    if (q376_address_read(text, Q376_ADDRESS_DECIMAL, &address) != 0 &&
        q376_address_read(text, Q376_ADDRESS_HEXADECIMAL, &address) != 0)
        return -1;
    *key = concentrator_key(&address);
    return 0;
}

static int pattern_read(const struct line_record *record, struct dtu_pattern *out)
{
    return dtu_pattern_parse(span_of_text(record->address), DTU_REGISTRATION, out, NULL) == 0 ? 0 : -1;
}

/* The same bytes every time. */
static bool pattern_is_fixed(const struct dtu_pattern *pattern)
{
    for (size_t i = 0; i < pattern->count; i++)
        if (pattern->parts[i].kind != DTU_PART_FIXED)
            return false;
    return true;
}

static struct span pattern_bytes(const struct dtu_pattern *pattern)
{
    return span_of_bytes(pattern->literals, pattern->literal_size);
}

static int fixed_put(struct line_identify *identify, struct span bytes, uint32_t line_id)
{
    int result = map_put(&identify->packets, hash_siphash(identify->secret, bytes), line_id);

    if (result == 1)
        identify->sizes[bytes.size]++;
    return result < 0 ? -1 : 0;
}

static int pattern_put(struct line_identify *identify, const struct dtu_pattern *pattern, uint32_t line_id)
{
    struct pattern_row *place = NULL;

    for (size_t i = LINE_IDENTIFY_PATTERN_LIMIT; i-- > 0;)
        if (identify->patterns[i].line_id == 0 || identify->patterns[i].line_id == line_id)
            place = &identify->patterns[i];
    if (place == NULL)
        return -1;
    *place = (struct pattern_row){ line_id, *pattern };
    return 0;
}

int line_identify_put(struct line_identify *identify, const struct line_record *record)
{
    struct dtu_pattern pattern;
    uint64_t key;

    if (record->kind == LINE_KIND_CONCENTRATOR)
        return concentrator_read(record, &key) == 0 && map_put(&identify->concentrators, key, record->line_id) >= 0
                   ? 0
                   : -1;
    if (record->kind != LINE_KIND_DTU)
        return 0;
    if (pattern_read(record, &pattern) != 0)
        return -1;
    return pattern_is_fixed(&pattern) ? fixed_put(identify, pattern_bytes(&pattern), record->line_id)
                                      : pattern_put(identify, &pattern, record->line_id);
}

/* returns  true when the key was this line's */
static bool key_remove(struct map *map, uint64_t key, uint32_t line_id)
{
    uint64_t owner;
    return map_get(map, key, &owner) && owner == line_id && map_remove(map, key);
}

void line_identify_remove(struct line_identify *identify, const struct line_record *record)
{
    struct dtu_pattern pattern;
    uint64_t key;

    if (record->kind == LINE_KIND_CONCENTRATOR && concentrator_read(record, &key) == 0)
        key_remove(&identify->concentrators, key, record->line_id);
    if (record->kind != LINE_KIND_DTU || pattern_read(record, &pattern) != 0)
        return;
    if (pattern_is_fixed(&pattern) &&
        key_remove(&identify->packets, hash_siphash(identify->secret, pattern_bytes(&pattern)), record->line_id))
        identify->sizes[pattern.literal_size]--;
    for (size_t i = 0; i < LINE_IDENTIFY_PATTERN_LIMIT; i++)
        if (identify->patterns[i].line_id == record->line_id)
            identify->patterns[i].line_id = 0;
}

void line_identify_give_up(struct span stream, struct line_identity *out)
{
    struct writer writer = writer_of_buffer(out->address, sizeof out->address);
    struct span shown = span_of_bytes(stream.bytes, stream.size < SHOWN_BYTES ? stream.size : SHOWN_BYTES);
    bool is_text = shown.size > 0;

    *out = (struct line_identity){ .kind = LINE_IDENTITY_STRANGER };
    for (size_t i = 0; i < shown.size; i++)
        is_text = is_text && shown.bytes[i] > ' ' && shown.bytes[i] < 0x7f;
    for (size_t i = 0; i < shown.size; i++)
        writer_format(&writer, is_text ? "%c" : "%02X", shown.bytes[i]);
    writer_terminate(&writer);
}

/* The longest registered packet that the stream begins with. */
static bool fixed_find(const struct line_identify *identify, struct span stream, struct line_identity *out)
{
    size_t size = stream.size < DTU_LITERAL_LIMIT ? stream.size : DTU_LITERAL_LIMIT;
    uint64_t line_id;

    for (; size > 0; size--)
        if (identify->sizes[size] > 0 &&
            map_get(&identify->packets, hash_siphash(identify->secret, span_of_bytes(stream.bytes, size)), &line_id)) {
            *out = (struct line_identity){ .kind = LINE_IDENTITY_LINE, .line_id = (uint32_t)line_id, .used = size };
            return true;
        }
    return false;
}

static bool pattern_find(const struct line_identify *identify, struct span stream, struct line_identity *out)
{
    for (size_t i = 0; i < LINE_IDENTIFY_PATTERN_LIMIT; i++) {
        const struct pattern_row *row = &identify->patterns[i];
        struct dtu_packet packet;
        int used = row->line_id != 0 ? dtu_packet_match(&row->pattern, stream, &packet) : -1;
        if (used > 0) {
            *out = (struct line_identity){ .kind = LINE_IDENTITY_LINE, .line_id = row->line_id, .used = (size_t)used };
            return true;
        }
    }
    return false;
}

/* A frame is the conversation's first word: none of its bytes are used up. */
static bool concentrator_find(const struct line_identify *identify, struct span stream, struct line_identity *out)
{
    struct q376_setting setting = q376_setting_default();
    struct q376_frame frame;
    uint64_t line_id;
    size_t skip;
    size_t size = q376_frame_find(stream, &skip);

    setting.accepts_reserved_protocol = true;
    if (size == 0 || q376_frame_decode_by(span_of_bytes(stream.bytes + skip, size), &setting, &frame, NULL) != 0)
        return false;
    *out = (struct line_identity){ .kind = LINE_IDENTITY_STRANGER_CONCENTRATOR };
    struct writer writer = writer_of_buffer(out->address, sizeof out->address);
    q376_address_write(&frame.address, Q376_ADDRESS_DECIMAL, &writer);
    writer_terminate(&writer);
    if (map_get(&identify->concentrators, concentrator_key(&frame.address), &line_id)) {
        out->kind = LINE_IDENTITY_LINE;
        out->line_id = (uint32_t)line_id;
    }
    return true;
}

void line_identify_look(const struct line_identify *identify, struct span stream, struct line_identity *out)
{
    if (fixed_find(identify, stream, out) || concentrator_find(identify, stream, out) ||
        pattern_find(identify, stream, out))
        return;
    if (stream.size >= LINE_IDENTIFY_BYTES_LIMIT)
        line_identify_give_up(stream, out);
    else
        *out = (struct line_identity){ .kind = LINE_IDENTITY_MORE };
}
