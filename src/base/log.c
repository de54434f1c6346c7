#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

#define IDENTITY_LIMIT 64

struct category_row {
    const char *name;
    const char *description;
};

#define CATEGORY_ROW(constant, name, description) [constant] = { name, description },
static const struct category_row category_table[LOG_CATEGORY_COUNT] = { LOG_CATEGORIES(CATEGORY_ROW) };
#undef CATEGORY_ROW

static const char *const level_names[LOG_LEVEL_COUNT] = { "debug", "info", "notice", "warning", "error" };

#define CATEGORY_LEVEL(constant, name, description) [constant] = LOG_INFO,
static enum log_level category_levels[LOG_CATEGORY_COUNT] = { LOG_CATEGORIES(CATEGORY_LEVEL) };
#undef CATEGORY_LEVEL

static log_sink_function *sink_function;
static void *sink_context;

static int category_known(enum log_category category)
{
    return (unsigned)category < LOG_CATEGORY_COUNT;
}

void log_sink_set(log_sink_function *sink, void *context)
{
    sink_function = sink;
    sink_context = context;
}

void log_level_set(enum log_category category, enum log_level level)
{
    if (category_known(category))
        category_levels[category] = level;
}

int log_enabled(enum log_category category, enum log_level level)
{
    return sink_function && category_known(category) && level >= category_levels[category];
}

static void controls_replace(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            *text = '?';
}

void log_write(enum log_category category, enum log_level level, const char *identity, const char *format, ...)
{
    char name[IDENTITY_LIMIT];
    char words[LOG_LINE_LIMIT];
    if (!log_enabled(category, level))
        return;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    if (length < 0)
        words[0] = 0;
    snprintf(name, sizeof name, "%s", identity ? identity : "");
    controls_replace(name);
    controls_replace(words);
    sink_function(sink_context, category, level, name, words);
}

const char *log_category_name(enum log_category category)
{
    return category_known(category) ? category_table[category].name : "unknown";
}

const char *log_category_description(enum log_category category)
{
    return category_known(category) ? category_table[category].description : "";
}

const char *log_level_name(enum log_level level)
{
    return (unsigned)level < LOG_LEVEL_COUNT ? level_names[level] : "unknown";
}

bool log_repeat_due(struct log_repeat *repeat, uint64_t what, int64_t now_ms)
{
    if (repeat->said && repeat->what == what && now_ms - repeat->said_ms < LOG_REPEAT_MS)
        return false;
    *repeat = (struct log_repeat){ .said = true, .what = what, .said_ms = now_ms };
    return true;
}
