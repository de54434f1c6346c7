/* Recharging a prepaid meter over control code 03H without the key machine of the national grid: the profile of this
 * house. The frames are those of the State Grid extension; only the tags are our own, made with a key that the platform
 * and one meter share.
 *
 *   request   DI (070101FF open an account, 070102FF recharge, 070103FF take back) | operator 4 |
 *             amount 4 | purchase count 4 | MAC1 4 | customer number 6 | MAC2 4
 *   MAC1 MAC2 the first 8 bytes of AES-CMAC(key, DI 4 | address 6 | amount 4 | count 4 | customer 6), each as on the
 *             wire before 33H is added
 *   answer    DI | balance 4, two's complement | purchase count 4
 *   status    078102FF without data: DI | balance 4 | MAC 4 | count 4 | MAC 4 | customer 6 | key information 4 (zeros);
 *             each MAC the first 4 bytes of AES-CMAC(key, DI 4 | address 6 | balance 4, or count 4)
 *
 * Amounts and balances are hundredths of a yuan, or of a kWh where the meter's credit is energy, binary; like the count
 * they have the lowest byte first. The count is that of the purchase: the last one of the meter and one more (S1-025).
 * Example: 123.45 yuan as purchase 7 for customer 000987654321 of meter 000000004321, operator 0, with the key
 * 2B7E151628AED2A6ABF7158809CF4F3C; the tag is 316AFA6A9F83FDD2…
 *
 *   68 21 43 00 00 00 00 68 03 1E 32 35 34 3A 33 33 33 33 6C 63 33 33 3A 33 33 33 64 9D 2D 9D
 *   54 76 98 BA 3C 33 D2 B6 30 05 11 16
 *
 * The same request again, because the answer was lost, is refused as "repeated" (SERR bit 1) and the money is there. */
#ifndef CODEC_DLT645_RECHARGE_H
#define CODEC_DLT645_RECHARGE_H

#include "base/cipher.h"
#include "codec/dlt645/dlt645_frame.h"

#define DLT645_RECHARGE_SIZE 22        /* values of a request */
#define DLT645_RECHARGE_ANSWER_SIZE 8  /* values of its answer */
#define DLT645_RECHARGE_STATUS_SIZE 26 /* values of the answer to a status query */
#define DLT645_CUSTOMER_SIZE 6
#define DLT645_TAKE_BACK_ALL UINT32_MAX /* amount of 070103FF (S1-026) */

enum dlt645_recharge_identifier {
    DLT645_OPEN_ACCOUNT = 0x070101ff, /* sets the customer number as well */
    DLT645_RECHARGE = 0x070102ff,
    DLT645_TAKE_BACK = 0x070103ff,
    DLT645_RECHARGE_STATUS = 0x078102ff
};

/* SERR */
enum dlt645_recharge_refusal {
    DLT645_RECHARGE_OTHER = 0x01,
    DLT645_RECHARGE_REPEATED = 0x02, /* this purchase is in the meter already */
    DLT645_RECHARGE_TAG = 0x04,
    DLT645_RECHARGE_CUSTOMER = 0x10,
    DLT645_RECHARGE_COUNT = 0x20, /* neither the last purchase nor the next */
    DLT645_RECHARGE_HOARD = 0x40
};

struct dlt645_recharge {
    uint32_t identifier; /* one of the first three above */
    uint32_t amount;
    uint32_t purchase_count;
    uint8_t customer[DLT645_CUSTOMER_SIZE]; /* as on the wire */
};

struct dlt645_recharge_status {
    int32_t balance;
    uint32_t purchase_count;
    uint8_t customer[DLT645_CUSTOMER_SIZE];
};

/* The values of a request, for dlt645_security_request_encode().
 * returns  0; CODEC_ERR_KEY when the cipher fails (nothing written) */
int dlt645_recharge_encode(const struct cipher *cipher, const uint8_t key[CIPHER_BLOCK_SIZE],
                           const struct dlt645_address *address, const struct dlt645_recharge *recharge,
                           uint8_t values[DLT645_RECHARGE_SIZE]);

/* The way back, at the meter.
 * returns  0; CODEC_ERR_FORMAT (size); CODEC_ERR_KEY (tag). Nothing is written then */
int dlt645_recharge_decode(const struct cipher *cipher, const uint8_t key[CIPHER_BLOCK_SIZE],
                           const struct dlt645_address *address, uint32_t identifier, struct span values,
                           struct dlt645_recharge *out);

/* The values of the answer to a request, and back: what the meter has now.
 * returns  0; CODEC_ERR_FORMAT (size) */
void dlt645_recharge_answer_encode(int32_t balance, uint32_t purchase_count,
                                   uint8_t values[DLT645_RECHARGE_ANSWER_SIZE]);
int dlt645_recharge_answer_decode(struct span values, int32_t *balance, uint32_t *purchase_count);

/* The same of a status query.
 * returns  as the functions above */
int dlt645_recharge_status_encode(const struct cipher *cipher, const uint8_t key[CIPHER_BLOCK_SIZE],
                                  const struct dlt645_address *address, const struct dlt645_recharge_status *status,
                                  uint8_t values[DLT645_RECHARGE_STATUS_SIZE]);
int dlt645_recharge_status_decode(const struct cipher *cipher, const uint8_t key[CIPHER_BLOCK_SIZE],
                                  const struct dlt645_address *address, struct span values,
                                  struct dlt645_recharge_status *out);

#endif
