/* meterworks verify: prove the ledger from its raw rows; may run beside a serving process. */
#include "apps/meterworks/options.h"
#include "apps/meterworks/store_place.h"
#include "apps/meterworks/subcommands.h"
#include "apps/meterworks/verify.h"
#include "store/store.h"

#include <stdio.h>

int verify_run(int argument_count, char **arguments)
{
    const char *data = NULL, *given = NULL;
    char path[STORE_PLACE_SIZE], problem[256], why[STORE_WHY_SIZE];
    struct store_config config = { .path = path, .read_only = true, .why = why };
    struct store *store = NULL;
    int faults = 0;
    const struct option table[] = {
        { "data", OPTION_TEXT, &data, 0, 0, "DIR", "data folder: prove from the raw rows that debits equal credits" },
        { "store", OPTION_TEXT, &given, 0, 0, "URL", "database on a server, instead of what init was given" },
    };
    int read = options_read(table, sizeof table / sizeof table[0], argument_count, arguments);

    if (read < 0)
        return read == -2 ? 0 : 2;
    if (data == NULL || read != argument_count) {
        fprintf(stderr, "usage: meterworks verify --data DIR [--store URL]\n\n"
                        "Proves from the raw rows that debits equal credits and every balance is the sum of its\n"
                        "postings; ends with status 1 and names each difference when not.\n");
        return 2;
    }
    if (store_place_find(data, given, path, problem) < 0) {
        fprintf(stderr, "meterworks verify: %s\n", problem);
        return 1;
    }
    int error = store_open(&config, &store);
    if (error == 0)
        error = verify_store(store, stdout, &faults);
    store_close(store);
    if (error < 0) {
        store_place_problem(path, store_error_text(error), why, problem);
        fprintf(stderr, "meterworks verify: %s\n", problem);
        return 1;
    }
    printf("%s\n", faults == 0 ? "verified" : "FAILED: the differences are named above");
    return faults == 0 ? 0 : 1;
}
