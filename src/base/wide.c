#include "base/wide.h"

#include "base/error.h"
#include "base/magnitude.h"

#if !defined(__SIZEOF_INT128__)
#error "wide.c needs a compiler with 128-bit integers"
#endif
__extension__ typedef unsigned __int128 wide_unsigned;

/* Rounds the magnitude, so half goes away from zero on both sides. */
static int multiply_divide(int64_t a, int64_t b, int64_t divisor, bool round, int64_t *out)
{
    if (divisor <= 0)
        return BASE_ERR_DIVISOR;
    wide_unsigned product = (wide_unsigned)magnitude_of(a) * magnitude_of(b);
    wide_unsigned quotient = product / (uint64_t)divisor;
    uint64_t rest = (uint64_t)(product % (uint64_t)divisor);
    if (round && rest >= (uint64_t)divisor - rest)
        quotient++;
    if (quotient > UINT64_MAX)
        return BASE_ERR_RANGE;
    return magnitude_sign((uint64_t)quotient, (a < 0) != (b < 0), out);
}

int wide_multiply_divide_round(int64_t a, int64_t b, int64_t divisor, int64_t *out)
{
    return multiply_divide(a, b, divisor, true, out);
}

int wide_multiply_divide_truncate(int64_t a, int64_t b, int64_t divisor, int64_t *out)
{
    return multiply_divide(a, b, divisor, false, out);
}

bool wide_divides(int64_t a, int64_t b, int64_t divisor)
{
    return divisor > 0 && (wide_unsigned)magnitude_of(a) * magnitude_of(b) % (uint64_t)divisor == 0;
}

int wide_add(int64_t a, int64_t b, int64_t *out)
{
    if (b > 0 ? a > INT64_MAX - b : a < INT64_MIN - b)
        return BASE_ERR_RANGE;
    *out = a + b;
    return 0;
}

int wide_subtract(int64_t a, int64_t b, int64_t *out)
{
    if (b < 0 ? a > INT64_MAX + b : a < INT64_MIN + b)
        return BASE_ERR_RANGE;
    *out = a - b;
    return 0;
}
