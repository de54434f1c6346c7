/* The file of providers: JSON, every member known and checked, complaints by name and never with a value that could be a
 * secret. */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/text.h"
#include "notify/event.h"
#include "notify/http_text.h"
#include "notify/notify_error.h"
#include "notify/provider.h"

#define EVENTS_PER_SECOND 100

#define TEXT(member_) offsetof(struct provider, member_), sizeof ((struct provider *)0)->member_
#define NUMBER(member_) offsetof(struct provider, member_)

static const struct text_member {
    const char *name;
    size_t offset;
    size_t size;
} text_members[] = {
    { "name", TEXT(name) },           { "url", TEXT(url) },       { "id", TEXT(id) },
    { "secret", TEXT(secret) },       { "sign_name", TEXT(sign_name) }, { "application", TEXT(application) },
    { "region", TEXT(region) },       { "source", TEXT(source) }, { "page", TEXT(page) },
    { "authority", TEXT(authority) },
};

static const struct number_member {
    const char *name;
    size_t offset;
    int32_t minimum, maximum, usual;
} number_members[] = {
    { "version", NUMBER(version), 0, 99, 0 },          { "per_second", NUMBER(per_second), 1, 1000, 20 },
    { "window", NUMBER(window), 1, 64, 16 },           { "cost_e4", NUMBER(cost_e4), 0, 1000000, 0 },
    { "timeout_s", NUMBER(timeout_s), 1, 60, 15 },
};

#define TEXT_MEMBER_COUNT (sizeof text_members / sizeof text_members[0])
#define NUMBER_MEMBER_COUNT (sizeof number_members / sizeof number_members[0])

struct reading {
    struct provider *provider;
    unsigned serial;          /* of the provider in the file, for complaints */
    char *problem;
};

static int complain(const struct reading *reading, const char *member, const char *what)
{
    (void)snprintf(reading->problem, 256, "provider %u, %.60s: %s", reading->serial, member, what);
    return NOTIFY_ERR_CONFIGURATION;
}

/* 1 it was this table's; 0 not; negative. */
static int text_member_read(const struct reading *reading, const char *name, const json_t *value)
{
    for (size_t i = 0; i < TEXT_MEMBER_COUNT; i++) {
        const struct text_member *row = &text_members[i];
        if (strcmp(row->name, name) != 0)
            continue;
        if (!json_is_string(value))
            return complain(reading, name, "must be text");
        if (text_copy(span_of_bytes(json_string_value(value), json_string_length(value)),
                      (char *)reading->provider + row->offset, row->size) < 0)
            return complain(reading, name, "is too long");
        return 1;
    }
    return 0;
}

static int number_member_read(const struct reading *reading, const char *name, const json_t *value)
{
    for (size_t i = 0; i < NUMBER_MEMBER_COUNT; i++) {
        const struct number_member *row = &number_members[i];
        int32_t number;
        if (strcmp(row->name, name) != 0)
            continue;
        if (!json_is_integer(value) || json_integer_value(value) < row->minimum ||
            json_integer_value(value) > row->maximum)
            return complain(reading, name, "is no number in its range");
        number = (int32_t)json_integer_value(value);
        memcpy((char *)reading->provider + row->offset, &number, sizeof number);
        return 1;
    }
    return 0;
}

static void numbers_usual(struct provider *provider)
{
    for (size_t i = 0; i < NUMBER_MEMBER_COUNT; i++)
        memcpy((char *)provider + number_members[i].offset, &number_members[i].usual, sizeof number_members[i].usual);
}

static bool is_word(const char *word)
{
    const char *name;

    if (strcmp(word, "text") == 0)
        return true;
    for (size_t i = 0; (name = notice_placeholder_name(i)) != NULL; i++)
        if (strcmp(name, word) == 0)
            return true;
    return false;
}

/* {"place": "place", "money": "balance"}: the provider's name, our word; in the order of the file. */
static int parameters_read(const struct reading *reading, struct provider_template *template, json_t *parameters)
{
    const char *name;
    json_t *value;

    if (parameters != NULL && !json_is_object(parameters))
        return complain(reading, "templates.parameters", "must be an object of names and words");
    json_object_foreach(parameters, name, value) {
        struct provider_parameter *parameter = &template->parameters[template->parameter_count];
        const char *word = json_string_value(value);

        if (template->parameter_count == PROVIDER_PARAMETER_LIMIT)
            return complain(reading, "templates.parameters", "are more than 12");
        if (word == NULL || !is_word(word))
            return complain(reading, "templates.parameters", "names a word that messages do not have");
        if (text_copy(span_of_text(name), parameter->name, sizeof parameter->name) <= 0 ||
            text_copy(span_of_text(word), parameter->word, sizeof parameter->word) <= 0)
            return complain(reading, "templates.parameters", "a name is too long");
        template->parameter_count++;
    }
    return 0;
}

static int template_read(const struct reading *reading, json_t *row)
{
    struct provider *provider = reading->provider;
    struct provider_template *template = &provider->templates[provider->template_count];
    const char *kind = json_member_text(row, "kind");
    const char *language = json_member_text(row, "language");

    if (provider->template_count == PROVIDER_TEMPLATE_LIMIT)
        return complain(reading, "templates", "are more than 32");
    if (strcmp(kind, "test") != 0 && notice_kind_of_name(kind) == 0)
        return complain(reading, "templates.kind", "is no kind of notice");
    if (strcmp(language, "") != 0 && strcmp(language, "zh") != 0 && strcmp(language, "en") != 0)
        return complain(reading, "templates.language", "must be zh or en");
    if (text_copy(span_of_text(json_member_text(row, "code")), template->code, sizeof template->code) <= 0)
        return complain(reading, "templates.code", "is missing or too long");
    (void)text_copy(span_of_text(kind), template->kind, sizeof template->kind);
    template->language = language[0] == '\0' ? -1 : strcmp(language, "zh") == 0 ? NOTICE_CHINESE : NOTICE_ENGLISH;
    provider->template_count++;
    return parameters_read(reading, template, json_object_get(row, "parameters"));
}

static int templates_read(const struct reading *reading, const json_t *list)
{
    size_t index;
    json_t *row;
    int result = json_is_array(list) ? 0 : complain(reading, "templates", "must be an array");

    json_array_foreach(list, index, row) {
        if (result == 0)
            result = template_read(reading, row);
    }
    return result;
}

static bool is_loopback(struct span host)
{
    static const char *const names[] = { "127.0.0.1", "localhost", "[::1]" };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t size = strlen(names[i]);
        if (host.size >= size && memcmp(host.bytes, names[i], size) == 0 && (host.size == size || host.bytes[size] == ':'))
            return true;
    }
    return false;
}

/* Secrets and phone numbers go through encryption, or do not leave the machine. */
static bool url_permitted(const struct provider *provider)
{
    const char *secure = provider->kind->http != NULL ? "https://" : "smtps://";
    const char *plain = provider->kind->http != NULL ? "http://" : "smtp://";

    if (provider->kind->stream != NULL)
        return strchr(provider->url, ':') != NULL && strchr(provider->url, '/') == NULL;
    if (strncmp(provider->url, secure, strlen(secure)) == 0 && http_host(provider->url).size > 0)
        return true;
    /* smtp:// is upgraded by STARTTLS unless it is loopback */
    if (provider->kind->http == NULL && strncmp(provider->url, plain, strlen(plain)) == 0)
        return http_host(provider->url).size > 0;
    return strncmp(provider->url, plain, strlen(plain)) == 0 && is_loopback(http_host(provider->url));
}

static int provider_check(const struct reading *reading)
{
    const struct provider *provider = reading->provider;

    if (provider->kind == NULL)
        return complain(reading, "kind", "is none that is known");
    if (!message_address_permitted(MESSAGE_WEBHOOK, span_of_text(provider->name)))
        return complain(reading, "name", "must be 1 to 23 letters, digits, - or _");
    if (!url_permitted(provider))
        return complain(reading, "url", "must be https:// (http:// only to this machine), smtps:// or smtp://, host:port");
    if (provider->secret[0] == '\0' && (provider->kind->http != NULL || provider->id[0] != '\0'))
        return complain(reading, "secret", "is missing");
    if (provider->kind->channel == MESSAGE_EMAIL &&
        !message_address_permitted(MESSAGE_EMAIL, span_of_text(provider->source)))
        return complain(reading, "source", "must be the sender's e-mail address");
    return 0;
}

static int provider_read(const struct reading *reading, json_t *row)
{
    const char *name;
    json_t *value;

    if (!json_is_object(row))
        return complain(reading, "", "must be an object");
    numbers_usual(reading->provider);
    json_object_foreach(row, name, value) {
        int known = 1;

        if (strcmp(name, "kind") == 0)
            reading->provider->kind = provider_kind_find(json_is_string(value) ? json_string_value(value) : "");
        else if (strcmp(name, "templates") == 0)
            known = templates_read(reading, value) == 0 ? 1 : NOTIFY_ERR_CONFIGURATION;
        else
            known = text_member_read(reading, name, value);
        if (known == 0)
            known = number_member_read(reading, name, value);
        if (known == 0)
            return complain(reading, name, "is no member of a provider");
        if (known < 0)
            return known;
    }
    return provider_check(reading);
}

static bool name_is_taken(const struct provider list[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].name, list[count].name) == 0)
            return true;
    return false;
}

static int rows_read(const json_t *rows, struct provider out[PROVIDER_LIMIT], char problem[256])
{
    size_t count = json_array_size(rows);

    if (!json_is_array(rows) || count > PROVIDER_LIMIT) {
        (void)snprintf(problem, 256, "\"providers\" must be an array of at most %d", PROVIDER_LIMIT);
        return NOTIFY_ERR_CONFIGURATION;
    }
    for (size_t i = 0; i < count; i++) {
        struct reading reading = { &out[i], (unsigned)i + 1, problem };

        memset(&out[i], 0, sizeof out[i]);
        if (provider_read(&reading, json_array_get(rows, i)) < 0)
            return NOTIFY_ERR_CONFIGURATION;
        if (name_is_taken(out, i))
            return complain(&reading, "name", "stands there twice");
    }
    return (int)count;
}

static json_t *file_parse(struct span text, char problem[256])
{
    json_error_t error;
    json_t *file = json_loadb((const char *)text.bytes, text.size, JSON_REJECT_DUPLICATES, &error);

    /* The parser's own words quote what it met: a secret perhaps. */
    if (file == NULL)
        (void)snprintf(problem, 256, "no valid JSON at line %d, column %d", error.line, error.column);
    return file;
}

int provider_list_read(struct span text, struct provider out[PROVIDER_LIMIT], char problem[256])
{
    json_t *file = file_parse(text, problem);
    json_t *rows = json_object_get(file, "providers");
    int result = NOTIFY_ERR_CONFIGURATION;

    if (file == NULL)
        return result;
    /* A house that only sends events has none. */
    if (rows == NULL && json_object_get(file, "webhooks") != NULL)
        result = 0;
    else
        result = rows_read(rows, out, problem);
    json_decref(file);
    return result;
}

void provider_events_usual(struct provider *out)
{
    *out = (struct provider){ .kind = &event_provider_kind, .name = "webhooks", .url = "https://" };
    numbers_usual(out);
    out->per_second = EVENTS_PER_SECOND;
}

static int events_member_read(const struct reading *reading, const char *name, json_t *value)
{
    int known = 0;

    if (strcmp(name, "private_addresses") == 0) {
        if (!json_is_boolean(value))
            return complain(reading, name, "is true or false");
        reading->provider->inside = json_is_true(value);
        return 0;
    }
    if (strcmp(name, "authority") == 0)
        known = text_member_read(reading, name, value);
    else if (strcmp(name, "timeout_s") == 0 || strcmp(name, "per_second") == 0)
        known = number_member_read(reading, name, value);
    if (known == 0)
        return complain(reading, name, "is no member of webhooks");
    return known < 0 ? known : 0;
}

int provider_events_read(struct span text, struct provider *out, char problem[256])
{
    json_t *file = file_parse(text, problem);
    json_t *section = json_object_get(file, "webhooks");
    struct reading reading = { out, 0, problem };
    int result = file != NULL ? 0 : NOTIFY_ERR_CONFIGURATION;
    const char *name;
    json_t *value;

    provider_events_usual(out);
    if (section != NULL && !json_is_object(section))
        result = complain(&reading, "webhooks", "must be an object");
    json_object_foreach(section, name, value) {
        if (result == 0)
            result = events_member_read(&reading, name, value);
    }
    json_decref(file);
    return result;
}
