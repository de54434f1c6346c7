#include "base/magnitude.h"
#include "codec/number/number.h"

#include "codec/codec_error.h"

/* 128 bits in two halves: what strict C99 on a small processor offers. */
struct wide128 {
    uint64_t high;
    uint64_t low;
};

/* Sign bit, exponent field, fraction field of the three interchange formats (IEEE 754-2008, table 3.5). */
struct float_format {
    unsigned fraction_bits;
    unsigned exponent_bits;
    int bias;
};

static struct float_format float_format_of(enum float_width width)
{
    static const struct float_format half = { 10, 5, 15 };
    static const struct float_format single = { 23, 8, 127 };
    static const struct float_format twice = { 52, 11, 1023 };
    return width == FLOAT_HALF ? half : width == FLOAT_SINGLE ? single : twice;
}

#define POWER_LIMIT 19 /* 10^20 is beyond 64 bits */

static const uint64_t powers_of_ten[POWER_LIMIT + 1] = {
    UINT64_C(1), UINT64_C(10), UINT64_C(100), UINT64_C(1000), UINT64_C(10000), UINT64_C(100000), UINT64_C(1000000),
    UINT64_C(10000000), UINT64_C(100000000), UINT64_C(1000000000), UINT64_C(10000000000), UINT64_C(100000000000),
    UINT64_C(1000000000000), UINT64_C(10000000000000), UINT64_C(100000000000000), UINT64_C(1000000000000000),
    UINT64_C(10000000000000000), UINT64_C(100000000000000000), UINT64_C(1000000000000000000),
    UINT64_C(10000000000000000000),
};

static int signed_of(uint64_t magnitude, bool negative, int64_t *out)
{
    return magnitude_sign(magnitude, negative, out) < 0 ? CODEC_ERR_RANGE : 0;
}

struct number number_of_unsigned(uint64_t value)
{
    struct number number = { value, 0, NUMBER_DECIMAL, false };
    return number;
}

struct number number_of_integer(int64_t value)
{
    struct number number = { magnitude_of(value), 0, NUMBER_DECIMAL, value < 0 };
    return number;
}

struct number number_of_float(uint64_t bits, enum float_width width)
{
    struct float_format format = float_format_of(width);
    uint64_t fraction = bits & (((uint64_t)1 << format.fraction_bits) - 1);
    unsigned exponent_limit = (1u << format.exponent_bits) - 1;
    unsigned exponent = (unsigned)(bits >> format.fraction_bits) & exponent_limit;
    struct number number = { fraction, 0, NUMBER_BINARY, false };

    number.negative = ((bits >> (format.fraction_bits + format.exponent_bits)) & 1) != 0;
    if (exponent == exponent_limit) {
        number.kind = fraction == 0 ? NUMBER_INFINITE : NUMBER_NAN;
        number.mantissa = 0;
        return number;
    }
    if (exponent == 0)
        exponent = 1;
    else
        number.mantissa |= (uint64_t)1 << format.fraction_bits;
    number.exponent = (int32_t)exponent - format.bias - (int32_t)format.fraction_bits;
    return number;
}

/* Digits from `offset` on, added to the number.
 * exponent_step  what one digit too many does to the exponent: 1 before the point, 0 after it
 * returns        number of digits read */
static size_t digits_take(struct span text, size_t offset, bool fraction, struct number *number)
{
    size_t count = 0;
    while (offset + count < text.size && text.bytes[offset + count] >= '0' && text.bytes[offset + count] <= '9') {
        unsigned digit = (unsigned)(text.bytes[offset + count] - '0');
        bool fits = number->mantissa < (UINT64_MAX - 9) / 10;
        if (fits)
            number->mantissa = number->mantissa * 10 + digit;
        if (number->exponent > -90000 && number->exponent < 90000)
            number->exponent += fits ? (fraction ? -1 : 0) : (fraction ? 0 : 1);
        count++;
    }
    return count;
}

/* "e-3" at `offset`; the exponent is added to the number's.
 * returns  characters read, 0 when there is no exponent; CODEC_ERR_FORMAT */
static int exponent_take(struct span text, size_t offset, struct number *number)
{
    size_t at = offset;
    int32_t exponent = 0;
    bool negative = false;

    if (at >= text.size || (text.bytes[at] != 'e' && text.bytes[at] != 'E'))
        return 0;
    at++;
    if (at < text.size && (text.bytes[at] == '+' || text.bytes[at] == '-'))
        negative = text.bytes[at++] == '-';
    size_t first = at;
    for (; at < text.size && text.bytes[at] >= '0' && text.bytes[at] <= '9'; at++)
        if (exponent < 1000)
            exponent = exponent * 10 + (text.bytes[at] - '0');
    if (at == first)
        return CODEC_ERR_FORMAT;
    number->exponent += negative ? -exponent : exponent;
    return (int)(at - offset);
}

int number_parse(struct span text, struct number *out)
{
    struct number number = { 0, 0, NUMBER_DECIMAL, false };
    size_t at = 0;

    if (text.size > 1000)
        return CODEC_ERR_FORMAT;
    if (at < text.size && text.bytes[at] == '-') {
        number.negative = true;
        at++;
    }
    size_t whole = digits_take(text, at, false, &number);
    if (whole == 0 || (whole > 1 && text.bytes[at] == '0'))
        return CODEC_ERR_FORMAT;
    at += whole;
    if (at < text.size && text.bytes[at] == '.') {
        size_t fraction = digits_take(text, at + 1, true, &number);
        if (fraction == 0)
            return CODEC_ERR_FORMAT;
        at += 1 + fraction;
    }
    int exponent = exponent_take(text, at, &number);
    if (exponent < 0 || at + (size_t)exponent != text.size)
        return CODEC_ERR_FORMAT;
    *out = number;
    return 0;
}

static struct wide128 wide128_of_product(uint64_t a, uint64_t b)
{
    const uint64_t mask = 0xffffffffu;
    uint64_t low = (a & mask) * (b & mask);
    uint64_t middle = (a >> 32) * (b & mask) + (low >> 32);
    uint64_t other = (a & mask) * (b >> 32) + (middle & mask);
    struct wide128 product = { (a >> 32) * (b >> 32) + (middle >> 32) + (other >> 32), other << 32 | (low & mask) };
    return product;
}

/* By 1 to 127 bits.
 * returns  the last bit that fell out */
static bool wide128_shift_right(struct wide128 *value, unsigned bits)
{
    unsigned last = bits - 1;
    bool fallen = ((last < 64 ? value->low >> last : value->high >> (last - 64)) & 1) != 0;

    if (bits >= 64) {
        value->low = value->high;
        value->high = 0;
        bits -= 64;
    }
    if (bits > 0) {
        value->low = value->low >> bits | value->high << (64 - bits);
        value->high >>= bits;
    }
    return fallen;
}

/* mantissa * 10^(exponent + scale) as magnitude. */
static int decimal_magnitude(struct number number, int scale, uint64_t *out)
{
    int64_t exponent = (int64_t)number.exponent + scale;
    uint64_t magnitude = number.mantissa;

    if (magnitude == 0 || exponent < -POWER_LIMIT - 1) {
        *out = 0;
        return 0;
    }
    if (exponent > POWER_LIMIT || (exponent > 0 && magnitude > UINT64_MAX / powers_of_ten[exponent]))
        return CODEC_ERR_RANGE;
    if (exponent >= 0) {
        *out = magnitude * powers_of_ten[exponent];
        return 0;
    }
    magnitude /= powers_of_ten[-exponent - 1];
    *out = magnitude / 10 + (magnitude % 10 >= 5 ? 1 : 0);
    return 0;
}

/* mantissa * 2^exponent * 10^scale as magnitude; mantissa below 2^64 and scale at most 18 stay below 2^124. */
static int binary_magnitude(struct number number, int scale, uint64_t *out)
{
    struct wide128 value = wide128_of_product(number.mantissa, powers_of_ten[scale]);
    int32_t exponent = number.exponent;
    bool half = false;

    for (; exponent > 0; exponent--) {
        if (value.high != 0 || value.low >> 63 != 0)
            return CODEC_ERR_RANGE;
        value.low <<= 1;
    }
    if (exponent < -127) {
        *out = 0;
        return 0;
    }
    if (exponent < 0)
        half = wide128_shift_right(&value, (unsigned)-exponent);
    if (value.high != 0 || value.low == UINT64_MAX)
        return CODEC_ERR_RANGE;
    *out = value.low + (half ? 1 : 0);
    return 0;
}

int number_scaled(struct number number, int scale, int64_t *out)
{
    uint64_t magnitude;
    int result;

    if (scale < 0 || scale > NUMBER_SCALE_LIMIT || number.kind == NUMBER_INFINITE)
        return CODEC_ERR_RANGE;
    if (number.kind == NUMBER_NAN)
        return CODEC_ERR_TYPE;
    if (number.mantissa == 0) {
        *out = 0;
        return 0;
    }
    result = number.kind == NUMBER_DECIMAL ? decimal_magnitude(number, scale, &magnitude)
                                           : binary_magnitude(number, scale, &magnitude);
    return result < 0 ? result : signed_of(magnitude, number.negative, out);
}

static bool decimal_is_whole(struct number number)
{
    if (number.mantissa == 0)
        return true;
    for (; number.exponent < 0 && number.mantissa % 10 == 0; number.exponent++)
        number.mantissa /= 10;
    return number.exponent >= 0;
}

static bool binary_is_whole(struct number number)
{
    if (number.mantissa == 0)
        return true;
    for (; number.exponent < 0 && (number.mantissa & 1) == 0; number.exponent++)
        number.mantissa >>= 1;
    return number.exponent >= 0;
}

int number_integer(struct number number, int64_t *out)
{
    int64_t value;
    int result = number_scaled(number, 0, &value);
    if (result < 0)
        return result;
    if (!(number.kind == NUMBER_DECIMAL ? decimal_is_whole(number) : binary_is_whole(number)))
        return CODEC_ERR_TYPE;
    *out = value;
    return 0;
}

/* magnitude / divisor as mantissa * 2^exponent with exactly `bits` bits, the rest told by `sticky`. */
static uint64_t quotient_bits(uint64_t magnitude, uint64_t divisor, unsigned bits, int *exponent, bool *sticky)
{
    uint64_t mantissa = magnitude / divisor;
    uint64_t rest = magnitude % divisor;

    *exponent = 0;
    *sticky = false;
    while (mantissa >> bits != 0) {
        *sticky = *sticky || (mantissa & 1) != 0;
        mantissa >>= 1;
        *exponent += 1;
    }
    while (mantissa >> (bits - 1) == 0) {
        rest <<= 1;
        mantissa <<= 1;
        if (rest >= divisor) {
            rest -= divisor;
            mantissa |= 1;
        }
        *exponent -= 1;
    }
    *sticky = *sticky || rest != 0;
    return mantissa;
}

int number_float_bits(int64_t value, int scale, enum float_width width, uint64_t *bits)
{
    struct float_format format = float_format_of(width);
    unsigned sign_shift = format.fraction_bits + format.exponent_bits;
    int exponent;
    bool sticky;

    if (scale < 0 || scale > NUMBER_SCALE_LIMIT)
        return CODEC_ERR_RANGE;
    if (value == 0) {
        *bits = 0;
        return 0;
    }
    /* One bit more than the fraction with its leading one: the guard bit that decides the rounding. */
    uint64_t mantissa =
        quotient_bits(magnitude_of(value), powers_of_ten[scale], format.fraction_bits + 2, &exponent, &sticky);
    bool guard = (mantissa & 1) != 0;
    mantissa >>= 1;
    exponent += 1;
    if (guard && (sticky || (mantissa & 1) != 0))
        mantissa += 1;
    if (mantissa >> (format.fraction_bits + 1) != 0) {
        mantissa >>= 1;
        exponent += 1;
    }
    int field = exponent + (int)format.fraction_bits + format.bias;
    if (field < 1 || field >= (1 << format.exponent_bits) - 1)
        return CODEC_ERR_RANGE;
    *bits = (value < 0 ? (uint64_t)1 << sign_shift : 0) | (uint64_t)field << format.fraction_bits |
            (mantissa & (((uint64_t)1 << format.fraction_bits) - 1));
    return 0;
}

/* Is value / 10^scale a fraction of powers of two with at most 11 bits? */
static bool half_is_exact(int64_t value, int scale)
{
    uint64_t mantissa = magnitude_of(value);
    for (; scale > 0; scale--) {
        if (mantissa % 5 != 0)
            return false;
        mantissa /= 5;
    }
    while (mantissa != 0 && (mantissa & 1) == 0)
        mantissa >>= 1;
    return mantissa < 2048;
}

int number_float_shortest(int64_t value, int scale, enum float_width *width, uint64_t *bits)
{
    static const enum float_width widths[] = { FLOAT_HALF, FLOAT_SINGLE, FLOAT_DOUBLE };

    for (unsigned i = 0; i < sizeof widths / sizeof widths[0]; i++) {
        uint64_t candidate;
        int64_t back;
        if ((widths[i] == FLOAT_HALF && !half_is_exact(value, scale)) ||
            number_float_bits(value, scale, widths[i], &candidate) < 0 ||
            number_scaled(number_of_float(candidate, widths[i]), scale, &back) < 0 || back != value)
            continue;
        *width = widths[i];
        *bits = candidate;
        return 0;
    }
    return CODEC_ERR_RANGE;
}
