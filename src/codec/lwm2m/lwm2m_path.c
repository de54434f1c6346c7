#include "codec/lwm2m/lwm2m_path.h"

#include "codec/codec_error.h"

static struct lwm2m_path path_of(uint8_t depth, uint16_t object, uint16_t instance, uint16_t resource)
{
    struct lwm2m_path path = { { object, instance, resource, 0 }, depth };
    return path;
}

struct lwm2m_path lwm2m_path_of_object(uint16_t object)
{
    return path_of(1, object, 0, 0);
}

struct lwm2m_path lwm2m_path_of_instance(uint16_t object, uint16_t instance)
{
    return path_of(2, object, instance, 0);
}

struct lwm2m_path lwm2m_path_of_resource(uint16_t object, uint16_t instance, uint16_t resource)
{
    return path_of(3, object, instance, resource);
}

/* Digits from *offset up to a slash or the end. */
static int id_parse(struct span text, size_t *offset, uint16_t *out)
{
    size_t start = *offset;
    uint32_t id = 0;

    for (; *offset < text.size && text.bytes[*offset] != '/'; *offset += 1) {
        uint8_t character = text.bytes[*offset];
        if (character < '0' || character > '9' || (id == 0 && *offset > start))
            return CODEC_ERR_FORMAT;
        id = id * 10 + (uint32_t)(character - '0');
        if (id >= LWM2M_ID_NONE)
            return CODEC_ERR_RANGE;
    }
    if (*offset == start)
        return CODEC_ERR_FORMAT;
    *out = (uint16_t)id;
    return 0;
}

int lwm2m_path_parse(struct span text, struct lwm2m_path *out)
{
    struct lwm2m_path path = path_of(0, 0, 0, 0);
    size_t offset = 0;

    if (text.size == 0 || text.bytes[0] != '/')
        return CODEC_ERR_FORMAT;
    while (text.size > 1 && offset < text.size) {
        uint16_t id;
        offset++;
        int result = id_parse(text, &offset, &id);
        if (result == 0)
            result = lwm2m_path_append(&path, id);
        if (result < 0)
            return result;
    }
    *out = path;
    return 0;
}

static void id_write(uint16_t id, struct writer *out)
{
    uint16_t divisor = 10000;
    while (divisor > 1 && id / divisor == 0)
        divisor = (uint16_t)(divisor / 10);
    for (; divisor > 0; divisor = (uint16_t)(divisor / 10))
        writer_put_u8(out, (uint8_t)('0' + id / divisor % 10));
}

void lwm2m_path_write(struct lwm2m_path path, struct writer *out)
{
    if (path.depth == 0)
        writer_put_u8(out, '/');
    for (unsigned i = 0; i < path.depth; i++) {
        writer_put_u8(out, '/');
        id_write(path.ids[i], out);
    }
}

int lwm2m_path_append(struct lwm2m_path *path, uint16_t id)
{
    if (path->depth == LWM2M_PATH_DEPTH_LIMIT)
        return CODEC_ERR_DEPTH;
    if (id == LWM2M_ID_NONE)
        return CODEC_ERR_RANGE;
    path->ids[path->depth++] = id;
    return 0;
}

bool lwm2m_path_is_within(struct lwm2m_path path, struct lwm2m_path prefix)
{
    if (path.depth < prefix.depth)
        return false;
    for (unsigned i = 0; i < prefix.depth; i++)
        if (path.ids[i] != prefix.ids[i])
            return false;
    return true;
}

bool lwm2m_path_equal(struct lwm2m_path a, struct lwm2m_path b)
{
    return a.depth == b.depth && lwm2m_path_is_within(a, b);
}
