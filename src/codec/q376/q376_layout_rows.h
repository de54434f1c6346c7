/* The layout tables, one file for each group of AFN, and how their rows are written down: one macro for each kind of
 * row. Only for q376_layout*.c. */
#ifndef CODEC_Q376_LAYOUT_ROWS_H
#define CODEC_Q376_LAYOUT_ROWS_H

#include "codec/q376/q376_layout.h"

extern const struct q376_fields q376_fields_none; /* no data at all */
extern const struct q376_fields q376_fields_clock;
extern const struct q376_fields q376_fields_day_mark;   /* Td_d */
extern const struct q376_fields q376_fields_month_mark; /* Td_m */
extern const struct q376_fields q376_fields_curve_mark; /* Td_c */

/* The tables, by AFN; and of event records by ERC. */
extern const struct q376_layouts q376_layouts_confirm;
extern const struct q376_layouts q376_layouts_reset;
extern const struct q376_layouts q376_layouts_link;
extern const struct q376_layouts q376_layouts_authentication;
extern const struct q376_layouts q376_layouts_parameter;
extern const struct q376_layouts q376_layouts_query;
extern const struct q376_layouts q376_layouts_control;
extern const struct q376_layouts q376_layouts_configuration;
extern const struct q376_layouts q376_layouts_task;
extern const struct q376_layouts q376_layouts_current;
extern const struct q376_layouts q376_layouts_history;
extern const struct q376_layouts q376_layouts_events;
extern const struct q376_layouts q376_layouts_file;
extern const struct q376_layouts q376_layouts_forward;
extern const struct q376_layouts q376_layouts_records;

#define LABEL(key_, english_, chinese_) .key = (key_), .english = (english_), .chinese = (chinese_)

/* A measured value, called by its quantity. */
#define MEASURED(format_, quantity_, unit_, phase_) \
    .format = Q376_FORMAT_##format_, .quantity = ITEM_##quantity_, .unit = ITEM_UNIT_##unit_, .phase = (phase_)

/* A value with a name of its own, which only the terminal is about. */
#define NAMED(format_, key_, english_, chinese_) \
    LABEL(key_, english_, chinese_), .format = Q376_FORMAT_##format_, .quantity = ITEM_PARAMETER

/* Binary numbers, flags, text and bytes of a size. */
#define NUMBER(size_, key_, english_, chinese_) NAMED(NUMBER, key_, english_, chinese_), .size = (size_)
#define FLAGS(size_, key_, english_, chinese_) NAMED(FLAGS, key_, english_, chinese_), .size = (size_)
#define TEXT(size_, key_, english_, chinese_) NAMED(TEXT, key_, english_, chinese_), .size = (size_)
#define BYTES(size_, key_, english_, chinese_) NAMED(BYTES, key_, english_, chinese_), .size = (size_)

#define BITS(size_, shift_, width_, key_, english_, chinese_) \
    LABEL(key_, english_, chinese_), .kind = Q376_KIND_BITS, .format = Q376_FORMAT_NUMBER, .size = (size_), \
    .shift = (shift_), .width = (width_), .quantity = ITEM_PARAMETER

#define GROUP(rows_, repeat_, key_, english_, chinese_) \
    LABEL(key_, english_, chinese_), .kind = Q376_KIND_GROUP, .size = (rows_), .repeat = Q376_COUNTER_##repeat_

#define OWN .kind = Q376_KIND_OWN
#define TIMES(counter_) .repeat = Q376_COUNTER_##counter_
#define KEPT_AS(counter_) .counter = Q376_COUNTER_##counter_
#define LATCH .is_latch = true

#define READ_TIME NAMED(15, "read_time", "Read by the terminal at", "终端抄表时间")
#define TARIFF_COUNT NUMBER(1, "tariffs", "Tariffs", "费率数 M"), KEPT_AS(TARIFFS)

/* Rows that AFN 0C and 0D share: behind the read time. */
#define FORWARD_ENERGIES \
    { TARIFF_COUNT }, { MEASURED(14, ENERGY_ACTIVE_IMPORT, KWH, 0), TIMES(TARIFFS) }, \
    { MEASURED(11, ENERGY_REACTIVE_IMPORT, KVARH, 0), TIMES(TARIFFS) }, \
    { MEASURED(11, ENERGY_REACTIVE_QUADRANT_1, KVARH, 0), TIMES(TARIFFS) }, \
    { MEASURED(11, ENERGY_REACTIVE_QUADRANT_4, KVARH, 0), TIMES(TARIFFS) }
#define REVERSE_ENERGIES \
    { TARIFF_COUNT }, { MEASURED(14, ENERGY_ACTIVE_EXPORT, KWH, 0), TIMES(TARIFFS) }, \
    { MEASURED(11, ENERGY_REACTIVE_EXPORT, KVARH, 0), TIMES(TARIFFS) }, \
    { MEASURED(11, ENERGY_REACTIVE_QUADRANT_2, KVARH, 0), TIMES(TARIFFS) }, \
    { MEASURED(11, ENERGY_REACTIVE_QUADRANT_3, KVARH, 0), TIMES(TARIFFS) }
#define OWN_ENERGIES { TARIFF_COUNT }, { OWN, TIMES(TARIFFS) }

/* All demands, then all times. */
#define DEMAND(quantity_, unit_) MEASURED(23, quantity_, unit_, 0), .function = ITEM_MAXIMUM
#define DEMAND_TIME MEASURED(17, DEMAND_TIME, NONE, 0), .function = ITEM_MAXIMUM
#define FORWARD_DEMANDS \
    { TARIFF_COUNT }, { DEMAND(DEMAND_ACTIVE_IMPORT, KW), TIMES(TARIFFS) }, { DEMAND_TIME, TIMES(TARIFFS) }, \
    { DEMAND(DEMAND_REACTIVE_IMPORT, KVAR), TIMES(TARIFFS) }, { DEMAND_TIME, TIMES(TARIFFS) }
#define REVERSE_DEMANDS \
    { TARIFF_COUNT }, { DEMAND(DEMAND_ACTIVE_EXPORT, KW), TIMES(TARIFFS) }, { DEMAND_TIME, TIMES(TARIFFS) }, \
    { DEMAND(DEMAND_REACTIVE_EXPORT, KVAR), TIMES(TARIFFS) }, { DEMAND_TIME, TIMES(TARIFFS) }

/* Each demand with its time. */
#define OWN_DEMANDS \
    { TARIFF_COUNT }, { GROUP(2, TARIFFS, "demand", "Maximum demand", "最大需量及发生时间") }, \
    { OWN, .function = ITEM_MAXIMUM }, { DEMAND_TIME }

/* Voltages' and currents' angles of the phases. */
#define VOLTAGE_ANGLES \
    { MEASURED(05, PHASE_ANGLE, DEGREE, 1) }, { MEASURED(05, PHASE_ANGLE, DEGREE, 2) }, \
    { MEASURED(05, PHASE_ANGLE, DEGREE, 3) }
#define CURRENT_ANGLES \
    { NAMED(05, "current_angle_a", "Current angle, phase A", "A相电流相位角"), .unit = ITEM_UNIT_DEGREE }, \
    { NAMED(05, "current_angle_b", "Current angle, phase B", "B相电流相位角"), .unit = ITEM_UNIT_DEGREE }, \
    { NAMED(05, "current_angle_c", "Current angle, phase C", "C相电流相位角"), .unit = ITEM_UNIT_DEGREE }

/* All of the terminal version in 130-2005, the beginning of it in 376.1. */
#define VERSION_BEGIN \
    { LABEL("vendor", "Vendor code", "厂商代号"), .format = Q376_FORMAT_TEXT, .size = 4, \
      .quantity = ITEM_MANUFACTURER }, \
    { TEXT(8, "device_number", "Device number", "设备编号") }, \
    { TEXT(4, "software_version", "Software version", "终端软件版本号") }, \
    { NAMED(20, "software_date", "Software date", "终端软件发布日期") }, \
    { TEXT(11, "capacity_code", "Capacity code", "终端配置容量信息码") }

#define SWITCHING(words_) \
    { LABEL("switch_state", "Switch", "电能表通断电状态"), .format = Q376_FORMAT_NUMBER, .size = 1, \
      .quantity = ITEM_RELAY, .words = (words_) }, \
    { NAMED(15, "last_on", "Last remote close", "最后一次远程控制通电时间") }, \
    { NAMED(15, "last_off", "Last remote trip", "最后一次远程控制断电时间") }
#define OPENINGS \
    { NAMED(08, "programming_switch_count", "Programming switch used", "编程开关操作次数") }, \
    { NAMED(15, "last_programming_switch", "Last use", "最后一次编程开关操作时间") }, \
    { NAMED(08, "cover_count", "Terminal cover opened", "电能表尾盖打开次数") }, \
    { NAMED(15, "last_cover", "Last opening", "最后一次尾盖打开时间") }
#define CHANGES \
    { NAMED(08, "clock_changes", "Clock changed", "电能表时钟修改次数") }, \
    { NAMED(15, "last_clock_change", "Last change", "最后一次时钟修改时间") }, \
    { NAMED(08, "period_changes", "Tariff periods changed", "电能表时段参数修改次数") }, \
    { NAMED(15, "last_period_change", "Last change", "最后一次时段参数修改时间") }
#define SETTLEMENT \
    { TARIFF_COUNT }, \
    { NAMED(14, "settled_energy", "Energy settled", "已结有功电能"), .unit = ITEM_UNIT_KWH, TIMES(TARIFFS) }, \
    { NAMED(14, "unsettled_energy", "Energy not settled", "未结有功电能"), .unit = ITEM_UNIT_KWH, TIMES(TARIFFS) }
#define LIMIT_ENERGY(key_, english_, chinese_) { NAMED(11, key_, english_, chinese_), .unit = ITEM_UNIT_KWH }
#define PURCHASES \
    { MEASURED(08, PURCHASE_COUNT, NONE, 0) }, { MEASURED(14, BALANCE, YUAN, 0) }, \
    { MEASURED(14, PURCHASE_TOTAL, YUAN, 0) }, { MEASURED(11, BALANCE_ENERGY, KWH, 0) }, \
    LIMIT_ENERGY("overdraft_energy", "Energy on credit", "透支电量"), \
    LIMIT_ENERGY("purchased_energy", "Energy purchased", "累计购电量"), \
    LIMIT_ENERGY("credit_limit", "Credit limit", "赊欠门限电量"), \
    LIMIT_ENERGY("warning_energy", "Warning limit", "报警电量"), \
    LIMIT_ENERGY("fault_energy", "Energy during faults", "故障电量")

/* A function without a quantity of its own. */
#define ROW(number_, english_, chinese_, down_, up_) \
    { .number = (number_), .english = (english_), .chinese = (chinese_), .down = (down_), .up = (up_) }

/* A function whose rows of kind OWN hold this. */
#define ROW_OF(number_, english_, chinese_, down_, up_, format_, quantity_, unit_, phase_) \
    { .number = (number_), .english = (english_), .chinese = (chinese_), .down = (down_), .up = (up_), \
      .format = Q376_FORMAT_##format_, .quantity = ITEM_##quantity_, .unit = ITEM_UNIT_##unit_, .phase = (phase_) }

/* The same of the last settlement. */
#define ROW_OF_LAST(number_, english_, chinese_, up_, format_, quantity_, unit_) \
    { .number = (number_), .english = (english_), .chinese = (chinese_), .down = &q376_fields_none, .up = (up_), \
      .format = Q376_FORMAT_##format_, .quantity = ITEM_##quantity_, .unit = ITEM_UNIT_##unit_, .storage = 1 }

#define FIELDS(name_) { name_##_rows, sizeof name_##_rows / sizeof name_##_rows[0] }
#define LAYOUTS(name_) { name_, sizeof name_ / sizeof name_[0] }

#endif
