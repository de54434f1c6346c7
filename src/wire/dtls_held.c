#include "wire/dtls_held.h"

#include <stdlib.h>
#include <string.h>

#include "base/reader.h"

#define CLIENT_KEY_EXCHANGE 16
#define MESSAGE_SEQUENCE_SIZE 2

bool dtls_held_identity(const struct dtls_record *record, struct span *identity)
{
    struct reader reader = reader_of_span(record->fragment);
    uint8_t type = 0;
    uint64_t length = 0, offset = 0, fragment_length = 0;
    uint16_t size;
    struct span sequence;

    return record->type == DTLS_HANDSHAKE && record->epoch == 0 && reader_take_u8(&reader, &type) == 0 &&
           type == CLIENT_KEY_EXCHANGE && reader_take_unsigned_be(&reader, 3, &length) == 0 &&
           reader_take_span(&reader, MESSAGE_SEQUENCE_SIZE, &sequence) == 0 &&
           reader_take_unsigned_be(&reader, 3, &offset) == 0 &&
           reader_take_unsigned_be(&reader, 3, &fragment_length) == 0 && offset == 0 && fragment_length == length &&
           reader_take_u16be(&reader, &size) == 0 && reader_take_span(&reader, size, identity) == 0;
}

void dtls_held_put(struct dtls_held *held, struct span record)
{
    if (held->bytes == NULL)
        held->bytes = malloc(DTLS_HELD_LIMIT);
    if (held->bytes == NULL || record.size > (size_t)DTLS_HELD_LIMIT - held->size)
        return;
    memcpy(held->bytes + held->size, record.bytes, record.size);
    held->size = (uint16_t)(held->size + record.size);
}

void dtls_held_release(struct dtls_held *held)
{
    free(held->bytes);
    *held = (struct dtls_held){ 0 };
}
