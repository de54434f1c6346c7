/* meterworks distribute: cut the large tables of a store into shards over the workers of a Citus cluster. */
#include "apps/meterworks/subcommands.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "apps/meterworks/options.h"
#include "apps/meterworks/store_place.h"
#include "store/postgres/citus_distribute.h"

static int problem_say(const char *what, const char *why)
{
    fprintf(stderr, "meterworks distribute: %s: %s\n", what, why);
    return 1;
}

static int tables_cut(struct store *store, int shards)
{
    bool present = false;
    int result = citus_present(store, &present);

    if (result == 0 && !present)
        return problem_say("database", "it has no extension citus; CREATE EXTENSION citus and add the workers first");
    if (result == 0)
        result = citus_distribute(store, shards);
    if (result < 0)
        return problem_say("database", store_error_text(result));
    printf("tables cut by device or account now: %d; those that were cut before stay as they are\n", result);
    return 0;
}

int distribute_run(int argument_count, char **arguments)
{
    const char *place = NULL;
    int64_t shards = CITUS_SHARDS_STANDARD;
    const struct option table[] = {
        { "store", OPTION_TEXT, &place, 0, 0, "URL", "the coordinator: postgresql://..." },
        { "shards", OPTION_NUMBER, &shards, 1, CITUS_SHARDS_LIMIT, "N", "of each table, 32: two to four for each core of all workers there will be" },
    };
    int read = options_read(table, sizeof table / sizeof table[0], argument_count, arguments);
    char why[STORE_WHY_SIZE], problem[256];
    struct store *store = NULL;
    int result;

    if (read < 0)
        return read == -2 ? 0 : 2;
    if (place == NULL || strstr(place, "://") == NULL || read != argument_count) {
        fprintf(stderr, "usage: meterworks distribute --store postgresql://... [--shards N]\n");
        return 2;
    }
    result = store_open(&(struct store_config){ .path = place, .why = why }, &store);
    if (result < 0) {
        store_place_problem(place, store_error_text(result), why, problem);
        return problem_say("database", problem);
    }
    result = tables_cut(store, (int)shards);
    store_close(store);
    return result;
}
