#include "store/postgres/postgres_text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/writer.h"
#include "store/postgres/postgres_tokens.h"
#include "store/postgres/postgres_value.h"
#include "store/store_error.h"

#define ARGUMENT_LIMIT 3

/* Words that stand for another one wherever they stand. */
static const struct { const char *from, *to; } words[] = {
    { "INTEGER", "bigint" }, { "BLOB", "bytea" }, { "LIKE", "ILIKE" }, { "temp", "pg_temp" }, { "MATCH", "@@@" },
    { "freeze", "\"freeze\"" }, { "json_object", "json_build_object" },
};

/* Functions by name and number of arguments; $1 to $3 are these. */
static const struct { const char *name; size_t arguments; const char *form; } functions[] = {
    { "ifnull", 2, "coalesce($1, $2)" },
    { "iif", 3, "CASE WHEN $1 THEN $2 ELSE $3 END" },
    { "max", 2, "int8larger($1, $2)" },
    { "min", 2, "int8smaller($1, $2)" },
    { "max", 3, "int8larger(int8larger($1, $2), $3)" },
    { "min", 3, "int8smaller(int8smaller($1, $2), $3)" },
    { "group_concat", 1, "string_agg(CAST($1 AS text), ',')" },
    { "group_concat", 2, "string_agg(CAST($1 AS text), $2)" },
    { "json_group_array", 1, "coalesce(json_agg($1), '[]')" },
};

/* What a place of this name, or one that ends so, is bound to: units and the like, all of them 64-bit numbers. */
static const char *const number_names[] = {
    "_s", "_id", "_day", "_fen", "_value", ":tenant", ":object", ":limit", ":person", ":resident", ":today", ":day", ":from", ":to", ":cursor",
};

/* Words behind what is selected from: a name in the same place would be its alias. */
static const char *const clause_words[] = {
    "ON", "USING", "JOIN", "LEFT", "RIGHT", "FULL", "INNER", "CROSS", "WHERE", "GROUP", "ORDER", "HAVING", "WINDOW", "LIMIT", "OFFSET",
    "UNION", "EXCEPT", "INTERSECT", "RETURNING", "DO", "SET",
};

struct making {
    struct tokens tokens;
    struct writer out;
    struct postgres_text *made;
    bool probing;          /* the probe is made, not the text */
    bool used[POSTGRES_TEXT_PLACES], numeric[POSTGRES_TEXT_PLACES]; /* places, in the probe */
    int numbered;          /* the highest number so far */
    int aliases;           /* that were given */
    int error;
    struct span table;     /* that is inserted into */
    size_t columns;        /* where the list of its columns begins; 0 there is none */
    const char *conflict;  /* what is said at the end of an INSERT; NULL nothing */
};

static void range_make(struct making *making, size_t from, size_t to);

/* The index of the next token that is not blank, from `index` on; the count when there is none. */
static size_t solid(const struct making *making, size_t index)
{
    while (index < making->tokens.count && making->tokens.list[index].kind == TOKEN_BLANK)
        index++;
    return index;
}

static bool is(const struct making *making, size_t index, const char *text)
{
    return index < making->tokens.count && making->tokens.list[index].kind != TOKEN_QUOTED &&
           span_equal_text(making->tokens.list[index].text, text);
}

static bool clause_is(const struct making *making, size_t index)
{
    for (size_t i = 0; i < sizeof clause_words / sizeof clause_words[0]; i++)
        if (is(making, index, clause_words[i]))
            return true;
    return false;
}

static bool digit_is(const struct making *making, size_t index)
{
    const struct token *token = &making->tokens.list[index];

    return index < making->tokens.count && token->kind == TOKEN_WORD && token->text.bytes[0] >= '0' && token->text.bytes[0] <= '9';
}

static bool compares(const struct making *making, size_t index)
{
    return index < making->tokens.count && making->tokens.list[index].kind == TOKEN_SIGN &&
           strchr("=<>+-*/%&|", making->tokens.list[index].text.bytes[0]) != NULL;
}

/* The index of the token before that is not blank; 0 at the first. */
static size_t before_of(const struct making *making, size_t index)
{
    while (index > 0 && making->tokens.list[--index].kind == TOKEN_BLANK) {
    }
    return index;
}

/* A number stands behind the place and says what it is: "?1 = 0", "?1 IN (1, 2)", "CASE ?1 WHEN 1", "nullif(?1, 0)". */
static bool number_follows(const struct making *making, size_t index)
{
    size_t next = solid(making, index + 1);
    size_t function = before_of(making, before_of(making, index));

    if (is(making, next, "IN"))
        return digit_is(making, solid(making, solid(making, next + 1) + 1));
    if (is(making, next, "WHEN") || (is(making, next, ",") && (is(making, function, "nullif") || is(making, function, "coalesce"))))
        return digit_is(making, solid(making, next + 1));
    if (!compares(making, next))
        return false;
    next = solid(making, next + 1);
    return digit_is(making, compares(making, next) ? solid(making, next + 1) : next);
}

/* ?1, ? and :name, as SQLite numbers them. returns 0: too many */
static int place_number(struct making *making, struct span place)
{
    struct postgres_text *made = making->made;

    if (place.bytes[0] == '?') {
        unsigned long number = place.size > 1 ? strtoul((const char *)place.bytes + 1, NULL, 10) : (unsigned long)making->numbered + 1;
        if (number > POSTGRES_TEXT_PLACES)
            return 0;
        making->numbered = (int)number > making->numbered ? (int)number : making->numbered;
        made->places = (int)number > made->places ? (int)number : made->places;
        return (int)number;
    }
    for (int i = 0; i < made->places; i++)
        if (made->names[i] != NULL && span_equal_text(place, made->names[i]))
            return i + 1;
    if (made->places >= POSTGRES_TEXT_PLACES)
        return 0;
    made->names[made->places] = strndup((const char *)place.bytes, place.size);
    return made->names[made->places] == NULL ? 0 : ++made->places;
}

/* Where "IS NULL" or "IS NOT NULL" ends; 0 when that does not follow. */
static size_t question_end(const struct making *making, size_t index)
{
    size_t is_at = solid(making, index + 1);
    size_t next = solid(making, is_at + 1);

    if (is(making, next, "NOT"))
        next = solid(making, next + 1);
    return is(making, is_at, "IS") && is(making, next, "NULL") ? next + 1 : 0;
}

static size_t place_make(struct making *making, size_t index)
{
    int number = place_number(making, making->tokens.list[index].text);

    if (number == 0) {
        making->error = STORE_ERR_STATEMENT;
        return index + 1;
    }
    if (making->probing && question_end(making, index) > 0) {
        writer_text(&making->out, "true");
        return question_end(making, index);
    }
    making->used[number - 1] = true;
    making->numeric[number - 1] = making->numeric[number - 1] || number_follows(making, index);
    writer_text(&making->out, "$");
    writer_integer(&making->out, number);
    return index + 1;
}

struct arguments {
    size_t count;
    size_t begins[ARGUMENT_LIMIT + 1]; /* each ends before the comma that is one before the next begins */
};

/* What stands between the parentheses at `open`; more than are known count as many. */
static struct arguments arguments_of(const struct making *making, size_t open)
{
    size_t close = making->tokens.list[open].pair;
    struct arguments found = { .count = solid(making, open + 1) < close ? 1 : 0, .begins = { open + 1 } };

    for (size_t i = open + 1; i < close; i++) {
        if (is(making, i, "("))
            i = making->tokens.list[i].pair;
        else if (is(making, i, ",") && found.count++ < ARGUMENT_LIMIT)
            found.begins[found.count - 1] = i + 1;
    }
    if (found.count <= ARGUMENT_LIMIT)
        found.begins[found.count] = close + 1;
    return found;
}

static void form_make(struct making *making, const char *form, const struct arguments *arguments)
{
    for (; *form != '\0'; form++) {
        if (*form != '$') {
            writer_put_u8(&making->out, (uint8_t)*form);
            continue;
        }
        size_t argument = (size_t)(*++form - '1');
        range_make(making, arguments->begins[argument], arguments->begins[argument + 1] - 1);
    }
}

/* A sum of 64-bit integers is wider; here it is one of them again. What is said behind the parenthesis belongs to it. */
static size_t sum_make(struct making *making, size_t index)
{
    size_t open = solid(making, index + 1);
    size_t end = making->tokens.list[open].pair + 1;

    for (size_t next = solid(making, end); is(making, next, "FILTER") || is(making, next, "OVER"); next = solid(making, end)) {
        size_t behind = solid(making, next + 1);
        end = is(making, behind, "(") ? making->tokens.list[behind].pair + 1 : behind + 1;
    }
    writer_text(&making->out, "CAST(sum");
    range_make(making, index + 1, end);
    writer_text(&making->out, " AS bigint)");
    return end;
}

/* returns  where the call ends; 0 when it is none of the table */
static size_t function_make(struct making *making, size_t index)
{
    size_t open = solid(making, index + 1);

    if (!is(making, open, "("))
        return 0;
    if (is(making, index, "sum"))
        return sum_make(making, index);
    struct arguments arguments = arguments_of(making, open);
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (is(making, index, functions[i].name) && arguments.count == functions[i].arguments) {
            form_make(making, functions[i].form, &arguments);
            return making->tokens.list[open].pair + 1;
        }
    return 0;
}

/* CROSS JOIN keeps SQLite to the order of the tables; one with a condition is a plain JOIN. */
static size_t cross_make(struct making *making, size_t index)
{
    size_t join = solid(making, index + 1), i = solid(making, join + 1);

    while (i < making->tokens.count && !is(making, i, ")") && !is(making, i, ",") && !clause_is(making, i))
        i = solid(making, is(making, i, "(") ? making->tokens.list[i].pair + 1 : i + 1);
    if (!is(making, i, "ON") && !is(making, i, "USING"))
        writer_text(&making->out, "CROSS ");
    return join;
}

/* A query in parentheses that is selected from wants a name. */
static size_t query_make(struct making *making, size_t from)
{
    size_t open = solid(making, from + 1);
    size_t close = making->tokens.list[open].pair;
    size_t behind = solid(making, close + 1);

    range_make(making, from, close + 1);
    if (behind >= making->tokens.count || making->tokens.list[behind].kind == TOKEN_SIGN || clause_is(making, behind))
        writer_format(&making->out, " AS query_%d", ++making->aliases);
    return close + 1;
}

static bool query_from(const struct making *making, size_t index)
{
    size_t open = solid(making, index + 1);

    if (!is(making, index, "FROM") && !is(making, index, "JOIN"))
        return false;
    return is(making, open, "(") && (is(making, solid(making, open + 1), "SELECT") || is(making, solid(making, open + 1), "WITH"));
}

/* Every column that is given, as it was given. */
static void columns_replace(struct making *making)
{
    size_t close = making->columns > 0 ? making->tokens.list[making->columns].pair : 0;

    for (size_t i = making->columns + 1; i < close; i++) {
        if (making->tokens.list[i].kind != TOKEN_WORD)
            continue;
        writer_text(&making->out, i > making->columns + 1 ? ", " : "");
        writer_put_span(&making->out, making->tokens.list[i].text);
        writer_text(&making->out, " = excluded.");
        writer_put_span(&making->out, making->tokens.list[i].text);
    }
}

static void key_write(struct making *making)
{
    writer_text(&making->out, " ON CONSTRAINT ");
    writer_put_span(&making->out, making->table);
    writer_text(&making->out, "_pkey");
}

/* INSERT OR REPLACE and REPLACE: what has the key already gets the columns. INSERT OR IGNORE: it stays. */
static void conflict_make(struct making *making)
{
    if (making->conflict == NULL)
        return;
    writer_text(&making->out, " ON CONFLICT");
    if (strcmp(making->conflict, "REPLACE") == 0) {
        key_write(making);
        writer_text(&making->out, " DO UPDATE SET ");
        columns_replace(making);
    } else {
        writer_text(&making->out, " DO NOTHING");
    }
    writer_text(&making->out, " ");
    making->conflict = NULL;
}

static size_t insert_make(struct making *making, size_t index)
{
    size_t next = is(making, index, "REPLACE") ? index : solid(making, index + 1);

    if (is(making, next, "OR"))
        next = solid(making, next + 1);
    making->conflict = is(making, next, "REPLACE") ? "REPLACE" : is(making, next, "IGNORE") ? "IGNORE" : NULL;
    if (making->conflict != NULL)
        next = solid(making, next + 1);
    size_t table = solid(making, next + 1);
    if (!is(making, next, "INTO") || table >= making->tokens.count)
        return 0;
    size_t open = solid(making, table + 1);
    making->table = making->tokens.list[table].text;
    making->columns = is(making, open, "(") ? open : 0;
    writer_text(&making->out, "INSERT INTO");
    return next + 1;
}

/* ON CONFLICT DO UPDATE without a key means that of the table. */
static size_t do_make(struct making *making, size_t index)
{
    size_t before = before_of(making, index);

    if (is(making, before, "CONFLICT") && is(making, solid(making, index + 1), "UPDATE"))
        key_write(making);
    writer_text(&making->out, " DO");
    return index + 1;
}

static size_t hint_drop(struct making *making, size_t index)
{
    size_t by = solid(making, index + 1);

    return is(making, by, "BY") ? solid(making, by + 1) + 1 : 0;
}

static void plain_make(struct making *making, const struct token *token)
{
    for (size_t i = 0; token->kind == TOKEN_WORD && i < sizeof words / sizeof words[0]; i++)
        if (span_equal_text(token->text, words[i].from)) {
            writer_text(&making->out, words[i].to);
            return;
        }
    if (token->kind == TOKEN_BLANK)
        writer_text(&making->out, " ");
    else
        writer_put_span(&making->out, token->text);
}

/* Bytes: x'0a' */
static size_t bytes_make(struct making *making, size_t index)
{
    const struct token *digits = &making->tokens.list[index + 1];

    if (index + 1 >= making->tokens.count || digits->kind != TOKEN_QUOTED)
        return 0;
    writer_text(&making->out, "'\\x");
    writer_put_bytes(&making->out, digits->text.bytes + 1, digits->text.size - 1);
    writer_text(&making->out, "::bytea");
    return index + 2;
}

static const struct { const char *word; size_t (*make)(struct making *making, size_t index); } clauses[] = {
    { "CROSS", cross_make }, { "INSERT", insert_make }, { "REPLACE", insert_make }, { "DO", do_make }, { "INDEXED", hint_drop },
    { "x", bytes_make },
};

/* returns  where the next token to look at is */
static size_t word_make(struct making *making, size_t index)
{
    size_t end = function_make(making, index);

    if (is(making, index, "RETURNING"))
        conflict_make(making);
    for (size_t i = 0; end == 0 && i < sizeof clauses / sizeof clauses[0]; i++)
        if (is(making, index, clauses[i].word))
            end = clauses[i].make(making, index);
    if (end == 0) {
        plain_make(making, &making->tokens.list[index]);
        end = index + 1;
    }
    return end;
}

static void range_make(struct making *making, size_t from, size_t to)
{
    for (size_t i = from; i < to && making->error == 0;) {
        const struct token *token = &making->tokens.list[i];
        bool named = i > from && query_from(making, i); /* `from` itself: query_make asks for it */

        if (token->kind == TOKEN_PLACE)
            i = place_make(making, i);
        else if (named)
            i = query_make(making, i);
        else if (token->kind == TOKEN_WORD)
            i = word_make(making, i);
        else {
            plain_make(making, token);
            i++;
        }
    }
}

static int statement_make(struct making *making)
{
    range_make(making, 0, making->tokens.count);
    conflict_make(making);
    if (making->error == 0 && making->out.overflow)
        making->error = STORE_ERR_STATEMENT;
    (void)writer_terminate(&making->out);
    return making->error;
}

static bool ends_with(const char *name, const char *end)
{
    return strlen(name) >= strlen(end) && strcmp(name + strlen(name) - strlen(end), end) == 0;
}

static unsigned type_of(const char *name, bool used)
{
    for (size_t i = 0; name != NULL && i < sizeof number_names / sizeof number_names[0]; i++)
        if (ends_with(name, number_names[i]))
            return POSTGRES_INT8;
    return used ? 0 : POSTGRES_TEXT;
}

/* Both texts from one reading; the names of the places come with the first. */
static int both_make(const char *text, size_t capacity, struct postgres_text *made)
{
    struct making making = { .made = made, .out = writer_of_buffer(made->text, capacity) };
    struct making probing = { .made = made, .out = writer_of_buffer(made->probe, capacity), .probing = true };
    int error = postgres_tokens_read(text, &making.tokens);

    if (error != 0)
        return error;
    probing.tokens = making.tokens;
    error = statement_make(&making);
    if (error == 0)
        error = statement_make(&probing);
    for (int i = 0; error == 0 && i < made->places; i++)
        made->types[i] = probing.numeric[i] ? POSTGRES_INT8 : type_of(made->names[i], probing.used[i]);
    postgres_tokens_free(&making.tokens);
    return error;
}

int postgres_text_make(const char *text, struct postgres_text *out)
{
    size_t capacity = strlen(text) * 3 + 1024; /* no rule makes more of a text */
    struct postgres_text made = { .text = malloc(capacity), .probe = malloc(capacity),
                                  .names = calloc(POSTGRES_TEXT_PLACES, sizeof *made.names),
                                  .types = calloc(POSTGRES_TEXT_PLACES, sizeof *made.types) };
    bool has_memory = made.text != NULL && made.probe != NULL && made.names != NULL && made.types != NULL;
    int error = has_memory ? both_make(text, capacity, &made) : STORE_ERR_MEMORY;

    if (error != 0) {
        postgres_text_free(&made);
        return error;
    }
    *out = made;
    return 0;
}

void postgres_text_free(struct postgres_text *text)
{
    for (int i = 0; i < text->places; i++)
        free(text->names[i]);
    free(text->names);
    free(text->types);
    free(text->probe);
    free(text->text);
    *text = (struct postgres_text){ 0 };
}
