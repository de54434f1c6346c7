#include "codec/dlt645/dlt645_message.h"

#define ONLY(...) \
    { \
        { \
            __VA_ARGS__ \
        } \
    }
#define NOTHING \
    { \
        { \
            DLT645_PART_END \
        } \
    }
#define ERROR_WORD ONLY(DLT645_PART_ERROR)
#define AUTHORITY DLT645_PART_PASSWORD, DLT645_PART_OPERATOR

/* DL/T 645-2007: control code, name, data of the request, of the normal and of the abnormal answer. Where several
 * shapes stand side by side the first that fits the length is meant. */
static const struct dlt645_function_info functions_2007[DLT645_CONTROL_FUNCTION + 1] = {
    [DLT645_SECURITY] = { "security authentication (prepayment extension)",
                          "安全认证（预付费扩展）",
                          { ONLY(DLT645_PART_IDENTIFIER, DLT645_PART_OPERATOR, DLT645_PART_VALUES),
                            ONLY(DLT645_PART_IDENTIFIER, DLT645_PART_VALUES),
                            { { DLT645_PART_SECURITY_ERROR }, { DLT645_PART_SHORT_ERROR } } } },
    [DLT645_TIME] = { "broadcast time synchronisation", "广播校时", { ONLY(DLT645_PART_TIME), NOTHING, ERROR_WORD } },
    [DLT645_READ] = { "read data",
                      "读数据",
                      { { { DLT645_PART_IDENTIFIER },
                          { DLT645_PART_IDENTIFIER, DLT645_PART_BLOCK_COUNT },
                          { DLT645_PART_IDENTIFIER, DLT645_PART_BLOCK_COUNT, DLT645_PART_BLOCK_TIME } },
                        ONLY(DLT645_PART_IDENTIFIER, DLT645_PART_VALUES),
                        ERROR_WORD } },
    [DLT645_READ_MORE] = { "read follow-up data",
                           "读后续数据",
                           { ONLY(DLT645_PART_IDENTIFIER, DLT645_PART_SEQUENCE),
                             ONLY(DLT645_PART_IDENTIFIER, DLT645_PART_VALUES, DLT645_PART_SEQUENCE), ERROR_WORD } },
    [DLT645_READ_ADDRESS] = { "read communication address",
                              "读通信地址",
                              { NOTHING, ONLY(DLT645_PART_ADDRESS), ERROR_WORD } },
    [DLT645_WRITE] = { "write data",
                       "写数据",
                       { ONLY(DLT645_PART_IDENTIFIER, AUTHORITY, DLT645_PART_VALUES), NOTHING, ERROR_WORD } },
    [DLT645_WRITE_ADDRESS] = { "write communication address",
                               "写通信地址",
                               { ONLY(DLT645_PART_ADDRESS), NOTHING, ERROR_WORD } },
    [DLT645_FREEZE] = { "freeze", "冻结命令", { ONLY(DLT645_PART_FREEZE_TIME), NOTHING, ERROR_WORD } },
    [DLT645_RATE] = { "change baud rate",
                      "更改通信速率",
                      { ONLY(DLT645_PART_RATE), ONLY(DLT645_PART_RATE), ERROR_WORD } },
    [DLT645_PASSWORD] = { "change password",
                          "修改密码",
                          { ONLY(DLT645_PART_IDENTIFIER, DLT645_PART_OLD_PASSWORD, DLT645_PART_NEW_PASSWORD),
                            ONLY(DLT645_PART_NEW_PASSWORD), ERROR_WORD } },
    [DLT645_CLEAR_DEMAND] = { "clear maximum demand", "最大需量清零", { ONLY(AUTHORITY), NOTHING, ERROR_WORD } },
    [DLT645_CLEAR_METER] = { "clear meter", "电表清零", { ONLY(AUTHORITY), NOTHING, ERROR_WORD } },
    [DLT645_CLEAR_EVENTS] = { "clear events",
                              "事件清零",
                              { ONLY(AUTHORITY, DLT645_PART_EVENT_CLASS), NOTHING, ERROR_WORD } },
    [DLT645_RELAY] = { "relay/alarm/keep-power control",
                       "跳合闸、报警、保电",
                       { { { AUTHORITY, DLT645_PART_RELAY_COMMAND, DLT645_PART_RELAY_RESERVED,
                             DLT645_PART_VALID_UNTIL },
                           { AUTHORITY, DLT645_PART_VALUES } },
                         NOTHING,
                         { { DLT645_PART_ERROR }, { DLT645_PART_SECURITY_ERROR } } } },
    [DLT645_OUTPUT] = { "multi-function terminal output control",
                        "多功能端子输出控制",
                        { { { AUTHORITY, DLT645_PART_OUTPUT }, { DLT645_PART_OUTPUT } },
                          { { DLT645_PART_END }, { DLT645_PART_OUTPUT } },
                          ERROR_WORD } },
};

/* DL/T 645-1997. */
static const struct dlt645_function_info functions_1997[DLT645_CONTROL_FUNCTION + 1] = {
    [DLT645_1997_READ] = { "read data",
                           "读数据",
                           { ONLY(DLT645_PART_IDENTIFIER_1997), ONLY(DLT645_PART_IDENTIFIER_1997, DLT645_PART_VALUES),
                             ERROR_WORD } },
    [DLT645_1997_READ_MORE] = { "read follow-up data",
                                "读后续数据",
                                { ONLY(DLT645_PART_IDENTIFIER_1997),
                                  ONLY(DLT645_PART_IDENTIFIER_1997, DLT645_PART_VALUES), ERROR_WORD } },
    [DLT645_1997_READ_AGAIN] = { "re-read data",
                                 "重读数据",
                                 { NOTHING, ONLY(DLT645_PART_IDENTIFIER_1997, DLT645_PART_VALUES), ERROR_WORD } },
    [DLT645_1997_WRITE] = { "write data",
                            "写数据",
                            { ONLY(DLT645_PART_IDENTIFIER_1997, DLT645_PART_PASSWORD, DLT645_PART_VALUES), NOTHING,
                              ERROR_WORD } },
    [DLT645_1997_TIME] = { "broadcast time synchronisation",
                           "广播校时",
                           { ONLY(DLT645_PART_TIME), NOTHING, ERROR_WORD } },
    [DLT645_1997_WRITE_ADDRESS] = { "write communication address",
                                    "写设备地址",
                                    { ONLY(DLT645_PART_ADDRESS), NOTHING, ERROR_WORD } },
    [DLT645_1997_RATE] = { "change baud rate",
                           "更改通信速率",
                           { ONLY(DLT645_PART_RATE), { { DLT645_PART_END }, { DLT645_PART_RATE } }, ERROR_WORD } },
    [DLT645_1997_PASSWORD] = { "change password",
                               "修改密码",
                               { ONLY(DLT645_PART_OLD_PASSWORD, DLT645_PART_NEW_PASSWORD),
                                 { { DLT645_PART_END }, { DLT645_PART_NEW_PASSWORD } },
                                 ERROR_WORD } },
    [DLT645_1997_CLEAR_DEMAND] = { "clear maximum demand", "最大需量清零", { NOTHING, NOTHING, ERROR_WORD } },
};

#undef ONLY
#undef NOTHING
#undef ERROR_WORD
#undef AUTHORITY

static const struct dlt645_function_info *const functions[] = { functions_1997, functions_2007 };

/* Control codes that no version defines; their data are bytes. */
static const struct dlt645_function_info functions_unknown[] = {
    { "(not in DL/T 645-1997; vendor)", "（DL/T 645-1997 未定义，厂家自定义）", { { { 0 } } } },
    { "(not in DL/T 645-2007; vendor)", "（DL/T 645-2007 未定义，厂家自定义）", { { { 0 } } } },
};

/* 0: takes what the others leave. */
static const uint8_t part_sizes[DLT645_PART_KIND_COUNT] = {
    [DLT645_PART_IDENTIFIER] = 4,    [DLT645_PART_IDENTIFIER_1997] = 2,
    [DLT645_PART_SEQUENCE] = 1,      [DLT645_PART_BLOCK_COUNT] = 1,
    [DLT645_PART_BLOCK_TIME] = 5,    [DLT645_PART_PASSWORD] = 4,
    [DLT645_PART_OLD_PASSWORD] = 4,  [DLT645_PART_NEW_PASSWORD] = 4,
    [DLT645_PART_OPERATOR] = 4,      [DLT645_PART_ADDRESS] = 6,
    [DLT645_PART_TIME] = 6,          [DLT645_PART_FREEZE_TIME] = 4,
    [DLT645_PART_RATE] = 1,          [DLT645_PART_EVENT_CLASS] = 4,
    [DLT645_PART_RELAY_COMMAND] = 1, [DLT645_PART_RELAY_RESERVED] = 1,
    [DLT645_PART_VALID_UNTIL] = 6,   [DLT645_PART_OUTPUT] = 1,
    [DLT645_PART_ERROR] = 1,         [DLT645_PART_SECURITY_ERROR] = 2,
    [DLT645_PART_SHORT_ERROR] = 1,
};

#define SECURITY_GROUP 0x07 /* DI3 of all identifiers of the security extension */

static enum dlt645_version version_of_code_03(uint8_t control, struct span data)
{
    if ((control & DLT645_CONTROL_ANSWER) == 0)
        return data.size == 0 ? DLT645_1997 : DLT645_2007;
    if ((control & DLT645_CONTROL_ABNORMAL) != 0)
        return DLT645_2007;
    return data.size >= 4 && data.bytes[3] == SECURITY_GROUP ? DLT645_2007 : DLT645_1997;
}

enum dlt645_version dlt645_version_of(uint8_t control, struct span data)
{
    uint8_t function = control & DLT645_CONTROL_FUNCTION;

    if (function == DLT645_SECURITY)
        return version_of_code_03(control, data);
    return function >= DLT645_READ || function == DLT645_TIME ? DLT645_2007 : DLT645_1997;
}

bool dlt645_function_is_known(enum dlt645_version version, uint8_t control)
{
    return functions[version][control & DLT645_CONTROL_FUNCTION].english != NULL;
}

const struct dlt645_function_info *dlt645_function_info(enum dlt645_version version, uint8_t control)
{
    return dlt645_function_is_known(version, control) ? &functions[version][control & DLT645_CONTROL_FUNCTION]
                                                      : &functions_unknown[version];
}

size_t dlt645_part_size(enum dlt645_part_kind kind)
{
    return part_sizes[kind];
}

/* The parts of this shape exactly fill `size` bytes. */
static bool shape_fits(const uint8_t shape[DLT645_PART_LIMIT], size_t size)
{
    size_t fixed = 0;
    bool is_open = false;

    for (size_t i = 0; i < DLT645_PART_LIMIT && shape[i] != DLT645_PART_END; i++) {
        fixed += part_sizes[shape[i]];
        is_open = is_open || part_sizes[shape[i]] == 0;
    }
    return is_open ? size >= fixed : size == fixed;
}

static uint32_t identifier_of(struct span bytes)
{
    uint32_t identifier = 0;
    for (size_t i = bytes.size; i-- > 0;)
        identifier = identifier << 8 | bytes.bytes[i];
    return identifier;
}

static void part_add(struct dlt645_message *message, uint8_t kind, struct span bytes)
{
    message->parts[message->part_count].kind = kind;
    message->parts[message->part_count++].bytes = bytes;
    if (kind == DLT645_PART_IDENTIFIER || kind == DLT645_PART_IDENTIFIER_1997) {
        message->has_identifier = true;
        message->identifier = identifier_of(bytes);
    } else if (kind == DLT645_PART_VALUES)
        message->values = bytes;
}

/* `shape` fits the data. */
static void shape_cut(const uint8_t shape[DLT645_PART_LIMIT], struct span data, struct dlt645_message *message)
{
    size_t at = 0, fixed = 0;

    for (size_t i = 0; i < DLT645_PART_LIMIT && shape[i] != DLT645_PART_END; i++)
        fixed += part_sizes[shape[i]];
    for (size_t i = 0; i < DLT645_PART_LIMIT && shape[i] != DLT645_PART_END; i++) {
        size_t size = part_sizes[shape[i]] != 0 ? part_sizes[shape[i]] : data.size - fixed;
        part_add(message, shape[i], span_of_bytes(data.bytes + at, size));
        at += size;
    }
}

enum dlt645_direction dlt645_direction_of(uint8_t control)
{
    if ((control & DLT645_CONTROL_ANSWER) == 0)
        return DLT645_REQUEST;
    return (control & DLT645_CONTROL_ABNORMAL) != 0 ? DLT645_ABNORMAL : DLT645_ANSWER;
}

void dlt645_message_decode(const struct dlt645_frame *frame, struct dlt645_message *out)
{
    struct span data = span_of_bytes(frame->data, frame->data_size);

    out->function = dlt645_function_info((enum dlt645_version)frame->version, frame->control);
    out->direction = (uint8_t)dlt645_direction_of(frame->control);
    out->has_identifier = false;
    out->has_more = out->direction == DLT645_ANSWER && (frame->control & DLT645_CONTROL_MORE) != 0;
    out->part_count = 0;
    out->identifier = 0;
    out->values = span_of_bytes(frame->data, 0);
    for (size_t i = 0; i < DLT645_SHAPE_LIMIT; i++) {
        const uint8_t *shape = out->function->shapes[out->direction][i];
        if ((i == 0 || shape[0] != DLT645_PART_END) && shape_fits(shape, data.size)) {
            shape_cut(shape, data, out);
            return;
        }
    }
    part_add(out, DLT645_PART_REST, data);
}

const struct dlt645_part *dlt645_message_part(const struct dlt645_message *message, enum dlt645_part_kind kind)
{
    for (size_t i = 0; i < message->part_count; i++)
        if (message->parts[i].kind == kind)
            return &message->parts[i];
    return NULL;
}
