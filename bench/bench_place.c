#include "bench/bench_place.h"

#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "tests/store/postgres_fixture.h"

void bench_place_make(struct bench_place *place, const char *name)
{
    place->is_file = !postgres_fixture_there();
    if (place->is_file) /* not under /tmp, which may be memory: durable means a disk */
        snprintf(place->path, sizeof place->path, "/var/tmp/meterworks-%s-%ld.db", name, (long)getpid());
    else
        postgres_fixture_path(place->path, sizeof place->path);
}

void bench_place_remove(const struct bench_place *place)
{
    static const char *const endings[] = { "", "-wal", "-shm" };
    char name[BENCH_PLACE_LIMIT + 8];

    for (size_t i = 0; place->is_file && i < sizeof endings / sizeof endings[0]; i++) {
        snprintf(name, sizeof name, "%s%s", place->path, endings[i]);
        unlink(name);
    }
}

long bench_place_process(const struct bench_place *place, struct store *store)
{
    int64_t process = 0;

    return !place->is_file && store_number(store, "SELECT pg_backend_pid()", &process) == 0 ? (long)process : 0;
}
