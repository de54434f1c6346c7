/* Reports and commands of the water meter: what is read, written again, is read as the same. */
#include <stdlib.h>
#include <string.h>

#include "codec/coap/coap_code.h"
#include "codec/codec_error.h"
#include "codec/water_meter/water_meter_command.h"
#include "codec/water_meter/water_meter_report.h"

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void report_try(int32_t content_format, struct lwm2m_path base, struct span payload)
{
    static const struct lwm2m_path root = { { 0, 0, 0, 0 }, 0 };
    struct water_meter_report report, back;
    uint8_t buffer[1024];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);

    memset(&report, 0x5a, sizeof report);
    if (water_meter_report_decode(content_format, base, payload, &report) < 0) {
        must(report.present == 0x5a5a5a5a);
        return;
    }
    int result = water_meter_report_encode(&report, &out);
    if (result == CODEC_ERR_RANGE)
        return;
    must(result == 0);
    must(water_meter_report_decode(COAP_FORMAT_SENML_CBOR, root, writer_span(&out), &back) >= 0);
    must(memcmp(&report, &back, sizeof back) == 0);
}

static void series_try(int32_t content_format, struct lwm2m_path base, struct span payload)
{
    uint8_t buffer[WATER_METER_SERIES_SIZE_LIMIT];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);
    struct water_meter_report report;
    struct water_meter_series series = { .count = UINT16_MAX }, back;

    if (water_meter_message_decode(content_format, base, payload, &report, &series) < 0) {
        must(series.count == UINT16_MAX);
        return;
    }
    if (series.count == 0)
        return;
    must(water_meter_series_encode(&series, 0, &out) == 0);
    must(water_meter_series_decode(writer_span(&out), &back) == 0);
    must(back.start_s == series.start_s && back.interval_s == series.interval_s && back.count == series.count);
    must(memcmp(back.values_ml, series.values_ml, series.count * sizeof back.values_ml[0]) == 0);
}

static void command_try(const struct water_meter_request *request, struct span payload)
{
    struct water_meter_command command, back;
    struct water_meter_request again;
    uint8_t buffer[WATER_METER_COMMAND_PAYLOAD_LIMIT];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);

    memset(&command, 0x5a, sizeof command);
    if (water_meter_command_decode(request, payload, &command) < 0) {
        must(command.operation == 0x5a);
        return;
    }
    must(water_meter_command_encode(&command, &again, &out) == 0);
    must(water_meter_command_decode(&again, writer_span(&out), &back) == 0);
    must(memcmp(&command, &back, sizeof back) == 0);
}

/* First byte: format and method; second: resource of 33424 (255: the root). */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int32_t formats[] = { COAP_FORMAT_SENML_CBOR, COAP_FORMAT_SENML_JSON, COAP_FORMAT_TLV,
                                       COAP_FORMAT_TEXT,       COAP_FORMAT_OPAQUE,     COAP_FORMAT_CBOR,
                                       COAP_FORMAT_NONE,       50 };
    static const uint8_t codes[] = { COAP_CODE_PUT, COAP_CODE_POST, COAP_CODE_FETCH, COAP_CODE_GET };
    struct lwm2m_path path = { { 33424, 0, 0, 0 }, 3 };

    if (size < 2 || size > 4096)
        return 0;
    struct span payload = span_of_bytes(data + 2, size - 2);
    path.ids[2] = data[1];
    if (data[1] == 255)
        path.depth = 0;
    if (data[1] == 254)
        path.depth = 2;
    struct water_meter_request request = { codes[data[0] >> 3 & 3], path, formats[data[0] & 7], COAP_FORMAT_NONE };
    report_try(request.content_format, path, payload);
    series_try(request.content_format, path, payload);
    command_try(&request, payload);
    return 0;
}
