/* meterworks init: a new installation with its first tenant and its first administrator. */
#include "apps/meterworks/subcommands.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "apps/meterworks/archive_call.h"
#include "apps/meterworks/core.h"
#include "apps/meterworks/options.h"
#include "apps/meterworks/store_place.h"
#include "base/span.h"
#include "base/text.h"
#include "link/shard_number.h"
#include "security/key_holder.h"
#include "security/password.h"
#include "security/security_error.h"
#include "security/setting.h"
#include "store/sql/lease_sql.h"
#include "store/store.h"

#define SHARD_NAME_KEY "district_name"
#define PASSWORD_WORDS 20 /* hexadecimal digits of a generated password: 80 bits */

struct init_options {
    const char *data;
    const char *store;
    const char *tenant;
    const char *login;
    const char *password_file;
    int64_t zone_offset_min;
    int64_t shard;
    const char *shard_name;
};

static int problem_say(const char *what, const char *why)
{
    fprintf(stderr, "meterworks init: %s: %s\n", what, why);
    return 1;
}

static int password_read(const char *path, char password[PASSWORD_SIZE_LIMIT])
{
    FILE *file = fopen(path, "r");

    if (file == NULL)
        return problem_say(path, strerror(errno));
    if (fgets(password, PASSWORD_SIZE_LIMIT, file) == NULL)
        password[0] = '\0';
    fclose(file);
    password[strcspn(password, "\r\n")] = '\0';
    return 0;
}

static int password_choose(const struct init_options *options, char password[PASSWORD_SIZE_LIMIT])
{
    struct secret_source source = secret_source_system();
    char token[SECRET_TOKEN_TEXT_LIMIT];
    int result;

    if (options->password_file != NULL)
        return password_read(options->password_file, password);
    result = secret_token_make(&source, token);
    if (result < 0)
        return problem_say("password", security_error_text(result));
    snprintf(password, PASSWORD_SIZE_LIMIT, "%.*s", PASSWORD_WORDS, token);
    return 0;
}

static int administrator_add(struct core *core, const struct init_options *options, const char *password,
                             uint32_t tenant_id, uint32_t area_id, int64_t now_s)
{
    struct core_person person = { .area_id = area_id, .role = "administrator", .language = "zh" };
    struct secret_source source = secret_source_system();
    struct core_reply reply;
    int result = password_check(span_of_text(password), span_of_text(options->login));

    if (result == 0)
        result = password_hash(span_of_text(password), &password_cost_default, &source, person.password_hash);
    if (result < 0)
        return problem_say("password", security_error_text(result));
    archive_call_head(&person.head, tenant_id, area_id, now_s);
    snprintf(person.login, sizeof person.login, "%s", options->login);
    snprintf(person.display_name, sizeof person.display_name, "%s", options->login);
    result = core_execute(core, CORE_PERSON_CREATE, &person, &reply, now_s);
    return result < 0 ? problem_say(options->login, reply.text_en) : 0;
}

static int shard_name_put(struct core *core, const char *name, uint32_t tenant_id, uint32_t area_id, int64_t now_s)
{
    struct core_setting setting;
    struct core_reply reply;

    if (name == NULL)
        return 0;
    archive_call_head(&setting.head, tenant_id, area_id, now_s);
    snprintf(setting.key, sizeof setting.key, SHARD_NAME_KEY);
    snprintf(setting.value, sizeof setting.value, "%s", name); /* it fits: setting_check */
    return core_execute(core, CORE_SETTING_PUT, &setting, &reply, now_s) < 0 ? problem_say("--shard-name", reply.text_en) : 0;
}

/* A database on a server may be another installation's; when it does not say, it is left alone, too. */
static bool tenants_there(struct core *core)
{
    int64_t count = 0;

    return store_number(core_store(core), "SELECT count(*) FROM tenant", &count) < 0 || count > 0;
}

static int shard_say(struct core *core, uint32_t shard)
{
    return core_shard(core) == shard ? 0 : lease_sql_shard_set(core_store(core), shard);
}

static int installation_make(const struct init_options *options, const char *password)
{
    char path[STORE_PLACE_SIZE];
    char problem[256] = "";
    struct core_config config = { .path = path, .seed = 1 };
    struct core *core = NULL;
    uint32_t tenant_id = 0;
    uint32_t area_id = 0;
    int64_t now_s = (int64_t)time(NULL);
    int result;

    if (store_place_find(options->data, options->store, path, problem) < 0)
        return problem_say("database", problem);
    if (core_open(&config, &core, problem) < 0)
        return problem_say("database", problem);
    if (tenants_there(core)) {
        core_close(core);
        return problem_say(store_place_name(path), "there is an installation already; nothing was changed");
    }
    if (shard_say(core, (uint32_t)options->shard) < 0) {
        core_close(core);
        return problem_say(store_place_name(path), "this database is another shard's; nothing was changed");
    }
    result = core_tenant_add(core, options->tenant, (int32_t)(options->zone_offset_min * 60), now_s, &tenant_id,
                             &area_id);
    result = result < 0 ? problem_say(options->tenant, core_error_text(result))
                        : administrator_add(core, options, password, tenant_id, area_id, now_s);
    if (result == 0)
        result = shard_name_put(core, options->shard_name, tenant_id, area_id, now_s);
    core_close(core);
    return result;
}

/* A server that refuses is heard of before anything is made here. An empty database has no schema yet. */
static int server_ask(const struct init_options *options)
{
    char path[STORE_PLACE_SIZE], problem[256] = "", why[STORE_WHY_SIZE] = "";
    struct store *store = NULL;

    if (options->store == NULL)
        return 0;
    if (store_place_find(options->data, options->store, path, problem) < 0)
        return problem_say("database", problem);
    int result = store_open(&(struct store_config){ .path = path, .read_only = true, .why = why }, &store);
    store_close(store);
    if (result >= 0 || result == STORE_ERR_NO_SCHEMA)
        return 0;
    store_place_problem(path, store_error_text(result), why, problem);
    return problem_say("database", problem);
}

static int folder_make(const char *folder)
{
    static const char *const databases[] = { "meterworks.db", "store" };
    struct secret_source source = secret_source_system();
    struct key_holder *keys = NULL;
    char path[4096];
    struct stat status;
    int result;

    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return problem_say(folder, strerror(errno));
    for (size_t i = 0; i < sizeof databases / sizeof databases[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, databases[i]);
        if (stat(path, &status) == 0)
            return problem_say(path, "there is an installation already; nothing was changed");
    }
    result = key_holder_open(folder, &source, &keys);
    key_holder_close(keys);
    return result < 0 ? problem_say("master.key", security_error_text(result)) : 0;
}

int init_run(int argument_count, char **arguments)
{
    struct init_options options = { .tenant = "Meterworks", .login = "admin", .zone_offset_min = 480 };
    char password[PASSWORD_SIZE_LIMIT] = "";
    const struct option table[] = {
        { "data", OPTION_TEXT, &options.data, 0, 0, "DIR", "folder to make" },
        { "store", OPTION_TEXT, &options.store, 0, 0, "URL", "empty database on a server, postgresql://...: docs/postgresql.md" },
        { "tenant", OPTION_TEXT, &options.tenant, 0, 0, "NAME", "name of the operating organisation" },
        { "login", OPTION_TEXT, &options.login, 0, 0, "LOGIN", "first administrator, 'admin'" },
        { "password-file", OPTION_TEXT, &options.password_file, 0, 0, "FILE", "its first line is the password" },
        { "shard", OPTION_NUMBER, &options.shard, 0, SHARD_LIMIT - 1, "NUMBER", "of a district with a core of its own, 0: docs/several-machines.md" },
        { "shard-name", OPTION_TEXT, &options.shard_name, 0, 0, "NAME", "of that district, in the head of every page; none" },
        { "zone-offset", OPTION_NUMBER, &options.zone_offset_min, -840, 840, "MINUTES", "east of UTC, 480" },
    };
    int read = options_read(table, sizeof table / sizeof table[0], argument_count, arguments);
    int result;

    if (read < 0)
        return read == -2 ? 0 : 2;
    if (options.data == NULL || read != argument_count) {
        fprintf(stderr, "usage: meterworks init --data DIR [--store URL] [--tenant NAME] [--login LOGIN] [--password-file FILE]\n");
        return 2;
    }
    if (options.shard_name != NULL && setting_check(setting_find(SHARD_NAME_KEY), options.shard_name) < 0)
        return problem_say("--shard-name", "a name is up to 60 bytes of UTF-8");
    result = server_ask(&options);
    if (result == 0)
        result = folder_make(options.data);
    if (result == 0)
        result = password_choose(&options, password);
    if (result == 0)
        result = installation_make(&options, password);
    if (result == 0 && options.store != NULL && store_place_keep(options.data, options.store) < 0)
        result = problem_say("store", strerror(errno));
    if (result == 0 && options.password_file == NULL)
        printf("login     %s\npassword  %s   (shown once; change it after the first sign-in)\n", options.login, password);
    return result;
}
