/* Templates from anybody: parsed, and what is accepted drawn with the samples. Drawing may refuse; nothing may crash. */
#include <stdlib.h>

#include "document/document_render.h"

/* Fonts that fontconfig and pango keep for the life of the process are no leaks of ours. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\nleak:libpango\nleak:libcairo\nleak:libglib\nleak:libgobject\n";
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct document_template template;
    enum document_kind kind;
    struct document_problem problem;
    struct document_bytes out = { NULL, 0 };

    if (size == 0)
        return 0;
    kind = (enum document_kind)(1 + bytes[0] % (DOCUMENT_KIND_COUNT - 1));
    if (document_template_parse(&template, kind, span_of_bytes(bytes + 1, size - 1), &problem) < 0) {
        if (problem.error == 0 || document_error_info(problem.error) == NULL)
            abort();
        return 0;
    }
    struct document_values values = document_values_make(kind);
    struct document_request request = { &template, &values, "", "" };
    document_values_sample(&values, DOCUMENT_CHINESE);
    if (document_pdf_render(&request, &out, NULL, &problem) == 0)
        free(out.bytes);
    document_values_free(&values);
    return 0;
}
