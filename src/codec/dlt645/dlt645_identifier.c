#include "codec/dlt645/dlt645_identifier.h"

#include "codec/codec_error.h"
#include "codec/dlt645/dlt645_table.h"

/* Groups of 2007 by DI3. */
static const struct dlt645_table *const groups[] = {
    [0x00] = &dlt645_energy_table, [0x01] = &dlt645_demand_table,    [0x02] = &dlt645_variable_table,
    [0x03] = &dlt645_event_table,  [0x04] = &dlt645_parameter_table, [0x05] = &dlt645_freeze_table,
    [0x06] = &dlt645_load_table,   [0x07] = &dlt645_security_table,  [0x1d] = &dlt645_trip_table,
    [0x1e] = &dlt645_close_table,
};

#define SECURITY_GROUP 0x07
#define GROUP_COUNT (sizeof groups / sizeof groups[0])

/* The last row that does not lie behind `identifier`, or the first row. Tables begin with one row for each DI2, so that
 * energies, demands and what flows now need no search. */
static inline const struct dlt645_row *row_before(const struct dlt645_table *table, uint32_t identifier)
{
    const struct dlt645_row *row = table->rows;
    size_t left = table->count, guess = (identifier - row->identifier) >> 16;

    if (guess + 1 < left && row[guess].identifier <= identifier && row[guess + 1].identifier > identifier)
        return &row[guess];
    while (left > 1) {
        size_t half = left / 2;
        row = row[half].identifier <= identifier ? row + half : row;
        left -= half;
    }
    return row;
}

/* `value` is what stands in the identifier, `base` the same of the row, `all` the value that asks for all.
 * returns  false when the axis has no such number */
static inline bool axis_read(const struct dlt645_axis *axis, uint32_t base, uint32_t value, uint32_t all,
                             uint8_t *number, bool *is_block)
{
    *is_block = axis->has_block && value == all;
    *number = (uint8_t)(axis->low + value - base);
    if (*is_block || value == base)
        return true;
    return axis->kind != DLT645_AXIS_NONE && value > base && value - base <= (uint32_t)axis->high - axis->low;
}

/* Where an identifier stands on the axes of its row, or CODEC_ERR_UNKNOWN. */
static int place_on_axes(const struct dlt645_row *row, uint32_t middle_base, uint32_t middle, uint32_t last_base,
                         uint32_t last, uint32_t all, struct dlt645_identity *out)
{
    uint8_t middle_number, last_number;
    bool is_middle_block, is_last_block;

    if (!axis_read(&row->middle, middle_base, middle, 0xff, &middle_number, &is_middle_block) ||
        !axis_read(&row->last, last_base, last, all, &last_number, &is_last_block))
        return CODEC_ERR_UNKNOWN;
    out->middle_number = middle_number;
    out->last_number = last_number;
    out->is_middle_block = is_middle_block;
    out->is_last_block = is_last_block;
    return 0;
}

/* The row's own identifier stands at the beginning of both axes. */
static inline void place_at_start(const struct dlt645_row *row, struct dlt645_identity *out)
{
    out->middle_number = row->middle.low;
    out->last_number = row->last.low;
    out->is_middle_block = false;
    out->is_last_block = false;
}

static inline int found(const struct dlt645_table *table, const struct dlt645_row *row, uint32_t identifier,
                        enum dlt645_version version, struct dlt645_identity *out)
{
    out->row = row;
    out->identifier = identifier;
    out->version = (uint8_t)version;
    out->clause = table->clause;
    return 0;
}

static inline int find_2007(const struct dlt645_table *table, uint32_t identifier, struct dlt645_identity *out)
{
    const struct dlt645_row *row = row_before(table, identifier);

    if (row->identifier == identifier)
        place_at_start(row, out);
    else if ((row->identifier ^ identifier) >> 16 != 0 ||
             place_on_axes(row, row->identifier >> 8 & 0xff, identifier >> 8 & 0xff, row->identifier & 0xff,
                           identifier & 0xff, 0xff, out) < 0)
        return CODEC_ERR_UNKNOWN;
    return found(table, row, identifier, DLT645_2007, out);
}

#define MONTH_SHIFT 10
#define MONTH_MASK UINT32_C(0x0c00)

/* Energy (9xxx), demand (Axxx) and its time (Bxxx) exist for three months; B2xx, B3xx and B6xx are something else. */
static bool has_months(uint32_t identifier)
{
    uint32_t kind = identifier >> 12;
    return kind >= 0x9 && kind <= 0xb && (identifier & 0x0200) == 0;
}

static inline int find_1997(uint32_t identifier, struct dlt645_identity *out)
{
    uint32_t month = has_months(identifier) ? (identifier & MONTH_MASK) >> MONTH_SHIFT : 0;
    uint32_t base = identifier - (month << MONTH_SHIFT);
    const struct dlt645_row *row = row_before(&dlt645_1997_table, base);

    if (row->identifier == identifier)
        place_at_start(row, out);
    else if ((row->identifier ^ base) >> 4 != 0 ||
             place_on_axes(row, 0, month, row->identifier & 0x0f, base & 0x0f, 0x0f, out) < 0)
        return CODEC_ERR_UNKNOWN;
    return found(&dlt645_1997_table, row, identifier, DLT645_1997, out);
}

int dlt645_identifier_find(enum dlt645_version version, uint32_t identifier, bool is_answer,
                           struct dlt645_identity *out)
{
    uint32_t group = identifier >> 24;

    if (version == DLT645_1997)
        return find_1997(identifier, out);
    if (group >= GROUP_COUNT || groups[group] == NULL)
        return CODEC_ERR_UNKNOWN;
    return find_2007(is_answer && group == SECURITY_GROUP ? &dlt645_security_answer_table : groups[group], identifier,
                     out);
}

uint32_t dlt645_identity_expand(const struct dlt645_identity *identity, uint8_t n)
{
    const struct dlt645_row *row = identity->row;

    if (identity->version == DLT645_1997)
        return (identity->identifier & ~UINT32_C(0x0f)) | n;
    if (identity->is_middle_block)
        return (identity->identifier & ~UINT32_C(0xff00)) |
               ((row->identifier & 0xff00) + ((uint32_t)(n - row->middle.low) << 8));
    return (identity->identifier & ~UINT32_C(0xff)) | ((row->identifier & 0xff) + (uint32_t)(n - row->last.low));
}

/* What is written for a number of an axis: before and behind it; for 0; when all are asked for. */
struct axis_words {
    const char *before;
    const char *behind;
    const char *zero;
    const char *all;
};

static void axis_write(const struct dlt645_axis *axis, uint8_t number, bool is_block, bool is_chinese,
                       struct writer *out)
{
    static const struct axis_words words[][2] = {
        [DLT645_AXIS_NONE] = { { "", "", "", "" }, { "", "", "", "" } },
        [DLT645_AXIS_TARIFF] = { { " tariff ", "", " total", " total and all tariffs" },
                                 { "（费率", "）", "（总）", "（总及各费率）" } },
        [DLT645_AXIS_STORAGE] = { { ", ", " back", "", ", now and all stored" },
                                  { "，上", "次", "", "，当前及全部历史" } },
        [DLT645_AXIS_PHASE] = { { " ", "", " total", " all phases" }, { "（", "相）", "（总）", "（各相）" } },
        [DLT645_AXIS_TIER] = { { " tier ", "", "", " all tiers" }, { "（阶梯", "）", "", "（各阶梯）" } },
        [DLT645_AXIS_NUMBER] = { { " ", "", "", " all" }, { " ", "", "", "（全部）" } },
    };
    const struct axis_words *form = &words[axis->kind][is_chinese];

    if (axis->kind == DLT645_AXIS_NONE || is_block || number == 0) {
        writer_text(out, is_block ? form->all : form->zero);
        return;
    }
    writer_text(out, form->before);
    if (axis->kind == DLT645_AXIS_PHASE)
        writer_put_u8(out, (uint8_t)('A' + number - 1));
    else
        writer_format(out, "%u", number);
    writer_text(out, form->behind);
}

void dlt645_identity_write(const struct dlt645_identity *identity, bool is_chinese, struct writer *out)
{
    const struct dlt645_row *row = identity->row;
    bool is_month_first = row->middle.kind == DLT645_AXIS_STORAGE; /* 1997; people say it last */

    writer_text(out, is_chinese ? row->chinese : row->english);
    if (is_month_first)
        axis_write(&row->last, identity->last_number, identity->is_last_block, is_chinese, out);
    if (row->field.phase == 0 || identity->middle_number != 0 || identity->is_middle_block)
        axis_write(&row->middle, identity->middle_number, identity->is_middle_block, is_chinese, out);
    if (!is_month_first)
        axis_write(&row->last, identity->last_number, identity->is_last_block, is_chinese, out);
}

const struct dlt645_row *dlt645_row_at(enum dlt645_version version, size_t index)
{
    if (version == DLT645_1997)
        return index < dlt645_1997_table.count ? &dlt645_1997_table.rows[index] : NULL;
    for (size_t i = 0; i < GROUP_COUNT; i++) {
        if (groups[i] == NULL)
            continue;
        if (index < groups[i]->count)
            return &groups[i]->rows[index];
        index -= groups[i]->count;
    }
    return NULL;
}
