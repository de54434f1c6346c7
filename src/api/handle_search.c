#include <string.h>

#include "api/handlers.h"
#include "api/route.h"
#include "api/view_json.h"
#include "base/text.h"

#define NUMBER_DIGITS 4 /* fewer say too little */

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_letter(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool all_are(struct span text, bool (*test)(uint8_t byte))
{
    for (size_t i = 0; i < text.size; i++)
        if (!test(text.bytes[i]))
            return false;
    return text.size > 0;
}

/* "3栋1204" and "榕荫花园 3栋 1204": the room is the last run of ASCII letters, digits and dashes. */
static void room_split(struct span text, struct search_words *words)
{
    size_t begin = text.size;

    while (begin > 0 && (is_digit(text.bytes[begin - 1]) || is_letter(text.bytes[begin - 1]) || text.bytes[begin - 1] == '-'))
        begin--;
    if (begin == text.size || text.size - begin > 32)
        return;
    words->room = (struct span){ text.bytes + begin, text.size - begin };
    struct span place = text_trim((struct span){ text.bytes, begin });
    if (place.size > 0)
        words->place = place;
}

static void number_find(struct span text, struct search_words *words)
{
    if (!all_are(text, is_digit) || text.size < NUMBER_DIGITS)
        return;
    words->number = text;
    words->tail = (struct span){ text.bytes + text.size - NUMBER_DIGITS, NUMBER_DIGITS };
}

static void initials_find(struct span text, struct search_words *words)
{
    if (!all_are(text, is_letter) || text.size >= sizeof words->initials)
        return;
    (void)text_copy(text, words->initials, sizeof words->initials);
    text_lower_ascii(words->initials);
}

void search_words_split(struct span typed, struct search_words *words)
{
    struct span text = text_trim(typed);
    ptrdiff_t blank = span_find_byte(text, ' ');

    memset(words, 0, sizeof *words);
    words->text = text;
    if (text.size == 0)
        return;
    room_split(text, words);
    number_find(text, words);
    initials_find(text, words);
    if (text.bytes[0] >= 0x80)
        words->name = text;
    if (blank > 0) {
        struct span first = { text.bytes, (size_t)blank };
        words->filter = text_trim((struct span){ text.bytes + blank, text.size - (size_t)blank });
        number_find(first, words);
        initials_find(first, words);
        if (text.bytes[0] >= 0x80)
            words->name = first;
    }
}

void search_words_bind(const struct search_words *words, struct parameters *parameters)
{
    parameters_text(parameters, "text", words->text);
    parameters_text(parameters, "code", words->text.size >= NUMBER_DIGITS ? words->text : (struct span){ NULL, 0 });
    parameters_text(parameters, "number", words->number);
    parameters_text(parameters, "tail", words->tail);
    parameters_text(parameters, "name", words->name);
    parameters_text(parameters, "room", words->room);
    parameters_text(parameters, "place", words->place);
    parameters_text(parameters, "filter", words->filter);
    parameters_text(parameters, "initials",
        words->initials[0] != '\0' ? span_of_text(words->initials) : (struct span){ NULL, 0 });
}

struct group {
    struct exchange *exchange;
    const char *kind;
    int rows;
};

static int item_take(void *context, const struct view_row *row)
{
    struct group *group = context;
    struct json_writer *out = &group->exchange->out;

    if (group->rows++ == 0) {
        json_object_begin(out);
        json_put_key_text(out, "kind", group->kind);
        json_put_key(out, "items");
        json_array_begin(out);
    }
    view_json_object(out, row, exchange_may(group->exchange, PERMISSION_PEOPLE_REVEAL));
    return out->failed ? -1 : 0;
}

static const struct {
    const char *kind;
    enum view view;
    enum permission permission;
} groups[] = {
    { "device", VIEW_SEARCH_METERS, PERMISSION_DEVICES_READ },
    { "room", VIEW_SEARCH_ROOMS, PERMISSION_DEVICES_READ },
    { "customer", VIEW_SEARCH_CUSTOMERS, PERMISSION_MONEY_READ },
    { "area", VIEW_SEARCH_AREAS, PERMISSION_DEVICES_READ },
    { "bill", VIEW_SEARCH_BILLS, PERMISSION_MONEY_READ },
    { "payment", VIEW_SEARCH_PAYMENTS, PERMISSION_MONEY_READ },
};

int handle_search(struct exchange *exchange)
{
    struct parameters parameters;
    struct search_words words;

    search_words_split(exchange_value(exchange, "query")->text, &words);
    parameters_fill(&parameters, exchange);
    search_words_bind(&words, &parameters);
    json_object_begin(&exchange->out);
    json_put_key(&exchange->out, "groups");
    json_array_begin(&exchange->out);
    for (size_t i = 0; i < sizeof groups / sizeof groups[0] && words.text.size > 0; i++) {
        struct group group = { exchange, groups[i].kind, 0 };
        if (!exchange_may(exchange, groups[i].permission))
            continue;
        if (exchange_read(exchange, groups[i].view, &parameters, item_take, &group) < 0)
            return -1;
        if (group.rows > 0) {
            json_array_end(&exchange->out);
            json_object_end(&exchange->out);
        }
    }
    json_array_end(&exchange->out);
    json_object_end(&exchange->out);
    return 0;
}
