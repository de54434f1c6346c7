/* AFN 04, set parameters; 0A, query them (the answer has the layout of 04); 05, control. */
#include "codec/q376/q376_layout_rows.h"

#define UNIT_ID \
    LABEL("unit_id", "Data unit identifier", "数据单元标识"), .kind = Q376_KIND_UNIT, .format = Q376_FORMAT_BYTES, \
                                                              .size = 4, .quantity = ITEM_PARAMETER

/* F1: 12 bits of seconds, 2 of retries (unconfirmed). */
static const struct q376_field uplink_port_rows[] = {
    { NUMBER(1, "rts_delay", "RTS delay, units of 20 ms", "终端数传机延时时间 RTS（20ms）") },
    { NUMBER(1, "transmit_delay_min", "Permitted transmit delay, min", "终端作为启动站允许发送传输延时时间（min）") },
    { BITS(2, 0, 12, "response_timeout_s", "Response timeout, s", "等待从动站响应的超时时间（s）"), .stays = true },
    { BITS(2, 12, 2, "retries", "Retries", "重发次数"), .stays = true },
    { BITS(2, 14, 2, "retries_reserved", "Reserved", "备用") },
    { FLAGS(1, "confirm_services", "Services to be confirmed", "需要主站确认的通信服务（CON=1）的标志") },
    { NUMBER(1, "heartbeat_min", "Heartbeat period, min", "心跳周期（min）") },
};
static const struct q376_fields uplink_port = FIELDS(uplink_port);

static const struct q376_field head_end_rows[] = {
    { BYTES(4, "main_ip", "Main IP address", "主用 IP 地址") },
    { NUMBER(2, "main_port", "Main port", "主用端口") },
    { BYTES(4, "backup_ip", "Backup IP address", "备用 IP 地址") },
    { NUMBER(2, "backup_port", "Backup port", "备用端口") },
    { TEXT(16, "apn", "APN", "APN") },
};
static const struct q376_fields head_end = FIELDS(head_end);

static const struct q376_field phones_rows[] = {
    { BYTES(8, "head_end_phone", "Head-end telephone number", "主站电话号码") },
    { BYTES(8, "sms_center", "SMS centre number", "短信中心号码") },
};
static const struct q376_fields phones = FIELDS(phones);

static const struct q376_field scheme_rows[] = {
    { NUMBER(1, "scheme", "Authentication scheme", "消息认证方案号") },
    { NUMBER(2, "scheme_parameter", "Scheme parameter", "消息认证方案参数") },
};
static const struct q376_fields scheme = FIELDS(scheme);

static const struct q376_field event_flags_rows[] = {
    { BYTES(8, "valid_flags", "Events recorded (ERC1 to 64)", "事件记录有效标志位") },
    { BYTES(8, "important_flags", "Important events (ERC1 to 64)", "事件重要性等级标志位") },
};
static const struct q376_fields event_flags = FIELDS(event_flags);

/* F10: 27 bytes for each meter. */
static const struct q376_word protocols[] = {
    { 0, "not read", "不抄读" },
    { 1, "DL/T 645-1997", "DL/T 645-1997" },
    { 2, "AC sampling device", "交流采样装置" },
    { 30, "DL/T 645-2007", "DL/T 645-2007" },
    { 31, "narrow-band carrier module", "窄带低压载波通信模块" },
    { 0, NULL, NULL },
};
static const struct q376_word bauds[] = {
    { 0, "default", "默认" },     { 1, "600 Bd", "600 bps" },     { 2, "1200 Bd", "1200 bps" },
    { 3, "2400 Bd", "2400 bps" }, { 4, "4800 Bd", "4800 bps" },   { 5, "7200 Bd", "7200 bps" },
    { 6, "9600 Bd", "9600 bps" }, { 7, "19200 Bd", "19200 bps" }, { 0, NULL, NULL },
};
static const struct q376_field archive_rows[] = {
    { NUMBER(2, "count", "Entries", "配置数量 n"), KEPT_AS(ENTRIES) },
    { GROUP(15, ENTRIES, "entries", "Archive entry", "电能表档案") },
    { NUMBER(2, "entry", "Entry number", "装置序号") },
    { NUMBER(2, "measuring_point", "Measuring point", "所属测量点号") },
    { BITS(1, 5, 3, "baud_code", "Baud rate code", "通信速率"), .words = bauds, .stays = true },
    { BITS(1, 0, 5, "port", "Port", "端口号") },
    { NUMBER(1, "protocol", "Meter protocol", "通信协议类型"), .words = protocols },
    { LABEL("meter_address", "Meter address", "通信地址"), .format = Q376_FORMAT_12, .quantity = ITEM_ADDRESS },
    { BYTES(6, "password_raw", "Meter password", "通信密码") },
    { BITS(1, 0, 6, "tariffs", "Tariffs", "电能费率个数"), .stays = true },
    { BITS(1, 6, 2, "tariffs_reserved", "Reserved", "备用") },
    { BITS(1, 2, 2, "int_digits", "Integer digits", "有功电能示值整数位个数"), .add = 4, .stays = true },
    { BITS(1, 0, 2, "dec_digits", "Decimal digits", "有功电能示值小数位个数"), .add = 1, .stays = true },
    { BITS(1, 4, 4, "digits_reserved", "Reserved", "备用") },
    { NAMED(12, "collector_address", "Collector address", "所属采集器通信地址") },
    { BITS(1, 4, 4, "user_major", "User class", "用户大类号"), .stays = true },
    { BITS(1, 0, 4, "user_minor", "User sub-class", "用户小类号") },
};
static const struct q376_fields archive = FIELDS(archive);

static const struct q376_word pulses[] = {
    { 0, "forward active", "正向有功" },
    { 1, "forward reactive", "正向无功" },
    { 2, "reverse active", "反向有功" },
    { 3, "reverse reactive", "反向无功" },
    { 0, NULL, NULL },
};
static const struct q376_field pulse_rows[] = {
    { NUMBER(1, "count", "Entries", "配置路数 n"), KEPT_AS(ENTRIES) },
    { GROUP(4, ENTRIES, "entries", "Pulse input", "脉冲配置") },
    { NUMBER(1, "port", "Port", "脉冲输入端口号") },
    { NUMBER(1, "measuring_point", "Measuring point", "所属测量点号") },
    { NUMBER(1, "attribute", "Attribute", "脉冲属性"), .words = pulses },
    { NUMBER(2, "constant_k", "Meter constant", "电表常数 k") },
};
static const struct q376_fields pulse = FIELDS(pulse);

static const struct q376_field inputs_rows[] = {
    { FLAGS(1, "connected", "Inputs connected", "状态量接入标志位") },
    { FLAGS(1, "normally_open", "Normally open contacts", "状态量属性标志位") },
};
static const struct q376_fields inputs = FIELDS(inputs);

static const struct q376_word connections[] = {
    { 1, "three phases, three wires", "三相三线" },
    { 2, "three phases, four wires", "三相四线" },
    { 3, "single phase", "单相" },
    { 0, NULL, NULL },
};
static const struct q376_field point_rows[] = {
    { NUMBER(2, "voltage_ratio", "Voltage transformer ratio", "电压互感器倍率") },
    { NUMBER(2, "current_ratio", "Current transformer ratio", "电流互感器倍率") },
    { NAMED(07, "rated_voltage", "Rated voltage", "额定电压"), .unit = ITEM_UNIT_V },
    { NAMED(22, "rated_current", "Rated current", "额定电流"), .unit = ITEM_UNIT_A },
    { NAMED(23, "rated_power", "Rated load", "额定负荷"), .unit = ITEM_UNIT_KVA },
    { BITS(1, 0, 2, "connection", "Connection", "电源接线方式"), .words = connections, .stays = true },
    { BITS(1, 2, 6, "phase_of_single", "Phase of a single-phase meter", "单相表所接相") },
};
static const struct q376_fields point = FIELDS(point);

static const struct q376_field reading_rows[] = {
    { NUMBER(1, "count", "Ports", "参数块个数 n"), KEPT_AS(ENTRIES) },
    { GROUP(10, ENTRIES, "entries", "Reading of a port", "终端抄表运行参数") },
    { NUMBER(1, "port", "Port", "终端通信端口号") },
    { FLAGS(2, "control_word", "Control word", "台区集中抄表运行控制字") },
    { FLAGS(4, "reading_days", "Reading days (bit 0: the 1st)", "抄表日-日期") },
    { NAMED(19, "reading_time", "Reading time", "抄表日-时间") },
    { NUMBER(1, "interval_min", "Reading interval, min", "抄表间隔时间（min）") },
    { NAMED(18, "broadcast_time", "Clock broadcast (day, time)", "对电表广播校时定时时间") },
    { NUMBER(1, "periods", "Reading periods", "允许抄表时段数 m"), KEPT_AS(INNER) },
    { GROUP(2, INNER, "period_entries", "Reading period", "允许抄表时段") },
    { NAMED(19, "period_start", "From", "开始时间") },
    { NAMED(19, "period_end", "To", "结束时间") },
};
static const struct q376_fields reading = FIELDS(reading);

static const struct q376_field traffic_limit_rows[] = {
    { NUMBER(4, "traffic_limit", "Monthly traffic limit, bytes", "月通信流量门限") },
};
static const struct q376_fields traffic_limit = FIELDS(traffic_limit);

static const struct q376_field class_rows[] = {
    { NUMBER(1, "user_major", "User class", "用户大类号") },
    { NUMBER(1, "count", "Sub-classes", "组数 m"), KEPT_AS(ENTRIES) },
    { GROUP(3, ENTRIES, "entries", "Data of a sub-class", "用户小类配置") },
    { NUMBER(1, "user_minor", "User sub-class", "用户小类号") },
    { NUMBER(1, "groups", "Function groups", "信息类组数 n"), KEPT_AS(LENGTH) },
    { BYTES(0, "function_flags", "Functions, 8 in each byte", "信息类元标志位"), TIMES(LENGTH) },
};
static const struct q376_fields class_data = FIELDS(class);

static const struct q376_word period_units[] = {
    { 0, "minute", "分" }, { 1, "hour", "时" }, { 2, "day", "日" }, { 3, "month", "月" }, { 0, NULL, NULL },
};
static const struct q376_field task_rows[] = {
    { BITS(1, 0, 6, "period", "Report period", "定时上报周期"), .stays = true },
    { BITS(1, 6, 2, "period_unit", "Unit of the period", "定时上报周期单位"), .words = period_units, .is_word = true },
    { NAMED(01, "base_time", "Base time", "上报基准时间") },
    { NUMBER(1, "curve_decimation", "Curve decimation", "曲线数据抽取倍率 R") },
    { NUMBER(1, "count", "Data units", "数据单元标识个数 n"), KEPT_AS(ENTRIES) },
    { UNIT_ID, TIMES(ENTRIES) },
};
static const struct q376_fields task = FIELDS(task);

static const struct q376_word starts[] = {
    { 0x55, "start", "启动" },
    { 0xAA, "stop", "停止" },
    { 0, NULL, NULL },
};
static const struct q376_field task_start_rows[] = {
    { NUMBER(1, "task_start", "Task start or stop", "任务启动/停止标志"), .words = starts },
};
static const struct q376_fields task_start = FIELDS(task_start);

static const struct q376_layout parameter_layouts[] = {
    ROW(1, "uplink communication", "终端上行通信口通信参数设置", &uplink_port, NULL),
    ROW(2, "uplink radio relay", "终端上行通信口无线中继转发设置", NULL, NULL),
    ROW(3, "head-end addresses", "主站 IP 地址和端口", &head_end, NULL),
    ROW(4, "head-end telephone", "主站电话号码和短信中心号码", &phones, NULL),
    ROW(5, "message authentication", "终端上行通信消息认证参数设置", &scheme, NULL),
    ROW(6, "group addresses", "终端组地址设置", NULL, NULL),
    ROW(7, "terminal addresses", "终端 IP 地址和端口", NULL, NULL),
    ROW(8, "uplink working mode", "终端上行通信工作方式", NULL, NULL),
    ROW(9, "event recording", "终端事件记录配置设置", &event_flags, NULL),
    ROW(10, "meter archive", "终端电能表/交流采样装置配置参数", &archive, NULL),
    ROW(11, "pulse inputs", "终端脉冲配置参数", &pulse, NULL),
    ROW(12, "status inputs", "终端状态量输入参数", &inputs, NULL),
    ROW(14, "total groups", "终端总加组配置参数", NULL, NULL),
    ROW(16, "private network account", "虚拟专网用户名、密码", NULL, NULL),
    ROW(25, "measuring point", "测量点基本参数", &point, NULL),
    ROW(26, "limits of a measuring point", "测量点限值参数", NULL, NULL),
    ROW(33, "meter reading", "终端抄表运行参数设置", &reading, NULL),
    ROW(36, "traffic limit", "终端上行通信流量门限设置", &traffic_limit, NULL),
    ROW(38, "class 1 data of user classes", "1类数据配置设置", &class_data, NULL),
    ROW(39, "class 2 data of user classes", "2类数据配置设置", &class_data, NULL),
    ROW(65, "class 1 report task", "定时上报1类数据任务设置", &task, NULL),
    ROW(66, "class 2 report task", "定时上报2类数据任务设置", &task, NULL),
    ROW(67, "class 1 report start or stop", "定时上报1类数据任务启动/停止设置", &task_start, NULL),
    ROW(68, "class 2 report start or stop", "定时上报2类数据任务启动/停止设置", &task_start, NULL),
};
const struct q376_layouts q376_layouts_parameter = LAYOUTS(parameter_layouts);

static const struct q376_field entry_list_rows[] = {
    { NUMBER(2, "count", "Entries", "数量 n"), KEPT_AS(ENTRIES) },
    { NUMBER(2, "entries", "Entry number", "装置序号"), TIMES(ENTRIES) },
};
static const struct q376_fields entry_list = FIELDS(entry_list);

/* Queries that say which entries are meant; all others are an identifier alone. */
static const struct q376_layout query_layouts[] = {
    ROW(10, "meter archive", "终端电能表/交流采样装置配置参数", &entry_list, NULL),
};
const struct q376_layouts q376_layouts_query = LAYOUTS(query_layouts);

static const struct q376_field trip_rows[] = {
    { BITS(1, 4, 4, "limit_time_half_hours", "Limit time, half hours (0: until cancelled)",
           "限电时间（半小时，0 为不自动解除）"),
      .stays = true },
    { BITS(1, 0, 4, "warning_delay_min", "Warning delay, min (0: at once)", "告警延时时间（min，0 为立即跳闸）") },
};
static const struct q376_fields trip = FIELDS(trip);

static const struct q376_field protection_rows[] = {
    { NUMBER(1, "protection_half_hours", "Protection time, half hours (0: until cancelled)",
             "保电持续时间（半小时，0 为无限期）") },
};
static const struct q376_fields protection = FIELDS(protection);

/* Class and number share a byte; which nibble is which is unconfirmed. */
static const struct q376_field chinese_rows[] = {
    { BITS(1, 4, 4, "text_class", "Class", "中文信息种类"), .stays = true },
    { BITS(1, 0, 4, "text_number", "Number", "编号") },
    { NUMBER(1, "length", "Length", "汉字信息长度"), KEPT_AS(LENGTH) },
    { BYTES(0, "text", "Text (GB 2312)", "汉字信息内容"), TIMES(LENGTH) },
};
static const struct q376_fields chinese = FIELDS(chinese);

static const struct q376_field port_rows[] = {
    { NUMBER(1, "port", "Port", "终端通信端口号") },
};
static const struct q376_fields port = FIELDS(port);

#define PLAIN(number_, english_, chinese_) ROW(number_, english_, chinese_, &q376_fields_none, NULL)

static const struct q376_layout control_layouts[] = {
    ROW(1, "remote trip", "遥控跳闸", &trip, NULL),
    PLAIN(2, "permit close", "允许合闸"),
    ROW(9, "period power control on", "时段功控投入", NULL, NULL),
    PLAIN(10, "factory holiday control on", "厂休功控投入"),
    PLAIN(11, "suspended business control on", "营业报停功控投入"),
    ROW(12, "power reduction control on", "当前功率下浮控投入", NULL, NULL),
    PLAIN(15, "monthly energy control on", "月电控投入"),
    PLAIN(16, "purchase control on", "购电控投入"),
    PLAIN(17, "period power control off", "时段功控解除"),
    PLAIN(18, "factory holiday control off", "厂休功控解除"),
    PLAIN(19, "suspended business control off", "营业报停功控解除"),
    PLAIN(20, "power reduction control off", "当前功率下浮控解除"),
    PLAIN(23, "monthly energy control off", "月电控解除"),
    PLAIN(24, "purchase control off", "购电控解除"),
    ROW(25, "power protection on", "终端保电投入", &protection, NULL),
    PLAIN(26, "payment reminder on", "催费告警投入"),
    PLAIN(27, "talk with the head-end allowed", "允许终端与主站通话"),
    PLAIN(28, "terminal excluded", "终端剔除投入"),
    PLAIN(29, "spontaneous reports allowed", "允许终端主动上报"),
    ROW(31, "set the clock", "对时命令", &q376_fields_clock, NULL),
    ROW(32, "Chinese text", "中文信息", &chinese, NULL),
    PLAIN(33, "power protection off", "终端保电解除"),
    PLAIN(34, "payment reminder off", "催费告警解除"),
    PLAIN(35, "talk with the head-end forbidden", "禁止终端与主站通话"),
    PLAIN(36, "terminal included", "终端剔除解除"),
    PLAIN(37, "spontaneous reports forbidden", "禁止终端主动上报"),
    PLAIN(38, "connect to the head-end", "激活终端连接主站"),
    PLAIN(39, "disconnect", "命令终端断开连接"),
    ROW(49, "pause reading of a port", "命令指定通信端口暂停抄表", &port, NULL),
    ROW(50, "resume reading of a port", "命令指定通信端口恢复抄表", &port, NULL),
    ROW(51, "restart reading of a port", "命令指定通信端口重新抄表", &port, NULL),
    ROW(52, "clear relay routes of a port", "初始化指定通信端口下的全部中继路由信息", &port, NULL),
    ROW(53, "delete all meters of a port", "删除指定通信端口下的全部电表", &port, NULL),
};
const struct q376_layouts q376_layouts_control = LAYOUTS(control_layouts);
