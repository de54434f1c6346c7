/* DL/T 645-2007 table A.6: frozen values (05 kind item n). The kind says what froze them, the item what was frozen, n
 * how long ago (1 the last). Energies and demands stand as total and tariffs one after the other, as many tariffs as the
 * meter has. */
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
/* Hourly: time and the two totals only. */
static const struct dlt645_field hour[] = {
    DLT645_PLAIN(DATE_TIME, MINUTE, 5),
    ENERGY(ENERGY_ACTIVE_IMPORT, KWH, BCD),
    ENERGY(ENERGY_ACTIVE_EXPORT, KWH, BCD),
};
/* How many tariffs the whole record has is not known from it, so only its time is taken out. */
static const struct dlt645_field whole[] = { DLT645_PLAIN(DATE_TIME, MINUTE, 5) };

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
static const struct dlt645_record hour_record = DLT645_RECORD(hour);
static const struct dlt645_record whole_record = DLT645_RECORD(whole);

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
    FREEZE_ROWS(0, whole_record, "Timed", "定时"),
    FREEZE_ROWS(1, whole_record, "Instant", "瞬时"),
    FREEZE_ROWS(2, whole_record, "Zone table switch", "两套时区表切换"),
    FREEZE_ROWS(3, whole_record, "Period table switch", "两套日时段表切换"),
    FREEZE_ROWS(4, hour_record, "Hourly", "整点"),
    FREEZE_ROWS(5, whole_record, "Tariff switch", "两套费率电价切换"),
    FREEZE_ROWS(6, whole_record, "Daily", "日"),
    FREEZE_ROWS(7, whole_record, "Monthly or tier switch", "月（或两套阶梯切换）"),
};

const struct dlt645_table dlt645_freeze_table = DLT645_TABLE(rows, "DL/T 645-2007 table A.6");
