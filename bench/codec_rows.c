#include "bench/codec_rows.h"

#include <string.h>

#include "codec/cjt188/cjt188_frame.h"
#include "codec/cjt188/cjt188_item.h"
#include "codec/codec_error.h"
#include "codec/dlt645/dlt645_frame.h"
#include "codec/dlt645/dlt645_items.h"
#include "codec/hotwater/hotwater_frame.h"
#include "codec/hotwater/hotwater_message.h"
#include "codec/manhole/manhole_area.h"
#include "codec/manhole/manhole_frame.h"
#include "codec/manhole/manhole_profile_mhc1.h"
#include "codec/mbus/mbus_frame.h"
#include "codec/mbus/mbus_message.h"
#include "codec/q376/q376_data.h"
#include "codec/wmbus/wmbus_items.h"

#define ITEM_LIMIT 512

static struct item items[ITEM_LIMIT];

/* The frame at the front of the stream; empty when nothing complete begins there. */
static struct span frame_at(struct span stream, size_t (*find)(struct span stream, size_t *skip))
{
    size_t skip = 0;
    size_t size = find(stream, &skip);
    return span_of_bytes(stream.bytes + (size > 0 ? skip : 0), size);
}

static int dlt645_decode(struct span stream)
{
    struct item_list list = item_list_of(items, ITEM_LIMIT);
    struct dlt645_frame frame;
    size_t skip;
    int result = dlt645_frame_take(stream, &skip, &frame) > 0 ? dlt645_items_decode(&frame, &list) : CODEC_ERR_SHORT;

    return result < 0 ? result : (int)list.count;
}

static int cjt188_decode(struct span stream)
{
    struct item_list list = item_list_of(items, ITEM_LIMIT);
    struct cjt188_frame frame;
    size_t skip;

    if (cjt188_frame_take(stream, &skip, &frame) == 0)
        return CODEC_ERR_FORMAT;
    int result = cjt188_items_decode(&frame, NULL, &list);
    return result < 0 ? result : (int)list.count;
}

static int q376_decode(struct span stream)
{
    struct item_list list = item_list_of(items, ITEM_LIMIT);
    struct q376_frame frame;
    int result = q376_frame_decode(frame_at(stream, q376_frame_find), &frame, NULL);

    if (result == 0)
        result = q376_items_decode(&frame, &list);
    return result < 0 ? result : (int)list.count;
}

static int mbus_decode(struct span stream)
{
    struct item_list list = item_list_of(items, ITEM_LIMIT);
    struct mbus_frame frame;
    int result = mbus_frame_decode(frame_at(stream, mbus_frame_find), &frame, NULL);

    if (result == 0)
        result = mbus_items_decode(&frame, &list, NULL, NULL);
    return result < 0 && result != CODEC_ERR_TYPE ? result : (int)list.count;
}

/* Telegrams without check sums cannot be found in a stream: they are taken as they come. */
static int wmbus_decode(struct span stream)
{
    struct item_list list = item_list_of(items, ITEM_LIMIT);
    struct wmbus_telegram telegram;
    uint8_t buffer[WMBUS_TELEGRAM_LIMIT];
    size_t error_offset;
    int result = wmbus_telegram_decode(stream, NULL, buffer, &telegram, &error_offset);

    if (result == 0)
        result = wmbus_items_decode(&telegram, NULL, &list, &error_offset);
    return result < 0 ? result : (int)list.count;
}

static size_t manhole_mhc1_find(struct span stream, size_t *skip)
{
    return manhole_frame_find(manhole_profile_mhc1(), stream, skip);
}

static int manhole_decode(struct span stream)
{
    struct item_list list = item_list_of(items, ITEM_LIMIT);
    struct manhole_frame frame;
    int result = manhole_frame_decode(manhole_profile_mhc1(), frame_at(stream, manhole_mhc1_find), &frame, NULL);

    if (result == 0 && frame.mode == 0)
        result = manhole_items_decode(manhole_profile_mhc1(), frame.terminal, frame.function, frame.area, &list);
    return result < 0 ? result : (int)list.count;
}

static int hotwater_decode(struct span stream)
{
    struct item_list list = item_list_of(items, ITEM_LIMIT);
    struct hotwater_frame frame;
    int result = hotwater_frame_decode(frame_at(stream, hotwater_frame_find), &frame, NULL);

    if (result == 0 && !hotwater_frame_is_encrypted(&frame))
        result = hotwater_items_decode(frame.command, frame.payload, &list);
    return result < 0 ? result : (int)list.count;
}

static const struct {
    const char *protocol;
    codec_row_function decode;
} rows[] = {
    { "cjt188", cjt188_decode },   { "dlt645", dlt645_decode }, { "hotwater", hotwater_decode }, { "manhole", manhole_decode },
    { "mbus", mbus_decode },       { "q376", q376_decode },     { "wmbus", wmbus_decode },
};

codec_row_function codec_row_find(const char *protocol)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].protocol, protocol) == 0)
            return rows[i].decode;
    return NULL;
}
