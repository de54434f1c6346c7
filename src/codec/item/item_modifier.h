/* What turns a quantity into another thing that is measured in the same words: a limit of it, its backward part, the
 * moment it was exceeded. One row each (the combinable extensions of EN 13757-3 table 15 and their extension). A reader
 * that wants the quantity itself takes items whose modifier is ITEM_MODIFIER_NONE. */
#ifndef CODEC_ITEM_MODIFIER_H
#define CODEC_ITEM_MODIFIER_H

/* constant suffix, name in JSON, English, Chinese; the words follow the name of the quantity */
#define ITEM_MODIFIERS(ROW) \
    ROW(NONE, "", "", "") \
    ROW(AVERAGE, "average", "average", "平均值") \
    ROW(INVERSE_PROFILE, "inverse_compact_profile", "inverse compact profile", "逆序紧凑曲线") \
    ROW(RELATIVE_DEVIATION, "relative_deviation", "relative deviation", "相对偏差") \
    ROW(REGISTER_PROFILE, "compact_profile_with_registers", "compact profile with registers", "带寄存器的紧凑曲线") \
    ROW(PROFILE, "compact_profile", "compact profile", "紧凑曲线") \
    ROW(PER_SECOND, "per_second", "per second", "每秒") \
    ROW(PER_MINUTE, "per_minute", "per minute", "每分钟") \
    ROW(PER_HOUR, "per_hour", "per hour", "每小时") \
    ROW(PER_DAY, "per_day", "per day", "每日") \
    ROW(PER_WEEK, "per_week", "per week", "每周") \
    ROW(PER_MONTH, "per_month", "per month", "每月") \
    ROW(PER_YEAR, "per_year", "per year", "每年") \
    ROW(PER_REVOLUTION, "per_revolution", "per revolution or measurement", "每转或每次测量") \
    ROW(PER_INPUT_PULSE_0, "per_input_pulse_0", "per pulse of input 0", "输入0每脉冲") \
    ROW(PER_INPUT_PULSE_1, "per_input_pulse_1", "per pulse of input 1", "输入1每脉冲") \
    ROW(PER_OUTPUT_PULSE_0, "per_output_pulse_0", "per pulse of output 0", "输出0每脉冲") \
    ROW(PER_OUTPUT_PULSE_1, "per_output_pulse_1", "per pulse of output 1", "输出1每脉冲") \
    ROW(PER_LITRE, "per_litre", "per litre", "每升") \
    ROW(PER_M3, "per_m3", "per m³", "每立方米") \
    ROW(PER_KG, "per_kg", "per kg", "每千克") \
    ROW(PER_KELVIN, "per_kelvin", "per kelvin", "每开尔文") \
    ROW(PER_KWH, "per_kwh", "per kWh", "每千瓦时") \
    ROW(PER_GJ, "per_gj", "per GJ", "每吉焦") \
    ROW(PER_KW, "per_kw", "per kW", "每千瓦") \
    ROW(PER_KELVIN_LITRE, "per_kelvin_litre", "per kelvin and litre", "每开尔文升") \
    ROW(PER_VOLT, "per_volt", "per volt", "每伏") \
    ROW(PER_AMPERE, "per_ampere", "per ampere", "每安") \
    ROW(TIMES_SECOND, "times_second", "times second", "乘秒") \
    ROW(TIMES_SECOND_PER_VOLT, "times_second_per_volt", "times second per volt", "乘秒每伏") \
    ROW(TIMES_SECOND_PER_AMPERE, "times_second_per_ampere", "times second per ampere", "乘秒每安") \
    ROW(START_TIME, "start_time", "start of", "起始时间") \
    ROW(UNCORRECTED, "uncorrected", "uncorrected unit", "未修正单位") \
    ROW(FORWARD, "forward", "forward only", "仅正向") \
    ROW(BACKWARD, "backward", "backward only", "仅反向") \
    ROW(NON_METRIC, "non_metric", "non-metric unit", "非公制单位") \
    ROW(BASE_CONDITIONS, "base_conditions", "at base conditions", "标况") \
    ROW(OBIS, "obis", "OBIS declaration", "OBIS声明") \
    ROW(LOWER_LIMIT, "lower_limit", "lower limit", "下限") \
    ROW(LOWER_EXCEEDS, "lower_limit_exceeds", "times below the lower limit", "越下限次数") \
    ROW(LOWER_FIRST_BEGIN, "lower_exceed_first_begin", "begin of the first time below the limit", "首次越下限开始") \
    ROW(LOWER_FIRST_END, "lower_exceed_first_end", "end of the first time below the limit", "首次越下限结束") \
    ROW(LOWER_LAST_BEGIN, "lower_exceed_last_begin", "begin of the last time below the limit", "最近越下限开始") \
    ROW(LOWER_LAST_END, "lower_exceed_last_end", "end of the last time below the limit", "最近越下限结束") \
    ROW(UPPER_LIMIT, "upper_limit", "upper limit", "上限") \
    ROW(UPPER_EXCEEDS, "upper_limit_exceeds", "times above the upper limit", "越上限次数") \
    ROW(UPPER_FIRST_BEGIN, "upper_exceed_first_begin", "begin of the first time above the limit", "首次越上限开始") \
    ROW(UPPER_FIRST_END, "upper_exceed_first_end", "end of the first time above the limit", "首次越上限结束") \
    ROW(UPPER_LAST_BEGIN, "upper_exceed_last_begin", "begin of the last time above the limit", "最近越上限开始") \
    ROW(UPPER_LAST_END, "upper_exceed_last_end", "end of the last time above the limit", "最近越上限结束") \
    ROW(LOWER_FIRST_DURATION, "lower_exceed_first_duration", "length of the first time below the limit", "首次越下限时长") \
    ROW(LOWER_LAST_DURATION, "lower_exceed_last_duration", "length of the last time below the limit", "最近越下限时长") \
    ROW(UPPER_FIRST_DURATION, "upper_exceed_first_duration", "length of the first time above the limit", "首次越上限时长") \
    ROW(UPPER_LAST_DURATION, "upper_exceed_last_duration", "length of the last time above the limit", "最近越上限时长") \
    ROW(FIRST_DURATION, "first_duration", "length of the first occurrence", "首次持续时长") \
    ROW(LAST_DURATION, "last_duration", "length of the last occurrence", "最近持续时长") \
    ROW(DURING_LOWER, "during_lower_exceed", "while below the lower limit", "越下限期间值") \
    ROW(DURING_UPPER, "during_upper_exceed", "while above the upper limit", "越上限期间值") \
    ROW(LEAKAGE, "leakage", "leakage", "泄漏值") \
    ROW(OVERFLOW, "overflow", "overflow", "溢出值") \
    ROW(FIRST_BEGIN, "first_begin", "begin of the first occurrence", "首次发生开始") \
    ROW(FIRST_END, "first_end", "end of the first occurrence", "首次发生结束") \
    ROW(LAST_BEGIN, "last_begin", "begin of the last occurrence", "最近发生开始") \
    ROW(LAST_END, "last_end", "end of the last occurrence", "最近发生结束") \
    ROW(OFFSET, "offset", "with an additive constant", "含加性修正常数") \
    ROW(FUTURE, "future", "future value", "未来值") \
    ROW(BETWEEN_L1_L2, "between_l1_l2", "between L1 and L2", "L1与L2之间") \
    ROW(BETWEEN_L2_L3, "between_l2_l3", "between L2 and L3", "L2与L3之间") \
    ROW(BETWEEN_L3_L1, "between_l3_l1", "between L3 and L1", "L3与L1之间") \
    ROW(QUADRANT_1, "quadrant_1", "quadrant 1", "第一象限") \
    ROW(QUADRANT_2, "quadrant_2", "quadrant 2", "第二象限") \
    ROW(QUADRANT_3, "quadrant_3", "quadrant 3", "第三象限") \
    ROW(QUADRANT_4, "quadrant_4", "quadrant 4", "第四象限") \
    ROW(NET, "import_minus_export", "import minus export", "净值") \
    ROW(ABSOLUTE, "absolute_sum", "sum of forward and backward", "正反向绝对值之和") \
    ROW(TO_METER, "to_meter", "from the partner to the meter", "由通信对方发往表") \
    ROW(FROM_METER, "from_meter", "from the meter to the partner", "由表发往通信对方") \
    ROW(MANUFACTURER, "manufacturer", "as the manufacturer defines", "厂商自定义")

#define ITEM_MODIFIER_ENUM(name, text, english, chinese) ITEM_MODIFIER_##name,
enum item_modifier { ITEM_MODIFIERS(ITEM_MODIFIER_ENUM) ITEM_MODIFIER_COUNT };
#undef ITEM_MODIFIER_ENUM

struct item_modifier_info {
    const char *name; /* "per_input_pulse_0"; "" of ITEM_MODIFIER_NONE */
    const char *english;
    const char *chinese; /* UTF-8 */
};

/* Never NULL; outside the table the row of ITEM_MODIFIER_NONE. */
const struct item_modifier_info *item_modifier_info(enum item_modifier modifier);

#endif
