/* DL/T 645-2007 table A.6: frozen values (05 kind item n). The kind says what froze them, the item what was frozen, n
 * how long ago (1 the last). Energies and demands stand as total and tariffs one after the other, as many tariffs as
 * the meter has. */
#include "codec/dlt645/dlt645_freeze.h"

#include "codec/codec_error.h"
#include "codec/dlt645/dlt645_field.h"
#include "codec/dlt645/dlt645_table.h"

#define ENERGY(quantity, unit, form) DLT645_NAMED(quantity, unit, form, 4, -2, NULL, NULL)
#define POWER(phase) \
    { \
        ITEM_POWER_ACTIVE, ITEM_UNIT_KW, DLT645_FORM_SIGNED, 3, -4, phase, 0, NULL, NULL \
    }
#define REACTIVE(phase) \
    { \
        ITEM_POWER_REACTIVE, ITEM_UNIT_KVAR, DLT645_FORM_SIGNED, 3, -4, phase, 0, NULL, NULL \
    }

static const struct dlt645_field active_import[] = { ENERGY(ENERGY_ACTIVE_IMPORT, KWH, BCD) };
static const struct dlt645_field active_export[] = { ENERGY(ENERGY_ACTIVE_EXPORT, KWH, BCD) };
static const struct dlt645_field combined_1[] = { ENERGY(ENERGY_REACTIVE_COMBINED_1, KVARH, SIGNED) };
static const struct dlt645_field combined_2[] = { ENERGY(ENERGY_REACTIVE_COMBINED_2, KVARH, SIGNED) };
static const struct dlt645_field quadrant_1[] = { ENERGY(ENERGY_REACTIVE_QUADRANT_1, KVARH, BCD) };
static const struct dlt645_field quadrant_2[] = { ENERGY(ENERGY_REACTIVE_QUADRANT_2, KVARH, BCD) };
static const struct dlt645_field quadrant_3[] = { ENERGY(ENERGY_REACTIVE_QUADRANT_3, KVARH, BCD) };
static const struct dlt645_field quadrant_4[] = { ENERGY(ENERGY_REACTIVE_QUADRANT_4, KVARH, BCD) };
static const struct dlt645_field import_demand[] = {
    { ITEM_DEMAND_ACTIVE_IMPORT, ITEM_UNIT_KW, DLT645_FORM_BCD, 3, -4, 0, 5, NULL, NULL },
};
static const struct dlt645_field export_demand[] = {
    { ITEM_DEMAND_ACTIVE_EXPORT, ITEM_UNIT_KW, DLT645_FORM_BCD, 3, -4, 0, 5, NULL, NULL },
};
static const struct dlt645_field variables[] = {
    POWER(0), POWER(1), POWER(2), POWER(3), REACTIVE(0), REACTIVE(1), REACTIVE(2), REACTIVE(3),
};
static const struct dlt645_field when[] = { DLT645_PLAIN(DATE_TIME, MINUTE, 5) };

const struct dlt645_record dlt645_freeze_whole_record = { NULL, 0, 0, DLT645_AXIS_NONE };
const struct dlt645_record dlt645_freeze_hour_record = { NULL, 0, 0, DLT645_AXIS_NONE };

static const struct dlt645_record active_import_list = DLT645_LIST(active_import, 0, TARIFF);
static const struct dlt645_record active_export_list = DLT645_LIST(active_export, 0, TARIFF);
static const struct dlt645_record combined_1_list = DLT645_LIST(combined_1, 0, TARIFF);
static const struct dlt645_record combined_2_list = DLT645_LIST(combined_2, 0, TARIFF);
static const struct dlt645_record quadrant_1_list = DLT645_LIST(quadrant_1, 0, TARIFF);
static const struct dlt645_record quadrant_2_list = DLT645_LIST(quadrant_2, 0, TARIFF);
static const struct dlt645_record quadrant_3_list = DLT645_LIST(quadrant_3, 0, TARIFF);
static const struct dlt645_record quadrant_4_list = DLT645_LIST(quadrant_4, 0, TARIFF);
static const struct dlt645_record import_demand_list = DLT645_LIST(import_demand, 0, TARIFF);
static const struct dlt645_record export_demand_list = DLT645_LIST(export_demand, 0, TARIFF);
static const struct dlt645_record variables_record = DLT645_RECORD(variables);

#define STORED \
    { \
        DLT645_AXIS_STORAGE, 1, 254, false \
    }
#define ROW(identifier, record, english, chinese) \
    { \
        identifier, DLT645_FIXED, STORED, DLT645_NO_FIELD, &record, english, chinese \
    }

/* What every kind of freeze keeps. */
#define FREEZE_ROWS(kind, all, english, chinese) \
    { 0x05000001 + (kind##u << 16), DLT645_FIXED,      STORED, DLT645_PLAIN(DATE_TIME, MINUTE, 5), NULL, \
      english " freeze time",       chinese "冻结时间" }, \
        ROW(0x05000101 + (kind##u << 16), active_import_list, english " freeze forward active energy", \
            chinese "冻结正向有功电能"), \
        ROW(0x05000201 + (kind##u << 16), active_export_list, english " freeze reverse active energy", \
            chinese "冻结反向有功电能"), \
        ROW(0x05000301 + (kind##u << 16), combined_1_list, english " freeze combined reactive energy 1", \
            chinese "冻结组合无功1电能"), \
        ROW(0x05000401 + (kind##u << 16), combined_2_list, english " freeze combined reactive energy 2", \
            chinese "冻结组合无功2电能"), \
        ROW(0x05000501 + (kind##u << 16), quadrant_1_list, english " freeze quadrant 1 reactive energy", \
            chinese "冻结第一象限无功电能"), \
        ROW(0x05000601 + (kind##u << 16), quadrant_2_list, english " freeze quadrant 2 reactive energy", \
            chinese "冻结第二象限无功电能"), \
        ROW(0x05000701 + (kind##u << 16), quadrant_3_list, english " freeze quadrant 3 reactive energy", \
            chinese "冻结第三象限无功电能"), \
        ROW(0x05000801 + (kind##u << 16), quadrant_4_list, english " freeze quadrant 4 reactive energy", \
            chinese "冻结第四象限无功电能"), \
        ROW(0x05000901 + (kind##u << 16), import_demand_list, english " freeze maximum forward active demand", \
            chinese "冻结正向有功最大需量"), \
        ROW(0x05000a01 + (kind##u << 16), export_demand_list, english " freeze maximum reverse active demand", \
            chinese "冻结反向有功最大需量"), \
        ROW(0x05001001 + (kind##u << 16), variables_record, english " freeze variables", chinese "冻结变量"), \
        ROW(0x0500ff01 + (kind##u << 16), all, english " freeze whole record", chinese "冻结全部数据")

static const struct dlt645_row rows[] = {
    FREEZE_ROWS(0, dlt645_freeze_whole_record, "Timed", "定时"),
    FREEZE_ROWS(1, dlt645_freeze_whole_record, "Instant", "瞬时"),
    FREEZE_ROWS(2, dlt645_freeze_whole_record, "Zone table switch", "两套时区表切换"),
    FREEZE_ROWS(3, dlt645_freeze_whole_record, "Period table switch", "两套日时段表切换"),
    FREEZE_ROWS(4, dlt645_freeze_hour_record, "Hourly", "整点"),
    FREEZE_ROWS(5, dlt645_freeze_whole_record, "Tariff switch", "两套费率电价切换"),
    FREEZE_ROWS(6, dlt645_freeze_whole_record, "Daily", "日"),
    FREEZE_ROWS(7, dlt645_freeze_whole_record, "Monthly or tier switch", "月（或两套阶梯切换）"),
};

const struct dlt645_table dlt645_freeze_table = DLT645_TABLE(rows, "DL/T 645-2007 table A.6");

#define SEPARATOR 0xaa
#define REGISTER_LIMIT 64 /* total and 63 tariffs */

/* What a whole record holds, one item of the table after the other. */
struct section {
    const struct dlt645_field *fields;
    size_t count;
    bool is_per_tariff; /* total and all tariffs */
};

struct layout {
    const struct section *sections;
    size_t count;
};

static const struct section whole_sections[] = {
    { when, 1, false },         { active_import, 1, true }, { active_export, 1, true },
    { combined_1, 1, true },    { combined_2, 1, true },    { quadrant_1, 1, true },
    { quadrant_2, 1, true },    { quadrant_3, 1, true },    { quadrant_4, 1, true },
    { import_demand, 1, true }, { export_demand, 1, true }, { variables, DLT645_COUNT_OF(variables), false },
};
/* Hourly: time and the two totals only. */
static const struct section hour_sections[] = {
    { when, 1, false },
    { active_import, 1, false },
    { active_export, 1, false },
};
static const struct layout whole_layout = { whole_sections, DLT645_COUNT_OF(whole_sections) };
static const struct layout hour_layout = { hour_sections, DLT645_COUNT_OF(hour_sections) };

static size_t layout_size(const struct layout *layout, size_t registers)
{
    size_t size = 0;

    for (size_t i = 0; i < layout->count; i++)
        for (size_t k = 0; k < layout->sections[i].count; k++)
            size +=
                dlt645_field_size(&layout->sections[i].fields[k]) * (layout->sections[i].is_per_tariff ? registers : 1);
    return size;
}

/* How a record of `size` bytes is put together: how many registers stand for each energy, and behind how many sections
 * a separator (none, all but the last, all). Meters differ in that; the size leaves no choice.
 * returns  registers; 0 when no layout has that size */
static size_t layout_fit(const struct layout *layout, size_t size, size_t *separators)
{
    const size_t choices[] = { 0, layout->count - 1, layout->count };

    for (size_t registers = 1; registers <= REGISTER_LIMIT; registers++) {
        size_t bare = layout_size(layout, registers);
        for (size_t i = 0; i < DLT645_COUNT_OF(choices); i++)
            if (bare + choices[i] == size) {
                *separators = choices[i];
                return registers;
            }
    }
    return 0;
}

/* One section; `at` moves behind it. */
static int section_decode(const struct dlt645_identity *identity, const struct section *section, size_t registers,
                          struct span values, size_t *at, struct item_list *list)
{
    for (size_t i = 0; i < registers * section->count; i++) {
        const struct dlt645_field *field = &section->fields[i % section->count];
        size_t size = dlt645_field_size(field);
        struct item *item = item_list_add(list);
        if (item == NULL)
            return CODEC_ERR_FULL;
        dlt645_field_decode(field, span_of_bytes(values.bytes + *at, size), item);
        item->identifier = identity->identifier;
        item->storage = identity->last_number;
        item->tariff = (uint16_t)(i / section->count);
        *at += size;
    }
    return 0;
}

/* Every value was true when it was frozen; a demand has its own time. */
static void time_spread(struct item *items, size_t count)
{
    for (size_t i = 1; i < count && items[0].quality == ITEM_GOOD; i++)
        if (items[i].time.parts == ITEM_TIME_NONE)
            items[i].time = items[0].time;
}

int dlt645_freeze_decode(const struct dlt645_identity *identity, struct span values, struct item_list *list,
                         size_t *used)
{
    const struct layout *layout = identity->row->record == &dlt645_freeze_hour_record ? &hour_layout : &whole_layout;
    size_t separators = 0, at = 0, before = list->count;
    size_t registers = layout_fit(layout, values.size, &separators);

    for (size_t i = 0; registers > 0 && i < layout->count; i++) {
        const struct section *section = &layout->sections[i];
        int result = section_decode(identity, section, section->is_per_tariff ? registers : 1, values, &at, list);
        if (result < 0)
            return result;
        if (i < separators && values.bytes[at++] != SEPARATOR) {
            list->count = before;
            registers = 0;
        }
    }
    *used = registers > 0 ? at : 0;
    time_spread(list->items + before, list->count - before);
    return 0;
}
