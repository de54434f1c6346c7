#include "codec/explain/explain_wmbus_internal.h"
#include "codec/mbus/mbus_message.h"

#define EXTENDED_CLAUSE "EN 13757-4 12.2"
#define FRAGMENT_CLAUSE "EN 13757-7 6"
#define TRANSPORT_CLAUSE "EN 13757-7 7"

/* Bits of a byte with the words for those that are set. */
struct bit_name {
    unsigned mask;
    const char *english;
    const char *chinese;
};

static void bits_write(const struct wmbus_view *view, const struct bit_name *names, size_t count, unsigned value,
                       struct writer *out)
{
    for (size_t i = 0; i < count; i++)
        if ((value & names[i].mask) != 0) {
            writer_text(out, out->size > 0 ? explain_choose(view->sink, ", ", "，") : "");
            writer_text(out, explain_choose(view->sink, names[i].english, names[i].chinese));
        }
}

static const struct bit_name cc_bits[] = {
    { WMBUS_CC_BIDIRECTIONAL, "bidirectional", "双向" },
    { WMBUS_CC_RESPONSE_DELAY, "short response delay", "短应答延时" },
    { WMBUS_CC_SYNCHRONISED, "synchronised", "同步发送" },
    { WMBUS_CC_HOP, "repeated by a repeater", "经中继转发" },
    { WMBUS_CC_PRIORITY, "priority", "优先" },
    { WMBUS_CC_ACCESSIBLE, "accessible", "可访问" },
    { WMBUS_CC_REPEATED, "repeated access", "重复访问" },
    { WMBUS_CC_EXTENDED_DELAY, "extended delay", "延长延时" },
};

static void cc_put(const struct wmbus_view *view, const struct wmbus_extended_link *layer)
{
    static const struct explain_label label = { "cc", "Communication control", "通信控制", EXTENDED_CLAUSE };
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer meaning = writer_of_buffer(text, sizeof text);

    bits_write(view, cc_bits, sizeof cc_bits / sizeof cc_bits[0], layer->control, &meaning);
    wmbus_hex_put(view, span_of_bytes(layer->bytes.bytes + 1, 1), &label, writer_terminate(&meaning));
}

static const char *protection_text(const struct wmbus_view *view, enum wmbus_protection protection)
{
    static const char *const texts[][2] = {
        { "", "" },
        { "decrypted with the key", "已用密钥解密" },
        { "was already decrypted", "收到时已是明文" },
        { "key needed", "需要密钥" },
        { "this method is not supported", "不支持此方法" },
    };
    if (view->is_key_wrong && protection == WMBUS_PROTECTION_KEY_NEEDED)
        return explain_choose(view->sink, "the key does not fit", "密钥不符");
    return explain_choose(view->sink, texts[protection][0], texts[protection][1]);
}

static void payload_crc_put(const struct wmbus_view *view, const struct wmbus_telegram *telegram)
{
    static const struct explain_label crc = { "payload_crc", "Payload CRC", "净荷校验", EXTENDED_CLAUSE };
    static const struct explain_label ok = { "payload_crc_ok", "Payload CRC is right", "净荷校验正确",
                                             EXTENDED_CLAUSE };
    static const struct explain_label ok_after = { "payload_crc_ok_after_decrypt",
                                                   "Payload CRC is right after decryption", "解密后净荷校验正确",
                                                   EXTENDED_CLAUSE };
    struct span bytes = span_of_bytes(telegram->extended_link.body.bytes, WMBUS_SESSION_CRC_SIZE);

    if (telegram->session == WMBUS_PROTECTION_KEY_NEEDED || telegram->session == WMBUS_PROTECTION_UNSUPPORTED)
        return;
    wmbus_hex_put(view, bytes, &crc, NULL);
    wmbus_truth_put(view, bytes, telegram->session == WMBUS_PROTECTION_OPENED ? &ok_after : &ok, true, NULL);
}

static void session_put(const struct wmbus_view *view, const struct wmbus_telegram *telegram)
{
    static const struct explain_label sn = { "sn", "Session number", "会话号", EXTENDED_CLAUSE };
    static const struct explain_label enc = { "enc", "Encryption", "加密方式", EXTENDED_CLAUSE };
    static const struct explain_label minutes = { "session_minutes", "Minute counter", "分钟计数", EXTENDED_CLAUSE };
    static const struct explain_label number = { "session_id", "Session in the minute", "分钟内会话", EXTENDED_CLAUSE };
    const struct wmbus_extended_link *layer = &telegram->extended_link;
    struct span bytes = span_of_bytes(layer->bytes.bytes + layer->bytes.size - 4, 4);
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer meaning = writer_of_buffer(text, sizeof text);

    if (wmbus_session_encryption(layer->session) == WMBUS_SESSION_AES_CTR)
        writer_text(&meaning, explain_choose(view->sink, "AES-128-CTR, ", "AES-128-CTR，"));
    writer_text(&meaning, telegram->session == WMBUS_PROTECTION_NONE ? explain_choose(view->sink, "none", "无")
                                                                     : protection_text(view, telegram->session));
    wmbus_hex_put(view, bytes, &sn, NULL);
    wmbus_number_put(view, bytes, &enc, wmbus_session_encryption(layer->session), writer_terminate(&meaning));
    wmbus_number_put(view, bytes, &minutes, layer->session >> 4 & 0x1ffffffu, NULL);
    wmbus_number_put(view, bytes, &number, layer->session & 15u, NULL);
    payload_crc_put(view, telegram);
}

static void extended_link_put(const struct wmbus_view *view, const struct wmbus_telegram *telegram)
{
    static const struct explain_label label = { "ell", "Extended link layer", "扩展链路层", EXTENDED_CLAUSE };
    static const struct explain_label acc = { "acc", "Access number", "访问序号", EXTENDED_CLAUSE };
    const struct wmbus_extended_link *layer = &telegram->extended_link;
    const struct wmbus_ci *ci = wmbus_ci_find(layer->ci);
    struct wmbus_view inner = wmbus_view_deeper(view);
    const uint8_t *bytes = layer->bytes.bytes;
    char text[4];
    struct writer value = writer_of_buffer(text, sizeof text);

    writer_format(&value, "%02X", layer->ci);
    wmbus_row_put(view, layer->bytes, &label, writer_terminate(&value),
                  explain_choose(view->sink, ci->english, ci->chinese));
    cc_put(&inner, layer);
    wmbus_number_put(&inner, span_of_bytes(bytes + 2, 1), &acc, layer->access_number, NULL);
    if (layer->has_address) {
        struct wmbus_address_place place = { span_of_bytes(bytes + 3, 2), span_of_bytes(bytes + 5, 4),
                                             span_of_bytes(bytes + 9, 1), span_of_bytes(bytes + 10, 1) };
        wmbus_address_put(&inner, &layer->address, &place, false);
    }
    if (layer->has_session)
        session_put(&inner, telegram);
}

static const struct bit_name fragment_bits[] = {
    { WMBUS_FRAGMENT_MORE, "more fragments follow", "后续还有分段" },
    { WMBUS_FRAGMENT_HAS_MESSAGE_CONTROL, "message control", "消息控制" },
    { WMBUS_FRAGMENT_HAS_MESSAGE_LENGTH, "message length", "消息长度" },
    { WMBUS_FRAGMENT_HAS_COUNTER, "message counter", "消息计数器" },
    { WMBUS_FRAGMENT_HAS_MAC, "MAC", "MAC" },
    { WMBUS_FRAGMENT_HAS_KEY_INFORMATION, "key information", "密钥信息" },
};

static const struct explain_label fcl_label = { "fcl", "Fragment control", "分段控制", FRAGMENT_CLAUSE };
static const struct explain_label mcl_label = { "mcl", "Message control", "消息控制", FRAGMENT_CLAUSE };
static const struct explain_label ki_label = { "ki", "Key information", "密钥信息", FRAGMENT_CLAUSE };
static const struct explain_label counter_label = { "counter", "Message counter", "消息计数器", FRAGMENT_CLAUSE };
static const struct explain_label mac_label = { "mac", "MAC", "消息认证码", FRAGMENT_CLAUSE };
static const struct explain_label length_label = { "ml", "Message length", "消息长度", FRAGMENT_CLAUSE };

/* The bytes of the next field, and on to the one behind it. */
static struct span field_take(struct span *rest, size_t size)
{
    struct span field = span_of_bytes(rest->bytes, size);
    *rest = span_of_bytes(rest->bytes + size, rest->size - size);
    return field;
}

static void word_put(const struct wmbus_view *view, struct span bytes, const struct explain_label *label, unsigned word,
                     const char *meaning)
{
    char text[8];
    struct writer value = writer_of_buffer(text, sizeof text);

    writer_format(&value, "%04X", word);
    wmbus_row_put(view, bytes, label, writer_terminate(&value), meaning);
}

static void mac_put(const struct wmbus_view *view, const struct wmbus_telegram *telegram)
{
    static const struct explain_label ok = { "mac_ok", "MAC is right", "认证码正确", FRAGMENT_CLAUSE };

    wmbus_hex_put(view, telegram->fragment.mac, &mac_label,
                  telegram->mac == WMBUS_MAC_RIGHT ? explain_choose(view->sink, "right", "正确")
                                                   : explain_choose(view->sink, "not checked", "未验证"));
    if (telegram->mac == WMBUS_MAC_RIGHT)
        wmbus_truth_put(view, telegram->fragment.mac, &ok, true, NULL);
}

static void fragment_fields_put(const struct wmbus_view *view, const struct wmbus_telegram *telegram)
{
    const struct wmbus_fragment *layer = &telegram->fragment;
    struct span rest = span_of_bytes(layer->bytes.bytes + 2, layer->bytes.size - 2);
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer meaning = writer_of_buffer(text, sizeof text);

    bits_write(view, fragment_bits, sizeof fragment_bits / sizeof fragment_bits[0], layer->control, &meaning);
    word_put(view, field_take(&rest, 2), &fcl_label, layer->control, writer_terminate(&meaning));
    if ((layer->control & WMBUS_FRAGMENT_HAS_MESSAGE_CONTROL) != 0)
        wmbus_hex_put(view, field_take(&rest, 1), &mcl_label, NULL);
    if ((layer->control & WMBUS_FRAGMENT_HAS_KEY_INFORMATION) != 0)
        word_put(view, field_take(&rest, 2), &ki_label, layer->key_information, NULL);
    if ((layer->control & WMBUS_FRAGMENT_HAS_COUNTER) != 0)
        wmbus_number_put(view, field_take(&rest, 4), &counter_label, layer->counter, NULL);
    if ((layer->control & WMBUS_FRAGMENT_HAS_MAC) != 0) {
        mac_put(view, telegram);
        (void)field_take(&rest, layer->mac.size);
    }
    if ((layer->control & WMBUS_FRAGMENT_HAS_MESSAGE_LENGTH) != 0)
        wmbus_number_put(view, field_take(&rest, 2), &length_label, layer->message_length, NULL);
}

static void fragment_put(const struct wmbus_view *view, const struct wmbus_telegram *telegram)
{
    static const struct explain_label label = { "afl", "Authentication and fragmentation layer", "认证与分段层",
                                                FRAGMENT_CLAUSE };
    struct wmbus_view inner = wmbus_view_deeper(view);

    wmbus_row_put(view, telegram->fragment.bytes, &label, "90", NULL);
    fragment_fields_put(&inner, telegram);
}

static void status_put(const struct wmbus_view *view, struct span byte)
{
    static const struct explain_label label = { "status", "Status", "状态", TRANSPORT_CLAUSE };
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer meaning = writer_of_buffer(text, sizeof text);

    mbus_status_write(byte.bytes[0], view->sink->language == EXPLAIN_CHINESE, &meaning);
    wmbus_hex_put(view, byte, &label, writer_terminate(&meaning));
}

static bool has_blocks(unsigned mode)
{
    return mode == WMBUS_MODE_CBC_INITIAL || mode == WMBUS_MODE_CBC_DERIVED;
}

static void configuration_put(const struct wmbus_view *view, const struct wmbus_telegram *telegram, struct span bytes)
{
    static const struct explain_label word = { "cfg", "Configuration word", "配置字", TRANSPORT_CLAUSE };
    static const struct explain_label mode_label = { "mode", "Security mode", "安全模式", TRANSPORT_CLAUSE };
    static const struct explain_label blocks = { "blocks", "Encrypted blocks", "加密块数", TRANSPORT_CLAUSE };
    static const struct bit_name bits[] = {
        { 0x8000, "bidirectional", "双向" },
        { 0x4000, "accessible", "可访问" },
        { 0x2000, "synchronous", "同步" },
    };
    const struct wmbus_transport *layer = &telegram->transport;
    unsigned mode = wmbus_transport_mode(layer);
    const struct wmbus_mode_info *info = wmbus_mode_info(mode);
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer meaning = writer_of_buffer(text, sizeof text);

    bits_write(view, bits, sizeof bits / sizeof bits[0], layer->configuration, &meaning);
    word_put(view, bytes, &word, layer->configuration, writer_terminate(&meaning));
    wmbus_number_put(view, bytes, &mode_label, mode, explain_choose(view->sink, info->english, info->chinese));
    if (has_blocks(mode))
        wmbus_number_put(view, bytes, &blocks, wmbus_transport_blocks(layer),
                         protection_text(view, telegram->protection));
}

static void extension_put(const struct wmbus_view *view, const struct wmbus_transport *layer, struct span byte)
{
    static const struct explain_label extension = { "cfg_ext", "Configuration extension", "配置扩展",
                                                    TRANSPORT_CLAUSE };
    static const struct explain_label kdf = { "kdf", "Key derivation", "密钥派生", TRANSPORT_CLAUSE };
    static const struct explain_label key = { "key_id", "Key number", "密钥号", TRANSPORT_CLAUSE };
    unsigned derivation = layer->extension >> 4 & 3u;

    wmbus_hex_put(view, byte, &extension, NULL);
    wmbus_number_put(view, byte, &kdf, derivation, derivation == 1 ? "KDF-A" : NULL);
    wmbus_number_put(view, byte, &key, layer->extension & 15u, NULL);
}

static void header_put(const struct wmbus_view *view, const struct wmbus_telegram *telegram)
{
    static const struct explain_label acc = { "acc", "Access number", "访问序号", TRANSPORT_CLAUSE };
    const struct wmbus_transport *layer = &telegram->transport;
    struct span rest = span_of_bytes(layer->bytes.bytes + 1, layer->bytes.size - 1);

    if (layer->has_address) {
        struct span number = field_take(&rest, 4);
        struct span manufacturer = field_take(&rest, 2);
        struct span version = field_take(&rest, 1);
        struct wmbus_address_place place = { manufacturer, number, version, field_take(&rest, 1) };
        wmbus_address_put(view, &layer->address, &place, true);
    }
    if (!layer->has_header)
        return;
    wmbus_number_put(view, field_take(&rest, 1), &acc, layer->access_number, NULL);
    status_put(view, field_take(&rest, 1));
    configuration_put(view, telegram, field_take(&rest, 2));
    if (layer->has_extension)
        extension_put(view, layer, rest);
}

static void transport_put(const struct wmbus_view *view, const struct wmbus_telegram *telegram)
{
    static const struct explain_label label = { "tpl", "Transport layer", "传输层", TRANSPORT_CLAUSE };
    static const struct explain_label ci_label = { "ci", "CI field", "CI 域", "EN 13757-7 5" };
    const struct wmbus_transport *layer = &telegram->transport;
    struct wmbus_view inner = wmbus_view_deeper(view);
    char text[4];
    struct writer value = writer_of_buffer(text, sizeof text);

    writer_format(&value, "%02X", layer->ci);
    wmbus_row_put(view, layer->bytes, &label, writer_terminate(&value), NULL);
    wmbus_hex_put(&inner, span_of_bytes(layer->bytes.bytes, 1), &ci_label,
                  explain_choose(view->sink, layer->kind->english, layer->kind->chinese));
    header_put(&inner, telegram);
}

static void names_put(const struct wmbus_view *view, const struct wmbus_telegram *telegram)
{
    static const struct explain_label label = { "layers", "Layers", "各层", "EN 13757-7 5" };
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer value = writer_of_buffer(text, sizeof text);

    if (telegram->has_extended_link)
        writer_format(&value, "ELL %02X", telegram->extended_link.ci);
    if (telegram->has_fragment)
        writer_format(&value, "%sAFL 90", value.size > 0 ? ", " : "");
    if (telegram->has_transport)
        writer_format(&value, "%sTPL %02X", value.size > 0 ? ", " : "", telegram->transport.ci);
    if (value.size > 0)
        wmbus_row_put(view, span_of_bytes(NULL, 0), &label, writer_terminate(&value), NULL);
}

void wmbus_layers_put(const struct wmbus_view *view, const struct wmbus_telegram *telegram)
{
    names_put(view, telegram);
    if (telegram->has_extended_link)
        extended_link_put(view, telegram);
    if (telegram->has_fragment)
        fragment_put(view, telegram);
    if (telegram->has_transport)
        transport_put(view, telegram);
}
