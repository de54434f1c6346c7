#include "codec/mbus/mbus_message.h"

#define STATUS_APPLICATION 0x03u
#define STATUS_MANUFACTURER 0xe0u

static const char *const application_errors[][2] = {
    { "unspecified error", "未说明的错误" },
    { "unimplemented CI field", "未实现的 CI 域" },
    { "buffer too long, truncated", "缓冲区过长，已截断" },
    { "too many records", "记录过多" },
    { "premature end of record", "记录提前结束" },
    { "more than 10 DIFEs", "DIFE 超过10个" },
    { "more than 10 VIFEs", "VIFE 超过10个" },
    { "reserved", "保留" },
    { "application too busy", "应用层忙" },
    { "too many readouts", "抄读过于频繁" },
};

const char *mbus_application_error_text(uint8_t code, bool is_chinese)
{
    size_t count = sizeof application_errors / sizeof application_errors[0];
    return application_errors[code < count ? code : 7][is_chinese];
}

static const char *const application_states[][2] = {
    { "", "" },
    { "application busy", "应用层忙" },
    { "application error", "应用层错误" },
    { "abnormal condition or alarm", "异常或报警" },
};

static const struct {
    uint8_t bit;
    const char *text;
    const char *chinese;
} status_bits[] = {
    { 0x04, "low power", "电量低" },
    { 0x08, "permanent error", "永久性错误" },
    { 0x10, "temporary error", "暂时性错误" },
};

static void part_write(struct writer *out, size_t start, const char *text, bool is_chinese)
{
    if (out->size > start)
        writer_text(out, is_chinese ? "，" : ", ");
    writer_text(out, text);
}

void mbus_status_write(uint8_t status, bool is_chinese, struct writer *out)
{
    size_t start = out->size;

    if (status == 0)
        writer_text(out, is_chinese ? "无错误" : "no error");
    if ((status & STATUS_APPLICATION) != 0)
        part_write(out, start, application_states[status & STATUS_APPLICATION][is_chinese], is_chinese);
    for (size_t i = 0; i < sizeof status_bits / sizeof status_bits[0]; i++)
        if ((status & status_bits[i].bit) != 0)
            part_write(out, start, is_chinese ? status_bits[i].chinese : status_bits[i].text, is_chinese);
    if ((status & STATUS_MANUFACTURER) != 0) {
        part_write(out, start, is_chinese ? "厂商自定义 " : "manufacturer ", is_chinese);
        writer_format(out, "%02XH", status & STATUS_MANUFACTURER);
    }
}
