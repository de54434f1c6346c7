#include "codec/coap/coap_code.h"

#include <stddef.h>

static const struct coap_code_info codes[] = {
    { COAP_CODE_EMPTY, "Empty", "空报文", "RFC 7252 4.1" },
    { COAP_CODE_GET, "GET", "读取", "RFC 7252 5.8.1" },
    { COAP_CODE_POST, "POST", "提交", "RFC 7252 5.8.2" },
    { COAP_CODE_PUT, "PUT", "写入", "RFC 7252 5.8.3" },
    { COAP_CODE_DELETE, "DELETE", "删除", "RFC 7252 5.8.4" },
    { COAP_CODE_FETCH, "FETCH", "选取", "RFC 8132 2" },
    { COAP_CODE_PATCH, "PATCH", "部分修改", "RFC 8132 3" },
    { COAP_CODE_IPATCH, "iPATCH", "幂等部分修改", "RFC 8132 3" },
    { COAP_CODE_CREATED, "Created", "已创建", "RFC 7252 5.9.1.1" },
    { COAP_CODE_DELETED, "Deleted", "已删除", "RFC 7252 5.9.1.2" },
    { COAP_CODE_VALID, "Valid", "仍有效", "RFC 7252 5.9.1.3" },
    { COAP_CODE_CHANGED, "Changed", "已更改", "RFC 7252 5.9.1.4" },
    { COAP_CODE_CONTENT, "Content", "内容", "RFC 7252 5.9.1.5" },
    { COAP_CODE_CONTINUE, "Continue", "继续发送", "RFC 7959 2.9.1" },
    { COAP_CODE_BAD_REQUEST, "Bad Request", "请求错误", "RFC 7252 5.9.2.1" },
    { COAP_CODE_UNAUTHORIZED, "Unauthorized", "未认证", "RFC 7252 5.9.2.2" },
    { COAP_CODE_BAD_OPTION, "Bad Option", "选项错误", "RFC 7252 5.9.2.3" },
    { COAP_CODE_FORBIDDEN, "Forbidden", "禁止访问", "RFC 7252 5.9.2.4" },
    { COAP_CODE_NOT_FOUND, "Not Found", "未找到", "RFC 7252 5.9.2.5" },
    { COAP_CODE_METHOD_NOT_ALLOWED, "Method Not Allowed", "方法不允许", "RFC 7252 5.9.2.6" },
    { COAP_CODE_NOT_ACCEPTABLE, "Not Acceptable", "格式不可接受", "RFC 7252 5.9.2.7" },
    { COAP_CODE_ENTITY_INCOMPLETE, "Request Entity Incomplete", "请求内容不完整", "RFC 7959 2.9.2" },
    { COAP_CODE_CONFLICT, "Conflict", "冲突", "RFC 8132 4" },
    { COAP_CODE_PRECONDITION_FAILED, "Precondition Failed", "前提条件不满足", "RFC 7252 5.9.2.8" },
    { COAP_CODE_ENTITY_TOO_LARGE, "Request Entity Too Large", "请求内容过大", "RFC 7252 5.9.2.9" },
    { COAP_CODE_UNSUPPORTED_FORMAT, "Unsupported Content-Format", "内容格式不支持", "RFC 7252 5.9.2.10" },
    { COAP_CODE_UNPROCESSABLE, "Unprocessable Entity", "内容无法处理", "RFC 8132 4" },
    { COAP_CODE_TOO_MANY_REQUESTS, "Too Many Requests", "请求过多", "RFC 8516 3" },
    { COAP_CODE_INTERNAL_ERROR, "Internal Server Error", "服务器内部错误", "RFC 7252 5.9.3.1" },
    { COAP_CODE_NOT_IMPLEMENTED, "Not Implemented", "未实现", "RFC 7252 5.9.3.2" },
    { COAP_CODE(5, 2), "Bad Gateway", "网关错误", "RFC 7252 5.9.3.3" },
    { COAP_CODE_SERVICE_UNAVAILABLE, "Service Unavailable", "服务不可用", "RFC 7252 5.9.3.4" },
    { COAP_CODE_GATEWAY_TIMEOUT, "Gateway Timeout", "网关超时", "RFC 7252 5.9.3.5" },
    { COAP_CODE(5, 5), "Proxying Not Supported", "不支持代理", "RFC 7252 5.9.3.6" },
    { COAP_CODE(5, 8), "Hop Limit Reached", "跳数用尽", "RFC 8768 6" },
};

static const struct coap_format_info formats[] = {
    { COAP_FORMAT_TEXT, "text/plain; charset=utf-8", "RFC 7252 12.3" },
    { COAP_FORMAT_LINK, "application/link-format", "RFC 6690" },
    { 41, "application/xml", "RFC 7252 12.3" },
    { COAP_FORMAT_OPAQUE, "application/octet-stream", "RFC 7252 12.3" },
    { 47, "application/exi", "RFC 7252 12.3" },
    { 50, "application/json", "RFC 7252 12.3" },
    { COAP_FORMAT_CBOR, "application/cbor", "RFC 8949" },
    { COAP_FORMAT_SENML_JSON, "application/senml+json", "RFC 8428 12.3" },
    { COAP_FORMAT_SENML_CBOR, "application/senml+cbor", "RFC 8428 12.3" },
    { 320, "application/senml-etch+json", "RFC 8790" },
    { 322, "application/senml-etch+cbor", "RFC 8790" },
    { COAP_FORMAT_TLV_OLD, "application/vnd.oma.lwm2m+tlv (before 1.0)", "OMA LwM2M 1.0" },
    { COAP_FORMAT_LWM2M_JSON_OLD, "application/vnd.oma.lwm2m+json (before 1.0)", "OMA LwM2M 1.0" },
    { COAP_FORMAT_TLV, "application/vnd.oma.lwm2m+tlv", "OMA LwM2M Core 1.1 7.4.3" },
    { COAP_FORMAT_LWM2M_JSON, "application/vnd.oma.lwm2m+json", "OMA LwM2M Core 1.1 7.4.4" },
    { COAP_FORMAT_LWM2M_CBOR, "application/vnd.oma.lwm2m+cbor", "OMA LwM2M Core 1.2 7.5.4" },
};

const struct coap_code_info *coap_code_info(uint8_t code)
{
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (codes[i].code == code)
            return &codes[i];
    return NULL;
}

bool coap_code_is_reserved(uint8_t code)
{
    unsigned class = COAP_CODE_CLASS(code);
    return class == 1 || class == 6 || class == 7;
}

bool coap_code_is_request(uint8_t code)
{
    return COAP_CODE_CLASS(code) == 0 && code != COAP_CODE_EMPTY;
}

bool coap_code_is_response(uint8_t code)
{
    unsigned class = COAP_CODE_CLASS(code);
    return class >= 2 && class <= 5;
}

const struct coap_format_info *coap_format_info(uint32_t number)
{
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (formats[i].number == number)
            return &formats[i];
    return NULL;
}
