/* Why bytes were not believed, or could not be written: one list for all decoders and encoders of this room. */
#ifndef CODEC_CODEC_ERROR_H
#define CODEC_CODEC_ERROR_H

#define CODEC_ERRORS(ROW) \
    ROW(CODEC_ERR_SHORT, -1, "message ends too early", "报文提前结束") \
    ROW(CODEC_ERR_VERSION, -2, "protocol version is not supported", "协议版本不支持") \
    ROW(CODEC_ERR_FORMAT, -3, "bytes break the format", "字节不符合格式") \
    ROW(CODEC_ERR_RESERVED, -4, "a reserved value is used", "使用了保留值") \
    ROW(CODEC_ERR_TRAILING, -5, "bytes follow the end of the message", "报文结束后仍有多余字节") \
    ROW(CODEC_ERR_RANGE, -6, "value is outside the permitted range", "数值超出允许范围") \
    ROW(CODEC_ERR_TYPE, -7, "value is of another type", "数值类型不符") \
    ROW(CODEC_ERR_DEPTH, -8, "nested too deeply", "嵌套过深") \
    ROW(CODEC_ERR_TOO_LONG, -9, "name or text is longer than the limit", "名称或文本超过长度上限") \
    ROW(CODEC_ERR_FULL, -10, "no room left in the buffer", "缓冲区空间不足") \
    ROW(CODEC_ERR_DUPLICATE, -11, "the same item appears twice", "同一项目重复出现") \
    ROW(CODEC_ERR_MISSING, -12, "a required item is missing", "缺少必需的项目") \
    ROW(CODEC_ERR_UNKNOWN, -13, "an item that must be understood is unknown", "出现必须理解但未知的项目") \
    ROW(CODEC_ERR_UNSUPPORTED, -14, "this format is not supported", "不支持此格式") \
    ROW(CODEC_ERR_ORDER, -15, "items are not in ascending order", "项目未按升序排列") \
    ROW(CODEC_ERR_EMPTY, -16, "nothing there", "没有内容") \
    ROW(CODEC_ERR_CHECKSUM, -17, "check sum is wrong", "校验和错误") \
    ROW(CODEC_ERR_KEY, -18, "key is wrong or the message was changed", "密钥错误或报文被改动")

#define CODEC_ERROR_ENUM(name, value, text, chinese) name = (value),
enum codec_error { CODEC_ERRORS(CODEC_ERROR_ENUM) };
#undef CODEC_ERROR_ENUM

/* Text for one of CODEC_ERR_*; "unknown error" for any other number. Never NULL, static lifetime. */
const char *codec_error_text(int error);

/* The same in Chinese, UTF-8. */
const char *codec_error_text_chinese(int error);

#endif
