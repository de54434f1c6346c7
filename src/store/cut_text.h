/* A statement, or a part of one, that is asked another way where tables are cut into shards (postgres/citus_places.h). There a
 * cut table is asked for by itself or by an inner join with what is given; one row at a time of it, a walk along it or an outer join
 * goes through a function (postgres/citus_functions.h), which the planner of the cluster cannot look into.
 *
 * Both ways stand in the text and give the same rows. Everybody else sees a comment and the whole way. */
#ifndef STORE_CUT_TEXT_H
#define STORE_CUT_TEXT_H

#include <stdbool.h>

#define CUT_TEXT_BEGIN "/*cut "
#define CUT_TEXT_TURN "*//*whole*/"
#define CUT_TEXT_END "/*end*/"

/* Neither holds a comment or another choice. */
#define CUT_OR_WHOLE(cut_, whole_) CUT_TEXT_BEGIN cut_ CUT_TEXT_TURN whole_ CUT_TEXT_END

/* The text with one of the ways in the place of both.
 * cut      tables are cut
 * returns  a text of its own, to be freed; NULL without memory */
char *cut_text_choose(const char *text, bool cut);

#endif
