/* Device models: any bytes give a checked profile or complaints with lines, and a profile that was read can be used. */
#include "apps/meterworks/profile_vocabulary.h"
#include "dialog/device_codec.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void problems_check(const struct profile_problems *problems)
{
    for (size_t i = 0; i < profile_problems_kept(problems); i++)
        if (problems->rows[i].text_en[0] == '\0' || problems->rows[i].text_zh[0] == '\0')
            abort();
}

/* Every command of the model with everything given must end in frames or in an error, and an index it keeps must hold. */
static void profile_use(const struct device_profile *profile)
{
    static struct device_frames frames;
    struct device_request request = { .given = 0xFF, .back = 1, .point = DEVICE_POINT_ALL, .now_s = 1800000000,
                                      .valid_until_s = 1800000300, .time_s = 1800000000, .serial = 1, .amount_fen = 1,
                                      .address = "12345678" };

    for (size_t i = 0; i < profile->command_count; i++) {
        request.command = profile->commands[i].command;
        (void)device_codec_encode(profile, span_of_text("12"), &request, &frames, NULL);
        if (profile->commands[i].has_confirmation && profile->commands[i].confirm_point >= profile->point_count)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct device_profile profile;
    static struct profile_problems problems;
    struct profile_vocabulary vocabulary = profile_vocabulary_make();

    problems.count = 0;
    memset(&profile, 0x5A, sizeof profile);
    if (profile_read(&vocabulary, span_of_bytes(data, size), "input.yaml", NULL, &profile, &problems) == 0)
        profile_use(&profile);
    else if (problems.count == 0)
        abort();
    problems_check(&problems);
    return 0;
}
