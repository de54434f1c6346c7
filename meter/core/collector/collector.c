#include "meter/core/collector/collector.h"

#include <string.h>

#include "codec/cjt188/cjt188_message.h"
#include "codec/dlt645/dlt645_request.h"
#include "meter/core/collector/collector_internal.h"

#define SECTOR_SMALLEST 2048 /* the whole archive takes 1,000 bytes of a sector */
#define MS_PER_MINUTE 60000
#define BITS_PER_BYTE 11
#define BAUD_USUAL 2400
#define DI_FORWARD_ENERGY 0x00010000
#define DI_FORWARD_ENERGY_1997 0x9010

/* A frame of either protocol in what was heard. */
struct heard_frame {
    struct span bytes; /* with its wake-up bytes, as it came */
    bool is_cjt188;
    bool is_answer;
    bool is_abnormal;
    struct dlt645_frame dlt645;
    struct cjt188_frame cjt188;
};

/* The first whole frame of a stream. returns bytes up to its end; 0 none */
static size_t frame_take(struct span stream, struct heard_frame *out)
{
    size_t skip = 0;
    size_t size = dlt645_frame_take(stream, &skip, &out->dlt645);
    out->is_cjt188 = size == 0;
    if (out->is_cjt188)
        size = cjt188_frame_take(stream, &skip, &out->cjt188);
    if (size == 0)
        return 0;
    uint8_t control = out->is_cjt188 ? out->cjt188.control : out->dlt645.control;
    out->is_answer = (control & DLT645_CONTROL_ANSWER) != 0; /* the same bits in both */
    out->is_abnormal = (control & DLT645_CONTROL_ABNORMAL) != 0;
    out->bytes = span_of_bytes(stream.bytes + skip, size);
    return skip + size;
}

static struct dlt645_address address_of(const struct collector_entry *entry)
{
    struct dlt645_address address;
    memcpy(address.bytes, entry->address, sizeof address.bytes);
    return address;
}

static bool cjt188_matches(const struct collector_entry *entry, const struct cjt188_frame *frame)
{
    if (frame->meter_type != CJT188_WILDCARD && frame->meter_type != entry->type)
        return false;
    for (size_t i = 0; i < CJT188_ADDRESS_SIZE; i++)
        if (frame->address[i] != CJT188_WILDCARD && frame->address[i] != entry->address[i])
            return false;
    return true;
}

/* Whether a frame means a meter, or comes from it. */
static bool entry_matches(const struct collector_entry *entry, const struct heard_frame *frame)
{
    struct dlt645_address own = address_of(entry);
    if (entry->protocol == COLLECTOR_NONE || (entry->protocol == COLLECTOR_CJT188) != frame->is_cjt188)
        return false;
    if (frame->is_cjt188)
        return cjt188_matches(entry, &frame->cjt188);
    return dlt645_address_matches(&frame->dlt645.address, &own);
}

/* The one meter that is meant: where wild cards mean several, none is asked, for their answers would meet. */
static uint8_t place_find(const struct collector *collector, const struct heard_frame *frame)
{
    uint8_t found = COLLECTOR_PLACE_NONE;
    for (uint8_t place = 0; place < COLLECTOR_METER_LIMIT; place++) {
        if (!entry_matches(&collector->entries[place], frame))
            continue;
        if (found != COLLECTOR_PLACE_NONE)
            return COLLECTOR_PLACE_NONE;
        found = place;
    }
    return found;
}

bool collector_is_busy(const struct collector *collector)
{
    return collector->asker != COLLECTOR_IDLE;
}

static uint32_t baud_of(const struct collector_entry *entry)
{
    return entry->protocol != COLLECTOR_NONE ? entry->baud_100 * 100u : BAUD_USUAL;
}

static int64_t bytes_ms(size_t count, uint32_t baud)
{
    return (int64_t)count * BITS_PER_BYTE * 1000 / baud + 1;
}

static void meter_ask(struct collector *collector, uint8_t place, enum collector_asker asker, struct span bytes)
{
    uint32_t baud = baud_of(&collector->entries[place]);
    int64_t start_ms = collector->broadcast_ms > collector->now_ms ? collector->broadcast_ms : collector->now_ms;
    collector->asker = (uint8_t)asker;
    collector->place = place;
    collector->heard_size = 0;
    collector->deadline_ms = start_ms + bytes_ms(bytes.size, baud) + collector->config.answer_ms;
    collector->hal->lower_send(collector->hal->context, bytes, baud);
}

static void forward(struct collector *collector, uint8_t place, struct span bytes)
{
    collector->counts.down++;
    meter_ask(collector, place, COLLECTOR_FOR_UPPER, bytes);
}

/* Down once at every speed that the archive has; nobody answers. */
static void broadcast_send(struct collector *collector, struct span bytes)
{
    collector->broadcast_ms = collector->now_ms;
    for (uint8_t place = 0; place < COLLECTOR_METER_LIMIT; place++) {
        const struct collector_entry *entry = &collector->entries[place];
        bool is_first = entry->protocol == COLLECTOR_DLT645_2007 || entry->protocol == COLLECTOR_DLT645_1997;
        for (uint8_t before = 0; before < place && is_first; before++)
            is_first = collector->entries[before].protocol == COLLECTOR_NONE ||
                       collector->entries[before].protocol == COLLECTOR_CJT188 ||
                       collector->entries[before].baud_100 != entry->baud_100;
        if (!is_first)
            continue;
        collector->hal->lower_send(collector->hal->context, bytes, baud_of(entry));
        collector->broadcast_ms += bytes_ms(bytes.size, baud_of(entry));
    }
    collector->counts.down++;
}

/* The line is free: what waits goes first, a broadcast before a request. */
static void line_release(struct collector *collector)
{
    collector->asker = COLLECTOR_IDLE;
    if (collector->broadcast_size > 0)
        broadcast_send(collector, span_of_bytes(collector->broadcast, collector->broadcast_size));
    collector->broadcast_size = 0;
    if (collector->waiting_size == 0)
        return;
    struct span waiting = span_of_bytes(collector->waiting, collector->waiting_size);
    collector->waiting_size = 0;
    if (collector->entries[collector->waiting_place].protocol != COLLECTOR_NONE)
        forward(collector, collector->waiting_place, waiting);
}

/* A request while the line is busy waits; a newer one takes its place, as the upper side has given up the older. */
static void request_pass(struct collector *collector, const struct heard_frame *frame)
{
    uint8_t place = place_find(collector, frame);
    if (place == COLLECTOR_PLACE_NONE || frame->bytes.size > COLLECTOR_FRAME_LIMIT)
        return;
    if (!collector_is_busy(collector)) {
        forward(collector, place, frame->bytes);
        return;
    }
    memcpy(collector->waiting, frame->bytes.bytes, frame->bytes.size);
    collector->waiting_size = (uint16_t)frame->bytes.size;
    collector->waiting_place = place;
}

/* Nobody answers it, so no newer request says that it was given up: it waits beside one. */
static void broadcast_pass(struct collector *collector, struct span bytes)
{
    if (!collector_is_busy(collector)) {
        broadcast_send(collector, bytes);
        return;
    }
    if (bytes.size > sizeof collector->broadcast)
        return;
    memcpy(collector->broadcast, bytes.bytes, bytes.size);
    collector->broadcast_size = (uint8_t)bytes.size;
}

static void own_answer(struct collector *collector, const struct dlt645_frame *frame)
{
    uint8_t bytes[DLT645_FRAME_SIZE_MAX];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    collector_own_answer(collector, frame, &out);
    if (out.size > 0)
        collector->hal->upper_send(collector->hal->context, writer_span(&out));
}

static void upper_frame(struct collector *collector, const struct heard_frame *frame)
{
    const struct dlt645_address *address = &frame->dlt645.address;
    if (frame->is_answer)
        return;
    if (frame->is_cjt188)
        request_pass(collector, frame);
    else if (memcmp(address, &dlt645_address_broadcast, sizeof *address) == 0)
        broadcast_pass(collector, frame->bytes);
    else if (memcmp(address, &collector->address, sizeof *address) == 0)
        own_answer(collector, &frame->dlt645);
    else if (memcmp(address, &dlt645_address_any, sizeof *address) != 0)
        request_pass(collector, frame);
    else if ((frame->dlt645.control & DLT645_CONTROL_FUNCTION) == DLT645_READ_ADDRESS)
        own_answer(collector, &frame->dlt645);
}

void collector_upper_receive(struct collector *collector, struct span bytes, int64_t now_ms)
{
    struct heard_frame frame;
    size_t taken;
    (void)collector_step(collector, now_ms);
    while ((taken = frame_take(bytes, &frame)) > 0) {
        upper_frame(collector, &frame);
        bytes = span_of_bytes(bytes.bytes + taken, bytes.size - taken);
    }
}

/* What a poll brought is kept; abnormal answers and long ones are not. */
static void answer_keep(struct collector *collector, const struct heard_frame *frame)
{
    struct collector_cached *cached = &collector->cached[collector->place];
    if (frame->is_abnormal || frame->bytes.size > sizeof cached->bytes)
        return;
    cached->heard_ms = collector->now_ms;
    cached->size = (uint8_t)frame->bytes.size;
    memcpy(cached->bytes, frame->bytes.bytes, frame->bytes.size);
}

/* The meter that was asked. */
static bool is_expected(const struct collector *collector, const struct heard_frame *frame)
{
    const struct collector_entry *entry = &collector->entries[collector->place];
    struct dlt645_address asked = address_of(entry);
    if ((entry->protocol == COLLECTOR_CJT188) != frame->is_cjt188)
        return false;
    if (frame->is_cjt188)
        return memcmp(frame->cjt188.address, entry->address, CJT188_ADDRESS_SIZE) == 0;
    return dlt645_address_matches(&asked, &frame->dlt645.address) ||
           dlt645_address_matches(&frame->dlt645.address, &asked); /* some echo the wild cards of the request */
}

static void answer_take(struct collector *collector, const struct heard_frame *frame)
{
    if (collector->asker == COLLECTOR_FOR_UPPER) {
        collector->counts.up++;
        collector->hal->upper_send(collector->hal->context, frame->bytes);
    } else {
        answer_keep(collector, frame);
    }
    line_release(collector);
}

static void heard_add(struct collector *collector, struct span bytes)
{
    size_t room = sizeof collector->heard - collector->heard_size;
    size_t size = bytes.size < room ? bytes.size : room;
    memcpy(collector->heard + collector->heard_size, bytes.bytes, size);
    collector->heard_size = (uint16_t)(collector->heard_size + size);
}

static void heard_drop(struct collector *collector, size_t size)
{
    collector->heard_size = (uint16_t)(collector->heard_size - size);
    memmove(collector->heard, collector->heard + size, collector->heard_size);
}

/* Our own request comes back from a converter with echo: no answer, passed over. */
void collector_lower_receive(struct collector *collector, struct span bytes, int64_t now_ms)
{
    struct heard_frame frame;
    size_t taken;
    (void)collector_step(collector, now_ms);
    if (!collector_is_busy(collector) || bytes.size == 0)
        return;
    heard_add(collector, bytes);
    while ((taken = frame_take(span_of_bytes(collector->heard, collector->heard_size), &frame)) > 0) {
        if (frame.is_answer && is_expected(collector, &frame)) {
            answer_take(collector, &frame);
            return;
        }
        collector->counts.foreign += frame.is_answer;
        heard_drop(collector, taken);
    }
}

/* The reading that most masters ask for first. */
static void poll_encode(const struct collector_entry *entry, uint8_t serial, struct writer *out)
{
    struct dlt645_address address = address_of(entry);
    struct cjt188_link link = { entry->type, { 0 }, serial, 0, NULL };
    int error;
    memcpy(link.address, entry->address, sizeof link.address);
    if (entry->protocol == COLLECTOR_CJT188)
        error = cjt188_request_encode(&link, CJT188_METERING, NULL, 0, out);
    else if (entry->protocol == COLLECTOR_DLT645_2007)
        error = dlt645_read_request_encode(DLT645_2007, &address, DI_FORWARD_ENERGY, out);
    else
        error = dlt645_read_request_encode(DLT645_1997, &address, DI_FORWARD_ENERGY_1997, out);
    if (error < 0)
        out->size = 0;
}

static unsigned meter_count(const struct collector *collector)
{
    unsigned count = 0;
    for (size_t i = 0; i < COLLECTOR_METER_LIMIT; i++)
        count += collector->entries[i].protocol != COLLECTOR_NONE;
    return count;
}

/* The next meter of the round; the rounds are spread evenly over their time. */
static void poll(struct collector *collector)
{
    uint8_t bytes[COLLECTOR_FRAME_LIMIT];
    struct writer request = writer_of_buffer(bytes, sizeof bytes);
    unsigned count = meter_count(collector);
    if (count == 0)
        return;
    do
        collector->poll_place = (uint8_t)((collector->poll_place + 1) % COLLECTOR_METER_LIMIT);
    while (collector->entries[collector->poll_place].protocol == COLLECTOR_NONE);
    collector->poll_due_ms = collector->now_ms + (int64_t)collector->poll_minutes * MS_PER_MINUTE / count;
    poll_encode(&collector->entries[collector->poll_place], collector->poll_serial++, &request);
    meter_ask(collector, collector->poll_place, COLLECTOR_FOR_CACHE, writer_span(&request));
}

int64_t collector_step(struct collector *collector, int64_t now_ms)
{
    bool polls = collector->poll_minutes > 0 && meter_count(collector) > 0;
    if (now_ms > collector->now_ms)
        collector->now_ms = now_ms;
    if (collector_is_busy(collector) && collector->now_ms >= collector->deadline_ms) {
        collector->counts.unanswered++;
        line_release(collector);
    }
    if (!collector_is_busy(collector) && polls && collector->now_ms >= collector->poll_due_ms)
        poll(collector);
    if (collector_is_busy(collector))
        return collector->deadline_ms;
    return polls ? collector->poll_due_ms : INT64_MAX;
}

int collector_open(struct collector *collector, const struct collector_hal *hal, const struct collector_config *config,
                   int64_t now_ms)
{
    memset(collector, 0, sizeof *collector);
    if (config->answer_ms < COLLECTOR_ANSWER_LOWEST_MS || config->answer_ms > COLLECTOR_ANSWER_HIGHEST_MS ||
        hal->flash->flash.sector_size < SECTOR_SMALLEST)
        return COLLECTOR_ERR_CONFIG;
    collector->hal = hal;
    collector->config = *config;
    collector->address = config->address;
    collector->now_ms = now_ms;
    collector->poll_due_ms = now_ms;
    collector->poll_place = COLLECTOR_METER_LIMIT - 1;
    return collector_load(collector);
}
