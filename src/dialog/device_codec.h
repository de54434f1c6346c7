/* How the platform speaks with a device of a model: the table of codecs, requests as frames, frames as uplinks.
 *
 * A model says what exists (base/device_profile.h), a codec knows the bytes. Pure: no clock, no socket, no memory of
 * its own; who calls keeps the time, the line and the little that an answer needs of the one before it. */
#ifndef DIALOG_DEVICE_CODEC_H
#define DIALOG_DEVICE_CODEC_H

#include "base/cipher.h"
#include "base/device_profile.h"
#include "base/downlink.h"
#include "base/span.h"
#include "base/uplink.h"
#include "dialog/item_uplink.h"

/* constant suffix, value, English, Chinese */
#define DEVICE_CODEC_ERRORS(ROW) \
    ROW(COMMAND, -1, "the model has no such command", "该型号没有此命令") \
    ROW(PARAMETER, -2, "a parameter that the command needs is missing", "缺少命令所需的参数") \
    ROW(POINT, -3, "the model has no such point", "该型号没有此数据点") \
    ROW(ADDRESS, -4, "not an address of this protocol", "地址不符合该协议") \
    ROW(RANGE, -5, "a parameter is outside what the protocol can say", "参数超出协议可表示的范围") \
    ROW(FULL, -6, "more frames than there is room for", "帧数超出上限") \
    ROW(SILENT, -7, "devices of this codec are never asked by frames", "此类设备不接受请求帧") \
    ROW(FRAME, -8, "not a frame of this protocol, or a damaged one", "不是该协议的报文或报文损坏") \
    ROW(DEVICE, -9, "the frame is of another device", "报文来自其他设备") \
    ROW(DIRECTION, -10, "a request, not an answer: an echo of the line", "是请求而非应答（线路回波）") \
    ROW(KEY, -11, "the frame is encrypted and needs the device's key", "报文已加密，需要该设备的密钥")

#define DEVICE_CODEC_ENUM(name, value, english, chinese) DEVICE_CODEC_ERR_##name = (value),
enum device_codec_error { DEVICE_CODEC_ERRORS(DEVICE_CODEC_ENUM) };
#undef DEVICE_CODEC_ENUM

#define DEVICE_FRAMES_LIMIT 64        /* frames of one request */
#define DEVICE_FRAMES_SIZE_LIMIT 4096 /* bytes of all of them */
#define DEVICE_UNIT_HUNDREDTH_VALUE 10000 /* 0.01 kWh in mWh, 0.01 m3 in ml: meters that hold units count in it */
#define DEVICE_POINT_ALL 0xFFFF       /* device_request.point: every point */
/* Uplinks of one frame: room for every point and the alarms. */
#define DEVICE_UPLINK_LIMIT ((DEVICE_PROFILE_POINT_LIMIT + UPLINK_ITEM_LIMIT) / UPLINK_ITEM_LIMIT)
#define DEVICE_ITEM_LIMIT 128    /* items of one frame that are looked at */
#define DEVICE_VALUES_LIMIT 2048 /* values put together from follow-up frames */

/* What is asked; only what `given` names and the command needs is read. */
struct device_request {
    uint8_t command;  /* enum device_command_code */
    uint8_t given;    /* set of enum device_parameter_bit */
    uint8_t back;     /* 1 to 62; 1 when not given */
    uint8_t sequence; /* CJ/T 188: SER, one more for each exchange; of no matter elsewhere */
    uint16_t point;   /* of READ: index, or DEVICE_POINT_ALL */
    uint8_t count;        /* of READ_LOAD_RECORD: instants from time_s on, 1 to 96; 0: only the newest */
    uint8_t interval_min; /* between two of them */
    uint32_t password;      /* 0 to 999999 */
    uint32_t operator_code; /* 0 to 99999999 */
    uint32_t serial;        /* purchase number */
    int32_t zone_offset_s;  /* of the device's clock, east of UTC */
    int64_t amount_fen;
    int64_t units_value;   /* instead of amount_fen, of a meter that holds units: mWh, ml */
    int64_t time_s;        /* of SET_CLOCK; not given: now_s. Of READ_LOAD_RECORD: the first instant */
    int64_t valid_until_s; /* not given: now_s and the model's relay_valid_s */
    int64_t now_s;
    char address[DEVICE_PROFILE_ADDRESS_DIGITS + 1]; /* new address */
    uint8_t mode;                 /* of SET_MODE: enum supply_mode */
    struct downlink_table table;  /* of WRITE_STEPS and WRITE_DAY_TABLE */
    const struct cipher *cipher;  /* of RECHARGE and CLEAR_BALANCE where they carry a tag; NULL: DEVICE_CODEC_ERR_KEY */
    const uint8_t *key;           /* of the device, CIPHER_BLOCK_SIZE bytes; NULL: none. Good during the call */
};

/* Whether to wait after a frame. */
enum device_expectation {
    DEVICE_EXPECTS_ANSWER = 0,
    DEVICE_EXPECTS_NOTHING, /* nobody answers, and that is no failure: time, broadcasts */
    DEVICE_MAY_ANSWER       /* M-Bus: a reset is acknowledged only when the slave is there */
};

/* Frames to be sent one after the other, each after the answer to the one before. */
struct device_frames {
    uint16_t count;
    uint8_t expectations[DEVICE_FRAMES_LIMIT]; /* enum device_expectation */
    uint16_t ends[DEVICE_FRAMES_LIMIT];        /* offset behind each frame */
    uint8_t bytes[DEVICE_FRAMES_SIZE_LIMIT];
};

struct span device_frames_at(const struct device_frames *frames, size_t index);

/* What later answers need of earlier ones of the same device; all zero at the beginning of an exchange. */
struct device_memory {
    int64_t freeze_time_s;      /* DL/T 645: when the freeze was latched */
    uint32_t freeze_identifier; /* of that time: kind of freeze and how many back; 0 none known */
    uint8_t clock_date[3];      /* DL/T 645: day, month and year that its clock said, BCD; day 0: none known */
    uint8_t sequence;           /* of the last follow-up frame; M-Bus: telegrams since the reset */
    uint16_t values_size;       /* values gathered so far */
    uint32_t values_identifier;
    uint8_t values[DEVICE_VALUES_LIMIT];
};

enum device_outcome {
    DEVICE_OUTCOME_READINGS = 1, /* the uplink holds readings */
    DEVICE_OUTCOME_DONE,         /* the device has done it */
    DEVICE_OUTCOME_ACCEPTED,     /* it took the command; read back to see it done */
    DEVICE_OUTCOME_REFUSED,      /* answer_code holds the protocol's error word */
    DEVICE_OUTCOME_MORE,         /* the rest must be asked for: device_codec_more(). M-Bus: readings may be there */
    DEVICE_OUTCOME_ADDRESS       /* it told its address */
};

/* What a frame was worth beside its readings. */
struct device_report {
    uint8_t outcome;      /* enum device_outcome */
    uint8_t uplink_count; /* 1 to DEVICE_UPLINK_LIMIT */
    uint8_t sequence;     /* CJ/T 188: SER, to be compared with the request's */
    uint8_t reserved;
    uint32_t identifier;    /* that the frame is about, to be compared with what was asked; 0 none */
    uint16_t item_count;    /* that the frame holds; at most DEVICE_ITEM_LIMIT are looked at */
    uint16_t refused_count; /* points of the model that gave no reading */
    uint16_t refusals[ITEM_UPLINK_REFUSAL_COUNT + 1]; /* by reason, -enum item_uplink_refusal */
    char address[DEVICE_PROFILE_ADDRESS_DIGITS + 1];  /* as the frame has it, most significant digit first */
};

struct device_receive_context {
    struct span address;         /* of the device, digits; empty: any */
    struct span number;          /* printed on the device: M-Bus answers of a primary address must carry its last eight
                                  * digits; empty: unknown */
    const struct cipher *cipher; /* M-Bus: who decrypts; NULL: encrypted frames answer DEVICE_CODEC_ERR_KEY */
    const uint8_t *key;          /* of the device, CIPHER_BLOCK_SIZE bytes; NULL: none */
    int64_t received_s;
    int32_t zone_offset_s;
};

/* Row `index` of the table of codecs, which is device_profile.codec; NULL behind the last. */
const struct device_codec_info *device_codec_at(size_t index);

/* A command as request frames, wake-up bytes included.
 * address  digits as printed on the device
 * out      written on success only
 * missing  on DEVICE_CODEC_ERR_PARAMETER: set of enum device_parameter_bit; NULL when nobody asks
 * returns  0; DEVICE_CODEC_ERR_COMMAND, _PARAMETER, _POINT, _ADDRESS, _RANGE, _FULL, _SILENT */
int device_codec_encode(const struct device_profile *profile, struct span address, const struct device_request *request,
                        struct device_frames *out, uint8_t *missing);

/* The frames that read back what the frames of the same request write, one for each and in the same order.
 * returns  0; DEVICE_CODEC_ERR_COMMAND: the command writes nothing that could be read back, or else as
 *          device_codec_encode() */
int device_codec_read_back(const struct device_profile *profile, struct span address,
                           const struct device_request *request, struct device_frames *out);

/* Whether the device holds what was written.
 * written     frame of device_codec_encode()
 * answer      whole frame, to the one of device_codec_read_back() with the same index; a refusal is one too
 * identifier  written unless on failure: that both are about
 * returns     1; 0: it holds something else; DEVICE_CODEC_ERR_FRAME: no such frames, or not about the same */
int device_codec_holds(const struct device_profile *profile, struct span written, struct span answer,
                       uint32_t *identifier);

/* What the core asks as a request; secrets (the password) are added by whoever holds them.
 * returns  0; DEVICE_CODEC_ERR_COMMAND for an operation that no codec here can say */
int device_request_of_downlink(const struct downlink *downlink, int64_t now_s, int32_t zone_offset_s,
                               struct device_request *out);

/* One received frame as an uplink: readings by the model's points, or the answer to a command.
 * frame    one whole frame, wake-up bytes allowed
 * memory   of this device; read and written
 * out      DEVICE_UPLINK_LIMIT of them, of which report->uplink_count are written: a frame with more than
 *          UPLINK_ITEM_LIMIT readings fills several. item_count, items, kind, answer, answer_code, received_s and the
 *          frame's bytes are written; identities (message_id, device_id, gate, command_id) are the caller's. Untouched
 *          on failure
 * report   written on success
 * returns  0; DEVICE_CODEC_ERR_FRAME, _DEVICE, _DIRECTION, _KEY */
int device_codec_decode(const struct device_profile *profile, const struct device_receive_context *context,
                        struct span frame, struct device_memory *memory, struct uplink *out,
                        struct device_report *report);

/* After DEVICE_OUTCOME_MORE: the request for the rest.
 * returns  as device_codec_encode() */
int device_codec_more(const struct device_profile *profile, struct span address, const struct device_memory *memory,
                      struct device_frames *out);

/* The first whole frame of a byte stream, as the codec finds it; size 0 and how many leading bytes can be dropped. */
size_t device_codec_find(const struct device_profile *profile, struct span stream, size_t *skip);

/* In words for people; "" for other numbers, never NULL. */
const char *device_codec_error_text(int error, bool is_chinese);

#endif
