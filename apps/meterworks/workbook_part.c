#include "apps/meterworks/workbook_part.h"

#include <stdlib.h>
#include <string.h>

#include "billing/cash_error.h"
#include "payment/payment_archive.h"
#include "payment/payment_channel.h"
#include "store/store_error.h"

const char *workbook_name_local(const char *name)
{
    const char *colon = strrchr(name, ':');

    return colon != NULL ? colon + 1 : name;
}

const char *workbook_attribute(const char **attributes, const char *name)
{
    for (; attributes[0] != NULL; attributes += 2)
        if (strcmp(workbook_name_local(attributes[0]), name) == 0)
            return attributes[1];
    return "";
}

void workbook_part_stop(struct workbook_part *part, int error)
{
    if (part->error == 0)
        part->error = error;
    (void)XML_StopParser(part->parser, XML_FALSE);
}

static void XMLCALL doctype_refuse(void *context, const XML_Char *name, const XML_Char *system, const XML_Char *public,
                                   int has_subset)
{
    (void)name;
    (void)system;
    (void)public;
    (void)has_subset;
    workbook_part_stop(context, CASH_ERR_STATEMENT_TEXT);
}

int workbook_part_read(struct workbook_part *part, struct span archive, const char *name, XML_StartElementHandler begin,
                       XML_EndElementHandler end, XML_CharacterDataHandler characters)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    int found = payment_archive_file(archive, name, WORKBOOK_PART_LIMIT, &bytes, &size);

    if (found <= 0)
        return found == 0 ? 0 : found == PAYMENT_ERR_MEMORY ? STORE_ERR_MEMORY : CASH_ERR_STATEMENT_TEXT;
    part->parser = XML_ParserCreate(NULL);
    if (part->parser == NULL) {
        free(bytes);
        return STORE_ERR_MEMORY;
    }
    XML_SetUserData(part->parser, part);
    XML_SetElementHandler(part->parser, begin, end);
    XML_SetCharacterDataHandler(part->parser, characters);
    XML_SetStartDoctypeDeclHandler(part->parser, doctype_refuse);
    if (XML_Parse(part->parser, (const char *)bytes, (int)size, 1) != XML_STATUS_OK && part->error == 0)
        part->error = CASH_ERR_STATEMENT_TEXT;
    XML_ParserFree(part->parser);
    free(bytes);
    return part->error < 0 ? part->error : 1;
}
