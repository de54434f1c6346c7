/* Frames found, checked and decoded to items, no text: one codec over the frames of a file, again and again.
 *
 * usage: codec_bench PROTOCOL FILE TIMES
 *
 * FILE holds one frame a line in hexadecimal. Prints how many frames were decoded in how many seconds. A peer that takes
 * the same arguments can be measured beside it (see README.md). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/decimal.h"
#include "base/hex.h"
#include "bench/codec_rows.h"

#define LINE_LIMIT 140000

struct frames {
    struct span *list; /* each with memory of its own */
    size_t count;
};

static bool frame_add(struct frames *frames, struct span line)
{
    size_t capacity = line.size / 2 + 1;
    uint8_t *bytes = malloc(capacity);
    struct span *list = realloc(frames->list, (frames->count + 1) * sizeof *list);

    if (bytes == NULL || list == NULL)
        return false;
    frames->list = list;
    int size = hex_decode(line, bytes, capacity);
    if (size <= 0)
        return false;
    frames->list[frames->count++] = span_of_bytes(bytes, (size_t)size);
    return true;
}

static bool frames_read(struct frames *frames, const char *name)
{
    static char line[LINE_LIMIT];
    FILE *in = fopen(name, "r");
    bool good = in != NULL;

    while (good && fgets(line, sizeof line, in) != NULL)
        good = frame_add(frames, span_of_bytes(line, strcspn(line, "\r\n")));
    if (in != NULL)
        fclose(in);
    return good && frames->count > 0;
}

static void frames_free(struct frames *frames)
{
    for (size_t i = 0; i < frames->count; i++)
        free((void *)(uintptr_t)frames->list[i].bytes);
    free(frames->list);
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* returns  items found, so that no compiler leaves the work out; negative when a frame was refused */
static long long frames_decode(codec_row_function decode, const struct frames *frames, int64_t times)
{
    long long items = 0;

    for (int64_t i = 0; i < times; i++)
        for (size_t j = 0; j < frames->count; j++) {
            int found = decode(frames->list[j]);
            if (found < 0) {
                fprintf(stderr, "codec_bench: frame %zu is refused (%d)\n", j + 1, found);
                return -1;
            }
            items += found;
        }
    return items;
}

int main(int argument_count, char **arguments)
{
    struct frames frames = { NULL, 0 };
    int64_t times = 0;
    codec_row_function decode = argument_count == 4 ? codec_row_find(arguments[1]) : NULL;

    if (decode == NULL || decimal_parse(span_of_text(arguments[3]), 0, &times) != 0) {
        fputs("usage: codec_bench PROTOCOL FILE TIMES\n", stderr);
        return 2;
    }
    if (!frames_read(&frames, arguments[2])) {
        fprintf(stderr, "codec_bench: %s: no frames\n", arguments[2]);
        return 1;
    }
    double begin = seconds_now();
    long long items = frames_decode(decode, &frames, times);
    double seconds = seconds_now() - begin;
    printf("%lld frames %lld items %.6f seconds\n", (long long)frames.count * times, items, seconds);
    frames_free(&frames);
    return items < 0 ? 1 : 0;
}
