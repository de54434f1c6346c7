/* How the payloads of HW-1 stand on the wire: one row per field, in the order of the fact sheet. */
#include "codec/hotwater/hotwater_layout.h"

#define COMMAND_CLAUSE "HW-1 4"
#define GRANT_CLAUSE "HW-1 5"
#define CARD_CLAUSE "HW-1 6"
#define RECORD_CLAUSE "HW-1 7"

#define MESSAGE(member) struct hotwater_message, as.member
#define FIELD(...) { LAYOUT_FIELD(__VA_ARGS__) }
#define VALUE(...) { LAYOUT_VALUE(__VA_ARGS__) }
#define RESULT(type, name) \
    { LAYOUT_FIELD("result", "结果", LAYOUT_CODE, 1, type, name), .set = HOTWATER_SET_RESULT }

static const struct layout_field grant[] = {
    VALUE("meter number", "表号", LAYOUT_DIGITS, 6, struct hotwater_grant, meter, ITEM_OTHER, ITEM_UNIT_NONE, 0),
    VALUE("user ID", "用户编号", LAYOUT_UNSIGNED, 8, struct hotwater_grant, user_id, ITEM_CUSTOMER_NUMBER,
          ITEM_UNIT_NONE, 0),
    FIELD("grant id", "授权编号", LAYOUT_UNSIGNED, 4, struct hotwater_grant, grant_id),
    FIELD("not before", "生效时间", LAYOUT_TIME, 4, struct hotwater_grant, not_before_s),
    FIELD("not after", "失效时间", LAYOUT_TIME, 4, struct hotwater_grant, not_after_s),
    VALUE("largest volume", "最大用水量", LAYOUT_UNSIGNED, 2, struct hotwater_grant, largest_volume, ITEM_OTHER,
          ITEM_UNIT_LITRE, -1),
    VALUE("longest time", "最长用水时间", LAYOUT_UNSIGNED, 2, struct hotwater_grant, longest_time_s, ITEM_OTHER,
          ITEM_UNIT_S, 0),
    VALUE("advance", "预扣水量", LAYOUT_UNSIGNED, 2, struct hotwater_grant, advance, ITEM_OTHER, ITEM_UNIT_LITRE, -1),
    VALUE("credit limit", "金额上限", LAYOUT_UNSIGNED, 4, struct hotwater_grant, credit_fen, ITEM_OTHER, ITEM_UNIT_YUAN,
          -2),
    FIELD("rate id", "费率编号", LAYOUT_UNSIGNED, 2, struct hotwater_grant, rate_id),
    { LAYOUT_FIELD("grant flags", "授权标志", LAYOUT_FLAGS, 1, struct hotwater_grant, flags),
      .set = HOTWATER_SET_GRANT_FLAG },
};
const struct layout hotwater_grant_layout = LAYOUT_OF("grant", "用水授权", GRANT_CLAUSE, grant);

static const struct layout_field card_grant[] = {
    FIELD("meter number", "表号", LAYOUT_DIGITS, 6, struct hotwater_card_grant, meter),
    VALUE("user ID", "用户编号", LAYOUT_UNSIGNED, 8, struct hotwater_card_grant, user_id, ITEM_CUSTOMER_NUMBER,
          ITEM_UNIT_NONE, 0),
    VALUE("card ID", "卡号", LAYOUT_BYTES, 8, struct hotwater_card_grant, card, ITEM_CARD_NUMBER, ITEM_UNIT_NONE, 0),
    FIELD("grant id", "授权编号", LAYOUT_UNSIGNED, 4, struct hotwater_card_grant, grant_id),
    FIELD("not after", "失效时间", LAYOUT_TIME, 4, struct hotwater_card_grant, not_after_s),
};
const struct layout hotwater_card_grant_layout = LAYOUT_OF("card grant", "绑卡授权", CARD_CLAUSE, card_grant);

static const struct layout_field record[] = {
    FIELD("record number", "记录号", LAYOUT_UNSIGNED, 4, struct hotwater_record, number),
    VALUE("user ID", "用户编号", LAYOUT_UNSIGNED, 8, struct hotwater_record, user_id, ITEM_CUSTOMER_NUMBER,
          ITEM_UNIT_NONE, 0),
    VALUE("card ID", "卡号", LAYOUT_BYTES, 8, struct hotwater_record, card, ITEM_CARD_NUMBER, ITEM_UNIT_NONE, 0),
    VALUE("start", "开始时间", LAYOUT_TIME, 4, struct hotwater_record, start_s, ITEM_START_TIME, ITEM_UNIT_NONE, 0),
    { LAYOUT_VALUE("end", "结束时间", LAYOUT_TIME, 4, struct hotwater_record, end_s, ITEM_END_TIME, ITEM_UNIT_NONE, 0),
      .role = LAYOUT_STAMP },
    VALUE("duration", "用水时长", LAYOUT_UNSIGNED, 2, struct hotwater_record, duration_s, ITEM_DURATION, ITEM_UNIT_S,
          0),
    VALUE("volume of the use", "用水量", LAYOUT_UNSIGNED, 4, struct hotwater_record, volume, ITEM_VOLUME_USE,
          ITEM_UNIT_LITRE, -2),
    VALUE("amount", "金额", LAYOUT_UNSIGNED, 4, struct hotwater_record, amount_fen, ITEM_AMOUNT, ITEM_UNIT_YUAN, -2),
    { LAYOUT_VALUE("highest temperature", "最高温度", LAYOUT_SIGNED, 2, struct hotwater_record, temperature,
                   ITEM_TEMPERATURE, ITEM_UNIT_CELSIUS, -1),
      .has_missing = true, .missing = HOTWATER_NO_TEMPERATURE },
    FIELD("rate id", "费率编号", LAYOUT_UNSIGNED, 2, struct hotwater_record, rate_id),
    { LAYOUT_VALUE("end reason", "结束原因", LAYOUT_CODE, 1, struct hotwater_record, end_reason, ITEM_EVENT,
                   ITEM_UNIT_NONE, 0),
      .set = HOTWATER_SET_END },
    { LAYOUT_FIELD("record flags", "记录标志", LAYOUT_FLAGS, 1, struct hotwater_record, flags),
      .set = HOTWATER_SET_RECORD_FLAG },
    VALUE("reading after use", "用后读数", LAYOUT_UNSIGNED, 4, struct hotwater_record, reading, ITEM_VOLUME,
          ITEM_UNIT_LITRE, -2),
};
const struct layout hotwater_record_layout = LAYOUT_OF("record", "用水记录", RECORD_CLAUSE, record);

static const struct layout_field tagged_record[] = {
    { LAYOUT_FIELD("record", "用水记录", LAYOUT_RECORD, 0, struct hotwater_tagged_record, record),
      .element = &hotwater_record_layout },
    FIELD("record tag", "记录标签", LAYOUT_BYTES, 8, struct hotwater_tagged_record, tag),
};
const struct layout hotwater_tagged_record_layout =
    LAYOUT_OF("consumption record", "消费记录", RECORD_CLAUSE, tagged_record);

static const struct layout_field alarm_record[] = {
    FIELD("alarm number", "报警记录号", LAYOUT_UNSIGNED, 4, struct hotwater_alarm_record, number),
    { LAYOUT_VALUE("alarm code", "报警代码", LAYOUT_CODE, 1, struct hotwater_alarm_record, code, ITEM_ALARM,
                   ITEM_UNIT_NONE, 0),
      .set = HOTWATER_SET_ALARM },
    { LAYOUT_FIELD("alarm start", "报警开始时间", LAYOUT_TIME, 4, struct hotwater_alarm_record, start_s),
      .role = LAYOUT_STAMP },
    { LAYOUT_FIELD("alarm end", "报警结束时间", LAYOUT_TIME, 4, struct hotwater_alarm_record, end_s),
      .has_missing = true },
    FIELD("alarm count", "报警次数", LAYOUT_UNSIGNED, 2, struct hotwater_alarm_record, count),
    VALUE("reading", "读数", LAYOUT_UNSIGNED, 4, struct hotwater_alarm_record, reading, ITEM_VOLUME, ITEM_UNIT_LITRE,
          -2),
};
const struct layout hotwater_alarm_record_layout = LAYOUT_OF("alarm record", "报警记录", RECORD_CLAUSE, alarm_record);

static const struct layout_field binding[] = {
    FIELD("binding number", "绑定记录号", LAYOUT_UNSIGNED, 4, struct hotwater_binding, number),
    VALUE("user ID", "用户编号", LAYOUT_UNSIGNED, 8, struct hotwater_binding, user_id, ITEM_CUSTOMER_NUMBER,
          ITEM_UNIT_NONE, 0),
    VALUE("card ID", "卡号", LAYOUT_BYTES, 8, struct hotwater_binding, card, ITEM_CARD_NUMBER, ITEM_UNIT_NONE, 0),
    FIELD("authorisation count", "授权次数", LAYOUT_UNSIGNED, 4, struct hotwater_binding, authorisation_count),
    { LAYOUT_FIELD("binding time", "绑定时间", LAYOUT_TIME, 4, struct hotwater_binding, time_s), .role = LAYOUT_STAMP },
    { LAYOUT_VALUE("binding action", "绑定操作", LAYOUT_CODE, 1, struct hotwater_binding, action, ITEM_EVENT,
                   ITEM_UNIT_NONE, 0),
      .set = HOTWATER_SET_BINDING },
};
const struct layout hotwater_binding_layout = LAYOUT_OF("binding record", "绑定记录", RECORD_CLAUSE, binding);

static const struct layout_field status[] = {
    VALUE("reading", "读数", LAYOUT_UNSIGNED, 4, struct hotwater_status, reading, ITEM_VOLUME, ITEM_UNIT_LITRE, -2),
    FIELD("last record number", "最后记录号", LAYOUT_UNSIGNED, 4, struct hotwater_status, last_record),
    { LAYOUT_VALUE("valve", "阀门", LAYOUT_CODE, 1, struct hotwater_status, valve, ITEM_VALVE, ITEM_UNIT_NONE, 0),
      .set = HOTWATER_SET_VALVE },
    { LAYOUT_VALUE("alarm bits", "报警位", LAYOUT_FLAGS, 1, struct hotwater_status, alarm_flags, ITEM_ERROR_FLAGS,
                   ITEM_UNIT_NONE, 0),
      .set = HOTWATER_SET_ALARM_FLAG },
    VALUE("volume of this use", "本次用水量", LAYOUT_UNSIGNED, 2, struct hotwater_status, volume, ITEM_VOLUME_USE,
          ITEM_UNIT_LITRE, -2),
    FIELD("unsent records", "未上传记录数", LAYOUT_UNSIGNED, 4, struct hotwater_status, unsent_records),
    FIELD("authorisation count", "授权次数", LAYOUT_UNSIGNED, 4, struct hotwater_status, authorisation_count),
    FIELD("options", "选项", LAYOUT_UNSIGNED, 1, struct hotwater_status, options),
};
static const struct layout status_layout = LAYOUT_OF("status", "状态", COMMAND_CLAUSE, status);

static const struct layout_field hello[] = {
    FIELD("phone nonce", "手机随机数", LAYOUT_BYTES, 8, MESSAGE(nonce)),
};
static const struct layout hello_layout = LAYOUT_OF("hello", "握手", COMMAND_CLAUSE, hello);

static const struct layout_field hello_answer[] = {
    FIELD("meter nonce", "表随机数", LAYOUT_BYTES, 8, MESSAGE(hello.nonce)),
    { LAYOUT_FIELD("status", "状态", LAYOUT_RECORD, 0, MESSAGE(hello.status)), .element = &status_layout },
};
static const struct layout hello_answer_layout = LAYOUT_OF("hello answer", "握手应答", COMMAND_CLAUSE, hello_answer);

static const struct layout_field open[] = {
    { LAYOUT_FIELD("grant", "用水授权", LAYOUT_RECORD, 0, MESSAGE(open.grant)), .element = &hotwater_grant_layout },
    { LAYOUT_FIELD("platform signature", "平台签名", LAYOUT_OCTETS, 0, MESSAGE(open.signature)),
      .role = LAYOUT_OPTIONAL },
};
static const struct layout open_layout = LAYOUT_OF("open", "开阀", COMMAND_CLAUSE, open);

static const struct layout_field open_answer[] = {
    RESULT(struct hotwater_message, as.opened.result),
    FIELD("grant id", "授权编号", LAYOUT_UNSIGNED, 4, MESSAGE(opened.grant_id)),
    VALUE("advance", "预扣水量", LAYOUT_UNSIGNED, 2, MESSAGE(opened.advance), ITEM_OTHER, ITEM_UNIT_LITRE, -2),
    VALUE("reading", "读数", LAYOUT_UNSIGNED, 4, MESSAGE(opened.reading), ITEM_VOLUME, ITEM_UNIT_LITRE, -2),
};
static const struct layout open_answer_layout = LAYOUT_OF("open answer", "开阀应答", COMMAND_CLAUSE, open_answer);

static const struct layout_field close[] = {
    FIELD("grant id", "授权编号", LAYOUT_UNSIGNED, 4, MESSAGE(grant_id)),
};
static const struct layout close_layout = LAYOUT_OF("close", "关阀", COMMAND_CLAUSE, close);

static const struct layout_field close_answer[] = {
    RESULT(struct hotwater_message, as.closed.result),
    { LAYOUT_FIELD("records", "用水记录", LAYOUT_LIST, 0, MESSAGE(closed.records)),
      .element = &hotwater_tagged_record_layout },
};
static const struct layout close_answer_layout = LAYOUT_OF("close answer", "关阀应答", COMMAND_CLAUSE, close_answer);

static const struct layout_field pause[] = {
    { LAYOUT_FIELD("pause mode", "暂停方式", LAYOUT_CODE, 1, MESSAGE(pause_mode)), .set = HOTWATER_SET_PAUSE },
};
static const struct layout pause_layout = LAYOUT_OF("pause, resume", "暂停与恢复", COMMAND_CLAUSE, pause);

static const struct layout_field result_only[] = {
    RESULT(struct hotwater_message, as.result),
};
static const struct layout result_layout = LAYOUT_OF("answer", "应答", COMMAND_CLAUSE, result_only);

static const struct layout_field bind_card[] = {
    { LAYOUT_FIELD("card grant", "绑卡授权", LAYOUT_RECORD, 0, MESSAGE(card_grant)),
      .element = &hotwater_card_grant_layout },
};
static const struct layout bind_card_layout = LAYOUT_OF("bind card", "绑卡", COMMAND_CLAUSE, bind_card);

static const struct layout_field bind_answer[] = {
    RESULT(struct hotwater_message, as.bound.result),
    FIELD("card slot", "卡位", LAYOUT_UNSIGNED, 1, MESSAGE(bound.slot)),
};
static const struct layout bind_answer_layout = LAYOUT_OF("bind card answer", "绑卡应答", COMMAND_CLAUSE, bind_answer);

static const struct layout_field unbind_card[] = {
    VALUE("card ID", "卡号", LAYOUT_BYTES, 8, MESSAGE(card), ITEM_CARD_NUMBER, ITEM_UNIT_NONE, 0),
};
static const struct layout unbind_card_layout = LAYOUT_OF("unbind card", "解绑卡", COMMAND_CLAUSE, unbind_card);

static const struct layout_field read_records[] = {
    FIELD("first number", "起始记录号", LAYOUT_UNSIGNED, 4, MESSAGE(query.first)),
    FIELD("count", "数量", LAYOUT_UNSIGNED, 1, MESSAGE(query.count)),
};
static const struct layout read_records_layout = LAYOUT_OF("read records", "读记录", COMMAND_CLAUSE, read_records);

static const struct layout_field records_answer[] = {
    { LAYOUT_FIELD("records", "用水记录", LAYOUT_LIST, 1, MESSAGE(records)),
      .element = &hotwater_tagged_record_layout },
};
static const struct layout records_answer_layout =
    LAYOUT_OF("read records answer", "读记录应答", COMMAND_CLAUSE, records_answer);

static const struct layout_field confirm_records[] = {
    FIELD("last number", "最后记录号", LAYOUT_UNSIGNED, 4, MESSAGE(confirmation.last_number)),
    FIELD("confirmation tag", "确认标签", LAYOUT_BYTES, 8, MESSAGE(confirmation.tag)),
};
static const struct layout confirm_records_layout =
    LAYOUT_OF("confirm records", "确认记录", COMMAND_CLAUSE, confirm_records);

static const struct layout nothing_layout = { "request", "请求", COMMAND_CLAUSE, NULL, 0 };

static const struct layout_field management[] = {
    FIELD("meter number", "表号", LAYOUT_DIGITS, 6, MESSAGE(management.meter)),
    VALUE("firmware", "固件版本", LAYOUT_TEXT, 1, MESSAGE(management.firmware), ITEM_VERSION, ITEM_UNIT_NONE, 0),
    { LAYOUT_FIELD("bindings", "绑定记录", LAYOUT_LIST, 0, MESSAGE(management.bindings)),
      .element = &hotwater_binding_layout },
};
static const struct layout management_layout = LAYOUT_OF("device management", "设备管理", COMMAND_CLAUSE, management);

static const struct layout_field monitoring[] = {
    FIELD("housing flag", "外壳打开标志", LAYOUT_UNSIGNED, 1, MESSAGE(monitoring.housing_opened)),
    FIELD("magnet count", "磁干扰次数", LAYOUT_UNSIGNED, 2, MESSAGE(monitoring.magnet_count)),
    FIELD("alarm count", "报警次数", LAYOUT_UNSIGNED, 2, MESSAGE(monitoring.alarm_count)),
    { LAYOUT_FIELD("alarm records", "报警记录", LAYOUT_LIST, 0, MESSAGE(monitoring.alarms)),
      .element = &hotwater_alarm_record_layout },
};
static const struct layout monitoring_layout = LAYOUT_OF("device monitoring", "设备监测", COMMAND_CLAUSE, monitoring);

static const struct layout_field set_parameters[] = {
    { LAYOUT_FIELD("parameters", "参数", LAYOUT_ITEMS, 0, MESSAGE(parameters.items)), .set = HOTWATER_SET_PARAMETER },
    { LAYOUT_FIELD("maintenance grant", "维护授权", LAYOUT_RECORD, 0, MESSAGE(parameters.grant)),
      .element = &hotwater_grant_layout },
};
static const struct layout set_parameters_layout =
    LAYOUT_OF("set parameters", "设置参数", COMMAND_CLAUSE, set_parameters);

static const struct layout_field read_parameters[] = {
    FIELD("parameter tags", "参数标识表", LAYOUT_OCTETS, 0, MESSAGE(tags)),
};
static const struct layout read_parameters_layout =
    LAYOUT_OF("read parameters", "读参数", COMMAND_CLAUSE, read_parameters);

static const struct layout_field parameters_answer[] = {
    { LAYOUT_FIELD("parameters", "参数", LAYOUT_ITEMS, 0, MESSAGE(items)), .set = HOTWATER_SET_PARAMETER },
};
static const struct layout parameters_answer_layout =
    LAYOUT_OF("read parameters answer", "读参数应答", COMMAND_CLAUSE, parameters_answer);

static const struct layout_field report[] = {
    { LAYOUT_FIELD("report reason", "上报原因", LAYOUT_CODE, 1, MESSAGE(report.reason)), .role = LAYOUT_SUBJECT,
      .set = HOTWATER_SET_REASON },
    { LAYOUT_FIELD("status", "状态", LAYOUT_RECORD, 0, MESSAGE(report.status)), .element = &status_layout },
    FIELD("records", "记录", LAYOUT_LIST, 0, MESSAGE(report.records)),
};
static const struct layout report_layout = LAYOUT_OF("report", "上报", COMMAND_CLAUSE, report);

static const struct layout_field instant[] = {
    VALUE("volume of this use", "本次用水量", LAYOUT_UNSIGNED, 4, MESSAGE(instant.volume), ITEM_VOLUME_USE,
          ITEM_UNIT_LITRE, -2),
    VALUE("flow", "流量", LAYOUT_UNSIGNED, 2, MESSAGE(instant.flow), ITEM_VOLUME_FLOW, ITEM_UNIT_L_MIN, -2),
    { LAYOUT_VALUE("temperature", "温度", LAYOUT_SIGNED, 2, MESSAGE(instant.temperature), ITEM_TEMPERATURE,
                   ITEM_UNIT_CELSIUS, -1),
      .has_missing = true, .missing = HOTWATER_NO_TEMPERATURE },
    VALUE("duration", "用水时长", LAYOUT_UNSIGNED, 2, MESSAGE(instant.duration_s), ITEM_DURATION, ITEM_UNIT_S, 0),
};
static const struct layout instant_layout = LAYOUT_OF("instant state", "实时状态", COMMAND_CLAUSE, instant);

static const struct layout_field band[] = {
    VALUE("lower edge", "温度下限", LAYOUT_SIGNED, 2, struct hotwater_band, lower_edge, ITEM_OTHER, ITEM_UNIT_CELSIUS,
          -1),
    VALUE("price", "单价", LAYOUT_UNSIGNED, 4, struct hotwater_band, price, ITEM_OTHER, ITEM_UNIT_YUAN_L, -4),
};
const struct layout hotwater_band_layout = LAYOUT_OF("billing band", "计费温度段", COMMAND_CLAUSE, band);

#define PARAMETER(name, english, chinese, size, unit, exponent) \
    static const struct layout_field name##_fields[] = { \
        VALUE(english, chinese, LAYOUT_UNSIGNED, size, struct hotwater_parameter_value, number, ITEM_OTHER, unit, \
              exponent), \
    }; \
    static const struct layout name = LAYOUT_OF(english, chinese, COMMAND_CLAUSE, name##_fields);

PARAMETER(longest_use, "longest use", "最长用水时间", 2, ITEM_UNIT_S, 0)
PARAMETER(largest_use, "largest use", "最大用水量", 2, ITEM_UNIT_LITRE, -1)
PARAMETER(no_flow, "no-flow close", "无流量关阀时间", 1, ITEM_UNIT_S, 0)
PARAMETER(fault_wait, "wait after fault", "故障后等待时间", 2, ITEM_UNIT_S, 0)
PARAMETER(temperature_hold, "temperature hold", "温度保持时间", 1, ITEM_UNIT_S, 0)
PARAMETER(end_key, "end-key hold", "结束键按住时间", 1, ITEM_UNIT_S, 0)
PARAMETER(pause_limit, "pause limit", "暂停上限", 2, ITEM_UNIT_S, 0)
PARAMETER(unsent_limit, "unsent limit per card", "每卡未上传上限", 1, ITEM_UNIT_NONE, 0)
PARAMETER(report_period, "report period", "上报周期", 4, ITEM_UNIT_S, 0)
PARAMETER(ble_wait, "BLE wait before cellular", "蓝牙等待时间", 1, ITEM_UNIT_S, 0)

static const struct layout_field bands_fields[] = {
    { LAYOUT_FIELD("billing bands", "计费温度段", LAYOUT_LIST, 1, struct hotwater_parameter_value, bands),
      .element = &hotwater_band_layout },
};
static const struct layout bands = LAYOUT_OF("billing bands", "计费温度段", COMMAND_CLAUSE, bands_fields);

static const struct layout_word commands[] = {
    { 0x01, "hello", "握手", &hello_layout },
    { 0x81, "hello answer", "握手应答", &hello_answer_layout },
    { 0x10, "open", "开阀", &open_layout },
    { 0x90, "open answer", "开阀应答", &open_answer_layout },
    { 0x11, "close", "关阀", &close_layout },
    { 0x91, "close answer", "关阀应答", &close_answer_layout },
    { 0x12, "pause, resume", "暂停与恢复", &pause_layout },
    { 0x92, "pause, resume answer", "暂停与恢复应答", &result_layout },
    { 0x20, "bind card", "绑卡", &bind_card_layout },
    { 0xa0, "bind card answer", "绑卡应答", &bind_answer_layout },
    { 0x21, "unbind card", "解绑卡", &unbind_card_layout },
    { 0xa1, "unbind card answer", "解绑卡应答", &result_layout },
    { 0x30, "read records", "读记录", &read_records_layout },
    { 0xb0, "read records answer", "读记录应答", &records_answer_layout },
    { 0x31, "confirm records", "确认记录", &confirm_records_layout },
    { 0xb1, "confirm records answer", "确认记录应答", &result_layout },
    { 0x40, "device management", "设备管理", &nothing_layout },
    { 0xc0, "device management answer", "设备管理应答", &management_layout },
    { 0x41, "device monitoring", "设备监测", &nothing_layout },
    { 0xc1, "device monitoring answer", "设备监测应答", &monitoring_layout },
    { 0x50, "set parameters", "设置参数", &set_parameters_layout },
    { 0xd0, "set parameters answer", "设置参数应答", &result_layout },
    { 0x51, "read parameters", "读参数", &read_parameters_layout },
    { 0xd1, "read parameters answer", "读参数应答", &parameters_answer_layout },
    { 0x60, "report", "上报", &report_layout },
    { 0x61, "instant state", "实时状态", &instant_layout },
};

static const struct layout_word results[] = {
    { 0x00, "done", "完成", NULL },
    { 0x01, "bad tag", "标签错误", NULL },
    { 0x02, "expired", "授权已过期", NULL },
    { 0x03, "wrong meter", "表号不符", NULL },
    { 0x04, "grant used", "授权已使用", NULL },
    { 0x05, "valve busy", "阀门忙", NULL },
    { 0x06, "fault", "故障", NULL },
    { 0x07, "magnet present", "存在磁干扰", NULL },
    { 0x08, "waiting time running", "等待时间未到", NULL },
    { 0x09, "card unknown", "卡未登记", NULL },
    { 0x0a, "card bound elsewhere", "卡已绑定其他表", NULL },
    { 0x0b, "card disabled (3 unsent records)", "卡已停用（3条记录未上传）", NULL },
    { 0x0c, "table full", "表已满", NULL },
    { 0x0d, "over limit", "超出限值", NULL },
    { 0x0e, "not permitted", "无权限", NULL },
    { 0x0f, "parameter out of range", "参数超出范围", NULL },
};

static const struct layout_word valves[] = {
    { 0, "closed", "关", NULL },
    { 1, "open", "开", NULL },
    { 2, "paused", "暂停", NULL },
    { 3, "fault", "故障", NULL },
};

static const struct layout_word alarms[] = {
    { 1, "valve fault", "阀门故障", NULL },
    { 2, "metering-signal fault", "计量信号故障", NULL },
    { 3, "magnetic interference", "磁干扰", NULL },
    { 4, "housing opened", "外壳被打开", NULL },
    { 5, "temperature-sensor fault", "温度传感器故障", NULL },
    { 6, "power loss in use", "用水中断电", NULL },
    { 7, "clock fault", "时钟故障", NULL },
};

static const struct layout_word alarm_flags[] = {
    { 0, "valve fault", "阀门故障", NULL },
    { 1, "metering-signal fault", "计量信号故障", NULL },
    { 2, "magnetic interference", "磁干扰", NULL },
    { 3, "housing opened", "外壳被打开", NULL },
    { 4, "temperature-sensor fault", "温度传感器故障", NULL },
    { 5, "power loss in use", "用水中断电", NULL },
    { 6, "clock fault", "时钟故障", NULL },
};

static const struct layout_word ends[] = {
    { 1, "ended by app", "手机结束", NULL },
    { 2, "ended by key", "按键结束", NULL },
    { 3, "card removed", "取卡结束", NULL },
    { 4, "time limit", "达到时间上限", NULL },
    { 5, "volume limit", "达到水量上限", NULL },
    { 6, "credit limit", "达到金额上限", NULL },
    { 7, "no flow", "无流量", NULL },
    { 8, "magnet", "磁干扰", NULL },
    { 9, "fault", "故障", NULL },
    { 10, "power loss", "断电", NULL },
};

static const struct layout_word grant_flags[] = {
    { 0, "may pause", "可暂停", NULL },
    { 1, "made offline", "离线授权", NULL },
    { 2, "maintenance", "维护", NULL },
};

static const struct layout_word record_flags[] = {
    { 0, "by card", "刷卡", NULL },
    { 1, "offline grant", "离线授权", NULL },
    { 2, "clock uncertain", "时钟不可靠", NULL },
};

static const struct layout_word reasons[] = {
    { 1, "record", "用水记录", &hotwater_tagged_record_layout },
    { 2, "alarm", "报警", &hotwater_alarm_record_layout },
    { 3, "periodic", "定时", &hotwater_tagged_record_layout },
    { 4, "start-up", "启动", &hotwater_tagged_record_layout },
    { 5, "binding", "绑定", &hotwater_binding_layout },
};

static const struct layout_word pauses[] = {
    { 0, "resume", "恢复", NULL },
    { 1, "pause", "暂停", NULL },
};

static const struct layout_word bindings[] = {
    { 1, "bound", "绑定", NULL },
    { 2, "unbound", "解绑", NULL },
};

static const struct layout_word parameters[] = {
    { 0x01, "longest use", "最长用水时间", &longest_use },
    { 0x02, "largest use", "最大用水量", &largest_use },
    { 0x03, "billing bands", "计费温度段", &bands },
    { 0x04, "no-flow close", "无流量关阀时间", &no_flow },
    { 0x05, "wait after fault", "故障后等待时间", &fault_wait },
    { 0x06, "temperature hold", "温度保持时间", &temperature_hold },
    { 0x07, "end-key hold", "结束键按住时间", &end_key },
    { 0x08, "pause limit", "暂停上限", &pause_limit },
    { 0x09, "unsent limit per card", "每卡未上传上限", &unsent_limit },
    { 0x0a, "report period", "上报周期", &report_period },
    { 0x0b, "BLE wait before cellular", "蓝牙等待时间", &ble_wait },
};

const struct layout_set hotwater_sets[HOTWATER_SET_COUNT] = {
    [HOTWATER_SET_COMMAND] = LAYOUT_SET_OF(commands),
    [HOTWATER_SET_RESULT] = LAYOUT_SET_OF(results),
    [HOTWATER_SET_VALVE] = LAYOUT_SET_OF(valves),
    [HOTWATER_SET_ALARM] = LAYOUT_SET_OF(alarms),
    [HOTWATER_SET_ALARM_FLAG] = LAYOUT_SET_OF(alarm_flags),
    [HOTWATER_SET_END] = LAYOUT_SET_OF(ends),
    [HOTWATER_SET_GRANT_FLAG] = LAYOUT_SET_OF(grant_flags),
    [HOTWATER_SET_RECORD_FLAG] = LAYOUT_SET_OF(record_flags),
    [HOTWATER_SET_REASON] = LAYOUT_SET_OF(reasons),
    [HOTWATER_SET_PAUSE] = LAYOUT_SET_OF(pauses),
    [HOTWATER_SET_BINDING] = LAYOUT_SET_OF(bindings),
    [HOTWATER_SET_PARAMETER] = LAYOUT_SET_OF(parameters),
};
