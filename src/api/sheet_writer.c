#include "api/sheet_writer.h"

#include <stdio.h>
#include <string.h>

#include "base/decimal.h"
#include "base/text.h"

#define TEXT_PIECE 65536                 /* XML is packed in pieces of this size */
#define BUFFER_LIMIT (8u * 1024 * 1024)
#define EXCEL_DAY_1970 25569             /* 1899-12-30 is day 0 */
#define DAY_S 86400

/* Cell styles, by their place in cellXfs below. */
enum { STYLE_DAY = 2, STYLE_TIME = 3 };

static const char styles[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
    "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">"
    "<numFmts count=\"2\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/>"
    "<numFmt numFmtId=\"165\" formatCode=\"yyyy\\-mm\\-dd\\ hh:mm:ss\"/></numFmts>"
    "<fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font>"
    "<font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>"
    "<fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills>"
    "<borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
    "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>"
    "<cellXfs count=\"4\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>"
    "<xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/>"
    "<xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>"
    "<xf numFmtId=\"165\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/></cellXfs>"
    "<cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles>"
    "</styleSheet>";
static const char package[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\""
    " Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/>"
    "</Relationships>";
static const char sheet_head[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
    "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetViews><sheetView workbookViewId=\"0\">"
    "<pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews>"
    "<sheetFormatPr defaultRowHeight=\"15\" defaultColWidth=\"20\"/><sheetData>";
static const char sheet_tail[] = "</sheetData></worksheet>";

static void text_pack(struct sheet_writer *sheet)
{
    zip_entry_write(&sheet->zip, sheet->text.bytes, sheet->text.size);
    json_writer_reset(&sheet->text);
}

static void literal_put(struct sheet_writer *sheet, const char *literal)
{
    json_append_text(&sheet->text, literal);
}

/* Text between tags. Control characters and code points that are no characters have no place in XML 1.0, nor have bytes that
 * are no UTF-8. */
static void escaped_append(struct json_writer *out, struct span text)
{
    size_t hidden;

    if (text_utf8_check(text) < 0) {
        json_append(out, "?", 1);
        return;
    }
    for (size_t i = 0; i < text.size; i += hidden > 0 ? hidden : 1) {
        uint8_t byte = text.bytes[i];
        hidden = (byte & 0xC0) != 0x80 ? text_unprintable_at(text, i) : 0;
        if (byte == '<')
            json_append(out, "&lt;", 4);
        else if (byte == '>')
            json_append(out, "&gt;", 4);
        else if (byte == '&')
            json_append(out, "&amp;", 5);
        else
            json_append(out, hidden == 0 ? (const void *)&byte : " ", 1);
    }
}

static void cell_append(struct json_writer *out, struct span text, const char *style)
{
    if (text.size == 0) {
        json_append_text(out, "<c/>");
        return;
    }
    json_append_text(out, "<c t=\"inlineStr\"");
    json_append_text(out, style);
    json_append_text(out, "><is><t xml:space=\"preserve\">");
    escaped_append(out, text);
    json_append_text(out, "</t></is></c>");
}

void sheet_text_of(struct json_writer *out, struct span text)
{
    cell_append(out, text, "");
}

static void titles_put(struct sheet_writer *sheet)
{
    literal_put(sheet, "<row>");
    for (size_t i = 0; i < sheet->column_count; i++)
        cell_append(&sheet->text, span_of_text(sheet->titles[i]), " s=\"1\"");
    literal_put(sheet, "</row>");
}

static void sheet_open(struct sheet_writer *sheet)
{
    char name[ZIP_NAME_LIMIT];

    if (sheet->sheet_count == SHEET_LIMIT) {
        sheet->zip.failed = true;
        return;
    }
    sheet->sheet_count++;
    sheet->rows = 0;
    sheet->open = true;
    (void)snprintf(name, sizeof name, "xl/worksheets/sheet%d.xml", sheet->sheet_count);
    zip_entry_begin(&sheet->zip, name);
    literal_put(sheet, sheet_head);
    titles_put(sheet);
    text_pack(sheet);
}

static void sheet_close(struct sheet_writer *sheet)
{
    literal_put(sheet, sheet_tail);
    text_pack(sheet);
    zip_entry_end(&sheet->zip);
    sheet->open = false;
}

int sheet_writer_begin(struct sheet_writer *sheet, const char *name, const char *const titles[], size_t count)
{
    memset(sheet, 0, sizeof *sheet);
    if (count > SHEET_COLUMN_LIMIT || zip_stream_begin(&sheet->zip, &sheet->out) != 0)
        return -1;
    sheet->out = json_writer_make(BUFFER_LIMIT);
    sheet->text = json_writer_make(BUFFER_LIMIT);
    sheet->name = name;
    sheet->column_count = count;
    if (count > 0)
        memcpy(sheet->titles, titles, count * sizeof titles[0]);
    sheet_open(sheet);
    return 0;
}

void sheet_row_begin(struct sheet_writer *sheet)
{
    if (sheet->rows == SHEET_ROW_LIMIT) {
        sheet_close(sheet);
        sheet_open(sheet);
    }
    sheet->rows++;
    literal_put(sheet, "<row>");
}

void sheet_row_end(struct sheet_writer *sheet)
{
    literal_put(sheet, "</row>");
    if (sheet->text.size >= TEXT_PIECE)
        text_pack(sheet);
}

void sheet_cell_empty(struct sheet_writer *sheet)
{
    literal_put(sheet, "<c/>");
}

void sheet_cell_text(struct sheet_writer *sheet, struct span text)
{
    cell_append(&sheet->text, text, "");
}

void sheet_cell_title(struct sheet_writer *sheet, struct span text)
{
    cell_append(&sheet->text, text, " s=\"1\"");
}

void sheet_cells_raw(struct sheet_writer *sheet, struct span cells)
{
    json_append(&sheet->text, cells.bytes, cells.size);
}

void sheet_cell_number(struct sheet_writer *sheet, int64_t value, int scale)
{
    char text[DECIMAL_TEXT_LIMIT];

    if (decimal_format(value, scale, true, text, sizeof text) <= 0) {
        sheet_cell_empty(sheet);
        return;
    }
    literal_put(sheet, "<c><v>");
    literal_put(sheet, text);
    literal_put(sheet, "</v></c>");
}

void sheet_cell_day(struct sheet_writer *sheet, int64_t day)
{
    char text[48];

    (void)snprintf(text, sizeof text, "<c s=\"%d\"><v>%lld</v></c>", STYLE_DAY, (long long)(day + EXCEL_DAY_1970));
    literal_put(sheet, text);
}

void sheet_cell_time(struct sheet_writer *sheet, int64_t local_s)
{
    int64_t second = local_s % DAY_S;
    char text[64];

    if (second < 0)
        second += DAY_S;
    /* Half a second more than it is: readers cut the fraction to whole seconds. */
    int64_t fraction_e10 = (second * INT64_C(10000000000) + DAY_S / 2) / DAY_S;
    (void)snprintf(text, sizeof text, "<c s=\"%d\"><v>%lld.%010lld</v></c>", STYLE_TIME,
        (long long)((local_s - second) / DAY_S + EXCEL_DAY_1970), (long long)fraction_e10);
    literal_put(sheet, text);
}

/* A part of the book: what was put into the text before, and its end. */
static void part_put(struct sheet_writer *sheet, const char *name, const char *end)
{
    zip_entry_begin(&sheet->zip, name);
    literal_put(sheet, end);
    text_pack(sheet);
    zip_entry_end(&sheet->zip);
}

static void numbered_put(struct sheet_writer *sheet, const char *before, int number, const char *after)
{
    char text[16];

    (void)snprintf(text, sizeof text, "%d", number);
    literal_put(sheet, before);
    literal_put(sheet, text);
    literal_put(sheet, after);
}

static void types_put(struct sheet_writer *sheet)
{
    literal_put(sheet,
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
        "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
        "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
        "<Override PartName=\"/xl/workbook.xml\""
        " ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>"
        "<Override PartName=\"/xl/styles.xml\""
        " ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/>");
    for (int i = 1; i <= sheet->sheet_count; i++)
        numbered_put(sheet, "<Override PartName=\"/xl/worksheets/sheet", i,
            ".xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>");
    part_put(sheet, "[Content_Types].xml", "</Types>");
}

static void relations_put(struct sheet_writer *sheet)
{
    literal_put(sheet,
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
        "<Relationship Id=\"rIdStyles\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\""
        " Target=\"styles.xml\"/>");
    for (int i = 1; i <= sheet->sheet_count; i++) {
        numbered_put(sheet, "<Relationship Id=\"rId", i,
            "\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\"");
        numbered_put(sheet, " Target=\"worksheets/sheet", i, ".xml\"/>");
    }
    part_put(sheet, "xl/_rels/workbook.xml.rels", "</Relationships>");
}

static void workbook_put(struct sheet_writer *sheet)
{
    literal_put(sheet,
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
        "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
        " xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>");
    for (int i = 1; i <= sheet->sheet_count; i++) {
        literal_put(sheet, "<sheet name=\"");
        escaped_append(&sheet->text, span_of_text(sheet->name));
        if (i > 1)
            numbered_put(sheet, " ", i, "");
        numbered_put(sheet, "\" sheetId=\"", i, "\"");
        numbered_put(sheet, " r:id=\"rId", i, "\"/>");
    }
    part_put(sheet, "xl/workbook.xml", "</sheets></workbook>");
}

void sheet_writer_end(struct sheet_writer *sheet)
{
    if (sheet->open)
        sheet_close(sheet);
    workbook_put(sheet);
    relations_put(sheet);
    part_put(sheet, "xl/styles.xml", styles);
    part_put(sheet, "_rels/.rels", package);
    types_put(sheet);
    zip_stream_end(&sheet->zip);
}

bool sheet_writer_failed(const struct sheet_writer *sheet)
{
    return sheet->zip.failed || sheet->out.failed || sheet->text.failed;
}

void sheet_writer_free(struct sheet_writer *sheet)
{
    zip_stream_free(&sheet->zip);
    json_writer_free(&sheet->out);
    json_writer_free(&sheet->text);
}
