/* Event records of AFN 0E: ERC, Le and Le bytes. Row 0 is for what has no row: a time, if it is one, and bytes. */
#include "codec/q376/q376_layout_rows.h"

static const struct q376_word events[] = {
    { 1, "data initialised or version changed", "数据初始化和版本变更" },
    { 2, "parameters lost", "参数丢失" },
    { 3, "parameters changed", "参数变更" },
    { 4, "status input changed", "状态量变位" },
    { 5, "remote trip", "遥控跳闸" },
    { 6, "power control trip", "功控跳闸" },
    { 7, "energy control trip", "电控跳闸" },
    { 8, "meter parameters changed", "电能表参数变更" },
    { 9, "current circuit abnormal", "电流回路异常" },
    { 10, "voltage circuit abnormal", "电压回路异常" },
    { 11, "phase order abnormal", "相序异常" },
    { 12, "meter clock abnormal", "电能表时间超差" },
    { 13, "meter fault", "电表故障信息" },
    { 14, "terminal power off or on", "终端停/上电" },
    { 15, "harmonics over limit", "谐波越限告警" },
    { 16, "DC analogue over limit", "直流模拟量越限" },
    { 17, "voltage or current unbalance", "电压/电流不平衡度越限" },
    { 18, "capacitor locked", "电容器投切自锁" },
    { 19, "purchase parameters set", "购电参数设置" },
    { 20, "authentication error", "消息认证错误" },
    { 21, "terminal fault", "终端故障" },
    { 22, "energy difference over limit", "有功总电能量差动越限" },
    { 23, "energy control warning", "电控告警" },
    { 24, "voltage over limit", "电压越限" },
    { 25, "current over limit", "电流越限" },
    { 26, "apparent power over limit", "视在功率越限" },
    { 27, "meter reading decreased", "电能表示度下降" },
    { 28, "energy over limit", "电能量超差" },
    { 29, "meter runs away", "电能表飞走" },
    { 30, "meter stopped", "电能表停走" },
    { 31, "meter reading failed", "终端抄表失败" },
    { 32, "traffic over limit", "终端与主站通信流量超门限" },
    { 33, "meter status word changed", "电能表运行状态字变位" },
    { 34, "current transformer abnormal", "CT 异常" },
    { 35, "unknown meter found", "发现未知电表" },
    { 0, NULL, NULL },
};

#define HEAD \
    { LABEL("erc", "Event code (ERC)", "事件代码 ERC"), .format = Q376_FORMAT_NUMBER, .size = 1, \
      .quantity = ITEM_EVENT, .words = events }, \
    { NUMBER(1, "le", "Length (Le)", "长度 Le") }
#define TIME { LABEL("time", "Time", "发生时间"), .format = Q376_FORMAT_15, .quantity = ITEM_DATE_TIME, LATCH }

/* Low 12 bits the point, bit 15 set at the start of the event and clear at its end. */
#define POINT \
    { BITS(2, 0, 12, "point", "Measuring point", "测量点号"), .stays = true }, \
    { BITS(2, 12, 3, "point_reserved", "Reserved", "备用"), .stays = true }, \
    { BITS(2, 15, 1, "is_start", "Start of the event", "起/止标志") }
#define MARKS(key_, english_, chinese_) { FLAGS(1, key_, english_, chinese_) }
#define VOLTAGES { MEASURED(07, VOLTAGE, V, 1) }, { MEASURED(07, VOLTAGE, V, 2) }, { MEASURED(07, VOLTAGE, V, 3) }
#define CURRENTS { MEASURED(25, CURRENT, A, 1) }, { MEASURED(25, CURRENT, A, 2) }, { MEASURED(25, CURRENT, A, 3) }
#define ENERGY { MEASURED(14, ENERGY_ACTIVE_IMPORT, KWH, 0) }
#define ENERGY_AFTER \
    { NAMED(14, "energy_after", "Forward active energy afterwards", "发生后正向有功总电能示值"), .unit = ITEM_UNIT_KWH }
#define GROUP_NUMBER { NUMBER(1, "group", "Total group", "总加组号") }
#define ROUNDS MARKS("rounds", "Rounds", "跳闸轮次")
#define TRIP_POWERS \
    { NAMED(02, "power", "Power at the trip", "跳闸时功率"), .unit = ITEM_UNIT_KW }, \
    { NAMED(02, "power_after", "Power 2 min later", "跳闸后2分钟的功率"), .unit = ITEM_UNIT_KW }

static const struct q376_field unknown_rows[] = { HEAD, TIME };
static const struct q376_field initial_rows[] = {
    HEAD,
    TIME,
    MARKS("flags", "Flags", "事件标志"),
    { TEXT(4, "version_before", "Version before", "变更前软件版本号") },
    { TEXT(4, "version_after", "Version after", "变更后软件版本号") },
};
static const struct q376_field loss_rows[] = { HEAD, TIME, MARKS("flags", "Flags", "事件标志") };
static const struct q376_field change_rows[] = {
    HEAD,
    TIME,
    { NUMBER(1, "station", "Starting station", "启动站地址") },
    { LABEL("unit_id", "Changed parameter", "变更参数数据单元标识"), .kind = Q376_KIND_UNIT,
      .format = Q376_FORMAT_BYTES, .size = 4, .quantity = ITEM_PARAMETER, TIMES(UNTIL_END) },
};
static const struct q376_field input_rows[] = {
    HEAD,
    TIME,
    MARKS("input_changed", "Inputs that changed", "状态变位"),
    MARKS("input_state", "State afterwards", "变位后状态"),
};
static const struct q376_field trip_rows[] = { HEAD, TIME, ROUNDS, TRIP_POWERS };
static const struct q376_field power_control_rows[] = {
    HEAD,
    TIME,
    GROUP_NUMBER,
    ROUNDS,
    MARKS("control_kind", "Kind of control", "功控类别"),
    TRIP_POWERS,
    { NAMED(02, "power_limit", "Power limit", "跳闸时功率定值"), .unit = ITEM_UNIT_KW },
};
static const struct q376_field energy_control_rows[] = {
    HEAD,
    TIME,
    GROUP_NUMBER,
    ROUNDS,
    MARKS("control_kind", "Kind of control", "电控类别"),
    { NAMED(03, "energy", "Energy at the trip", "跳闸时电能量"), .unit = ITEM_UNIT_KWH },
    { NAMED(03, "energy_limit", "Energy limit", "跳闸时电控定值"), .unit = ITEM_UNIT_KWH },
};
static const struct q376_field point_flags_rows[] = { HEAD, TIME, POINT, MARKS("flags", "Flags", "标志") };
static const struct q376_field circuit_rows[] = { HEAD,     TIME,     POINT, MARKS("flags", "Flags", "异常标志"),
                                                  VOLTAGES, CURRENTS, ENERGY };
static const struct q376_field order_rows[] = {
    HEAD,
    TIME,
    POINT,
    VOLTAGE_ANGLES,
    CURRENT_ANGLES,
    ENERGY,
};
static const struct q376_field capacitor_rows[] = {
    HEAD,
    TIME,
    POINT,
    MARKS("flags", "Flags", "异常标志"),
    { FLAGS(2, "capacitors", "Capacitor groups", "电容器组标志") },
    { MEASURED(05, POWER_FACTOR, PERCENT, 0) },
    { MEASURED(23, POWER_REACTIVE, KVAR, 0) },
    { MEASURED(07, VOLTAGE, V, 0) },
};
static const struct q376_word refills[] = {
    { 0x55, "added", "追加" },
    { 0xAA, "replaced", "刷新" },
    { 0, NULL, NULL },
};
static const struct q376_field purchase_rows[] = {
    HEAD,
    TIME,
    GROUP_NUMBER,
    { NUMBER(4, "purchase_number", "Purchase number", "购电单号") },
    { NUMBER(1, "refill", "Added or replaced", "追加/刷新标志"), .words = refills },
    { NAMED(03, "purchased_energy", "Energy purchased", "购电量值"), .unit = ITEM_UNIT_KWH },
    { NAMED(03, "warning_energy", "Warning limit", "报警门限"), .unit = ITEM_UNIT_KWH },
    { NAMED(03, "trip_energy", "Trip limit", "跳闸门限"), .unit = ITEM_UNIT_KWH },
    { NAMED(03, "energy_before", "Remaining before", "购电前剩余电能量（费）"), .unit = ITEM_UNIT_KWH },
    { NAMED(03, "energy_after", "Remaining after", "购电后剩余电能量（费）"), .unit = ITEM_UNIT_KWH },
};
static const struct q376_field point_only_rows[] = { HEAD, TIME, POINT };
static const struct q376_field power_rows[] = {
    HEAD,
    { NAMED(15, "power_off", "Power off at", "停电发生时间"), LATCH },
    { NAMED(15, "power_on", "Power on at", "上电时间") },
};
static const struct q376_field analogue_rows[] = {
    HEAD,
    TIME,
    { BITS(1, 0, 7, "analogue_port", "DC analogue port", "直流模拟量端口号"), .stays = true },
    { BITS(1, 7, 1, "is_start", "Start of the event", "起/止标志") },
    MARKS("flags", "Flags", "越限标志"),
    { NAMED(02, "analogue", "Value", "越限时直流模拟量数据") },
};
static const struct q376_field unbalance_rows[] = {
    HEAD,
    TIME,
    POINT,
    MARKS("flags", "Flags", "越限标志"),
    { NAMED(05, "voltage_unbalance", "Voltage unbalance", "电压不平衡度"), .unit = ITEM_UNIT_PERCENT },
    { NAMED(05, "current_unbalance", "Current unbalance", "电流不平衡度"), .unit = ITEM_UNIT_PERCENT },
    VOLTAGES,
    CURRENTS,
};
static const struct q376_field authentication_rows[] = {
    HEAD,
    TIME,
    { BYTES(16, "wrong_password", "Message authentication (PW)", "消息认证码 PW") },
    { NUMBER(1, "station", "Starting station", "启动站地址 MSA") },
};
static const struct q376_word faults[] = {
    { 1, "memory", "终端主板内存故障" },
    { 2, "clock", "时钟故障" },
    { 3, "communication", "主板通信故障" },
    { 4, "RS-485 reading", "485抄表故障" },
    { 5, "display", "显示板故障" },
    { 6, "carrier channel", "载波通道异常" },
    { 0, NULL, NULL },
};
static const struct q376_field fault_rows[] = {
    HEAD,
    TIME,
    { NUMBER(1, "fault", "Fault", "终端故障编码"), .words = faults },
};
static const struct q376_field warning_rows[] = {
    HEAD,
    TIME,
    GROUP_NUMBER,
    MARKS("control_kind", "Kind of control", "电控类别"),
    { NAMED(03, "energy", "Energy at the warning", "告警时电能量"), .unit = ITEM_UNIT_KWH },
    { NAMED(03, "energy_limit", "Energy limit", "告警时电控定值"), .unit = ITEM_UNIT_KWH },
};
static const struct q376_field voltage_rows[] = { HEAD, TIME, POINT, MARKS("flags", "Flags", "越限标志"), VOLTAGES };
static const struct q376_field current_rows[] = { HEAD, TIME, POINT, MARKS("flags", "Flags", "越限标志"), CURRENTS };
static const struct q376_field apparent_rows[] = {
    HEAD,
    TIME,
    POINT,
    MARKS("flags", "Flags", "越限标志"),
    { MEASURED(23, POWER_APPARENT, KVA, 0) },
    { NAMED(23, "power_limit", "Limit", "视在功率限值"), .unit = ITEM_UNIT_KVA },
};
static const struct q376_field decrease_rows[] = { HEAD, TIME, POINT, ENERGY, ENERGY_AFTER };
static const struct q376_field energy_rows[] = {
    HEAD, TIME, POINT, ENERGY, { NAMED(22, "threshold", "Threshold", "阈值") }
};
static const struct q376_field fly_rows[] = { HEAD,   TIME,         POINT,
                                              ENERGY, ENERGY_AFTER, { NAMED(22, "threshold", "Threshold", "阈值") } };
static const struct q376_field stop_rows[] = {
    HEAD, TIME, POINT, ENERGY, { NUMBER(1, "threshold", "Threshold", "停走阈值") },
};
static const struct q376_field failure_rows[] = {
    HEAD,   TIME,
    POINT,  { NAMED(15, "last_success", "Last success", "最近一次抄表成功时间"), LATCH },
    ENERGY, { MEASURED(11, ENERGY_REACTIVE_IMPORT, KVARH, 0) },
};
static const struct q376_field traffic_rows[] = {
    HEAD,
    TIME,
    { NUMBER(4, "month_traffic", "Traffic of the month, bytes", "当月已发生的通信流量") },
    { NUMBER(4, "traffic_limit", "Limit, bytes", "月通信流量门限") },
};
static const struct q376_field status_word_rows[] = {
    HEAD,
    TIME,
    POINT,
    { BYTES(14, "status_changed", "Bits that changed", "电表运行状态字变位标志1～7") },
    { BYTES(14, "status_words", "Status words", "电表运行状态字1～7") },
};

static const struct q376_fields unknown = FIELDS(unknown);
static const struct q376_fields initial = FIELDS(initial);
static const struct q376_fields loss = FIELDS(loss);
static const struct q376_fields change = FIELDS(change);
static const struct q376_fields input = FIELDS(input);
static const struct q376_fields trip = FIELDS(trip);
static const struct q376_fields power_control = FIELDS(power_control);
static const struct q376_fields energy_control = FIELDS(energy_control);
static const struct q376_fields point_flags = FIELDS(point_flags);
static const struct q376_fields circuit = FIELDS(circuit);
static const struct q376_fields order = FIELDS(order);
static const struct q376_fields capacitor = FIELDS(capacitor);
static const struct q376_fields purchase = FIELDS(purchase);
static const struct q376_fields point_only = FIELDS(point_only);
static const struct q376_fields power = FIELDS(power);
static const struct q376_fields analogue = FIELDS(analogue);
static const struct q376_fields unbalance = FIELDS(unbalance);
static const struct q376_fields authentication = FIELDS(authentication);
static const struct q376_fields fault = FIELDS(fault);
static const struct q376_fields warning = FIELDS(warning);
static const struct q376_fields voltage = FIELDS(voltage);
static const struct q376_fields current = FIELDS(current);
static const struct q376_fields apparent = FIELDS(apparent);
static const struct q376_fields decrease = FIELDS(decrease);
static const struct q376_fields energy = FIELDS(energy);
static const struct q376_fields fly = FIELDS(fly);
static const struct q376_fields stop = FIELDS(stop);
static const struct q376_fields failure = FIELDS(failure);
static const struct q376_fields traffic = FIELDS(traffic);
static const struct q376_fields status_word = FIELDS(status_word);

static const struct q376_layout record_layouts[] = {
    ROW(0, "event", "事件", NULL, &unknown),
    ROW(1, "data initialised or version changed", "数据初始化和版本变更", NULL, &initial),
    ROW(2, "parameters lost", "参数丢失", NULL, &loss),
    ROW(3, "parameters changed", "参数变更", NULL, &change),
    ROW(4, "status input changed", "状态量变位", NULL, &input),
    ROW(5, "remote trip", "遥控跳闸", NULL, &trip),
    ROW(6, "power control trip", "功控跳闸", NULL, &power_control),
    ROW(7, "energy control trip", "电控跳闸", NULL, &energy_control),
    ROW(8, "meter parameters changed", "电能表参数变更", NULL, &point_flags),
    ROW(9, "current circuit abnormal", "电流回路异常", NULL, &circuit),
    ROW(10, "voltage circuit abnormal", "电压回路异常", NULL, &circuit),
    ROW(11, "phase order abnormal", "相序异常", NULL, &order),
    ROW(12, "meter clock abnormal", "电能表时间超差", NULL, &point_only),
    ROW(13, "meter fault", "电表故障信息", NULL, &point_flags),
    ROW(14, "terminal power off or on", "终端停/上电", NULL, &power),
    ROW(16, "DC analogue over limit", "直流模拟量越限", NULL, &analogue),
    ROW(17, "voltage or current unbalance", "电压/电流不平衡度越限", NULL, &unbalance),
    ROW(18, "capacitor locked", "电容器投切自锁", NULL, &capacitor),
    ROW(19, "purchase parameters set", "购电参数设置", NULL, &purchase),
    ROW(20, "authentication error", "消息认证错误", NULL, &authentication),
    ROW(21, "terminal fault", "终端故障", NULL, &fault),
    ROW(23, "energy control warning", "电控告警", NULL, &warning),
    ROW(24, "voltage over limit", "电压越限", NULL, &voltage),
    ROW(25, "current over limit", "电流越限", NULL, &current),
    ROW(26, "apparent power over limit", "视在功率越限", NULL, &apparent),
    ROW(27, "meter reading decreased", "电能表示度下降", NULL, &decrease),
    ROW(28, "energy over limit", "电能量超差", NULL, &energy),
    ROW(29, "meter runs away", "电能表飞走", NULL, &fly),
    ROW(30, "meter stopped", "电能表停走", NULL, &stop),
    ROW(31, "meter reading failed", "终端抄表失败", NULL, &failure),
    ROW(32, "traffic over limit", "终端与主站通信流量超门限", NULL, &traffic),
    ROW(33, "meter status word changed", "电能表运行状态字变位", NULL, &status_word),
    ROW(34, "current transformer abnormal", "CT 异常", NULL, &point_flags),
};
const struct q376_layouts q376_layouts_records = LAYOUTS(record_layouts);
