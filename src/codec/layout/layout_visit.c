#include "codec/codec_error.h"
#include "codec/layout/layout_internal.h"

/* What the fields of one record say about each other. */
struct record_facts {
    int64_t stamp_s; /* 0 when none */
    int64_t step_s;
    const struct layout *subject;
};

/* The stamp may stand behind the values it dates: look at all fields first. */
static struct record_facts facts_of(const struct layout_walk *walk, const struct layout *layout, struct reader reader)
{
    struct record_facts facts = { 0, 0, walk->subject };
    struct layout_extent extent;

    for (size_t i = 0; i < layout->count; i++) {
        const struct layout_field *field = &layout->fields[i];
        if (layout_field_take(layout, i, facts.subject, &reader, &extent) < 0)
            return facts;
        if (field->role == LAYOUT_STAMP)
            facts.stamp_s = (int64_t)layout_unsigned_of(extent.content);
        else if (field->role == LAYOUT_STEP)
            facts.step_s = (int64_t)layout_unsigned_of(extent.content);
        else if (field->role == LAYOUT_SUBJECT) {
            const struct layout_set *set = &walk->sets[field->set];
            facts.subject = layout_subject_of(set, layout_set_find(set, layout_unsigned_of(extent.content)));
        }
    }
    return facts;
}

static struct layout_part part_of(const struct layout_walk *walk, const char *english, const char *chinese,
                                  const char *clause, struct span bytes)
{
    struct layout_part part = { .english = english, .chinese = chinese, .clause = clause, .bytes = bytes };
    part.depth = walk->depth;
    part.time = walk->time;
    part.identifier = walk->identifier << 8;
    return part;
}

void layout_heading_visit(const struct layout_walk *walk, const char *english, const char *chinese, const char *clause,
                          struct span bytes)
{
    struct layout_part part = part_of(walk, english, chinese, clause, bytes);
    part.is_heading = true;
    walk->visitor->part(walk->visitor->context, &part);
}

void layout_raw_visit(const struct layout_walk *walk, const char *english, const char *chinese, const char *clause,
                      struct span bytes)
{
    struct layout_part part = part_of(walk, english, chinese, clause, bytes);
    walk->visitor->part(walk->visitor->context, &part);
}

static const struct layout_field *measured_by(const struct layout_field *field, const struct layout *subject)
{
    bool is_taken =
        (field->role == LAYOUT_MEASURED || field->role == LAYOUT_LIMIT) && subject != NULL && subject->count > 0;
    return is_taken ? &subject->fields[subject->count - 1] : field;
}

static void field_visit(const struct layout_walk *walk, const struct layout *layout, size_t index,
                        const struct layout *subject, struct span bytes)
{
    const struct layout_field *field = &layout->fields[index];
    struct layout_part part = part_of(walk, field->english, field->chinese, layout->clause, bytes);

    part.field = field;
    part.set = field->set != 0 ? &walk->sets[field->set] : NULL;
    part.measured = measured_by(field, subject);
    part.identifier += (uint32_t)index;
    walk->visitor->part(walk->visitor->context, &part);
}

/* The elements have a fixed size, so a walk cannot nest deeper than its tables. */
static int list_visit(struct layout_walk walk, const struct record_facts *facts, const struct layout *element,
                      struct span content)
{
    struct reader reader = reader_of_span(content);

    for (int64_t i = 0; reader_remaining(&reader) > 0; i++) {
        struct layout_walk inner = walk;
        if (facts->stamp_s > 0 && facts->step_s > 0 && facts->stamp_s + i * facts->step_s <= UINT32_MAX)
            inner.time = item_time_of_unix(facts->stamp_s + i * facts->step_s);
        if (element->count > 1) {
            layout_heading_visit(&inner, element->english, element->chinese, element->clause,
                                 span_of_bytes(content.bytes + reader.offset, layout_size(element)));
            inner.depth++;
        }
        int result = layout_visit(&inner, element, &reader);
        if (result < 0)
            return result;
    }
    return 0;
}

static int item_visit(struct layout_walk walk, const struct layout_set *set, const char *clause, uint8_t tag,
                      struct span whole, struct span value)
{
    struct reader reader = reader_of_span(value);
    const struct layout *layout = layout_subject_of(set, layout_set_find(set, tag));

    walk.identifier = tag;
    if (layout == NULL) {
        layout_raw_visit(&walk, "unknown item", "未知数据项", clause, whole);
        return 0;
    }
    layout_heading_visit(&walk, layout->english, layout->chinese, layout->clause, whole);
    walk.depth++;
    int result = layout_visit(&walk, layout, &reader);
    if (result == 0 && reader_remaining(&reader) > 0)
        layout_raw_visit(&walk, "further bytes", "其余字节", clause,
                         span_of_bytes(value.bytes + reader.offset, reader_remaining(&reader)));
    return result;
}

/* Tag, length, value; on failure `*stopped` is the offset in `content`. */
static int items_visit(const struct layout_walk *walk, const struct layout_field *field, const char *clause,
                       struct span content, size_t *stopped)
{
    struct reader reader = reader_of_span(content);
    struct span value;
    uint8_t tag = 0;

    while (reader_remaining(&reader) > 0) {
        size_t start = reader.offset;
        *stopped = start;
        if (layout_item_split(&reader, &tag, &value) < 0)
            return CODEC_ERR_SHORT;
        struct span whole = span_of_bytes(content.bytes + start, reader.offset - start);
        int result = item_visit(*walk, &walk->sets[field->set], clause, tag, whole, value);
        if (result < 0)
            return CODEC_ERR_FORMAT;
    }
    return 0;
}

static int choice_visit(struct layout_walk *walk, const struct layout *subject, const char *clause, struct span content,
                        size_t *stopped)
{
    struct reader reader = reader_of_span(content);
    int result = subject == NULL ? 0 : layout_visit(walk, subject, &reader);

    *stopped = reader.offset;
    if (result == 0 && reader_remaining(&reader) > 0)
        layout_raw_visit(walk, "further bytes", "其余字节", clause,
                         span_of_bytes(content.bytes + reader.offset, reader_remaining(&reader)));
    return result;
}

/* What is inside a field.
 * stopped  offset in the content */
static int inside_visit(struct layout_walk walk, const struct layout *layout, size_t index,
                        const struct record_facts *facts, const struct layout_extent *extent, size_t *stopped)
{
    const struct layout_field *field = &layout->fields[index];
    struct reader inner = reader_of_span(extent->content);

    *stopped = 0;
    if (field->form == LAYOUT_CHOICE)
        return choice_visit(&walk, facts->subject, layout->clause, extent->content, stopped);
    if (field->form == LAYOUT_ITEMS)
        return items_visit(&walk, field, layout->clause, extent->content, stopped);
    walk.depth++;
    if (field->form == LAYOUT_LIST)
        return list_visit(walk, facts, extent->element, extent->content);
    if (field->form == LAYOUT_RECORD)
        return layout_visit(&walk, extent->element, &inner);
    return 0;
}

int layout_visit(struct layout_walk *walk, const struct layout *layout, struct reader *reader)
{
    struct record_facts facts = facts_of(walk, layout, *reader);
    struct layout_extent extent;
    size_t stopped;

    if (facts.stamp_s > 0)
        walk->time = item_time_of_unix(facts.stamp_s);
    for (size_t i = 0; i < layout->count; i++) {
        if (layout->fields[i].role == LAYOUT_OPTIONAL && reader_remaining(reader) == 0)
            return 0;
        size_t start = reader->offset;
        int result = layout_field_take(layout, i, facts.subject, reader, &extent);
        if (result < 0)
            return result;
        if (layout->fields[i].form != LAYOUT_ITEMS && layout->fields[i].form != LAYOUT_CHOICE)
            field_visit(walk, layout, i, facts.subject, extent.whole);
        result = inside_visit(*walk, layout, i, &facts, &extent, &stopped);
        if (result < 0) {
            reader->offset = start + stopped;
            return result;
        }
    }
    return 0;
}
