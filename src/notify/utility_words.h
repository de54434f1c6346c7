/* What a utility is called in messages to residents: nobody whose gas is stopped shall read of water. */
#ifndef NOTIFY_UTILITY_WORDS_H
#define NOTIFY_UTILITY_WORDS_H

/* The name of the placeholder stands beside each. */
enum utility_word {
    UTILITY_FEE,     /* {fee}: 水费, water */
    UTILITY_SUPPLY,  /* {supply}: 供水, water */
    UTILITY_BEGIN,   /* {supply_begin}: the same where a sentence begins: 供水, Water */
    UTILITY_STOP,    /* {stop}: 停水, water stops */
    UTILITY_USE,     /* {use}: 用水, water */
    UTILITY_METER,   /* {meter}: 水表, meter */
    UTILITY_OPEN,    /* {open}: 开阀, opens */
    UTILITY_CHECK,   /* {check}: what to look at before supply returns; a sentence, may be "" */
    UTILITY_WORD_COUNT
};

/* utility  "water", "hot_water", "electricity", "gas", "heat"; anything else, and NULL, is water
 * returns  static lifetime, never NULL */
const char *utility_word(const char *utility, enum utility_word word, int is_english);

#endif
