#include "apps/meterworks/core_wait.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/meterworks/store_place.h"
#include "apps/meterworks/work_thread.h"
#include "base/hash.h"
#include "lease/lease.h"
#include "store/sql/lease_sql.h"
#include "store/store.h"

#define MACHINE_LIMIT 40
#define BUSY_MS 500 /* an owner under way may go on: it is looked at again */

/* One connection with the statements on it; all zeros: none. */
struct side {
    struct store *store;
    struct lease_sql rows;
    struct lease_store lease_store;
};

struct core_wait {
    char path[STORE_PLACE_SIZE];
    struct side reader;
    struct side writer;
    struct lease_store store; /* reads by the reader, takes by the writer */
    struct lease lease;
    bool shard_known;
    struct work_thread beats;
    char why[STORE_WHY_SIZE];
};

static void side_close(struct side *side)
{
    lease_sql_close(&side->rows);
    store_close(side->store);
    *side = (struct side){ 0 };
}

/* The writer brings the schema to this program's version. */
static int side_open(struct core_wait *wait, struct side *side, bool read_only)
{
    struct store_config config = { .path = wait->path, .read_only = read_only, .busy_timeout_ms = BUSY_MS,
                                   .idle_limit_ms = LEASE_QUIET_MS, .why = wait->why };
    int result = side->store == NULL ? store_open(&config, &side->store) : 0;

    if (result == 0 && side->lease_store.context == NULL)
        result = lease_sql_open(&side->rows, side->store, &side->lease_store);
    if (result < 0)
        side_close(side);
    return result;
}

/* A database without a schema, or with one from before there were leases, has no owner. */
static int row_read(void *context, uint32_t shard, struct lease_row *out)
{
    struct core_wait *wait = context;
    int result = side_open(wait, &wait->reader, true);

    *out = (struct lease_row){ 0 };
    if (result == STORE_ERR_NO_SCHEMA || result == STORE_ERR_STATEMENT)
        return 0;
    if (result == 0)
        result = wait->reader.lease_store.read(&wait->reader.rows, shard, out);
    return result;
}

static int row_take(void *context, uint32_t shard, const struct lease_row *seen, const char *owner)
{
    struct core_wait *wait = context;
    int result = side_open(wait, &wait->writer, false);

    return result < 0 ? result : wait->writer.lease_store.take(&wait->writer.rows, shard, seen, owner);
}

/* A beat in a transaction of its own. What it says does not matter here: the core's next transaction proves it. */
static bool beat(void *context)
{
    struct core_wait *wait = context;
    struct store *store = wait->writer.store;

    if (store_begin(store) == 0 && wait->writer.lease_store.beat(&wait->writer.rows, wait->lease.shard, wait->lease.epoch) == 1)
        (void)store_commit(store);
    store_rollback(store);
    return false;
}

/* The same at every start of this folder on this machine, and of no other. */
static void owner_name(const char *folder, char out[LEASE_OWNER_LIMIT])
{
    static const struct hash_key key = { 1, 2 };
    char machine[MACHINE_LIMIT] = "";
    char whole[PATH_MAX];

    if (gethostname(machine, sizeof machine - 1) != 0 || machine[0] == '\0')
        (void)snprintf(machine, sizeof machine, "core");
    const char *place = realpath(folder, whole) != NULL ? whole : folder;
    (void)snprintf(out, LEASE_OWNER_LIMIT, "%s-%08x", machine, (unsigned)hash_siphash(key, span_of_text(place)));
}

int core_wait_open(const char *path, const char *folder, struct core_wait **out, char problem[256])
{
    struct core_wait *wait = calloc(1, sizeof *wait);
    char owner[LEASE_OWNER_LIMIT];

    if (wait == NULL || strlen(path) >= sizeof wait->path) {
        (void)snprintf(problem, 256, wait == NULL ? "out of memory" : "the address of the database is too long");
        free(wait);
        return -1;
    }
    memcpy(wait->path, path, strlen(path));
    wait->store = (struct lease_store){ .context = wait, .read = row_read, .take = row_take };
    owner_name(folder, owner);
    (void)lease_begin(&wait->lease, &wait->store, 0, owner); /* the name is neither empty nor too long */
    *out = wait;
    return 0;
}

/* The database knows whose it is; one without a schema becomes shard 0. */
static int shard_find(struct core_wait *wait)
{
    int result = side_open(wait, &wait->reader, true);

    if (result == STORE_ERR_NO_SCHEMA)
        return 0;
    if (result == 0)
        result = lease_sql_shard(wait->reader.store, &wait->lease.shard);
    wait->shard_known = result == 0;
    return result == STORE_ERR_STATEMENT ? 0 : result;
}

int core_wait_look(struct core_wait *wait, int64_t now_ms)
{
    int result = wait->shard_known ? 0 : shard_find(wait);

    if (result == 0)
        result = lease_look(&wait->lease, now_ms);

    if (result != 1)
        return result;
    side_close(&wait->reader);
    work_thread_open(&wait->beats, beat, wait);
    (void)work_thread_start(&wait->beats); /* without it a town that loads quickly is served as well */
    return 1;
}

void core_wait_problem(const struct core_wait *wait, int reason, char problem[256])
{
    store_place_problem(wait->path, store_error_text(reason), wait->why, problem);
}

uint32_t core_wait_shard(const struct core_wait *wait)
{
    return wait->lease.shard;
}

uint64_t core_wait_epoch(const struct core_wait *wait)
{
    return wait->lease.epoch;
}

const char *core_wait_owner(const struct core_wait *wait)
{
    return wait->lease.seen.owner;
}

void core_wait_close(struct core_wait *wait)
{
    if (wait == NULL)
        return;
    if (wait->lease.epoch != 0) {
        work_thread_stop(&wait->beats);
        work_thread_join(&wait->beats);
        work_thread_close(&wait->beats);
    }
    side_close(&wait->reader);
    side_close(&wait->writer);
    free(wait);
}
