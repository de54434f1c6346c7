/* The tables of HW-1, for the files of this folder. */
#ifndef CODEC_HOTWATER_LAYOUT_H
#define CODEC_HOTWATER_LAYOUT_H

#include "codec/hotwater/hotwater_message.h"

enum hotwater_set {
    HOTWATER_SET_NONE,
    HOTWATER_SET_COMMAND, /* each about its payload */
    HOTWATER_SET_RESULT,
    HOTWATER_SET_VALVE,
    HOTWATER_SET_ALARM,
    HOTWATER_SET_ALARM_FLAG,
    HOTWATER_SET_END,
    HOTWATER_SET_GRANT_FLAG,
    HOTWATER_SET_RECORD_FLAG,
    HOTWATER_SET_REASON, /* each about the records that follow */
    HOTWATER_SET_PAUSE,
    HOTWATER_SET_BINDING,
    HOTWATER_SET_PARAMETER, /* each about its value */
    HOTWATER_SET_COUNT
};

extern const struct layout_set hotwater_sets[HOTWATER_SET_COUNT];

extern const struct layout hotwater_grant_layout;
extern const struct layout hotwater_card_grant_layout;
extern const struct layout hotwater_record_layout;
extern const struct layout hotwater_tagged_record_layout;
extern const struct layout hotwater_alarm_record_layout;
extern const struct layout hotwater_binding_layout;
extern const struct layout hotwater_band_layout;

#endif
