/* Functions of SQL that make and read the tokens of the search index (base/search_gram.h).
 *
 *   search_tokens(paths, 'n', number, 'c', name)   everything the index keeps of an object: its areas, its texts by field
 *   search_match(path_low, words, places, 'nc')    what to look for: objects of the area that ends path_low, that have each
 *                                                  word at one of the places of one of the fields; path '': everywhere
 *   search_holds(words, place, number, name)       1: each word is in one of the texts
 *
 * place is one of enum search_place, places a sum of them. Inside texts up to four words with blanks between them are looked
 * for one by one; elsewhere they are one word. */
#ifndef STORE_SQLITE_SEARCH_FUNCTIONS_H
#define STORE_SQLITE_SEARCH_FUNCTIONS_H

#include <sqlite3.h>

/* The fields: of meters, of customers, or of both. */
#define SEARCH_NUMBER "n"   /* of a meter, of a customer */
#define SEARCH_IMEI "e"
#define SEARCH_PLACE "p"    /* estate, building and room */
#define SEARCH_ROOM "r"
#define SEARCH_NAME "c"
#define SEARCH_INITIALS "i"
#define SEARCH_PHONE "t"
#define SEARCH_ADDRESS "a"  /* of a customer: the places of the accounts */
#define SEARCH_METER "m"    /* of a customer: the numbers of the meters */

/* returns  0; STORE_ERR_* */
int search_functions_register(sqlite3 *connection);

#endif
