#include "tests/unit/codec/layout_random.h"

#include <string.h>

#define STRUCTURE_LIMIT 512

/* What a fill carries along. */
struct filling {
    const struct layout_set *sets;
    struct random *random;
    struct writer *room;
};

static void layout_fill(struct filling *filling, const struct layout *layout, void *out);

static void number_store(const struct layout_field *field, uint64_t value, void *out)
{
    uint8_t *place = (uint8_t *)out + field->member;
    uint8_t u8 = (uint8_t)value;
    uint16_t u16 = (uint16_t)value;
    uint32_t u32 = (uint32_t)value;

    if (field->member_size == 1)
        memcpy(place, &u8, 1);
    else if (field->member_size == 2)
        memcpy(place, &u16, 2);
    else if (field->member_size == 4)
        memcpy(place, &u32, 4);
    else
        memcpy(place, &value, 8);
}

static uint64_t number_draw(struct filling *filling, const struct layout_field *field)
{
    unsigned bits = 8u * field->size;
    uint64_t value = random_next(filling->random);

    if (field->low != 0 || field->high != 0)
        return (uint64_t)random_between(filling->random, field->low, field->high);
    if (bits < 64)
        value &= (UINT64_C(1) << bits) - 1;
    if (field->form == LAYOUT_SIGNED && bits < 64 && (value >> (bits - 1)) != 0)
        value |= ~((UINT64_C(1) << bits) - 1);
    return value;
}

static void bytes_draw(struct filling *filling, bool is_digits, uint8_t *out, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        uint8_t pair = (uint8_t)random_below(filling->random, 100);
        out[i] = is_digits ? (uint8_t)(pair / 10 << 4 | pair % 10) : (uint8_t)random_next(filling->random);
    }
}

static void element_put(struct filling *filling, const struct layout *element)
{
    uint64_t structure[STRUCTURE_LIMIT / 8] = { 0 };
    uint8_t bytes[STRUCTURE_LIMIT], inner_bytes[STRUCTURE_LIMIT];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    struct writer inner = writer_of_buffer(inner_bytes, sizeof inner_bytes);
    struct filling below = { filling->sets, filling->random, &inner };

    layout_fill(&below, element, structure);
    if (layout_encode(element, filling->sets, structure, &out) == 0)
        writer_put_span(filling->room, writer_span(&out));
}

static void items_put(struct filling *filling, const struct layout_set *set)
{
    for (uint64_t count = random_below(filling->random, 4); count > 0; count--) {
        const struct layout_word *word = &set->rows[random_below(filling->random, set->count)];
        size_t head = filling->room->size;
        writer_put_u8(filling->room, (uint8_t)word->code);
        writer_put_u8(filling->room, 0);
        element_put(filling, word->about);
        if (!filling->room->overflow)
            filling->room->bytes[head + 1] = (uint8_t)(filling->room->size - head - 2);
    }
}

static void span_fill(struct filling *filling, const struct layout_field *field, const struct layout *element,
                      void *out)
{
    size_t start = filling->room->size;
    uint8_t bytes[20];

    if (field->role == LAYOUT_OPTIONAL)
        return;
    if (field->form == LAYOUT_ITEMS)
        items_put(filling, &filling->sets[field->set]);
    else if (field->form == LAYOUT_LIST) {
        for (uint64_t count = random_below(filling->random, 4); element != NULL && count > 0; count--)
            element_put(filling, element);
    } else {
        bytes_draw(filling, false, bytes, sizeof bytes);
        writer_put_bytes(filling->room, bytes, (size_t)random_below(filling->random, sizeof bytes));
    }
    struct span content = span_of_bytes(filling->room->bytes + start, filling->room->size - start);
    memcpy((uint8_t *)out + field->member, &content, sizeof content);
}

static void field_fill(struct filling *filling, const struct layout_field *field, const struct layout *subject,
                       uint64_t row, void *out)
{
    uint8_t *place = (uint8_t *)out + field->member;

    switch ((enum layout_form)field->form) {
    case LAYOUT_UNSIGNED:
    case LAYOUT_SIGNED:
    case LAYOUT_TIME:
        number_store(field, number_draw(filling, field), out);
        return;
    case LAYOUT_CODE:
        number_store(field, row, out);
        return;
    case LAYOUT_FLAGS:
        number_store(field, 1 + random_below(filling->random, (UINT64_C(1) << filling->sets[field->set].count) - 1),
                     out);
        return;
    case LAYOUT_DIGITS:
    case LAYOUT_BYTES:
        bytes_draw(filling, field->form == LAYOUT_DIGITS, place, field->size);
        return;
    case LAYOUT_RECORD:
        layout_fill(filling, field->element, place);
        return;
    case LAYOUT_CHOICE:
        if (subject != NULL)
            layout_fill(filling, subject, out);
        return;
    case LAYOUT_OCTETS:
    case LAYOUT_TEXT:
    case LAYOUT_LIST:
    case LAYOUT_ITEMS:
        span_fill(filling, field, field->element != NULL ? field->element : subject, out);
        return;
    }
}

static void layout_fill(struct filling *filling, const struct layout *layout, void *out)
{
    const struct layout *subject = NULL;

    for (size_t i = 0; i < layout->count; i++) {
        const struct layout_field *field = &layout->fields[i];
        const struct layout_set *set = &filling->sets[field->set];
        uint64_t row = field->form == LAYOUT_CODE ? random_below(filling->random, set->count) : 0;
        field_fill(filling, field, subject, row, out);
        if (field->role == LAYOUT_SUBJECT)
            subject = set->rows[row].about;
    }
}

void layout_random_fill(const struct layout *layout, const struct layout_set *sets, struct random *random, void *out,
                        struct writer *room)
{
    struct filling filling = { sets, random, room };
    layout_fill(&filling, layout, out);
}

static bool span_member_same(const struct layout_field *field, const void *a, const void *b)
{
    struct span one, other;

    memcpy(&one, (const uint8_t *)a + field->member, sizeof one);
    memcpy(&other, (const uint8_t *)b + field->member, sizeof other);
    return span_equal(one, other);
}

bool layout_random_same(const struct layout *layout, const struct layout_set *sets, const void *a, const void *b)
{
    const struct layout *subject = NULL;

    for (size_t i = 0; i < layout->count; i++) {
        const struct layout_field *field = &layout->fields[i];
        const uint8_t *place_a = (const uint8_t *)a + field->member;
        const uint8_t *place_b = (const uint8_t *)b + field->member;
        bool is_same;
        if (field->form == LAYOUT_RECORD)
            is_same = layout_random_same(field->element, sets, place_a, place_b);
        else if (field->form == LAYOUT_CHOICE)
            is_same = subject == NULL || layout_random_same(subject, sets, a, b);
        else if (field->form >= LAYOUT_OCTETS)
            is_same = span_member_same(field, a, b);
        else
            is_same = memcmp(place_a, place_b, field->member_size) == 0;
        if (!is_same)
            return false;
        if (field->role == LAYOUT_SUBJECT)
            subject = sets[field->set].rows[*place_a].about;
    }
    return true;
}
