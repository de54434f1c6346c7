/* A provider: somebody outside who takes messages, as its settings describe it, and the adapter that speaks its language.
 *
 * Adapters are pure: they turn a message into the bytes of a request and the bytes of an answer into a result. Sockets,
 * clocks and random numbers are the sender's. */
#ifndef NOTIFY_PROVIDER_H
#define NOTIFY_PROVIDER_H

#include "base/digest.h"
#include "notify/message.h"

#define PROVIDER_LIMIT 8
#define PROVIDER_TEMPLATE_LIMIT 32
#define PROVIDER_PARAMETER_LIMIT 12
#define PROVIDER_SECRET_SIZE 192
#define PROVIDER_TOKEN_SIZE 640
#define PROVIDER_RANDOM_SIZE 16

#define HTTP_URL_SIZE 4096
#define HTTP_HEADER_LIMIT 10
#define HTTP_HEADER_SIZE 512
#define HTTP_BODY_SIZE 8192
#define HTTP_ANSWER_LIMIT 65536 /* longer answers are no answers */

struct http_request {
    const char *method;                /* static */
    char url[HTTP_URL_SIZE];
    size_t header_count;
    char headers[HTTP_HEADER_LIMIT][HTTP_HEADER_SIZE]; /* "Name: value" */
    size_t body_size;
    char body[HTTP_BODY_SIZE];
};

struct provider_parameter {
    char name[32];                     /* as the provider's template calls it: "code", "1", "thing1" */
    char word[NOTICE_PLACEHOLDER_SIZE]; /* the placeholder whose value it takes, or "text": the whole message */
};

/* Words that the provider keeps: what our kind of notice is called there. */
struct provider_template {
    char kind[MESSAGE_KIND_SIZE];
    int language;                      /* enum notice_language; -1: both */
    char code[64];                     /* the provider's number of it; of e-mail: the subject */
    uint32_t parameter_count;
    struct provider_parameter parameters[PROVIDER_PARAMETER_LIMIT];
};

struct provider_kind;

struct provider {
    const struct provider_kind *kind;
    char name[MESSAGE_PROVIDER_SIZE];
    char url[256];                     /* https://..., smtp://..., of stream protocols "host:port" */
    char id[64];                       /* access key, application, SP or system id; of e-mail: the login */
    char secret[PROVIDER_SECRET_SIZE];
    char sign_name[64];                /* approved signature of SMS; of e-mail: the sender's name */
    char application[64];              /* Tencent SmsSdkAppId, CMPP service id, SMPP system type, mini program state */
    char region[32];
    char source[64];                   /* number or address that messages come from */
    char page[256];                    /* WeChat: what a tap opens */
    char authority[256];               /* file of a certificate authority instead of the system's */
    int32_t version;                   /* aliyun: 1 or 3; cmpp: 20, 21 or 30 */
    int32_t per_second;
    int32_t window;                    /* stream protocols: unanswered messages at once */
    int32_t cost_e4;                   /* ten-thousandths of a yuan a part */
    int32_t timeout_s;
    bool inside;                       /* of events: addresses inside the house's networks are permitted */
    uint32_t template_count;
    struct provider_template templates[PROVIDER_TEMPLATE_LIMIT];
};

/* What the world gives to one request. */
struct provider_moment {
    int64_t wall_s;
    uint8_t random[PROVIDER_RANDOM_SIZE];
    const char *token;                 /* of adapters with a token; else "" */
    const char *secrets[2];            /* of events: the endpoint's, and the one before or ""; else NULL */
    const struct digest *digest;
};

enum provider_answer { PROVIDER_ANSWERED, PROVIDER_TOKEN_REFUSED };

struct http_adapter {
    /* returns  0; NOTIFY_ERR_NO_TEMPLATE, NOTIFY_ERR_LONG: this message can never leave this way; a negative error of
     *          the digest */
    int (*encode)(const struct provider *provider, const struct message *message, const struct provider_moment *moment,
                  struct http_request *out);
    /* Never fails: what is not understood is to be tried again. Fills all but message_id. */
    enum provider_answer (*decode)(const struct provider *provider, int status, struct span body,
                                   struct message_result *out);
    /* NULL for adapters without a token. returns 0; NOTIFY_ERR_LONG */
    int (*token_encode)(const struct provider *provider, struct http_request *out);
    /* returns  0 with the token and how long it is good; NOTIFY_ERR_ANSWER with `reason` */
    int (*token_decode)(struct span body, char token[PROVIDER_TOKEN_SIZE], int64_t *valid_s,
                        char reason[MESSAGE_REASON_SIZE]);
};

struct stream_protocol;

struct provider_kind {
    const char *name;                  /* in the configuration */
    enum message_channel channel;
    bool is_idempotent;                /* the provider takes our number once, however often it comes */
    const struct http_adapter *http;   /* exactly one of these, or none: e-mail */
    const struct stream_protocol *stream;
};

/* NULL when there is none of this name. */
const struct provider_kind *provider_kind_find(const char *name);

/* What the provider calls this kind of notice; NULL when it keeps no words for it. */
const struct provider_template *provider_template_find(const struct provider *provider, const struct message *message);

/* The value of a word of the message: a placeholder's, or "text" for the whole.
 * returns  bytes without the zero; NOTIFY_ERR_LONG; NOTIFY_ERR_PLACEHOLDER when the message has no such word */
int provider_word_read(const struct message *message, const char *word, char *out, size_t capacity);

/* Read the providers of an installation from the text of their file (docs/messages.md).
 * out      PROVIDER_LIMIT of them
 * problem  one sentence for the operator when it fails; never a secret
 * returns  how many; NOTIFY_ERR_CONFIGURATION */
int provider_list_read(struct span text, struct provider out[PROVIDER_LIMIT], char problem[256]);

/* Read member "webhooks" of the same file: how events leave (event.h).
 * out      the usual values when the file has no such member
 * returns  0; NOTIFY_ERR_CONFIGURATION with `problem` */
int provider_events_read(struct span text, struct provider *out, char problem[256]);

/* How events leave without a file. */
void provider_events_usual(struct provider *out);

extern const struct http_adapter webhook_adapter;
extern const struct http_adapter aliyun_sms_adapter;
extern const struct http_adapter tencent_sms_adapter;
extern const struct http_adapter wechat_template_adapter;
extern const struct http_adapter wechat_subscribe_adapter;
extern const struct stream_protocol cmpp_protocol;
extern const struct stream_protocol smpp_protocol;

#endif
