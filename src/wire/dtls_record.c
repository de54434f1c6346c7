#include "wire/dtls_record.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/reader.h"
#include "base/writer.h"
#include "wire/wire_error.h"

#define ADDITIONAL_DATA_SIZE 13
#define NONCE_SIZE 12
#define CLIENT_HELLO 1
#define REPLAY_WINDOW_SIZE 64

struct suite_info {
    const char *cipher;
    uint8_t tag_size;
    bool states_length_first; /* CCM authenticates the length before anything else (RFC 3610) */
};

static const struct suite_info suites[DTLS_SUITE_COUNT] = {
    [DTLS_SUITE_CCM8] = { "AES-128-CCM", 8, true },
    [DTLS_SUITE_CCM] = { "AES-128-CCM", 16, true },
    [DTLS_SUITE_GCM] = { "AES-128-GCM", 16, false },
};

struct dtls_aead {
    EVP_CIPHER_CTX *open[DTLS_SUITE_COUNT];
    EVP_CIPHER_CTX *seal[DTLS_SUITE_COUNT];
};

int dtls_record_decode(struct span in, struct dtls_record *out)
{
    struct reader reader = reader_of_span(in);
    struct dtls_record record;
    uint64_t sequence;
    uint16_t size;
    if (reader_take_u8(&reader, &record.type) || reader_take_u16be(&reader, &record.version) ||
        reader_take_u16be(&reader, &record.epoch) || reader_take_unsigned_be(&reader, 6, &sequence) ||
        reader_take_u16be(&reader, &size) || reader_take_span(&reader, size, &record.fragment))
        return WIRE_ERR_RECORD;
    if (record.type < DTLS_CHANGE_CIPHER_SPEC || record.type > DTLS_APPLICATION_DATA || record.version >> 8 != 0xfe)
        return WIRE_ERR_RECORD;
    record.sequence = sequence;
    *out = record;
    return (int)reader.offset;
}

bool dtls_record_is_client_hello(const struct dtls_record *record)
{
    return record->type == DTLS_HANDSHAKE && record->epoch == 0 && record->fragment.size > 0 &&
           record->fragment.bytes[0] == CLIENT_HELLO;
}

bool dtls_replay_window_is_new(const struct dtls_replay_window *window, uint64_t sequence)
{
    if (sequence >= window->next)
        return true;
    uint64_t age = window->next - 1 - sequence;
    return age < REPLAY_WINDOW_SIZE && !(window->seen >> age & 1);
}

void dtls_replay_window_mark(struct dtls_replay_window *window, uint64_t sequence)
{
    if (sequence < window->next) {
        uint64_t age = window->next - 1 - sequence;
        if (age < REPLAY_WINDOW_SIZE)
            window->seen |= (uint64_t)1 << age;
        return;
    }
    uint64_t step = sequence + 1 - window->next;
    window->seen = step < REPLAY_WINDOW_SIZE ? window->seen << step | 1 : 1;
    window->next = sequence + 1;
}

size_t dtls_suite_tag_size(enum dtls_suite suite)
{
    return suites[suite].tag_size;
}

static EVP_CIPHER_CTX *context_make(const struct suite_info *suite, int sealing)
{
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, suite->cipher, NULL);
    EVP_CIPHER_CTX *context = cipher ? EVP_CIPHER_CTX_new() : NULL;
    bool ready = context && EVP_CipherInit_ex(context, cipher, NULL, NULL, NULL, sealing) == 1 &&
                 EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IVLEN, NONCE_SIZE, NULL) == 1;
    EVP_CIPHER_free(cipher);
    if (ready)
        return context;
    EVP_CIPHER_CTX_free(context);
    return NULL;
}

int dtls_aead_open(struct dtls_aead **out)
{
    struct dtls_aead *aead = calloc(1, sizeof *aead);
    if (!aead)
        return WIRE_ERR_MEMORY;
    for (int i = 0; i < DTLS_SUITE_COUNT; i++) {
        aead->open[i] = context_make(&suites[i], 0);
        aead->seal[i] = context_make(&suites[i], 1);
        if (!aead->open[i] || !aead->seal[i]) {
            dtls_aead_close(aead);
            return WIRE_ERR_CRYPTOGRAPHY;
        }
    }
    *out = aead;
    return 0;
}

void dtls_aead_close(struct dtls_aead *aead)
{
    if (!aead)
        return;
    for (int i = 0; i < DTLS_SUITE_COUNT; i++) {
        EVP_CIPHER_CTX_free(aead->open[i]);
        EVP_CIPHER_CTX_free(aead->seal[i]);
    }
    free(aead);
}

/* Epoch and sequence as the eight bytes that are also the explicit nonce we send (RFC 6655, 3). */
static void record_number_write(const struct dtls_record *record, uint8_t out[8])
{
    struct writer writer = writer_of_buffer(out, 8);
    writer_put_u16be(&writer, record->epoch);
    writer_put_unsigned_be(&writer, record->sequence, 6);
}

static void additional_data_write(const struct dtls_record *record, size_t text_size, uint8_t out[ADDITIONAL_DATA_SIZE])
{
    record_number_write(record, out);
    out[8] = record->type;
    out[9] = DTLS_VERSION_1_2 >> 8;
    out[10] = DTLS_VERSION_1_2 & 0xff;
    out[11] = (uint8_t)(text_size >> 8);
    out[12] = (uint8_t)text_size;
}

static void nonce_write(const struct dtls_direction_key *key, const uint8_t *explicit_part, uint8_t out[NONCE_SIZE])
{
    memcpy(out, key->implicit_nonce, sizeof key->implicit_nonce);
    memcpy(out + sizeof key->implicit_nonce, explicit_part, DTLS_NONCE_EXPLICIT_SIZE);
}

/* Key, nonce, length where the mode wants it, additional data: up to where the text begins. */
static bool context_start(EVP_CIPHER_CTX *context, const struct suite_info *suite, const struct dtls_direction_key *key,
                          const uint8_t *nonce, const uint8_t *additional, int text_size)
{
    int size;
    return EVP_CipherInit_ex(context, NULL, NULL, key->key, nonce, -1) == 1 &&
           (!suite->states_length_first || EVP_CipherUpdate(context, NULL, &size, NULL, text_size) == 1) &&
           EVP_CipherUpdate(context, NULL, &size, additional, ADDITIONAL_DATA_SIZE) == 1;
}

int dtls_aead_unseal(struct dtls_aead *aead, enum dtls_suite suite, const struct dtls_direction_key *key,
                     const struct dtls_record *record, uint8_t *out)
{
    const struct suite_info *info = &suites[suite];
    size_t overhead = DTLS_NONCE_EXPLICIT_SIZE + (size_t)info->tag_size;
    if (record->fragment.size < overhead || record->version != DTLS_VERSION_1_2)
        return WIRE_ERR_RECORD;
    size_t text_size = record->fragment.size - overhead;
    const uint8_t *sealed = record->fragment.bytes + DTLS_NONCE_EXPLICIT_SIZE;
    uint8_t nonce[NONCE_SIZE];
    uint8_t additional[ADDITIONAL_DATA_SIZE];
    uint8_t tag[16];
    uint8_t nothing[16];
    nonce_write(key, record->fragment.bytes, nonce);
    additional_data_write(record, text_size, additional);
    memcpy(tag, sealed + text_size, info->tag_size);
    EVP_CIPHER_CTX *context = aead->open[suite];
    int size = 0;
    int rest = 0;
    bool authentic = EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, info->tag_size, tag) == 1 &&
                     context_start(context, info, key, nonce, additional, (int)text_size) &&
                     EVP_CipherUpdate(context, out, &size, sealed, (int)text_size) == 1 &&
                     (info->states_length_first || EVP_CipherFinal_ex(context, nothing, &rest) == 1);
    return authentic ? (int)text_size : WIRE_ERR_RECORD;
}

static void record_header_write(const struct dtls_record *record, size_t fragment_size, struct writer *out)
{
    writer_put_u8(out, record->type);
    writer_put_u16be(out, DTLS_VERSION_1_2);
    writer_put_u16be(out, record->epoch);
    writer_put_unsigned_be(out, record->sequence, 6);
    writer_put_u16be(out, (uint16_t)fragment_size);
}

int dtls_aead_seal(struct dtls_aead *aead, enum dtls_suite suite, const struct dtls_direction_key *key,
                   const struct dtls_record *record, struct span text, uint8_t *out, size_t capacity)
{
    const struct suite_info *info = &suites[suite];
    size_t fragment_size = DTLS_NONCE_EXPLICIT_SIZE + text.size + info->tag_size;
    if (text.size > UINT16_MAX - 64 || DTLS_RECORD_HEADER_SIZE + fragment_size > capacity)
        return WIRE_ERR_TOO_LONG;
    struct writer writer = writer_of_buffer(out, capacity);
    record_header_write(record, fragment_size, &writer);
    uint8_t *explicit_nonce = out + DTLS_RECORD_HEADER_SIZE;
    uint8_t *sealed = explicit_nonce + DTLS_NONCE_EXPLICIT_SIZE;
    record_number_write(record, explicit_nonce);
    uint8_t nonce[NONCE_SIZE];
    uint8_t additional[ADDITIONAL_DATA_SIZE];
    nonce_write(key, explicit_nonce, nonce);
    additional_data_write(record, text.size, additional);
    EVP_CIPHER_CTX *context = aead->seal[suite];
    int size = 0;
    int rest = 0;
    bool sealed_well =
        (!info->states_length_first ||
         EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, info->tag_size, NULL) == 1) &&
        context_start(context, info, key, nonce, additional, (int)text.size) &&
        EVP_CipherUpdate(context, sealed, &size, text.bytes, (int)text.size) == 1 &&
        EVP_CipherFinal_ex(context, sealed + text.size, &rest) == 1 &&
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, info->tag_size, sealed + text.size) == 1;
    return sealed_well ? (int)(DTLS_RECORD_HEADER_SIZE + fragment_size) : WIRE_ERR_CRYPTOGRAPHY;
}
