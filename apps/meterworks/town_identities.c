#include "apps/meterworks/town_identities.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "apps/meterworks/store_place.h"
#include "apps/meterworks/town_archive.h"
#include "security/key_holder.h"
#include "security/security_error.h"

static int folder_make(const char *folder, char problem[256])
{
    struct secret_source source = secret_source_system();
    struct key_holder *keys = NULL;
    int result;

    if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
        (void)snprintf(problem, 256, "%.150s: %s", folder, strerror(errno));
        return -1;
    }
    result = key_holder_open(folder, &source, &keys);
    key_holder_close(keys);
    if (result < 0)
        (void)snprintf(problem, 256, "master.key: %s", security_error_text(result));
    return result < 0 ? -1 : 0;
}

static int archive_enter(struct core *core, const struct town_plan *plan, int64_t now_s, char problem[256])
{
    struct town_archive archive;
    int64_t *opening_fen = calloc(plan->home_count, sizeof *opening_fen);
    int result = -1;

    if (opening_fen == NULL || town_archive_open(&archive, core, plan) < 0) {
        (void)snprintf(problem, 256, "out of memory");
        free(opening_fen);
        return -1;
    }
    for (size_t i = 0; i < plan->home_count; i++)
        opening_fen[i] = plan->homes[i].opening_fen;
    result = town_archive_enter(&archive, now_s, problem);
    for (int payment = TOWN_POSTPAID; result >= 0 && payment <= TOWN_PREPAID_METER; payment++)
        result = town_archive_accounts_open(&archive, (enum town_payment)payment, opening_fen, now_s, problem);
    town_archive_close(&archive);
    free(opening_fen);
    return result < 0 ? -1 : 0;
}

static int place_keep(const char *folder, const char *store, char problem[256])
{
    if (store == NULL || store_place_keep(folder, store) == 0)
        return 0;
    (void)snprintf(problem, 256, "%.150s/store: %s", folder, strerror(errno));
    return -1;
}

int town_identities_enter(const struct town_plan *plan, const char *folder, const char *store, int64_t now_s, char problem[256])
{
    char path[STORE_PLACE_SIZE];
    struct core_config config = { .path = path, .seed = plan->config.seed };
    struct core *core = NULL;
    int result;

    if (folder_make(folder, problem) < 0 || store_place_find(folder, store, path, problem) < 0 || core_open(&config, &core, problem) < 0)
        return -1;
    result = archive_enter(core, plan, now_s, problem);
    core_close(core);
    return result < 0 ? result : place_keep(folder, store, problem);
}

/* A field in quotes: names may hold commas. None holds quotes. */
static void home_write(FILE *file, const struct town_plan *plan, const struct town_home *home)
{
    const struct town_area *building = &plan->areas[home->building];
    const struct town_area *estate = &plan->areas[building->parent];
    const struct town_area *district = &plan->areas[estate->parent];

    fprintf(file, "%s,%s,%s,\"%s\",\"%s\",\"%s\",\"%s\",%s,\"%s\",%s,%s,%lld\r\n", home->meter_number, home->imei_text,
            home->secured ? "psk" : "plain", district->name, estate->name, building->name, home->room,
            home->customer_number, home->customer.text, home->phone,
            town_payment_name((enum town_payment)home->payment), (long long)home->start_register_ml);
}

int town_identities_list(const struct town_plan *plan, const char *path, char problem[256])
{
    bool is_standard = strcmp(path, "-") == 0;
    FILE *file = is_standard ? stdout : fopen(path, "w");
    int failed;

    if (file == NULL) {
        (void)snprintf(problem, 256, "%.150s: %s", path, strerror(errno));
        return -1;
    }
    fprintf(file, "meter_number,imei,security,district,estate,building,room,customer_number,customer,phone,"
                  "payment_mode,start_register_ml\r\n");
    for (size_t i = 0; i < plan->home_count; i++)
        home_write(file, plan, &plan->homes[i]);
    failed = fflush(file) != 0;
    if (!is_standard)
        failed |= fclose(file) != 0;
    if (failed)
        (void)snprintf(problem, 256, "%.150s: %s", path, strerror(errno));
    return failed ? -1 : 0;
}
