#include "tests/unit/unit_test.h"

#include "api/api_error.h"
#include "apps/meterworks/house_error.h"
#include "api/core_port.h"
#include "billing/billing_error.h"
#include "collect/collect_error.h"
#include "command/command_error.h"
#include "estate/estate_error.h"
#include "ledger/ledger_error.h"
#include "notify/notify_error.h"
#include "payment/payment_error.h"
#include "rating/rating_error.h"
#include "reading/reading_error.h"
#include "registry/registry_error.h"
#include "security/security_error.h"
#include "store/store_error.h"
#include "watch/watch_error.h"

/* Every reason that any room can give the api. */
static const struct error_info rows[] = {
    STORE_ERRORS(ERROR_INFO_ROW) REGISTRY_ERRORS(ERROR_INFO_ROW) READING_ERRORS(ERROR_INFO_ROW)
    COMMAND_ERRORS(ERROR_INFO_ROW) WATCH_ERRORS(ERROR_INFO_ROW) SECURITY_ERRORS(ERROR_INFO_ROW)
    RATING_ERRORS(ERROR_INFO_ROW) API_ERRORS(ERROR_INFO_ROW) CORE_ERRORS(ERROR_INFO_ROW)
    NOTIFY_ERRORS(ERROR_INFO_ROW) LEDGER_ERRORS(ERROR_INFO_ROW) BILLING_ERRORS(ERROR_INFO_ROW)
    ESTATE_ERRORS(ERROR_INFO_ROW) COLLECT_ERRORS(ERROR_INFO_ROW) PAYMENT_ERRORS(ERROR_INFO_ROW)
    HOUSE_ERRORS(ERROR_INFO_ROW)
};

#define ROW_COUNT (sizeof rows / sizeof rows[0])

/* A number is looked up over all rooms: two rooms with the same one would blame the wrong thing. */
static void every_reason_has_a_number_of_its_own(void **state)
{
    (void)state;
    for (size_t index = 0; index < ROW_COUNT; index++) {
        for (size_t other = index + 1; other < ROW_COUNT; other++) {
            if (rows[index].error == rows[other].error)
                fail_msg("%s and %s are both %d", rows[index].code, rows[other].code, rows[index].error);
        }
    }
}

static void every_reason_speaks_both_languages(void **state)
{
    (void)state;
    for (size_t index = 0; index < ROW_COUNT; index++) {
        assert_true(rows[index].error < 0);
        assert_in_range(rows[index].http_status, 400, 599);
        assert_true(rows[index].code[0] != '\0' && rows[index].text_en[0] != '\0' && rows[index].text_zh[0] != '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reason_has_a_number_of_its_own),
        cmocka_unit_test(every_reason_speaks_both_languages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
