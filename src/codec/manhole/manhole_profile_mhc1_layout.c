/* How the data areas of MHC-1 stand on the wire: one row per field, in the order of the fact sheet. */
#include "codec/manhole/manhole_area.h"
#include "codec/manhole/manhole_profile_mhc1.h"

#define UPLOAD_CLAUSE "DB35/T 1803 table 5, MHC-1 5.1"
#define UPLOAD_ANSWER_CLAUSE "DB35/T 1803 table 6, MHC-1 5.2"
#define CONTROL_CLAUSE "DB35/T 1803 table 7, MHC-1 5.3"
#define CONTROL_ANSWER_CLAUSE "DB35/T 1803 table 8, MHC-1 5.4"
#define LOCK_CLAUSE "DB35/T 1803 7.2.2, MHC-1 6"

/* Members of the structure a table of rows belongs to. */
#define ITEM(member) struct manhole_item_value, as.member
#define CONTROL(member) struct manhole_control, as.member
#define FIELD(...) { LAYOUT_FIELD(__VA_ARGS__) }
#define VALUE(...) { LAYOUT_VALUE(__VA_ARGS__) }

static const struct layout_field upload[] = {
    { LAYOUT_FIELD("kind", "报告种类", LAYOUT_CODE, 1, struct manhole_upload, kind), .set = MANHOLE_SET_KIND },
    { LAYOUT_FIELD("timestamp", "时间", LAYOUT_TIME, 4, struct manhole_upload, time_s), .role = LAYOUT_STAMP },
    { LAYOUT_VALUE("flags", "标志", LAYOUT_FLAGS, 2, struct manhole_upload, flags, ITEM_STATUS, ITEM_UNIT_NONE, 0),
      .set = MANHOLE_SET_FLAG },
    { LAYOUT_VALUE("battery", "电量", LAYOUT_UNSIGNED, 1, struct manhole_upload, battery_percent, ITEM_BATTERY_LEVEL,
                   ITEM_UNIT_PERCENT, 0),
      .set = MANHOLE_SET_EXTERNAL_POWER, .has_missing = true, .missing = MANHOLE_BATTERY_EXTERNAL, .high = 100 },
    { LAYOUT_VALUE("RSRP", "信号接收功率", LAYOUT_SIGNED, 2, struct manhole_upload, rsrp_dbm, ITEM_SIGNAL_RSRP,
                   ITEM_UNIT_DBM, 0),
      .has_missing = true, .missing = MANHOLE_RSRP_UNKNOWN },
    { LAYOUT_VALUE("SINR", "信噪比", LAYOUT_SIGNED, 1, struct manhole_upload, sinr_db, ITEM_SIGNAL_SNR, ITEM_UNIT_DB,
                   0),
      .has_missing = true, .missing = MANHOLE_SINR_UNKNOWN },
    { LAYOUT_VALUE("coverage level", "覆盖等级", LAYOUT_UNSIGNED, 1, struct manhole_upload, coverage_level,
                   ITEM_COVERAGE_LEVEL, ITEM_UNIT_NONE, 0),
      .has_missing = true, .missing = MANHOLE_COVERAGE_UNKNOWN, .high = 2 },
    { LAYOUT_FIELD("items", "数据项", LAYOUT_ITEMS, 0, struct manhole_upload, items), .set = MANHOLE_SET_ITEM },
};
const struct layout manhole_mhc1_upload = LAYOUT_OF("upload", "上传", UPLOAD_CLAUSE, upload);

static const struct layout_field battery[] = {
    VALUE("battery", "电量", LAYOUT_SIGNED, 4, ITEM(number.value), ITEM_BATTERY_LEVEL, ITEM_UNIT_PERCENT, 0),
};
const struct layout manhole_mhc1_battery = LAYOUT_OF("battery", "电量", UPLOAD_CLAUSE, battery);

/* The total last: it is what thresholds and alarms are about. */
static const struct layout_field tilt[] = {
    VALUE("tilt x", "X轴倾角", LAYOUT_SIGNED, 2, ITEM(tilt.x), ITEM_TILT_X, ITEM_UNIT_DEGREE, -1),
    VALUE("tilt y", "Y轴倾角", LAYOUT_SIGNED, 2, ITEM(tilt.y), ITEM_TILT_Y, ITEM_UNIT_DEGREE, -1),
    VALUE("tilt total", "总倾角", LAYOUT_UNSIGNED, 2, ITEM(tilt.total), ITEM_TILT, ITEM_UNIT_DEGREE, -1),
};
const struct layout manhole_mhc1_tilt = LAYOUT_OF("tilt", "倾角", UPLOAD_CLAUSE, tilt);

static const struct layout_field cover[] = {
    { LAYOUT_VALUE("cover", "井盖状态", LAYOUT_CODE, 1, ITEM(cover), ITEM_COVER_STATE, ITEM_UNIT_NONE, 0),
      .set = MANHOLE_SET_COVER },
};
const struct layout manhole_mhc1_cover = LAYOUT_OF("cover", "井盖状态", UPLOAD_CLAUSE, cover);

static const struct layout_field level[] = {
    VALUE("level", "液位", LAYOUT_SIGNED, 4, ITEM(number.value), ITEM_WATER_LEVEL, ITEM_UNIT_MM, 0),
};
const struct layout manhole_mhc1_level = LAYOUT_OF("level", "液位", UPLOAD_CLAUSE, level);

static const struct layout_field velocity[] = {
    VALUE("velocity", "流速", LAYOUT_SIGNED, 4, ITEM(number.value), ITEM_VELOCITY, ITEM_UNIT_MM_S, 0),
};
const struct layout manhole_mhc1_velocity = LAYOUT_OF("velocity", "流速", UPLOAD_CLAUSE, velocity);

static const struct layout_field road[] = {
    VALUE("road water depth", "路面积水深度", LAYOUT_UNSIGNED, 2, ITEM(number.value), ITEM_WATER_DEPTH_ROAD,
          ITEM_UNIT_MM, 0),
};
const struct layout manhole_mhc1_road = LAYOUT_OF("road water depth", "路面积水深度", UPLOAD_CLAUSE, road);

static const struct layout_field turbidity[] = {
    VALUE("turbidity", "浊度", LAYOUT_UNSIGNED, 4, ITEM(unsigned_number), ITEM_TURBIDITY, ITEM_UNIT_NTU, -2),
};
const struct layout manhole_mhc1_turbidity = LAYOUT_OF("turbidity", "浊度", UPLOAD_CLAUSE, turbidity);

static const struct layout_field temperature[] = {
    VALUE("temperature", "温度", LAYOUT_SIGNED, 2, ITEM(number.value), ITEM_TEMPERATURE, ITEM_UNIT_CELSIUS, -1),
};
const struct layout manhole_mhc1_temperature = LAYOUT_OF("temperature", "温度", UPLOAD_CLAUSE, temperature);

static const struct layout_field full_scale[] = {
    { LAYOUT_FIELD("sensor full scale", "传感器量程", LAYOUT_SIGNED, 4, ITEM(number.value)), .role = LAYOUT_LIMIT },
};
const struct layout manhole_mhc1_full_scale = LAYOUT_OF("sensor full scale", "传感器量程", UPLOAD_CLAUSE, full_scale);

static const struct layout_field position[] = {
    VALUE("latitude", "纬度", LAYOUT_SIGNED, 4, ITEM(position.latitude), ITEM_LATITUDE, ITEM_UNIT_DEGREE, -7),
    VALUE("longitude", "经度", LAYOUT_SIGNED, 4, ITEM(position.longitude), ITEM_LONGITUDE, ITEM_UNIT_DEGREE, -7),
    { LAYOUT_VALUE("accuracy", "精度", LAYOUT_UNSIGNED, 1, ITEM(position.accuracy_m), ITEM_OTHER, ITEM_UNIT_M, 0),
      .has_missing = true, .missing = 255 },
    { LAYOUT_FIELD("datum", "坐标系", LAYOUT_CODE, 1, ITEM(position.datum)), .set = MANHOLE_SET_DATUM },
    { LAYOUT_FIELD("fix time", "定位时间", LAYOUT_TIME, 4, ITEM(position.time_s)), .role = LAYOUT_STAMP },
};
const struct layout manhole_mhc1_position = LAYOUT_OF("position", "位置", UPLOAD_CLAUSE, position);

static const struct layout_field series[] = {
    { LAYOUT_FIELD("first time", "首点时间", LAYOUT_TIME, 4, ITEM(series.first_time_s)), .role = LAYOUT_STAMP },
    { LAYOUT_VALUE("step", "间隔", LAYOUT_UNSIGNED, 2, ITEM(series.step_s), ITEM_OTHER, ITEM_UNIT_S, 0),
      .role = LAYOUT_STEP },
    { LAYOUT_FIELD("quantity tag", "数据项标识", LAYOUT_CODE, 1, ITEM(series.item)), .role = LAYOUT_SUBJECT,
      .set = MANHOLE_SET_ITEM },
    FIELD("values", "数值", LAYOUT_LIST, 1, ITEM(series.values)),
};
const struct layout manhole_mhc1_series = LAYOUT_OF("stored series", "存储的序列", UPLOAD_CLAUSE, series);

static const struct layout_field alarm[] = {
    { LAYOUT_VALUE("alarm code", "报警代码", LAYOUT_CODE, 1, ITEM(alarm.code), ITEM_ALARM, ITEM_UNIT_NONE, 0),
      .role = LAYOUT_SUBJECT, .set = MANHOLE_SET_ALARM },
    FIELD("severity", "严重程度", LAYOUT_UNSIGNED, 1, ITEM(alarm.severity)),
    { LAYOUT_FIELD("threshold", "阈值", LAYOUT_SIGNED, 4, ITEM(alarm.threshold)), .role = LAYOUT_LIMIT },
    { LAYOUT_FIELD("alarm value", "报警值", LAYOUT_SIGNED, 4, ITEM(alarm.value)), .role = LAYOUT_MEASURED },
    { LAYOUT_FIELD("alarm start", "报警开始时间", LAYOUT_TIME, 4, ITEM(alarm.start_s)), .role = LAYOUT_STAMP },
};
const struct layout manhole_mhc1_alarm = LAYOUT_OF("alarm", "报警", UPLOAD_CLAUSE, alarm);

static const struct layout_field lock_event[] = {
    { LAYOUT_VALUE("lock event", "锁具事件", LAYOUT_CODE, 1, ITEM(lock.event), ITEM_EVENT, ITEM_UNIT_NONE, 0),
      .set = MANHOLE_SET_LOCK_EVENT },
    FIELD("authorisation id", "授权编号", LAYOUT_UNSIGNED, 4, ITEM(lock.authorisation_id)),
    FIELD("opener ID", "开锁器编号", LAYOUT_DIGITS, 8, ITEM(lock.opener_id)),
    FIELD("holder id", "持有人编号", LAYOUT_UNSIGNED, 4, ITEM(lock.holder_id)),
    { LAYOUT_FIELD("reason", "原因", LAYOUT_CODE, 1, ITEM(lock.reason)), .set = MANHOLE_SET_REFUSAL },
    { LAYOUT_FIELD("event time", "事件时间", LAYOUT_TIME, 4, ITEM(lock.time_s)), .role = LAYOUT_STAMP },
};
const struct layout manhole_mhc1_lock_event = LAYOUT_OF("lock event", "锁具事件", UPLOAD_CLAUSE, lock_event);

static const struct layout_field tag_read[] = {
    VALUE("tag UID", "标签UID", LAYOUT_OCTETS, 1, ITEM(tag.uid), ITEM_CARD_NUMBER, ITEM_UNIT_NONE, 0),
    FIELD("reader ID", "读卡器编号", LAYOUT_DIGITS, 8, ITEM(tag.reader_id)),
    { LAYOUT_FIELD("read time", "读取时间", LAYOUT_TIME, 4, ITEM(tag.time_s)), .role = LAYOUT_STAMP },
};
const struct layout manhole_mhc1_tag_read = LAYOUT_OF("tag read", "标签读取", UPLOAD_CLAUSE, tag_read);

static const struct layout_field firmware[] = {
    VALUE("firmware", "固件版本", LAYOUT_TEXT, 0, ITEM(text), ITEM_VERSION, ITEM_UNIT_NONE, 0),
};
const struct layout manhole_mhc1_firmware = LAYOUT_OF("firmware", "固件版本", UPLOAD_CLAUSE, firmware);

static const struct layout_field iccid[] = {
    FIELD("ICCID", "ICCID", LAYOUT_DIGITS, 10, ITEM(iccid)),
};
const struct layout manhole_mhc1_iccid = LAYOUT_OF("ICCID", "ICCID", UPLOAD_CLAUSE, iccid);

static const struct layout_field cell[] = {
    FIELD("PCI", "物理小区标识", LAYOUT_UNSIGNED, 2, ITEM(cell.physical_cell)),
    FIELD("EARFCN", "频点", LAYOUT_UNSIGNED, 4, ITEM(cell.earfcn)),
    FIELD("cell identity", "小区标识", LAYOUT_UNSIGNED, 4, ITEM(cell.identity)),
};
const struct layout manhole_mhc1_cell = LAYOUT_OF("cell", "小区", UPLOAD_CLAUSE, cell);

static const struct layout_field configuration[] = {
    FIELD("configuration image id", "配置映像编号", LAYOUT_UNSIGNED, 4, ITEM(unsigned_number)),
};
const struct layout manhole_mhc1_configuration =
    LAYOUT_OF("configuration image", "配置映像", UPLOAD_CLAUSE, configuration);

static const struct layout_field upload_answer[] = {
    { LAYOUT_FIELD("result", "结果", LAYOUT_CODE, 1, struct manhole_upload_answer, result),
      .set = MANHOLE_SET_UPLOAD_RESULT },
    { LAYOUT_FIELD("keep connection", "保持连接", LAYOUT_CODE, 1, struct manhole_upload_answer, keep_connection),
      .set = MANHOLE_SET_KEEP },
    VALUE("wait", "等待时间", LAYOUT_UNSIGNED, 2, struct manhole_upload_answer, wait_s, ITEM_OTHER, ITEM_UNIT_S, 0),
    FIELD("platform time", "平台时间", LAYOUT_TIME, 4, struct manhole_upload_answer, platform_time_s),
    FIELD("requests pending", "待发请求数", LAYOUT_UNSIGNED, 1, struct manhole_upload_answer, requests_pending),
};
const struct layout manhole_mhc1_upload_answer =
    LAYOUT_OF("upload answer", "上传应答", UPLOAD_ANSWER_CLAUSE, upload_answer);

static const struct layout_field control[] = {
    { LAYOUT_FIELD("command", "命令", LAYOUT_CODE, 1, struct manhole_control, command), .role = LAYOUT_SUBJECT,
      .set = MANHOLE_SET_COMMAND },
    FIELD("request id", "请求编号", LAYOUT_UNSIGNED, 4, struct manhole_control, request_id),
    { LAYOUT_FIELD("expiry", "有效期至", LAYOUT_TIME, 4, struct manhole_control, expiry_s), .has_missing = true },
    FIELD("parameters", "参数", LAYOUT_CHOICE, 0, struct manhole_control, command),
};
const struct layout manhole_mhc1_control = LAYOUT_OF("control request", "控制请求", CONTROL_CLAUSE, control);

static const struct layout_field control_answer[] = {
    { LAYOUT_FIELD("command", "命令", LAYOUT_CODE, 1, struct manhole_control_answer, command),
      .set = MANHOLE_SET_COMMAND },
    FIELD("request id", "请求编号", LAYOUT_UNSIGNED, 4, struct manhole_control_answer, request_id),
    { LAYOUT_FIELD("result", "结果", LAYOUT_CODE, 1, struct manhole_control_answer, result),
      .set = MANHOLE_SET_CONTROL_RESULT },
    FIELD("result data", "结果数据", LAYOUT_OCTETS, 0, struct manhole_control_answer, data),
};
const struct layout manhole_mhc1_control_answer =
    LAYOUT_OF("control answer", "控制应答", CONTROL_ANSWER_CLAUSE, control_answer);

static const struct layout_field lock_record[] = {
    FIELD("authorisation id", "授权编号", LAYOUT_UNSIGNED, 4, struct manhole_lock_record, authorisation_id),
    FIELD("lock terminal ID", "锁具终端编号", LAYOUT_DIGITS, 8, struct manhole_lock_record, lock_id),
    FIELD("opener ID", "开锁器编号", LAYOUT_DIGITS, 8, struct manhole_lock_record, opener_id),
    FIELD("holder id", "持有人编号", LAYOUT_UNSIGNED, 4, struct manhole_lock_record, holder_id),
    FIELD("not before", "生效时间", LAYOUT_TIME, 4, struct manhole_lock_record, not_before_s),
    FIELD("not after", "失效时间", LAYOUT_TIME, 4, struct manhole_lock_record, not_after_s),
    { LAYOUT_FIELD("weekday mask", "星期", LAYOUT_FLAGS, 1, struct manhole_lock_record, weekdays),
      .set = MANHOLE_SET_WEEKDAY, .low = 1, .high = 0x7f },
    { LAYOUT_VALUE("daily start", "每日开始", LAYOUT_UNSIGNED, 2, struct manhole_lock_record, daily_start_min,
                   ITEM_OTHER, ITEM_UNIT_MINUTE, 0),
      .high = 1439 },
    { LAYOUT_VALUE("daily end", "每日结束", LAYOUT_UNSIGNED, 2, struct manhole_lock_record, daily_end_min, ITEM_OTHER,
                   ITEM_UNIT_MINUTE, 0),
      .high = 1440 },
    FIELD("uses", "可用次数", LAYOUT_UNSIGNED, 1, struct manhole_lock_record, uses),
    { LAYOUT_FIELD("actions", "允许操作", LAYOUT_FLAGS, 1, struct manhole_lock_record, actions),
      .set = MANHOLE_SET_LOCK_ACTIONS, .low = 1, .high = 3 },
};
const struct layout manhole_mhc1_lock_record = LAYOUT_OF("lock record", "开锁授权记录", LOCK_CLAUSE, lock_record);

static const struct layout_field set_reporting[] = {
    { LAYOUT_VALUE("health period", "健康报告周期", LAYOUT_UNSIGNED, 4, CONTROL(reporting.health_period_s), ITEM_OTHER,
                   ITEM_UNIT_S, 0),
      .low = 600, .high = 604800 },
    { LAYOUT_VALUE("sample period", "监测采样周期", LAYOUT_UNSIGNED, 4, CONTROL(reporting.sample_period_s), ITEM_OTHER,
                   ITEM_UNIT_S, 0),
      .low = 1, .high = UINT32_MAX },
    { LAYOUT_VALUE("upload period", "监测上传周期", LAYOUT_UNSIGNED, 4, CONTROL(reporting.upload_period_s), ITEM_OTHER,
                   ITEM_UNIT_S, 0),
      .low = 1, .high = UINT32_MAX },
    { LAYOUT_VALUE("alarm sample period", "报警采样周期", LAYOUT_UNSIGNED, 2, CONTROL(reporting.alarm_sample_period_s),
                   ITEM_OTHER, ITEM_UNIT_S, 0),
      .low = 1, .high = 3600 },
    { LAYOUT_VALUE("alarm upload period", "报警上传周期", LAYOUT_UNSIGNED, 2, CONTROL(reporting.alarm_upload_period_s),
                   ITEM_OTHER, ITEM_UNIT_S, 0),
      .low = 1, .high = 3600 },
};
const struct layout manhole_mhc1_set_reporting =
    LAYOUT_OF("set reporting", "设置上报周期", CONTROL_CLAUSE, set_reporting);

static const struct layout_field threshold[] = {
    { LAYOUT_FIELD("quantity tag", "数据项标识", LAYOUT_CODE, 1, struct manhole_threshold, item),
      .role = LAYOUT_SUBJECT, .set = MANHOLE_SET_ITEM },
    { LAYOUT_FIELD("high", "上限", LAYOUT_SIGNED, 4, struct manhole_threshold, high), .role = LAYOUT_LIMIT },
    { LAYOUT_FIELD("low", "下限", LAYOUT_SIGNED, 4, struct manhole_threshold, low), .role = LAYOUT_LIMIT },
    { LAYOUT_FIELD("hysteresis", "回差", LAYOUT_SIGNED, 4, struct manhole_threshold, hysteresis),
      .role = LAYOUT_LIMIT },
    VALUE("hold time", "保持时间", LAYOUT_UNSIGNED, 2, struct manhole_threshold, hold_s, ITEM_OTHER, ITEM_UNIT_S, 0),
};
const struct layout manhole_mhc1_threshold = LAYOUT_OF("threshold", "阈值", CONTROL_CLAUSE, threshold);

static const struct layout_field set_thresholds[] = {
    { LAYOUT_FIELD("thresholds", "阈值", LAYOUT_LIST, 1, CONTROL(thresholds)), .element = &manhole_mhc1_threshold },
};
const struct layout manhole_mhc1_set_thresholds =
    LAYOUT_OF("set thresholds", "设置阈值", CONTROL_CLAUSE, set_thresholds);

static const struct layout_field add_authorisation[] = {
    { LAYOUT_FIELD("lock record", "开锁授权记录", LAYOUT_RECORD, 0, CONTROL(authorisation)),
      .element = &manhole_mhc1_lock_record },
};
const struct layout manhole_mhc1_add_authorisation =
    LAYOUT_OF("add authorisation", "添加开锁授权", CONTROL_CLAUSE, add_authorisation);

static const struct layout_field authorisation_id[] = {
    FIELD("authorisation id", "授权编号", LAYOUT_UNSIGNED, 4, struct manhole_lock_order, authorisation_id),
};
static const struct layout authorisation_id_layout =
    LAYOUT_OF("authorisation id", "授权编号", CONTROL_CLAUSE, authorisation_id);

static const struct layout_field revoke_authorisations[] = {
    { LAYOUT_FIELD("authorisations", "授权编号表", LAYOUT_LIST, 1, CONTROL(authorisation_ids)),
      .element = &authorisation_id_layout },
};
const struct layout manhole_mhc1_revoke_authorisations =
    LAYOUT_OF("revoke authorisations", "撤销开锁授权", CONTROL_CLAUSE, revoke_authorisations);

static const struct layout_field lock_action[] = {
    { LAYOUT_FIELD("action", "操作", LAYOUT_CODE, 1, CONTROL(lock.action)), .set = MANHOLE_SET_LOCK_ACTION },
    FIELD("authorisation id", "授权编号", LAYOUT_UNSIGNED, 4, CONTROL(lock.authorisation_id)),
};
const struct layout manhole_mhc1_lock_action = LAYOUT_OF("lock action", "开关锁", CONTROL_CLAUSE, lock_action);

static const struct layout_field read_configuration[] = {
    FIELD("parameter tags", "参数标识表", LAYOUT_OCTETS, 0, CONTROL(tags)),
};
const struct layout manhole_mhc1_read_configuration =
    LAYOUT_OF("read configuration", "读取配置", CONTROL_CLAUSE, read_configuration);

static const struct layout_field read_records[] = {
    FIELD("from", "起始时间", LAYOUT_TIME, 4, CONTROL(records.from_s)),
    FIELD("to", "结束时间", LAYOUT_TIME, 4, CONTROL(records.to_s)),
    { LAYOUT_FIELD("quantity tag", "数据项标识", LAYOUT_CODE, 1, CONTROL(records.item)), .set = MANHOLE_SET_ITEM },
};
const struct layout manhole_mhc1_read_records =
    LAYOUT_OF("read stored records", "读取存储记录", CONTROL_CLAUSE, read_records);

static const struct layout_field set_clock[] = {
    FIELD("clock", "时钟", LAYOUT_TIME, 4, CONTROL(time_s)),
};
const struct layout manhole_mhc1_set_clock = LAYOUT_OF("set clock", "校时", CONTROL_CLAUSE, set_clock);

static const struct layout_field restart[] = {
    FIELD("restart mode", "重启方式", LAYOUT_UNSIGNED, 1, CONTROL(restart_mode)),
};
const struct layout manhole_mhc1_restart = LAYOUT_OF("restart", "重启", CONTROL_CLAUSE, restart);

static const struct layout_field change_key[] = {
    { LAYOUT_FIELD("key slot", "密钥槽", LAYOUT_UNSIGNED, 1, CONTROL(key.slot)), .high = 15 },
    FIELD("wrapped key", "加密的密钥", LAYOUT_BYTES, 48, CONTROL(key.wrapped)),
    FIELD("key check value", "密钥校验值", LAYOUT_BYTES, 4, CONTROL(key.check_value)),
};
const struct layout manhole_mhc1_change_key = LAYOUT_OF("change key", "更换密钥", CONTROL_CLAUSE, change_key);

static const struct layout_field lift_alarm[] = {
    { LAYOUT_FIELD("alarm code", "报警代码", LAYOUT_CODE, 1, CONTROL(alarm.code)), .set = MANHOLE_SET_ALARM },
    VALUE("mute time", "静默时间", LAYOUT_UNSIGNED, 2, CONTROL(alarm.mute_s), ITEM_OTHER, ITEM_UNIT_S, 0),
};
const struct layout manhole_mhc1_lift_alarm = LAYOUT_OF("lift alarm", "解除报警", CONTROL_CLAUSE, lift_alarm);

static const struct layout_field offer_firmware[] = {
    FIELD("firmware size", "固件大小", LAYOUT_UNSIGNED, 4, CONTROL(firmware.size)),
    FIELD("SM3 digest", "SM3 摘要", LAYOUT_BYTES, 32, CONTROL(firmware.digest)),
    FIELD("URI", "下载地址", LAYOUT_TEXT, 0, CONTROL(firmware.uri)),
};
const struct layout manhole_mhc1_offer_firmware =
    LAYOUT_OF("firmware offer", "固件升级通知", CONTROL_CLAUSE, offer_firmware);

static const struct layout_field set_server[] = {
    FIELD("transport", "传输方式", LAYOUT_UNSIGNED, 1, CONTROL(server.transport)),
    FIELD("port", "端口", LAYOUT_UNSIGNED, 2, CONTROL(server.port)),
    FIELD("host", "主机", LAYOUT_TEXT, 0, CONTROL(server.host)),
};
const struct layout manhole_mhc1_set_server = LAYOUT_OF("set server", "设置服务器", CONTROL_CLAUSE, set_server);

const struct layout manhole_mhc1_locate = { "locate now", "立即定位", CONTROL_CLAUSE, NULL, 0 };
