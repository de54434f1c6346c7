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

/* The last row that does not lie behind `identifier`; NULL when all do. */
static const struct dlt645_row *row_before(const struct dlt645_table *table, uint32_t identifier)
{
    size_t low = 0, high = table->count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (table->rows[middle].identifier <= identifier)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? NULL : &table->rows[low - 1];
}

/* `value` is what stands in the identifier, `base` the same of the row, `all` the value that asks for all.
 * returns  false when the axis has no such number */
static bool axis_read(const struct dlt645_axis *axis, uint32_t base, uint32_t value, uint32_t all, uint8_t *number,
                      bool *is_block)
{
    *is_block = axis->has_block && value == all;
    *number = (uint8_t)(axis->low + value - base);
    if (*is_block || value == base)
        return true;
    return axis->kind != DLT645_AXIS_NONE && value > base && value - base <= (uint32_t)axis->high - axis->low;
}

static int find_2007(const struct dlt645_table *table, uint32_t identifier, struct dlt645_identity *out)
{
    const struct dlt645_row *row = row_before(table, identifier);
    struct dlt645_identity found;

    if (row == NULL || (row->identifier ^ identifier) >> 16 != 0)
        return CODEC_ERR_UNKNOWN;
    found.row = row;
    found.identifier = identifier;
    found.version = DLT645_2007;
    found.clause = table->clause;
    if (!axis_read(&row->middle, row->identifier >> 8 & 0xff, identifier >> 8 & 0xff, 0xff, &found.middle_number,
                   &found.is_middle_block) ||
        !axis_read(&row->last, row->identifier & 0xff, identifier & 0xff, 0xff, &found.last_number,
                   &found.is_last_block))
        return CODEC_ERR_UNKNOWN;
    *out = found;
    return 0;
}

#define MONTH_SHIFT 10
#define MONTH_MASK UINT32_C(0x0c00)

/* Energy (9xxx), demand (Axxx) and its time (Bxxx) exist for three months; B2xx, B3xx and B6xx are something else. */
static bool has_months(uint32_t identifier)
{
    uint32_t kind = identifier >> 12;
    return kind >= 0x9 && kind <= 0xb && (identifier & 0x0200) == 0;
}

static int find_1997(uint32_t identifier, struct dlt645_identity *out)
{
    uint32_t month = has_months(identifier) ? (identifier & MONTH_MASK) >> MONTH_SHIFT : 0;
    uint32_t base = identifier - (month << MONTH_SHIFT);
    const struct dlt645_row *row = row_before(&dlt645_1997_table, base);
    struct dlt645_identity found;

    if (row == NULL || (row->identifier ^ base) >> 4 != 0)
        return CODEC_ERR_UNKNOWN;
    found.row = row;
    found.identifier = identifier;
    found.version = DLT645_1997;
    found.clause = dlt645_1997_table.clause;
    if (!axis_read(&row->middle, 0, month, 0xff, &found.middle_number, &found.is_middle_block) ||
        !axis_read(&row->last, row->identifier & 0x0f, base & 0x0f, 0x0f, &found.last_number, &found.is_last_block))
        return CODEC_ERR_UNKNOWN;
    *out = found;
    return 0;
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
