#include "api/api_metrics.h"

#include <inttypes.h>
#include <stdio.h>

#include "api/api_server_internal.h"
#include "api/live_stream.h"
#include "base/counter.h"

static const struct counter_description descriptions[API_COUNTER_COUNT] = {
    [API_REQUESTS] = { "api_requests", "requests answered" },
    [API_REFUSED] = { "api_requests_refused", "requests answered with a 4xx status" },
    [API_FAILED] = { "api_requests_failed", "requests answered with a 5xx status" },
    [API_STATIC] = { "api_files_sent", "files of the console sent" },
    [API_SIGN_INS_REFUSED] = { "api_sign_ins_refused", "wrong logins or passwords" },
    [API_LIVE_OPENED] = { "api_live_opened", "live streams begun" },
    [API_READS_GONE] = { "api_reads_gone", "reads ended early because whoever asked had gone" },
    [API_READS_LATE] = { "api_reads_late", "reads ended early because they took too long" },
};
static struct counter values[API_COUNTER_COUNT];
static struct counter_table counters = { descriptions, values, API_COUNTER_COUNT };

void api_count(enum api_counter counter)
{
    counter_increment(&counters, counter);
}

static void table_health(const struct counter_table *table, struct json_writer *out)
{
    for (size_t i = 0; i < table->count; i++) {
        json_object_begin(out);
        json_put_key_text(out, "name", table->rows[i].name);
        json_put_key_integer(out, "value", (int64_t)counter_read(table, i));
        json_put_key_text(out, "description", table->rows[i].description);
        json_object_end(out);
    }
}

void api_metrics_health(struct exchange *exchange, struct json_writer *out)
{
    const struct api_config *config = exchange->config;

    json_put_key_integer(out, "uptime_s", api_server_uptime_s(exchange->server));
    json_put_key_integer(out, "listeners", live_streams_count(api_server_streams(exchange->server)));
    json_put_key(out, "counters");
    json_array_begin(out);
    table_health(&counters, out);
    for (size_t i = 0; i < config->counter_count; i++)
        table_health(config->counters[i], out);
    json_array_end(out);
}

static void line_write(struct json_writer *out, const char *type, const char *name, const char *description,
    uint64_t value)
{
    char text[512];

    (void)snprintf(text, sizeof text, "# HELP meterworks_%s %s\n# TYPE meterworks_%s %s\nmeterworks_%s %" PRIu64 "\n", name,
        description, name, type, name, value);
    json_append_text(out, text);
}

static void table_prometheus(const struct counter_table *table, struct json_writer *out)
{
    for (size_t i = 0; i < table->count; i++)
        line_write(out, "counter", table->rows[i].name, table->rows[i].description, counter_read(table, i));
}

void api_metrics_prometheus(struct exchange *exchange, struct json_writer *out)
{
    const struct api_config *config = exchange->config;

    table_prometheus(&counters, out);
    for (size_t i = 0; i < config->counter_count; i++)
        table_prometheus(config->counters[i], out);
    line_write(out, "gauge", "api_listeners", "live streams open now",
        live_streams_count(api_server_streams(exchange->server)));
    line_write(out, "gauge", "uptime_seconds", "seconds since the server began to listen",
        (uint64_t)api_server_uptime_s(exchange->server));
}
