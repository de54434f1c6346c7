/* Received bytes against every packed model: readings or a reason, never a read outside. The first byte chooses the model. */
#include "apps/meterworks/profile_shelf.h"
#include "dialog/device_codec.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct profile_set *models_read(void)
{
    static struct profile_problems problems;
    struct profile_sources sources = { NULL, NULL };
    struct profile_set *set = profile_sources_read(&sources, &problems);

    if (set == NULL)
        abort();
    return set;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct profile_set *models;
    static struct uplink uplinks[DEVICE_UPLINK_LIMIT];
    static struct device_memory memory;
    static struct device_frames frames;
    struct device_report report;
    struct device_receive_context context = { .received_s = 1800000000, .zone_offset_s = 28800 };
    size_t skip;

    if (models == NULL)
        models = models_read();
    if (size == 0)
        return 0;
    const struct device_profile *profile = &models->rows[data[0] % models->count]->profile;
    struct span rest = span_of_bytes(data + 1, size - 1);
    size_t found = device_codec_find(profile, rest, &skip);
    if (skip > rest.size || found > rest.size - skip)
        abort();
    struct span frame = found > 0 ? span_of_bytes(rest.bytes + skip, found) : rest;
    memory = (struct device_memory){ .sequence = 0 };
    if (device_codec_decode(profile, &context, frame, &memory, uplinks, &report) != 0)
        return 0;
    if (report.uplink_count < 1 || report.uplink_count > DEVICE_UPLINK_LIMIT)
        abort();
    if (report.outcome == DEVICE_OUTCOME_MORE)
        (void)device_codec_more(profile, span_of_text("12"), &memory, &frames);
    return 0;
}
