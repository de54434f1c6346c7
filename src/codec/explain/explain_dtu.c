/* Packets of DTUs in rows: what comes before the identity, the identity, what comes behind it. */
#include "codec/codec_error.h"
#include "codec/dtu/dtu_packet.h"
#include "codec/explain/explain_internal.h"

#define CERTAIN_LIMIT 16 /* forms that nothing else looks like; a test counts them */

/* The form that the whole frame has, the surest of several; NULL when it has none.
 * matched  bytes of the longest beginning that has one */
static const struct dtu_form *form_of(struct span frame, struct dtu_packet *packet, size_t *matched)
{
    const struct dtu_form *form, *best = NULL;

    *matched = 0;
    for (size_t i = 0; (form = dtu_form_at(i)) != NULL; i++) {
        struct dtu_pattern pattern = dtu_form_pattern(form);
        struct dtu_packet found;
        int used = dtu_packet_match(&pattern, frame, &found);
        if (used > 0 && (size_t)used > *matched)
            *matched = (size_t)used;
        if (used > 0 && (size_t)used == frame.size && (best == NULL || form->certainty > best->certainty)) {
            best = form;
            *packet = found;
        }
    }
    return best;
}

static void bytes_put(const struct explain_place *place, const uint8_t *begin, const uint8_t *end, const char *english,
                      const char *chinese, const char *clause)
{
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer value = writer_of_buffer(text, sizeof text);
    struct span bytes = span_of_bytes(begin, (size_t)(end - begin));

    if (bytes.size == 0)
        return;
    explain_write_text(&value, bytes);
    explain_put(place->sink, explain_row(place, bytes, english, chinese, clause), &value, NULL);
}

static void identity_put(const struct explain_place *place, const struct dtu_packet *packet, const char *clause)
{
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer value = writer_of_buffer(text, sizeof text);
    struct explain_field row = explain_row(place, packet->identity, "Identity", "终端标识", clause);

    dtu_identity_write(packet, &value);
    row.is_address = true;
    explain_put(place->sink, row, &value, NULL);
}

int explain_dtu(const struct explain_sink *sink, struct span frame, size_t *error_offset)
{
    struct explain_place place = { sink, frame, 0 };
    struct explain_place deeper = explain_deeper(&place);
    struct dtu_packet packet;
    size_t matched;
    const struct dtu_form *form = form_of(frame, &packet, &matched);

    if (form == NULL) {
        *error_offset = matched;
        return matched > 0 ? CODEC_ERR_TRAILING : CODEC_ERR_FORMAT;
    }
    struct explain_field row = explain_row(&place, frame, "Packet", "数据包", form->source);
    row.value = dtu_kind_text((enum dtu_kind)packet.kind, sink->language == EXPLAIN_CHINESE);
    row.meaning = explain_choose(sink, form->english, form->chinese);
    explain_put(sink, row, NULL, NULL);
    struct explain_field name = explain_row(&deeper, span_of_bytes(NULL, 0), "Form", "形式", form->source);
    name.value = form->name;
    explain_put(sink, name, NULL, NULL);
    const uint8_t *end = frame.bytes + frame.size;
    if (packet.identity.size == 0) {
        bytes_put(&deeper, frame.bytes, end, "Content", "内容", form->source);
        return 0;
    }
    bytes_put(&deeper, frame.bytes, packet.identity.bytes, "Before the identity", "标识之前", form->source);
    identity_put(&deeper, &packet, form->source);
    bytes_put(&deeper, packet.identity.bytes + packet.identity.size, end, "Behind the identity", "标识之后",
              form->source);
    return 0;
}

enum explain_belief explain_dtu_recognise(struct span frame)
{
    static const uint8_t beliefs[] = {
        [DTU_TOLD] = EXPLAIN_NO, [DTU_LIKELY] = EXPLAIN_POSSIBLE, [DTU_CERTAIN] = EXPLAIN_PROBABLE
    };
    struct dtu_packet packet;
    size_t matched;
    const struct dtu_form *form = form_of(frame, &packet, &matched);
    return form == NULL ? EXPLAIN_NO : (enum explain_belief)beliefs[form->certainty];
}

size_t explain_dtu_find(struct span stream, size_t *skip)
{
    struct dtu_pattern patterns[CERTAIN_LIMIT];
    const struct dtu_form *form;
    size_t count = 0;

    for (size_t i = 0; (form = dtu_form_at(i)) != NULL && count < CERTAIN_LIMIT; i++)
        if (form->certainty == DTU_CERTAIN)
            patterns[count++] = dtu_form_pattern(form);
    for (*skip = 0; *skip < stream.size; ++*skip) {
        struct span rest = span_of_bytes(stream.bytes + *skip, stream.size - *skip);
        for (size_t i = 0; i < count; i++) {
            struct dtu_packet packet;
            int used = dtu_packet_match(&patterns[i], rest, &packet);
            if (used > 0)
                return (size_t)used;
        }
    }
    return 0;
}
