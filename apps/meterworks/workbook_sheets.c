#include "apps/meterworks/workbook_sheets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/meterworks/workbook_part.h"
#include "store/store_error.h"

#define RELATION_LIMIT 64

struct relation {
    char id[32];
    char path[WORKBOOK_PATH_SIZE];
};

struct sheet_list {
    struct workbook_part part;
    struct relation relations[RELATION_LIMIT];
    size_t relation_count;
    struct workbook_sheets sheets;
};

/* Targets are relative to the folder of the workbook, or begin at the archive's root. */
static void XMLCALL relation_take(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct sheet_list *list = context;
    const char *target = workbook_attribute(attributes, "Target");
    const char *id = workbook_attribute(attributes, "Id");
    struct relation *relation = &list->relations[list->relation_count];
    bool fits = strlen(id) < sizeof relation->id && strlen(target) + sizeof "xl/" <= sizeof relation->path;

    if (strcmp(workbook_name_local(name), "Relationship") != 0 || list->relation_count == RELATION_LIMIT || !fits)
        return;
    (void)snprintf(relation->id, sizeof relation->id, "%s", id);
    if (target[0] == '/')
        (void)snprintf(relation->path, sizeof relation->path, "%s", target + 1);
    else
        (void)snprintf(relation->path, sizeof relation->path, "xl/%s", target);
    list->relation_count++;
}

static void XMLCALL sheet_take(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct sheet_list *list = context;
    const char *id = workbook_attribute(attributes, "id");
    const char *state = workbook_attribute(attributes, "state");

    if (strcmp(workbook_name_local(name), "sheet") != 0 || (state[0] != '\0' && strcmp(state, "visible") != 0))
        return;
    for (size_t i = 0; i < list->relation_count && list->sheets.count < WORKBOOK_SHEET_LIMIT; i++)
        if (strcmp(list->relations[i].id, id) == 0) {
            memcpy(list->sheets.path[list->sheets.count++], list->relations[i].path, WORKBOOK_PATH_SIZE);
            return;
        }
}

int workbook_sheets_read(struct span bytes, struct workbook_sheets *out)
{
    struct sheet_list *list = calloc(1, sizeof *list);
    int result;

    if (list == NULL)
        return STORE_ERR_MEMORY;
    result = workbook_part_read(&list->part, bytes, "xl/_rels/workbook.xml.rels", relation_take, NULL, NULL);
    if (result == 1)
        result = workbook_part_read(&list->part, bytes, "xl/workbook.xml", sheet_take, NULL, NULL);
    if (result >= 0 && list->sheets.count == 0) {
        list->sheets.count = 1;
        (void)snprintf(list->sheets.path[0], WORKBOOK_PATH_SIZE, "xl/worksheets/sheet1.xml");
    }
    if (result >= 0)
        *out = list->sheets;
    free(list);
    return result < 0 ? result : 0;
}
