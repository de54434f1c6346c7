/* Identifiers of control code 03H, the prepayment extension of the State Grid (07xxxxxx). Ciphertexts, keys and MACs
 * come from the utility's key machine and the meter's ESAM; nobody between them can read or make them, so they are
 * bytes. */
#include "codec/dlt645/dlt645_table.h"

#define CLOSED(size, english, chinese) DLT645_NAMED(OTHER, NONE, BYTES, size, 0, english, chinese)
#define MAC(english) CLOSED(4, english, english)
#define CUSTOMER DLT645_NAMED(CUSTOMER_NUMBER, NONE, DIGITS, 6, 0, "Customer number", "客户编号")

static const struct dlt645_field authentication[] = {
    CLOSED(8, "Ciphertext", "密文"),
    CLOSED(8, "Random number 1", "随机数1"),
    CLOSED(8, "Diversification factor", "分散因子"),
};
static const struct dlt645_field authentication_answer[] = {
    CLOSED(4, "Random number 2", "随机数2"),
    CLOSED(8, "ESAM serial number", "ESAM 序列号"),
};
static const struct dlt645_field validity[] = {
    CLOSED(2, "Validity of the authentication", "身份认证有效时长"),
    MAC("MAC"),
};
static const struct dlt645_field recharge[] = {
    DLT645_NAMED(PURCHASE_AMOUNT, NONE, BYTES, 4, 0, "Purchase amount", "购电金额"),
    DLT645_NAMED(PURCHASE_COUNT, NONE, BYTES, 4, 0, "Purchase count", "购电次数"),
    MAC("MAC1"),
    CUSTOMER,
    MAC("MAC2"),
};
/* Export meters of one maker: money in binary hundredths, an order number, no customer number. */
static const struct dlt645_field export_recharge[] = {
    DLT645_NAMED(PURCHASE_AMOUNT, NONE, BINARY, 4, -2, "Purchase amount", "购电金额"),
    CLOSED(8, "Order number", "订单号"),
    MAC("MAC1"),
    DLT645_NAMED(ADDRESS, NONE, DIGITS, 6, 0, "Address", "通信地址"),
    MAC("MAC2"),
};
static const struct dlt645_field file[] = { CLOSED(8, "File descriptor", "文件描述") };
static const struct dlt645_field status[] = {
    DLT645_NAMED(BALANCE, NONE, BYTES, 4, 0, "Remaining money", "剩余金额"),
    MAC("MAC of the remaining money"),
    DLT645_NAMED(PURCHASE_COUNT, NONE, BYTES, 4, 0, "Purchase count", "购电次数"),
    MAC("MAC of the purchase count"),
    CUSTOMER,
    CLOSED(4, "Key information", "密钥信息"),
};

static const struct dlt645_record authentication_record = DLT645_RECORD(authentication);
static const struct dlt645_record authentication_answer_record = DLT645_RECORD(authentication_answer);
static const struct dlt645_record validity_record = DLT645_RECORD(validity);
static const struct dlt645_record recharge_record = DLT645_RECORD(recharge);
static const struct dlt645_record export_recharge_record = DLT645_RECORD(export_recharge);
static const struct dlt645_record file_record = DLT645_RECORD(file);
static const struct dlt645_record status_record = DLT645_RECORD(status);
static const struct dlt645_record bytes_record = { NULL, 0, 0, DLT645_AXIS_NONE };

#define ROW(identifier, record, english, chinese) \
    { \
        identifier, DLT645_FIXED, DLT645_FIXED, DLT645_NO_FIELD, &record, english, chinese \
    }

static const struct dlt645_row request_rows[] = {
    ROW(0x070000ff, authentication_record, "Identity authentication", "身份认证"),
    ROW(0x070001ff, validity_record, "Set the validity of the authentication", "身份认证时效设置"),
    ROW(0x070002ff, bytes_record, "Invalidate the authentication", "身份认证失效"),
    ROW(0x070101ff, recharge_record, "Open an account", "开户"),
    ROW(0x070102ff, recharge_record, "Recharge", "充值"),
    ROW(0x070103ff, recharge_record, "Take back what remains", "剩余金额清退"),
    ROW(0x070104ff, bytes_record, "Maker's prepayment parameters", "厂家预付费参数块"),
    ROW(0x070108ff, export_recharge_record, "Refund of a maker", "厂家退费"),
    ROW(0x070201ff, bytes_record, "Update the parameter key", "参数更新密钥更新"),
    ROW(0x070202ff, bytes_record, "Update the control key", "控制命令密钥更新"),
    ROW(0x070203ff, bytes_record, "Update the identity key", "远程身份认证密钥更新"),
    ROW(0x078001ff, file_record, "Read back an ESAM file", "数据回抄"),
    ROW(0x078102ff, bytes_record, "Status query", "状态查询"),
};

static const struct dlt645_row answer_rows[] = {
    ROW(0x070000ff, authentication_answer_record, "Identity authentication", "身份认证"),
    ROW(0x070001ff, bytes_record, "Set the validity of the authentication", "身份认证时效设置"),
    ROW(0x070002ff, bytes_record, "Invalidate the authentication", "身份认证失效"),
    ROW(0x070101ff, bytes_record, "Open an account", "开户"),
    ROW(0x070102ff, bytes_record, "Recharge", "充值"),
    ROW(0x070103ff, bytes_record, "Take back what remains", "剩余金额清退"),
    ROW(0x070104ff, bytes_record, "Maker's prepayment parameters", "厂家预付费参数块"),
    ROW(0x070108ff, bytes_record, "Refund of a maker", "厂家退费"),
    ROW(0x070201ff, bytes_record, "Update the parameter key", "参数更新密钥更新"),
    ROW(0x070202ff, bytes_record, "Update the control key", "控制命令密钥更新"),
    ROW(0x070203ff, bytes_record, "Update the identity key", "远程身份认证密钥更新"),
    ROW(0x078001ff, file_record, "Read back an ESAM file", "数据回抄"),
    ROW(0x078102ff, status_record, "Status query", "状态查询"),
};

static const char clause[] = "DL/T 645-2007 prepayment extension";

const struct dlt645_table dlt645_security_table = DLT645_TABLE(request_rows, clause);
const struct dlt645_table dlt645_security_answer_table = DLT645_TABLE(answer_rows, clause);

/* Requests that a maker gave another form, told by the number of bytes behind the operator code. */
static const struct {
    uint32_t identifier;
    size_t size;
    const struct dlt645_record *record;
} variants[] = {
    { 0x070102ff, 26, &export_recharge_record },
};

const struct dlt645_record *dlt645_security_variant(uint32_t identifier, size_t size)
{
    for (size_t i = 0; i < DLT645_COUNT_OF(variants); i++)
        if (variants[i].identifier == identifier && variants[i].size == size)
            return variants[i].record;
    return NULL;
}
