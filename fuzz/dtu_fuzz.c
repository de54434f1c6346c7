/* DTU packets: any notation that is read writes and matches packets; any stream is matched by every known form. */
#include <stdlib.h>
#include <string.h>

#include "codec/dtu/dtu_packet.h"

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void packet_again(const struct dtu_pattern *pattern, struct span stream)
{
    char text[2 * DTU_IDENTITY_LIMIT + 1];
    uint8_t buffer[1024];
    struct writer identity = writer_of_buffer(text, sizeof text);
    struct writer out = writer_of_buffer(buffer, sizeof buffer);
    struct dtu_packet packet, back;
    int used = dtu_packet_match(pattern, stream, &packet);

    if (used <= 0)
        return;
    must((size_t)used <= stream.size && packet.bytes.size == (size_t)used);
    dtu_identity_write(&packet, &identity);
    must(dtu_packet_encode(pattern, writer_span(&identity), &out) == 0);
    if (dtu_packet_match(pattern, writer_span(&out), &back) > 0 && back.identity.size == packet.identity.size)
        must(span_equal(back.identity, packet.identity));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct dtu_form *form;
    struct dtu_pattern pattern;
    size_t notation_size = size > 0 ? data[0] % size : 0, offset = 0;
    struct span stream = span_of_bytes(data, size);

    for (size_t i = 0; (form = dtu_form_at(i)) != NULL; i++) {
        pattern = dtu_form_pattern(form);
        packet_again(&pattern, stream);
    }
    if (size == 0)
        return 0;
    struct span notation = span_of_bytes(data + 1, notation_size);
    if (dtu_pattern_parse(notation, DTU_REGISTRATION, &pattern, &offset) == 0)
        packet_again(&pattern, span_of_bytes(data + 1 + notation_size, size - 1 - notation_size));
    else
        must(offset <= notation_size);
    return 0;
}
