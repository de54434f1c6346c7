/* AFN 0C: current values. Requests are identifiers alone. */
#include "codec/q376/q376_layout_rows.h"

#define NOTHING (&q376_fields_none)

static const struct q376_field version_130_rows[] = {
    VERSION_BEGIN,
};
static const struct q376_fields version_130 = FIELDS(version_130);

static const struct q376_field clock_rows[] = {
    { LABEL("clock", "Clock", "日历时钟"), .format = Q376_FORMAT_01, .quantity = ITEM_DATE_TIME },
};
static const struct q376_fields terminal_clock = FIELDS(clock);

static const struct q376_field parameter_state_rows[] = {
    { BYTES(31, "parameter_state", "Parameters set (F1 to 248)", "终端参数状态") },
};
static const struct q376_fields parameter_state = FIELDS(parameter_state);

static const struct q376_word permissions[] = {
    { 1, "allowed", "允许" },
    { 2, "forbidden", "禁止" },
    { 0, NULL, NULL },
};
static const struct q376_field link_state_rows[] = {
    { BITS(1, 2, 2, "talk", "Talk", "通话状态"), .words = permissions, .stays = true },
    { BITS(1, 0, 2, "reports", "Spontaneous reports", "主动上报状态"), .words = permissions, .stays = true },
    { BITS(1, 4, 4, "link_reserved", "Reserved", "备用") },
};
static const struct q376_fields link_state = FIELDS(link_state);

static const struct q376_field counters_rows[] = {
    { NUMBER(1, "ec1", "Important events (EC1)", "重要事件计数器 EC1") },
    { NUMBER(1, "ec2", "General events (EC2)", "一般事件计数器 EC2") },
};
static const struct q376_fields counters = FIELDS(counters);

static const struct q376_field event_state_rows[] = {
    { FLAGS(8, "event_state", "Events that stand (bit 0: ERC1)", "终端事件标志状态") },
};
static const struct q376_fields event_state = FIELDS(event_state);

static const struct q376_field inputs_rows[] = {
    { FLAGS(1, "input_state", "State of the inputs", "状态量状态 ST") },
    { FLAGS(1, "input_changed", "Inputs that changed", "状态量变位 CD") },
};
static const struct q376_fields inputs = FIELDS(inputs);

static const struct q376_field traffic_rows[] = {
    { NUMBER(4, "day_traffic", "Traffic of the day, bytes", "当日通信流量") },
    { NUMBER(4, "month_traffic", "Traffic of the month, bytes", "当月通信流量") },
};
static const struct q376_fields traffic = FIELDS(traffic);

static const struct q376_field reading_state_rows[] = {
    { NUMBER(1, "count", "Blocks", "抄读信息数据块个数"), KEPT_AS(ENTRIES) },
    { GROUP(7, ENTRIES, "blocks", "Reading of a port", "集中抄表状态") },
    { NUMBER(1, "port", "Port", "终端通信端口号") },
    { NUMBER(2, "meters", "Meters to be read", "要抄电表总数") },
    { FLAGS(1, "reading_state", "Reading state", "当前抄表工作状态标志") },
    { NUMBER(2, "read_ok", "Meters read", "抄表成功块数") },
    { NUMBER(1, "key_ok", "Key meters read", "抄重点表成功块数") },
    { NAMED(01, "reading_start", "Started at", "抄表开始时间") },
    { NAMED(01, "reading_end", "Ended at", "抄表结束时间") },
};
static const struct q376_fields reading_state = FIELDS(reading_state);

static const struct q376_field own_rows[] = {
    { OWN },
};
static const struct q376_fields own = FIELDS(own);

static const struct q376_field own_tariffs_rows[] = { OWN_ENERGIES };
static const struct q376_fields own_tariffs = FIELDS(own_tariffs);

static const struct q376_field read_tariffs_rows[] = { { READ_TIME, LATCH }, OWN_ENERGIES };
static const struct q376_fields read_tariffs = FIELDS(read_tariffs);

/* F25: 67 bytes. */
static const struct q376_field instant_rows[] = {
    { READ_TIME, LATCH },
    { MEASURED(09, POWER_ACTIVE, KW, 0) },
    { MEASURED(09, POWER_ACTIVE, KW, 1) },
    { MEASURED(09, POWER_ACTIVE, KW, 2) },
    { MEASURED(09, POWER_ACTIVE, KW, 3) },
    { MEASURED(09, POWER_REACTIVE, KVAR, 0) },
    { MEASURED(09, POWER_REACTIVE, KVAR, 1) },
    { MEASURED(09, POWER_REACTIVE, KVAR, 2) },
    { MEASURED(09, POWER_REACTIVE, KVAR, 3) },
    { MEASURED(05, POWER_FACTOR, PERCENT, 0) },
    { MEASURED(05, POWER_FACTOR, PERCENT, 1) },
    { MEASURED(05, POWER_FACTOR, PERCENT, 2) },
    { MEASURED(05, POWER_FACTOR, PERCENT, 3) },
    { MEASURED(07, VOLTAGE, V, 1) },
    { MEASURED(07, VOLTAGE, V, 2) },
    { MEASURED(07, VOLTAGE, V, 3) },
    { MEASURED(25, CURRENT, A, 1) },
    { MEASURED(25, CURRENT, A, 2) },
    { MEASURED(25, CURRENT, A, 3) },
    { MEASURED(25, CURRENT, A, 4) },
    { MEASURED(09, POWER_APPARENT, KVA, 0) },
    { MEASURED(09, POWER_APPARENT, KVA, 1) },
    { MEASURED(09, POWER_APPARENT, KVA, 2) },
    { MEASURED(09, POWER_APPARENT, KVA, 3) },
};
static const struct q376_fields instant = FIELDS(instant);

/* F26: how often and how long each phase was lost. */
#define LOST(format_, key_, english_, chinese_) \
    { NAMED(format_, key_, english_, chinese_) }, { NAMED(format_, key_, english_, chinese_), .phase = 1 }, \
    { NAMED(format_, key_, english_, chinese_), .phase = 2 }, \
    { NAMED(format_, key_, english_, chinese_), .phase = 3 }
static const struct q376_field lost_rows[] = {
    { READ_TIME, LATCH },
    LOST(08, "lost_count", "Phase lost (total, A, B, C), times", "断相次数（总、A、B、C相）"),
    LOST(10, "lost_minutes", "Phase lost (total, A, B, C), min", "断相时间累计值（总、A、B、C相）"),
    LOST(17, "lost_start", "Last lost from (total, A, B, C)", "最近一次断相起始时刻（总、A、B、C相）"),
    LOST(17, "lost_end", "Last lost to (total, A, B, C)", "最近一次断相结束时刻（总、A、B、C相）"),
};
static const struct q376_fields lost = FIELDS(lost);

/* F28. */
static const struct q376_field status_rows[] = {
    { READ_TIME, LATCH },
    { BYTES(14, "status_changed", "Bits that changed", "电表运行状态字变位标志1～7") },
    { BYTES(14, "status_words", "Status words", "电表运行状态字1～7") },
};
static const struct q376_fields status = FIELDS(status);

/* F27. */
static const struct q376_field meter_clock_rows[] = {
    { READ_TIME, LATCH },
    { LABEL("meter_clock", "Clock of the meter", "电能表日历时钟"), .format = Q376_FORMAT_01,
      .quantity = ITEM_DATE_TIME },
    { MEASURED(27, BATTERY_TIME, MINUTE, 0) },
    { NAMED(10, "programmings", "Programmings", "编程总次数") },
    { NAMED(01, "last_programming", "Last programming", "最近一次编程发生时刻") },
    { NAMED(10, "meter_resets", "Meter resets", "电表清零总次数") },
    { NAMED(01, "last_meter_reset", "Last meter reset", "最近一次清零发生时刻") },
    { NAMED(10, "demand_resets", "Demand resets", "需量清零总次数") },
    { NAMED(01, "last_demand_reset", "Last demand reset", "最近一次需量清零发生时刻") },
    { NAMED(10, "event_resets", "Event resets", "事件清零总次数") },
    { NAMED(01, "last_event_reset", "Last event reset", "最近一次事件清零发生时刻") },
    { NAMED(10, "clock_settings", "Clock settings", "校时总次数") },
    { NAMED(01, "last_clock_setting", "Last clock setting", "最近一次校时发生时刻") },
};
static const struct q376_fields meter_clock = FIELDS(meter_clock);

#define PHASE_ENERGIES(phase_) \
    { MEASURED(14, ENERGY_ACTIVE_IMPORT, KWH, phase_) }, { MEASURED(14, ENERGY_ACTIVE_EXPORT, KWH, phase_) }, \
    { MEASURED(11, ENERGY_REACTIVE_COMBINED_1, KVARH, phase_) }, \
    { MEASURED(11, ENERGY_REACTIVE_COMBINED_2, KVARH, phase_) }

static const struct q376_field phases_rows[] = {
    { READ_TIME, LATCH },
    PHASE_ENERGIES(1),
    PHASE_ENERGIES(2),
    PHASE_ENERGIES(3),
};
static const struct q376_fields phases = FIELDS(phases);

/* F33, F37. */
static const struct q376_field forward_rows[] = { { READ_TIME, LATCH }, FORWARD_ENERGIES };
static const struct q376_fields forward = FIELDS(forward);

/* F34, F38. */
static const struct q376_field reverse_rows[] = { { READ_TIME, LATCH }, REVERSE_ENERGIES };
static const struct q376_fields reverse = FIELDS(reverse);

/* F35, F39: all demands, then all times. */
static const struct q376_field forward_demand_rows[] = { { READ_TIME, LATCH }, FORWARD_DEMANDS };
static const struct q376_fields forward_demand = FIELDS(forward_demand);

/* F36, F40. */
static const struct q376_field reverse_demand_rows[] = { { READ_TIME, LATCH }, REVERSE_DEMANDS };
static const struct q376_fields reverse_demand = FIELDS(reverse_demand);

/* F145 to F152: each demand with its time. */
static const struct q376_field own_demand_rows[] = { { READ_TIME, LATCH }, OWN_DEMANDS };
static const struct q376_fields own_demand = FIELDS(own_demand);

static const struct q376_field angles_rows[] = {
    VOLTAGE_ANGLES,
    CURRENT_ANGLES,
};
static const struct q376_fields angles = FIELDS(angles);

static const struct q376_word switch_states[] = {
    { 0x00, "off", "断电" },
    { 0x11, "on", "通电" },
    { 0, NULL, NULL },
};
static const struct q376_field switching_rows[] = { { READ_TIME, LATCH }, SWITCHING(switch_states) };
static const struct q376_fields switching = FIELDS(switching);

static const struct q376_field openings_rows[] = { { READ_TIME, LATCH }, OPENINGS };
static const struct q376_fields openings = FIELDS(openings);

static const struct q376_field changes_rows[] = { { READ_TIME, LATCH }, CHANGES };
static const struct q376_fields changes = FIELDS(changes);

static const struct q376_field purchase_rows[] = { { READ_TIME, LATCH }, PURCHASES };
static const struct q376_fields purchase = FIELDS(purchase);

static const struct q376_field settlement_rows[] = { { READ_TIME, LATCH }, SETTLEMENT };
static const struct q376_fields settlement = FIELDS(settlement);

static const struct q376_word results[] = {
    { 0x00, "failed", "失败" },
    { 0x01, "ok", "成功" },
    { 0, NULL, NULL },
};
static const struct q376_field last_reading_rows[] = {
    { NUMBER(1, "port", "Port", "所属终端通信端口号") },
    { NUMBER(1, "relays", "Relays", "中继路由级数") },
    { FLAGS(1, "phase", "Carrier phase", "载波抄读通信相位") },
    { NUMBER(1, "quality", "Signal quality", "载波信号品质") },
    { NUMBER(1, "last_result", "Last reading", "最近一次抄表成功/失败标志"), .words = results },
    { NAMED(01, "last_success", "Last success", "最近一次抄表成功时间") },
    { NAMED(01, "last_failure", "Last failure", "最近一次抄表失败时间") },
    { NUMBER(1, "failures", "Failures in a row", "最近连续失败累计次数") },
};
static const struct q376_fields last_reading = FIELDS(last_reading);

#define CURRENT(number_, english_, chinese_, up_) ROW(number_, english_, chinese_, NOTHING, up_)
#define CURRENT_OF(number_, english_, chinese_, up_, format_, quantity_, unit_, phase_) \
    ROW_OF(number_, english_, chinese_, NOTHING, up_, format_, quantity_, unit_, phase_)

static const struct q376_layout current_layouts[] = {
    CURRENT(1, "terminal version (130-2005)", "终端版本信息（130-2005）", &version_130),
    CURRENT(2, "terminal clock", "终端日历时钟", &terminal_clock),
    CURRENT(3, "parameter state", "终端参数状态", &parameter_state),
    CURRENT(4, "uplink state", "终端上行通信状态", &link_state),
    CURRENT(5, "control settings", "终端控制设置状态", NULL),
    CURRENT(6, "control state", "终端当前控制状态", NULL),
    CURRENT(7, "event counters", "终端事件计数器当前值", &counters),
    CURRENT(8, "event state", "终端事件标志状态", &event_state),
    CURRENT(9, "status inputs", "终端状态量及变位标志", &inputs),
    CURRENT(10, "traffic", "终端与主站当日、月通信流量", &traffic),
    CURRENT(11, "meter reading state", "终端集中抄表状态信息", &reading_state),
    CURRENT_OF(17, "total active power", "当前总加有功功率", &own, 02, POWER_ACTIVE, KW, 0),
    CURRENT_OF(18, "total reactive power", "当前总加无功功率", &own, 02, POWER_REACTIVE, KVAR, 0),
    CURRENT_OF(19, "active energy of the day", "当日总加有功电能量", &own_tariffs, 03, CONSUMPTION_ACTIVE_IMPORT, KWH,
               0),
    CURRENT_OF(20, "reactive energy of the day", "当日总加无功电能量", &own_tariffs, 03, CONSUMPTION_REACTIVE_IMPORT,
               KVARH, 0),
    CURRENT_OF(21, "active energy of the month", "当月总加有功电能量", &own_tariffs, 03, CONSUMPTION_ACTIVE_IMPORT, KWH,
               0),
    CURRENT_OF(22, "reactive energy of the month", "当月总加无功电能量", &own_tariffs, 03, CONSUMPTION_REACTIVE_IMPORT,
               KVARH, 0),
    CURRENT_OF(23, "remaining energy", "终端当前剩余电量（费）", &own, 03, BALANCE_ENERGY, KWH, 0),
    CURRENT_OF(24, "frozen power after reduction", "当前功率下浮控控后总加有功功率冻结值", &own, 02, POWER_ACTIVE, KW,
               0),
    CURRENT(25, "power, voltage, current", "当前三相及总有/无功功率、功率因数，三相电压、电流、零序电流、视在功率",
            &instant),
    CURRENT(26, "lost phases", "A、B、C三相断相统计数据及最近一次断相记录", &lost),
    CURRENT(27, "meter clock", "电能表日历时钟、编程次数及其最近一次操作时间", &meter_clock),
    CURRENT(28, "meter status words", "电能表运行状态字及其变位标志", &status),
    CURRENT(31, "energy of each phase", "当前A、B、C三相正/反向有功电能示值、组合无功1/2电能示值", &phases),
    ROW_OF_LAST(32, "energy of each phase, last settlement",
                "上一结算日A、B、C三相正/反向有功电能示值、组合无功1/2电能示值", &phases, NONE, OTHER, NONE),
    CURRENT(33, "forward energies", "当前正向有/无功电能示值、一/四象限无功电能示值", &forward),
    CURRENT(34, "reverse energies", "当前反向有/无功电能示值、二/三象限无功电能示值", &reverse),
    CURRENT(35, "forward demands of the month", "当月正向有/无功最大需量及发生时间", &forward_demand),
    CURRENT(36, "reverse demands of the month", "当月反向有/无功最大需量及发生时间", &reverse_demand),
    ROW_OF_LAST(37, "forward energies, last settlement", "上月（上一结算日）正向有/无功电能示值、一/四象限无功电能示值",
                &forward, NONE, OTHER, NONE),
    ROW_OF_LAST(38, "reverse energies, last settlement", "上月（上一结算日）反向有/无功电能示值、二/三象限无功电能示值",
                &reverse, NONE, OTHER, NONE),
    ROW_OF_LAST(39, "forward demands, last settlement", "上月（上一结算日）正向有/无功最大需量及发生时间",
                &forward_demand, NONE, OTHER, NONE),
    ROW_OF_LAST(40, "reverse demands, last settlement", "上月（上一结算日）反向有/无功最大需量及发生时间",
                &reverse_demand, NONE, OTHER, NONE),
    CURRENT_OF(41, "forward active energy of the day", "当日正向有功电能量", &own_tariffs, 13,
               CONSUMPTION_ACTIVE_IMPORT, KWH, 0),
    CURRENT_OF(42, "forward reactive energy of the day", "当日正向无功电能量", &own_tariffs, 13,
               CONSUMPTION_REACTIVE_IMPORT, KVARH, 0),
    CURRENT_OF(43, "reverse active energy of the day", "当日反向有功电能量", &own_tariffs, 13,
               CONSUMPTION_ACTIVE_EXPORT, KWH, 0),
    CURRENT_OF(44, "reverse reactive energy of the day", "当日反向无功电能量", &own_tariffs, 13,
               CONSUMPTION_REACTIVE_EXPORT, KVARH, 0),
    CURRENT_OF(45, "forward active energy of the month", "当月正向有功电能量", &own_tariffs, 13,
               CONSUMPTION_ACTIVE_IMPORT, KWH, 0),
    CURRENT_OF(46, "forward reactive energy of the month", "当月正向无功电能量", &own_tariffs, 13,
               CONSUMPTION_REACTIVE_IMPORT, KVARH, 0),
    CURRENT_OF(47, "reverse active energy of the month", "当月反向有功电能量", &own_tariffs, 13,
               CONSUMPTION_ACTIVE_EXPORT, KWH, 0),
    CURRENT_OF(48, "reverse reactive energy of the month", "当月反向无功电能量", &own_tariffs, 13,
               CONSUMPTION_REACTIVE_EXPORT, KVARH, 0),
    CURRENT(49, "phase angles", "当前电压、电流相位角", &angles),
    CURRENT_OF(129, "forward active energy", "当前正向有功电能示值", &read_tariffs, 14, ENERGY_ACTIVE_IMPORT, KWH, 0),
    CURRENT_OF(130, "forward reactive energy", "当前正向无功（组合无功1）电能示值", &read_tariffs, 11,
               ENERGY_REACTIVE_IMPORT, KVARH, 0),
    CURRENT_OF(131, "reverse active energy", "当前反向有功电能示值", &read_tariffs, 14, ENERGY_ACTIVE_EXPORT, KWH, 0),
    CURRENT_OF(132, "reverse reactive energy", "当前反向无功（组合无功2）电能示值", &read_tariffs, 11,
               ENERGY_REACTIVE_EXPORT, KVARH, 0),
    CURRENT_OF(133, "reactive energy, quadrant 1", "当前一象限无功电能示值", &read_tariffs, 11,
               ENERGY_REACTIVE_QUADRANT_1, KVARH, 0),
    CURRENT_OF(134, "reactive energy, quadrant 2", "当前二象限无功电能示值", &read_tariffs, 11,
               ENERGY_REACTIVE_QUADRANT_2, KVARH, 0),
    CURRENT_OF(135, "reactive energy, quadrant 3", "当前三象限无功电能示值", &read_tariffs, 11,
               ENERGY_REACTIVE_QUADRANT_3, KVARH, 0),
    CURRENT_OF(136, "reactive energy, quadrant 4", "当前四象限无功电能示值", &read_tariffs, 11,
               ENERGY_REACTIVE_QUADRANT_4, KVARH, 0),
    ROW_OF_LAST(137, "forward active energy, last settlement", "上月（上一结算日）正向有功电能示值", &read_tariffs, 14,
                ENERGY_ACTIVE_IMPORT, KWH),
    ROW_OF_LAST(138, "forward reactive energy, last settlement", "上月（上一结算日）正向无功（组合无功1）电能示值",
                &read_tariffs, 11, ENERGY_REACTIVE_IMPORT, KVARH),
    ROW_OF_LAST(139, "reverse active energy, last settlement", "上月（上一结算日）反向有功电能示值", &read_tariffs, 14,
                ENERGY_ACTIVE_EXPORT, KWH),
    ROW_OF_LAST(140, "reverse reactive energy, last settlement", "上月（上一结算日）反向无功（组合无功2）电能示值",
                &read_tariffs, 11, ENERGY_REACTIVE_EXPORT, KVARH),
    ROW_OF_LAST(141, "reactive energy, quadrant 1, last settlement", "上月（上一结算日）一象限无功电能示值",
                &read_tariffs, 11, ENERGY_REACTIVE_QUADRANT_1, KVARH),
    ROW_OF_LAST(142, "reactive energy, quadrant 2, last settlement", "上月（上一结算日）二象限无功电能示值",
                &read_tariffs, 11, ENERGY_REACTIVE_QUADRANT_2, KVARH),
    ROW_OF_LAST(143, "reactive energy, quadrant 3, last settlement", "上月（上一结算日）三象限无功电能示值",
                &read_tariffs, 11, ENERGY_REACTIVE_QUADRANT_3, KVARH),
    ROW_OF_LAST(144, "reactive energy, quadrant 4, last settlement", "上月（上一结算日）四象限无功电能示值",
                &read_tariffs, 11, ENERGY_REACTIVE_QUADRANT_4, KVARH),
    CURRENT_OF(145, "forward active demand of the month", "当月正向有功最大需量及发生时间", &own_demand, 23,
               DEMAND_ACTIVE_IMPORT, KW, 0),
    CURRENT_OF(146, "forward reactive demand of the month", "当月正向无功最大需量及发生时间", &own_demand, 23,
               DEMAND_REACTIVE_IMPORT, KVAR, 0),
    CURRENT_OF(147, "reverse active demand of the month", "当月反向有功最大需量及发生时间", &own_demand, 23,
               DEMAND_ACTIVE_EXPORT, KW, 0),
    CURRENT_OF(148, "reverse reactive demand of the month", "当月反向无功最大需量及发生时间", &own_demand, 23,
               DEMAND_REACTIVE_EXPORT, KVAR, 0),
    ROW_OF_LAST(149, "forward active demand, last settlement", "上月（上一结算日）正向有功最大需量及发生时间",
                &own_demand, 23, DEMAND_ACTIVE_IMPORT, KW),
    ROW_OF_LAST(150, "forward reactive demand, last settlement", "上月（上一结算日）正向无功最大需量及发生时间",
                &own_demand, 23, DEMAND_REACTIVE_IMPORT, KVAR),
    ROW_OF_LAST(151, "reverse active demand, last settlement", "上月（上一结算日）反向有功最大需量及发生时间",
                &own_demand, 23, DEMAND_ACTIVE_EXPORT, KW),
    ROW_OF_LAST(152, "reverse reactive demand, last settlement", "上月（上一结算日）反向无功最大需量及发生时间",
                &own_demand, 23, DEMAND_REACTIVE_EXPORT, KVAR),
    CURRENT(161, "remote switching", "电能表远程控制通断电状态及记录", &switching),
    CURRENT(165, "openings", "电能表开关操作次数及时间", &openings),
    CURRENT(166, "parameter changes", "电能表参数修改次数及时间", &changes),
    CURRENT(167, "purchases", "电能表购、用电信息", &purchase),
    CURRENT(168, "settlement", "电能表结算信息", &settlement),
    CURRENT(169, "relay routes", "集中抄表中继路由信息", NULL),
    CURRENT(170, "last reading", "集中抄表电表抄读信息", &last_reading),
};
const struct q376_layouts q376_layouts_current = LAYOUTS(current_layouts);
