/* Templates: how a document looks, as lines of text that an operator can change.
 *
 * One element a line: its word, its options, and after a colon what it shows. {name} stands for a value of the kind's list
 * (document_kind.h), {{ for a brace. Empty lines and lines that begin with # say nothing.
 *
 *   page 80 auto margin 4            width and height in mm (20 to 420; the height may be `auto`: as long as needed);
 *                                    margin at the sides, and another at top and bottom when a second number follows
 *   font 9                           usual size in points (5 to 72); page and font stand before everything else
 *   text center bold size 14 : ...   a paragraph; left, center or right
 *   row widths 1 2 : ... | ...       cells beside one another; `align left right` one word a cell
 *   rule thick                       a line across; thin when nothing is said, or dashed
 *   space 3                          mm
 *   qr center size 25 : ...          a QR code, edge in mm (10 to 80); nothing when what it holds is empty
 *   bars size 10 : ...               a bar code (Code 128) as wide as there is room, height in mm (5 to 40); likewise
 *   if name / unless name ... end    only when the value is there, or is not
 *   table list grid widths 3 1 ... end   one row for each row of a list, between its two lines:
 *     head : ... | ...               again on every page
 *     each : {item} | {amount}
 *   sheet list columns 3 height 37 grid ... end   a field for each row of a list, beside and below one another, 1 to 10
 *                                    columns, height in mm (10 to 400); inside it all elements but table, sheet and foot,
 *                                    and `qr beside ...`: what follows stands next to the code
 *   foot right : {page}/{pages}      at the bottom of every page
 *
 * A parsed template points into its source. */
#ifndef DOCUMENT_DOCUMENT_TEMPLATE_H
#define DOCUMENT_DOCUMENT_TEMPLATE_H

#include <stdint.h>

#include "document/document_error.h"
#include "document/document_kind.h"

#define DOCUMENT_TEMPLATE_SIZE_LIMIT 32768
#define DOCUMENT_TEMPLATE_LINE_LIMIT 400
#define DOCUMENT_CELL_LIMIT 8
#define DOCUMENT_NESTING_LIMIT 4

enum document_element_kind {
    DOCUMENT_ELEMENT_TEXT = 1,
    DOCUMENT_ELEMENT_ROW,
    DOCUMENT_ELEMENT_RULE,
    DOCUMENT_ELEMENT_SPACE,
    DOCUMENT_ELEMENT_QR,
    DOCUMENT_ELEMENT_BARS,
    DOCUMENT_ELEMENT_IF,
    DOCUMENT_ELEMENT_UNLESS,
    DOCUMENT_ELEMENT_TABLE,
    DOCUMENT_ELEMENT_HEAD,
    DOCUMENT_ELEMENT_EACH,
    DOCUMENT_ELEMENT_SHEET,
    DOCUMENT_ELEMENT_END,
    DOCUMENT_ELEMENT_FOOT,
    DOCUMENT_ELEMENT_PAGE,
    DOCUMENT_ELEMENT_FONT
};

enum document_align { DOCUMENT_LEFT = 0, DOCUMENT_CENTER, DOCUMENT_RIGHT };

struct document_cell {
    struct span text;           /* with its placeholders */
    uint16_t width;             /* share of the line; 1 when nothing was said */
    uint8_t align;              /* enum document_align */
};

struct document_element {
    uint8_t kind;               /* enum document_element_kind */
    bool bold;
    bool grid;                  /* of a table or sheet: lines around the cells */
    bool beside;                /* of a qr: what follows stands next to it */
    bool thick;
    bool dashed;
    uint8_t align;              /* enum document_align */
    uint8_t cell_count;
    uint8_t columns;            /* of a sheet */
    int32_t line;
    int32_t size_e2;            /* pt of words, mm of space, codes and the height of a sheet's fields, in hundredths; 0: usual */
    int32_t end;                /* of if, unless, table, sheet: index of the `end` */
    struct span name;           /* of if and unless a value, of a table or sheet a list */
    struct document_cell cells[DOCUMENT_CELL_LIMIT];
};

struct document_template {
    enum document_kind kind;
    int32_t width_e2;           /* mm x 100 */
    int32_t height_e2;          /* 0: auto */
    int32_t margin_e2;          /* at the sides */
    int32_t margin_top_e2;      /* at top and bottom; -1: as at the sides */
    int32_t font_e2;            /* pt x 100 */
    int32_t foot;               /* index of the foot, -1 none */
    int32_t count;
    struct document_element elements[DOCUMENT_TEMPLATE_LINE_LIMIT];
};

/* Parse and check a template of a kind: elements, options, numbers, names, ends.
 * text     lives as long as *template
 * template large (some 100 KiB): from the heap; undefined after a failure
 * returns  0; DOCUMENT_ERR_* with *problem saying line, what, and what to do */
int document_template_parse(struct document_template *template, enum document_kind kind, struct span text,
    struct document_problem *problem);

/* The next piece of a text with placeholders, checked before: plain text, or the name of a value.
 * rest     moves behind the piece
 * returns  false at the end */
bool document_piece_next(struct span *rest, struct span *piece, bool *is_name);

#endif
