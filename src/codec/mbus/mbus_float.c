#include "codec/mbus/mbus_float.h"

/* How it is done: the single and its two neighbours bound an interval; every decimal number inside reads back as the
 * same single. The interval is multiplied by a power of ten that gives it integers of nine or ten digits, and tens are
 * taken away from those as long as one stays inside. */

#define POWER_FIRST (-30)
#define POWER_EXACT_LAST 27 /* from 0 up to here the table holds the power of ten itself */
#define INTEGER_EXPONENT 26 /* singles of at most this binary exponent stay below 2^50 and need no power of ten */

/* The first 64 bits of 10^k, cut, for k from POWER_FIRST on: 10^k is power_bits * 2^power_exponent(k). */
static const uint64_t power_bits[] = {
    0xa2425ff75e14fc31, 0xcad2f7f5359a3b3e, 0xfd87b5f28300ca0d, 0x9e74d1b791e07e48, 0xc612062576589dda,
    0xf79687aed3eec551, 0x9abe14cd44753b52, 0xc16d9a0095928a27, 0xf1c90080baf72cb1, 0x971da05074da7bee,
    0xbce5086492111aea, 0xec1e4a7db69561a5, 0x9392ee8e921d5d07, 0xb877aa3236a4b449, 0xe69594bec44de15b,
    0x901d7cf73ab0acd9, 0xb424dc35095cd80f, 0xe12e13424bb40e13, 0x8cbccc096f5088cb, 0xafebff0bcb24aafe,
    0xdbe6fecebdedd5be, 0x89705f4136b4a597, 0xabcc77118461cefc, 0xd6bf94d5e57a42bc, 0x8637bd05af6c69b5,
    0xa7c5ac471b478423, 0xd1b71758e219652b, 0x83126e978d4fdf3b, 0xa3d70a3d70a3d70a, 0xcccccccccccccccc,
    0x8000000000000000, 0xa000000000000000, 0xc800000000000000, 0xfa00000000000000, 0x9c40000000000000,
    0xc350000000000000, 0xf424000000000000, 0x9896800000000000, 0xbebc200000000000, 0xee6b280000000000,
    0x9502f90000000000, 0xba43b74000000000, 0xe8d4a51000000000, 0x9184e72a00000000, 0xb5e620f480000000,
    0xe35fa931a0000000, 0x8e1bc9bf04000000, 0xb1a2bc2ec5000000, 0xde0b6b3a76400000, 0x8ac7230489e80000,
    0xad78ebc5ac620000, 0xd8d726b7177a8000, 0x878678326eac9000, 0xa968163f0a57b400, 0xd3c21bcecceda100,
    0x84595161401484a0, 0xa56fa5b99019a5c8, 0xcecb8f27f4200f3a, 0x813f3978f8940984, 0xa18f07d736b90be5,
    0xc9f2c9cd04674ede, 0xfc6f7c4045812296, 0x9dc5ada82b70b59d, 0xc5371912364ce305, 0xf684df56c3e01bc6,
    0x9a130b963a6c115c, 0xc097ce7bc90715b3, 0xf0bdc21abb48db20, 0x96769950b50d88f4, 0xbc143fa4e250eb31,
    0xeb194f8e1ae525fd, 0x92efd1b8d0cf37be, 0xb7abc627050305ad, 0xe596b7b0c643c719, 0x8f7e32ce7bea5c6f,
    0xb35dbf821ae4f38b, 0xe0352f62a19e306e, 0x8c213d9da502de45, 0xaf298d050e4395d6, 0xdaf3f04651d47b4c,
    0x88d8762bf324cd0f, 0xab0e93b6efee0053, 0xd5d238a4abe98068, 0x85a36366eb71f041,
};

/* floor(k * log2(10)) - 63; 1741647 / 2^19 is log2(10) well enough for every k of the table. */
static int power_exponent(int k)
{
    return (int)(((int64_t)k * 1741647 + ((int64_t)1 << 40)) >> 19) - (1 << 21) - 63;
}

/* floor(log10(2^binary)), or one less. */
static int decimal_estimate(int binary)
{
    return ((binary * 1233 + (1 << 20)) >> 12) - (1 << 8);
}

static int bit_length(uint32_t value)
{
    int length = 0;

    for (int step = 16; step > 0; step /= 2)
        if (value >> step != 0) {
            value >>= step;
            length += step;
        }
    return length + 1;
}

/* factor * power / 2^shift, shift from 33 to 63. */
struct scaled {
    uint64_t whole;
    bool has_rest;
};

static struct scaled scale(uint32_t factor, uint64_t power, int shift)
{
    uint64_t low = factor * (power & 0xffffffffu);
    uint64_t high = factor * (power >> 32) + (low >> 32);
    struct scaled result = { high >> (shift - 32), false };

    result.has_rest = (high & (((uint64_t)1 << (shift - 32)) - 1)) != 0 || (low & 0xffffffffu) != 0;
    return result;
}

/* The integers inside the interval, both ends included. */
struct interval {
    uint64_t low;
    uint64_t high;
    uint64_t middle_twice; /* floor of twice the single itself */
};

/* The ends themselves read back as the single when its mantissa is even. A power that was cut is too small, so the low
 * end is taken with the next one: the interval may only become narrower than the true one. */
static struct interval interval_of(uint32_t mantissa, int exponent, bool is_low_near, int k)
{
    uint64_t power = power_bits[k - POWER_FIRST];
    int shift = 2 - exponent - power_exponent(k);
    bool is_exact = k >= 0 && k <= POWER_EXACT_LAST;
    bool is_even = mantissa % 2 == 0;
    struct scaled low = scale(4 * mantissa - (is_low_near ? 1 : 2), is_exact ? power : power + 1, shift);
    struct scaled high = scale(4 * mantissa + 2, power, shift);
    struct interval result = { low.whole, high.whole, scale(4 * mantissa, power, shift - 1).whole };

    if (low.has_rest || !is_even)
        result.low++;
    if (!high.has_rest && !is_even)
        result.high--;
    return result;
}

static void shorten(struct interval interval, int k, struct mbus_decimal *out)
{
    uint64_t unit = 1;
    int exponent = -k;

    for (;;) {
        uint64_t low = (interval.low + 9) / 10, high = interval.high / 10;
        if (low > high)
            break;
        interval.low = low;
        interval.high = high;
        unit *= 10;
        exponent++;
    }
    uint64_t nearest = (interval.middle_twice + unit) / (2 * unit);
    if (nearest < interval.low)
        nearest = interval.low;
    if (nearest > interval.high)
        nearest = interval.high;
    out->value = (int64_t)nearest;
    out->exponent = exponent;
}

int mbus_float_decimal(uint32_t bits, struct mbus_decimal *out)
{
    uint32_t fraction = bits & 0x7fffffu;
    int field = (int)(bits >> 23 & 0xffu);
    uint32_t mantissa = field == 0 ? fraction : fraction | 0x800000u;
    int exponent = (field == 0 ? 1 : field) - 150;
    struct mbus_decimal result = { 0, 0 };

    if (field == 0xff)
        return fraction == 0 ? MBUS_FLOAT_INFINITE : MBUS_FLOAT_NAN;
    if (mantissa != 0) {
        int k = 8 - decimal_estimate(bit_length(mantissa) - 1 + exponent);
        if (k < 0 && exponent <= INTEGER_EXPONENT)
            k = 0;
        shorten(interval_of(mantissa, exponent, fraction == 0 && field > 1, k), k, &result);
    }
    if (bits >> 31 != 0)
        result.value = -result.value;
    *out = result;
    return 0;
}
