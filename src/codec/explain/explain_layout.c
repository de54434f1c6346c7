#include "codec/explain/explain_layout.h"

/* Words for the number of a field: its code, its flags, its special value. */
static void words_write(const struct explain_sink *sink, const struct layout_part *part, struct writer *out)
{
    const struct layout_word *word = NULL;

    if (part->set == NULL || part->field->form == LAYOUT_ITEMS)
        return;
    if (part->field->form != LAYOUT_FLAGS) {
        word = layout_part_word(part);
        if (word != NULL)
            writer_text(out, explain_choose(sink, word->english, word->chinese));
        else if (part->field->form == LAYOUT_CODE)
            writer_text(out, explain_choose(sink, "unknown", "未知"));
        return;
    }
    uint64_t flags = (uint64_t)layout_part_number(part);
    for (size_t i = 0; i < part->set->count; i++) {
        word = &part->set->rows[i];
        if ((flags & layout_word_mask(word)) == 0)
            continue;
        writer_text(out, out->size > 0 ? explain_choose(sink, ", ", "，") : "");
        writer_text(out, explain_choose(sink, word->english, word->chinese));
    }
}

static void plain_value_write(const struct explain_sink *sink, const struct layout_part *part, const struct item *item,
                              struct writer *out)
{
    if (part->field->form == LAYOUT_TEXT) {
        explain_write_text(out, item->bytes);
        return;
    }
    if (item->kind == ITEM_KIND_BYTES) {
        explain_write_hex(out, item->bytes);
        return;
    }
    item_value_write(item, out);
    if (out->size > 0 && item->unit != ITEM_UNIT_NONE) {
        writer_text(out, " ");
        writer_text(out, explain_unit(sink, (enum item_unit)item->unit));
    }
}

static struct explain_field row_of(const struct explain_layout *state, const struct layout_part *part)
{
    struct explain_place place = { state->sink, state->frame, state->depth + part->depth };
    bool is_inside = part->bytes.bytes >= state->frame.bytes &&
                     part->bytes.bytes + part->bytes.size <= state->frame.bytes + state->frame.size;

    return explain_row(&place, is_inside ? part->bytes : state->fallback, part->english, part->chinese, part->clause);
}

static void plain_put(const struct explain_layout *state, const struct layout_part *part, struct writer *words)
{
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer value = writer_of_buffer(text, sizeof text);
    struct explain_field row = row_of(state, part);
    struct item item;

    if (layout_part_value(part, &item)) {
        plain_value_write(state->sink, part, &item, &value);
        if (item.quality != ITEM_GOOD && words->size == 0)
            writer_text(words,
                        item_quality_text((enum item_quality)item.quality, state->sink->language == EXPLAIN_CHINESE));
    } else if (part->field == NULL && !part->is_heading)
        explain_write_hex(&value, part->bytes);
    row.is_address = part->field != NULL && part->field->is_address;
    explain_put(state->sink, row, &value, words);
}

static void part_put(void *context, const struct layout_part *part)
{
    const struct explain_layout *state = context;
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer words = writer_of_buffer(text, sizeof text);
    struct item item;

    words_write(state->sink, part, &words);
    if (!layout_part_item(part, &item)) {
        plain_put(state, part, &words);
        return;
    }
    explain_item_as(state->sink, state->frame, state->fallback, state->depth + part->depth, &item, part->english,
                    part->chinese, writer_terminate(&words), part->clause);
}

struct layout_visitor explain_layout_visitor(struct explain_layout *state)
{
    struct layout_visitor visitor = { part_put, state };
    return visitor;
}
