/* A part of a workbook from outside, packed as it must be so that its XML is reached: the first byte says which part the rest
 * is. What comes out is text with a zero behind it, within its limit. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "apps/meterworks/workbook_sheets.h"
#include "apps/meterworks/workbook_text.h"

#define ARCHIVE_LIMIT 65536
#define TEXT_LIMIT 100000
#define PART_COUNT 5
#define LOCAL_SIZE 30
#define ENTRY_SIZE 46
#define END_SIZE 22

static const char *const names[PART_COUNT] = { "xl/styles.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml",
    "xl/_rels/workbook.xml.rels", "xl/workbook.xml" };
static const char *const usual[PART_COUNT] = {
    "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>",
    "<sst><si><t>one</t></si><si><r><t>t</t></r><r><t>wo</t></r></si></sst>",
    "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>1</v></c><c r=\"C1\" s=\"1\"><v>46346.5</v></c></row></sheetData></worksheet>",
    "<Relationships><Relationship Id=\"r1\" Target=\"worksheets/sheet1.xml\"/></Relationships>",
    "<workbook><sheets><sheet name=\"A\" r:id=\"r1\"/></sheets></workbook>",
};

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void number_put(uint8_t *to, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        to[i] = (uint8_t)(value >> 8 * i);
}

/* Both heads name the same: check sum, size packed and unpacked, length of the name. `at` where the check sum stands. */
static void head_put(uint8_t *head, const char *magic, size_t at, struct span part, const char *name)
{
    memcpy(head, magic, 4);
    number_put(head + at, crc32(crc32(0, NULL, 0), part.bytes, (uInt)part.size), 4);
    number_put(head + at + 4, part.size, 4);
    number_put(head + at + 8, part.size, 4);
    number_put(head + at + 12, strlen(name), 2);
}

static size_t archive_make(const struct span parts[PART_COUNT], uint8_t *archive)
{
    size_t size = 0, offsets[PART_COUNT], directory;

    memset(archive, 0, ARCHIVE_LIMIT);
    for (int i = 0; i < PART_COUNT; i++) {
        offsets[i] = size;
        head_put(archive + size, "PK\3\4", 14, parts[i], names[i]);
        memcpy(archive + size + LOCAL_SIZE, names[i], strlen(names[i]));
        size += LOCAL_SIZE + strlen(names[i]);
        memcpy(archive + size, parts[i].bytes, parts[i].size);
        size += parts[i].size;
    }
    directory = size;
    for (int i = 0; i < PART_COUNT; i++) {
        head_put(archive + size, "PK\1\2", 16, parts[i], names[i]);
        number_put(archive + size + 42, offsets[i], 4);
        memcpy(archive + size + ENTRY_SIZE, names[i], strlen(names[i]));
        size += ENTRY_SIZE + strlen(names[i]);
    }
    memcpy(archive + size, "PK\5\6", 4);
    number_put(archive + size + 10, PART_COUNT, 2);
    number_put(archive + size + 16, directory, 4);
    return size + END_SIZE;
}

/* Every sheet that the archive names. */
static void archive_read(struct span archive)
{
    struct workbook_sheets sheets = { .count = 0 };
    int result = workbook_sheets_read(archive, &sheets);

    must((result == 0) == (sheets.count >= 1 && sheets.count <= WORKBOOK_SHEET_LIMIT));
    for (int i = 0; i < sheets.count; i++) {
        char *text = NULL;
        int64_t size = workbook_text(archive, sheets.path[i], TEXT_LIMIT, &text);

        must((size >= 0) == (text != NULL));
        must(text == NULL || (strlen(text) == (size_t)size && size <= TEXT_LIMIT));
        free(text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static uint8_t archive[ARCHIVE_LIMIT];
    struct span parts[PART_COUNT];

    if (size < 1 || size > ARCHIVE_LIMIT / 2)
        return 0;
    for (int i = 0; i < PART_COUNT; i++)
        parts[i] = span_of_bytes((const uint8_t *)usual[i], strlen(usual[i]));
    parts[bytes[0] % PART_COUNT] = span_of_bytes(bytes + 1, size - 1);
    archive_read(span_of_bytes(archive, archive_make(parts, archive)));
    archive_read(span_of_bytes(bytes, size)); /* and as an archive of its own */
    return 0;
}
