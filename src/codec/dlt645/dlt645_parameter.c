/* DL/T 645-2007 table A.5: parameters (04xxxxxx), with those of the prepayment extension. */
#include "codec/dlt645/dlt645_table.h"

#define NUMBER(size) DLT645_BCD(PARAMETER, NONE, size, 0)
#define MINUTES(size) DLT645_BCD(PERIOD, MINUTE, size, 0)
#define YUAN DLT645_BCD(PARAMETER, YUAN, 4, -2)
#define KWH DLT645_BCD(PARAMETER, KWH, 4, -2)
#define FLAGS(size) DLT645_PLAIN(STATUS, FLAGS, size)
#define MODE DLT645_PLAIN(PARAMETER, FLAGS, 1)
#define TEXT(size) DLT645_PLAIN(TEXT, TEXT, size)
#define SWITCHING DLT645_PLAIN(START_TIME, MINUTE, 5)

#define ROW(identifier, field, english, chinese) \
    { \
        identifier, DLT645_FIXED, DLT645_FIXED, field, NULL, english, chinese \
    }
#define NUMBERED(identifier, low, high, field, english, chinese) \
    { \
        identifier, DLT645_FIXED, DLT645_NUMBERS(low, high), field, NULL, english, chinese \
    }
#define OF_TARIFF(identifier, english, chinese) \
    { \
        identifier, DLT645_FIXED, { DLT645_AXIS_TARIFF, 1, 63, true }, DLT645_BCD(PRICE, YUAN_KWH, 4, -4), NULL, \
            english, chinese \
    }
#define OF_TIER(identifier, field, english, chinese) \
    { \
        identifier, DLT645_FIXED, { DLT645_AXIS_TIER, 1, 63, true }, field, NULL, english, chinese \
    }
/* A list as long as the data go. */
#define LIST(identifier, record, english, chinese) \
    { \
        identifier, DLT645_FIXED, DLT645_FIXED, DLT645_NO_FIELD, &record, english, chinese \
    }

/* MMDDNN: from that day on day table NN. */
static const struct dlt645_field zone[] = {
    DLT645_NAMED(START_TIME, NONE, DIGITS, 3, 0, "Zone start and day table (MMDDNN)", "年时区起始日期及日时段表号"),
};
/* hhmmNN: from that time on tariff NN. */
static const struct dlt645_field period[] = {
    DLT645_NAMED(START_TIME, NONE, SWITCH, 3, 0, "Period start and tariff (hhmmNN)", "日时段起始时间及费率号"),
};
static const struct dlt645_record zones = DLT645_LIST(zone, 0, NUMBER);
static const struct dlt645_record periods = DLT645_LIST(period, 0, NUMBER);

#define DAY_TABLES(identifier, english, chinese) \
    { \
        identifier, DLT645_FIXED, { DLT645_AXIS_NUMBER, 1, 8, false }, DLT645_NO_FIELD, &periods, english, chinese \
    }

static const struct dlt645_row rows[] = {
    ROW(0x04000101, DLT645_PLAIN(DATE, DATE, 4), "Date", "日期及星期"),
    ROW(0x04000102, DLT645_PLAIN(TIME, CLOCK, 3), "Time", "时间"),
    ROW(0x04000103, MINUTES(1), "Demand period", "最大需量周期"),
    ROW(0x04000104, MINUTES(1), "Demand slip time", "滑差时间"),
    ROW(0x04000105, NUMBER(2), "Calibration pulse width in ms", "校表脉冲宽度（毫秒）"),
    ROW(0x04000106, SWITCHING, "Switching time of the zone tables", "两套时区表切换时间"),
    ROW(0x04000107, SWITCHING, "Switching time of the period tables", "两套日时段表切换时间"),
    ROW(0x04000108, SWITCHING, "Switching time of the tariff prices", "两套费率电价切换时间"),
    ROW(0x04000109, SWITCHING, "Switching time of the tiers", "两套阶梯切换时间"),
    ROW(0x04000201, NUMBER(1), "Number of zones in the year", "年时区数"),
    ROW(0x04000202, NUMBER(1), "Number of day tables", "日时段表数"),
    ROW(0x04000203, NUMBER(1), "Number of switches in the day", "日时段数"),
    ROW(0x04000204, NUMBER(1), "Number of tariffs", "费率数"),
    ROW(0x04000205, NUMBER(2), "Number of public holidays", "公共假日数"),
    ROW(0x04000207, NUMBER(1), "Number of tiers", "阶梯数"),
    ROW(0x04000301, NUMBER(1), "Screens shown in turn", "自动循环显示屏数"),
    ROW(0x04000302, DLT645_BCD(PERIOD, S, 1, 0), "Time of each screen", "每屏显示时间"),
    ROW(0x04000303, NUMBER(1), "Decimals of shown energy", "显示电能小数位数"),
    ROW(0x04000304, NUMBER(1), "Decimals of shown power", "显示功率小数位数"),
    ROW(0x04000305, NUMBER(1), "Screens shown by the button", "按键循环显示屏数"),
    ROW(0x04000401, DLT645_PLAIN(ADDRESS, DIGITS, 6), "Communication address", "通信地址"),
    ROW(0x04000402, DLT645_PLAIN(METER_NUMBER, DIGITS, 6), "Meter number", "表号"),
    ROW(0x04000403, TEXT(32), "Asset code", "资产管理编码"),
    ROW(0x04000404, TEXT(6), "Rated voltage", "额定电压"),
    ROW(0x04000405, TEXT(6), "Rated current", "额定电流"),
    ROW(0x04000406, TEXT(6), "Maximum current", "最大电流"),
    ROW(0x04000407, TEXT(4), "Active accuracy class", "有功准确度等级"),
    ROW(0x04000408, TEXT(4), "Reactive accuracy class", "无功准确度等级"),
    ROW(0x04000409, DLT645_BCD(CONSTANT, IMP_KWH, 3, 0), "Active meter constant", "电表有功常数"),
    ROW(0x0400040a, DLT645_BCD(CONSTANT, IMP_KVARH, 3, 0), "Reactive meter constant", "电表无功常数"),
    ROW(0x0400040b, DLT645_PLAIN(MODEL, TEXT, 10), "Meter model", "电表型号"),
    ROW(0x0400040c, TEXT(10), "Production date", "生产日期"),
    ROW(0x0400040d, DLT645_PLAIN(VERSION, TEXT, 16), "Protocol version", "协议版本号"),
    ROW(0x0400040e, DLT645_PLAIN(CUSTOMER_NUMBER, DIGITS, 6), "Customer number", "客户编号"),
    NUMBERED(0x04000501, 1, 7, FLAGS(2), "Status word", "电表运行状态字"),
    ROW(0x04000601, MODE, "Active combination word", "有功组合方式特征字"),
    ROW(0x04000602, MODE, "Reactive combination word 1", "无功组合方式1特征字"),
    ROW(0x04000603, MODE, "Reactive combination word 2", "无功组合方式2特征字"),
    ROW(0x04000701, MODE, "Baud word of the infrared port", "调制型红外光口通信速率特征字"),
    ROW(0x04000702, MODE, "Baud word of the contact infrared port", "接触式红外光口通信速率特征字"),
    ROW(0x04000703, MODE, "Baud word of port 1", "通信口1通信速率特征字"),
    ROW(0x04000704, MODE, "Baud word of port 2", "通信口2通信速率特征字"),
    ROW(0x04000705, MODE, "Baud word of port 3", "通信口3通信速率特征字"),
    ROW(0x04000801, MODE, "Weekend days", "周休日特征字"),
    ROW(0x04000802, NUMBER(1), "Day table of weekends", "周休日采用的日时段表号"),
    ROW(0x04000901, MODE, "Load record mode", "负荷记录模式字"),
    ROW(0x04000902, MODE, "Timed freeze mode", "冻结数据模式字"),
    ROW(0x04000a01, DLT645_PLAIN(START_TIME, OF_YEAR, 4), "Load record start", "负荷记录起始时间"),
    NUMBERED(0x04000a02, 1, 6, MINUTES(2), "Load record interval of class", "负荷记录间隔时间（类）"),
    NUMBERED(0x04000b01, 1, 3, DLT645_PLAIN(PARAMETER, DIGITS, 2), "Settlement day (DDhh)", "每月结算日"),
    NUMBERED(0x04000c01, 0, 9, DLT645_PLAIN(PARAMETER, DIGITS, 4), "Password of level", "密码（级）"),
    ROW(0x04000e01, DLT645_BCD(PARAMETER, KW, 3, -4), "Upper limit of forward active power", "正向有功功率上限值"),
    ROW(0x04000e02, DLT645_BCD(PARAMETER, KW, 3, -4), "Upper limit of reverse active power", "反向有功功率上限值"),
    ROW(0x04000e03, DLT645_BCD(PARAMETER, V, 2, -1), "Upper voltage limit", "电压上限值"),
    ROW(0x04000e04, DLT645_BCD(PARAMETER, V, 2, -1), "Lower voltage limit", "电压下限值"),
    ROW(0x04000f01, KWH, "Alarm energy 1", "报警电量1限值"),
    ROW(0x04000f02, KWH, "Alarm energy 2", "报警电量2限值"),
    ROW(0x04000f03, KWH, "Hoard limit energy", "囤积电量限值"),
    ROW(0x04000f04, KWH, "Overdraft limit energy", "透支电量限值"),
    ROW(0x04001001, YUAN, "Alarm money 1", "报警金额1限值"),
    ROW(0x04001002, YUAN, "Alarm money 2", "报警金额2限值"),
    ROW(0x04001003, YUAN, "Overdraft limit", "透支金额限值"),
    ROW(0x04001004, YUAN, "Hoard limit", "囤积金额限值"),
    ROW(0x04001005, YUAN, "Reconnect limit", "合闸允许金额限值"),
    ROW(0x04001401, MINUTES(2), "Relay trip delay", "跳闸延时时间"),
    LIST(0x04010000, zones, "First set of zone tables", "第一套时区表数据"),
    DAY_TABLES(0x04010001, "First set, day table", "第一套日时段表"),
    LIST(0x04020000, zones, "Second set of zone tables", "第二套时区表数据"),
    DAY_TABLES(0x04020001, "Second set, day table", "第二套日时段表"),
    NUMBERED(0x04030001, 1, 254, DLT645_PLAIN(PARAMETER, DIGITS, 4), "Public holiday and day table (YYMMDDNN)",
             "公共假日日期及日时段表号"),
    OF_TARIFF(0x04050101, "First set tariff price", "第一套费率电价"),
    OF_TARIFF(0x04050201, "Second set tariff price", "第二套费率电价"),
    OF_TIER(0x04060001, DLT645_BCD(TIER_LIMIT, KWH, 4, -2), "First set tier limit", "第一套阶梯值"),
    OF_TIER(0x04060101, DLT645_BCD(PRICE, YUAN_KWH, 4, -4), "First set tier price", "第一套阶梯电价"),
    OF_TIER(0x04060201, DLT645_BCD(TIER_LIMIT, KWH, 4, -2), "Second set tier limit", "第二套阶梯值"),
    OF_TIER(0x04060301, DLT645_BCD(PRICE, YUAN_KWH, 4, -4), "Second set tier price", "第二套阶梯电价"),
    ROW(0x04800001, DLT645_PLAIN(VERSION, TEXT, 32), "Maker's software version", "厂家软件版本号"),
    ROW(0x04800002, DLT645_PLAIN(VERSION, TEXT, 32), "Maker's hardware version", "厂家硬件版本号"),
    ROW(0x04800003, DLT645_PLAIN(FABRICATION_NUMBER, TEXT, 32), "Maker's number", "厂家编号"),
    /* of the meter in meter/core/electricity */
    ROW(0x04800101, DLT645_BCD(PARAMETER, KW, 3, -4), "Surge limit", "突变负荷限值"),
    ROW(0x04800102, DLT645_BCD(PARAMETER, KW, 3, -4), "Malicious load limit", "恶性负载识别限值"),
    ROW(0x04800103, NUMBER(1), "Trips allowed a day", "每日允许超限跳闸次数"),
    ROW(0x04800104, NUMBER(1), "Tier cycle (0 settlement, 1 year)", "阶梯周期（0 结算周期，1 年）"),
    ROW(0x04800105, NUMBER(1), "Metering (0 single rate, 1 multi-rate, 2 tiers)",
        "计量方式（0 单费率，1 复费率，2 阶梯）"),
    ROW(0x04800106, NUMBER(1), "Payment (0 post-paid, 1 prepaid, 2 public)", "付费方式（0 后付费，1 预付费，2 公共）"),
    ROW(0x04800107, DLT645_PLAIN(PARAMETER, BYTES, 12), "Screens shown in turn", "循环显示屏号"),
};

const struct dlt645_table dlt645_parameter_table = DLT645_TABLE(rows, "DL/T 645-2007 table A.5");
