/* What statements call where tables are cut into shards (store/cut_text.h): one meter's rows by their key, each look-up a query
 * that one worker answers. Made when such a store is opened for writing, on the
 * coordinator only. */
#ifndef STORE_POSTGRES_CITUS_FUNCTIONS_H
#define STORE_POSTGRES_CITUS_FUNCTIONS_H

/* Statements that make them, whether or not they are there. */
extern const char citus_functions[];

#endif
