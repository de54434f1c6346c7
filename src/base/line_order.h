/* What the core asks of a line: of a concentrator, or of meters that share a bus. The message from the core to the line
 * gate; the answers come back as struct uplink with the same order_id, the last one with order_ended set.
 *
 * Fixed layout, no pointers: it crosses threads today and processes tomorrow. An order says all that is needed to ask,
 * so a gate keeps nothing of meters, only of lines. */
#ifndef BASE_LINE_ORDER_H
#define BASE_LINE_ORDER_H

#include <stdint.h>

#include "base/downlink.h"
#include "base/uplink.h"

#define LINE_ADDRESS_LIMIT 64    /* of a line or a meter, text with its zero */
#define LINE_POINT_LIMIT 2048    /* measurement points 0 to 2047; 376.1 ends at 2,040 */
#define LINE_ARCHIVE_ROW_LIMIT 8 /* rows of one order */
#define LINE_SECRET_LIMIT 16
#define LINE_SECRET_ABSENT 1     /* size of a secret that is one zero: the terminal takes no PW at all */
#define LINE_PROFILE_LIMIT 64   /* name of a device model, with its zero */
#define LINE_NUMBER_LIMIT 16        /* the meter's number, digits with their zero */
#define LINE_ORDER_OPEN_LIMIT 8 /* orders that a gate takes for one line at a time; the core holds the others */

/* How meters are reached. The numbers are stored. */
enum line_kind {
    LINE_KIND_NONE = 0,
    LINE_KIND_CONCENTRATOR, /* dials in, speaks Q/GDW 130, 376.1 or 1376.1 */
    LINE_KIND_DTU,    /* dials in, passes bytes through: registration and heartbeat packets, then the meters' frames */
    LINE_KIND_SERIAL, /* a serial port of this machine: address "/dev/ttyS0" */
    LINE_KIND_TCP,    /* a serial server that we dial: address "192.0.2.1:4001", no name */
    LINE_KIND_COUNT
};

enum line_operation {
    LINE_READ_CURRENT = 1, /* registers and values of now */
    LINE_READ_DAILY,       /* frozen at the midnight time_s */
    LINE_READ_MONTHLY,     /* frozen at the first midnight of a month, time_s */
    LINE_READ_CURVE,       /* `count` interval values, the first at time_s, one each interval_min */
    LINE_COMMAND,          /* body.command: to one meter, or to the line itself when device_id is line_id */
    LINE_FREEZE,           /* every meter of the line latches now, by broadcast (S1-001) */
    LINE_CLOCK_READ,       /* of the line's concentrator, or of one meter: answered as QUANTITY_DEVICE_TIME */
    LINE_CLOCK_SET,        /* of the concentrator, of one meter, or by broadcast (device_id 0, measurement_point 0) */
    LINE_ARCHIVE_READ,     /* entries number..number+count-1; count 0: all. Rows come as UPLINK_ARCHIVE */
    LINE_ARCHIVE_WRITE,    /* body.archive: `count` rows; a row with measurement_point 0 empties its entry */
    LINE_SCHEDULE_WRITE, /* reading days and times of the concentrator's own tasks (376.1 F33): interval_min, time_s */
    LINE_EVENTS_READ,    /* what the concentrator has in its event ring since the last time */
    LINE_SEARCH          /* which meters are on the line: M-Bus secondary search, 645 wild card. Rows come as
                            * UPLINK_ARCHIVE */
};

enum line_route {
    LINE_ROUTE_POINT = 0, /* the concentrator's own data of a measurement point */
    LINE_ROUTE_FORWARD,   /* the meter itself, its frame passed through by the concentrator (376.1 AFN 10) */
    LINE_ROUTE_DIRECT     /* the meter itself, on a transparent line */
};

enum line_priority { LINE_PRIORITY_SAFETY = 0, LINE_PRIORITY_ON_DEMAND, LINE_PRIORITY_SCHEDULED, LINE_PRIORITY_REPEAT };

/* How an order ended, in words for the operator: constant suffix, number, name in JSON, English, Chinese. */
#define LINE_PROBLEMS(ROW) \
    ROW(NONE, 0, "", "done", "已完成") \
    ROW(NO_ANSWER, 1, "no_answer", "nobody answered", "无应答") \
    ROW(CHECKSUM, 2, "checksum", "answers came damaged", "应答校验错") \
    ROW(ADDRESS, 3, "address", "another address answered", "应答地址不符") \
    ROW(COLLISION, 4, "collision", "two meters answer at once: one address twice, or noise", \
        "多表同时应答（地址重复或干扰）") \
    ROW(REFUSED, 5, "refused", "the meter refused", "表计拒绝") \
    ROW(PASSWORD, 6, "password", "wrong password or no permission", "密码错误或权限不足") \
    ROW(DENIED, 7, "denied", "the concentrator denied", "集中器否认") \
    ROW(NO_DATA, 8, "no_data", "the value asked for is not there", "无此数据") \
    ROW(NOT_FILED, 9, "not_filed", "the concentrator does not know this meter", "集中器档案中无此表") \
    ROW(OFFLINE, 10, "offline", "the line is not connected", "线路离线") \
    ROW(LOST, 11, "lost", "the connection was lost on the way", "通信中断") \
    ROW(EXPIRED, 12, "expired", "its time ran out before its turn came", "超时未执行") \
    ROW(CANCELLED, 13, "cancelled", "cancelled", "已取消") \
    ROW(NEVER_QUIET, 14, "never_quiet", "the line never goes quiet", "线路持续有干扰信号") \
    ROW(UNSUPPORTED, 15, "unsupported", "this model or this way of reaching it cannot do that", "该型号或通道不支持") \
    ROW(PARTIAL, 16, "partial", "written in part: reading back shows a difference", "部分写入，回读不一致") \
    ROW(FULL, 17, "full", "too many orders wait for this line", "线路任务已满") \
    ROW(CLOCK, 18, "clock", "its clock does not say which day it is", "时钟错误") \
    ROW(KEY, 19, "key", "no key is known, or the wrong one", "无密钥或密钥不符")

#define LINE_PROBLEM_ENUM(name, number, word, english, chinese) LINE_PROBLEM_##name = (number),
enum line_problem { LINE_PROBLEMS(LINE_PROBLEM_ENUM) LINE_PROBLEM_COUNT };
#undef LINE_PROBLEM_ENUM

/* "no_answer", ...; "unknown" outside the table. Never NULL. */
const char *line_problem_name(enum line_problem problem);
const char *line_problem_text(enum line_problem problem, int is_chinese);

/* A line, as the gate must know it. From the core at start and at every change of the archive. */
struct line_record {
    uint32_t line_id;           /* its device_id */
    uint8_t kind;               /* enum line_kind */
    uint8_t removed;            /* 1: no longer served */
    uint8_t parity;             /* 'E', 'N', 'O'; 0: 'E' */
    uint8_t stop_bits;          /* 0: 1 */
    uint32_t baud;              /* of a serial port; 0: 2,400 */
    uint32_t heartbeat_s;       /* a connection silent for three of these is lost; 0: 60 */
    uint32_t gap_ms;            /* silence between two exchanges; 0: by baud */
    uint32_t answer_timeout_ms; /* 0: by kind */
    int32_t zone_offset_s;      /* of the concentrator's clock */
    uint8_t secret_size;        /* 376.1 PW: 2 or 16 bytes; 0: all zeros; LINE_SECRET_ABSENT: none is sent */
    uint8_t secret[LINE_SECRET_LIMIT];
    uint8_t reserved[3];
    char address[LINE_ADDRESS_LIMIT];   /* concentrator: "440112345" four digits of region and five of the terminal's
                                         * number; DTU: its registration packet; serial: path; TCP: IP address:port */
    char heartbeat[LINE_ADDRESS_LIMIT]; /* DTU: its heartbeat packet; "" none. Both as dtu_packet_match() reads them */
};

struct line_order {
    uint64_t order_id; /* chosen by the core; not 0 */
    uint32_t line_id;
    uint32_t device_id; /* the meter asked; 0: those of body.points, or all of the line; line_id: the line itself */
    uint16_t operation; /* enum line_operation */
    uint16_t measurement_point; /* of device_id at the concentrator; 0: none */
    uint8_t priority;           /* enum line_priority */
    uint8_t route;              /* enum line_route */
    uint8_t kind;               /* enum device_kind of the meter or of all points of the set */
    uint8_t port;               /* of the concentrator, 1 to 31 */
    int64_t time_s;        /* of a freeze: see operation; of LINE_READ_CURRENT: the instant of the LINE_FREEZE whose
                                * values are wanted where the meter has them, 0: those of now */
    int64_t expires_s;     /* not begun by then: LINE_PROBLEM_EXPIRED */
    int32_t zone_offset_s; /* of the meter's clock */
    uint32_t timeout_ms;   /* of one exchange; 0: the line's */
    uint16_t back;         /* of LINE_READ_DAILY and _MONTHLY: how many freezes ago, 1 the last; with time_s */
    uint16_t count;
    uint16_t number;
    uint16_t interval_min;
    uint32_t password; /* of the meter, 0 to 999999 */
    uint32_t operator_code;
    uint8_t has_password;
    uint8_t key_size; /* of the meter's key; 0 none */
    uint8_t is_repeated;   /* of LINE_COMMAND: an earlier order may have done it already */
    uint8_t reserved[5];
    uint8_t key[LINE_SECRET_LIMIT];
    char address[LINE_ADDRESS_LIMIT];   /* of the meter, as printed on it */
    char collector[LINE_ADDRESS_LIMIT]; /* "" none */
    char profile[LINE_PROFILE_LIMIT];   /* model of the meter: how to speak with it */
    char meter_number[LINE_NUMBER_LIMIT]; /* printed on the meter, where its address on the line is another; "" unknown */
    union {
        uint8_t points[LINE_POINT_LIMIT / 8]; /* bit p: measurement point p is asked */
        struct uplink_archive_row archive[LINE_ARCHIVE_ROW_LIMIT];
        struct downlink command;
    } body;
};

#endif
