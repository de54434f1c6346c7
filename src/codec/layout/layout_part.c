#include "codec/bcd/bcd.h"
#include "codec/layout/layout_internal.h"

int64_t layout_part_number(const struct layout_part *part)
{
    if (part->field != NULL && part->field->form == LAYOUT_SIGNED)
        return layout_signed_of(part->bytes);
    return (int64_t)layout_unsigned_of(part->bytes);
}

const struct layout_word *layout_part_word(const struct layout_part *part)
{
    uint8_t row = LAYOUT_UNKNOWN;

    if (part->set != NULL)
        row = layout_set_find(part->set, (uint64_t)layout_part_number(part));
    return row < LAYOUT_UNKNOWN ? &part->set->rows[row] : NULL;
}

static void digits_item(const struct layout_part *part, struct item *out)
{
    if (part->bytes.size > BCD_SIZE_LIMIT) {
        out->kind = ITEM_KIND_BYTES;
        return;
    }
    out->kind = ITEM_KIND_DIGITS;
    out->digits = (uint8_t)(2 * part->bytes.size);
    out->value = bcd_read_big(part->bytes);
    if (out->value < 0)
        out->quality = ITEM_INVALID;
}

static void number_item(const struct layout_part *part, struct item *out)
{
    out->value = layout_part_number(part);
    if (part->field->has_missing && out->value == part->field->missing)
        out->quality = ITEM_MISSING;
    if (part->field->form == LAYOUT_TIME) {
        out->kind = ITEM_KIND_TIME;
        out->time = item_time_of_unix(out->value);
    } else if (part->field->form == LAYOUT_FLAGS) {
        out->kind = ITEM_KIND_FLAGS;
        out->digits = (uint8_t)(2 * part->bytes.size);
    } else if (part->field->form == LAYOUT_UNSIGNED && out->value < 0)
        out->kind = ITEM_KIND_BYTES; /* beyond int64: an identification, never a quantity */
}

static bool has_value(const struct layout_field *field)
{
    return field->form != LAYOUT_RECORD && field->form != LAYOUT_LIST && field->form != LAYOUT_ITEMS &&
           field->form != LAYOUT_CHOICE;
}

bool layout_part_value(const struct layout_part *part, struct item *out)
{
    const struct layout_field *field = part->field;
    struct item item = { 0 };

    if (field == NULL || !has_value(field))
        return false;
    item.quantity = part->measured->quantity;
    item.unit = part->measured->unit;
    item.exponent = part->measured->exponent;
    item.time = part->time;
    item.identifier = part->identifier;
    item.bytes = part->bytes;
    if (layout_form_varies(field->form)) {
        item.kind = field->form == LAYOUT_TEXT ? ITEM_KIND_TEXT : ITEM_KIND_BYTES;
        item.bytes = span_of_bytes(part->bytes.bytes + field->size, part->bytes.size - field->size);
    } else if (field->form == LAYOUT_DIGITS)
        digits_item(part, &item);
    else if (field->form == LAYOUT_BYTES)
        item.kind = ITEM_KIND_BYTES;
    else
        number_item(part, &item);
    *out = item;
    return true;
}

bool layout_part_item(const struct layout_part *part, struct item *out)
{
    if (part->field == NULL || part->field->role == LAYOUT_LIMIT || part->measured->quantity == ITEM_OTHER)
        return false;
    return layout_part_value(part, out);
}

void layout_item_take(void *taker, const struct layout_part *part)
{
    struct layout_item_taker *to = taker;
    struct item item;

    if (!layout_part_item(part, &item))
        return;
    struct item *place = item_list_add(to->list);
    if (place == NULL)
        to->is_full = true;
    else
        *place = item;
}
