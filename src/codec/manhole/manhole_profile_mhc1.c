/* The numbers of our profile MHC-1. The layouts stand in manhole_profile_mhc1_layout.c. */
#include "codec/manhole/manhole_profile_mhc1.h"

/* Table 3; the type whose main quantity gives unit and scale to a full scale. */
static const struct layout_word terminals[] = {
    { 0x01, "cover-state monitor", "井盖状态监测终端", &manhole_mhc1_tilt },
    { 0x02, "water level below the cover", "井下水位监测终端", &manhole_mhc1_level },
    { 0x03, "flow velocity below the cover", "井下流速监测终端", &manhole_mhc1_velocity },
    { 0x04, "water on the road", "路面积水监测终端", &manhole_mhc1_road },
    { 0x05, "turbidity below the cover", "井下浊度监测终端", &manhole_mhc1_turbidity },
    { 0x06, "intelligent lock", "智能锁", NULL },
    { 0x10, "electronic tag by a handheld reader", "电子标签（手持机转发）", NULL },
    { 0x7f, "several in one housing", "组合终端", NULL },
    { 0xff, "terminal of unknown type", "类型未知的终端", NULL },
};

/* Table 4. */
static const struct layout_word functions[] = {
    { 0x01, "terminal uploads data", "终端上传数据", NULL },
    { 0x81, "platform answers the upload", "平台应答上传", NULL },
    { 0x02, "platform sends a control request", "平台下发控制请求", NULL },
    { 0x82, "terminal answers the control request", "终端应答控制请求", NULL },
};

static const struct layout_word modes[] = {
    { 0, "plain", "明文", NULL },
    { 1, "SM4-CBC with SM4-CMAC", "SM4-CBC 加密，SM4-CMAC 校验", NULL },
    { 2, "SM4-CTR with SM4-CMAC", "SM4-CTR 加密，SM4-CMAC 校验", NULL },
};

static const struct layout_word kinds[] = {
    { 1, "health report", "健康报告", NULL },
    { 2, "timed monitoring", "定时监测", NULL },
    { 3, "alarm", "报警", NULL },
    { 4, "alarm lifted", "报警解除", NULL },
    { 5, "position report", "位置报告", NULL },
    { 6, "lock event", "锁具事件", NULL },
    { 7, "tag read", "标签读取", NULL },
    { 8, "start-up", "启动", NULL },
};

static const struct layout_word flags[] = {
    { 0, "battery at or below 10 %", "电量不高于10%", NULL },
    { 1, "external power", "外接电源", NULL },
    { 2, "sensor fault", "传感器故障", NULL },
    { 3, "housing opened", "外壳被打开", NULL },
    { 4, "clock not set", "时钟未校准", NULL },
    { 5, "records overwritten", "记录被覆盖", NULL },
    { 6, "alarm mode active", "处于报警模式", NULL },
    { 7, "no position", "无位置", NULL },
    { 8, "bolt not locked", "锁舌未锁", NULL },
};

static const struct layout_word items[] = {
    { 0x01, "tilt", "倾角", &manhole_mhc1_tilt },
    { 0x02, "cover", "井盖状态", &manhole_mhc1_cover },
    { 0x03, "level", "液位", &manhole_mhc1_level },
    { 0x04, "velocity", "流速", &manhole_mhc1_velocity },
    { 0x05, "road water depth", "路面积水深度", &manhole_mhc1_road },
    { 0x06, "turbidity", "浊度", &manhole_mhc1_turbidity },
    { 0x07, "temperature", "温度", &manhole_mhc1_temperature },
    { 0x08, "sensor full scale", "传感器量程", &manhole_mhc1_full_scale },
    { 0x10, "position", "位置", &manhole_mhc1_position },
    { 0x11, "stored series", "存储的序列", &manhole_mhc1_series },
    { 0x12, "alarm", "报警", &manhole_mhc1_alarm },
    { 0x13, "lock event", "锁具事件", &manhole_mhc1_lock_event },
    { 0x14, "tag read", "标签读取", &manhole_mhc1_tag_read },
    { 0x15, "firmware", "固件版本", &manhole_mhc1_firmware },
    { 0x16, "ICCID", "ICCID", &manhole_mhc1_iccid },
    { 0x17, "cell", "小区", &manhole_mhc1_cell },
    { 0x18, "configuration image", "配置映像", &manhole_mhc1_configuration },
};

static const struct layout_word covers[] = {
    { 0, "closed", "关闭", NULL },
    { 1, "open", "打开", NULL },
    { 2, "moved but closed", "移动过但已关闭", NULL },
    { 3, "unknown", "未知", NULL },
};

static const struct layout_word datums[] = {
    { 0, "WGS-84", "WGS-84", NULL },
    { 1, "CGCS2000", "CGCS2000", NULL },
    { 2, "GCJ-02", "GCJ-02", NULL },
};

static const struct layout_word alarms[] = {
    { 1, "tilt", "倾斜开盖", &manhole_mhc1_tilt },
    { 2, "level high", "水位过高", &manhole_mhc1_level },
    { 3, "level low", "水位过低", &manhole_mhc1_level },
    { 4, "velocity high", "流速过高", &manhole_mhc1_velocity },
    { 5, "road water", "路面积水", &manhole_mhc1_road },
    { 6, "turbidity", "浊度过高", &manhole_mhc1_turbidity },
    { 7, "battery", "电量不足", &manhole_mhc1_battery },
    { 8, "sensor fault", "传感器故障", NULL },
    { 9, "housing opened", "外壳被打开", NULL },
    { 10, "forced lock", "锁具被撬", NULL },
    { 11, "cover open while locked", "未开锁而井盖打开", NULL },
    { 12, "left the position", "离开安装位置", NULL },
};

static const struct layout_word lock_events[] = {
    { 1, "opened", "开锁", NULL },
    { 2, "closed", "关锁", NULL },
    { 3, "refused", "拒绝", NULL },
    { 4, "forced", "被强行打开", NULL },
    { 5, "bolt jammed", "锁舌卡滞", NULL },
    { 6, "cover open while locked", "未开锁而井盖打开", NULL },
};

static const struct layout_word lock_actions[] = {
    { 1, "open", "开锁", NULL },
    { 2, "close", "关锁", NULL },
};

static const struct layout_word lock_action_bits[] = {
    { 0, "open", "开锁", NULL },
    { 1, "close", "关锁", NULL },
};

static const struct layout_word weekdays[] = {
    { 0, "Monday", "周一", NULL },   { 1, "Tuesday", "周二", NULL },  { 2, "Wednesday", "周三", NULL },
    { 3, "Thursday", "周四", NULL }, { 4, "Friday", "周五", NULL },   { 5, "Saturday", "周六", NULL },
    { 6, "Sunday", "周日", NULL },
};

static const struct layout_word refusals[] = {
    { 0, "none", "无", NULL },
    { 1, "wrong lock", "锁具不符", NULL },
    { 2, "too early", "未到授权时间", NULL },
    { 3, "too late", "授权已过期", NULL },
    { 4, "outside the daily window", "不在每日时段内", NULL },
    { 5, "used up", "次数用完", NULL },
    { 6, "revoked", "授权已撤销", NULL },
    { 7, "bad answer", "应答错误", NULL },
    { 8, "clock not set", "时钟未校准", NULL },
};

static const struct layout_word upload_results[] = {
    { 0, "stored", "已保存", NULL },
    { 1, "terminal unknown", "终端未登记", NULL },
    { 2, "security failure", "安全校验失败", NULL },
    { 3, "area malformed", "数据域格式错误", NULL },
    { 4, "already stored", "已保存过", NULL },
    { 5, "busy, repeat later", "忙，稍后重发", NULL },
};

static const struct layout_word keeps[] = {
    { 0, "disconnect", "断开连接", NULL },
    { 1, "keep the connection", "保持连接", NULL },
};

static const struct layout_word commands[] = {
    { 0x01, "set reporting", "设置上报周期", &manhole_mhc1_set_reporting },
    { 0x02, "set thresholds", "设置阈值", &manhole_mhc1_set_thresholds },
    { 0x03, "add authorisation", "添加开锁授权", &manhole_mhc1_add_authorisation },
    { 0x04, "revoke authorisations", "撤销开锁授权", &manhole_mhc1_revoke_authorisations },
    { 0x05, "lock action", "开关锁", &manhole_mhc1_lock_action },
    { 0x06, "read configuration", "读取配置", &manhole_mhc1_read_configuration },
    { 0x07, "read stored records", "读取存储记录", &manhole_mhc1_read_records },
    { 0x08, "set clock", "校时", &manhole_mhc1_set_clock },
    { 0x09, "restart", "重启", &manhole_mhc1_restart },
    { 0x0a, "change key", "更换密钥", &manhole_mhc1_change_key },
    { 0x0b, "lift alarm", "解除报警", &manhole_mhc1_lift_alarm },
    { 0x0c, "firmware offer", "固件升级通知", &manhole_mhc1_offer_firmware },
    { 0x0d, "set server", "设置服务器", &manhole_mhc1_set_server },
    { 0x0e, "locate now", "立即定位", &manhole_mhc1_locate },
};

static const struct layout_word control_results[] = {
    { 0, "done", "完成", NULL },
    { 1, "accepted, outcome follows", "已接受，结果随后上传", NULL },
    { 2, "not supported", "不支持", NULL },
    { 3, "bad parameter", "参数错误", NULL },
    { 4, "not authorised", "未授权", NULL },
    { 5, "expired", "已过期", NULL },
    { 6, "device fault", "设备故障", NULL },
    { 7, "busy", "忙", NULL },
    { 8, "unknown id", "未知编号", NULL },
};

static const struct layout_word external_power[] = {
    { 255, "external power", "外接电源", NULL },
};

static const struct manhole_profile mhc1 = {
    .name = "MHC-1",
    .start = { 0x4a, 0x47 },
    .start_size = 2,
    .length_size = 2,
    .version_size = 1,
    .version = 1,
    .id_size = 8,
    .crc = MANHOLE_CRC_IBM3740,
    .length_low = 14,
    .length_high = 1400,
    .sequence_size = 2,
    .has_security = true,
    .tag_size = 8,
    .key_labels = { "MHC1-ENC", "MHC1-MAC" },
    .lock_labels = { "MHC1-TOK", "MHC1-OPEN" },
    .upload = &manhole_mhc1_upload,
    .upload_answer = &manhole_mhc1_upload_answer,
    .control = &manhole_mhc1_control,
    .control_answer = &manhole_mhc1_control_answer,
    .lock_record = &manhole_mhc1_lock_record,
    .threshold = &manhole_mhc1_threshold,
    .tilt = { .low = 50, .high = 900, .usual = 150, .hysteresis = 30, .hold_s = 2, .alarm_bound_s = 30 },
    .sets = {
        [MANHOLE_SET_TERMINAL] = LAYOUT_SET_OF(terminals),
        [MANHOLE_SET_FUNCTION] = LAYOUT_SET_OF(functions),
        [MANHOLE_SET_MODE] = LAYOUT_SET_OF(modes),
        [MANHOLE_SET_KIND] = LAYOUT_SET_OF(kinds),
        [MANHOLE_SET_FLAG] = LAYOUT_SET_OF(flags),
        [MANHOLE_SET_ITEM] = LAYOUT_SET_OF(items),
        [MANHOLE_SET_COVER] = LAYOUT_SET_OF(covers),
        [MANHOLE_SET_DATUM] = LAYOUT_SET_OF(datums),
        [MANHOLE_SET_ALARM] = LAYOUT_SET_OF(alarms),
        [MANHOLE_SET_LOCK_EVENT] = LAYOUT_SET_OF(lock_events),
        [MANHOLE_SET_LOCK_ACTION] = LAYOUT_SET_OF(lock_actions),
        [MANHOLE_SET_LOCK_ACTIONS] = LAYOUT_SET_OF(lock_action_bits),
        [MANHOLE_SET_WEEKDAY] = LAYOUT_SET_OF(weekdays),
        [MANHOLE_SET_REFUSAL] = LAYOUT_SET_OF(refusals),
        [MANHOLE_SET_UPLOAD_RESULT] = LAYOUT_SET_OF(upload_results),
        [MANHOLE_SET_KEEP] = LAYOUT_SET_OF(keeps),
        [MANHOLE_SET_COMMAND] = LAYOUT_SET_OF(commands),
        [MANHOLE_SET_CONTROL_RESULT] = LAYOUT_SET_OF(control_results),
        [MANHOLE_SET_EXTERNAL_POWER] = LAYOUT_SET_OF(external_power),
    },
};

const struct manhole_profile *manhole_profile_mhc1(void)
{
    return &mhc1;
}
