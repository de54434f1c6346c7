/* Times and numbers of a concentrator for load, in the data formats of Q/GDW 376.1, appendix A. */
#include "base/calendar.h"
#include "codec/bcd/bcd.h"
#include "sim/concentrator_load_internal.h"

#define MISSING 0xee

int64_t load_clock_s(const struct concentrator_load *load)
{
    return load->now_ms / 1000 + load->clock_offset_s;
}

void load_missing_put(size_t size, struct writer *out)
{
    for (size_t i = 0; i < size; i++)
        writer_put_u8(out, MISSING);
}

void load_digits_put(int value, struct writer *out)
{
    writer_put_u8(out, bcd_byte_write(value % 100));
}

void load_day_put(int64_t day, struct writer *out)
{
    struct calendar_date date = calendar_date_of_day(day);
    load_digits_put(date.day_of_month, out);
    load_digits_put(date.month, out);
    load_digits_put(date.year, out);
}

/* Formats 15 and 01. */
void load_minute_put(int64_t time_s, struct writer *out)
{
    int32_t second = calendar_second_of_day(time_s, CONCENTRATOR_LOAD_ZONE_S);
    load_digits_put(second % LOAD_HOUR_S / 60, out);
    load_digits_put(second / LOAD_HOUR_S, out);
    load_day_put(calendar_local_day(time_s, CONCENTRATOR_LOAD_ZONE_S), out);
}

void load_second_put(int64_t time_s, struct writer *out)
{
    int64_t day = calendar_local_day(time_s, CONCENTRATOR_LOAD_ZONE_S);
    int32_t second = calendar_second_of_day(time_s, CONCENTRATOR_LOAD_ZONE_S);
    struct calendar_date date = calendar_date_of_day(day);

    load_digits_put(second % 60, out);
    load_digits_put(second % LOAD_HOUR_S / 60, out);
    load_digits_put(second / LOAD_HOUR_S, out);
    load_digits_put(date.day_of_month, out);
    writer_put_u8(out, (uint8_t)((unsigned)calendar_weekday_of_day(day) << 5 | bcd_byte_write(date.month)));
    load_digits_put(date.year, out);
}

void load_number_put(int64_t value, size_t size, struct writer *out)
{
    uint8_t bytes[BCD_SIZE_LIMIT];
    if (bcd_write(value, bytes, size) == 0)
        writer_put_bytes(out, bytes, size);
    else
        load_missing_put(size, out);
}

/* In 0.0001 of the meter's unit; tariff 0 the register itself. */
int64_t load_register_shown(const struct concentrator_load *load, uint64_t address, unsigned tariff, int64_t time_s)
{
    const struct concentrator_load_config *config = load->config;
    int64_t total;

    if (config->register_read != NULL)
        return config->register_read(config->context, address, tariff, time_s);
    total = concentrator_load_register(address, time_s) * 100;
    if (tariff == 0)
        return total;
    return tariff < LOAD_TARIFFS ? total / LOAD_TARIFFS : total - total / LOAD_TARIFFS * (LOAD_TARIFFS - 1);
}
