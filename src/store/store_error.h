/* Why the store refused, free of the database behind it. */
#ifndef STORE_STORE_ERROR_H
#define STORE_STORE_ERROR_H

#include "base/error_info.h"

/* FULL, BUSY and CONNECTION pass: nothing was stored, the same work may be tried again later. CORRUPT does not: stop
 * writing. UNSURE does not: what is in memory may not be what is stored, so begin anew from the store. Neither does FENCED: end. */
#define STORE_ERRORS(ROW) \
    ROW(STORE_ERR_FULL, -1001, 507, "store_full", "", "the disk or the database is full; nothing was stored", \
        "磁盘或数据库已满，未保存任何内容") \
    ROW(STORE_ERR_BUSY, -1002, 503, "store_busy", "", "the database is in use by another program", "数据库正被其他程序占用") \
    ROW(STORE_ERR_CORRUPT, -1003, 500, "store_corrupt", "", "the database file is damaged; restore it from a backup", \
        "数据库文件已损坏，请从备份恢复") \
    ROW(STORE_ERR_INPUT_OUTPUT, -1004, 503, "store_input_output", "", "the disk answered with an error", "磁盘读写出错") \
    ROW(STORE_ERR_CONSTRAINT, -1005, 409, "store_constraint", "", "the entry contradicts what is stored", \
        "该条目与已存数据冲突") \
    ROW(STORE_ERR_OPEN, -1006, 503, "store_open", "", "the database cannot be opened", "无法打开数据库") \
    ROW(STORE_ERR_NEWER_SCHEMA, -1007, 503, "store_newer_schema", "", \
        "the database was written by a newer version of this program; update the program", \
        "数据库由更新版本的程序写入，请升级本程序") \
    ROW(STORE_ERR_READ_ONLY, -1008, 503, "store_read_only", "", "the database may not be written here", "数据库为只读") \
    ROW(STORE_ERR_MEMORY, -1009, 503, "store_memory", "", "out of memory", "内存不足") \
    ROW(STORE_ERR_INTERRUPTED, -1010, 503, "store_interrupted", "", "the query took too long and was stopped", \
        "查询超时，已停止") \
    ROW(STORE_ERR_STATEMENT, -1011, 500, "store_statement", "", "the database did not understand a statement", \
        "数据库无法执行该语句") \
    ROW(STORE_ERR_NO_SCHEMA, -1012, 503, "store_no_schema", "", "the database is empty, or of an older version; start the server once first", \
        "数据库为空或版本较旧，请先启动一次服务") \
    ROW(STORE_ERR_CONNECTION, -1013, 503, "store_connection", "", \
        "the connection to the database was lost; nothing was stored, try again", "与数据库的连接已断开，未保存任何内容，请重试") \
    ROW(STORE_ERR_UNSURE, -1014, 503, "store_unsure", "", \
        "the database does not say whether the last work was stored; the server must be started again", \
        "无法确认最近的操作是否已保存，须重新启动服务") \
    ROW(STORE_ERR_FENCED, -1015, 503, "store_fenced", "", \
        "another server has taken this database over; nothing was stored", "数据库已由另一台服务器接管，未保存任何内容")

enum store_error { STORE_ERRORS(ERROR_INFO_ENUM) };

/* The row of one of STORE_ERR_*; NULL for any other number. Static lifetime. */
const struct error_info *store_error_info(int error);

/* English text of one of STORE_ERR_*; "unknown store error" for any other number. */
const char *store_error_text(int error);

#endif
