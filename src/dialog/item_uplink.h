/* From decoded items to readings: which of our quantities an item is, and its value in that quantity's one unit.
 *
 * Exact integers only. A value that our unit cannot hold exactly is rounded half away from zero and marked doubted; a
 * value that is missing, not believable, undated or of a strange unit is refused with its reason, never made 0. */
#ifndef DIALOG_ITEM_UPLINK_H
#define DIALOG_ITEM_UPLINK_H

#include "base/device_profile.h"
#include "base/quantity.h"
#include "base/uplink.h"
#include "codec/item/item.h"

/* Why an item gives no reading: constant suffix, value, name in JSON, English, Chinese. */
#define ITEM_UPLINK_REFUSALS(ROW) \
    ROW(MISSING, -1, "missing", "the meter has no value", "表计无此数据") \
    ROW(INVALID, -2, "invalid", "not a value of its format", "数据格式非法") \
    ROW(UNMAPPED, -3, "unmapped", "this kind of meter stores no such quantity", "此类表不保存该量") \
    ROW(UNIT, -4, "unit", "a unit in which the quantity is never measured", "单位与该量不符") \
    ROW(RANGE, -5, "range", "too large for our unit", "数值过大") \
    ROW(UNDATED, -6, "undated", "a latched value without its time", "冻结数据缺少时间") \
    ROW(NO_POINT, -7, "no_point", "the device model has no such point", "型号中没有该数据点") \
    ROW(TIME, -8, "time", "its time does not exist", "时间非法") \
    ROW(FULL, -9, "full", "no room in this uplink", "上行消息已满")

#define ITEM_UPLINK_ENUM(name, value, word, english, chinese) ITEM_UPLINK_ERR_##name = (value),
enum item_uplink_refusal { ITEM_UPLINK_REFUSALS(ITEM_UPLINK_ENUM) };
#undef ITEM_UPLINK_ENUM

#define ITEM_UPLINK_REFUSAL_COUNT 9

/* What the item itself does not say. */
struct item_uplink_context {
    uint8_t kind;   /* enum device_kind */
    uint8_t period; /* enum uplink_period */
    uint8_t reserved[2];
    int32_t zone_offset_s; /* of the meter's clock, east of UTC */
    int64_t time_s;        /* when the value was true, if the item states no time; 0 unknown */
};

/* One reading from one item.
 * out      written on success only; quality is 1 when the meter doubts the value or our unit cannot hold it exactly;
 *          register_index is the tariff; time_s is the item's time, else the context's; a value of now may have none: 0
 * returns  0; one of ITEM_UPLINK_ERR_* (not NO_POINT, FULL) */
int item_uplink_convert(const struct item *item, const struct item_uplink_context *context, struct uplink_item *out);

/* Our quantity for a kind of meter; QUANTITY_NONE when it stores none. */
enum quantity item_uplink_quantity(enum device_kind kind, enum item_quantity quantity);

/* Can the quantity of this kind of meter be measured in this unit? */
bool item_uplink_unit_fits(enum device_kind kind, enum item_quantity quantity, enum item_unit unit);

/* Those units: "kWh, Wh, MWh"; "none" for a plain number. */
void item_uplink_units_write(enum device_kind kind, enum item_quantity quantity, struct writer *out);

/* The moment of a full date and time by the meter's clock.
 * returns  0; ITEM_UPLINK_ERR_TIME when it does not exist or states less than a date */
int item_uplink_time(const struct item_time *time, int32_t zone_offset_s, int64_t *out);

/* "missing", ...; and in words for people. "" for other numbers, never NULL. */
const char *item_uplink_refusal_name(int refusal);
const char *item_uplink_refusal_text(int refusal, bool is_chinese);

#endif
