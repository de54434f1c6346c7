/* The wired M-Bus slave: who is meant (EN 13757-2 clause 5, EN 13757-3 clause 11), what is new and what is repeated,
 * what is answered. */
#include "codec/mbus/mbus_command.h"
#include "codec/mbus/mbus_record_encode.h"
#include "meter/core/bus_meter/bus_meter_internal.h"

#include <string.h>

#include "codec/bcd/bcd.h"

#define FUNCTION_MASK 0x0f /* of C from the master */
#define SELECTION_SIZE 8   /* number 4, manufacturer 2, version, medium */
#define NUMBER_SIZE 4
#define NUMBER_AT 2 /* in struct wmbus_address */
#define VERSION_AT 6
#define WILDCARD 0xff
#define WILDCARD_DIGIT 0x0f
#define RECORDS_LIMIT 8 /* of one SND_UD */
#define STATUS_LOW_POWER 0x04
#define STATUS_PERMANENT 0x08
#define STATUS_ERROR 0x02

/* Application errors (EN 13757-3 table 9). */
enum { ERROR_UNSPECIFIED = 0, ERROR_CI = 1, ERROR_RECORDS = 3, ERROR_RECORD_END = 4 };

enum addressing { BY_PRIMARY, BY_SECONDARY, BY_BROADCAST, BY_NOBODY };

static enum addressing addressing_of(const struct bus_meter *meter, uint8_t address)
{
    if (address == MBUS_ADDRESS_BROADCAST)
        return BY_BROADCAST;
    if (address == MBUS_ADDRESS_SECONDARY)
        return meter->link.is_selected ? BY_SECONDARY : BY_NOBODY;
    return address == MBUS_ADDRESS_TEST || address == meter->settings.primary ? BY_PRIMARY : BY_NOBODY;
}

/* The address with the number that it has now. */
static struct wmbus_address identity_of(const struct bus_meter *meter)
{
    struct wmbus_address identity = meter->config.identity;
    memcpy(identity.bytes + NUMBER_AT, meter->settings.number, NUMBER_SIZE);
    return identity;
}

static bool digits_match(uint8_t asked, uint8_t own)
{
    bool is_high = asked >> 4 == WILDCARD_DIGIT || asked >> 4 == own >> 4;
    bool is_low = (asked & 0x0f) == WILDCARD_DIGIT || (asked & 0x0f) == (own & 0x0f);
    return is_high && is_low;
}

static bool selection_matches(const struct bus_meter *meter, struct span selection)
{
    struct wmbus_address identity = identity_of(meter);
    uint8_t own[SELECTION_SIZE];
    bool matches = selection.size == SELECTION_SIZE;
    wmbus_address_header_write(&identity, own);
    for (size_t i = 0; i < SELECTION_SIZE && matches; i++)
        matches = i < NUMBER_SIZE ? digits_match(selection.bytes[i], own[i])
                                  : selection.bytes[i] == WILDCARD || selection.bytes[i] == own[i];
    return matches;
}

/* Whether this is the message that was sent before, once more: the same FCB. */
static bool is_repeated(struct bus_meter *meter, enum addressing by, uint8_t control)
{
    bool fcb = (control & MBUS_CONTROL_FCB) != 0;
    bool *has = &meter->link.has_fcb[by == BY_SECONDARY], *last = &meter->link.fcb[by == BY_SECONDARY];
    bool is_same = *has && *last == fcb;
    if ((control & MBUS_CONTROL_FCV) == 0 || by == BY_BROADCAST)
        return false;
    *has = true;
    *last = fcb;
    return is_same;
}

static void readout_restart(struct bus_meter_link *link)
{
    link->is_first = true;
    link->wants_all = false;
    link->error = BUS_METER_NO_ERROR;
}

static void link_reset(struct bus_meter *meter, enum addressing by, struct writer *out)
{
    meter->link.has_fcb[by == BY_SECONDARY] = false;
    readout_restart(&meter->link);
    if (by == BY_SECONDARY)
        meter->link.is_selected = false;
    mbus_acknowledge_encode(out);
}

static uint8_t status_of(const struct bus_meter *meter)
{
    unsigned status = meter->sensors.battery_low ? STATUS_LOW_POWER : 0u;
    if (meter->flash_failed || meter_valve_state(&meter->valve) == VALVE_FAULT)
        status |= STATUS_PERMANENT | STATUS_ERROR;
    if (meter->sensors.faults != 0)
        status |= STATUS_ERROR;
    return (uint8_t)status;
}

/* Which telegram comes next, and what goes wrong: decided once, so that a repetition says the same again. */
static void readout_advance(struct bus_meter_link *link)
{
    link->told_error = link->error;
    link->error = BUS_METER_NO_ERROR;
    if (link->told_error != BUS_METER_NO_ERROR)
        return;
    link->telegram = !link->is_first && link->wants_all && link->telegram == 0;
    link->is_first = false;
    link->access_number++;
}

static void data_answer(struct bus_meter *meter, bool repeated, struct writer *out)
{
    struct bus_meter_link *link = &meter->link;
    struct wmbus_address identity = identity_of(meter);
    uint8_t bytes[MBUS_DATA_LIMIT];
    struct writer records = writer_of_buffer(bytes, sizeof bytes);
    if (!repeated)
        readout_advance(link);
    if (link->told_error != BUS_METER_NO_ERROR) {
        mbus_error_response_encode(meter->settings.primary, link->told_error, out);
        return;
    }
    bus_meter_register_store(meter);
    bus_meter_mbus_records(meter, link->telegram, link->wants_all && link->telegram == 0, &records);
    if (records.overflow || mbus_response_encode(meter->settings.primary, 0, &identity, link->access_number,
                                                 status_of(meter), writer_span(&records), out) < 0)
        mbus_error_response_encode(meter->settings.primary, ERROR_UNSPECIFIED, out);
}

/* A bus address in one byte has no sign, whatever an integer of one byte has elsewhere. returns -1 when it is none */
static int address_of(const struct mbus_record *record, const struct item *item)
{
    int64_t address = record->data_field == MBUS_DATA_INTEGER_1 ? item->value & 0xff : item->value;
    return item->quantity == ITEM_ADDRESS && address >= 0 && address <= MBUS_ADDRESS_LAST ? (int)address : -1;
}

/* One record of an order. returns an application error; BUS_METER_NO_ERROR */
static uint8_t record_obey(struct bus_meter *meter, const struct mbus_record *record, const struct item *item)
{
    struct bus_meter_settings changed = meter->settings;
    int64_t clock_s;
    if (record->kind == MBUS_RECORD_GLOBAL) {
        meter->link.wants_all = true;
        meter->link.is_first = true;
        return BUS_METER_NO_ERROR;
    }
    if (item->quality != ITEM_GOOD || record->storage != 0)
        return ERROR_UNSPECIFIED;
    if (item->quantity == ITEM_DATE_TIME && bus_meter_local_instant(meter, &item->time, &clock_s) == 0)
        return bus_meter_clock_set(meter, clock_s) == 0 ? BUS_METER_NO_ERROR : ERROR_UNSPECIFIED;
    if (address_of(record, item) >= 0)
        changed.primary = (uint8_t)address_of(record, item);
    else if (item->quantity != ITEM_ENHANCED_IDENTIFICATION || record->data_field != MBUS_DATA_BCD_8 ||
             bcd_write(item->value, changed.number, sizeof changed.number) < 0)
        return ERROR_UNSPECIFIED;
    return bus_meter_settings_change(meter, &changed) == 0 ? BUS_METER_NO_ERROR : ERROR_UNSPECIFIED;
}

/* An area of records that is broken anywhere is obeyed nowhere. */
static uint8_t records_obey(struct bus_meter *meter, struct span area)
{
    struct mbus_record records[RECORDS_LIMIT];
    struct mbus_record_reader reader = mbus_record_reader(area);
    uint8_t error = BUS_METER_NO_ERROR;
    size_t count = 0;
    int more;
    while (count < RECORDS_LIMIT && (more = mbus_record_next(&reader, &records[count], NULL)) != 0) {
        if (more < 0)
            return ERROR_RECORD_END;
        count++;
    }
    if (reader.data_at < area.size)
        return ERROR_RECORDS;
    for (size_t i = 0; i < count && error == BUS_METER_NO_ERROR; i++) {
        struct item item;
        mbus_record_item(&records[i], &item);
        error = record_obey(meter, &records[i], &item);
    }
    return error;
}

/* What was not done is acknowledged all the same and told with the next data (EN 13757-3 clause 8). */
static void order_obey(struct bus_meter *meter, const struct mbus_frame *frame)
{
    struct mbus_message message;
    uint8_t error = ERROR_CI;
    if (mbus_message_decode(frame, &message, NULL) == 0) {
        if (message.content == MBUS_CONTENT_RESET) {
            readout_restart(&meter->link);
            return;
        }
        if (frame->ci == MBUS_CI_DATA_SEND)
            error = records_obey(meter, message.body);
    }
    meter->link.error = error;
}

static void select(struct bus_meter *meter, struct span selection, struct writer *out)
{
    meter->link.is_selected = selection_matches(meter, selection);
    if (!meter->link.is_selected)
        return;
    meter->link.has_fcb[1] = false;
    readout_restart(&meter->link);
    mbus_acknowledge_encode(out);
}

static void frame_obey(struct bus_meter *meter, const struct mbus_frame *frame, enum addressing by, struct writer *out)
{
    bool repeated;
    switch (frame->control & FUNCTION_MASK) {
    case MBUS_SND_NKE &FUNCTION_MASK:
        link_reset(meter, by, out);
        break;
    case MBUS_SND_UD &FUNCTION_MASK:
        repeated = is_repeated(meter, by, frame->control);
        if (!repeated && frame->kind != MBUS_FRAME_SHORT)
            order_obey(meter, frame);
        mbus_acknowledge_encode(out);
        break;
    case MBUS_REQ_UD1 &FUNCTION_MASK:
        mbus_acknowledge_encode(out); /* no alarm data */
        break;
    case MBUS_REQ_UD2 &FUNCTION_MASK:
        repeated = is_repeated(meter, by, frame->control);
        data_answer(meter, repeated, out);
        break;
    default:
        break;
    }
}

bool bus_meter_mbus_receive(struct bus_meter *meter, struct span burst, struct writer *out)
{
    struct mbus_frame frame;
    size_t skip = 0, start = out->size;
    size_t size = mbus_frame_find(burst, &skip);
    if (size == 0 || mbus_frame_decode(span_of_bytes(burst.bytes + skip, size), &frame, NULL) < 0)
        return false;
    if (frame.kind == MBUS_FRAME_ACKNOWLEDGE || (frame.control & MBUS_CONTROL_FROM_MASTER) == 0)
        return true;
    if (frame.address == MBUS_ADDRESS_SECONDARY && frame.kind == MBUS_FRAME_LONG && frame.ci == MBUS_CI_SELECT) {
        select(meter, frame.data, out);
        return true;
    }
    enum addressing by = addressing_of(meter, frame.address);
    if (by != BY_NOBODY)
        frame_obey(meter, &frame, by, out);
    if (by == BY_BROADCAST)
        out->size = start;
    return true;
}
