#include "codec/wmbus/wmbus_ci.h"

#define TRANSPORT WMBUS_LAYER_TRANSPORT
#define NONE WMBUS_HEADER_NONE
#define SHORT WMBUS_HEADER_SHORT
#define LONG WMBUS_HEADER_LONG
#define BYTES WMBUS_CONTENT_BYTES
#define RECORDS WMBUS_CONTENT_RECORDS
#define COMPACT WMBUS_CONTENT_COMPACT
#define FORMAT WMBUS_CONTENT_FORMAT
#define ERROR WMBUS_CONTENT_ERROR
#define ALARM WMBUS_CONTENT_ALARM
#define EMPTY WMBUS_CONTENT_EMPTY

/* Ascending and disjoint: the search halves it. */
static const struct wmbus_ci table[] = {
    { 0x00, 0x1f, TRANSPORT, NONE, BYTES, false, "DLMS", "DLMS" },
    { 0x50, 0x50, TRANSPORT, NONE, BYTES, true, "application reset", "应用复位" },
    { 0x51, 0x51, TRANSPORT, NONE, RECORDS, true, "command, no header", "命令，无头部" },
    { 0x52, 0x52, TRANSPORT, NONE, BYTES, true, "selection of device", "选择设备" },
    { 0x53, 0x53, TRANSPORT, LONG, BYTES, true, "application reset, long header", "应用复位，长头部" },
    { 0x54, 0x54, TRANSPORT, NONE, BYTES, true, "synchronise", "同步" },
    { 0x5a, 0x5a, TRANSPORT, SHORT, RECORDS, true, "command, short header", "命令，短头部" },
    { 0x5b, 0x5b, TRANSPORT, LONG, RECORDS, true, "command, long header", "命令，长头部" },
    { 0x5c, 0x5c, TRANSPORT, NONE, BYTES, true, "synchronise", "同步" },
    { 0x60, 0x60, TRANSPORT, LONG, BYTES, true, "DLMS to device, long header", "DLMS 下行，长头部" },
    { 0x61, 0x61, TRANSPORT, SHORT, BYTES, true, "DLMS to device, short header", "DLMS 下行，短头部" },
    { 0x64, 0x64, TRANSPORT, LONG, BYTES, true, "OBIS to device, long header", "OBIS 下行，长头部" },
    { 0x65, 0x65, TRANSPORT, SHORT, BYTES, true, "OBIS to device, short header", "OBIS 下行，短头部" },
    { 0x69, 0x69, TRANSPORT, NONE, FORMAT, false, "format frame, no header", "格式帧，无头部" },
    { 0x6a, 0x6a, TRANSPORT, SHORT, FORMAT, false, "format frame, short header", "格式帧，短头部" },
    { 0x6b, 0x6b, TRANSPORT, LONG, FORMAT, false, "format frame, long header", "格式帧，长头部" },
    { 0x6c, 0x6c, TRANSPORT, LONG, BYTES, true, "set clock, absolute", "对时，绝对时间" },
    { 0x6d, 0x6d, TRANSPORT, LONG, BYTES, true, "set clock, relative", "对时，相对时间" },
    { 0x6e, 0x6e, TRANSPORT, SHORT, ERROR, false, "application error, short header", "应用错误，短头部" },
    { 0x6f, 0x6f, TRANSPORT, LONG, ERROR, false, "application error, long header", "应用错误，长头部" },
    { 0x70, 0x70, TRANSPORT, NONE, ERROR, false, "application error, no header", "应用错误，无头部" },
    { 0x71, 0x71, TRANSPORT, NONE, ALARM, false, "alarm, no header", "报警，无头部" },
    { 0x72, 0x72, TRANSPORT, LONG, RECORDS, false, "response, long header", "数据，长头部" },
    { 0x73, 0x73, TRANSPORT, LONG, COMPACT, false, "compact frame, long header", "紧凑帧，长头部" },
    { 0x74, 0x74, TRANSPORT, SHORT, ALARM, false, "alarm, short header", "报警，短头部" },
    { 0x75, 0x75, TRANSPORT, LONG, ALARM, false, "alarm, long header", "报警，长头部" },
    { 0x78, 0x78, TRANSPORT, NONE, RECORDS, false, "response, no header", "数据，无头部" },
    { 0x79, 0x79, TRANSPORT, NONE, COMPACT, false, "compact frame, no header", "紧凑帧，无头部" },
    { 0x7a, 0x7a, TRANSPORT, SHORT, RECORDS, false, "response, short header", "数据，短头部" },
    { 0x7b, 0x7b, TRANSPORT, SHORT, COMPACT, false, "compact frame, short header", "紧凑帧，短头部" },
    { 0x7c, 0x7c, TRANSPORT, LONG, BYTES, false, "DLMS, long header", "DLMS，长头部" },
    { 0x7d, 0x7d, TRANSPORT, SHORT, BYTES, false, "DLMS, short header", "DLMS，短头部" },
    { 0x7e, 0x7e, TRANSPORT, LONG, BYTES, false, "OBIS, long header", "OBIS，长头部" },
    { 0x7f, 0x7f, TRANSPORT, SHORT, BYTES, false, "OBIS, short header", "OBIS，短头部" },
    { 0x80, 0x80, TRANSPORT, LONG, EMPTY, true, "transport layer to device, long header", "传输层下行，长头部" },
    { 0x81, 0x81, TRANSPORT, NONE, BYTES, false, "network layer", "网络层" },
    { 0x82, 0x82, TRANSPORT, NONE, BYTES, false, "network management, future use", "网络管理，保留" },
    { 0x83, 0x83, TRANSPORT, NONE, BYTES, false, "network management", "网络管理" },
    { 0x8a, 0x8a, TRANSPORT, SHORT, EMPTY, false, "transport layer, short header", "传输层，短头部" },
    { 0x8b, 0x8b, TRANSPORT, LONG, EMPTY, false, "transport layer, long header", "传输层，长头部" },
    { 0x8c, 0x8c, WMBUS_LAYER_EXTENDED_LINK, NONE, BYTES, false, "extended link layer I", "扩展链路层 I" },
    { 0x8d, 0x8d, WMBUS_LAYER_EXTENDED_LINK, NONE, BYTES, false, "extended link layer II, may be encrypted",
      "扩展链路层 II，可加密" },
    { 0x8e, 0x8e, WMBUS_LAYER_EXTENDED_LINK, NONE, BYTES, false, "extended link layer III, with address",
      "扩展链路层 III，带地址" },
    { 0x8f, 0x8f, WMBUS_LAYER_EXTENDED_LINK, NONE, BYTES, false,
      "extended link layer IV, with address, may be encrypted", "扩展链路层 IV，带地址，可加密" },
    { 0x90, 0x90, WMBUS_LAYER_FRAGMENT, NONE, BYTES, false, "authentication and fragmentation layer", "认证与分段层" },
    { 0xa0, 0xb7, TRANSPORT, NONE, BYTES, false, "manufacturer specific", "厂商自定义" },
    { 0xc0, 0xc0, TRANSPORT, LONG, BYTES, true, "image transfer to device, long header", "固件下发，长头部" },
    { 0xc1, 0xc1, TRANSPORT, SHORT, BYTES, false, "image transfer, short header", "固件应答，短头部" },
    { 0xc2, 0xc2, TRANSPORT, LONG, BYTES, false, "image transfer, long header", "固件应答，长头部" },
    { 0xc3, 0xc3, TRANSPORT, LONG, BYTES, true, "security management to device, long header", "安全管理下发，长头部" },
    { 0xc4, 0xc4, TRANSPORT, SHORT, BYTES, false, "security management, short header", "安全管理应答，短头部" },
    { 0xc5, 0xc5, TRANSPORT, LONG, BYTES, false, "security management, long header", "安全管理应答，长头部" },
    { 0xc6, 0xc7, TRANSPORT, NONE, BYTES, false, "image or security management", "固件或安全管理" },
};

#define ROW_COUNT (sizeof table / sizeof table[0])

static const struct wmbus_ci reserved = { 0, 0, TRANSPORT, NONE, BYTES, false, "reserved", "保留" };

const struct wmbus_ci *wmbus_ci_at(size_t index)
{
    return index < ROW_COUNT ? &table[index] : NULL;
}

const struct wmbus_ci *wmbus_ci_find(uint8_t ci)
{
    size_t low = 0;
    size_t high = ROW_COUNT;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (table[middle].last < ci)
            low = middle + 1;
        else
            high = middle;
    }
    return low < ROW_COUNT && table[low].first <= ci ? &table[low] : &reserved;
}

bool wmbus_ci_is_known(uint8_t ci)
{
    return wmbus_ci_find(ci) != &reserved;
}
