/* The whole firmware of an example meter: board, module, core, and a loop that sleeps. */
#include "meter/core/meter.h"
#include "meter/port/cortex_m/board.h"
#include "meter/port/cortex_m/modem_link.h"

static struct meter meter;
static struct meter_hal hal;
static struct meter_signal signal_now;
static struct modem_link modem;

static void byte_send(uint8_t byte)
{
    uint8_t escaped[2];
    int count = modem_link_escape(byte, escaped);
    for (int i = 0; i < count; i++)
        board_byte_write(escaped[i]);
}

static void frame_send(enum modem_frame_kind kind, struct span content)
{
    board_byte_write(MODEM_FRAME_END);
    byte_send((uint8_t)kind);
    for (size_t i = 0; i < content.size; i++)
        byte_send(content.bytes[i]);
    board_byte_write(MODEM_FRAME_END);
}

static void radio_open(void *context)
{
    (void)context;
    frame_send(MODEM_OPEN, span_of_bytes(NULL, 0));
}

static void radio_close(void *context)
{
    (void)context;
    frame_send(MODEM_CLOSE, span_of_bytes(NULL, 0));
}

static void radio_send(void *context, struct span bytes, enum meter_release release)
{
    (void)context;
    frame_send(release == METER_RELEASE_NO_ANSWER ? MODEM_LAST : MODEM_MESSAGE, bytes);
}

static void radio_signal(void *context, struct meter_signal *out)
{
    (void)context;
    *out = signal_now;
}

static void radio_forget_frequencies(void *context)
{
    (void)context;
    frame_send(MODEM_FORGET, span_of_bytes(NULL, 0));
}

static void display(void *context, const struct meter_display *shown)
{
    (void)context;
    (void)shown;
}

static void frame_receive(struct span frame, int64_t now_ms)
{
    struct span content = span_of_bytes(frame.bytes + 1, frame.size - 1);
    switch (frame.bytes[0]) {
    case MODEM_MESSAGE:
        meter_radio_received(&meter, content, now_ms);
        break;
    case MODEM_ATTACHED:
    case MODEM_DETACHED:
        meter_radio_attached(&meter, frame.bytes[0] == MODEM_ATTACHED, now_ms);
        break;
    case MODEM_SIGNAL:
        (void)modem_link_signal(content, &signal_now);
        break;
    default:
        break;
    }
}

/* True when something happened that asks for a step. */
static bool events_take(int64_t now_ms)
{
    int32_t pulses = board_pulses_take();
    bool happened = pulses > 0;
    uint8_t byte = 0;
    uint16_t size = 0;
    if (happened)
        meter_pulse(&meter, pulses, now_ms);
    while (board_byte_take(&byte)) {
        if (modem_link_take(&modem, byte, &size)) {
            frame_receive(span_of_bytes(modem.bytes, size), now_ms);
            happened = true;
        }
    }
    return happened;
}

int main(void)
{
    struct meter_config config = meter_config_default();
    board_open();
    board_hal_fill(&hal);
    hal.radio_open = radio_open;
    hal.radio_close = radio_close;
    hal.radio_send = radio_send;
    hal.radio_signal = radio_signal;
    hal.radio_forget_frequencies = radio_forget_frequencies;
    hal.display = display;
    config.imei = "861234567890123";
    config.meter_number = "20261100000001";
    int64_t due_ms = board_now_ms();
    if (meter_open(&meter, &config, &hal, due_ms) == METER_ERR_CONFIG)
        return 1;
    for (;;) {
        int64_t now_ms = board_now_ms();
        if (events_take(now_ms) || now_ms >= due_ms)
            due_ms = meter_step(&meter, now_ms);
        board_sleep();
    }
}
