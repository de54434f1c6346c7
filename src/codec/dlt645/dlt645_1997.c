/* DL/T 645-1997, all of it: DI1 DI0. The second digit of energy and demand also says the month (+4 the last, +8 the one
 * before), the fourth the tariff or phase. */
#include "codec/dlt645/dlt645_table.h"

#define MONTHS \
    { \
        DLT645_AXIS_STORAGE, 0, 2, false \
    }
#define TARIFFS \
    { \
        DLT645_AXIS_TARIFF, 0, 14, true \
    }
#define PHASES \
    { \
        DLT645_AXIS_PHASE, 1, 3, true \
    }
#define TOTAL_AND_PHASES \
    { \
        DLT645_AXIS_PHASE, 0, 3, true \
    }

#define ENERGY_ROW(identifier, quantity, unit, english, chinese) \
    { \
        identifier, MONTHS, TARIFFS, DLT645_BCD(ENERGY_##quantity, unit, 4, -2), NULL, english, chinese \
    }
/* Demand XX.XXXX at Axxx, its time MMDDhhmm at Bxxx. */
#define DEMAND_ROW(identifier, quantity, unit, english, chinese) \
    { \
        identifier, MONTHS, TARIFFS, DLT645_BCD(DEMAND_##quantity, unit, 3, -4), NULL, english, chinese \
    }
#define DEMAND_TIME_ROW(identifier, english, chinese) \
    { \
        identifier, MONTHS, TARIFFS, DLT645_PLAIN(DEMAND_TIME, OF_YEAR, 4), NULL, english, chinese \
    }
#define ROW(identifier, field, english, chinese) \
    { \
        identifier, DLT645_FIXED, DLT645_FIXED, field, NULL, english, chinese \
    }
#define OF_PHASE(identifier, field, english, chinese) \
    { \
        identifier, DLT645_FIXED, PHASES, field, NULL, english, chinese \
    }
#define OF_TOTAL_AND_PHASE(identifier, field, english, chinese) \
    { \
        identifier, DLT645_FIXED, TOTAL_AND_PHASES, field, NULL, english, chinese \
    }
#define NUMBERED(identifier, high, field, english, chinese) \
    { \
        identifier, DLT645_FIXED, { DLT645_AXIS_NUMBER, 1, high, true }, field, NULL, english, chinese \
    }

#define COUNT(size) DLT645_BCD(COUNT, NONE, size, 0)
#define NUMBER(size) DLT645_BCD(PARAMETER, NONE, size, 0)
#define MINUTES(size) DLT645_BCD(PERIOD, MINUTE, size, 0)
#define WHEN(quantity) DLT645_PLAIN(quantity, OF_YEAR, 4)
#define SWITCHES(identifier, number) \
    NUMBERED(identifier, 14, DLT645_PLAIN(START_TIME, SWITCH, 3), "Day table " number " period start and tariff", \
             "第" number "日时段表起始时间及费率号")

static const struct dlt645_row rows[] = {
    { 0x9000, MONTHS, DLT645_FIXED, DLT645_BCD(ENERGY_ACTIVE_COMBINED, KWH, 4, -2), NULL, "Active energy DI 9000",
      "有功电能（9000）" },
    ENERGY_ROW(0x9010, ACTIVE_IMPORT, KWH, "Forward active energy", "正向有功电能"),
    ENERGY_ROW(0x9020, ACTIVE_EXPORT, KWH, "Reverse active energy", "反向有功电能"),
    ENERGY_ROW(0x9110, REACTIVE_IMPORT, KVARH, "Forward reactive energy", "正向无功电能"),
    ENERGY_ROW(0x9120, REACTIVE_EXPORT, KVARH, "Reverse reactive energy", "反向无功电能"),
    ENERGY_ROW(0x9130, REACTIVE_QUADRANT_1, KVARH, "Quadrant 1 reactive energy", "第一象限无功电能"),
    ENERGY_ROW(0x9140, REACTIVE_QUADRANT_4, KVARH, "Quadrant 4 reactive energy", "第四象限无功电能"),
    ENERGY_ROW(0x9150, REACTIVE_QUADRANT_2, KVARH, "Quadrant 2 reactive energy", "第二象限无功电能"),
    ENERGY_ROW(0x9160, REACTIVE_QUADRANT_3, KVARH, "Quadrant 3 reactive energy", "第三象限无功电能"),
    DEMAND_ROW(0xa010, ACTIVE_IMPORT, KW, "Maximum forward active demand", "正向有功最大需量"),
    DEMAND_ROW(0xa020, ACTIVE_EXPORT, KW, "Maximum reverse active demand", "反向有功最大需量"),
    DEMAND_ROW(0xa110, REACTIVE_IMPORT, KVAR, "Maximum forward reactive demand", "正向无功最大需量"),
    DEMAND_ROW(0xa120, REACTIVE_EXPORT, KVAR, "Maximum reverse reactive demand", "反向无功最大需量"),
    DEMAND_ROW(0xa130, REACTIVE_QUADRANT_1, KVAR, "Quadrant 1 maximum reactive demand", "第一象限无功最大需量"),
    DEMAND_ROW(0xa140, REACTIVE_QUADRANT_4, KVAR, "Quadrant 4 maximum reactive demand", "第四象限无功最大需量"),
    DEMAND_ROW(0xa150, REACTIVE_QUADRANT_2, KVAR, "Quadrant 2 maximum reactive demand", "第二象限无功最大需量"),
    DEMAND_ROW(0xa160, REACTIVE_QUADRANT_3, KVAR, "Quadrant 3 maximum reactive demand", "第三象限无功最大需量"),
    DEMAND_TIME_ROW(0xb010, "Time of the maximum forward active demand", "正向有功最大需量发生时间"),
    DEMAND_TIME_ROW(0xb020, "Time of the maximum reverse active demand", "反向有功最大需量发生时间"),
    DEMAND_TIME_ROW(0xb110, "Time of the maximum forward reactive demand", "正向无功最大需量发生时间"),
    DEMAND_TIME_ROW(0xb120, "Time of the maximum reverse reactive demand", "反向无功最大需量发生时间"),
    DEMAND_TIME_ROW(0xb130, "Time of the quadrant 1 maximum reactive demand", "第一象限无功最大需量发生时间"),
    DEMAND_TIME_ROW(0xb140, "Time of the quadrant 4 maximum reactive demand", "第四象限无功最大需量发生时间"),
    DEMAND_TIME_ROW(0xb150, "Time of the quadrant 2 maximum reactive demand", "第二象限无功最大需量发生时间"),
    DEMAND_TIME_ROW(0xb160, "Time of the quadrant 3 maximum reactive demand", "第三象限无功最大需量发生时间"),
    ROW(0xb210, WHEN(DATE_TIME), "Time of the last programming", "最近一次编程时间"),
    ROW(0xb211, WHEN(DATE_TIME), "Time of the last demand clear", "最近一次最大需量清零时间"),
    ROW(0xb212, COUNT(2), "Programming count", "编程次数"),
    ROW(0xb213, COUNT(2), "Demand clear count", "最大需量清零次数"),
    ROW(0xb214, DLT645_BCD(BATTERY_TIME, MINUTE, 3, 0), "Battery working time", "电池工作时间"),
    OF_TOTAL_AND_PHASE(0xb310, COUNT(2), "Phase failure count", "断相次数"),
    OF_TOTAL_AND_PHASE(0xb320, DLT645_BCD(DURATION, MINUTE, 3, 0), "Phase failure cumulated time", "断相时间累计值"),
    OF_TOTAL_AND_PHASE(0xb330, WHEN(START_TIME), "Start of the last phase failure", "最近一次断相起始时刻"),
    OF_TOTAL_AND_PHASE(0xb340, WHEN(END_TIME), "End of the last phase failure", "最近一次断相结束时刻"),
    OF_PHASE(0xb611, DLT645_BCD(VOLTAGE, V, 2, 0), "Voltage", "电压"),
    OF_PHASE(0xb621, DLT645_BCD(CURRENT, A, 2, -2), "Current", "电流"),
    OF_TOTAL_AND_PHASE(0xb630, DLT645_BCD(POWER_ACTIVE, KW, 3, -4), "Active power", "瞬时有功功率"),
    OF_TOTAL_AND_PHASE(0xb640, DLT645_BCD(POWER_REACTIVE, KVAR, 2, -2), "Reactive power", "瞬时无功功率"),
    OF_TOTAL_AND_PHASE(0xb650, DLT645_BCD(POWER_FACTOR, NONE, 2, -3), "Power factor", "功率因数"),
    ROW(0xc010, DLT645_PLAIN(DATE, DATE, 4), "Date", "日期及星期"),
    ROW(0xc011, DLT645_PLAIN(TIME, CLOCK, 3), "Time", "时间"),
    ROW(0xc020, DLT645_PLAIN(STATUS, FLAGS, 1), "Meter status", "电表运行状态字"),
    ROW(0xc021, DLT645_PLAIN(STATUS, FLAGS, 1), "Grid status", "电网状态字"),
    ROW(0xc022, DLT645_PLAIN(STATUS, FLAGS, 1), "Weekend days", "周休日状态字"),
    ROW(0xc030, DLT645_BCD(CONSTANT, IMP_KWH, 3, 0), "Active meter constant", "电表常数（有功）"),
    ROW(0xc031, DLT645_BCD(CONSTANT, IMP_KVARH, 3, 0), "Reactive meter constant", "电表常数（无功）"),
    ROW(0xc032, DLT645_PLAIN(METER_NUMBER, DIGITS, 6), "Meter number", "表号"),
    ROW(0xc033, DLT645_PLAIN(CUSTOMER_NUMBER, DIGITS, 6), "Customer number", "用户号"),
    ROW(0xc034, DLT645_PLAIN(FABRICATION_NUMBER, DIGITS, 6), "Device code", "设备码"),
    ROW(0xc111, MINUTES(1), "Demand period", "最大需量周期"),
    ROW(0xc112, MINUTES(1), "Demand slip time", "滑差时间"),
    ROW(0xc117, DLT645_PLAIN(PARAMETER, DIGITS, 2), "Reading day (DDhh)", "自动抄表日期"),
    ROW(0xc119, DLT645_BCD(ENERGY_ACTIVE_IMPORT, KWH, 4, -1), "Active energy start reading", "有功电能起始读数"),
    ROW(0xc11a, DLT645_BCD(ENERGY_REACTIVE_IMPORT, KVARH, 4, -1), "Reactive energy start reading", "无功电能起始读数"),
    ROW(0xc310, NUMBER(1), "Number of zones in the year", "年时区数"),
    ROW(0xc311, NUMBER(1), "Number of day tables", "日时段表数"),
    ROW(0xc312, NUMBER(1), "Number of switches in the day", "日时段数"),
    ROW(0xc313, NUMBER(1), "Number of tariffs", "费率数"),
    ROW(0xc314, NUMBER(1), "Number of public holidays", "公共假日数"),
    NUMBERED(0xc321, 14, DLT645_PLAIN(START_TIME, DIGITS, 3), "Zone start and day table (MMDDNN)",
             "年时区起始日期及日时段表号"),
    SWITCHES(0xc331, "1"),
    SWITCHES(0xc341, "2"),
    SWITCHES(0xc351, "3"),
    SWITCHES(0xc361, "4"),
    SWITCHES(0xc371, "5"),
    SWITCHES(0xc381, "6"),
    SWITCHES(0xc391, "7"),
    SWITCHES(0xc3a1, "8"),
    ROW(0xc510, DLT645_PLAIN(START_TIME, OF_YEAR, 4), "Load record start", "负荷记录起始时间"),
    ROW(0xc511, MINUTES(2), "Load record interval", "负荷记录间隔时间"),
};

const struct dlt645_table dlt645_1997_table = DLT645_TABLE(rows, "DL/T 645-1997 appendix A");
