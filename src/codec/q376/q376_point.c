#include "codec/q376/q376_point.h"

#include "codec/codec_error.h"

struct q376_unit_id q376_unit_id_take(const uint8_t *bytes)
{
    struct q376_unit_id id = { bytes[0], bytes[1], bytes[2], bytes[3] };
    return id;
}

void q376_unit_id_put(struct q376_unit_id id, struct writer *out)
{
    const uint8_t bytes[Q376_UNIT_ID_SIZE] = { id.da1, id.da2, id.dt1, id.dt2 };
    writer_put_bytes(out, bytes, sizeof bytes);
}

static struct q376_set set_of(unsigned mask, int first)
{
    struct q376_set set = { 0, { 0 } };

    for (int bit = 0; bit < Q376_SET_LIMIT; bit++)
        if ((mask >> bit & 1u) != 0)
            set.members[set.count++] = (int16_t)(first + bit);
    return set;
}

bool q376_points_are_all(struct q376_unit_id id)
{
    return id.da1 == 0xFF && id.da2 == 0;
}

struct q376_set q376_points_of(struct q376_unit_id id)
{
    static const struct q376_set terminal = { 1, { 0 } };
    static const struct q376_set none = { 0, { 0 } };

    if (id.da1 == 0 && id.da2 == 0)
        return terminal;
    return q376_points_are_all(id) ? none : set_of(id.da1, (id.da2 - 1) * Q376_SET_LIMIT + 1);
}

struct q376_set q376_functions_of(struct q376_unit_id id)
{
    return set_of(id.dt1, id.dt2 * Q376_SET_LIMIT + 1);
}

/* Mask and group of members that all lie in low to high and in one group of eight.
 * returns  the group counted from 0; CODEC_ERR_EMPTY, CODEC_ERR_RANGE */
static int mask_of(const struct q376_set *set, int high, uint8_t *mask)
{
    unsigned bits = 0;

    if (set->count == 0)
        return CODEC_ERR_EMPTY;
    if (set->count > Q376_SET_LIMIT)
        return CODEC_ERR_RANGE;
    int group = (set->members[0] - 1) / Q376_SET_LIMIT;
    for (size_t i = 0; i < set->count; i++) {
        int member = set->members[i];
        if (member < 1 || member > high || (member - 1) / Q376_SET_LIMIT != group)
            return CODEC_ERR_RANGE;
        bits |= 1u << (member - 1) % Q376_SET_LIMIT;
    }
    *mask = (uint8_t)bits;
    return group;
}

int q376_unit_id_of_sets(const struct q376_set *points, const struct q376_set *functions, struct q376_unit_id *out)
{
    struct q376_unit_id id = { 0, 0, 0, 0 };
    bool is_terminal = points->count == 1 && points->members[0] == 0;
    int group = is_terminal ? -1 : mask_of(points, Q376_POINT_LIMIT, &id.da1);

    if (!is_terminal && group < 0)
        return group;
    id.da2 = (uint8_t)(group + 1);
    group = mask_of(functions, Q376_FUNCTION_LIMIT, &id.dt1);
    if (group < 0)
        return group;
    id.dt2 = (uint8_t)group;
    *out = id;
    return 0;
}

int q376_unit_id_of(unsigned point, unsigned function, struct q376_unit_id *out)
{
    struct q376_set points = { 1, { 0 } }, functions = { 1, { 0 } };

    if (point > Q376_POINT_LIMIT || function > Q376_FUNCTION_LIMIT)
        return CODEC_ERR_RANGE;
    points.members[0] = (int16_t)point;
    functions.members[0] = (int16_t)function;
    return q376_unit_id_of_sets(&points, &functions, out);
}

int q376_unit_id_of_all(unsigned function, struct q376_unit_id *out)
{
    int result = q376_unit_id_of(0, function, out);

    if (result == 0)
        out->da1 = 0xFF;
    return result;
}

void q376_set_write(const struct q376_set *set, struct writer *out)
{
    for (size_t i = 0; i < set->count; i++)
        writer_format(out, i == 0 ? "%d" : ",%d", set->members[i]);
}

void q376_points_write(struct q376_unit_id id, struct writer *out)
{
    struct q376_set points = q376_points_of(id);

    if (q376_points_are_all(id))
        writer_text(out, "all");
    q376_set_write(&points, out);
}
