#include "meter/port/cortex_m/board.h"

#include <string.h>

#include "meter/port/cortex_m/startup.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))

/* LM3S6965 data sheet: register maps of each module */
#define SYSTICK_CONTROL REGISTER(0xe000e010u)
#define SYSTICK_RELOAD REGISTER(0xe000e014u)
#define INTERRUPT_ENABLE REGISTER(0xe000e100u)
#define CLOCK_GATES_0 REGISTER(0x400fe100u)
#define CLOCK_GATES_1 REGISTER(0x400fe104u)
#define CLOCK_GATES_2 REGISTER(0x400fe108u)
#define FLASH_MICROSECOND REGISTER(0x400fe140u)
#define FLASH_ADDRESS REGISTER(0x400fd000u)
#define FLASH_DATA REGISTER(0x400fd004u)
#define FLASH_CONTROL REGISTER(0x400fd008u)
#define CLOCK_COUNTER REGISTER(0x400fc000u)
#define CLOCK_LOAD REGISTER(0x400fc00cu)
#define CLOCK_CONTROL REGISTER(0x400fc010u)
#define UART_DATA REGISTER(0x4000c000u)
#define UART_FLAGS REGISTER(0x4000c018u)
#define UART_LINE REGISTER(0x4000c02cu)
#define UART_CONTROL REGISTER(0x4000c030u)
#define ADC_ACTIVE REGISTER(0x40038000u)
#define ADC_INITIATE REGISTER(0x40038028u)
#define ADC_CONTROL_3 REGISTER(0x400380a4u)
#define ADC_FIFO_3 REGISTER(0x400380a8u)

#define GPIO_B 0x40005000u
#define GPIO_D 0x40007000u
#define GPIO_F 0x40025000u
#define GPIO_DATA(port, pins) REGISTER((port) + ((pins) << 2))
#define GPIO_DIRECTION(port) REGISTER((port) + 0x400u)
#define GPIO_MASK(port) REGISTER((port) + 0x410u)
#define GPIO_CLEAR(port) REGISTER((port) + 0x41cu)
#define GPIO_ENABLE(port) REGISTER((port) + 0x51cu)

#define PULSE_PIN 1u
#define MOTOR_PINS 3u
#define END_PINS 0xcu
#define END_OPEN 4u
#define END_CLOSED 8u
#define SENSOR_PINS 0xfu

#define CLOCK_HZ 12000000u
#define FLASH_KEY 0xa4420000u
#define FLASH_WRITE 1u
#define FLASH_ERASE 2u
#define UART_RECEIVE_EMPTY 0x10u
#define UART_TRANSMIT_FULL 0x20u
#define ADC_REFERENCE_MV 3000u
#define ADC_STEPS 1024u
#define SECTOR_SIZE 1024u
#define SECTOR_COUNT 8u

extern const uint8_t journal_start[]; /* lm3s6965.ld */

static volatile uint32_t ticks;  /* ms, wraps */
static volatile uint32_t pulses; /* counted, wraps */
static uint32_t ticks_seen, pulses_seen;
static int64_t now_ms;

void startup_tick(void)
{
    ticks++;
}

void startup_gpio(void)
{
    GPIO_CLEAR(GPIO_B) = PULSE_PIN;
    pulses++;
}

void board_open(void)
{
    CLOCK_GATES_0 |= 0x00010040u;
    CLOCK_GATES_1 |= 1u;
    CLOCK_GATES_2 |= 0x2bu;
    FLASH_MICROSECOND = CLOCK_HZ / 1000000u - 1u;
    CLOCK_CONTROL |= 0x41u;
    GPIO_DIRECTION(GPIO_D) = MOTOR_PINS;
    GPIO_ENABLE(GPIO_B) = PULSE_PIN;
    GPIO_ENABLE(GPIO_D) = MOTOR_PINS | END_PINS;
    GPIO_ENABLE(GPIO_F) = SENSOR_PINS;
    GPIO_MASK(GPIO_B) = PULSE_PIN;
    INTERRUPT_ENABLE = 2u;
    UART_LINE = 0x70u;
    UART_CONTROL = 0x301u;
    ADC_CONTROL_3 = 6u;
    ADC_ACTIVE = 8u;
    SYSTICK_RELOAD = CLOCK_HZ / 1000u - 1u;
    SYSTICK_CONTROL = 7u;
}

int64_t board_now_ms(void)
{
    uint32_t now = ticks;
    now_ms += (int64_t)(uint32_t)(now - ticks_seen);
    ticks_seen = now;
    return now_ms;
}

int32_t board_pulses_take(void)
{
    uint32_t now = pulses;
    uint32_t count = now - pulses_seen;
    pulses_seen = now;
    return (int32_t)count;
}

bool board_byte_take(uint8_t *byte)
{
    if ((UART_FLAGS & UART_RECEIVE_EMPTY) != 0)
        return false;
    *byte = (uint8_t)UART_DATA;
    return true;
}

void board_byte_write(uint8_t byte)
{
    while ((UART_FLAGS & UART_TRANSMIT_FULL) != 0)
        continue;
    UART_DATA = byte;
}

void board_sleep(void)
{
    __asm__ volatile("wfi");
}

static int64_t clock_read_s(void *context)
{
    (void)context;
    return (int64_t)CLOCK_COUNTER;
}

static void clock_write_s(void *context, int64_t clock_s)
{
    (void)context;
    CLOCK_LOAD = (uint32_t)clock_s;
}

static int flash_read(void *context, uint32_t offset, void *bytes, uint32_t size)
{
    (void)context;
    memcpy(bytes, journal_start + offset, size);
    return 0;
}

static int flash_program(void *context, uint32_t offset, const void *bytes, uint32_t size)
{
    const uint8_t *from = bytes;
    (void)context;
    for (uint32_t i = 0; i < size; i += 4) {
        uint32_t word = 0;
        memcpy(&word, from + i, sizeof word);
        FLASH_ADDRESS = (uint32_t)(uintptr_t)journal_start + offset + i;
        FLASH_DATA = word;
        FLASH_CONTROL = FLASH_KEY | FLASH_WRITE;
        while ((FLASH_CONTROL & FLASH_WRITE) != 0)
            continue;
    }
    return 0;
}

static int flash_erase(void *context, uint16_t sector)
{
    (void)context;
    FLASH_ADDRESS = (uint32_t)(uintptr_t)journal_start + sector * SECTOR_SIZE;
    FLASH_CONTROL = FLASH_KEY | FLASH_ERASE;
    while ((FLASH_CONTROL & FLASH_ERASE) != 0)
        continue;
    return 0;
}

static void valve_drive(void *context, enum meter_motion motion)
{
    (void)context;
    GPIO_DATA(GPIO_D, MOTOR_PINS) = (uint32_t)motion;
}

static enum meter_position valve_sense(void *context)
{
    uint32_t ends = GPIO_DATA(GPIO_D, END_PINS);
    (void)context;
    if (ends == END_OPEN)
        return METER_POSITION_OPEN;
    return ends == END_CLOSED ? METER_POSITION_CLOSED : METER_POSITION_BETWEEN;
}

static uint8_t sensors_read(void *context)
{
    (void)context;
    return (uint8_t)GPIO_DATA(GPIO_F, SENSOR_PINS);
}

static uint16_t battery_read_mv(void *context)
{
    (void)context;
    ADC_INITIATE = 8u;
    return (uint16_t)(ADC_FIFO_3 * 2u * ADC_REFERENCE_MV / ADC_STEPS);
}

/* Spreads wake-ups; not for keys. The low bits of the converter's noise stir a linear congruence. */
static uint32_t random_u32(void *context)
{
    static uint32_t state;
    (void)context;
    ADC_INITIATE = 8u;
    state = state * 1664525u + 1013904223u + (ADC_FIFO_3 ^ ticks);
    return state ^ state >> 16;
}

void board_hal_fill(struct meter_hal *hal)
{
    hal->clock_read_s = clock_read_s;
    hal->clock_write_s = clock_write_s;
    hal->flash = (struct meter_flash_geometry){ SECTOR_SIZE, SECTOR_COUNT, 4 };
    hal->flash_read = flash_read;
    hal->flash_program = flash_program;
    hal->flash_erase = flash_erase;
    hal->valve_drive = valve_drive;
    hal->valve_sense = valve_sense;
    hal->sensors_read = sensors_read;
    hal->battery_read_mv = battery_read_mv;
    hal->random = random_u32;
}
