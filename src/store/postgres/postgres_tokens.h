/* A statement cut into words and signs. */
#ifndef STORE_POSTGRES_POSTGRES_TOKENS_H
#define STORE_POSTGRES_POSTGRES_TOKENS_H

#include <stddef.h>

#include "base/span.h"

enum token_kind {
    TOKEN_END,
    TOKEN_BLANK,  /* blanks and comments */
    TOKEN_WORD,   /* keyword, name or number */
    TOKEN_QUOTED, /* 'text' or "name" */
    TOKEN_PLACE,  /* ?, ?1 or :name */
    TOKEN_SIGN
};

struct token {
    enum token_kind kind;
    struct span text;
    size_t pair; /* of a parenthesis: where the other one is */
};

struct tokens {
    struct token *list;
    size_t count;
};

/* text     lives as long as the tokens
 * returns  0; STORE_ERR_STATEMENT for a quote or a parenthesis without its other end; STORE_ERR_MEMORY */
int postgres_tokens_read(const char *text, struct tokens *out);

void postgres_tokens_free(struct tokens *tokens);

#endif
