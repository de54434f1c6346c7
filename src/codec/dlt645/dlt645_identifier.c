#include "codec/dlt645/dlt645_identifier.h"

#include "codec/codec_error.h"
#include "codec/dlt645/dlt645_table.h"

/* Groups of 2007 by DI3. */
static const struct dlt645_table *const groups[] = {
    [0x00] = &dlt645_energy_table,
    [0x01] = &dlt645_demand_table,
    [0x02] = &dlt645_variable_table,
};

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

static int find_in(const struct dlt645_table *table, uint32_t identifier, struct dlt645_identity *out)
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

static int find_2007(uint32_t identifier, struct dlt645_identity *out)
{
    uint32_t group = identifier >> 24;
    return group < GROUP_COUNT && groups[group] != NULL ? find_in(groups[group], identifier, out) : CODEC_ERR_UNKNOWN;
}

int dlt645_identifier_find(enum dlt645_version version, uint32_t identifier, bool is_answer,
                           struct dlt645_identity *out)
{
    (void)is_answer;
    return version == DLT645_2007 ? find_2007(identifier, out) : CODEC_ERR_UNKNOWN;
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

/* What is written for a number: before and behind it; and when all are asked for. */
struct axis_words {
    const char *before;
    const char *behind;
    const char *all;
};

static void axis_write(const struct dlt645_axis *axis, uint8_t number, bool is_block, bool is_chinese,
                       struct writer *out)
{
    static const struct axis_words words[][2] = {
        [DLT645_AXIS_NONE] = { { "", "", "" }, { "", "", "" } },
        [DLT645_AXIS_TARIFF] = { { ", tariff ", "", ", total and all tariffs" }, { "，费率", "", "，总及各费率" } },
        [DLT645_AXIS_STORAGE] = { { ", ", " back", ", now and all stored" }, { "，上", "次", "，当前及全部历史" } },
        [DLT645_AXIS_PHASE] = { { ", phase ", "", ", all phases" }, { "，", "相", "，各相" } },
        [DLT645_AXIS_TIER] = { { ", tier ", "", ", all tiers" }, { "，阶梯", "", "，各阶梯" } },
        [DLT645_AXIS_NUMBER] = { { ", number ", "", ", all" }, { "，第", "项", "，全部" } },
    };
    const struct axis_words *form = &words[axis->kind][is_chinese];

    if (axis->kind == DLT645_AXIS_NONE || (number == 0 && !is_block))
        return;
    if (is_block) {
        writer_text(out, form->all);
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

    writer_text(out, is_chinese ? row->chinese : row->english);
    axis_write(&row->middle, identity->middle_number, identity->is_middle_block, is_chinese, out);
    axis_write(&row->last, identity->last_number, identity->is_last_block, is_chinese, out);
}

const struct dlt645_row *dlt645_row_at(enum dlt645_version version, size_t index)
{
    if (version != DLT645_2007)
        return NULL;
    for (size_t i = 0; i < GROUP_COUNT; i++) {
        if (groups[i] == NULL)
            continue;
        if (index < groups[i]->count)
            return &groups[i]->rows[index];
        index -= groups[i]->count;
    }
    return NULL;
}
