#include "codec/hotwater/hotwater_advertisement.h"

#include "codec/bcd/bcd.h"
#include "codec/codec_error.h"
#include "codec/hotwater/hotwater_layout.h"

static const struct layout_field advertisement_fields[] = {
    { LAYOUT_FIELD("meter number", "表号", LAYOUT_DIGITS, 6, struct hotwater_advertisement, meter),
      .is_address = true },
    { LAYOUT_FIELD("valve", "阀门", LAYOUT_CODE, 1, struct hotwater_advertisement, valve), .set = HOTWATER_SET_VALVE },
    { LAYOUT_FIELD("unsent records", "未上传记录数", LAYOUT_UNSIGNED, 1, struct hotwater_advertisement,
                   unsent_records) },
};
static const struct layout advertisement_layout =
    LAYOUT_OF("advertisement", "广播数据", "HW-1 3", advertisement_fields);

static bool is_number(const uint8_t *meter)
{
    return bcd_read_big(span_of_bytes(meter, HOTWATER_METER_SIZE)) >= 0;
}

int hotwater_advertisement_encode(const struct hotwater_advertisement *advertisement, struct writer *out)
{
    return layout_encode(&advertisement_layout, hotwater_sets, advertisement, out);
}

int hotwater_advertisement_decode(struct span data, struct hotwater_advertisement *out)
{
    struct reader reader = reader_of_span(data);
    struct hotwater_advertisement advertisement;
    int result = layout_decode(&advertisement_layout, hotwater_sets, &reader, &advertisement);

    if (result < 0)
        return result;
    if (reader_remaining(&reader) > 0)
        return CODEC_ERR_TRAILING;
    if (!is_number(advertisement.meter))
        return CODEC_ERR_FORMAT;
    *out = advertisement;
    return 0;
}

int hotwater_name_write(const uint8_t meter[HOTWATER_METER_SIZE], char name[HOTWATER_NAME_LIMIT])
{
    if (!is_number(meter))
        return CODEC_ERR_RANGE;
    name[0] = 'H';
    name[1] = 'W';
    for (size_t i = 0; i < 3; i++) {
        name[2 + 2 * i] = (char)('0' + (meter[3 + i] >> 4));
        name[3 + 2 * i] = (char)('0' + (meter[3 + i] & 15));
    }
    name[8] = '\0';
    return 0;
}
