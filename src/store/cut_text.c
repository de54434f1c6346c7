#include "store/cut_text.h"

#include <stdlib.h>
#include <string.h>

static char *append(char *to, const char *from, size_t size)
{
    memcpy(to, from, size);
    return to + size;
}

/* A choice that does not end is left as it stands: the database then says what it thinks of it. */
char *cut_text_choose(const char *text, bool is_cut)
{
    char *made = malloc(strlen(text) + 1), *to = made;

    if (made == NULL)
        return NULL;
    for (const char *begin; (begin = strstr(text, CUT_TEXT_BEGIN)) != NULL;) {
        const char *cut = begin + strlen(CUT_TEXT_BEGIN);
        const char *turn = strstr(cut, CUT_TEXT_TURN);
        const char *end = turn != NULL ? strstr(turn, CUT_TEXT_END) : NULL;

        if (end == NULL)
            break;
        to = append(to, text, (size_t)(begin - text));
        if (is_cut)
            to = append(to, cut, (size_t)(turn - cut));
        else
            to = append(to, turn + strlen(CUT_TEXT_TURN), (size_t)(end - turn) - strlen(CUT_TEXT_TURN));
        text = end + strlen(CUT_TEXT_END);
    }
    *append(to, text, strlen(text)) = '\0';
    return made;
}
