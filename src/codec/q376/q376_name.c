#include "codec/q376/q376_name.h"

#include <stddef.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct q376_name reserved = { "reserved", "备用" };
static const struct q376_name vendor = { "vendor/reserved", "厂商自定义或备用" };

static struct q376_name name_at(const struct q376_name *names, size_t count, size_t index, struct q376_name fallback)
{
    return index < count && names[index].english != NULL ? names[index] : fallback;
}

struct q376_name q376_afn_name(uint8_t afn)
{
    static const struct q376_name names[] = {
        [0x00] = { "confirm/deny", "确认/否认" },
        [0x01] = { "reset", "复位" },
        [0x02] = { "link test", "链路接口检测" },
        [0x03] = { "relay station", "中继站命令" },
        [0x04] = { "set parameters", "设置参数" },
        [0x05] = { "control", "控制命令" },
        [0x06] = { "authentication and key agreement", "身份认证及密钥协商" },
        [0x08] = { "cascaded terminal report", "请求被级联终端主动上报" },
        [0x09] = { "terminal configuration", "请求终端配置" },
        [0x0A] = { "query parameters", "查询参数" },
        [0x0B] = { "task data", "请求任务数据" },
        [0x0C] = { "class 1 (real-time)", "请求1类数据（实时）" },
        [0x0D] = { "class 2 (history)", "请求2类数据（历史）" },
        [0x0E] = { "class 3 (events)", "请求3类数据（事件）" },
        [0x0F] = { "file transfer", "文件传输" },
        [0x10] = { "data forwarding", "数据转发" },
    };
    return name_at(names, COUNT(names), afn, vendor);
}

struct q376_name q376_function_code_name(bool is_primary, unsigned function_code)
{
    static const struct q376_name primary[] = {
        [1] = { "send/confirm reset", "发送/确认：复位命令" },
        [4] = { "send/no-reply user data", "发送/无回答：用户数据" },
        [9] = { "request/response link test", "请求/响应：链路测试" },
        [10] = { "request class-1 data", "请求/响应：请求1级数据" },
        [11] = { "request class-2 data", "请求/响应：请求2级数据" },
    };
    static const struct q376_name secondary[] = {
        [0] = { "confirm", "确认：认可" },
        [8] = { "user data", "响应：用户数据" },
        [9] = { "deny", "响应：否认，无所召唤的数据" },
        [11] = { "link status", "响应：链路状态" },
    };
    return is_primary ? name_at(primary, COUNT(primary), function_code, reserved)
                      : name_at(secondary, COUNT(secondary), function_code, reserved);
}

struct q376_name q376_protocol_name(unsigned protocol)
{
    static const struct q376_name names[] = {
        [1] = { "Q/GDW 130-2005", "Q/GDW 130-2005" },
        [2] = { "Q/GDW 376.1 / 1376.1", "Q/GDW 376.1 / 1376.1" },
    };
    return name_at(names, COUNT(names), protocol, reserved);
}

struct q376_name q376_event_name(uint8_t event)
{
    static const struct q376_name names[] = {
        [1] = { "data initialised or version changed", "数据初始化和版本变更" },
        [2] = { "parameters lost", "参数丢失" },
        [3] = { "parameters changed", "参数变更" },
        [4] = { "status input changed", "状态量变位" },
        [5] = { "remote trip", "遥控跳闸" },
        [6] = { "power control trip", "功控跳闸" },
        [7] = { "energy control trip", "电控跳闸" },
        [8] = { "meter parameters changed", "电能表参数变更" },
        [9] = { "current circuit abnormal", "电流回路异常" },
        [10] = { "voltage circuit abnormal", "电压回路异常" },
        [11] = { "phase order abnormal", "相序异常" },
        [12] = { "meter clock abnormal", "电能表时间超差" },
        [13] = { "meter fault", "电能表故障信息" },
        [14] = { "terminal power off or on", "终端停/上电" },
        [15] = { "harmonics over limit", "谐波越限告警" },
        [16] = { "DC analogue over limit", "直流模拟量越限" },
        [17] = { "voltage or current unbalance", "电压/电流不平衡度越限" },
        [18] = { "capacitor locked", "电容器投切自锁" },
        [19] = { "purchase parameters set", "购电参数设置" },
        [20] = { "authentication error", "消息认证错误" },
        [21] = { "terminal fault", "终端故障" },
        [22] = { "energy difference over limit", "有功总电能量差动越限" },
        [23] = { "energy control warning", "电控告警" },
        [24] = { "voltage over limit", "电压越限" },
        [25] = { "current over limit", "电流越限" },
        [26] = { "apparent power over limit", "视在功率越限" },
        [27] = { "meter reading decreased", "电能表示度下降" },
        [28] = { "energy over limit", "电能量超差" },
        [29] = { "meter runs away", "电能表飞走" },
        [30] = { "meter stopped", "电能表停走" },
        [31] = { "meter reading failed", "终端抄表失败" },
        [32] = { "traffic over limit", "终端与主站通信流量超门限" },
        [33] = { "meter status word changed", "电能表运行状态字变位" },
        [34] = { "current transformer abnormal", "CT 异常" },
        [35] = { "unknown meter found", "发现未知电表" },
    };
    return name_at(names, COUNT(names), event, vendor);
}

struct q376_name q376_confirm_error_name(uint8_t error)
{
    static const struct q376_name names[] = {
        { "ok", "正确" },
        { "other error", "其他错误" },
    };
    return name_at(names, COUNT(names), error, vendor);
}

struct q376_name q376_meter_protocol_name(uint8_t protocol)
{
    static const struct q376_name names[] = {
        [0] = { "not read", "不抄读" },
        [1] = { "DL/T 645-1997", "DL/T 645-1997" },
        [2] = { "AC sampling device", "交流采样装置" },
        [30] = { "DL/T 645-2007", "DL/T 645-2007" },
        [31] = { "narrow-band carrier module", "窄带低压载波通信模块" },
    };
    return name_at(names, COUNT(names), protocol, vendor);
}

uint16_t q376_archive_baud(unsigned code)
{
    static const uint16_t bauds[] = { 0, 600, 1200, 2400, 4800, 7200, 9600, 19200 };
    return code < COUNT(bauds) ? bauds[code] : 0;
}

uint16_t q376_density_minutes(uint8_t density)
{
    switch (density) {
    case 1:
        return 15;
    case 2:
        return 30;
    case 3:
        return 60;
    case 254:
        return 5;
    case 255:
        return 1;
    default:
        return 0;
    }
}
