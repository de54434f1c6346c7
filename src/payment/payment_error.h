/* Why a message of a payment channel was not believed, or one for it could not be made. */
#ifndef PAYMENT_PAYMENT_ERROR_H
#define PAYMENT_PAYMENT_ERROR_H

#include "base/error_info.h"

#define PAYMENT_ERRORS(ROW) \
    ROW(PAYMENT_ERR_KEY, -2701, 500, "channel_key", "", "A key or certificate of the channel cannot be read", \
        "支付渠道的密钥或证书无法读取") \
    ROW(PAYMENT_ERR_SETTING, -2702, 500, "channel_setting", "", "A setting of the channel is missing or malformed", \
        "支付渠道缺少配置或配置格式不对") \
    ROW(PAYMENT_ERR_SCENE, -2703, 422, "scene", "scene", "The channel does not offer this way of paying", \
        "该支付渠道不支持这种支付方式") \
    ROW(PAYMENT_ERR_UNSUPPORTED, -2704, 422, "channel_operation", "", "The channel has no such operation", \
        "该支付渠道没有此操作") \
    ROW(PAYMENT_ERR_VALUE, -2705, 422, "order_value", "", "A value of the order is not what the channel accepts", \
        "订单内容不符合支付渠道的要求") \
    ROW(PAYMENT_ERR_LONG, -2706, 422, "order_long", "", "The message for the channel is too long", "发往支付渠道的内容过长") \
    ROW(PAYMENT_ERR_SIGNATURE, -2710, 401, "signature", "", "The signature is not that of the channel", \
        "签名不是该支付渠道的签名") \
    ROW(PAYMENT_ERR_SIGNER, -2711, 401, "signer", "", "The signing key or certificate is not known", \
        "签名所用的密钥或证书未知") \
    ROW(PAYMENT_ERR_TIME, -2712, 401, "signature_time", "", "The message is older or newer than five minutes", \
        "消息时间与当前时间相差超过五分钟") \
    ROW(PAYMENT_ERR_CIPHER, -2713, 400, "cipher", "", "The encrypted part cannot be opened", "加密内容无法解开") \
    ROW(PAYMENT_ERR_FORM, -2714, 400, "channel_message", "", "The message is not of the channel's form", \
        "消息不符合支付渠道的格式") \
    ROW(PAYMENT_ERR_FOREIGN, -2715, 409, "merchant", "", "The message is about another merchant or application", \
        "消息属于其他商户或应用") \
    ROW(PAYMENT_ERR_CURRENCY, -2716, 422, "currency", "", "The currency is not CNY", "币种不是人民币") \
    ROW(PAYMENT_ERR_AMOUNT, -2717, 422, "channel_amount", "", "The amount is not a positive number of fen", \
        "金额不是正的分数") \
    ROW(PAYMENT_ERR_REFUSED, -2718, 409, "channel_refused", "", "The channel refused", "支付渠道拒绝了请求") \
    ROW(PAYMENT_ERR_UNAVAILABLE, -2719, 503, "channel_unavailable", "", \
        "The channel does not answer; what became of the request is not known", "支付渠道没有答复, 结果未知") \
    ROW(PAYMENT_ERR_HASH, -2720, 502, "bill_hash", "", "The bill file is not the one the channel announced", \
        "对账单与渠道公布的摘要不符") \
    ROW(PAYMENT_ERR_BILL, -2721, 502, "bill_form", "", "The bill file is incomplete or not of the channel's form", \
        "对账单不完整或格式不对") \
    ROW(PAYMENT_ERR_RATE, -2723, 429, "channel_rate", "", "Too many callbacks at once; send it again later", \
        "回调过于频繁, 请稍后重发") \
    ROW(PAYMENT_ERR_MEMORY, -2722, 503, "payment_memory", "", "Out of memory", "内存不足")

enum payment_error { PAYMENT_ERRORS(ERROR_INFO_ENUM) };

/* The row of one of PAYMENT_ERR_*; NULL for any other number. Static lifetime. */
const struct error_info *payment_error_info(int error);

/* English text of one of PAYMENT_ERR_*; "unknown payment error" for any other number. */
const char *payment_error_text(int error);

#endif
