#include "tests/unit/unit_test.h"

#include "tests/unit/payment/payment_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *fixture_file(const char *name, size_t *size)
{
    char path[512];
    FILE *file;
    char *text = calloc(1, 1u << 20);

    (void)snprintf(path, sizeof path, "%s/%s", PAYMENT_VECTORS, name);
    file = fopen(path, "rb");
    assert_non_null(file);
    assert_non_null(text);
    *size = fread(text, 1, (1u << 20) - 1, file);
    (void)fclose(file);
    return text;
}

void fixture_open(struct fixture *fixture, const char *vectors_name)
{
    size_t size;
    char *text = fixture_file(vectors_name, &size);

    memset(fixture, 0, sizeof *fixture);
    fixture->vectors = json_loadb(text, size, 0, NULL);
    assert_non_null(fixture->vectors);
    free(text);
    fixture->moment = (struct payment_moment){ FIXTURE_NOW_S, FIXTURE_NONCE };
    fixture->matter = (struct payment_matter){ .amount_fen = 5000, .refund_fen = 1234, .created_s = FIXTURE_NOW_S,
                                               .expires_s = FIXTURE_NOW_S + 1800,
                                               .refund_created_s = FIXTURE_NOW_S + 3600, .bill_day = 20468,
                                               .trade_number = "T20260115000001", .refund_number = "R20260115000001",
                                               .description = "Water top-up",
                                               .payer_id = "oTest0000000000000000000001",
                                               .client_ip = "203.0.113.7" };
}

void fixture_close(struct fixture *fixture)
{
    payment_channel_close(fixture->channel);
    json_decref(fixture->vectors);
}

static struct span member(const json_t *message, const char *name)
{
    return span_of_text(json_string_value(json_object_get(message, name)));
}

struct payment_message fixture_message(const json_t *message, int http_status)
{
    assert_non_null(message);
    return (struct payment_message){ .http_status = http_status, .body = member(message, "body"),
                                     .serial = member(message, "serial"), .signature = member(message, "signature"),
                                     .timestamp = member(message, "timestamp"), .nonce = member(message, "nonce") };
}

const json_t *fixture_request(const struct fixture *fixture, const char *call)
{
    const json_t *requests = json_object_get(fixture->vectors, "requests");
    size_t index;
    const json_t *request;

    json_array_foreach(requests, index, request)
        if (strcmp(json_string_value(json_object_get(request, "call")), call) == 0)
            return request;
    fail_msg("no vector %s", call);
    return NULL;
}

int fixture_row_take(void *context, const struct payment_bill_row *row)
{
    struct fixture *fixture = context;

    assert_true(fixture->row_count < FIXTURE_ROW_LIMIT);
    fixture->rows[fixture->row_count++] = *row;
    return 0;
}
