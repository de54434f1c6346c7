/* Which meters are on the line: DL/T 645 and CJ/T 188 by their wild cards, which find one meter or show that there are
 * several; M-Bus by its search. */
#include "dialog/line_master_internal.h"

#include <string.h>

#include "base/decimal.h"
#include "codec/bcd/bcd.h"
#include "codec/cjt188/cjt188_message.h"
#include "codec/dlt645/dlt645_request.h"
#include "dialog/line_request.h"

#define WAKE_UP_COUNT 4
#define PROTOCOL_DLT645_2007 30 /* as concentrators number it (376.1 F10) */

enum language { LANGUAGE_DLT645 = 1, LANGUAGE_CJT188 = 2, LANGUAGE_MBUS = 4 };

/* How long a meter of the language may take, and how it speaks. M-Bus slaves answer within 330 bits and 50 ms. */
static const struct device_profile_line lines[] = {
    [LANGUAGE_DLT645] = { 2400, 'E', 1, 2, 0, 1000, 500 },
    [LANGUAGE_CJT188] = { 2400, 'E', 1, 2, 0, 2000, 500 },
    [LANGUAGE_MBUS] = { 2400, 'E', 1, 0, 0, 250, 100 },
};

/* By the model that the order names, else by the kind of meter that it looks for. */
static uint8_t languages_of(const struct line_master *master)
{
    const struct line_order *order = &master->order;
    const struct device_profile *profile = master->house->profile_find(master->house->context, order->profile);
    const char *codec = profile != NULL ? device_codec_at(profile->codec)->name : "";

    if (strncmp(codec, "dlt645", 6) == 0 || (profile == NULL && order->kind == DEVICE_KIND_ELECTRICITY))
        return LANGUAGE_DLT645;
    if (strcmp(codec, "cjt188") == 0)
        return LANGUAGE_CJT188;
    if (strcmp(codec, "mbus") == 0)
        return LANGUAGE_MBUS;
    return profile == NULL && order->kind == 0 ? LANGUAGE_DLT645 | LANGUAGE_CJT188 | LANGUAGE_MBUS
           : profile == NULL                   ? LANGUAGE_CJT188 | LANGUAGE_MBUS
                                               : 0;
}

static void language_next(struct line_search *search)
{
    search->now = (uint8_t)(search->left & -search->left);
    search->left = (uint8_t)(search->left & ~search->now);
    if (search->now == LANGUAGE_MBUS)
        mbus_search_begin(&search->mbus);
}

static void search_open(struct line_master *master)
{
    master->search = (struct line_search){ .left = languages_of(master) };
    language_next(&master->search);
    master->work.index = 1;
    if (master->search.now == 0)
        line_master_end_order(master, LINE_PROBLEM_UNSUPPORTED);
}

/* returns  false: the core has no room */
static bool row_tell(struct line_master *master, int64_t now_ms)
{
    struct uplink uplink = line_master_uplink(master, UPLINK_ARCHIVE, now_ms);

    if (!master->search.has_row)
        return true;
    uplink.device_id = master->order.line_id;
    if (uplink_archive_row_put(&uplink, &master->search.row) != 0 || !line_master_offer(master, &uplink))
        return false;
    master->search.has_row = false;
    master->search.told++;
    return true;
}

static enum line_next search_end(struct line_master *master)
{
    const struct line_search *search = &master->search;

    master->problem = search->is_cancelled    ? LINE_PROBLEM_CANCELLED
                      : search->has_collision ? LINE_PROBLEM_COLLISION
                      : search->told > 0      ? LINE_PROBLEM_NONE
                                              : LINE_PROBLEM_NO_ANSWER;
    return LINE_NEXT_END;
}

static bool cjt188_ask(struct line_master *master, struct writer *out)
{
    struct cjt188_link link = { .meter_type = CJT188_WILDCARD, .serial = master->serial, .preamble_size = 2 };

    memset(link.address, CJT188_WILDCARD, sizeof link.address);
    return cjt188_request_encode(&link, CJT188_ADDRESS, NULL, 0, out) == 0;
}

static bool dlt645_ask(struct writer *out)
{
    for (unsigned i = 0; i < WAKE_UP_COUNT; i++)
        writer_put_u8(out, DLT645_WAKE_UP);
    return dlt645_read_address_request_encode(out) == 0;
}

/* returns  false when the language has nothing more to ask */
static bool language_ask(struct line_master *master, struct writer *out)
{
    switch ((enum language)master->search.now) {
    case LANGUAGE_DLT645:
        return dlt645_ask(out);
    case LANGUAGE_CJT188:
        return cjt188_ask(master, out);
    case LANGUAGE_MBUS:
        return mbus_search_ask(&master->search.mbus, out);
    }
    return false;
}

static enum line_next search_ask(struct line_master *master, struct writer *out, int64_t now_ms)
{
    struct line_search *search = &master->search;

    if (master->work.index == 0)
        search_open(master);
    if (master->stage == LINE_MASTER_ENDING)
        return LINE_NEXT_END;
    if (!row_tell(master, now_ms))
        return LINE_NEXT_LATER;
    while (search->now != 0 && !search->is_cancelled) {
        master->expectation = DEVICE_EXPECTS_ANSWER;
        line_master_patience_set(master, &lines[search->now]);
        if (search->now == LANGUAGE_MBUS)
            master->noise_minimum = 1; /* what is left of several E5 */
        if (language_ask(master, out))
            return LINE_NEXT_SEND;
        search->has_collision = search->has_collision || search->mbus.unresolved > 0;
        language_next(search);
    }
    return search_end(master);
}

static size_t search_find(struct line_master *master, struct span stream, size_t *skip)
{
    return master->search.now == LANGUAGE_DLT645   ? dlt645_frame_find(stream, skip)
           : master->search.now == LANGUAGE_CJT188 ? cjt188_frame_find(stream, skip)
                                                   : mbus_frame_find(stream, skip);
}

static void row_keep(struct line_search *search, const char *digits, uint8_t protocol_code)
{
    int64_t number;

    if (decimal_parse(span_of_text(digits), 0, &number) != 0)
        return;
    search->row = (struct uplink_archive_row){ .address = (uint64_t)number, .protocol_code = protocol_code };
    search->has_row = true;
}

static enum line_verdict dlt645_take(struct line_search *search, struct span bytes)
{
    char digits[DLT645_ADDRESS_TEXT_SIZE];
    struct dlt645_frame frame;

    if (dlt645_frame_decode(bytes, &frame, NULL) != 0)
        return LINE_VERDICT_DAMAGED;
    if ((frame.control & DLT645_CONTROL_ANSWER) == 0)
        return LINE_VERDICT_NONE;
    dlt645_address_write(&frame.address, digits);
    row_keep(search, digits, PROTOCOL_DLT645_2007);
    language_next(search);
    return LINE_VERDICT_GOOD;
}

static enum line_verdict cjt188_take(struct line_search *search, struct span bytes)
{
    char digits[2 * CJT188_ADDRESS_SIZE + 1];
    struct cjt188_frame frame;

    if (cjt188_frame_decode(bytes, &frame, NULL) != 0)
        return LINE_VERDICT_DAMAGED;
    if ((frame.control & CJT188_FROM_METER) == 0)
        return LINE_VERDICT_NONE;
    bcd_text(span_of_bytes(frame.address, CJT188_ADDRESS_SIZE), digits);
    row_keep(search, digits, frame.meter_type);
    language_next(search);
    return LINE_VERDICT_GOOD;
}

static enum line_verdict mbus_take(struct line_search *search, struct span bytes)
{
    struct mbus_frame frame;

    if (mbus_frame_decode(bytes, &frame, NULL) != 0)
        return LINE_VERDICT_DAMAGED;
    if (frame.kind != MBUS_FRAME_ACKNOWLEDGE && (frame.control & MBUS_CONTROL_FROM_MASTER) != 0)
        return LINE_VERDICT_NONE;
    search->has_row = mbus_search_take(
        &search->mbus, frame.kind == MBUS_FRAME_ACKNOWLEDGE ? MBUS_HEARD_ACKNOWLEDGE : MBUS_HEARD_ANSWER, &frame,
        &search->row);
    return LINE_VERDICT_GOOD;
}

static enum line_verdict search_take(struct line_master *master, struct span frame, int64_t now_ms)
{
    (void)now_ms;
    master->serial++;
    switch ((enum language)master->search.now) {
    case LANGUAGE_DLT645:
        return dlt645_take(&master->search, frame);
    case LANGUAGE_CJT188:
        return cjt188_take(&master->search, frame);
    case LANGUAGE_MBUS:
        return mbus_take(&master->search, frame);
    }
    return LINE_VERDICT_NONE;
}

/* From a meter: neither our echo nor damaged. */
static bool search_fits(struct line_master *master, struct span bytes, int64_t now_ms)
{
    struct dlt645_frame dlt645;
    struct cjt188_frame cjt188;
    struct mbus_frame mbus;

    (void)now_ms;
    switch ((enum language)master->search.now) {
    case LANGUAGE_DLT645:
        return dlt645_frame_decode(bytes, &dlt645, NULL) == 0 && (dlt645.control & DLT645_CONTROL_ANSWER) != 0;
    case LANGUAGE_CJT188:
        return cjt188_frame_decode(bytes, &cjt188, NULL) == 0 && (cjt188.control & CJT188_FROM_METER) != 0;
    case LANGUAGE_MBUS:
        return mbus_frame_decode(bytes, &mbus, NULL) == 0 && (mbus.control & MBUS_CONTROL_FROM_MASTER) == 0;
    }
    return false;
}

static void search_fail(struct line_master *master, enum line_problem trouble, int64_t now_ms)
{
    struct line_search *search = &master->search;
    bool is_silent = trouble == LINE_PROBLEM_NO_ANSWER || trouble == LINE_PROBLEM_NONE;

    (void)now_ms;
    if (search->now == LANGUAGE_MBUS) {
        (void)mbus_search_take(&search->mbus, is_silent ? MBUS_HEARD_NOTHING : MBUS_HEARD_DAMAGED, NULL, &search->row);
        return;
    }
    search->has_collision = search->has_collision || !is_silent;
    language_next(search);
}

const struct line_procedure line_search_procedure = { search_ask,  search_find, search_take,
                                                       search_fits, NULL,        search_fail };
