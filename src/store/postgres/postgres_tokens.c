#include "store/postgres/postgres_tokens.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "store/store_error.h"

#define DEPTH_LIMIT 64

static bool digit_is(char character)
{
    return character >= '0' && character <= '9';
}

static bool word_is(char character)
{
    return digit_is(character) || character == '_' || (character >= 'a' && character <= 'z') ||
           (character >= 'A' && character <= 'Z');
}

static size_t words_size(const char *text)
{
    size_t size = 0;

    while (word_is(text[size]))
        size++;
    return size;
}

static size_t blank_size(const char *text)
{
    size_t size = 0;

    for (;;) {
        size_t more = strspn(text + size, " \t\r\n");
        if (strncmp(text + size + more, "--", 2) == 0)
            more += strcspn(text + size + more, "\n");
        if (strncmp(text + size + more, "/*", 2) == 0 && strstr(text + size + more, "*/") != NULL)
            more = (size_t)(strstr(text + size + more, "*/") - text) + 2 - size;
        if (more == 0)
            return size;
        size += more;
    }
}

/* With both quotes; a quote inside stands twice. returns 0 without an end */
static size_t quoted_size(const char *text)
{
    const char *end = text;

    do {
        end = strchr(end + 1, text[0]);
        if (end == NULL)
            return 0;
        end++;
    } while (*end == text[0]);
    return (size_t)(end - text);
}

/* returns 0 where no token can begin */
static size_t token_size(const char *text, enum token_kind *kind)
{
    if (blank_size(text) > 0) {
        *kind = TOKEN_BLANK;
        return blank_size(text);
    }
    if (word_is(text[0])) {
        *kind = TOKEN_WORD;
        return words_size(text);
    }
    if (text[0] == '\'' || text[0] == '"') {
        *kind = TOKEN_QUOTED;
        return quoted_size(text);
    }
    if (strncmp(text, "::", 2) == 0) {
        *kind = TOKEN_SIGN;
        return 2;
    }
    *kind = text[0] == '?' || (text[0] == ':' && word_is(text[1])) ? TOKEN_PLACE : TOKEN_SIGN;
    return *kind == TOKEN_PLACE ? 1 + words_size(text + 1) : 1;
}

static int pairs_find(struct tokens *tokens)
{
    size_t open[DEPTH_LIMIT];
    size_t depth = 0;

    for (size_t i = 0; i < tokens->count; i++) {
        struct token *token = &tokens->list[i];
        if (token->kind != TOKEN_SIGN || (token->text.bytes[0] != '(' && token->text.bytes[0] != ')'))
            continue;
        if (token->text.bytes[0] == '(' ? depth == DEPTH_LIMIT : depth == 0)
            return STORE_ERR_STATEMENT;
        if (token->text.bytes[0] == '(') {
            open[depth++] = i;
            continue;
        }
        token->pair = open[--depth];
        tokens->list[token->pair].pair = i;
    }
    return depth == 0 ? 0 : STORE_ERR_STATEMENT;
}

int postgres_tokens_read(const char *text, struct tokens *out)
{
    struct tokens tokens = { calloc(strlen(text) + 1, sizeof *tokens.list), 0 };
    int error = tokens.list == NULL ? STORE_ERR_MEMORY : 0;

    while (error == 0 && *text != '\0') {
        struct token *token = &tokens.list[tokens.count++];
        size_t size = token_size(text, &token->kind);
        token->text = span_of_bytes(text, size);
        error = size == 0 ? STORE_ERR_STATEMENT : 0;
        text += size;
    }
    if (error == 0)
        error = pairs_find(&tokens);
    if (error != 0) {
        free(tokens.list);
        return error;
    }
    *out = tokens;
    return 0;
}

void postgres_tokens_free(struct tokens *tokens)
{
    free(tokens->list);
    *tokens = (struct tokens){ 0 };
}
