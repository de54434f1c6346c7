/* The questions of a meter's turn, by protocol, and what is taken from the answers. */
#include <string.h>

#include "base/calendar.h"
#include "codec/bcd/bcd.h"
#include "codec/cjt188/cjt188_item.h"
#include "codec/cjt188/cjt188_message.h"
#include "codec/dlt645/dlt645_message.h"
#include "codec/dlt645/dlt645_request.h"
#include "meter/core/concentrator/concentrator_internal.h"

#define WAKE_UP_COUNT 4
#define FREEZE_NUMBER_LIMIT 62 /* daily freezes that a meter of 2007 keeps */
#define INSTANT_NUMBER_LIMIT 3 /* commanded freezes that it keeps */
#define INSTANT_APART_S 3600   /* of a midnight, by the meter's clock */
#define FREEZE_PATIENCE_S 3600 /* a meter that has not frozen by then has another source */
#define FREEZE_AGAIN_S 300
#define STORE_AGAIN_S 600
#define NOON_HOUR 12
#define FOREIGN_S 3600
#define ENERGY_SIZE 4
#define ENERGY_DECIMALS 2
#define RELAY_BIT 0x10
#define RELAY_ON 0x11
#define RELAY_OFF 0x00
#define CURVE_WINDOW_S 900 /* a register read so long after the hour stands for it */
#define CURVE_DECIMALS 2
#define HOUR_S 3600
#define ENTRY_TYPE ENTRY_PASSWORD        /* CJ/T 188: meter type T; 0 any */
#define ENTRY_MAKER (ENTRY_PASSWORD + 1) /* A6 */
#define COUNT_OF(rows) (sizeof(rows) / sizeof(rows)[0])

enum question_kind { ASK_FORWARD, ASK_TOTAL, ASK_REVERSE, ASK_FREEZE_TIME, ASK_SAMPLE, ASK_RELAY };

struct question {
    uint8_t kind; /* enum question_kind */
    uint8_t size; /* bytes of the values, at most */
    uint8_t at;   /* of ASK_SAMPLE: where they stand in F25 */
    uint32_t identifier;
};

struct questions {
    const struct question *rows;
    size_t count;
};

/* Forward total and tariffs in one block; meters that refuse blocks are asked for the total alone. */
static const struct question current_2007[] = {
    { ASK_FORWARD, 20, 0, 0x0001ff00 },
    { ASK_TOTAL, 4, 0, 0x00010000 },
    { ASK_REVERSE, 4, 0, 0x00020000 },
};
/* Identifiers 05 kind item n: kind and n are added. */
static const struct question freeze_2007[] = {
    { ASK_FREEZE_TIME, 5, 0, 0x05000000 },
    { ASK_FORWARD, 20, 0, 0x05000100 },
    { ASK_REVERSE, 20, 0, 0x05000200 },
};
/* Total and phases A to C each, in the digits of F25. */
static const struct question sample_2007[] = {
    { ASK_SAMPLE, 12, 0, 0x0203ff00 }, { ASK_SAMPLE, 12, 12, 0x0204ff00 }, { ASK_SAMPLE, 8, 24, 0x0206ff00 },
    { ASK_SAMPLE, 6, 32, 0x0201ff00 }, { ASK_SAMPLE, 9, 38, 0x0202ff00 },  { ASK_SAMPLE, 12, 50, 0x0205ff00 },
};
static const struct question relay_2007[] = { { ASK_RELAY, 2, 0, 0x04000503 } };
static const struct question current_1997[] = {
    { ASK_FORWARD, 20, 0, 0x901f },
    { ASK_TOTAL, 4, 0, 0x9010 },
    { ASK_REVERSE, 4, 0, 0x9020 },
};
static const struct question current_188[] = { { ASK_FORWARD, 60, 0, CJT188_METERING } };

#define QUESTIONS(rows) \
    { \
        rows, COUNT_OF(rows) \
    }

static bool is_2007(const struct concentrator_meter *meter)
{
    return meter_protocol(meter) == CONCENTRATOR_PROTOCOL_DLT645_2007 ||
           meter_protocol(meter) == CONCENTRATOR_PROTOCOL_CARRIER;
}

static bool is_bus(const struct concentrator_meter *meter)
{
    return meter_protocol(meter) == CONCENTRATOR_PROTOCOL_CJT188;
}

static struct questions questions_of(const struct concentrator_meter *meter, const struct concentrator_turn *turn)
{
    static const struct questions current[] = { QUESTIONS(current_2007), QUESTIONS(current_1997),
                                                QUESTIONS(current_188) };
    static const struct questions freeze = QUESTIONS(freeze_2007), sample = QUESTIONS(sample_2007),
                                  relay = QUESTIONS(relay_2007), none = { NULL, 0 };

    if (turn->want == WANT_FREEZE && meter->freeze_source != FREEZE_REGISTER)
        return freeze;
    if (turn->want == WANT_SAMPLE)
        return is_2007(meter) ? sample : none;
    if (turn->want == WANT_RELAY && !is_bus(meter))
        return is_2007(meter) ? relay : none;
    return current[is_2007(meter) ? 0 : is_bus(meter) ? 2 : 1];
}

/* The freeze's kind (daily 06, instant 01) and number. */
static uint32_t identifier_of(const struct concentrator_meter *meter, const struct concentrator_turn *turn,
                              const struct question *question)
{
    uint32_t kind = meter->freeze_source == FREEZE_INSTANT ? 1 : 6;

    if (turn->want != WANT_FREEZE || meter->freeze_source == FREEZE_REGISTER)
        return question->identifier;
    return question->identifier | kind << 16 | turn->number;
}

static struct dlt645_address address_645(const struct concentrator_meter *meter)
{
    struct dlt645_address address;
    memcpy(address.bytes, meter->entry + ENTRY_ADDRESS, sizeof address.bytes);
    return address;
}

static struct cjt188_link link_188(const struct concentrator_port *port, const struct concentrator_meter *meter)
{
    struct cjt188_link link;

    memset(&link, 0, sizeof link);
    link.meter_type = meter->entry[ENTRY_TYPE] == 0 ? CJT188_WILDCARD : meter->entry[ENTRY_TYPE];
    memcpy(link.address, meter->entry + ENTRY_ADDRESS, CJT188_ADDRESS_SIZE - 1);
    link.address[CJT188_ADDRESS_SIZE - 1] = meter->entry[ENTRY_MAKER];
    link.serial = port->serial;
    link.preamble_size = WAKE_UP_COUNT;
    return link;
}

/* A place for the voltages and powers of a point: its own, or the oldest. */
static struct concentrator_sample *sample_claim(struct concentrator *concentrator, uint16_t point)
{
    struct concentrator_sample *sample = sample_of_point(concentrator, point);

    for (int i = 0; i < CONCENTRATOR_SAMPLE_LIMIT && sample == NULL; i++)
        if (concentrator->samples[i].point == 0)
            sample = &concentrator->samples[i];
    if (sample == NULL)
        sample = &concentrator->samples[0];
    for (int i = 0; i < CONCENTRATOR_SAMPLE_LIMIT && sample->point != point && sample->point != 0; i++)
        if (concentrator->samples[i].read_s < sample->read_s)
            sample = &concentrator->samples[i];
    sample->point = point;
    return sample;
}

static void turn_prepare(struct concentrator *concentrator, struct concentrator_port *port)
{
    struct concentrator_turn *turn = &port->turn;

    if (turn->step > 0 || turn->tries > 0 || turn->is_found)
        return;
    memset(turn->registers.values, 0xff, sizeof turn->registers.values);
    if (turn->want == WANT_SAMPLE) {
        struct concentrator_sample *sample =
            sample_claim(concentrator, meter_point(&concentrator->meters[turn->meter]));
        memset(sample->bytes, MISSING_BYTE, sizeof sample->bytes);
        sample->read_s = 0;
    }
}

static void ask_645(const struct concentrator_meter *meter, uint32_t identifier, struct writer *out)
{
    struct dlt645_address address = address_645(meter);

    for (int i = 0; i < WAKE_UP_COUNT; i++)
        writer_put_u8(out, DLT645_WAKE_UP);
    (void)!dlt645_read_request_encode(is_2007(meter) ? DLT645_2007 : DLT645_1997, &address, identifier, out);
}

size_t reading_ask(struct concentrator *concentrator, struct concentrator_port *port, struct writer *out)
{
    const struct concentrator_meter *meter = &concentrator->meters[port->turn.meter];
    struct questions questions = questions_of(meter, &port->turn);

    turn_prepare(concentrator, port);
    if (port->turn.step >= questions.count)
        return 0;
    const struct question *question = &questions.rows[port->turn.step];
    if (is_bus(meter)) {
        port->serial++;
        struct cjt188_link link = link_188(port, meter);
        (void)!cjt188_request_encode(&link, (uint16_t)question->identifier, NULL, 0, out);
        return (size_t)question->size + CJT188_FRAME_MINIMUM + WAKE_UP_COUNT;
    }
    ask_645(meter, identifier_of(meter, &port->turn, question), out);
    return (size_t)question->size + DLT645_FRAME_SIZE_MIN + 4 + WAKE_UP_COUNT;
}

struct concentrator_line reading_line(const struct concentrator *concentrator, const struct concentrator_port *port,
                                      const struct concentrator_meter *meter)
{
    static const uint32_t bauds[] = { 0, 600, 1200, 2400, 4800, 7200, 9600, 19200 };
    struct concentrator_line line = { 0, CONCENTRATOR_PARITY_EVEN, 8, 1 };

    line.baud = bauds[meter->entry[ENTRY_PORT] >> 5];
    if (line.baud == 0)
        line.baud = concentrator->config.ports[port - concentrator->ports].baud;
    return line;
}

void reading_freeze_write(struct writer *out)
{
    static const struct dlt645_freeze_time now = { 99, 99, 99, 99 };

    for (int i = 0; i < WAKE_UP_COUNT; i++)
        writer_put_u8(out, DLT645_WAKE_UP);
    (void)!dlt645_freeze_request_encode(&dlt645_address_broadcast, &now, out);
}

void reading_clock_write(const struct concentrator *concentrator, struct writer *out)
{
    struct item_time time = item_time_of_unix(clock_now_s(concentrator) + concentrator->config.zone_offset_s);

    time.is_utc = 0;
    time.parts = ITEM_TIME_SECOND;
    for (int i = 0; i < WAKE_UP_COUNT; i++)
        writer_put_u8(out, DLT645_WAKE_UP);
    (void)!dlt645_time_request_encode(&dlt645_address_broadcast, &time, out);
}

/* A register of four bytes at place `i` of a block; missing where it has none. */
static uint32_t energy_at(struct span values, size_t i)
{
    int64_t number = values.size < (i + 1) * ENERGY_SIZE ? -1 : bcd_read_4(values.bytes + i * ENERGY_SIZE);
    return number < 0 ? CONCENTRATOR_VALUE_MISSING : (uint32_t)number;
}

static void forward_take(struct concentrator_turn *turn, struct span values)
{
    turn->registers.decimals = ENERGY_DECIMALS;
    for (size_t i = 0; i <= CONCENTRATOR_TARIFF_LIMIT; i++)
        turn->registers.values[i] = energy_at(values, i);
}

static void sample_take(struct concentrator *concentrator, const struct concentrator_turn *turn,
                        const struct question *question, struct span values)
{
    struct concentrator_sample *sample = sample_of_point(concentrator, meter_point(&concentrator->meters[turn->meter]));
    size_t size = values.size < question->size ? values.size : question->size;

    if (sample != NULL)
        memcpy(sample->bytes + question->at, values.bytes, size);
}

static void relay_set(struct concentrator *concentrator, struct concentrator_meter *meter, bool is_on)
{
    meter->relay_known = true;
    meter->relay_state = is_on ? RELAY_ON : RELAY_OFF;
    meter->relay_s = (uint32_t)clock_now_s(concentrator);
}

/* The meter has no freeze of this day, or none at all of this kind: the next source is tried with the newest day, an
 * older one is lost. */
static enum reading_result freeze_missing(struct concentrator *concentrator, struct concentrator_port *port)
{
    struct concentrator_meter *meter = &concentrator->meters[port->turn.meter];
    int64_t back = (int64_t)concentrator->newest_day - port->turn.day;

    port->turn.is_found = false;
    if (back > 0 && back < 32)
        meter->days_lost |= UINT32_C(1) << back;
    else if (meter->freeze_source < FREEZE_REGISTER)
        meter->freeze_source++;
    return READING_ENDED;
}

/* Right behind midnight a meter whose clock is behind has not frozen yet. */
static enum reading_result freeze_behind(struct concentrator *concentrator, struct concentrator_port *port)
{
    int64_t passed_s = clock_now_s(concentrator) - clock_midnight(concentrator, port->turn.day + 1);

    if (passed_s >= FREEZE_PATIENCE_S)
        return freeze_missing(concentrator, port);
    concentrator->meters[port->turn.meter].retry_s = steady_s(concentrator) + FREEZE_AGAIN_S;
    return READING_LATER;
}

/* A commanded freeze stands for a midnight when it was taken around it; behind one that was taken later, the midnight's
 * may stand. */
static enum reading_result instant_time_take(struct concentrator *concentrator, struct concentrator_port *port,
                                             int64_t frozen_s)
{
    struct concentrator_turn *turn = &port->turn;
    int64_t behind_s = frozen_s - clock_midnight(concentrator, turn->day + 1);

    if (behind_s < -INSTANT_APART_S)
        return turn->number == 1 ? freeze_behind(concentrator, port) : freeze_missing(concentrator, port);
    if (behind_s <= INSTANT_APART_S) {
        turn->is_found = true;
        return READING_NEXT;
    }
    if (turn->number >= INSTANT_NUMBER_LIMIT)
        return freeze_missing(concentrator, port);
    turn->number++;
    return READING_AGAIN;
}

/* The time of a freeze says which day it ended. Asked for the wrong number, the right one follows from the distance;
 * that is tried once. */
static enum reading_result freeze_time_take(struct concentrator *concentrator, struct concentrator_port *port,
                                            struct span values)
{
    struct concentrator_turn *turn = &port->turn;
    int64_t frozen_s = values.size >= 5 ? clock_take_minute(concentrator, values.bytes) : 0;

    if (frozen_s == 0)
        return freeze_missing(concentrator, port);
    if (concentrator->meters[turn->meter].freeze_source == FREEZE_INSTANT)
        return instant_time_take(concentrator, port, frozen_s);
    /* A meter that freezes a little before midnight means the midnight to come. */
    bool is_evening = clock_second(concentrator, frozen_s) >= NOON_HOUR * HOUR_S;
    int32_t ended = clock_day(concentrator, frozen_s) - (is_evening ? 0 : 1), number = turn->number + ended - turn->day;
    if (ended == turn->day) {
        turn->is_found = true;
        return READING_NEXT;
    }
    if (turn->number == 1 && ended < turn->day)
        return turn->day == concentrator->newest_day ? freeze_behind(concentrator, port)
                                                     : freeze_missing(concentrator, port);
    if (turn->awaits_other || number < 1 || number > FREEZE_NUMBER_LIMIT)
        return freeze_missing(concentrator, port);
    turn->awaits_other = true;
    turn->number = (uint8_t)number;
    return READING_AGAIN;
}

static enum reading_result values_take(struct concentrator *concentrator, struct concentrator_port *port,
                                       const struct question *question, struct span values)
{
    struct concentrator_turn *turn = &port->turn;

    switch ((enum question_kind)question->kind) {
    case ASK_FORWARD:
        forward_take(turn, values);
        /* The block makes the question for the total alone needless. */
        if (question[1].kind == ASK_TOTAL)
            turn->step++;
        break;
    case ASK_TOTAL:
        turn->registers.decimals = ENERGY_DECIMALS;
        turn->registers.values[REGISTER_TOTAL] = energy_at(values, 0);
        break;
    case ASK_REVERSE:
        turn->registers.values[REGISTER_REVERSE] = energy_at(values, 0);
        break;
    case ASK_FREEZE_TIME:
        return freeze_time_take(concentrator, port, values);
    case ASK_SAMPLE:
        sample_take(concentrator, turn, question, values);
        break;
    case ASK_RELAY:
        if (values.size >= 2)
            relay_set(concentrator, &concentrator->meters[turn->meter], (values.bytes[0] & RELAY_BIT) == 0);
        break;
    }
    return READING_NEXT;
}

/* The meter says that it has no such data. */
static enum reading_result refused(struct concentrator *concentrator, struct concentrator_port *port,
                                   const struct question *question)
{
    bool is_freeze = question->kind == ASK_FREEZE_TIME ||
                     (question->kind == ASK_FORWARD && port->turn.want == WANT_FREEZE && port->turn.is_found);
    return is_freeze ? freeze_missing(concentrator, port) : READING_NEXT;
}

/* Two meters with one address, or a line that leads elsewhere: refused, and said. */
static void foreign_note(struct concentrator *concentrator, struct concentrator_port *port, const uint8_t *address)
{
    uint8_t bytes[1 + DLT645_ADDRESS_SIZE];

    concentrator->counts.foreign++;
    if (port->foreign_s != 0 && steady_s(concentrator) - port->foreign_s < FOREIGN_S)
        return;
    port->foreign_s = steady_s(concentrator);
    bytes[0] = port->number;
    memcpy(bytes + 1, address, DLT645_ADDRESS_SIZE);
    event_note(concentrator, EVENT_UNKNOWN_METER, span_of_bytes(bytes, sizeof bytes));
}

static enum reading_result answer_645(struct concentrator *concentrator, struct concentrator_port *port,
                                      const struct question *question, const struct dlt645_frame *frame)
{
    const struct concentrator_meter *meter = &concentrator->meters[port->turn.meter];
    struct dlt645_address asked = address_645(meter);
    struct dlt645_message message;

    if ((frame->control & DLT645_CONTROL_ANSWER) == 0)
        return READING_IGNORED;
    if (!dlt645_address_matches(&asked, &frame->address)) {
        foreign_note(concentrator, port, frame->address.bytes);
        return READING_IGNORED;
    }
    dlt645_message_decode(frame, &message);
    if (message.direction == DLT645_ABNORMAL)
        return refused(concentrator, port, question);
    if (!message.has_identifier || message.identifier != identifier_of(meter, &port->turn, question))
        return READING_IGNORED;
    return values_take(concentrator, port, question, message.values);
}

/* Powers of ten that make a unit the one that is served: m3, kWh, GJ. */
static int unit_exponent(uint8_t unit)
{
    switch (unit) {
    case ITEM_UNIT_LITRE:
    case ITEM_UNIT_WH:
    case ITEM_UNIT_MJ:
        return -3;
    case ITEM_UNIT_MWH:
        return 3;
    default:
        return 0;
    }
}

static void register_set(const struct item *item, struct concentrator_registers *registers)
{
    int exponent = item->exponent + unit_exponent(item->unit);
    int64_t number = item->quality == ITEM_GOOD ? item->value : -1;

    for (; exponent > 0 && number >= 0 && number < CONCENTRATOR_VALUE_MISSING; exponent--)
        number *= 10;
    for (; exponent < -4; exponent++)
        number /= 10;
    bool fits = number >= 0 && number < CONCENTRATOR_VALUE_MISSING;
    registers->values[REGISTER_TOTAL] = fits ? (uint32_t)number : CONCENTRATOR_VALUE_MISSING;
    registers->decimals = (uint8_t)(exponent < 0 ? -exponent : 0);
}

/* What a customer pays for: the energy of a heat meter, the volume of the others. */
static bool is_main_register(const struct cjt188_type *type, const struct item *item)
{
    uint16_t wanted =
        (type->classes & CJT188_CLASS_HEAT) != 0 && type->classes != CJT188_CLASS_ANY ? type->energy : type->cumulative;
    return item->storage == 0 && item->kind == ITEM_KIND_NUMBER && item->quantity == wanted;
}

static void metering_take(struct concentrator *concentrator, struct concentrator_turn *turn,
                          const struct cjt188_frame *frame)
{
    struct item items[CJT188_ITEM_LIMIT];
    struct item_list list = item_list_of(items, CJT188_ITEM_LIMIT);
    bool is_found = false;

    (void)!cjt188_items_decode(frame, NULL, &list);
    for (size_t i = 0; i < list.count; i++) {
        if (!is_found && is_main_register(frame->type, &items[i])) {
            register_set(&items[i], &turn->registers);
            is_found = true;
        }
        if (items[i].quantity == ITEM_VALVE && items[i].value <= CJT188_VALVE_IS_CLOSED)
            relay_set(concentrator, &concentrator->meters[turn->meter], items[i].value == CJT188_VALVE_IS_OPEN);
    }
}

static enum reading_result answer_188(struct concentrator *concentrator, struct concentrator_port *port,
                                      const struct cjt188_frame *frame)
{
    struct cjt188_link link = link_188(port, &concentrator->meters[port->turn.meter]);

    if ((frame->control & CJT188_FROM_METER) == 0)
        return READING_IGNORED;
    if (memcmp(frame->address, link.address, CJT188_ADDRESS_SIZE) != 0) {
        foreign_note(concentrator, port, frame->address);
        return READING_IGNORED;
    }
    /* SER tells the answer to this question from a late one to the last. */
    if (frame->serial != port->serial)
        return READING_IGNORED;
    if ((frame->control & CJT188_ABNORMAL) == 0 && frame->identifier == CJT188_METERING)
        metering_take(concentrator, &port->turn, frame);
    return READING_NEXT;
}

enum reading_result reading_take(struct concentrator *concentrator, struct concentrator_port *port,
                                 struct span received, size_t *used)
{
    const struct concentrator_meter *meter = &concentrator->meters[port->turn.meter];
    struct questions questions = questions_of(meter, &port->turn);
    struct dlt645_frame frame_645;
    struct cjt188_frame frame_188;
    size_t skip, size;

    *used = received.size;
    if (port->turn.step >= questions.count)
        return READING_IGNORED;
    size =
        is_bus(meter) ? cjt188_frame_take(received, &skip, &frame_188) : dlt645_frame_take(received, &skip, &frame_645);
    *used = skip + size;
    if (size == 0)
        return READING_IGNORED;
    if (is_bus(meter))
        return answer_188(concentrator, port, &frame_188);
    return answer_645(concentrator, port, &questions.rows[port->turn.step], &frame_645);
}

/* A register that runs backwards is kept as it was read, and said (ERC27). */
static void decrease_note(struct concentrator *concentrator, const struct concentrator_meter *meter,
                          const struct concentrator_registers *now)
{
    uint8_t bytes[2 + 5 + 5];
    struct writer content = writer_of_buffer(bytes, sizeof bytes);
    uint32_t before = meter->registers.values[REGISTER_TOTAL], after = now->values[REGISTER_TOTAL];

    if (before == CONCENTRATOR_VALUE_MISSING || meter->registers.decimals != now->decimals || after >= before)
        return;
    writer_put_u16le(&content, (uint16_t)(meter_point(meter) | 0x8000u));
    value_put(before, now->decimals, 14, &content);
    value_put(after, now->decimals, 14, &content);
    event_note(concentrator, EVENT_REGISTER_DECREASED, writer_span(&content));
}

static void curve_keep(struct concentrator *concentrator, const struct concentrator_meter *meter, int64_t now_s)
{
    struct concentrator_curve *curve = meter->curve == CURVE_NONE ? NULL : &concentrator->curves[meter->curve];
    int32_t day = clock_day(concentrator, now_s), second = clock_second(concentrator, now_s);
    uint32_t value = meter->registers.values[REGISTER_TOTAL];
    size_t half = CONCENTRATOR_CURVE_POINTS / 2;

    if (curve == NULL || second % HOUR_S >= CURVE_WINDOW_S || value == CONCENTRATOR_VALUE_MISSING ||
        meter->registers.decimals != CURVE_DECIMALS)
        return;
    if (curve->day != day) {
        bool is_next = curve->day == day - 1;
        memmove(curve->values, curve->values + half, half * sizeof curve->values[0]);
        memset(is_next ? curve->values + half : curve->values, 0xff,
               (is_next ? half : CONCENTRATOR_CURVE_POINTS) * sizeof curve->values[0]);
        curve->day = day;
    }
    if (curve->values[half + (size_t)(second / HOUR_S)] == CONCENTRATOR_VALUE_MISSING)
        curve->values[half + (size_t)(second / HOUR_S)] = value;
}

static void freeze_keep(struct concentrator *concentrator, struct concentrator_meter *meter, int32_t day,
                        const struct concentrator_registers *registers)
{
    int64_t behind_s = clock_now_s(concentrator) - clock_midnight(concentrator, day + 1);
    struct concentrator_freeze freeze = { *registers, 0 };

    if (behind_s < 0)
        return;
    freeze.read_min = (uint16_t)(behind_s / 60 < UINT16_MAX ? behind_s / 60 : UINT16_MAX);
    if (shelf_put(concentrator, meter, day, &freeze) == 0) {
        concentrator->counts.freezes++;
        return;
    }
    meter->retry_s = steady_s(concentrator) + STORE_AGAIN_S;
    if (concentrator->fault_day != concentrator->newest_day) {
        concentrator->fault_day = concentrator->newest_day;
        event_fault(concentrator, FAULT_MEMORY);
    }
}

static void current_keep(struct concentrator *concentrator, struct concentrator_port *port,
                         struct concentrator_meter *meter)
{
    const struct concentrator_registers *registers = &port->turn.registers;
    int64_t now_s = clock_now_s(concentrator);

    if (meter->round != port->round)
        port->round_ok++;
    meter->round = port->round;
    if (registers->values[REGISTER_TOTAL] == CONCENTRATOR_VALUE_MISSING || now_s == 0)
        return;
    decrease_note(concentrator, meter, registers);
    meter->registers = *registers;
    meter->read_s = (uint32_t)now_s;
    curve_keep(concentrator, meter, now_s);
}

/* A register read right behind midnight is its freeze where the meter has no other (the task asks for it in time). */
void reading_keep(struct concentrator *concentrator, struct concentrator_port *port)
{
    struct concentrator_turn *turn = &port->turn;
    struct concentrator_meter *meter = &concentrator->meters[turn->meter];
    struct concentrator_sample *sample = sample_of_point(concentrator, meter_point(meter));
    bool has_total = turn->registers.values[REGISTER_TOTAL] != CONCENTRATOR_VALUE_MISSING;
    bool is_register = turn->want == WANT_FREEZE && meter->freeze_source == FREEZE_REGISTER && turn->number == 1;

    if (turn->want == WANT_SAMPLE && sample != NULL)
        sample->read_s = (uint32_t)clock_now_s(concentrator);
    if (turn->want == WANT_FREEZE && turn->is_found && has_total)
        freeze_keep(concentrator, meter, turn->day, &turn->registers);
    else if (is_register && has_total)
        freeze_keep(concentrator, meter, turn->day, &turn->registers);
    if (turn->want == WANT_CURRENT || (is_register && has_total))
        current_keep(concentrator, port, meter);
}
