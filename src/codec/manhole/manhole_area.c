#include "codec/manhole/manhole_area.h"

#include <string.h>

#include "codec/codec_error.h"

/* A whole area, with nothing left behind it. */
static int area_decode(const struct layout *layout, const struct manhole_profile *profile, struct span area, void *out,
                       size_t *error_offset)
{
    struct reader reader = reader_of_span(area);
    int result = layout_decode(layout, profile->sets, &reader, out);

    if (result == 0 && reader_remaining(&reader) > 0)
        result = CODEC_ERR_TRAILING;
    if (result < 0 && error_offset != NULL)
        *error_offset = reader.offset;
    return result;
}

int manhole_upload_decode(const struct manhole_profile *profile, struct span area, struct manhole_upload *out,
                          size_t *error_offset)
{
    struct manhole_upload upload;
    int result = area_decode(profile->upload, profile, area, &upload, error_offset);

    if (result == 0)
        *out = upload;
    return result;
}

int manhole_upload_answer_decode(const struct manhole_profile *profile, struct span area,
                                 struct manhole_upload_answer *out, size_t *error_offset)
{
    struct manhole_upload_answer answer;
    int result = area_decode(profile->upload_answer, profile, area, &answer, error_offset);

    if (result == 0)
        *out = answer;
    return result;
}

int manhole_control_decode(const struct manhole_profile *profile, struct span area, struct manhole_control *out,
                           size_t *error_offset)
{
    struct manhole_control control;
    int result;

    memset(&control, 0, sizeof control);
    result = area_decode(profile->control, profile, area, &control, error_offset);
    if (result == 0)
        *out = control;
    return result;
}

int manhole_control_answer_decode(const struct manhole_profile *profile, struct span area,
                                  struct manhole_control_answer *out, size_t *error_offset)
{
    struct manhole_control_answer answer;
    int result = area_decode(profile->control_answer, profile, area, &answer, error_offset);

    if (result == 0)
        *out = answer;
    return result;
}

int manhole_lock_record_decode(const struct manhole_profile *profile, struct span record,
                               struct manhole_lock_record *out)
{
    struct manhole_lock_record value;
    int result = area_decode(profile->lock_record, profile, record, &value, NULL);

    if (result == 0)
        *out = value;
    return result;
}

int manhole_upload_encode(const struct manhole_profile *profile, const struct manhole_upload *upload,
                          struct writer *out)
{
    return layout_encode(profile->upload, profile->sets, upload, out);
}

int manhole_upload_answer_encode(const struct manhole_profile *profile, const struct manhole_upload_answer *answer,
                                 struct writer *out)
{
    return layout_encode(profile->upload_answer, profile->sets, answer, out);
}

int manhole_control_answer_encode(const struct manhole_profile *profile, const struct manhole_control_answer *answer,
                                  struct writer *out)
{
    return layout_encode(profile->control_answer, profile->sets, answer, out);
}

static int lock_record_check(const struct manhole_lock_record *record)
{
    return record->not_after_s > record->not_before_s ? 0 : CODEC_ERR_RANGE;
}

int manhole_lock_record_encode(const struct manhole_profile *profile, const struct manhole_lock_record *record,
                               struct writer *out)
{
    int result = lock_record_check(record);
    return result < 0 ? result : layout_encode(profile->lock_record, profile->sets, record, out);
}

/* No upload more often than there are samples, no alarm slower than its absence. */
static int reporting_check(const struct manhole_reporting *reporting)
{
    bool is_right = reporting->upload_period_s >= reporting->sample_period_s &&
                    reporting->alarm_upload_period_s >= reporting->alarm_sample_period_s &&
                    reporting->alarm_upload_period_s <= reporting->upload_period_s;
    return is_right ? 0 : CODEC_ERR_RANGE;
}

static int threshold_check(const struct manhole_profile *profile, const struct manhole_threshold *threshold)
{
    const struct manhole_tilt_rule *tilt = &profile->tilt;

    if (threshold->hysteresis < 0)
        return CODEC_ERR_RANGE;
    if (threshold->item != MANHOLE_ITEM_TILT)
        return 0;
    bool is_right = threshold->high >= tilt->low && threshold->high <= tilt->high &&
                    threshold->hysteresis < threshold->high && threshold->hold_s < tilt->alarm_bound_s;
    return is_right ? 0 : CODEC_ERR_RANGE;
}

static int thresholds_check(const struct manhole_profile *profile, struct span thresholds)
{
    struct reader reader = reader_of_span(thresholds);
    struct manhole_threshold threshold;
    int result;

    if (thresholds.size == 0)
        return CODEC_ERR_RANGE;
    while ((result = manhole_threshold_next(profile, &reader, &threshold)) > 0)
        if ((result = threshold_check(profile, &threshold)) < 0)
            return result;
    return result;
}

static int control_check(const struct manhole_profile *profile, const struct manhole_control *control)
{
    switch (control->command) {
    case MANHOLE_COMMAND_SET_REPORTING:
        return reporting_check(&control->as.reporting);
    case MANHOLE_COMMAND_SET_THRESHOLDS:
        return thresholds_check(profile, control->as.thresholds);
    case MANHOLE_COMMAND_ADD_AUTHORISATION:
        return lock_record_check(&control->as.authorisation);
    case MANHOLE_COMMAND_READ_RECORDS:
        return control->as.records.to_s >= control->as.records.from_s ? 0 : CODEC_ERR_RANGE;
    default:
        return 0;
    }
}

int manhole_control_encode(const struct manhole_profile *profile, const struct manhole_control *control,
                           struct writer *out)
{
    int result = control_check(profile, control);
    return result < 0 ? result : layout_encode(profile->control, profile->sets, control, out);
}

int manhole_item_encode(const struct manhole_profile *profile, const struct manhole_item_value *item,
                        struct writer *out)
{
    const struct layout_word *word = manhole_word(profile, MANHOLE_SET_ITEM, item->item);

    return word == NULL ? CODEC_ERR_UNKNOWN : layout_item_encode(word, profile->sets, item, out);
}

int manhole_threshold_encode(const struct manhole_profile *profile, const struct manhole_threshold *threshold,
                             struct writer *out)
{
    int result = threshold_check(profile, threshold);
    return result < 0 ? result : layout_encode(profile->threshold, profile->sets, threshold, out);
}

int manhole_threshold_next(const struct manhole_profile *profile, struct reader *reader, struct manhole_threshold *out)
{
    struct manhole_threshold threshold;

    if (reader_remaining(reader) == 0)
        return 0;
    int result = layout_decode(profile->threshold, profile->sets, reader, &threshold);
    if (result < 0)
        return result;
    *out = threshold;
    return 1;
}

/* One item whatever its tag.
 * returns  1; CODEC_ERR_*, `out->item` being LAYOUT_UNKNOWN for a tag without a row */
static int item_take(const struct manhole_profile *profile, struct reader *reader, struct manhole_item_value *out)
{
    struct span value;
    uint8_t tag = 0;

    if (layout_item_split(reader, &tag, &value) < 0)
        return CODEC_ERR_SHORT;
    memset(out, 0, sizeof *out);
    out->item = manhole_row(profile, MANHOLE_SET_ITEM, tag);
    const struct layout_word *word = manhole_word(profile, MANHOLE_SET_ITEM, out->item);
    if (word == NULL || word->about == NULL) {
        out->item = LAYOUT_UNKNOWN;
        return 1;
    }
    struct reader inner = reader_of_span(value);
    return layout_decode(word->about, profile->sets, &inner, out) < 0 ? CODEC_ERR_FORMAT : 1;
}

int manhole_item_next(const struct manhole_profile *profile, struct reader *reader, struct manhole_item_value *out)
{
    struct manhole_item_value item;

    while (reader_remaining(reader) > 0) {
        int result = item_take(profile, reader, &item);
        if (result < 0)
            return result;
        if (item.item == LAYOUT_UNKNOWN)
            continue;
        *out = item;
        return 1;
    }
    return 0;
}

struct manhole_threshold manhole_threshold_tilt(const struct manhole_profile *profile)
{
    const struct manhole_tilt_rule *tilt = &profile->tilt;
    struct manhole_threshold threshold = { MANHOLE_ITEM_TILT, tilt->usual, 0, tilt->hysteresis, tilt->hold_s };
    return threshold;
}

int manhole_alarm_delay_check(const struct manhole_profile *profile, const struct manhole_threshold *threshold,
                              const struct manhole_reporting *reporting, uint32_t network_s)
{
    uint64_t delay_s = (uint64_t)threshold->hold_s + reporting->alarm_sample_period_s + network_s;
    return delay_s <= profile->tilt.alarm_bound_s ? 0 : CODEC_ERR_RANGE;
}

static const struct layout *area_layout(const struct manhole_profile *profile, unsigned function)
{
    switch (function) {
    case MANHOLE_UPLOAD:
        return profile->upload;
    case MANHOLE_UPLOAD_ANSWER:
        return profile->upload_answer;
    case MANHOLE_CONTROL:
        return profile->control;
    case MANHOLE_CONTROL_ANSWER:
        return profile->control_answer;
    default:
        return NULL;
    }
}

int manhole_area_visit(const struct manhole_profile *profile, unsigned terminal, unsigned function, struct span area,
                       unsigned depth, const struct layout_visitor *visitor, size_t *stopped)
{
    const struct layout *layout = area_layout(profile, function);
    const struct layout_word *type = manhole_word(profile, MANHOLE_SET_TERMINAL, terminal);
    struct layout_walk walk = { .visitor = visitor, .sets = profile->sets, .depth = depth };
    struct reader reader = reader_of_span(area);

    walk.subject = type != NULL ? type->about : NULL;
    if (layout == NULL) {
        layout_raw_visit(&walk, "data area", "数据域", "DB35/T 1803 6.1", area);
        return 0;
    }
    int result = layout_visit(&walk, layout, &reader);
    if (result == 0 && reader_remaining(&reader) > 0)
        result = CODEC_ERR_TRAILING;
    if (result < 0)
        *stopped = reader.offset;
    return result;
}

int manhole_items_decode(const struct manhole_profile *profile, unsigned terminal, unsigned function, struct span area,
                         struct item_list *list)
{
    struct layout_item_taker taker = { list, false };
    struct layout_visitor visitor = { layout_item_take, &taker };
    size_t stopped;
    int result = manhole_area_visit(profile, terminal, function, area, 0, &visitor, &stopped);

    return taker.is_full ? CODEC_ERR_FULL : result;
}
