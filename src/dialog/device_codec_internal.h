/* What the codecs' files share. Internal to the room. */
#ifndef DIALOG_DEVICE_CODEC_INTERNAL_H
#define DIALOG_DEVICE_CODEC_INTERNAL_H

#include "base/writer.h"
#include "dialog/device_codec.h"

#define DEVICE_TELEGRAM_LIMIT 512

/* One request on its way into frames. */
struct device_encoding {
    const struct device_profile *profile;
    struct span address;
    const struct device_request *request;
    struct device_frames *frames;
    struct writer out;     /* over frames->bytes */
    uint32_t freeze_asked; /* DL/T 645: the freeze whose time was asked for; 0 none */
};

/* What a codec's decoder found. */
struct device_decoding {
    const struct device_profile *profile;
    const struct device_receive_context *context;
    struct device_memory *memory;
    struct device_report *report;
    struct uplink *uplinks; /* DEVICE_UPLINK_LIMIT of them */
    size_t reading_count;   /* in all of them */
    unsigned alarm_points;  /* of the model, that the frame holds */
    uint32_t alarm_bits;    /* of those that are raised */
    struct item_list items;
    uint32_t identifier;                       /* of the frame; 0 when the protocol has none */
    uint8_t *telegram;                         /* DEVICE_TELEGRAM_LIMIT bytes for plain text that items point into */
    bool is_taken[DEVICE_PROFILE_POINT_LIMIT]; /* points that have their reading */
    int64_t latched_s;                         /* of a freeze, when the protocol told it apart from the values; 0 */
};

/* How a codec does it; NULL: it cannot. */
struct device_codec {
    struct device_codec_info info;
    int (*encode)(struct device_encoding *encoding);
    int (*decode)(struct device_decoding *decoding, struct span frame);
    int (*more)(struct device_encoding *encoding, const struct device_memory *memory);
    size_t (*find)(struct span stream, size_t *skip);
    /* The frame that reads back what `written` wrote. As device_codec_read_back() */
    int (*read_back)(struct device_encoding *encoding, struct span written);
    int (*holds)(struct span written, struct span answer, uint32_t *identifier); /* as device_codec_holds() */
    /* How many freezes back `identifier` is when `first` is the last one's; 0: another kind of value. */
    unsigned (*back_of)(uint32_t first, uint32_t identifier);
};

extern const struct device_codec device_codec_dlt645_2007;
extern const struct device_codec device_codec_dlt645_1997;
extern const struct device_codec device_codec_cjt188;
extern const struct device_codec device_codec_mbus;
extern const struct device_codec device_codec_wmbus;

const struct device_codec *device_codec_of(const struct device_profile *profile);

/* The frame that was written into encoding->out since the last one ends here.
 * returns  0; DEVICE_CODEC_ERR_FULL */
int device_frame_end(struct device_encoding *encoding, enum device_expectation expectation);

/* Call `ask` once for each different identifier among the points that the request wants.
 * returns  0; the first error of `ask`; DEVICE_CODEC_ERR_POINT when there is none */
int device_points_ask(struct device_encoding *encoding,
                      int (*ask)(struct device_encoding *encoding, const struct device_point *point));

/* What a purchase adds, as the meter counts it: fen, or hundredths of a unit where the model holds units.
 * returns  0; DEVICE_CODEC_ERR_RANGE when it is not what the model holds, or more than eight digits */
int device_purchase_amount(const struct device_encoding *encoding, uint32_t *amount);

/* The device's local time as an item's, to the second. */
struct item_time device_local_time(int64_t time_s, int32_t zone_offset_s);

/* Readings of the decoding's items by the model's points, into the uplink. */
void device_points_take(struct device_decoding *decoding);

/* One more reading into the uplinks.
 * returns  0; ITEM_UPLINK_ERR_FULL */
int device_reading_put(struct device_decoding *decoding, const struct uplink_item *reading);

/* The uplink is the answer to a command. */
void device_answer_put(struct device_decoding *decoding, enum device_outcome outcome, uint16_t code);

/* What an error of a codec's encoder means to the caller. */
int device_codec_error_of(int codec_error);

#endif
