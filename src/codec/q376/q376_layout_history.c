/* AFN 0D: frozen values of days and months, and curves. Requests are an identifier and a time mark; answers repeat the
 * mark. */
#include "codec/q376/q376_layout_rows.h"

#define DAY_MARK NAMED(20, "day", "Day", "日冻结时标 Td_d"), LATCH
#define MONTH_MARK NAMED(21, "month", "Month", "月冻结时标 Td_m"), LATCH
#define CURVE_MARK \
    { NAMED(15, "start", "Start of the curve", "曲线起始时间"), LATCH }, \
    { NUMBER(1, "density", "Freeze density", "冻结密度"), KEPT_AS(DENSITY) }, \
    { NUMBER(1, "points", "Points", "数据点数"), KEPT_AS(POINTS) }

static const struct q376_field day_forward_rows[] = { { DAY_MARK }, { READ_TIME }, FORWARD_ENERGIES };
static const struct q376_field day_reverse_rows[] = { { DAY_MARK }, { READ_TIME }, REVERSE_ENERGIES };
static const struct q376_field day_forward_demand_rows[] = { { DAY_MARK }, { READ_TIME }, FORWARD_DEMANDS };
static const struct q376_field day_reverse_demand_rows[] = { { DAY_MARK }, { READ_TIME }, REVERSE_DEMANDS };
static const struct q376_field day_own_rows[] = { { DAY_MARK }, { READ_TIME }, OWN_ENERGIES };
static const struct q376_field day_own_demand_rows[] = { { DAY_MARK }, { READ_TIME }, OWN_DEMANDS };
static const struct q376_field month_forward_rows[] = { { MONTH_MARK }, { READ_TIME }, FORWARD_ENERGIES };
static const struct q376_field month_reverse_rows[] = { { MONTH_MARK }, { READ_TIME }, REVERSE_ENERGIES };
static const struct q376_field month_forward_demand_rows[] = { { MONTH_MARK }, { READ_TIME }, FORWARD_DEMANDS };
static const struct q376_field month_reverse_demand_rows[] = { { MONTH_MARK }, { READ_TIME }, REVERSE_DEMANDS };
static const struct q376_field month_own_rows[] = { { MONTH_MARK }, { READ_TIME }, OWN_ENERGIES };
static const struct q376_field month_own_demand_rows[] = { { MONTH_MARK }, { READ_TIME }, OWN_DEMANDS };

static const struct q376_fields day_forward = FIELDS(day_forward);
static const struct q376_fields day_reverse = FIELDS(day_reverse);
static const struct q376_fields day_forward_demand = FIELDS(day_forward_demand);
static const struct q376_fields day_reverse_demand = FIELDS(day_reverse_demand);
static const struct q376_fields day_own = FIELDS(day_own);
static const struct q376_fields day_own_demand = FIELDS(day_own_demand);
static const struct q376_fields month_forward = FIELDS(month_forward);
static const struct q376_fields month_reverse = FIELDS(month_reverse);
static const struct q376_fields month_forward_demand = FIELDS(month_forward_demand);
static const struct q376_fields month_reverse_demand = FIELDS(month_reverse_demand);
static const struct q376_fields month_own = FIELDS(month_own);
static const struct q376_fields month_own_demand = FIELDS(month_own_demand);

/* F25, F33: maximum power of all and of each phase with its time, minutes without power. */
#define PEAK(format_, quantity_, unit_, phase_, function_) \
    { MEASURED(format_, quantity_, unit_, phase_), .function = (function_) }, \
    { NAMED(18, "occurred", "Occurred at (day, time)", "发生时间"), .phase = (phase_) }
#define MINUTES(key_, english_, chinese_, phase_) \
    { NUMBER(2, key_, english_, chinese_), .unit = ITEM_UNIT_MINUTE, .phase = (phase_) }
#define POWER_PEAKS \
    PEAK(23, POWER_ACTIVE, KW, 0, ITEM_MAXIMUM), PEAK(23, POWER_ACTIVE, KW, 1, ITEM_MAXIMUM), \
    PEAK(23, POWER_ACTIVE, KW, 2, ITEM_MAXIMUM), PEAK(23, POWER_ACTIVE, KW, 3, ITEM_MAXIMUM), \
    MINUTES("zero_minutes", "Without power, min", "三相总有功功率为零时间（min）", 0), \
    MINUTES("zero_minutes_a", "Without power, phase A, min", "A相有功功率为零时间（min）", 1), \
    MINUTES("zero_minutes_b", "Without power, phase B, min", "B相有功功率为零时间（min）", 2), \
    MINUTES("zero_minutes_c", "Without power, phase C, min", "C相有功功率为零时间（min）", 3)
#define DEMAND_PEAKS \
    PEAK(23, DEMAND_ACTIVE_IMPORT, KW, 0, ITEM_MAXIMUM), PEAK(23, DEMAND_ACTIVE_IMPORT, KW, 1, ITEM_MAXIMUM), \
    PEAK(23, DEMAND_ACTIVE_IMPORT, KW, 2, ITEM_MAXIMUM), PEAK(23, DEMAND_ACTIVE_IMPORT, KW, 3, ITEM_MAXIMUM)
static const struct q376_field day_power_rows[] = { { DAY_MARK }, POWER_PEAKS };
static const struct q376_field month_power_rows[] = { { MONTH_MARK }, POWER_PEAKS };
static const struct q376_field day_peak_rows[] = { { DAY_MARK }, DEMAND_PEAKS };
static const struct q376_field month_peak_rows[] = { { MONTH_MARK }, DEMAND_PEAKS };
static const struct q376_fields day_power = FIELDS(day_power);
static const struct q376_fields month_power = FIELDS(month_power);
static const struct q376_fields day_peak = FIELDS(day_peak);
static const struct q376_fields month_peak = FIELDS(month_peak);

/* F81 to F148. */
static const struct q376_field curve_rows[] = { CURVE_MARK, { OWN, TIMES(POINTS) } };
static const struct q376_fields curve = FIELDS(curve);

/* F109: three angles at each point. */
static const struct q376_field angle_curve_rows[] = {
    CURVE_MARK,
    { GROUP(3, POINTS, "angles", "Phase angles", "相位角") },
    VOLTAGE_ANGLES,
};
static const struct q376_fields angle_curve = FIELDS(angle_curve);

static const struct q376_field current_angle_curve_rows[] = {
    CURVE_MARK,
    { GROUP(3, POINTS, "angles", "Phase angles of the currents", "电流相位角") },
    CURRENT_ANGLES,
};
static const struct q376_fields current_angle_curve = FIELDS(current_angle_curve);

/* F153 to F160: active fmt 14, reactive fmt 11. */
#define PHASES(format_, quantity_, unit_) \
    { READ_TIME }, { MEASURED(format_, quantity_, unit_, 1) }, { MEASURED(format_, quantity_, unit_, 2) }, \
    { MEASURED(format_, quantity_, unit_, 3) }
static const struct q376_field day_phases_153_rows[] = { { DAY_MARK }, PHASES(14, ENERGY_ACTIVE_IMPORT, KWH) };
static const struct q376_field day_phases_154_rows[] = { { DAY_MARK }, PHASES(11, ENERGY_REACTIVE_IMPORT, KVARH) };
static const struct q376_field day_phases_155_rows[] = { { DAY_MARK }, PHASES(14, ENERGY_ACTIVE_EXPORT, KWH) };
static const struct q376_field day_phases_156_rows[] = { { DAY_MARK }, PHASES(11, ENERGY_REACTIVE_EXPORT, KVARH) };
static const struct q376_field month_phases_157_rows[] = { { MONTH_MARK }, PHASES(14, ENERGY_ACTIVE_IMPORT, KWH) };
static const struct q376_field month_phases_158_rows[] = { { MONTH_MARK }, PHASES(11, ENERGY_REACTIVE_IMPORT, KVARH) };
static const struct q376_field month_phases_159_rows[] = { { MONTH_MARK }, PHASES(14, ENERGY_ACTIVE_EXPORT, KWH) };
static const struct q376_field month_phases_160_rows[] = { { MONTH_MARK }, PHASES(11, ENERGY_REACTIVE_EXPORT, KVARH) };
static const struct q376_fields day_phases_153 = FIELDS(day_phases_153);
static const struct q376_fields day_phases_154 = FIELDS(day_phases_154);
static const struct q376_fields day_phases_155 = FIELDS(day_phases_155);
static const struct q376_fields day_phases_156 = FIELDS(day_phases_156);
static const struct q376_fields month_phases_157 = FIELDS(month_phases_157);
static const struct q376_fields month_phases_158 = FIELDS(month_phases_158);
static const struct q376_fields month_phases_159 = FIELDS(month_phases_159);
static const struct q376_fields month_phases_160 = FIELDS(month_phases_160);

static const struct q376_word switch_states[] = { { 0x00, "off", "断电" }, { 0x11, "on", "通电" }, { 0, NULL, NULL } };
static const struct q376_field day_switching_rows[] = { { DAY_MARK }, { READ_TIME }, SWITCHING(switch_states) };
static const struct q376_fields day_switching = FIELDS(day_switching);

static const struct q376_field month_openings_rows[] = { { MONTH_MARK }, { READ_TIME }, OPENINGS };
static const struct q376_fields month_openings = FIELDS(month_openings);

static const struct q376_field month_changes_rows[] = { { MONTH_MARK }, { READ_TIME }, CHANGES };
static const struct q376_fields month_changes = FIELDS(month_changes);

static const struct q376_field month_purchase_rows[] = { { MONTH_MARK }, { READ_TIME }, PURCHASES };
static const struct q376_fields month_purchase = FIELDS(month_purchase);

static const struct q376_field month_settlement_rows[] = { { MONTH_MARK }, { READ_TIME }, SETTLEMENT };
static const struct q376_fields month_settlement = FIELDS(month_settlement);

#define DAY(number_, english_, chinese_, up_) ROW(number_, english_, chinese_, &q376_fields_day_mark, up_)
#define MONTH(number_, english_, chinese_, up_) ROW(number_, english_, chinese_, &q376_fields_month_mark, up_)
#define CURVE(number_, english_, chinese_, up_) ROW(number_, english_, chinese_, &q376_fields_curve_mark, up_)
#define DAY_OF(number_, english_, chinese_, up_, format_, quantity_, unit_) \
    ROW_OF(number_, english_, chinese_, &q376_fields_day_mark, up_, format_, quantity_, unit_, 0)
#define MONTH_OF(number_, english_, chinese_, up_, format_, quantity_, unit_) \
    ROW_OF(number_, english_, chinese_, &q376_fields_month_mark, up_, format_, quantity_, unit_, 0)
#define CURVE_OF(number_, english_, chinese_, format_, quantity_, unit_, phase_) \
    ROW_OF(number_, english_, chinese_, &q376_fields_curve_mark, &curve, format_, quantity_, unit_, phase_)

static const struct q376_layout history_layouts[] = {
    DAY(1, "forward energies, day", "日冻结正向有/无功电能示值、一/四象限无功电能示值", &day_forward),
    DAY(2, "reverse energies, day", "日冻结反向有/无功电能示值、二/三象限无功电能示值", &day_reverse),
    DAY(3, "forward demands, day", "日冻结正向有/无功最大需量及发生时间", &day_forward_demand),
    DAY(4, "reverse demands, day", "日冻结反向有/无功最大需量及发生时间", &day_reverse_demand),
    DAY_OF(5, "forward active consumption, day", "日冻结正向有功电能量", &day_own, 13, CONSUMPTION_ACTIVE_IMPORT, KWH),
    DAY_OF(6, "forward reactive consumption, day", "日冻结正向无功电能量", &day_own, 13, CONSUMPTION_REACTIVE_IMPORT,
           KVARH),
    DAY_OF(7, "reverse active consumption, day", "日冻结反向有功电能量", &day_own, 13, CONSUMPTION_ACTIVE_EXPORT, KWH),
    DAY_OF(8, "reverse reactive consumption, day", "日冻结反向无功电能量", &day_own, 13, CONSUMPTION_REACTIVE_EXPORT,
           KVARH),
    DAY(9, "forward energies, reading day", "抄表日冻结正向有/无功电能示值、一/四象限无功电能示值", &day_forward),
    DAY(10, "reverse energies, reading day", "抄表日冻结反向有/无功电能示值、二/三象限无功电能示值", &day_reverse),
    DAY(11, "forward demands, reading day", "抄表日冻结正向有/无功最大需量及发生时间", &day_forward_demand),
    DAY(12, "reverse demands, reading day", "抄表日冻结反向有/无功最大需量及发生时间", &day_reverse_demand),
    MONTH(17, "forward energies, month", "月冻结正向有/无功电能示值、一/四象限无功电能示值", &month_forward),
    MONTH(18, "reverse energies, month", "月冻结反向有/无功电能示值、二/三象限无功电能示值", &month_reverse),
    MONTH(19, "forward demands, month", "月冻结正向有/无功最大需量及发生时间", &month_forward_demand),
    MONTH(20, "reverse demands, month", "月冻结反向有/无功最大需量及发生时间", &month_reverse_demand),
    MONTH_OF(21, "forward active consumption, month", "月冻结正向有功电能量", &month_own, 13, CONSUMPTION_ACTIVE_IMPORT,
             KWH),
    MONTH_OF(22, "forward reactive consumption, month", "月冻结正向无功电能量", &month_own, 13,
             CONSUMPTION_REACTIVE_IMPORT, KVARH),
    MONTH_OF(23, "reverse active consumption, month", "月冻结反向有功电能量", &month_own, 13, CONSUMPTION_ACTIVE_EXPORT,
             KWH),
    MONTH_OF(24, "reverse reactive consumption, month", "月冻结反向无功电能量", &month_own, 13,
             CONSUMPTION_REACTIVE_EXPORT, KVARH),
    DAY(25, "maximum power, day", "日冻结日总及分相最大有功功率及发生时间、有功功率为零时间", &day_power),
    DAY(26, "maximum demand, day", "日冻结日总及分相有功最大需量及发生时间", &day_peak),
    DAY(27, "voltage statistics, day", "日冻结日电压统计数据", NULL),
    DAY(28, "unbalance, day", "日冻结日不平衡度越限累计时间", NULL),
    DAY(29, "current over limit, day", "日冻结日电流越限数据", NULL),
    DAY(30, "apparent power over limit, day", "日冻结日视在功率越限累计时间", NULL),
    DAY(31, "load factor, day", "日负载率统计", NULL),
    DAY(32, "lost phases, day", "日冻结电能表断相数据", NULL),
    MONTH(33, "maximum power, month", "月冻结月总及分相最大有功功率及发生时间、有功功率为零时间", &month_power),
    MONTH(34, "maximum demand, month", "月冻结月总及分相有功最大需量及发生时间", &month_peak),
    MONTH(35, "voltage statistics, month", "月冻结月电压统计数据", NULL),
    MONTH(36, "unbalance, month", "月冻结月不平衡度越限累计时间", NULL),
    MONTH(37, "current over limit, month", "月冻结月电流越限数据", NULL),
    MONTH(38, "apparent power over limit, month", "月冻结月视在功率越限累计时间", NULL),
    MONTH(39, "load factor, month", "月负载率统计", NULL),
    CURVE_OF(73, "total active power curve", "总加组有功功率曲线", 02, POWER_ACTIVE, KW, 0),
    CURVE_OF(74, "total reactive power curve", "总加组无功功率曲线", 02, POWER_REACTIVE, KVAR, 0),
    CURVE_OF(81, "active power curve", "有功功率曲线", 09, POWER_ACTIVE, KW, 0),
    CURVE_OF(82, "active power curve, phase A", "A相有功功率曲线", 09, POWER_ACTIVE, KW, 1),
    CURVE_OF(83, "active power curve, phase B", "B相有功功率曲线", 09, POWER_ACTIVE, KW, 2),
    CURVE_OF(84, "active power curve, phase C", "C相有功功率曲线", 09, POWER_ACTIVE, KW, 3),
    CURVE_OF(85, "reactive power curve", "无功功率曲线", 09, POWER_REACTIVE, KVAR, 0),
    CURVE_OF(86, "reactive power curve, phase A", "A相无功功率曲线", 09, POWER_REACTIVE, KVAR, 1),
    CURVE_OF(87, "reactive power curve, phase B", "B相无功功率曲线", 09, POWER_REACTIVE, KVAR, 2),
    CURVE_OF(88, "reactive power curve, phase C", "C相无功功率曲线", 09, POWER_REACTIVE, KVAR, 3),
    CURVE_OF(89, "voltage curve, phase A", "A相电压曲线", 07, VOLTAGE, V, 1),
    CURVE_OF(90, "voltage curve, phase B", "B相电压曲线", 07, VOLTAGE, V, 2),
    CURVE_OF(91, "voltage curve, phase C", "C相电压曲线", 07, VOLTAGE, V, 3),
    CURVE_OF(92, "current curve, phase A", "A相电流曲线", 25, CURRENT, A, 1),
    CURVE_OF(93, "current curve, phase B", "B相电流曲线", 25, CURRENT, A, 2),
    CURVE_OF(94, "current curve, phase C", "C相电流曲线", 25, CURRENT, A, 3),
    CURVE_OF(95, "current curve, neutral", "零序电流曲线", 25, CURRENT, A, 4),
    CURVE_OF(97, "forward active consumption curve", "正向有功总电能量曲线", 13, CONSUMPTION_ACTIVE_IMPORT, KWH, 0),
    CURVE_OF(98, "forward reactive consumption curve", "正向无功总电能量曲线", 13, CONSUMPTION_REACTIVE_IMPORT, KVARH,
             0),
    CURVE_OF(99, "reverse active consumption curve", "反向有功总电能量曲线", 13, CONSUMPTION_ACTIVE_EXPORT, KWH, 0),
    CURVE_OF(100, "reverse reactive consumption curve", "反向无功总电能量曲线", 13, CONSUMPTION_REACTIVE_EXPORT, KVARH,
             0),
    CURVE_OF(101, "forward active energy curve", "正向有功总电能示值曲线", 11, ENERGY_ACTIVE_IMPORT, KWH, 0),
    CURVE_OF(102, "forward reactive energy curve", "正向无功（组合无功1）总电能示值曲线", 11, ENERGY_REACTIVE_IMPORT,
             KVARH, 0),
    CURVE_OF(103, "reverse active energy curve", "反向有功总电能示值曲线", 11, ENERGY_ACTIVE_EXPORT, KWH, 0),
    CURVE_OF(104, "reverse reactive energy curve", "反向无功（组合无功2）总电能示值曲线", 11, ENERGY_REACTIVE_EXPORT,
             KVARH, 0),
    CURVE_OF(105, "power factor curve", "总功率因数曲线", 05, POWER_FACTOR, PERCENT, 0),
    CURVE_OF(106, "power factor curve, phase A", "A相功率因数曲线", 05, POWER_FACTOR, PERCENT, 1),
    CURVE_OF(107, "power factor curve, phase B", "B相功率因数曲线", 05, POWER_FACTOR, PERCENT, 2),
    CURVE_OF(108, "power factor curve, phase C", "C相功率因数曲线", 05, POWER_FACTOR, PERCENT, 3),
    CURVE(109, "voltage angle curve", "电压相位角曲线", &angle_curve),
    CURVE(110, "current angle curve", "电流相位角曲线", &current_angle_curve),
    CURVE_OF(138, "DC analogue curve", "直流模拟量数据曲线", 02, OTHER, NONE, 0),
    CURVE_OF(145, "reactive energy, quadrant 1 curve", "一象限无功总电能示值曲线", 11, ENERGY_REACTIVE_QUADRANT_1,
             KVARH, 0),
    CURVE_OF(146, "reactive energy, quadrant 4 curve", "四象限无功总电能示值曲线", 11, ENERGY_REACTIVE_QUADRANT_4,
             KVARH, 0),
    CURVE_OF(147, "reactive energy, quadrant 2 curve", "二象限无功总电能示值曲线", 11, ENERGY_REACTIVE_QUADRANT_2,
             KVARH, 0),
    CURVE_OF(148, "reactive energy, quadrant 3 curve", "三象限无功总电能示值曲线", 11, ENERGY_REACTIVE_QUADRANT_3,
             KVARH, 0),
    DAY(153, "forward active energy of each phase, day", "日冻结分相正向有功电能示值", &day_phases_153),
    DAY(154, "forward reactive energy of each phase, day", "日冻结分相正向无功电能示值", &day_phases_154),
    DAY(155, "reverse active energy of each phase, day", "日冻结分相反向有功电能示值", &day_phases_155),
    DAY(156, "reverse reactive energy of each phase, day", "日冻结分相反向无功电能示值", &day_phases_156),
    MONTH(157, "forward active energy of each phase, month", "月冻结分相正向有功电能示值", &month_phases_157),
    MONTH(158, "forward reactive energy of each phase, month", "月冻结分相正向无功电能示值", &month_phases_158),
    MONTH(159, "reverse active energy of each phase, month", "月冻结分相反向有功电能示值", &month_phases_159),
    MONTH(160, "reverse reactive energy of each phase, month", "月冻结分相反向无功电能示值", &month_phases_160),
    DAY_OF(161, "forward active energy, day", "日冻结正向有功电能示值", &day_own, 14, ENERGY_ACTIVE_IMPORT, KWH),
    DAY_OF(162, "forward reactive energy, day", "日冻结正向无功（组合无功1）电能示值", &day_own, 11,
           ENERGY_REACTIVE_IMPORT, KVARH),
    DAY_OF(163, "reverse active energy, day", "日冻结反向有功电能示值", &day_own, 14, ENERGY_ACTIVE_EXPORT, KWH),
    DAY_OF(164, "reverse reactive energy, day", "日冻结反向无功（组合无功2）电能示值", &day_own, 11,
           ENERGY_REACTIVE_EXPORT, KVARH),
    DAY_OF(165, "reactive energy, quadrant 1, day", "日冻结一象限无功电能示值", &day_own, 11,
           ENERGY_REACTIVE_QUADRANT_1, KVARH),
    DAY_OF(166, "reactive energy, quadrant 2, day", "日冻结二象限无功电能示值", &day_own, 11,
           ENERGY_REACTIVE_QUADRANT_2, KVARH),
    DAY_OF(167, "reactive energy, quadrant 3, day", "日冻结三象限无功电能示值", &day_own, 11,
           ENERGY_REACTIVE_QUADRANT_3, KVARH),
    DAY_OF(168, "reactive energy, quadrant 4, day", "日冻结四象限无功电能示值", &day_own, 11,
           ENERGY_REACTIVE_QUADRANT_4, KVARH),
    DAY_OF(169, "forward active energy, reading day", "抄表日冻结正向有功电能示值", &day_own, 14, ENERGY_ACTIVE_IMPORT,
           KWH),
    DAY_OF(170, "forward reactive energy, reading day", "抄表日冻结正向无功（组合无功1）电能示值", &day_own, 11,
           ENERGY_REACTIVE_IMPORT, KVARH),
    DAY_OF(171, "reverse active energy, reading day", "抄表日冻结反向有功电能示值", &day_own, 14, ENERGY_ACTIVE_EXPORT,
           KWH),
    DAY_OF(172, "reverse reactive energy, reading day", "抄表日冻结反向无功（组合无功2）电能示值", &day_own, 11,
           ENERGY_REACTIVE_EXPORT, KVARH),
    DAY_OF(173, "reactive energy, quadrant 1, reading day", "抄表日冻结一象限无功电能示值", &day_own, 11,
           ENERGY_REACTIVE_QUADRANT_1, KVARH),
    DAY_OF(174, "reactive energy, quadrant 2, reading day", "抄表日冻结二象限无功电能示值", &day_own, 11,
           ENERGY_REACTIVE_QUADRANT_2, KVARH),
    DAY_OF(175, "reactive energy, quadrant 3, reading day", "抄表日冻结三象限无功电能示值", &day_own, 11,
           ENERGY_REACTIVE_QUADRANT_3, KVARH),
    DAY_OF(176, "reactive energy, quadrant 4, reading day", "抄表日冻结四象限无功电能示值", &day_own, 11,
           ENERGY_REACTIVE_QUADRANT_4, KVARH),
    MONTH_OF(177, "forward active energy, month", "月冻结正向有功电能示值", &month_own, 14, ENERGY_ACTIVE_IMPORT, KWH),
    MONTH_OF(178, "forward reactive energy, month", "月冻结正向无功（组合无功1）电能示值", &month_own, 11,
             ENERGY_REACTIVE_IMPORT, KVARH),
    MONTH_OF(179, "reverse active energy, month", "月冻结反向有功电能示值", &month_own, 14, ENERGY_ACTIVE_EXPORT, KWH),
    MONTH_OF(180, "reverse reactive energy, month", "月冻结反向无功（组合无功2）电能示值", &month_own, 11,
             ENERGY_REACTIVE_EXPORT, KVARH),
    MONTH_OF(181, "reactive energy, quadrant 1, month", "月冻结一象限无功电能示值", &month_own, 11,
             ENERGY_REACTIVE_QUADRANT_1, KVARH),
    MONTH_OF(182, "reactive energy, quadrant 2, month", "月冻结二象限无功电能示值", &month_own, 11,
             ENERGY_REACTIVE_QUADRANT_2, KVARH),
    MONTH_OF(183, "reactive energy, quadrant 3, month", "月冻结三象限无功电能示值", &month_own, 11,
             ENERGY_REACTIVE_QUADRANT_3, KVARH),
    MONTH_OF(184, "reactive energy, quadrant 4, month", "月冻结四象限无功电能示值", &month_own, 11,
             ENERGY_REACTIVE_QUADRANT_4, KVARH),
    DAY_OF(185, "forward active demand, day", "日冻结正向有功最大需量及发生时间", &day_own_demand, 23,
           DEMAND_ACTIVE_IMPORT, KW),
    DAY_OF(186, "forward reactive demand, day", "日冻结正向无功最大需量及发生时间", &day_own_demand, 23,
           DEMAND_REACTIVE_IMPORT, KVAR),
    DAY_OF(187, "reverse active demand, day", "日冻结反向有功最大需量及发生时间", &day_own_demand, 23,
           DEMAND_ACTIVE_EXPORT, KW),
    DAY_OF(188, "reverse reactive demand, day", "日冻结反向无功最大需量及发生时间", &day_own_demand, 23,
           DEMAND_REACTIVE_EXPORT, KVAR),
    DAY_OF(189, "forward active demand, reading day", "抄表日冻结正向有功最大需量及发生时间", &day_own_demand, 23,
           DEMAND_ACTIVE_IMPORT, KW),
    DAY_OF(190, "forward reactive demand, reading day", "抄表日冻结正向无功最大需量及发生时间", &day_own_demand, 23,
           DEMAND_REACTIVE_IMPORT, KVAR),
    DAY_OF(191, "reverse active demand, reading day", "抄表日冻结反向有功最大需量及发生时间", &day_own_demand, 23,
           DEMAND_ACTIVE_EXPORT, KW),
    DAY_OF(192, "reverse reactive demand, reading day", "抄表日冻结反向无功最大需量及发生时间", &day_own_demand, 23,
           DEMAND_REACTIVE_EXPORT, KVAR),
    MONTH_OF(193, "forward active demand, month", "月冻结正向有功最大需量及发生时间", &month_own_demand, 23,
             DEMAND_ACTIVE_IMPORT, KW),
    MONTH_OF(194, "forward reactive demand, month", "月冻结正向无功最大需量及发生时间", &month_own_demand, 23,
             DEMAND_REACTIVE_IMPORT, KVAR),
    MONTH_OF(195, "reverse active demand, month", "月冻结反向有功最大需量及发生时间", &month_own_demand, 23,
             DEMAND_ACTIVE_EXPORT, KW),
    MONTH_OF(196, "reverse reactive demand, month", "月冻结反向无功最大需量及发生时间", &month_own_demand, 23,
             DEMAND_REACTIVE_EXPORT, KVAR),
    DAY(209, "remote switching, day", "电能表远程控制通断电状态及记录", &day_switching),
    MONTH(213, "openings, month", "电能表开关操作次数及时间", &month_openings),
    MONTH(214, "parameter changes, month", "电能表参数修改次数及时间", &month_changes),
    MONTH(215, "purchases, month", "电能表购、用电信息", &month_purchase),
    MONTH(216, "settlement, month", "电能表结算信息", &month_settlement),
};
const struct q376_layouts q376_layouts_history = LAYOUTS(history_layouts);
