/* Every request of DL/T 645 as a frame, without wake-up bytes.
 *
 * All of them return 0; CODEC_ERR_FULL; and what their comment says besides. Nothing but a full buffer is written on
 * failure. `address` may be dlt645_address_any or, where nobody has to answer, dlt645_address_broadcast.
 * source  DL/T 645-2007 section 7, DL/T 645-1997, State Grid prepayment extension (control code 03H) */
#ifndef CODEC_DLT645_REQUEST_H
#define CODEC_DLT645_REQUEST_H

#include "codec/dlt645/dlt645_content.h"

/* Who wants it: written behind the identifier of every 2007 request that changes something; 1997 has no operator. A
 * pointer to it is never NULL unless the request says so. */
struct dlt645_authority {
    struct dlt645_password password;
    uint32_t operator_code;
};

/* 11H; 01H of 1997. */
int dlt645_read_request_encode(enum dlt645_version version, const struct dlt645_address *address, uint32_t identifier,
                               struct writer *out);

/* 11H for `count` blocks (1 to 99) of the load record; `from` NULL: of the block that the identifier names.
 * returns  CODEC_ERR_RANGE (count, time) */
int dlt645_load_request_encode(const struct dlt645_address *address, uint32_t identifier, uint8_t count,
                               const struct item_time *from, struct writer *out);

/* 12H after an answer with more data; `sequence` from 1 on. 02H of 1997 has no sequence.
 * returns  CODEC_ERR_RANGE (sequence 0 in 2007) */
int dlt645_read_more_request_encode(enum dlt645_version version, const struct dlt645_address *address,
                                    uint32_t identifier, uint8_t sequence, struct writer *out);

/* 03H of 1997: the last answer again. */
int dlt645_read_again_request_encode(const struct dlt645_address *address, struct writer *out);

/* 13H, to the only meter on the line. */
int dlt645_read_address_request_encode(struct writer *out);

/* 14H; 04H of 1997. `values` are plain data, from dlt645_values_encode().
 * returns  CODEC_ERR_TOO_LONG */
int dlt645_write_request_encode(enum dlt645_version version, const struct dlt645_address *address, uint32_t identifier,
                                const struct dlt645_authority *authority, struct span values, struct writer *out);

/* 15H to AAAAAAAAAAAA; 0AH of 1997 to 999999999999. */
int dlt645_write_address_request_encode(enum dlt645_version version, const struct dlt645_address *new_address,
                                        struct writer *out);

/* 08H, nobody answers. `time` to the second, by the meter's clock (CST in China).
 * returns  CODEC_ERR_RANGE */
int dlt645_time_request_encode(const struct dlt645_address *address, const struct item_time *time, struct writer *out);

/* 16H.
 * returns  CODEC_ERR_RANGE */
int dlt645_freeze_request_encode(const struct dlt645_address *address, const struct dlt645_freeze_time *time,
                                 struct writer *out);

/* 17H; 0CH of 1997. `rate` in bits per second, 600 to 19200.
 * returns  CODEC_ERR_RANGE (rate that has no bit) */
int dlt645_rate_request_encode(enum dlt645_version version, const struct dlt645_address *address, uint32_t rate,
                               struct writer *out);

/* 18H; 0FH of 1997, which takes no identifier. `level` 0 to 9 is the password to be changed (04000C01 to 04000C0A).
 * returns  CODEC_ERR_RANGE (level) */
int dlt645_password_request_encode(enum dlt645_version version, const struct dlt645_address *address, uint8_t level,
                                   const struct dlt645_password *old_password,
                                   const struct dlt645_password *new_password, struct writer *out);

/* 19H; 10H of 1997, which takes no authority (NULL there). */
int dlt645_clear_demand_request_encode(enum dlt645_version version, const struct dlt645_address *address,
                                       const struct dlt645_authority *authority, struct writer *out);

/* 1AH: energy, demand, frozen values and events, all of them. */
int dlt645_clear_meter_request_encode(const struct dlt645_address *address, const struct dlt645_authority *authority,
                                      struct writer *out);

/* 1BH. `event_class` DLT645_ALL_EVENTS or an identifier 03xxxxFF. */
#define DLT645_ALL_EVENTS UINT32_C(0xffffffff)
int dlt645_clear_events_request_encode(const struct dlt645_address *address, const struct dlt645_authority *authority,
                                       uint32_t event_class, struct writer *out);

/* N1 of 1CH. Meters differ in what they take to close: some want "permit", some "close"; so it is a parameter. */
enum dlt645_relay_command {
    DLT645_RELAY_TRIP = 0x1a,
    DLT645_RELAY_PERMIT_CLOSING = 0x1b, /* the customer presses the button */
    DLT645_RELAY_CLOSE = 0x1c,
    DLT645_ALARM_ON = 0x2a,
    DLT645_ALARM_OFF = 0x2b,
    DLT645_KEEP_POWER_ON = 0x3a, /* the relay stays closed whatever the credit */
    DLT645_KEEP_POWER_OFF = 0x3b
};

/* 1CH in clear. The answer says "accepted", not "done": read 04000503 afterwards.
 * command      one of dlt645_relay_command or what the meter's maker says
 * reserved     N2, 0
 * valid_until  a meter refuses an order that is older
 * returns      CODEC_ERR_RANGE (time) */
int dlt645_relay_request_encode(const struct dlt645_address *address, const struct dlt645_authority *authority,
                                uint8_t command, uint8_t reserved, const struct item_time *valid_until,
                                struct writer *out);

/* 1CH with data that somebody else has encrypted (level 98, ESAM).
 * returns  CODEC_ERR_TOO_LONG */
int dlt645_relay_sealed_request_encode(const struct dlt645_address *address, const struct dlt645_authority *authority,
                                       struct span sealed, struct writer *out);

/* 1DH. `output` 0 second pulse, 1 demand period, 2 tariff switch. `authority` NULL for meters that want none. */
int dlt645_output_request_encode(const struct dlt645_address *address, const struct dlt645_authority *authority,
                                 uint8_t output, struct writer *out);

/* 03H with an identifier 07xxxxxx; `values` hold ciphertexts and MACs of the utility's key machine as they come.
 * returns  CODEC_ERR_TOO_LONG */
int dlt645_security_request_encode(const struct dlt645_address *address, uint32_t identifier, uint32_t operator_code,
                                   struct span values, struct writer *out);

#endif
