#include "codec/lwm2m/lwm2m_object.h"

#include <stddef.h>

#define R LWM2M_READ
#define W LWM2M_WRITE
#define RW (LWM2M_READ | LWM2M_WRITE)
#define E LWM2M_EXECUTE
#define STRING LWM2M_TYPE_STRING
#define INTEGER LWM2M_TYPE_INTEGER
#define FLOAT LWM2M_TYPE_FLOAT
#define BOOLEAN LWM2M_TYPE_BOOLEAN
#define OPAQUE LWM2M_TYPE_OPAQUE
#define TIME LWM2M_TYPE_TIME
#define LINK LWM2M_TYPE_LINK
#define NONE LWM2M_TYPE_NONE

static const struct lwm2m_object_info objects[] = {
    { 0, "LWM2M Security", "安全", "OMA LwM2M Core 1.1 E.1" },
    { 1, "LwM2M Server", "服务器", "OMA LwM2M Core 1.1 E.2" },
    { 2, "LwM2M Access Control", "访问控制", "OMA LwM2M Core 1.1 E.3" },
    { 3, "Device", "设备", "OMA LwM2M Core 1.1 E.4" },
    { 4, "Connectivity Monitoring", "连接监测", "OMA LwM2M Core 1.1 E.5" },
    { 5, "Firmware Update", "固件升级", "OMA LwM2M Core 1.1 E.6" },
    { 6, "Location", "位置", "OMA LwM2M Core 1.1 E.7" },
    { 7, "Connectivity Statistics", "连接统计", "OMA LwM2M Core 1.1 E.8" },
    { 9, "LWM2M Software Management", "软件管理", "OMA object 9" },
    { 10, "Cellular Connectivity", "蜂窝连接", "OMA object 10" },
    { 11, "APN Connection Profile", "APN 连接配置", "OMA object 11" },
    { 16, "Portfolio", "档案", "OMA object 16" },
    { 19, "BinaryAppDataContainer", "二进制应用数据", "OMA object 19" },
    { 20, "Event Log", "事件日志", "OMA object 20" },
    { 21, "OSCORE", "对象安全", "OMA LwM2M Core 1.1 E.9" },
    { 3303, "Temperature", "温度", "IPSO object 3303" },
    { 3411, "Battery", "电池", "uCIFI object 3411" },
    { 3424, "Water meter", "水表", "uCIFI object 3424" },
    { 3425, "Irrigation valve", "灌溉阀门", "uCIFI object 3425" },
    { 10256, "ECID-Signal Measurement Information", "小区信号测量", "OMA registry 10256" },
    { 33424, "Prepaid water meter", "预付费水表", "profile 33424" },
};

static const struct lwm2m_resource_info resources[] = {
    { 0, 0, "LWM2M Server URI", "服务器地址", "", STRING, 0 },
    { 0, 1, "Bootstrap-Server", "引导服务器", "", BOOLEAN, 0 },
    { 0, 2, "Security Mode", "安全模式", "", INTEGER, 0 },
    { 0, 3, "Public Key or Identity", "公钥或标识", "", OPAQUE, 0 },
    { 0, 4, "Server Public Key", "服务器公钥", "", OPAQUE, 0 },
    { 0, 5, "Secret Key", "密钥", "", OPAQUE, 0 },
    { 0, 10, "Short Server ID", "服务器短号", "", INTEGER, 0 },
    { 0, 11, "Client Hold Off Time", "客户端等待时间", "s", INTEGER, 0 },
    { 1, 0, "Short Server ID", "服务器短号", "", INTEGER, R },
    { 1, 1, "Lifetime", "注册有效期", "s", INTEGER, RW },
    { 1, 2, "Default Minimum Period", "默认最小周期", "s", INTEGER, RW },
    { 1, 3, "Default Maximum Period", "默认最大周期", "s", INTEGER, RW },
    { 1, 4, "Disable", "停用", "", NONE, E },
    { 1, 5, "Disable Timeout", "停用时长", "s", INTEGER, RW },
    { 1, 6, "Notification Storing", "离线保存通知", "", BOOLEAN, RW },
    { 1, 7, "Binding", "绑定方式", "", STRING, RW },
    { 1, 8, "Registration Update Trigger", "触发注册更新", "", NONE, E },
    { 1, 9, "Bootstrap-Request Trigger", "触发引导请求", "", NONE, E },
    { 1, 22, "Preferred Transport", "首选传输", "", STRING, RW },
    { 1, 23, "Mute Send", "禁止主动发送", "", BOOLEAN, RW },
    { 2, 0, "Object ID", "对象号", "", INTEGER, R },
    { 2, 1, "Object Instance ID", "对象实例号", "", INTEGER, R },
    { 2, 2, "ACL", "访问权限", "", INTEGER, RW },
    { 2, 3, "Access Control Owner", "权限拥有者", "", INTEGER, RW },
    { 3, 0, "Manufacturer", "厂商", "", STRING, R },
    { 3, 1, "Model Number", "型号", "", STRING, R },
    { 3, 2, "Serial Number", "序列号", "", STRING, R },
    { 3, 3, "Firmware Version", "固件版本", "", STRING, R },
    { 3, 4, "Reboot", "重启", "", NONE, E },
    { 3, 5, "Factory Reset", "恢复出厂", "", NONE, E },
    { 3, 6, "Available Power Sources", "可用电源", "", INTEGER, R },
    { 3, 7, "Power Source Voltage", "电源电压", "mV", INTEGER, R },
    { 3, 8, "Power Source Current", "电源电流", "mA", INTEGER, R },
    { 3, 9, "Battery Level", "电池电量", "%", INTEGER, R },
    { 3, 10, "Memory Free", "剩余内存", "KiB", INTEGER, R },
    { 3, 11, "Error Code", "错误代码", "", INTEGER, R },
    { 3, 12, "Reset Error Code", "清除错误", "", NONE, E },
    { 3, 13, "Current Time", "当前时间", "s", TIME, RW },
    { 3, 14, "UTC Offset", "时区偏移", "", STRING, RW },
    { 3, 15, "Timezone", "时区", "", STRING, RW },
    { 3, 16, "Supported Binding and Modes", "支持的绑定方式", "", STRING, R },
    { 3, 17, "Device Type", "设备类型", "", STRING, R },
    { 3, 18, "Hardware Version", "硬件版本", "", STRING, R },
    { 3, 19, "Software Version", "软件版本", "", STRING, R },
    { 3, 20, "Battery Status", "电池状态", "", INTEGER, R },
    { 3, 21, "Memory Total", "总内存", "KiB", INTEGER, R },
    { 3, 22, "ExtDevInfo", "扩展设备信息", "", LINK, R },
    { 4, 0, "Network Bearer", "网络承载", "", INTEGER, R },
    { 4, 1, "Available Network Bearer", "可用网络承载", "", INTEGER, R },
    { 4, 2, "Radio Signal Strength", "信号强度 (RSRP)", "dBm", INTEGER, R },
    { 4, 3, "Link Quality", "链路质量", "", INTEGER, R },
    { 4, 4, "IP Addresses", "IP 地址", "", STRING, R },
    { 4, 5, "Router IP Addresses", "路由器 IP 地址", "", STRING, R },
    { 4, 6, "Link Utilization", "链路利用率", "%", INTEGER, R },
    { 4, 7, "APN", "接入点", "", STRING, R },
    { 4, 8, "Cell ID", "小区号", "", INTEGER, R },
    { 4, 9, "SMNC", "移动网号", "", INTEGER, R },
    { 4, 10, "SMCC", "移动国家码", "", INTEGER, R },
    { 4, 11, "SignalSNR", "信噪比", "dB", INTEGER, R },
    { 4, 12, "LAC", "位置区码", "", INTEGER, R },
    { 4, 13, "Coverage Enhancement Level", "覆盖增强等级", "", INTEGER, R },
    { 5, 0, "Package", "升级包", "", OPAQUE, W },
    { 5, 1, "Package URI", "升级包地址", "", STRING, RW },
    { 5, 2, "Update", "执行升级", "", NONE, E },
    { 5, 3, "State", "升级状态", "", INTEGER, R },
    { 5, 5, "Update Result", "升级结果", "", INTEGER, R },
    { 5, 6, "PkgName", "包名", "", STRING, R },
    { 5, 7, "PkgVersion", "包版本", "", STRING, R },
    { 5, 8, "Firmware Update Protocol Support", "支持的下载协议", "", INTEGER, R },
    { 5, 9, "Firmware Update Delivery Method", "下发方式", "", INTEGER, R },
    { 5, 10, "Cancel", "取消升级", "", NONE, E },
    { 5, 11, "Severity", "严重程度", "", INTEGER, RW },
    { 5, 12, "Last State Change Time", "状态变更时间", "s", TIME, R },
    { 5, 13, "Maximum Defer Period", "最长推迟时间", "s", INTEGER, RW },
    { 6, 0, "Latitude", "纬度", "lat", FLOAT, R },
    { 6, 1, "Longitude", "经度", "lon", FLOAT, R },
    { 6, 2, "Altitude", "海拔", "m", FLOAT, R },
    { 6, 3, "Radius", "误差半径", "m", FLOAT, R },
    { 6, 5, "Timestamp", "时间戳", "s", TIME, R },
    { 6, 6, "Speed", "速度", "m/s", FLOAT, R },
    { 7, 0, "SMS Tx Counter", "短信发送数", "", INTEGER, R },
    { 7, 1, "SMS Rx Counter", "短信接收数", "", INTEGER, R },
    { 7, 2, "Tx Data", "发送数据量", "KiB", INTEGER, R },
    { 7, 3, "Rx Data", "接收数据量", "KiB", INTEGER, R },
    { 7, 4, "Max Message Size", "最大报文", "B", INTEGER, R },
    { 7, 5, "Average Message Size", "平均报文", "B", INTEGER, R },
    { 7, 6, "Start", "开始统计", "", NONE, E },
    { 7, 7, "Stop", "停止统计", "", NONE, E },
    { 7, 8, "Collection Period", "统计周期", "s", INTEGER, RW },
    { 10, 4, "PSM Timer", "PSM 定时器 (T3412)", "s", INTEGER, RW },
    { 10, 5, "Active Timer", "活动定时器 (T3324)", "s", INTEGER, RW },
    { 10, 9, "eDRX parameters for NB-S1 mode", "NB-S1 eDRX 参数", "", OPAQUE, RW },
    { 10, 12, "Power Saving Modes", "支持的省电模式", "", INTEGER, R },
    { 10, 13, "Active Power Saving Modes", "启用的省电模式", "", INTEGER, RW },
    { 10, 14, "Release Assistance Indication Usage", "释放辅助指示", "", INTEGER, RW },
    { 19, 0, "Data", "数据", "", OPAQUE, RW },
    { 19, 1, "Data Priority", "优先级", "", INTEGER, RW },
    { 19, 2, "Data Creation Time", "创建时间", "s", TIME, RW },
    { 19, 3, "Data Description", "说明", "", STRING, RW },
    { 19, 4, "Data Format", "数据格式", "", STRING, RW },
    { 19, 5, "App ID", "应用号", "", INTEGER, RW },
    { 3411, 1, "Battery Level", "电池电量", "%", INTEGER, R },
    { 3411, 2, "Battery Capacity", "电池容量", "Ah", FLOAT, RW },
    { 3411, 3, "Battery Voltage", "电池电压", "V", FLOAT, R },
    { 3411, 4, "Type of Battery", "电池类型", "", STRING, RW },
    { 3411, 5, "Low Battery Threshold", "低电量阈值", "%", INTEGER, RW },
    { 3411, 6, "Battery Level Too Low", "电量过低", "", BOOLEAN, R },
    { 3424, 1, "Cumulated Water Volume", "累计用水量", "m3", FLOAT, R },
    { 3424, 2, "Cumulated Meter Value Reset", "累计量清零", "", NONE, E },
    { 3424, 3, "Type of Meter", "水表类型", "", STRING, RW },
    { 3424, 4, "Cumulated Pulse Value", "累计脉冲数", "", INTEGER, R },
    { 3424, 5, "Cumulated Pulse Value Reset", "脉冲数清零", "", NONE, E },
    { 3424, 6, "Pulse Ratio", "脉冲当量", "", INTEGER, RW },
    { 3424, 7, "Minimum Flow Rate", "最小流量", "m3/s", FLOAT, R },
    { 3424, 8, "Maximum Flow Rate", "最大流量", "m3/s", FLOAT, R },
    { 3424, 9, "Leak Suspected", "疑似漏水", "", BOOLEAN, R },
    { 3424, 10, "Leak Detected", "检测到漏水", "", BOOLEAN, R },
    { 3424, 11, "Back Flow Detected", "检测到倒流", "", BOOLEAN, R },
    { 3424, 12, "Blocked Meter", "水表卡滞", "", BOOLEAN, R },
    { 3424, 13, "Fraud Detected", "检测到窃水", "", BOOLEAN, R },
    { 3424, 5518, "Timestamp", "时间戳", "s", TIME, R },
    { 10256, 0, "physCellId", "物理小区号 (PCI)", "", INTEGER, R },
    { 10256, 1, "ECGI", "全球小区号", "", INTEGER, R },
    { 10256, 2, "arfcnEUTRA", "频点 (EARFCN)", "", INTEGER, R },
    { 10256, 3, "rsrp-Result", "RSRP 测量值", "", INTEGER, R },
    { 10256, 4, "rsrq-Result", "RSRQ 测量值", "", INTEGER, R },
    { 33424, 0, "Meter address", "表号", "", STRING, R },
    { 33424, 1, "Remaining amount", "剩余金额", "yuan", FLOAT, R },
    { 33424, 2, "Low-balance alarm", "低余额报警值", "yuan", FLOAT, RW },
    { 33424, 3, "Overdraft limit", "透支限额", "yuan", FLOAT, RW },
    { 33424, 4, "Valve state", "阀门状态", "", INTEGER, R },
    { 33424, 5, "Valve command", "阀门控制", "", NONE, E },
    { 33424, 6, "Recharge", "充值", "", NONE, E },
    { 33424, 7, "Last recharge serial", "最近充值流水号", "", INTEGER, R },
    { 33424, 8, "Midnight readings", "近 7 日零点读数", "", OPAQUE, R },
    { 33424, 9, "Midnight of the newest reading", "最新冻结零点", "s", TIME, R },
    { 33424, 10, "Alarm bits", "报警位", "", INTEGER, R },
    { 33424, 11, "Report period", "上报周期", "s", INTEGER, RW },
    { 33424, 12, "Report time", "上报时刻", "s", INTEGER, RW },
    { 33424, 13, "Stagger factor", "错峰系数", "s", INTEGER, RW },
    { 33424, 14, "Price steps", "阶梯水价", "", OPAQUE, RW },
    { 33424, 15, "Over-flow limit", "过流限值", "m3/h", FLOAT, RW },
    { 33424, 16, "Leak limit", "漏水限值", "L/h", FLOAT, RW },
    { 33424, 17, "Leak time", "漏水判定时间", "min", INTEGER, RW },
    { 33424, 18, "EARFCN", "频点 (EARFCN)", "", INTEGER, R },
    { 33424, 19, "PCI", "物理小区号 (PCI)", "", INTEGER, R },
    { 33424, 20, "Clock", "时钟", "s", TIME, RW },
    { 33424, 21, "Registers at regular instants", "等间隔读数", "", OPAQUE, R },
};

const struct lwm2m_object_info *lwm2m_object_info(uint16_t object)
{
    for (size_t i = 0; i < sizeof objects / sizeof objects[0]; i++)
        if (objects[i].object == object)
            return &objects[i];
    return NULL;
}

const struct lwm2m_resource_info *lwm2m_resource_info(uint16_t object, uint16_t resource)
{
    for (size_t i = 0; i < sizeof resources / sizeof resources[0]; i++)
        if (resources[i].object == object && resources[i].resource == resource)
            return &resources[i];
    return NULL;
}

const struct lwm2m_resource_info *lwm2m_path_info(struct lwm2m_path path)
{
    return path.depth < 3 ? NULL : lwm2m_resource_info(path.ids[0], path.ids[2]);
}

const char *lwm2m_type_name(enum lwm2m_type type)
{
    static const char *const names[] = { "none", "string", "integer", "float", "boolean", "opaque", "time", "link" };
    return (unsigned)type < sizeof names / sizeof names[0] ? names[type] : "unknown";
}
