/* Why a message was not put into the outbox. */
#ifndef NOTIFY_NOTIFY_ERROR_H
#define NOTIFY_NOTIFY_ERROR_H

#include "base/error_info.h"

#define NOTIFY_ERRORS(ROW) \
    ROW(NOTIFY_ERR_KIND, -1901, 422, "notice_kind", "kind", "This kind of message is not known", "不认识的消息类型") \
    ROW(NOTIFY_ERR_KEY, -1902, 500, "notice_key", "", "A message needs a key of 1 to 79 characters", \
        "消息需要 1 至 79 个字符的流水号") \
    ROW(NOTIFY_ERR_LONG, -1939, 500, "notice_long", "", "The message does not fit 480 bytes", "消息超过 480 字节") \
    ROW(NOTIFY_ERR_MESSAGE, -1940, 404, "message_unknown", "", "There is no such message within your jurisdiction", \
        "没有这条消息, 或不在您的辖区内") \
    ROW(NOTIFY_ERR_UNDER_WAY, -1941, 409, "message_under_way", "", "This message is on its way already", \
        "这条消息正在发送") \
    ROW(NOTIFY_ERR_CHANNEL, -1942, 409, "message_channel", "channel", "No provider is configured for this channel", \
        "该渠道没有配置服务商") \
    ROW(NOTIFY_ERR_ADDRESS, -1943, 422, "message_address", "address", \
        "This channel cannot reach such an address", "该渠道无法送达这样的地址") \
    ROW(NOTIFY_ERR_TEMPLATE_SIZE, -1944, 422, "template_size", "text", "A template has 1 to 480 bytes of UTF-8", \
        "模板须为 1 至 480 字节的 UTF-8 文本") \
    ROW(NOTIFY_ERR_TEMPLATE_FORM, -1945, 422, "template_form", "text", \
        "A template is one line; every { needs its } around the name of a placeholder", \
        "模板为单行文本, 每个 { 须有配对的 }, 中间为占位符名称") \
    ROW(NOTIFY_ERR_PLACEHOLDER, -1946, 422, "template_placeholder", "text", "A placeholder is not known", \
        "有不认识的占位符") \
    ROW(NOTIFY_ERR_RECIPIENT, -1947, 404, "recipient_unknown", "", \
        "There is no such recipient within your jurisdiction", "没有该接收人, 或不在您的辖区内") \
    ROW(NOTIFY_ERR_ACCOUNT, -1948, 404, "account_unknown", "account_id", \
        "There is no such account within your jurisdiction", "没有该户, 或不在您的辖区内") \
    ROW(NOTIFY_ERR_CONFIGURATION, -1949, 500, "message_configuration", "", \
        "The file of message providers is wrong", "消息服务商配置文件有误") \
    ROW(NOTIFY_ERR_ANSWER, -1950, 502, "provider_answer", "", "The provider's answer is not understood", \
        "无法理解服务商的应答") \
    ROW(NOTIFY_ERR_FRAME, -1951, 502, "provider_frame", "", "The provider's bytes are not of its protocol", \
        "服务商发来的字节不符合协议") \
    ROW(NOTIFY_ERR_NO_TEMPLATE, -1952, 422, "no_template", "", "The provider keeps no words for this kind of notice", \
        "服务商没有这类通知的模板") \
    ROW(NOTIFY_ERR_EVENT_URL, -1953, 422, "webhook_url", "url", \
        "An address begins with https:// and a host; http:// only where messages.json permits private addresses", \
        "地址须以 https:// 和主机名开头; 仅当 messages.json 允许内网地址时可用 http://") \
    ROW(NOTIFY_ERR_EVENT_KINDS, -1954, 422, "webhook_kinds", "kinds", \
        "Kinds of events are names separated by commas: docs/webhooks.md", \
        "事件类型为以英文逗号隔开的名称, 见 docs/webhooks.md") \
    ROW(NOTIFY_ERR_ENDPOINT, -1955, 404, "webhook_unknown", "", \
        "There is no such endpoint within your jurisdiction", "没有这个推送地址, 或不在您的辖区内") \
    ROW(NOTIFY_ERR_ENDPOINT_LIMIT, -1956, 409, "webhook_limit", "", "There are 64 endpoints already", \
        "推送地址已达 64 个")

enum notify_error { NOTIFY_ERRORS(ERROR_INFO_ENUM) };

/* The row of one of NOTIFY_ERR_*; NULL for any other number. Static lifetime. */
const struct error_info *notify_error_info(int error);

/* English text of one of NOTIFY_ERR_*; "unknown notify error" for any other number. */
const char *notify_error_text(int error);

#endif
