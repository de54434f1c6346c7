/* What people and programs are told about an error: one row a reason, written once by the room that owns it.
 *
 * A room lists its reasons as a macro of rows (name, value, http status, code, field, English, Chinese); its enum and its
 * table of struct error_info come from that list. Values are unique over all rooms that can fail towards the api:
 * store -1001.., registry -1101.., reading -1201.., command -1301.., watch -1401.., security -1501.., rating -1601..,
 * api -1701.., its core port -1801.., notify -1901.., ledger -2101.., billing -2201.., collect -2301.., estate -2401..,
 * payment -2701.., document -2901... */
#ifndef BASE_ERROR_INFO_H
#define BASE_ERROR_INFO_H

struct error_info {
    int error;          /* negative */
    int http_status;    /* 400, 404, 409, 500, 503 ... */
    const char *code;   /* "imei_digits": stable, for programs */
    const char *field;  /* the one field of the request that is wrong: "imei"; "" when it is none or several */
    const char *text_en;
    const char *text_zh;
};

#define ERROR_INFO_ENUM(name, value, http, code, field, en, zh) name = (value),
#define ERROR_INFO_ROW(name, value, http, code, field, en, zh) { (value), (http), (code), (field), (en), (zh) },

#endif
