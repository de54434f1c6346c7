#include "bench/city_proof.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "bench/city_load.h"
#include "store/sql/midnight_walk.h"

#define PATH_SIZE (CITY_FOLDER_SIZE + 32)
#define DAYS 2 /* today's midnight and that of yesterday, which some were late with */
#define ML_PER_L 1000

struct walk {
    const struct city_plan *plan;
    const uint8_t *acknowledged;
    struct city_proof *proof;
    uint32_t days_before;
    uint32_t next; /* meter that comes next */
};

/* A report names yesterday's midnight too, so either report brings it. */
static bool is_expected(const struct walk *walk, uint32_t number)
{
    uint8_t bits = walk->acknowledged[number];

    if (walk->days_before == 0)
        return bits & CITY_TODAY;
    return city_meter_is_late(&walk->plan->archive, number - 1) && (bits & (CITY_TODAY | CITY_YESTERDAY)) != 0;
}

static void fault_say(const struct walk *walk, uint32_t number, const char *what)
{
    struct calendar_date date = calendar_date_of_day(walk->plan->today - walk->days_before);

    if (walk->proof->missing + walk->proof->different <= CITY_PROOF_NAMES)
        printf("  %s: meter %" PRIu32 ", midnight of %04d-%02d-%02d, acknowledged with %" PRIu32 " l\n", what, number,
               (int)date.year, (int)date.month, (int)date.day_of_month, city_volume_l(walk->plan, number, walk->days_before));
}

/* All meters up to here that were not met. */
static void missing_count(struct walk *walk, uint32_t until)
{
    for (; walk->next < until; walk->next++) {
        if (!is_expected(walk, walk->next))
            continue;
        walk->proof->expected++;
        walk->proof->missing++;
        fault_say(walk, walk->next, "missing");
    }
}

static int midnight_compare(void *visitor, uint32_t device_id, int64_t register_value)
{
    struct walk *walk = visitor;

    if (device_id > walk->plan->meters)
        return 0;
    missing_count(walk, device_id);
    walk->next = device_id + 1;
    if (!is_expected(walk, device_id))
        return 0;
    walk->proof->expected++;
    if (register_value == (int64_t)city_volume_l(walk->plan, device_id, walk->days_before) * ML_PER_L)
        return 0;
    walk->proof->different++;
    fault_say(walk, device_id, "different");
    return 0;
}

int city_proof_make(const struct city_plan *plan, const uint8_t *acknowledged, struct city_proof *out, char problem[256])
{
    char path[PATH_SIZE];
    struct store_config config = { .path = path, .read_only = true };
    struct store *store = NULL;
    struct city_proof proof = { 0 };

    (void)snprintf(path, sizeof path, "%s/meterworks.db", plan->folder);
    int result = store_open(&config, &store);
    for (uint32_t before = 0; result == 0 && before < DAYS; before++) {
        struct walk walk = { plan, acknowledged, &proof, before, 1 };
        result = midnight_walk(store, plan->today - before, midnight_compare, &walk);
        missing_count(&walk, plan->meters + 1);
    }
    store_close(store);
    if (result < 0)
        (void)snprintf(problem, 256, "%.200s: %s", path, store_error_info(result)->text_en);
    else
        *out = proof;
    return result;
}

static FILE *file_open(const struct city_plan *plan, const char *mode, char problem[256])
{
    char path[PATH_SIZE];

    (void)snprintf(path, sizeof path, "%s/acknowledged", plan->folder);
    FILE *file = fopen(path, mode);
    if (file == NULL)
        (void)snprintf(problem, 256, "%.200s: %s", path, strerror(errno));
    return file;
}

int city_proof_save(const struct city_plan *plan, const uint8_t *acknowledged, char problem[256])
{
    FILE *file = file_open(plan, "wb", problem);

    if (file == NULL)
        return -1;
    bool written = fprintf(file, "city %" PRIu32 " %" PRId64 " %" PRId32 "\n", plan->meters, plan->today,
                           plan->zone_offset_s) > 0 &&
                   fwrite(acknowledged, 1, (size_t)plan->meters + 1, file) == (size_t)plan->meters + 1;
    if (fclose(file) == 0 && written)
        return 0;
    (void)snprintf(problem, 256, "%.200s/acknowledged cannot be written", plan->folder);
    return -1;
}

uint8_t *city_proof_load(struct city_plan *plan, char problem[256])
{
    FILE *file = file_open(plan, "rb", problem);
    uint8_t *acknowledged = NULL;

    if (file == NULL)
        return NULL;
    if (fscanf(file, "city %" SCNu32 " %" SCNd64 " %" SCNd32, &plan->meters, &plan->today, &plan->zone_offset_s) == 3 &&
        fgetc(file) == '\n' && plan->meters <= CITY_METERS_LARGEST)
        acknowledged = calloc((size_t)plan->meters + 1, 1);
    city_plan_archive(plan);
    if (acknowledged != NULL && fread(acknowledged, 1, (size_t)plan->meters + 1, file) != (size_t)plan->meters + 1) {
        free(acknowledged);
        acknowledged = NULL;
    }
    (void)fclose(file);
    if (acknowledged == NULL)
        (void)snprintf(problem, 256, "%.200s/acknowledged is not what a city left there", plan->folder);
    return acknowledged;
}
