#include "codec/explain/explain_q376.h"
#include "codec/q376/q376_point.h"

static void id_put(const struct explain_place *place, struct span bytes, struct q376_unit_id id)
{
    static const struct explain_q376_label points = { "pn", "Points", "信息点" };
    static const struct explain_q376_label functions = { "fn", "Functions", "信息类" };
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer value = writer_of_buffer(text, sizeof text);
    struct q376_set set = q376_points_of(id);

    q376_set_write(&set, &value);
    explain_q376_text_put(place, span_of_bytes(bytes.bytes, 2), &points, writer_terminate(&value), NULL);
    set = q376_functions_of(id);
    value = writer_of_buffer(text, sizeof text);
    q376_set_write(&set, &value);
    explain_q376_text_put(place, span_of_bytes(bytes.bytes + 2, 2), &functions, writer_terminate(&value), NULL);
}

/* Whether the units of a frame are requests: identifiers without data. */
static bool is_request(const struct q376_frame *frame)
{
    return !q376_frame_is_uplink(frame) &&
           (frame->afn == Q376_AFN_CURRENT || frame->afn == Q376_AFN_CONFIGURATION || frame->afn == Q376_AFN_TASK);
}

void explain_q376_units(const struct explain_place *place, const struct q376_frame *frame)
{
    static const struct explain_q376_label unit = { "data_unit", "Data unit", "数据单元" };
    static const struct explain_q376_label data = { "data_raw", "Data", "数据" };
    static const struct explain_q376_label tail = { "undecoded_tail", "Not decoded", "未解码部分" };
    struct span rest = frame->units;
    struct explain_place deeper = explain_deeper(place);

    while (rest.size >= Q376_UNIT_ID_SIZE) {
        struct q376_unit_id id = q376_unit_id_take(rest.bytes);
        if (q376_functions_of(id).count == 0)
            break;
        size_t size = is_request(frame) ? Q376_UNIT_ID_SIZE : rest.size;
        explain_q376_hex_put(place, span_of_bytes(rest.bytes, size), &unit);
        id_put(&deeper, rest, id);
        if (size > Q376_UNIT_ID_SIZE)
            explain_q376_hex_put(&deeper, span_of_bytes(rest.bytes + Q376_UNIT_ID_SIZE, size - Q376_UNIT_ID_SIZE),
                                 &data);
        rest = span_of_bytes(rest.bytes + size, rest.size - size);
    }
    if (rest.size > 0)
        explain_q376_hex_put(place, rest, &tail);
}
