#include "store/sqlite/search_functions.h"

#include <string.h>

#include "base/search_gram.h"
#include "store/sqlite/sqlite_store.h"

#define WORDS_LIMIT 4
#define NOTHING "\"-\"" /* no object has such a token */
#define MATCH_SIZE 8192

static const struct { char mark; unsigned places; } fields[] = {
    { 'n', SEARCH_INSIDE | SEARCH_START | SEARCH_END },
    { 'e', SEARCH_END },
    { 'p', SEARCH_INSIDE | SEARCH_START },
    { 'r', SEARCH_WHOLE },
    { 'c', SEARCH_INSIDE | SEARCH_START },
    { 'i', SEARCH_START },
    { 't', SEARCH_INSIDE | SEARCH_END },
    { 'a', SEARCH_INSIDE },
    { 'm', SEARCH_END },
};

static unsigned places_of(char mark)
{
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (fields[i].mark == mark)
            return fields[i].places;
    return 0;
}

static struct span text_of(sqlite3_value *value)
{
    const void *bytes = sqlite3_value_text(value);
    size_t size = (size_t)sqlite3_value_bytes(value);
    return span_of_bytes(bytes, bytes != NULL ? size : 0);
}

static void tokens_make(sqlite3_context *context, int count, sqlite3_value **values)
{
    size_t capacity = 64;

    /* A token has at most 12 bytes and marks beside, and begins at a byte of its text; each text has seven more. */
    for (int i = 0; i < count; i++)
        capacity += (size_t)sqlite3_value_bytes(values[i]) * 20 + 160;
    char *bytes = sqlite3_malloc64(capacity);
    struct writer out = writer_of_buffer(bytes, capacity);

    if (bytes == NULL) {
        sqlite3_result_error_nomem(context);
        return;
    }
    search_areas_write(&out, text_of(values[0]));
    for (int i = 1; i + 1 < count; i += 2) {
        struct span mark = text_of(values[i]);
        if (mark.size == 1)
            search_tokens_write(&out, (char)mark.bytes[0], places_of((char)mark.bytes[0]), text_of(values[i + 1]));
    }
    sqlite3_result_text64(context, bytes, out.size, sqlite3_free, SQLITE_UTF8);
}

struct words {
    size_t count;
    struct search_word list[WORDS_LIMIT];
};

/* The last of them has the rest of the text. */
static void words_read(struct span text, unsigned places, struct words *words)
{
    words->count = 0;
    while (text.size > 0 && words->count < WORDS_LIMIT) {
        struct search_word *word = &words->list[words->count];
        ptrdiff_t blank = (places & SEARCH_INSIDE) != 0 && words->count + 1 < WORDS_LIMIT ? span_find_byte(text, ' ') : -1;
        struct span piece = { text.bytes, blank < 0 ? text.size : (size_t)blank };

        search_word_read(piece, word);
        words->count += word->count > 0;
        text.bytes += piece.size + (blank >= 0);
        text.size -= piece.size + (blank >= 0);
    }
}

/* The word at any of the places of one field. What is found inside is found at every place. */
static bool field_write(struct writer *out, const struct search_word *word, unsigned places, char mark, bool any)
{
    static const enum search_place order[] = { SEARCH_INSIDE, SEARCH_START, SEARCH_END, SEARCH_WHOLE };
    char piece[MATCH_SIZE / 8];

    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        struct writer one = writer_of_buffer(piece, sizeof piece);

        if ((places & (unsigned)order[i]) == 0 || !search_match_write(&one, mark, places_of(mark), order[i], word))
            continue;
        writer_text(out, any ? " OR " : "");
        writer_put_span(out, writer_span(&one));
        any = true;
        if (order[i] == SEARCH_INSIDE)
            break;
    }
    return any;
}

/* Any of the fields may have the word. */
static bool word_write(struct writer *out, const struct search_word *word, unsigned places, struct span marks)
{
    bool any = false;

    writer_text(out, "(");
    for (size_t i = 0; i < marks.size; i++)
        any = field_write(out, word, places, (char)marks.bytes[i], any);
    writer_text(out, ")");
    return any;
}

/* "/1/7/23/" as the token of area 23; nothing of an empty path: everywhere. */
static void area_write(struct writer *out, struct span path)
{
    size_t end = path.size;

    while (end > 0 && path.bytes[end - 1] == '/')
        end--;
    if (end == 0)
        return;
    size_t begin = end;
    while (begin > 0 && path.bytes[begin - 1] != '/')
        begin--;
    writer_text(out, "\"@");
    writer_put_bytes(out, path.bytes + begin, end - begin);
    writer_text(out, "\" AND ");
}

static void match_make(sqlite3_context *context, int count, sqlite3_value **values)
{
    char expression[MATCH_SIZE];
    struct writer out = writer_of_buffer(expression, sizeof expression);
    unsigned places = (unsigned)sqlite3_value_int(values[2]);
    struct words words;
    bool known;

    (void)count;
    words_read(text_of(values[1]), places, &words);
    known = words.count > 0;
    area_write(&out, text_of(values[0]));
    for (size_t i = 0; i < words.count; i++) {
        writer_text(&out, i > 0 ? " AND " : "");
        known = word_write(&out, &words.list[i], places, text_of(values[3])) && known;
    }
    if (!known || out.overflow)
        sqlite3_result_text(context, NOTHING, -1, SQLITE_STATIC);
    else
        sqlite3_result_text(context, expression, (int)out.size, SQLITE_TRANSIENT);
}

/* The words of the first argument, read once for a statement. */
static const struct words *words_kept(sqlite3_context *context, sqlite3_value **values, enum search_place place, struct words *spare)
{
    struct words *kept = sqlite3_get_auxdata(context, 0);

    if (kept != NULL)
        return kept;
    words_read(text_of(values[0]), place, spare);
    kept = sqlite3_malloc64(sizeof *kept);
    if (kept != NULL) {
        memcpy(kept, spare, sizeof *kept);
        sqlite3_set_auxdata(context, 0, kept, sqlite3_free);
    }
    return spare;
}

static void holds_tell(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct words spare;
    enum search_place place = (enum search_place)sqlite3_value_int(values[1]);
    const struct words *words = words_kept(context, values, place, &spare);
    bool all = words->count > 0;

    for (size_t i = 0; i < words->count && all; i++) {
        bool found = false;
        for (int k = 2; k < count && !found; k++)
            found = search_word_is(&words->list[i], place, text_of(values[k]));
        all = found;
    }
    sqlite3_result_int(context, all);
}

int search_functions_register(sqlite3 *connection)
{
    static const struct { const char *name; int arguments; void (*function)(sqlite3_context *, int, sqlite3_value **); } functions[] = {
        { "search_tokens", -1, tokens_make }, { "search_match", 4, match_make }, { "search_holds", -1, holds_tell },
    };
    int result = SQLITE_OK;

    for (size_t i = 0; i < sizeof functions / sizeof functions[0] && result == SQLITE_OK; i++)
        result = sqlite3_create_function(connection, functions[i].name, functions[i].arguments,
            SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, functions[i].function, NULL, NULL);
    return sqlite_store_error(result);
}
