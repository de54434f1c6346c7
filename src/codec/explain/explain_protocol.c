#include <string.h>

#include "codec/cjt188/cjt188_frame.h"
#include "codec/dlt645/dlt645_frame.h"
#include "codec/explain/explain_internal.h"
#include "codec/hotwater/hotwater_frame.h"
#include "codec/mbus/mbus_frame.h"
#include "codec/q376/q376_frame.h"
#include "codec/wmbus/wmbus_frame.h"

static const struct lwm2m_path unknown_path = { { 0, 0, 0, 0 }, 0 };

static int senml_cbor_explain(const struct explain_sink *sink, struct span frame, size_t *error_offset)
{
    struct explain_place place = { sink, frame, 0 };
    return explain_senml_cbor(&place, frame, error_offset);
}

static int senml_json_explain(const struct explain_sink *sink, struct span frame, size_t *error_offset)
{
    struct explain_place place = { sink, frame, 0 };
    return explain_senml_json(&place, frame, error_offset);
}

static int tlv_explain(const struct explain_sink *sink, struct span frame, size_t *error_offset)
{
    struct explain_place place = { sink, frame, 0 };
    return explain_tlv(&place, unknown_path, frame, error_offset);
}

static int links_explain(const struct explain_sink *sink, struct span frame, size_t *error_offset)
{
    struct explain_place place = { sink, frame, 0 };
    return explain_links(&place, frame, error_offset);
}

static enum explain_belief coap_recognise(struct span frame)
{
    struct coap_message message;
    return coap_message_decode(frame, &message, NULL) == 0 ? EXPLAIN_POSSIBLE : EXPLAIN_NO;
}

static enum explain_belief senml_cbor_recognise(struct span frame)
{
    return frame.size > 1 && frame.bytes[0] >> 5 == 4 && frame.bytes[1] >> 5 == 5 ? EXPLAIN_POSSIBLE : EXPLAIN_NO;
}

static enum explain_belief senml_json_recognise(struct span frame)
{
    return frame.size > 1 && frame.bytes[0] == '[' && (frame.bytes[1] == '{' || frame.bytes[1] == ' ')
               ? EXPLAIN_POSSIBLE
               : EXPLAIN_NO;
}

static enum explain_belief links_recognise(struct span frame)
{
    return frame.size > 1 && frame.bytes[0] == '<' && frame.bytes[1] == '/' ? EXPLAIN_POSSIBLE : EXPLAIN_NO;
}

static enum explain_belief never_recognise(struct span frame)
{
    (void)frame;
    return EXPLAIN_NO;
}

/* A new codec is one row here. */
static const struct explain_protocol protocols[] = {
    { "coap", "CoAP and LwM2M over UDP", "CoAP 与 LwM2M（UDP）", explain_coap, coap_recognise, NULL },
    { "dlt645", "DL/T 645 electricity meters", "DL/T 645 电能表", explain_dlt645, explain_dlt645_recognise,
      dlt645_frame_find },
    { "senml-cbor", "SenML pack in CBOR", "SenML 数据包（CBOR）", senml_cbor_explain, senml_cbor_recognise, NULL },
    { "senml-json", "SenML pack in JSON", "SenML 数据包（JSON）", senml_json_explain, senml_json_recognise, NULL },
    { "link-format", "List of links", "链接列表", links_explain, links_recognise, NULL },
    { "cjt188", "CJ/T 188", "CJ/T 188", explain_cjt188, explain_cjt188_recognise, cjt188_frame_find },
    { "hotwater", "Campus hot-water meter, profile HW-1", "校园热水表（HW-1）", explain_hotwater,
      explain_hotwater_recognise, hotwater_frame_find },
    { "manhole", "Manhole cover, DB35/T 1803 by profile MHC-1", "井盖物联网 DB35/T 1803（MHC-1）", explain_manhole,
      explain_manhole_recognise, explain_manhole_find },
    { "lwm2m-tlv", "LwM2M TLV", "LwM2M TLV", tlv_explain, never_recognise, NULL },
    { "mbus", "Wired M-Bus (EN 13757-2, -3)", "有线 M-Bus（EN 13757-2、-3）", explain_mbus, explain_mbus_recognise,
      mbus_frame_find },
    { "q376", "Q/GDW 376.1 concentrator", "Q/GDW 376.1 集中器", explain_q376, explain_q376_recognise,
      q376_frame_find },
    { "wmbus", "Wireless M-Bus (EN 13757-4, OMS)", "无线 M-Bus（EN 13757-4、OMS）", explain_wmbus, explain_wmbus_recognise,
      wmbus_frame_find },
    { "dtu", "DTU registration and heartbeat packets", "DTU 注册包与心跳包", explain_dtu, explain_dtu_recognise,
      explain_dtu_find },
};

#define PROTOCOL_COUNT (sizeof protocols / sizeof protocols[0])

const struct explain_protocol *explain_protocol_at(size_t index)
{
    return index < PROTOCOL_COUNT ? &protocols[index] : NULL;
}

const struct explain_protocol *explain_protocol_find(const char *name)
{
    for (size_t i = 0; i < PROTOCOL_COUNT; i++)
        if (strcmp(protocols[i].name, name) == 0)
            return &protocols[i];
    return NULL;
}

const struct explain_protocol *explain_protocol_guess(struct span frame)
{
    const struct explain_protocol *best = &protocols[0];
    enum explain_belief belief = EXPLAIN_NO;

    for (size_t i = 0; i < PROTOCOL_COUNT; i++) {
        enum explain_belief next = protocols[i].recognise(frame);
        if (next > belief) {
            belief = next;
            best = &protocols[i];
        }
    }
    const struct explain_protocol *begun = belief < EXPLAIN_LIKELY ? explain_beginning_find(frame, belief) : NULL;
    return begun != NULL ? begun : best;
}
