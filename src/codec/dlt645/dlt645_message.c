#include "codec/dlt645/dlt645_message.h"

#define PART_SIZE(name, size) SIZE_##name = size,
enum { DLT645_PARTS(PART_SIZE) };
#undef PART_SIZE

/* Shapes of one to five parts; sizes are added up here, as frames are taken apart far more often than written down. */
#define KIND(a) DLT645_PART_##a
#define OPEN(a) (SIZE_##a == 0)
#define SHAPE1(a) \
    { \
        { KIND(a) }, SIZE_##a, OPEN(a) \
    }
#define SHAPE2(a, b) \
    { \
        { KIND(a), KIND(b) }, SIZE_##a + SIZE_##b, OPEN(a) || OPEN(b) \
    }
#define SHAPE3(a, b, c) \
    { \
        { KIND(a), KIND(b), KIND(c) }, SIZE_##a + SIZE_##b + SIZE_##c, OPEN(a) || OPEN(b) || OPEN(c) \
    }
#define SHAPE4(a, b, c, d) \
    { \
        { KIND(a), KIND(b), KIND(c), KIND(d) }, SIZE_##a + SIZE_##b + SIZE_##c + SIZE_##d, \
            OPEN(a) || OPEN(b) || OPEN(c) || OPEN(d) \
    }
#define SHAPE5(a, b, c, d, e) \
    { \
        { KIND(a), KIND(b), KIND(c), KIND(d), KIND(e) }, SIZE_##a + SIZE_##b + SIZE_##c + SIZE_##d + SIZE_##e, \
            OPEN(a) || OPEN(b) || OPEN(c) || OPEN(d) || OPEN(e) \
    }
#define EMPTY \
    { \
        { DLT645_PART_END }, 0, false \
    }
#define NOTHING \
    { \
        EMPTY \
    }
#define ERROR_WORD \
    { \
        SHAPE1(ERROR) \
    }

/* DL/T 645-2007: control code, name, data of the request, of the normal and of the abnormal answer. Where several
 * shapes stand side by side the first that fits the length is meant. */
static const struct dlt645_function_info functions_2007[DLT645_CONTROL_FUNCTION + 1] = {
    [DLT645_SECURITY] = { "security authentication (prepayment extension)",
                          "安全认证（预付费扩展）",
                          { { SHAPE3(IDENTIFIER, OPERATOR, VALUES) },
                            { SHAPE2(IDENTIFIER, VALUES) },
                            { SHAPE1(SECURITY_ERROR), SHAPE1(SHORT_ERROR) } } },
    [DLT645_TIME] = { "broadcast time synchronisation", "广播校时", { { SHAPE1(TIME) }, NOTHING, ERROR_WORD } },
    [DLT645_READ] = { "read data",
                      "读数据",
                      { { SHAPE1(IDENTIFIER), SHAPE2(IDENTIFIER, BLOCK_COUNT),
                          SHAPE3(IDENTIFIER, BLOCK_COUNT, BLOCK_TIME) },
                        { SHAPE2(IDENTIFIER, VALUES) },
                        ERROR_WORD } },
    [DLT645_READ_MORE] = { "read follow-up data",
                           "读后续数据",
                           { { SHAPE2(IDENTIFIER, SEQUENCE) }, { SHAPE3(IDENTIFIER, VALUES, SEQUENCE) }, ERROR_WORD } },
    [DLT645_READ_ADDRESS] = { "read communication address",
                              "读通信地址",
                              { NOTHING, { SHAPE1(ADDRESS) }, ERROR_WORD } },
    [DLT645_WRITE] = { "write data",
                       "写数据",
                       { { SHAPE4(IDENTIFIER, PASSWORD, OPERATOR, VALUES) }, NOTHING, ERROR_WORD } },
    [DLT645_WRITE_ADDRESS] = { "write communication address",
                               "写通信地址",
                               { { SHAPE1(ADDRESS) }, NOTHING, ERROR_WORD } },
    [DLT645_FREEZE] = { "freeze", "冻结命令", { { SHAPE1(FREEZE_TIME) }, NOTHING, ERROR_WORD } },
    [DLT645_RATE] = { "change baud rate", "更改通信速率", { { SHAPE1(RATE) }, { SHAPE1(RATE) }, ERROR_WORD } },
    [DLT645_PASSWORD] = { "change password",
                          "修改密码",
                          { { SHAPE3(IDENTIFIER, OLD_PASSWORD, NEW_PASSWORD) },
                            { SHAPE1(NEW_PASSWORD) },
                            ERROR_WORD } },
    [DLT645_CLEAR_DEMAND] = { "clear maximum demand",
                              "最大需量清零",
                              { { SHAPE2(PASSWORD, OPERATOR) }, NOTHING, ERROR_WORD } },
    [DLT645_CLEAR_METER] = { "clear meter", "电表清零", { { SHAPE2(PASSWORD, OPERATOR) }, NOTHING, ERROR_WORD } },
    [DLT645_CLEAR_EVENTS] = { "clear events",
                              "事件清零",
                              { { SHAPE3(PASSWORD, OPERATOR, EVENT_CLASS) }, NOTHING, ERROR_WORD } },
    [DLT645_RELAY] = { "relay/alarm/keep-power control",
                       "跳合闸、报警、保电",
                       { { SHAPE5(PASSWORD, OPERATOR, RELAY_COMMAND, RELAY_RESERVED, VALID_UNTIL),
                           SHAPE3(PASSWORD, OPERATOR, VALUES) },
                         NOTHING,
                         { SHAPE1(ERROR), SHAPE1(SECURITY_ERROR) } } },
    [DLT645_OUTPUT] = { "multi-function terminal output control",
                        "多功能端子输出控制",
                        { { SHAPE3(PASSWORD, OPERATOR, OUTPUT), SHAPE1(OUTPUT) },
                          { EMPTY, SHAPE1(OUTPUT) },
                          ERROR_WORD } },
};

/* DL/T 645-1997. */
static const struct dlt645_function_info functions_1997[DLT645_CONTROL_FUNCTION + 1] = {
    [DLT645_1997_READ] = { "read data",
                           "读数据",
                           { { SHAPE1(IDENTIFIER_1997) }, { SHAPE2(IDENTIFIER_1997, VALUES) }, ERROR_WORD } },
    [DLT645_1997_READ_MORE] = { "read follow-up data",
                                "读后续数据",
                                { { SHAPE1(IDENTIFIER_1997) }, { SHAPE2(IDENTIFIER_1997, VALUES) }, ERROR_WORD } },
    [DLT645_1997_READ_AGAIN] = { "re-read data",
                                 "重读数据",
                                 { NOTHING, { SHAPE2(IDENTIFIER_1997, VALUES) }, ERROR_WORD } },
    [DLT645_1997_WRITE] = { "write data",
                            "写数据",
                            { { SHAPE3(IDENTIFIER_1997, PASSWORD, VALUES) }, NOTHING, ERROR_WORD } },
    [DLT645_1997_TIME] = { "broadcast time synchronisation", "广播校时", { { SHAPE1(TIME) }, NOTHING, ERROR_WORD } },
    [DLT645_1997_WRITE_ADDRESS] = { "write communication address",
                                    "写设备地址",
                                    { { SHAPE1(ADDRESS) }, NOTHING, ERROR_WORD } },
    [DLT645_1997_RATE] = { "change baud rate",
                           "更改通信速率",
                           { { SHAPE1(RATE) }, { EMPTY, SHAPE1(RATE) }, ERROR_WORD } },
    [DLT645_1997_PASSWORD] = { "change password",
                               "修改密码",
                               { { SHAPE2(OLD_PASSWORD, NEW_PASSWORD) },
                                 { EMPTY, SHAPE1(NEW_PASSWORD) },
                                 ERROR_WORD } },
    [DLT645_1997_CLEAR_DEMAND] = { "clear maximum demand", "最大需量清零", { NOTHING, NOTHING, ERROR_WORD } },
};

static const struct dlt645_function_info *const functions[] = { functions_1997, functions_2007 };

/* Control codes that no version defines; their data are bytes. */
static const struct dlt645_function_info functions_unknown[] = {
    { "(not in DL/T 645-1997; vendor)", "（DL/T 645-1997 未定义，厂家自定义）", { { EMPTY } } },
    { "(not in DL/T 645-2007; vendor)", "（DL/T 645-2007 未定义，厂家自定义）", { { EMPTY } } },
};

#define PART_SIZE(name, size) [DLT645_PART_##name] = size,
const uint8_t dlt645_part_sizes[DLT645_PART_KIND_COUNT] = { DLT645_PARTS(PART_SIZE) };
#undef PART_SIZE

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

static const struct dlt645_function_info *function_of(unsigned version, uint8_t control)
{
    const struct dlt645_function_info *function = &functions[version][control & DLT645_CONTROL_FUNCTION];
    return function->english != NULL ? function : &functions_unknown[version];
}

bool dlt645_function_is_known(enum dlt645_version version, uint8_t control)
{
    return function_of(version, control) != &functions_unknown[version];
}

const struct dlt645_function_info *dlt645_function_info(enum dlt645_version version, uint8_t control)
{
    return function_of(version, control);
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
static void shape_cut(const struct dlt645_shape *shape, struct span data, struct dlt645_message *message)
{
    size_t at = 0;

    for (size_t i = 0; i < DLT645_PART_LIMIT && shape->parts[i] != DLT645_PART_END; i++) {
        uint8_t kind = shape->parts[i];
        size_t size = dlt645_part_sizes[kind] != 0 ? dlt645_part_sizes[kind] : data.size - shape->fixed_size;
        part_add(message, kind, span_of_bytes(data.bytes + at, size));
        at += size;
    }
}

bool dlt645_frame_is_continuation(const struct dlt645_frame *frame)
{
    unsigned read_more = frame->version == DLT645_2007 ? (unsigned)DLT645_READ_MORE : (unsigned)DLT645_1997_READ_MORE;
    return dlt645_direction_of(frame->control) == DLT645_ANSWER &&
           (frame->control & DLT645_CONTROL_FUNCTION) == read_more;
}

const struct dlt645_shape *dlt645_shape_of(const struct dlt645_frame *frame)
{
    const struct dlt645_function_info *function = function_of(frame->version, frame->control);
    const struct dlt645_shape *shape = function->shapes[dlt645_direction_of(frame->control)];

    for (size_t i = 0; i < DLT645_SHAPE_LIMIT && (i == 0 || shape[i].parts[0] != DLT645_PART_END); i++)
        if (frame->data_size == shape[i].fixed_size || (shape[i].is_open && frame->data_size > shape[i].fixed_size))
            return &shape[i];
    return NULL;
}

void dlt645_message_decode(const struct dlt645_frame *frame, struct dlt645_message *out)
{
    struct span data = span_of_bytes(frame->data, frame->data_size);
    const struct dlt645_shape *shape = dlt645_shape_of(frame);

    out->function = function_of(frame->version, frame->control);
    out->direction = (uint8_t)dlt645_direction_of(frame->control);
    out->has_identifier = false;
    out->has_more = out->direction == DLT645_ANSWER && (frame->control & DLT645_CONTROL_MORE) != 0;
    out->part_count = 0;
    out->identifier = 0;
    out->values = span_of_bytes(frame->data, 0);
    if (shape != NULL)
        shape_cut(shape, data, out);
    else
        part_add(out, DLT645_PART_REST, data);
}

const struct dlt645_part *dlt645_message_part(const struct dlt645_message *message, enum dlt645_part_kind kind)
{
    for (size_t i = 0; i < message->part_count; i++)
        if (message->parts[i].kind == kind)
            return &message->parts[i];
    return NULL;
}
