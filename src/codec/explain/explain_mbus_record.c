/* Data records of EN 13757-3 in rows. */
#include "codec/explain/explain_mbus.h"
#include "codec/mbus/mbus_vif.h"
#include "codec/mbus/mbus_vife.h"

#define CLAUSE_RECORD "EN 13757-3 6.2"
#define CLAUSE_DIF "EN 13757-3 6.3, table 4"
#define CLAUSE_VIF "EN 13757-3 6.4, tables 10 to 16"
#define CLAUSE_DATA "EN 13757-3 annex A"
#define CLAUSE_SPECIAL "EN 13757-3 table 6"
#define DATA_FIELD_VARIABLE 0x0d
#define VIF_MANUFACTURER 0x7f

static bool is_chinese(const struct explain_mbus_area *area)
{
    return area->place.sink->language == EXPLAIN_CHINESE;
}

static const char *choose(const struct explain_mbus_area *area, const char *english, const char *chinese)
{
    return explain_choose(area->place.sink, english, chinese);
}

static struct span place_of(const struct explain_mbus_area *area, struct span bytes)
{
    struct span frame = area->place.frame;

    if (area->locate != NULL)
        return area->locate(area->context, bytes);
    bool is_inside =
        bytes.bytes != NULL && bytes.bytes >= frame.bytes && bytes.bytes + bytes.size <= frame.bytes + frame.size;
    return is_inside ? bytes : area->fallback;
}

static void row_put(const struct explain_mbus_area *area, unsigned deeper, struct span bytes, const char *names[2],
                    const char *clause, struct explain_texts *texts)
{
    struct explain_place place = area->place;

    place.depth += deeper;
    explain_put(place.sink, explain_row(&place, place_of(area, bytes), names[0], names[1], clause), &texts->value,
                &texts->meaning);
}

/* Data fields (table 4). */
static const char *const data_field_names[16][2] = {
    { "no data", "无数据" },
    { "8 bit integer", "8位整数" },
    { "16 bit integer", "16位整数" },
    { "24 bit integer", "24位整数" },
    { "32 bit integer", "32位整数" },
    { "32 bit real", "32位浮点数" },
    { "48 bit integer", "48位整数" },
    { "64 bit integer", "64位整数" },
    { "selection for readout", "选择抄读" },
    { "2 digit BCD", "2位BCD" },
    { "4 digit BCD", "4位BCD" },
    { "6 digit BCD", "6位BCD" },
    { "8 digit BCD", "8位BCD" },
    { "variable length", "可变长度" },
    { "12 digit BCD", "12位BCD" },
    { "special function", "特殊功能" },
};

static const char *const function_names[4][2] = {
    { "instantaneous value", "瞬时值" },
    { "maximum value", "最大值" },
    { "minimum value", "最小值" },
    { "value during error state", "故障状态值" },
};

static void dif_put(const struct explain_mbus_area *area, const struct mbus_record *record)
{
    static const char *names[] = { "DIF", "数据信息块 DIF" };
    struct span bytes = span_of_bytes(record->header.bytes, record->header.size - record->information.size);
    bool chinese = is_chinese(area);
    struct explain_texts texts;

    explain_texts_open(&texts);
    explain_write_capital_hex(&texts.value, bytes);
    writer_text(&texts.meaning, function_names[record->function & 3][chinese]);
    writer_text(&texts.meaning, choose(area, ", ", "，"));
    writer_text(&texts.meaning, data_field_names[record->data_field][chinese]);
    writer_format(&texts.meaning, choose(area, ", storage %lu, tariff %u, subunit %lu", "，存储%lu，费率%u，子单元%lu"),
                  (unsigned long)record->storage, record->tariff, (unsigned long)record->subunit);
    row_put(area, 1, bytes, names, CLAUSE_DIF, &texts);
}

/* "10^-3 m³", "10^0", ... of a code; nothing for texts, times and the like. */
static void scale_write(const struct explain_mbus_area *area, const struct mbus_vif *vif, struct writer *out)
{
    const char *unit = explain_unit(area->place.sink, (enum item_unit)vif->unit);

    if (vif->form != MBUS_FORM_NUMBER || (vif->exponent == 0 && vif->factor == 1 && unit[0] == '\0'))
        return;
    writer_text(out, choose(area, ", ", "，"));
    if (vif->factor != 1)
        writer_format(out, "%lu * ", (unsigned long)vif->factor);
    writer_format(out, "10^%d %s", vif->exponent, unit);
}

/* One extension in words; those that only scale show their power of ten. */
static void vife_write(const struct explain_mbus_area *area, const struct mbus_vife *vife, uint8_t code,
                       struct writer *out)
{
    const struct item_modifier_info *info = item_modifier_info((enum item_modifier)vife->number);
    const char *error = mbus_record_error_text(code, is_chinese(area));
    const char *comma = choose(area, ", ", "，");

    switch ((enum mbus_vife_effect)vife->effect) {
    case MBUS_VIFE_MULTIPLY:
        writer_format(out, "%s* 10^%d", comma, vife->number);
        break;
    case MBUS_VIFE_PHASE:
        writer_format(out, "%sL%d", comma, vife->number);
        break;
    case MBUS_VIFE_MODIFY:
    case MBUS_VIFE_MOMENT:
    case MBUS_VIFE_DURATION:
    case MBUS_VIFE_COUNT:
    case MBUS_VIFE_MANUFACTURER:
        writer_text(out, comma);
        writer_text(out, is_chinese(area) ? info->chinese : info->english);
        break;
    case MBUS_VIFE_ERROR:
    case MBUS_VIFE_NOTHING:
    case MBUS_VIFE_EXTENSION:
        writer_text(out, error == NULL ? "" : comma);
        writer_text(out, error == NULL ? "" : error);
        break;
    }
}

static void extensions_write(const struct explain_mbus_area *area, struct span vife, struct writer *out)
{
    const struct mbus_vife *row;
    uint8_t code;

    while ((row = mbus_vife_next(&vife, &code)) != NULL) {
        vife_write(area, row, code, out);
        if (row->effect == MBUS_VIFE_MANUFACTURER)
            return;
    }
}

/* The text that stands for a VIF, first character first. */
static void vif_text_write(struct span text, struct writer *out)
{
    if (text.size == 0)
        return;
    writer_text(out, " \"");
    for (size_t i = text.size; i-- > 0;)
        writer_put_u8(out, text.bytes[i] >= 0x20 && text.bytes[i] < 0x7f ? text.bytes[i] : '?');
    writer_text(out, "\"");
}

static void vif_put(const struct explain_mbus_area *area, const struct mbus_record *record)
{
    static const char *names[] = { "VIF", "值信息块 VIF" };
    struct span vife;
    const struct mbus_vif *vif = mbus_vif_find(record, &vife);
    const struct item_quantity_info *info = item_quantity_info((enum item_quantity)vif->quantity);
    struct explain_texts texts;

    explain_texts_open(&texts);
    explain_write_capital_hex(&texts.value, record->information);
    writer_text(&texts.meaning, is_chinese(area) ? info->chinese : info->english);
    vif_text_write(record->vif_text, &texts.meaning);
    scale_write(area, vif, &texts.meaning);
    if ((record->vif & 0x7f) != VIF_MANUFACTURER)
        extensions_write(area, vife, &texts.meaning);
    row_put(area, 1, record->information, names, CLAUSE_VIF, &texts);
}

static void lvar_put(const struct explain_mbus_area *area, const struct mbus_record *record)
{
    static const char *names[] = { "LVAR", "长度 LVAR" };
    struct explain_texts texts;

    explain_texts_open(&texts);
    writer_format(&texts.value, "%02X", record->data.bytes[0]);
    row_put(area, 1, span_of_bytes(record->data.bytes, 1), names, "EN 13757-3 table 5", &texts);
}

/* The time of a latched value, from the date among the other records.
 * reader  before the first record */
static void time_take(struct mbus_record_reader reader, struct item *item)
{
    struct mbus_record record;

    if (item->storage == 0 || item->kind == ITEM_KIND_TIME)
        return;
    while (item->time.parts == ITEM_TIME_NONE && mbus_record_next(&reader, &record, NULL) > 0) {
        struct item pair[2];
        struct item_list list = { pair, 2, 2 };
        mbus_record_item(&record, &pair[0]);
        pair[1] = *item;
        mbus_items_stamp(&list);
        item->time = pair[1].time;
    }
}

static void value_put(const struct explain_mbus_area *area, const struct mbus_record_reader *first,
                      const struct mbus_record *record)
{
    struct item item;
    struct span place;
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer meaning = writer_of_buffer(text, sizeof text);

    mbus_record_item(record, &item);
    time_take(*first, &item);
    if (record->data_field == DATA_FIELD_VARIABLE) {
        lvar_put(area, record);
        item.bytes = span_of_bytes(record->data.bytes + 1, record->data.size - 1);
    }
    vif_text_write(record->vif_text, &meaning);
    place = place_of(area, item.bytes);
    explain_item(area->place.sink, area->place.frame, place, area->place.depth + 1, &item, writer_terminate(&meaning),
                 record->kind == MBUS_RECORD_VALUE ? CLAUSE_DATA : CLAUSE_SPECIAL);
}

static void more_put(const struct explain_mbus_area *area, const struct mbus_record *record)
{
    static const char *names[] = { "More records follow", "还有后续记录" };
    struct explain_texts texts;

    explain_texts_open(&texts);
    writer_text(&texts.value, record->more_follow ? "true" : "false");
    row_put(area, 1, record->header, names, CLAUSE_SPECIAL, &texts);
}

static void special_put(const struct explain_mbus_area *area, const struct mbus_record *record)
{
    static const char *names[] = { "DIF", "数据信息块 DIF" };
    struct explain_texts texts;

    explain_texts_open(&texts);
    explain_write_capital_hex(&texts.value, record->header);
    if (record->kind == MBUS_RECORD_GLOBAL)
        writer_text(&texts.meaning, choose(area, "global readout request", "请求全部数据"));
    else if (record->more_follow)
        writer_text(&texts.meaning, choose(area, "manufacturer specific, more records follow in the next telegram",
                                           "厂商自定义数据，下一报文还有记录"));
    else
        writer_text(&texts.meaning, choose(area, "manufacturer specific to the end", "至结尾均为厂商自定义数据"));
    row_put(area, 1, record->header, names, CLAUSE_SPECIAL, &texts);
    if (record->kind == MBUS_RECORD_MANUFACTURER)
        more_put(area, record);
}

static void record_put(const struct explain_mbus_area *area, const struct mbus_record_reader *first,
                       const struct mbus_record *record)
{
    static const char *names[] = { "Record", "数据记录" };
    bool is_whole = record->header.bytes + record->header.size == record->data.bytes;
    struct span bytes = record->data;
    struct explain_texts texts;

    if (is_whole)
        bytes = span_of_bytes(record->header.bytes, record->header.size + record->data.size);
    explain_texts_open(&texts);
    explain_write_capital_hex(&texts.value, bytes);
    row_put(area, 0, bytes, names, CLAUSE_RECORD, &texts);
    if (record->kind == MBUS_RECORD_VALUE) {
        dif_put(area, record);
        vif_put(area, record);
    } else
        special_put(area, record);
    if (record->kind != MBUS_RECORD_GLOBAL)
        value_put(area, first, record);
}

/* Bytes that are no record: fillers that the reader stepped over, what is left of a broken one. */
static void bytes_put(const struct explain_mbus_area *area, struct span bytes, const char *names[2])
{
    struct explain_texts texts;

    if (bytes.size == 0)
        return;
    explain_texts_open(&texts);
    explain_write_capital_hex(&texts.value, bytes);
    row_put(area, 0, bytes, names, CLAUSE_SPECIAL, &texts);
}

int explain_mbus_records(const struct explain_mbus_area *area, struct mbus_record_reader reader, size_t *error_offset)
{
    static const char *filler_names[] = { "Filler", "填充 2F" };
    static const char *broken_names[] = { "Broken record", "损坏的记录" };
    const struct mbus_record_reader first = reader;
    struct mbus_record record;
    int result;

    for (;;) {
        const uint8_t *start = reader.headers.bytes + reader.header_at;
        result = mbus_record_next(&reader, &record, error_offset);
        const uint8_t *end = result > 0 ? record.header.bytes : reader.headers.bytes + reader.header_at;
        bytes_put(area, span_of_bytes(start, (size_t)(end - start)), filler_names);
        if (result < 0)
            bytes_put(area, span_of_bytes(end, reader.headers.size - reader.header_at), broken_names);
        if (result <= 0)
            return result;
        record_put(area, &first, &record);
    }
}
