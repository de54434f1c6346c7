#include "store/postgres/postgres_text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/store_error.h"

#define NUMBER_SIZE 4 /* "$99" and its 0 */

static bool digit_is(char character)
{
    return character >= '0' && character <= '9';
}

static bool word_is(char character)
{
    return digit_is(character) || character == '_' || (character >= 'a' && character <= 'z') ||
           (character >= 'A' && character <= 'Z');
}

/* What is copied as it stands: a text, a quoted name, a comment. */
static size_t untouched(const char *text)
{
    if (text[0] == '\'' || text[0] == '"') {
        const char *end = strchr(text + 1, text[0]);
        return end != NULL ? (size_t)(end - text) + 1 : strlen(text);
    }
    if (text[0] == '-' && text[1] == '-')
        return strcspn(text, "\n");
    return 0;
}

static int name_number(struct postgres_text *out, const char *name, size_t size)
{
    for (int i = 0; i < out->places; i++)
        if (out->names[i] != NULL && strlen(out->names[i]) == size && memcmp(out->names[i], name, size) == 0)
            return i + 1;
    if (out->places >= POSTGRES_TEXT_PLACES)
        return STORE_ERR_STATEMENT;
    char *copy = strndup(name, size);
    if (copy == NULL)
        return STORE_ERR_MEMORY;
    out->names[out->places++] = copy;
    return out->places;
}

/* ?1, ? and :name, as SQLite numbers them.
 * returns  the number; STORE_ERR_* */
static int place_number(struct postgres_text *out, const char *place, size_t size)
{
    if (place[0] == ':')
        return name_number(out, place, size);
    unsigned long number = size > 1 ? strtoul(place + 1, NULL, 10) : (unsigned long)out->places + 1;
    if (number < 1 || number > POSTGRES_TEXT_PLACES)
        return STORE_ERR_STATEMENT;
    if ((int)number > out->places)
        out->places = (int)number;
    return (int)number;
}

static size_t place_size(const char *text)
{
    size_t size = 1;

    if (text[0] == '?') {
        while (digit_is(text[size]))
            size++;
        return size;
    }
    if (text[0] != ':' || !word_is(text[1]) || digit_is(text[1]))
        return 0;
    while (word_is(text[size]))
        size++;
    return size;
}

static int translate(const char *text, struct postgres_text *out)
{
    char *to = out->text;

    while (*text != '\0') {
        size_t size = untouched(text);
        if (size == 0 && (size = place_size(text)) > 0) {
            int number = place_number(out, text, size);
            if (number < 0)
                return number;
            to += snprintf(to, NUMBER_SIZE, "$%d", number);
            text += size;
            continue;
        }
        size = size > 0 ? size : 1;
        memcpy(to, text, size);
        to += size;
        text += size;
    }
    *to = '\0';
    return 0;
}

int postgres_text_make(const char *text, struct postgres_text *out)
{
    struct postgres_text made = { .text = malloc(strlen(text) * (NUMBER_SIZE - 1) + 1),
                                  .names = calloc(POSTGRES_TEXT_PLACES, sizeof *made.names) };
    int error = made.text == NULL || made.names == NULL ? STORE_ERR_MEMORY : translate(text, &made);

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
    free(text->text);
    *text = (struct postgres_text){ 0 };
}
