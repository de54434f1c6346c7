/* AFN 00, 01, 02, 06, 09, 0B, 0E, 0F and 10: talk about the link, the terminal itself, events and other frames. */
#include "codec/q376/q376_layout_rows.h"

static const struct q376_field confirm_each_rows[] = {
    { BYTES(1, "afn", "Confirmed application function", "被确认的 AFN") },
    { GROUP(2, UNTIL_END, "items", "Confirmed unit", "数据单元确认") },
    { LABEL("unit_id", "Data unit identifier", "数据单元标识"), .kind = Q376_KIND_UNIT, .format = Q376_FORMAT_BYTES,
      .size = 4, .quantity = ITEM_PARAMETER },
    { NUMBER(1, "error", "Error", "错误代码") },
};
static const struct q376_fields confirm_each = FIELDS(confirm_each);

static const struct q376_layout confirm_layouts[] = {
    ROW(1, "all confirmed", "全部确认", &q376_fields_none, &q376_fields_none),
    ROW(2, "all denied", "全部否认", &q376_fields_none, &q376_fields_none),
    ROW(3, "confirmed item by item", "按数据单元标识确认和否认", &confirm_each, &confirm_each),
};
const struct q376_layouts q376_layouts_confirm = LAYOUTS(confirm_layouts);

static const struct q376_layout reset_layouts[] = {
    ROW(1, "hardware reset", "硬件初始化", &q376_fields_none, NULL),
    ROW(2, "clear the data area", "数据区初始化", &q376_fields_none, NULL),
    ROW(3, "reset to the factory's settings", "参数及全体数据区初始化（恢复出厂配置）", &q376_fields_none, NULL),
    ROW(4, "clear parameters except communication", "参数（除与主站通信有关的）及全体数据区初始化", &q376_fields_none,
        NULL),
};
const struct q376_layouts q376_layouts_reset = LAYOUTS(reset_layouts);

/* Some terminals put their clock behind a heartbeat. */
static const struct q376_field heartbeat_rows[] = {
    { LABEL("clock", "Clock", "日历时钟"), .format = Q376_FORMAT_01, .quantity = ITEM_DATE_TIME, TIMES(UNTIL_END) },
};
static const struct q376_fields heartbeat = FIELDS(heartbeat);

static const struct q376_layout link_layouts[] = {
    ROW(1, "login", "登录", NULL, &q376_fields_none),
    ROW(2, "logout", "退出登录", NULL, &q376_fields_none),
    ROW(3, "heartbeat", "心跳", NULL, &heartbeat),
};
const struct q376_layouts q376_layouts_link = LAYOUTS(link_layouts);

static const struct q376_field secret_rows[] = {
    { BYTES(16, "secret", "Authentication data", "认证数据") },
};
static const struct q376_fields secret = FIELDS(secret);

static const struct q376_layout authentication_layouts[] = {
    ROW(1, "authentication request", "身份认证请求", &secret, &secret),
    ROW(2, "authentication response", "身份认证响应", &secret, &secret),
    ROW(3, "ask for a random number", "取随机数", &secret, &secret),
    ROW(4, "random number", "取随机数响应", &secret, &secret),
};
const struct q376_layouts q376_layouts_authentication = LAYOUTS(authentication_layouts);

static const struct q376_field version_rows[] = {
    VERSION_BEGIN,
    { TEXT(4, "protocol_version", "Protocol version", "终端通信协议版本号") },
    { TEXT(4, "hardware_version", "Hardware version", "终端硬件版本号") },
    { NAMED(20, "hardware_date", "Hardware date", "终端硬件发布日期") },
};
static const struct q376_fields version = FIELDS(version);

static const struct q376_field ports_rows[] = {
    { NUMBER(1, "pulse_inputs", "Pulse inputs", "脉冲量输入路数") },
    { NUMBER(1, "switch_inputs", "Switch inputs", "开关量输入路数") },
    { NUMBER(1, "analogue_inputs", "DC analogue inputs", "直流模拟量输入路数") },
    { NUMBER(1, "switch_outputs", "Switch outputs", "开关量输出路数") },
    { NUMBER(2, "meters_limit", "Meters at most", "支持的抄电能表/交流采样装置最多个数") },
    { NUMBER(2, "receive_buffer", "Uplink receive buffer, bytes", "终端上行通信最大接收缓存区字节数") },
    { NUMBER(2, "send_buffer", "Uplink send buffer, bytes", "终端上行通信最大发送缓存区字节数") },
    { BYTES(6, "mac_address", "MAC address", "终端 MAC 地址") },
    { NUMBER(1, "count", "Ports", "通信端口数量"), KEPT_AS(ENTRIES) },
    { GROUP(5, ENTRIES, "ports", "Port", "通信端口") },
    { FLAGS(2, "port_word", "Port and information word", "通信端口的端口号及信息字") },
    { NUMBER(4, "baud_limit", "Highest baud rate", "支持的最高波特率") },
    { NUMBER(2, "devices", "Devices at most", "支持的设备接入个数") },
    { NUMBER(2, "port_receive_buffer", "Receive buffer, bytes", "最大接收缓存区字节数") },
    { NUMBER(2, "port_send_buffer", "Send buffer, bytes", "最大发送缓存区字节数") },
};
static const struct q376_fields ports = FIELDS(ports);

static const struct q376_field capacity_rows[] = {
    { NUMBER(2, "points_limit", "Measuring points at most", "支持的测量点最多点数") },
    { NUMBER(1, "groups_limit", "Total groups at most", "支持的总加组最多组数") },
    { NUMBER(1, "tasks_limit", "Tasks at most", "支持的任务最多个数") },
    { NUMBER(1, "difference_groups", "Energy difference groups", "支持的有功总电能量差动组最多组数") },
    { NUMBER(1, "point_density", "Densest freezing of points", "测量点数据最大冻结密度") },
    { NUMBER(1, "group_power_density", "Densest freezing of active power", "总加组有功功率数据最大冻结密度") },
    { NUMBER(1, "group_reactive_power_density", "Densest freezing of reactive power",
             "总加组无功功率数据最大冻结密度") },
    { NUMBER(1, "group_energy_density", "Densest freezing of active energy", "总加组有功电能量数据最大冻结密度") },
    { NUMBER(1, "group_reactive_energy_density", "Densest freezing of reactive energy",
             "总加组无功电能量数据最大冻结密度") },
    { NUMBER(1, "days_kept", "Days kept", "日数据最多存放天数") },
    { NUMBER(1, "months_kept", "Months kept", "月数据最多存放月数") },
    { NUMBER(1, "control_schemes", "Power control schemes", "时段功控定值方案最多个数") },
    { NUMBER(1, "highest_harmonic", "Highest harmonic", "谐波检测最高谐波次数") },
    { NUMBER(1, "capacitor_groups", "Capacitor groups", "无功补偿电容器组最多组数") },
    { NUMBER(1, "key_customers", "Key customers", "台区集中抄表重点户最多户数") },
    { FLAGS(2, "user_classes", "User classes", "支持的用户大类号标志") },
    { BYTES(16, "user_subclasses", "Sub-classes of each class", "各用户大类下的用户小类号个数") },
};
static const struct q376_fields capacity = FIELDS(capacity);

static const struct q376_layout configuration_layouts[] = {
    ROW(1, "terminal version", "终端版本信息", NULL, &version),
    ROW(2, "inputs, outputs and ports", "终端支持的输入、输出及通信端口配置", NULL, &ports),
    ROW(3, "other capacities", "终端支持的其他配置", NULL, &capacity),
    ROW(4, "supported parameters", "终端支持的参数配置", NULL, NULL),
    ROW(5, "supported controls", "终端支持的控制配置", NULL, NULL),
    ROW(6, "supported class 1 data", "终端支持的1类数据配置", NULL, NULL),
    ROW(7, "supported class 2 data", "终端支持的2类数据配置", NULL, NULL),
    ROW(8, "supported events", "终端支持的事件记录配置", NULL, NULL),
};
const struct q376_layouts q376_layouts_configuration = LAYOUTS(configuration_layouts);

/* The point is the number of the task; the answer has the layout of AFN 0C or 0D and comes with that AFN. */
static const struct q376_layout task_layouts[] = {
    ROW(1, "class 1 data of a task", "请求定时上报1类数据任务", NULL, NULL),
    ROW(2, "class 2 data of a task", "请求定时上报2类数据任务", NULL, NULL),
};
const struct q376_layouts q376_layouts_task = LAYOUTS(task_layouts);

static const struct q376_field event_request_rows[] = {
    { NUMBER(1, "pm", "First record (Pm)", "事件记录起始指针 Pm") },
    { NUMBER(1, "pn", "End of the records (Pn)", "事件记录结束指针 Pn") },
};
static const struct q376_fields event_request = FIELDS(event_request);

static const struct q376_field event_answer_rows[] = {
    { NUMBER(1, "ec1", "Important events (EC1)", "重要事件计数器 EC1") },
    { NUMBER(1, "ec2", "General events (EC2)", "一般事件计数器 EC2") },
    { NUMBER(1, "pm", "First record (Pm)", "事件记录起始指针 Pm"), KEPT_AS(FROM) },
    { NUMBER(1, "pn", "End of the records (Pn)", "事件记录结束指针 Pn"), KEPT_AS(TO) },
    { LABEL("raw", "Event record", "事件记录"), .kind = Q376_KIND_EVENTS, TIMES(TO) },
};
static const struct q376_fields event_answer = FIELDS(event_answer);

static const struct q376_layout event_layouts[] = {
    ROW(1, "important events", "重要事件", &event_request, &event_answer),
    ROW(2, "general events", "一般事件", &event_request, &event_answer),
};
const struct q376_layouts q376_layouts_events = LAYOUTS(event_layouts);

static const struct q376_layout file_layouts[] = {
    ROW(1, "file transfer, mode 1", "文件传输方式1", NULL, NULL),
};
const struct q376_layouts q376_layouts_file = LAYOUTS(file_layouts);

static const uint16_t forward_bauds[] = { 300, 600, 1200, 2400, 4800, 7200, 9600, 19200 };
static const struct q376_word parities[] = {
    { 0, "none", "无校验" }, { 1, "none", "无校验" }, { 2, "even", "偶校验" },
    { 3, "odd", "奇校验" },  { 0, NULL, NULL },
};

#define FRAME \
    LABEL("content", "Forwarded frame", "转发内容"), .kind = Q376_KIND_FRAME, .format = Q376_FORMAT_BYTES, \
                                                     TIMES(LENGTH), .quantity = ITEM_PARAMETER

static const struct q376_field forward_request_rows[] = {
    { NUMBER(1, "port", "Port", "终端通信端口号") },
    { BITS(1, 5, 3, "baud_bps", "Baud rate", "波特率"), .numbers = forward_bauds, .unit = ITEM_UNIT_BAUD,
      .stays = true },
    { BITS(1, 4, 1, "stop_bits", "Stop bits", "停止位"), .add = 1, .stays = true },
    { BITS(1, 2, 2, "parity", "Parity", "校验"), .words = parities, .is_word = true, .stays = true },
    { BITS(1, 0, 2, "data_bits", "Data bits", "数据位"), .add = 5 },
    { NAMED(WAIT, "frame_timeout_ms", "Wait for the frame, ms", "接收等待报文超时时间（ms）") },
    { NAMED(TENS_MS, "byte_timeout_ms", "Wait for a byte, ms", "接收等待字节超时时间（ms）") },
    { NUMBER(2, "length", "Length", "透明转发内容字节数"), KEPT_AS(LENGTH) },
    { FRAME },
};
static const struct q376_fields forward_request = FIELDS(forward_request);

static const struct q376_field forward_answer_rows[] = {
    { NUMBER(1, "port", "Port", "终端通信端口号") },
    { NUMBER(2, "length", "Length", "透明转发内容字节数"), KEPT_AS(LENGTH) },
    { FRAME },
};
static const struct q376_fields forward_answer = FIELDS(forward_answer);

static const struct q376_layout forward_layouts[] = {
    ROW(1, "transparent forwarding", "透明转发", &forward_request, &forward_answer),
    ROW(9, "read a meter directly", "转发主站直接对电表的抄读数据命令", NULL, NULL),
    ROW(10, "trip or close a meter", "转发主站直接对电表的遥控跳闸/允许合闸命令", NULL, NULL),
    ROW(11, "restore power of a meter", "转发主站直接对电表的遥控送电命令", NULL, NULL),
};
const struct q376_layouts q376_layouts_forward = LAYOUTS(forward_layouts);
