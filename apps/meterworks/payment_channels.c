#include "apps/meterworks/payment_channels.h"

#include <errno.h>
#include <jansson.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"

#define FILE_LIMIT 65536
#define PATH_SIZE 4096
#define ZONE_OFFSET_S 28800 /* the channels' local time */

/* What is read of one channel, kept until it is open. */
struct reading {
    const char *folder; /* with a slash at the end, or "" */
    char *private_key;
    char *certificate;
    char *root;
    char *cipher_key;
    char *login_secret;
    char *keys[PAYMENT_KEY_LIMIT];
    char *problem;
};

/* Secrets must not be for everybody to read: refused rather than used. */
static bool is_private(FILE *file)
{
    struct stat status;

    return fstat(fileno(file), &status) == 0 && (status.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

/* A whole file with a zero behind it, from malloc; NULL with a sentence. name: "" gives NULL without one. */
static char *file_read(struct reading *reading, const char *name, bool secret)
{
    char path[PATH_SIZE];
    char *text = calloc(1, FILE_LIMIT + 1);
    FILE *file;
    size_t size;

    (void)snprintf(path, sizeof path, "%s%s", name[0] == '/' ? "" : reading->folder, name);
    file = text != NULL ? fopen(path, "rb") : NULL;
    if (file == NULL || (secret && !is_private(file))) {
        (void)snprintf(reading->problem, 256, "%.160s %s", path,
                       file == NULL ? "cannot be read" : "may be read by others: chmod 600");
        if (file != NULL)
            (void)fclose(file);
        free(text);
        return NULL;
    }
    size = fread(text, 1, FILE_LIMIT, file);
    (void)fclose(file);
    while (secret && size > 0 && (text[size - 1] == '\n' || text[size - 1] == '\r'))
        text[--size] = '\0';
    return text;
}

static const char *member(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text != NULL ? text : "";
}

/* A file that may be named: 0 also when it is not. */
static int named_read(struct reading *reading, const json_t *entry, const char *name, bool secret, char **out)
{
    const char *path = member(entry, name);

    if (path[0] == '\0')
        return 0;
    *out = file_read(reading, path, secret);
    return *out != NULL ? 0 : -1;
}

static int keys_read(struct reading *reading, const json_t *entry, struct payment_key_text keys[PAYMENT_KEY_LIMIT],
                     size_t *count)
{
    const json_t *list = json_object_get(entry, "channel_keys");
    size_t index;
    json_t *key;

    if (json_array_size(list) > PAYMENT_KEY_LIMIT) {
        (void)snprintf(reading->problem, 256, "a channel has at most %d channel_keys", PAYMENT_KEY_LIMIT);
        return -1;
    }
    *count = 0;
    json_array_foreach(list, index, key)
    {
        reading->keys[index] = file_read(reading, member(key, "file"), false);
        if (reading->keys[index] == NULL)
            return -1;
        keys[(*count)++] = (struct payment_key_text){ member(key, "serial"), span_of_text(reading->keys[index]) };
    }
    return 0;
}

static int files_read(struct reading *reading, const json_t *entry)
{
    int error = named_read(reading, entry, "private_key", true, &reading->private_key);

    if (error == 0)
        error = named_read(reading, entry, "certificate", false, &reading->certificate);
    if (error == 0)
        error = named_read(reading, entry, "root_certificates", false, &reading->root);
    if (error == 0)
        error = named_read(reading, entry, "cipher_key", true, &reading->cipher_key);
    if (error == 0)
        error = named_read(reading, entry, "login_secret", true, &reading->login_secret);
    return error;
}

/* A text of channel_open's configuration that may not be NULL. */
static const char *text_or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static int channel_open(struct reading *reading, const json_t *entry, struct payment_channel **out)
{
    struct payment_key_text keys[PAYMENT_KEY_LIMIT];
    struct payment_channel_config config = {
        .kind = member(entry, "kind"),
        .base_url = member(entry, "base_url"),
        .bill_url = member(entry, "bill_url"),
        .notify_url = member(entry, "notify_url"),
        .return_url = member(entry, "return_url"),
        .merchant_id = member(entry, "merchant_id"),
        .application_id = member(entry, "application_id"),
        .signer_name = member(entry, "signer_name"),
        .authorize_url = member(entry, "authorize_url"),
        .identity_url = member(entry, "identity_url"),
        .channel_keys = keys,
        .zone_offset_s = ZONE_OFFSET_S,
    };

    if (files_read(reading, entry) < 0 || keys_read(reading, entry, keys, &config.channel_key_count) < 0)
        return -1;
    config.private_key_pem = span_of_text(text_or_empty(reading->private_key));
    config.certificate_pem = span_of_text(text_or_empty(reading->certificate));
    config.root_pem = span_of_text(text_or_empty(reading->root));
    config.cipher_key = text_or_empty(reading->cipher_key);
    config.login_secret = reading->login_secret;
    return payment_channel_open(&config, out, reading->problem);
}

static void secret_free(char *text)
{
    if (text != NULL)
        OPENSSL_cleanse(text, strlen(text));
    free(text);
}

static void reading_free(struct reading *reading)
{
    secret_free(reading->private_key);
    secret_free(reading->cipher_key);
    secret_free(reading->login_secret);
    free(reading->certificate);
    free(reading->root);
    for (size_t i = 0; i < PAYMENT_KEY_LIMIT; i++)
        free(reading->keys[i]);
}

static bool name_permitted(const struct payment_channels *channels, const char *name)
{
    size_t size = strlen(name);

    return size > 0 && size < PAYMENT_ORDER_CHANNEL_SIZE &&
           strspn(name, "0123456789abcdefghijklmnopqrstuvwxyz_-") == size &&
           payment_channels_find(channels, name) == NULL;
}

static int entry_open(const char *folder, const json_t *entry, struct payment_channels *out, char problem[256])
{
    char reason[256] = "";
    struct reading reading = { .folder = folder, .problem = reason };
    struct payment_channel_entry *row = &out->entries[out->count];
    const char *name = member(entry, "name");
    int error;

    if (!name_permitted(out, name)) {
        (void)snprintf(problem, 256, "a channel's name is up to 15 small letters, digits, - or _, each once");
        return -1;
    }
    error = channel_open(&reading, entry, &row->channel);
    reading_free(&reading);
    if (error < 0) {
        (void)snprintf(problem, 256, "payment channel %.15s: %.200s", name, reason);
        return -1;
    }
    (void)text_copy(span_of_text(name), row->name, sizeof row->name);
    out->count++;
    return 0;
}

/* The folder of a path with its slash, or "". */
static void folder_of(const char *path, char out[PATH_SIZE])
{
    const char *slash = strrchr(path, '/');

    (void)snprintf(out, PATH_SIZE, "%.*s", slash != NULL ? (int)(slash + 1 - path) : 0, path);
}

/* Whoever may change where money goes, or read which keys open the way, is its owner alone. NULL with `problem`. */
static json_t *document_read(const char *path, char problem[256])
{
    FILE *file = fopen(path, "rbe");
    json_error_t where = { .text = "" };
    json_t *document = NULL;

    if (file == NULL)
        (void)snprintf(problem, 256, "%.150s: %s", path, strerror(errno));
    else if (!is_private(file))
        (void)snprintf(problem, 256, "%.150s: nobody but its owner may read or change it (chmod 600)", path);
    else if ((document = json_loadf(file, JSON_REJECT_DUPLICATES, &where)) == NULL)
        (void)snprintf(problem, 256, "%.120s: no valid JSON at line %d, column %d", path, where.line, where.column);
    if (file != NULL)
        (void)fclose(file);
    return document;
}

int payment_channels_open(const char *path, struct payment_channels *out, char problem[256])
{
    char folder[PATH_SIZE];
    json_t *file = document_read(path, problem);
    const json_t *list = json_object_get(file, "channels");
    size_t index;
    json_t *entry;
    int error = 0;

    memset(out, 0, sizeof *out);
    if (file == NULL)
        return -1;
    folder_of(path, folder);
    if (!json_is_array(list) || json_array_size(list) > PAYMENT_CHANNELS_LIMIT) {
        (void)snprintf(problem, 256, "%.120s: expects \"channels\", a list of at most 16", path);
        error = -1;
    }
    if (error == 0) {
        json_array_foreach(list, index, entry)
        {
            if (error == 0)
                error = entry_open(folder, entry, out, problem);
        }
    }
    json_decref(file);
    if (error < 0)
        payment_channels_close(out);
    return error;
}

void payment_channels_close(struct payment_channels *channels)
{
    for (size_t i = 0; i < channels->count; i++)
        payment_channel_close(channels->entries[i].channel);
    channels->count = 0;
}

const struct payment_channel *payment_channels_find(const struct payment_channels *channels, const char *name)
{
    for (size_t i = 0; i < channels->count; i++)
        if (strcmp(channels->entries[i].name, name) == 0)
            return channels->entries[i].channel;
    return NULL;
}
