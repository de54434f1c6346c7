/* Wireless M-Bus: the meter sends by itself; nothing is asked. */
#include "codec/codec_error.h"
#include "codec/wmbus/wmbus_items.h"
#include "dialog/device_codec_internal.h"

static int telegram_open(struct device_decoding *decoding, struct span frame, struct wmbus_telegram *telegram)
{
    const struct device_receive_context *context = decoding->context;
    struct wmbus_secret secret = { context->cipher, context->key };
    size_t error_offset;
    bool has_secret = context->cipher != NULL && context->key != NULL;
    int result = wmbus_telegram_decode(frame, has_secret ? &secret : NULL, decoding->telegram, telegram, &error_offset);

    if (result == 0)
        return 0;
    return result == CODEC_ERR_KEY ? DEVICE_CODEC_ERR_KEY : DEVICE_CODEC_ERR_FRAME;
}

/* Who holds a key takes nothing that came in clear where encryption was announced. */
static bool protection_is_enough(const struct device_decoding *decoding, const struct wmbus_telegram *telegram)
{
    return decoding->context->key == NULL ||
           (telegram->protection != WMBUS_PROTECTION_ALREADY && telegram->session != WMBUS_PROTECTION_ALREADY);
}

static bool address_is_right(struct device_decoding *decoding, const struct wmbus_telegram *telegram)
{
    struct span asked = decoding->context->address;

    wmbus_address_number_text(&telegram->meter, decoding->report->address);
    return asked.size == 0 || span_equal_text(asked, decoding->report->address);
}

static int frame_decode(struct device_decoding *decoding, struct span frame)
{
    struct wmbus_telegram telegram;
    size_t error_offset;
    int result = telegram_open(decoding, frame, &telegram);

    if (result != 0)
        return result;
    if (!address_is_right(decoding, &telegram))
        return DEVICE_CODEC_ERR_DEVICE;
    if (telegram.sealed.size > 0 || !protection_is_enough(decoding, &telegram))
        return DEVICE_CODEC_ERR_KEY;
    if (wmbus_items_decode(&telegram, NULL, &decoding->items, &error_offset) != 0)
        return DEVICE_CODEC_ERR_FRAME;
    device_points_take(decoding);
    return 0;
}

const struct device_codec device_codec_wmbus = {
    .info = { .name = "wmbus", .english = "Wireless M-Bus (EN 13757-4)", .chinese = "无线 M-Bus（EN 13757-4）" },
    .decode = frame_decode,
    .find = wmbus_frame_find,
};
