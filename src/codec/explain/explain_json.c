#include "codec/explain/explain_json.h"

#include <stdbool.h>

#include "codec/codec_error.h"
#include "codec/senml/json_reader.h"

#define BYTES_SHOWN 64

struct json_rows {
    struct writer *out;
    struct span frame;
    unsigned depth; /* of the row written last */
    bool has_row;
};

static void member_put(struct writer *out, const char *name, const char *value)
{
    writer_text(out, ",\"");
    writer_text(out, name);
    writer_text(out, "\":");
    json_string_put(out, span_of_text(value));
}

/* Closes rows until the next one may follow at `depth`. */
static void rows_close(struct json_rows *rows, unsigned depth)
{
    for (; rows->depth > depth; rows->depth--)
        writer_text(rows->out, "}]");
    writer_text(rows->out, "},");
}

static void row_put(void *context, const struct explain_field *field)
{
    struct json_rows *rows = context;
    char hex[2 * BYTES_SHOWN + 8];
    struct writer bytes = writer_of_buffer(hex, sizeof hex);
    unsigned depth = field->depth;

    if (!rows->has_row)
        depth = 0;
    else if (depth > rows->depth) {
        depth = rows->depth + 1;
        writer_text(rows->out, ",\"children\":[");
    } else
        rows_close(rows, depth);
    size_t shown = field->size < BYTES_SHOWN ? field->size : BYTES_SHOWN;
    explain_write_hex(&bytes, span_of_bytes(rows->frame.bytes + field->offset, shown));
    writer_format(rows->out, "{\"offset\":%zu,\"size\":%zu", field->offset, field->size);
    member_put(rows->out, "bytes", writer_terminate(&bytes));
    member_put(rows->out, "name", field->name);
    member_put(rows->out, "value", field->value);
    member_put(rows->out, "meaning", field->meaning);
    member_put(rows->out, "clause", field->clause);
    rows->depth = depth;
    rows->has_row = true;
}

static void result_put(struct writer *out, int result, size_t error_offset, enum explain_language language)
{
    writer_format(out, ",\"valid\":%s", result < 0 ? "false" : "true");
    if (result == 0)
        return;
    member_put(out, "error",
               language == EXPLAIN_CHINESE ? codec_error_text_chinese(result) : codec_error_text(result));
    writer_format(out, ",\"error_offset\":%zu", error_offset);
}

int explain_json_write(const struct explain_protocol *protocol, enum explain_language language, struct span frame,
                       struct writer *out)
{
    struct json_rows rows = { out, frame, 0, false };
    struct explain_sink sink = { language, row_put, &rows };
    size_t error_offset = 0;

    if (protocol == NULL)
        protocol = explain_protocol_guess(frame);
    writer_text(out, "{\"protocol\":");
    json_string_put(out, span_of_text(protocol->name));
    writer_format(out, ",\"size\":%zu,\"fields\":[", frame.size);
    int result = protocol->explain(&sink, frame, &error_offset);
    if (rows.has_row) {
        for (; rows.depth > 0; rows.depth--)
            writer_text(out, "}]");
        writer_text(out, "}");
    }
    writer_text(out, "]");
    result_put(out, result, error_offset, language);
    writer_text(out, "}");
    return out->overflow ? CODEC_ERR_FULL : result;
}
