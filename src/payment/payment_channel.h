/* A payment channel: the words spoken with WeChat Pay, Alipay or UnionPay, behind one table of operations.
 *
 * Everything here is a pure function of its arguments: it makes signed requests and reads answers, callbacks and bill
 * files; the caller moves the bytes, knows the time and gives the randomness. Whatever comes from outside is believed only
 * after its signature, and only when it names our own merchant, application and currency. Comparing order and amount with
 * what was asked is the caller's: these functions say what the channel says. */
#ifndef PAYMENT_PAYMENT_CHANNEL_H
#define PAYMENT_PAYMENT_CHANNEL_H

#include "base/span.h"
#include "payment/payment_error.h"

#define PAYMENT_NUMBER_SIZE 33      /* our trade and refund numbers: 8 to 32 letters and digits, and a zero */
#define PAYMENT_REFERENCE_SIZE 65   /* the channel's own number */
#define PAYMENT_URL_SIZE 4096
#define PAYMENT_BODY_SIZE 8192
#define PAYMENT_INVITATION_SIZE 8192
#define PAYMENT_CODE_SIZE 64
#define PAYMENT_NONCE_SIZE 33       /* 32 letters and digits and a zero */
#define PAYMENT_KEY_LIMIT 8         /* keys or root certificates of the channel valid at once */
#define PAYMENT_AMOUNT_MAXIMUM_FEN INT64_C(100000000) /* a million yuan */
#define PAYMENT_CLOCK_TOLERANCE_S 300
#define PAYMENT_BILL_FILE_LIMIT (64u << 20) /* bytes of an unpacked bill file */

/* How the customer is led to the payment. */
enum payment_scene {
    PAYMENT_SCENE_QR = 0,   /* a code we show: WeChat Native, Alipay precreate */
    PAYMENT_SCENE_IN_APP,   /* inside the channel's own app: WeChat JSAPI */
    PAYMENT_SCENE_MOBILE,   /* a phone's browser: WeChat H5, Alipay wap, UnionPay front channel 08 */
    PAYMENT_SCENE_PAGE,     /* a computer's browser: Alipay page, UnionPay front channel 07 */
    PAYMENT_SCENE_COUNT
};

/* What is said to the channel, and answered. */
enum payment_call {
    PAYMENT_CALL_ORDER = 0,
    PAYMENT_CALL_QUERY,
    PAYMENT_CALL_CLOSE,
    PAYMENT_CALL_REFUND,
    PAYMENT_CALL_REFUND_QUERY,
    PAYMENT_CALL_BILL,      /* where the bill of a day is; UnionPay answers with the file itself */
    PAYMENT_CALL_BILL_FILE, /* the file; none with UnionPay */
    PAYMENT_CALL_COUNT
};

enum payment_state {
    PAYMENT_STATE_UNKNOWN = 0, /* the channel does not know either, or has not said: ask again */
    PAYMENT_STATE_ABSENT,      /* the channel has never heard of the order */
    PAYMENT_STATE_PENDING,
    PAYMENT_STATE_PAID,
    PAYMENT_STATE_REFUNDED,    /* it was paid; some or all went back */
    PAYMENT_STATE_CLOSED       /* never paid, and cannot be any more */
};

enum payment_refund_state {
    PAYMENT_REFUND_NONE = 0, /* nothing was said about a refund */
    PAYMENT_REFUND_ABSENT,
    PAYMENT_REFUND_PENDING,
    PAYMENT_REFUND_DONE,
    PAYMENT_REFUND_FAILED
};

/* How the channel expects the customer to be sent on. */
enum payment_invitation_kind {
    PAYMENT_INVITATION_NONE = 0,
    PAYMENT_INVITATION_QR,      /* text to be drawn as a QR code */
    PAYMENT_INVITATION_URL,     /* the browser goes there */
    PAYMENT_INVITATION_SCRIPT,  /* JSON parameters for the channel's page script (WeixinJSBridge) */
    PAYMENT_INVITATION_FORM     /* JSON {"action":url,"fields":{..}}: the browser posts it */
};

/* A key or certificate of the channel, PEM. */
struct payment_key_text {
    const char *serial;     /* WeChat: the certificate's serial in hex, or the public key's id PUB_KEY_ID_...; else "" */
    struct span pem;
};

/* What a channel is made of; nothing of it is kept by pointer after payment_channel_open. */
struct payment_channel_config {
    const char *kind;              /* "wechat", "alipay", "unionpay" */
    const char *base_url;          /* without a slash at the end: "https://api.mch.weixin.qq.com" */
    const char *bill_url;          /* UnionPay: host of bill files; else "" */
    const char *notify_url;        /* where the channel calls back; https, no query */
    const char *return_url;        /* where the browser comes back to; may be "" */
    const char *merchant_id;       /* mchid, seller_id, merId */
    const char *application_id;    /* appid, app_id; UnionPay "" */
    const char *cipher_key;        /* WeChat: the APIv3 key, 32 bytes; else "" */
    const char *signer_name;       /* UnionPay: must stand in the subject of signPubKeyCert; else "" */
    const char *login_secret;      /* WeChat: the official account's AppSecret, for payer.h; NULL or "": none */
    const char *authorize_url;     /* of payer.h; NULL or "": WeChat's own */
    const char *identity_url;      /* without a slash at the end; NULL or "": WeChat's own */
    struct span private_key_pem;   /* of the merchant */
    struct span certificate_pem;   /* of the merchant; its serial is sent along. Alipay: optional (certificate mode) */
    struct span root_pem;          /* Alipay in certificate mode: the root certificates; else empty */
    const struct payment_key_text *channel_keys; /* WeChat, Alipay: public keys or certificates; UnionPay: root and middle */
    size_t channel_key_count;      /* 1 to PAYMENT_KEY_LIMIT */
    int32_t zone_offset_s;         /* of the channel's local times: 28800 */
};

/* The moment of a request or of a check. */
struct payment_moment {
    int64_t now_s;                 /* real time, seconds since 1970 UTC */
    char nonce[PAYMENT_NONCE_SIZE];
};

/* What a call is about; a call reads what it needs. */
struct payment_matter {
    enum payment_scene scene;
    int64_t amount_fen;            /* of the order */
    int64_t refund_fen;
    int64_t created_s;             /* real time of the order; UnionPay knows orders by number and this */
    int64_t expires_s;
    int64_t refund_created_s;
    int64_t bill_day;              /* days since 1970, the channel's local day */
    char trade_number[PAYMENT_NUMBER_SIZE];
    char refund_number[PAYMENT_NUMBER_SIZE];
    char reference[PAYMENT_REFERENCE_SIZE]; /* the channel's number of the payment; UnionPay refunds need it */
    char description[128];
    char payer_id[64];             /* WeChat openid, of PAYMENT_SCENE_IN_APP */
    char client_ip[46];            /* of PAYMENT_SCENE_MOBILE with WeChat */
    char file_url[2048];           /* of PAYMENT_CALL_BILL_FILE: as PAYMENT_CALL_BILL answered */
};

/* A request ready to be sent, byte by byte as it was signed. */
struct payment_request {
    bool is_post;
    bool repeatable;               /* sending it twice does no harm */
    char url[PAYMENT_URL_SIZE];
    char content_type[64];
    char authorization[1024];      /* of the header Authorization; "" for none */
    char body[PAYMENT_BODY_SIZE];
    size_t body_size;
};

/* An HTTP answer or callback as it came in. Headers that were not there are empty. */
struct payment_message {
    int http_status;               /* of an answer; 200 for a callback */
    struct span body;
    struct span serial;            /* Wechatpay-Serial, -Signature, -Timestamp, -Nonce */
    struct span signature;
    struct span timestamp;
    struct span nonce;
};

/* What the channel said. Text that was not said is "". */
struct payment_outcome {
    enum payment_state state;
    enum payment_refund_state refund_state;
    enum payment_invitation_kind invitation_kind;
    int64_t amount_fen;            /* of the order; 0: not said */
    int64_t refund_fen;            /* 0: not said */
    int64_t paid_s;                /* when the payer paid; 0: not said */
    char trade_number[PAYMENT_NUMBER_SIZE];
    char refund_number[PAYMENT_NUMBER_SIZE];
    char reference[PAYMENT_REFERENCE_SIZE];
    char code[PAYMENT_CODE_SIZE];  /* the channel's own word for its answer, for the log */
    char file_url[2048];
    char file_hash[65];            /* hex; "" when the channel gives none */
    char invitation[PAYMENT_INVITATION_SIZE];
};

/* One line of a bill file: a payment, or a refund of one. */
struct payment_bill_row {
    bool is_refund;
    int64_t amount_fen;            /* of the payment, or of the refund: > 0 */
    char trade_number[PAYMENT_NUMBER_SIZE];
    char refund_number[PAYMENT_NUMBER_SIZE]; /* of a refund */
    char reference[PAYMENT_REFERENCE_SIZE];
};

struct payment_channel;

/* What every kind of channel can do; a pair of NULL: the channel has no such call. */
struct payment_operation {
    /* returns 0 with *out whole; PAYMENT_ERR_SCENE, _VALUE, _LONG, _AMOUNT, _KEY; *out untouched on failure */
    int (*request)(const struct payment_channel *channel, const struct payment_moment *moment,
                   const struct payment_matter *matter, struct payment_request *out);
    /* returns 0 with *out; PAYMENT_ERR_SIGNATURE, _SIGNER, _TIME, _FORM, _FOREIGN, _CURRENCY, _AMOUNT; _REFUSED when the
     * channel said no; _UNAVAILABLE when it may have done it or not. *out untouched on failure, but for `code` of
     * _REFUSED and _UNAVAILABLE */
    int (*answer)(const struct payment_channel *channel, const struct payment_moment *moment,
                  const struct payment_matter *matter, const struct payment_message *message,
                  struct payment_outcome *out);
    bool repeatable;
};

struct payment_channel_kind {
    const char *name;
    unsigned scenes;               /* bits 1 << enum payment_scene */
    unsigned local_scenes;         /* of them, where an order is a page signed by us: nothing is sent to begin it */
    struct payment_operation operations[PAYMENT_CALL_COUNT];
    /* The invitation of a local scene. returns as `request`; NULL when local_scenes is 0 */
    int (*page)(const struct payment_channel *channel, const struct payment_moment *moment,
                const struct payment_matter *matter, struct payment_outcome *out);
    /* A callback. returns as `answer` */
    int (*notice)(const struct payment_channel *channel, const struct payment_moment *moment,
                  const struct payment_message *message, struct payment_outcome *out);
    const char *notice_accepted;   /* what a callback is answered, with 200 */
    const char *notice_refused;    /* and with another status: it will be sent again */
    const char *notice_content_type;
    /* Every row of a bill file, in order, after the whole was checked against its own totals where it has some.
     * take     may be called for rows before a later one is found malformed: act only when 0 is returned
     * returns  0; PAYMENT_ERR_HASH, _BILL, _MEMORY; what `take` answered when that was negative */
    int (*bill_read)(const struct payment_channel *channel, struct span file, const char *file_hash,
                     int (*take)(void *taker, const struct payment_bill_row *row), void *taker);
};

/* The table of a kind by its name; NULL when there is none. */
const struct payment_channel_kind *payment_channel_kind_find(const char *name);

/* problem  one English sentence without secrets when it fails
 * returns  0 with *out owned by the caller; PAYMENT_ERR_SETTING, _KEY, _MEMORY */
int payment_channel_open(const struct payment_channel_config *config, struct payment_channel **out, char problem[256]);

/* Erases the keys. NULL is accepted. */
void payment_channel_close(struct payment_channel *channel);

const struct payment_channel_kind *payment_channel_kind_of(const struct payment_channel *channel);

/* Whether an order of this scene is begun by payment_channel_page, and not by PAYMENT_CALL_ORDER. */
bool payment_channel_is_local(const struct payment_channel *channel, enum payment_scene scene);

/* As the functions of the channel's kind, with the bounds of `matter` checked first. Thread-safe: a channel never
 * changes.
 * returns  as they do; PAYMENT_ERR_UNSUPPORTED when the kind has no such call; PAYMENT_ERR_FORM for a message larger
 *          than a mebibyte */
int payment_channel_request(const struct payment_channel *channel, enum payment_call call,
                            const struct payment_moment *moment, const struct payment_matter *matter,
                            struct payment_request *out);
int payment_channel_page(const struct payment_channel *channel, const struct payment_moment *moment,
                         const struct payment_matter *matter, struct payment_outcome *out);
int payment_channel_answer(const struct payment_channel *channel, enum payment_call call,
                           const struct payment_moment *moment, const struct payment_matter *matter,
                           const struct payment_message *message, struct payment_outcome *out);
int payment_channel_notice(const struct payment_channel *channel, const struct payment_moment *moment,
                           const struct payment_message *message, struct payment_outcome *out);

/* "qr", "in_app", "mobile", "page"; -1 when there is none. */
int payment_scene_of_name(const char *name);
/* "qr", "url", "script", "form"; "" of none. */
const char *payment_invitation_name(enum payment_invitation_kind kind);

#endif
