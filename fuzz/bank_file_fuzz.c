/* A bank's statement from outside: converted, read, every line within its bounds and with a fingerprint. The first byte
 * chooses between the usual headings and a mapping. */
#include <stdlib.h>
#include <string.h>

#include "apps/meterworks/bank_file.h"
#include "base/text.h"

#define LINES 64

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void line_check(const struct bank_line *line)
{
    must(memchr(line->payer, 0, sizeof line->payer) != NULL && memchr(line->remark, 0, sizeof line->remark) != NULL);
    must(text_utf8_check(span_of_text(line->remark)) >= 0 && text_utf8_check(span_of_text(line->payer)) >= 0);
    must(strlen(line->fingerprint) == BANK_FINGERPRINT_SIZE - 1);
    must(line->row >= 1 && line->amount_fen >= 0);
    must(line->verdict != 0 || line->amount_fen > 0);
    must((line->verdict == BANK_BAD) == (line->problem[0] != '\0'));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const struct bank_mapping mapping = { .amount = "A", .direction = "D", .incoming = "in", .time = "T",
                                                 .payer = "P", .remark = "R+S" };
    static struct bank_line lines[LINES];
    struct bank_file_fault fault;
    char *text = NULL;
    int64_t text_size = size > 0 ? bank_file_text(span_of_bytes(bytes + 1, size - 1), 0, &text) : -1;
    int count;

    if (text_size < 0)
        return 0;
    must(strlen(text) == (size_t)text_size);
    count = bank_file_read(span_of_bytes((const uint8_t *)text, (size_t)text_size), bytes[0] % 2 != 0 ? &mapping : NULL,
                           lines, LINES, &fault);
    must(count <= LINES);
    for (int i = 0; i < count; i++)
        line_check(&lines[i]);
    free(text);
    return 0;
}
