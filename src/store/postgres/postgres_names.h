/* The program's tables of names as functions of PostgreSQL: what a stored number is called, so that a query can say it. */
#ifndef STORE_POSTGRES_POSTGRES_NAMES_H
#define STORE_POSTGRES_POSTGRES_NAMES_H

#include "base/writer.h"

#define POSTGRES_NAMES_SIZE 65536 /* room enough for all of them */

/* Statements that make, or make anew, the functions problem_name, held_name, held_text, line_problem_text, quantity_name,
 * quantity_unit, quantity_number and kind_quantity. */
void postgres_names_write(struct writer *out);

#endif
