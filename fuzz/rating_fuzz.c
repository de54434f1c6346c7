/* Tariff documents and worked bills: any bytes give an answer or a reason. */
#include "billing/arrears_case.h"
#include "rating/rating_case.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct rating_case_kind more[] = { { "prepaid_timeline", arrears_case_timeline }, { NULL, NULL } };
    static char answer[262144];
    struct writer out = writer_of_buffer(answer, sizeof answer);
    struct tariff_problem problem = { .path = "" };
    struct tariff tariff;

    (void)tariff_parse(span_of_bytes(data, size), &tariff, &problem);
    (void)rating_case_run(span_of_bytes(data, size), more, &out, &problem);
    return 0;
}
