#include "codec/dlt645/dlt645_answer.h"

#include "codec/codec_error.h"
#include "codec/dlt645/dlt645_word.h"

static const struct dlt645_content content_empty;

static uint8_t answer_to(unsigned function, bool has_more)
{
    return (uint8_t)(function | DLT645_CONTROL_ANSWER | (has_more ? DLT645_CONTROL_MORE : 0));
}

static struct dlt645_content content_of(uint32_t identifier, struct span values)
{
    struct dlt645_content content = content_empty;

    content.identifier = identifier;
    content.values = values;
    return content;
}

int dlt645_read_answer_encode(enum dlt645_version version, const struct dlt645_address *address, uint32_t identifier,
                              struct span values, bool has_more, struct writer *out)
{
    struct dlt645_content content = content_of(identifier, values);
    unsigned function = version == DLT645_2007 ? (unsigned)DLT645_READ : (unsigned)DLT645_1997_READ;
    return dlt645_content_encode(version, address, answer_to(function, has_more), 0, &content, out);
}

int dlt645_read_more_answer_encode(enum dlt645_version version, const struct dlt645_address *address,
                                   uint32_t identifier, struct span values, uint8_t sequence, bool has_more,
                                   struct writer *out)
{
    struct dlt645_content content = content_of(identifier, values);
    unsigned function = version == DLT645_2007 ? (unsigned)DLT645_READ_MORE : (unsigned)DLT645_1997_READ_MORE;

    content.sequence = sequence;
    return dlt645_content_encode(version, address, answer_to(function, has_more), 0, &content, out);
}

int dlt645_read_again_answer_encode(const struct dlt645_address *address, uint32_t identifier, struct span values,
                                    struct writer *out)
{
    struct dlt645_content content = content_of(identifier, values);
    return dlt645_content_encode(DLT645_1997, address, answer_to(DLT645_1997_READ_AGAIN, false), 0, &content, out);
}

int dlt645_read_address_answer_encode(const struct dlt645_address *address, struct writer *out)
{
    struct dlt645_content content = content_empty;

    content.address = *address;
    return dlt645_content_encode(DLT645_2007, address, answer_to(DLT645_READ_ADDRESS, false), 0, &content, out);
}

int dlt645_done_answer_encode(enum dlt645_version version, const struct dlt645_address *address, uint8_t function,
                              struct writer *out)
{
    const struct span nothing = { NULL, 0 };

    if (!dlt645_function_is_known(version, function) ||
        dlt645_function_info(version, function)->shapes[DLT645_ANSWER][0].parts[0] != DLT645_PART_END)
        return CODEC_ERR_UNSUPPORTED;
    return dlt645_frame_encode(address, answer_to(function & DLT645_CONTROL_FUNCTION, false), nothing, out);
}

int dlt645_rate_answer_encode(const struct dlt645_address *address, uint32_t rate, struct writer *out)
{
    struct dlt645_content content = content_empty;

    if (dlt645_rate_write(rate, &content.rate_word) < 0)
        return CODEC_ERR_RANGE;
    return dlt645_content_encode(DLT645_2007, address, answer_to(DLT645_RATE, false), 0, &content, out);
}

int dlt645_password_answer_encode(const struct dlt645_address *address, const struct dlt645_password *new_password,
                                  struct writer *out)
{
    struct dlt645_content content = content_empty;

    content.new_password = *new_password;
    return dlt645_content_encode(DLT645_2007, address, answer_to(DLT645_PASSWORD, false), 0, &content, out);
}

int dlt645_output_answer_encode(const struct dlt645_address *address, uint8_t output, struct writer *out)
{
    struct dlt645_content content = content_empty;

    content.output = output;
    return dlt645_content_encode(DLT645_2007, address, answer_to(DLT645_OUTPUT, false), 1, &content, out);
}

int dlt645_security_answer_encode(const struct dlt645_address *address, uint32_t identifier, struct span values,
                                  struct writer *out)
{
    struct dlt645_content content = content_of(identifier, values);
    return dlt645_content_encode(DLT645_2007, address, answer_to(DLT645_SECURITY, false), 0, &content, out);
}

int dlt645_error_answer_encode(enum dlt645_version version, const struct dlt645_address *address, uint8_t function,
                               uint16_t error, struct writer *out)
{
    struct dlt645_content content = content_empty;
    unsigned control = (function & DLT645_CONTROL_FUNCTION) | DLT645_CONTROL_ANSWER | DLT645_CONTROL_ABNORMAL;

    content.error = error;
    return dlt645_content_encode(version, address, (uint8_t)control, 0, &content, out);
}
