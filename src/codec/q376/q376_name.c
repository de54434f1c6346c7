#include "codec/q376/q376_name.h"

#include <stddef.h>

#include "codec/q376/q376_frame.h"

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
        [Q376_AFN_CONFIRM] = { "confirm/deny", "确认/否认" },
        [Q376_AFN_RESET] = { "reset", "复位" },
        [Q376_AFN_LINK] = { "link test", "链路接口检测" },
        [Q376_AFN_RELAY_STATION] = { "relay station", "中继站命令" },
        [Q376_AFN_SET] = { "set parameters", "设置参数" },
        [Q376_AFN_CONTROL] = { "control", "控制命令" },
        [Q376_AFN_AUTHENTICATION] = { "authentication and key agreement", "身份认证及密钥协商" },
        [Q376_AFN_CASCADE] = { "cascaded terminal report", "请求被级联终端主动上报" },
        [Q376_AFN_CONFIGURATION] = { "terminal configuration", "请求终端配置" },
        [Q376_AFN_QUERY] = { "query parameters", "查询参数" },
        [Q376_AFN_TASK] = { "task data", "请求任务数据" },
        [Q376_AFN_CURRENT] = { "class 1 (real-time)", "请求1类数据（实时）" },
        [Q376_AFN_HISTORY] = { "class 2 (history)", "请求2类数据（历史）" },
        [Q376_AFN_EVENT] = { "class 3 (events)", "请求3类数据（事件）" },
        [Q376_AFN_FILE] = { "file transfer", "文件传输" },
        [Q376_AFN_FORWARD] = { "data forwarding", "数据转发" },
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
        [Q376_PROTOCOL_130] = { "Q/GDW 130-2005", "Q/GDW 130-2005" },
        [Q376_PROTOCOL_376] = { "Q/GDW 376.1 / 1376.1", "Q/GDW 376.1 / 1376.1" },
    };
    return name_at(names, COUNT(names), protocol, reserved);
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
