#include "document/document_render.h"

#include <stdlib.h>
#include <string.h>

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "document/layout.h"

#define ROLL_HEIGHT_MINIMUM 85.0    /* points: printers do not cut shorter slips */
#define ROLL_HEIGHT_LIMIT 14400.0   /* points: what PDF readers accept, 200 inches */

/* Bytes that grow up to the bound. */
struct sink {
    struct document_bytes out;
    size_t capacity;
};

static cairo_status_t sink_write(void *context, const unsigned char *bytes, unsigned size)
{
    struct sink *sink = context;

    if (size > DOCUMENT_OUTPUT_LIMIT - sink->out.size)
        return CAIRO_STATUS_WRITE_ERROR;
    if (sink->out.size + size > sink->capacity) {
        size_t capacity = sink->capacity == 0 ? 65536 : sink->capacity;
        while (capacity < sink->out.size + size)
            capacity *= 2;
        uint8_t *larger = realloc(sink->out.bytes, capacity);
        if (larger == NULL)
            return CAIRO_STATUS_NO_MEMORY;
        sink->out.bytes = larger;
        sink->capacity = capacity;
    }
    memcpy(sink->out.bytes + sink->out.size, bytes, size);
    sink->out.size += size;
    return CAIRO_STATUS_SUCCESS;
}

static int problem_of(const struct layout *layout, int error, struct document_problem *problem)
{
    return document_problem_set(problem, error, layout->line, "");
}

/* The first walk: how many pages, and how long a roll. */
static int measure(struct layout *layout, struct document_problem *problem)
{
    int result = layout_walk(layout);

    if (result < 0)
        return problem_of(layout, result, problem);
    layout->pages = layout->page;
    if (layout->height > 0)
        return 0;
    double height = layout->y + layout->foot_height + layout->margin_top;
    if (height > ROLL_HEIGHT_LIMIT)
        return problem_of(layout, DOCUMENT_ERR_HEIGHT, problem);
    layout->height = height > ROLL_HEIGHT_MINIMUM ? height : ROLL_HEIGHT_MINIMUM;
    return 0;
}

static int open_and_measure(struct layout *layout, const struct document_request *request, int *pages,
    struct document_problem *problem)
{
    int result = layout_open(layout, request);

    if (result < 0)
        return problem_of(layout, result, problem);
    if (request->values->error != 0)
        return problem_of(layout, request->values->error, problem);
    result = measure(layout, problem);
    if (result == 0 && pages != NULL)
        *pages = layout->pages;
    return result;
}

static int pdf_page_end(struct layout *layout)
{
    cairo_show_page(layout->cairo);
    return cairo_status(layout->cairo) == CAIRO_STATUS_SUCCESS ? 0 : DOCUMENT_ERR_DRAWING;
}

/* The second walk, and what the surface says of it. */
static int draw(struct layout *layout, cairo_surface_t *surface, struct document_problem *problem)
{
    layout->cairo = cairo_create(surface);
    cairo_set_source_rgb(layout->cairo, 0, 0, 0);
    int result = layout_walk(layout);
    if (result == 0 && cairo_status(layout->cairo) != CAIRO_STATUS_SUCCESS)
        result = DOCUMENT_ERR_DRAWING;
    cairo_destroy(layout->cairo);
    return result < 0 ? problem_of(layout, result, problem) : 0;
}

/* A PDF that grows. */
struct document_pdf {
    struct sink sink;
    cairo_surface_t *surface;
};

/* The size of the first page is that of the first document's; cairo wants one before. */
struct document_pdf *document_pdf_open(const char *title, const char *made_at)
{
    struct document_pdf *pdf = calloc(1, sizeof *pdf);

    if (pdf == NULL)
        return NULL;
    pdf->surface = cairo_pdf_surface_create_for_stream(sink_write, &pdf->sink, ROLL_HEIGHT_MINIMUM, ROLL_HEIGHT_MINIMUM);
    cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_TITLE, title);
    cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_CREATE_DATE, made_at);
    return pdf;
}

int document_pdf_add(struct document_pdf *pdf, const struct document_request *request, int *pages,
    struct document_problem *problem)
{
    struct layout *layout = calloc(1, sizeof *layout);

    if (layout == NULL)
        return document_problem_set(problem, DOCUMENT_ERR_MEMORY, 0, "");
    int result = open_and_measure(layout, request, pages, problem);
    if (result == 0) {
        cairo_pdf_surface_set_size(pdf->surface, layout->width, layout->height);
        layout->page_end = pdf_page_end;
        result = draw(layout, pdf->surface, problem);
    }
    layout_close(layout);
    free(layout);
    return result;
}

int document_pdf_close(struct document_pdf *pdf, struct document_bytes *out, struct document_problem *problem)
{
    int result = 0;

    cairo_surface_finish(pdf->surface);
    if (cairo_surface_status(pdf->surface) != CAIRO_STATUS_SUCCESS && out != NULL)
        result = document_problem_set(problem, DOCUMENT_ERR_DRAWING, 0, "");
    cairo_surface_destroy(pdf->surface);
    if (out != NULL && result == 0)
        *out = pdf->sink.out;
    else
        free(pdf->sink.out.bytes);
    free(pdf);
    return result;
}

int document_pdf_render(const struct document_request *request, struct document_bytes *out, int *pages,
    struct document_problem *problem)
{
    struct document_pdf *pdf = document_pdf_open(request->title, request->made_at);

    if (pdf == NULL)
        return document_problem_set(problem, DOCUMENT_ERR_MEMORY, 0, "");
    int result = document_pdf_add(pdf, request, pages, problem);
    if (result < 0) {
        (void)document_pdf_close(pdf, NULL, NULL);
        return result;
    }
    return document_pdf_close(pdf, out, problem);
}

static cairo_surface_t *picture_surface(const struct layout *layout, int dots)
{
    double scale = dots / 72.0;
    double longer = layout->width > layout->height ? layout->width : layout->height;

    if (longer * scale > DOCUMENT_EDGE_LIMIT)
        scale = DOCUMENT_EDGE_LIMIT / longer;
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(layout->width * scale + 0.5),
        (int)(layout->height * scale + 0.5));
    cairo_surface_set_device_scale(surface, scale, scale);
    return surface;
}

static int picture_draw(struct layout *layout, int dots, struct sink *sink, struct document_problem *problem)
{
    cairo_surface_t *surface = picture_surface(layout, dots);
    cairo_t *paper = cairo_create(surface);

    cairo_set_source_rgb(paper, 1, 1, 1);
    cairo_paint(paper);
    cairo_destroy(paper);
    int result = draw(layout, surface, problem);
    if (result == 0 && cairo_surface_write_to_png_stream(surface, sink_write, sink) != CAIRO_STATUS_SUCCESS)
        result = problem_of(layout, DOCUMENT_ERR_DRAWING, problem);
    cairo_surface_destroy(surface);
    return result;
}

int document_picture_render(const struct document_request *request, int page, int dots, struct document_bytes *out,
    int *pages, struct document_problem *problem)
{
    struct sink sink = { .capacity = 0 };
    struct layout *layout = calloc(1, sizeof *layout);

    if (layout == NULL)
        return document_problem_set(problem, DOCUMENT_ERR_MEMORY, 0, "");
    int result = open_and_measure(layout, request, pages, problem);
    if (result == 0 && (page < 1 || page > layout->pages))
        result = document_problem_set(problem, DOCUMENT_ERR_PAGE, 0, "");
    layout->only_page = page;
    if (result == 0)
        result = picture_draw(layout, dots < DOCUMENT_DOTS_LIMIT ? dots : DOCUMENT_DOTS_LIMIT, &sink, problem);
    layout_close(layout);
    free(layout);
    if (result == 0)
        *out = sink.out;
    else
        free(sink.out.bytes);
    return result;
}
