/* SenML packs: the first byte chooses CBOR or JSON. What is accepted, written again in either form, means the same. */
#include <stdlib.h>
#include <string.h>

#include "codec/senml/senml_cbor.h"
#include "codec/senml/senml_json.h"

#define SCALE 6

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* One record as it would be written; false for what this writer does not offer. */
static bool entry_of(const struct senml_record *record, uint8_t *text, size_t capacity, struct senml_entry *entry)
{
    struct writer bytes = writer_of_buffer(text, capacity);

    memset(entry, 0, sizeof *entry);
    entry->kind = record->kind;
    entry->name = span_of_bytes(record->name, record->name_size);
    entry->boolean = record->boolean;
    entry->scale = SCALE;
    if (record->kind == SENML_NUMBER)
        return senml_record_scaled(record, SCALE, &entry->number) == 0 &&
               entry->number > -INT64_C(1000000000000000) && entry->number < INT64_C(1000000000000000);
    if (record->kind == SENML_NOTHING || record->kind == SENML_BOOLEAN)
        return true;
    if (senml_record_bytes(record, &bytes) < 0)
        return false;
    entry->text = writer_span(&bytes);
    return true;
}

static void record_same(const struct senml_entry *entry, const struct senml_record *back)
{
    uint8_t text[4096];
    struct senml_entry again;

    must(back->name_size == entry->name.size && memcmp(back->name, entry->name.bytes, back->name_size) == 0);
    must(entry_of(back, text, sizeof text, &again));
    must(again.kind == entry->kind);
    must(again.kind != SENML_NUMBER || again.number == entry->number);
    must(again.kind != SENML_BOOLEAN || again.boolean == entry->boolean);
    must(span_equal(again.text, entry->text));
}

static void cbor_again(const struct senml_entry *entry)
{
    uint8_t buffer[8192];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);
    struct senml_record back;

    senml_cbor_put_pack(&out, 1);
    must(senml_cbor_put_entry(&out, entry) == 0);
    struct senml_cbor_reader reader = senml_cbor_reader(writer_span(&out));
    must(senml_cbor_next(&reader, &back) == 1);
    record_same(entry, &back);
    must(senml_cbor_next(&reader, &back) == 0);
}

static void json_again(const struct senml_entry *entry, bool is_text)
{
    uint8_t buffer[32768];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);
    struct senml_record back;

    if (!is_text)
        return;
    must(senml_json_put_entry(&out, entry, 0, 1) == 0);
    struct senml_json_reader reader = senml_json_reader(writer_span(&out));
    must(senml_json_next(&reader, &back) == 1);
    record_same(entry, &back);
    must(senml_json_next(&reader, &back) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > 4000)
        return 0;
    bool is_cbor = (data[0] & 1) != 0;
    struct span pack = span_of_bytes(data + 1, size - 1);
    struct senml_cbor_reader cbor = senml_cbor_reader(pack);
    struct senml_json_reader json = senml_json_reader(pack);
    struct senml_record record;
    struct senml_entry entry;
    uint8_t text[4096];

    cbor_scalar_decode(pack, &record);
    while ((is_cbor ? senml_cbor_next(&cbor, &record) : senml_json_next(&json, &record)) > 0) {
        must(record.name_size > 0 && record.name_size <= SENML_NAME_LIMIT);
        must(record.offset + record.size <= pack.size && record.size > 0);
        if (!entry_of(&record, text, sizeof text, &entry))
            continue;
        cbor_again(&entry);
        json_again(&entry, !is_cbor);
    }
    must(cbor.cbor.offset <= pack.size && json.json.offset <= pack.size);
    return 0;
}
