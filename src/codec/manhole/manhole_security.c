#include "codec/manhole/manhole_security.h"

#include <string.h>

#include "codec/codec_error.h"

#define NONCE_SIZE 8
#define BLOCK CIPHER_BLOCK_SIZE

static int key_derive(const struct cipher *cipher, const uint8_t *device_key, const char *label, uint8_t slot,
                      uint8_t *out)
{
    struct span parts[2] = { span_of_text(label), span_of_bytes(&slot, 1) };
    return cipher->cmac(cipher->context, CIPHER_SM4, device_key, parts, 2, out);
}

int manhole_keys_derive(const struct manhole_profile *profile, const struct cipher *cipher,
                        const uint8_t device_key[CIPHER_BLOCK_SIZE], uint8_t slot, struct manhole_keys *out)
{
    int result = key_derive(cipher, device_key, profile->key_labels[0], slot, out->encryption);
    return result < 0 ? result : key_derive(cipher, device_key, profile->key_labels[1], slot, out->tag);
}

static uint8_t mode_of(const struct manhole_profile *profile, uint8_t mode)
{
    return manhole_row(profile, MANHOLE_SET_MODE, mode);
}

size_t manhole_initial_size(const struct manhole_profile *profile, uint8_t mode)
{
    switch (mode_of(profile, mode)) {
    case MANHOLE_MODE_CBC:
        return BLOCK;
    case MANHOLE_MODE_COUNTER:
        return NONCE_SIZE;
    default:
        return 0;
    }
}

/* protected  IV or nonce, and ciphertext */
static int tag_compute(const struct cipher *cipher, const struct manhole_keys *keys, const struct manhole_frame *frame,
                       struct span head, struct span protected, uint8_t *tag)
{
    struct span parts[4] = { span_of_bytes(&frame->version, 1), frame->terminal_id, head, protected };
    return cipher->cmac(cipher->context, CIPHER_SM4, keys->tag, parts, 4, tag);
}

static int counter_run(const struct cipher *cipher, const struct manhole_keys *keys, struct span nonce, struct span in,
                       uint8_t *out)
{
    uint8_t block[BLOCK] = { 0 };

    memcpy(block, nonce.bytes, NONCE_SIZE);
    return cipher->counter(cipher->context, CIPHER_SM4, keys->encryption, block, in, out);
}

static int area_encrypt(const struct cipher *cipher, const struct manhole_keys *keys, bool is_chained, struct span in,
                        struct span initial, struct writer *out)
{
    size_t padding = is_chained ? BLOCK - in.size % BLOCK : 0;

    writer_put_span(out, initial);
    uint8_t *place = out->bytes + out->size;
    writer_put_span(out, in);
    for (size_t i = 0; i < padding; i++)
        writer_put_u8(out, (uint8_t)padding);
    if (out->overflow)
        return CODEC_ERR_FULL;
    struct span padded = span_of_bytes(place, in.size + padding);
    if (is_chained)
        return cipher->cbc_encrypt(cipher->context, CIPHER_SM4, keys->encryption, initial.bytes, padded, place);
    return counter_run(cipher, keys, initial, padded, place);
}

/* The head that the tag covers, as the encoder will write it. */
static struct span head_write(const struct manhole_profile *profile, const struct manhole_frame *frame, uint8_t *bytes,
                              size_t capacity)
{
    struct writer head = writer_of_buffer(bytes, capacity);

    writer_put_u8(&head, manhole_code(profile, MANHOLE_SET_TERMINAL, frame->terminal));
    writer_put_u8(&head, manhole_code(profile, MANHOLE_SET_FUNCTION, frame->function));
    writer_put_unsigned_be(&head, frame->sequence, profile->sequence_size);
    writer_put_u8(&head, (uint8_t)(frame->mode << 4 | frame->slot));
    return writer_span(&head);
}

static int area_seal(const struct manhole_profile *profile, const struct cipher *cipher,
                     const struct manhole_keys *keys, const struct manhole_frame *frame, struct span initial,
                     struct writer *scratch)
{
    uint8_t head[8], tag[BLOCK];
    struct manhole_frame named = *frame;
    size_t start = scratch->size;
    int result =
        area_encrypt(cipher, keys, mode_of(profile, frame->mode) == MANHOLE_MODE_CBC, frame->area, initial, scratch);

    if (result < 0)
        return result;
    named.version = profile->version;
    struct span protected = span_of_bytes(scratch->bytes + start, scratch->size - start);
    result = tag_compute(cipher, keys, &named, head_write(profile, frame, head, sizeof head), protected, tag);
    if (result < 0)
        return result;
    writer_put_bytes(scratch, tag, profile->tag_size);
    return scratch->overflow ? CODEC_ERR_FULL : 0;
}

int manhole_frame_seal(const struct manhole_profile *profile, const struct cipher *cipher,
                       const struct manhole_keys *keys, const struct manhole_frame *frame, struct span initial,
                       struct writer *scratch, struct writer *out)
{
    struct manhole_frame sealed = *frame;
    size_t start = scratch->size;

    if (mode_of(profile, frame->mode) == LAYOUT_UNKNOWN)
        return CODEC_ERR_UNSUPPORTED;
    if (initial.size != manhole_initial_size(profile, frame->mode))
        return CODEC_ERR_RANGE;
    if (initial.size == 0)
        return manhole_frame_encode(profile, frame, out);
    if (!manhole_can_say(profile, MANHOLE_SET_TERMINAL, frame->terminal) ||
        !manhole_can_say(profile, MANHOLE_SET_FUNCTION, frame->function))
        return CODEC_ERR_UNKNOWN;
    int result = area_seal(profile, cipher, keys, frame, initial, scratch);
    if (result < 0)
        return result;
    sealed.area = span_of_bytes(scratch->bytes + start, scratch->size - start);
    return manhole_frame_encode(profile, &sealed, out);
}

/* Looks at all bytes whatever they are: how long it takes must not tell where the padding breaks.
 * returns  bytes of padding; 0 when it is wrong */
static size_t padding_of(const uint8_t *last_block)
{
    unsigned size = last_block[BLOCK - 1];
    unsigned wrong = (size == 0) | (size > BLOCK);

    for (unsigned i = 0; i < BLOCK; i++) {
        unsigned is_padding = i < size;
        wrong |= is_padding & (last_block[BLOCK - 1 - i] != size);
    }
    return wrong ? 0 : size;
}

static int area_decrypt(const struct cipher *cipher, const struct manhole_keys *keys, bool is_chained,
                        struct span initial, struct span in, uint8_t *buffer, struct span *clear)
{
    int result;

    if (!is_chained) {
        result = counter_run(cipher, keys, initial, in, buffer);
        if (result == 0)
            *clear = span_of_bytes(buffer, in.size);
        return result;
    }
    result = cipher->cbc_decrypt(cipher->context, CIPHER_SM4, keys->encryption, initial.bytes, in, buffer);
    if (result < 0)
        return result;
    size_t padding = padding_of(buffer + in.size - BLOCK);
    if (padding == 0)
        return CODEC_ERR_KEY;
    *clear = span_of_bytes(buffer, in.size - padding);
    return 0;
}

int manhole_frame_open(const struct manhole_profile *profile, const struct cipher *cipher,
                       const struct manhole_keys *keys, const struct manhole_frame *frame, uint8_t *buffer,
                       struct span *clear)
{
    uint8_t mode = mode_of(profile, frame->mode);
    size_t initial_size = manhole_initial_size(profile, frame->mode);
    size_t around = initial_size + profile->tag_size;
    uint8_t tag[BLOCK];

    if (mode == MANHOLE_MODE_PLAIN) {
        *clear = frame->area;
        return 0;
    }
    if (initial_size == 0)
        return CODEC_ERR_UNSUPPORTED;
    if (frame->area.size < around + (mode == MANHOLE_MODE_CBC ? BLOCK : 0))
        return CODEC_ERR_SHORT;
    struct span protected = span_of_bytes(frame->area.bytes, frame->area.size - profile->tag_size);
    struct span initial = span_of_bytes(protected.bytes, initial_size);
    struct span text = span_of_bytes(protected.bytes + initial_size, protected.size - initial_size);
    int result = tag_compute(cipher, keys, frame, frame->head, protected, tag);
    if (result < 0)
        return result;
    if (!cipher_equal(tag, protected.bytes + protected.size, profile->tag_size))
        return CODEC_ERR_KEY;
    if (mode == MANHOLE_MODE_CBC && text.size % BLOCK != 0)
        return CODEC_ERR_KEY;
    return area_decrypt(cipher, keys, mode == MANHOLE_MODE_CBC, initial, text, buffer, clear);
}
