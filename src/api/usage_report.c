#include "api/usage_report.h"

#include <string.h>

#include "base/calendar.h"
#include "base/text.h"
#include "base/writer.h"

#define HOUR_S 3600
#define MINUTE_DAYS_LIMIT 31
#define HOUR_DAYS_LIMIT 100
#define DAY_DAYS_LIMIT 400
#define MONTH_DAYS_LIMIT 3700
#define YEAR_DAYS_LIMIT 36600
#define RUNNING_DAYS 31 /* a meter that has told nothing for so long has no end of the running period */

static const char *const mark_names[USAGE_MARK_COUNT] = { "", "missing", "estimated", "doubted", "backward", "jump", "running" };

static const int64_t days_limits[] = {
    [USAGE_MINUTE] = MINUTE_DAYS_LIMIT, [USAGE_HOUR] = HOUR_DAYS_LIMIT, [USAGE_DAY] = DAY_DAYS_LIMIT,
    [USAGE_MONTH] = MONTH_DAYS_LIMIT,   [USAGE_YEAR] = YEAR_DAYS_LIMIT,
};

const char *usage_mark_name(enum usage_mark mark)
{
    return mark_names[mark];
}

/* The first day of the step after the one that begins on `day`. */
static int64_t day_next(enum usage_step step, int64_t day)
{
    if (step == USAGE_MONTH)
        return calendar_month_start_after(day, 1);
    return step == USAGE_YEAR ? calendar_month_start_after(day, 12) : day + 1;
}

static int64_t day_begin(enum usage_step step, int64_t day)
{
    if (step == USAGE_MONTH)
        return calendar_month_start(day);
    if (step != USAGE_YEAR)
        return day;
    return calendar_month_start_after(day, 1 - calendar_date_of_day(day).month);
}

static void days_list(struct usage_frame *frame, int64_t from_day, int64_t to_day, struct writer *text)
{
    for (int64_t day = day_begin(frame->step, from_day);; day = day_next(frame->step, day)) {
        writer_format(text, "%c%lld", text->size == 0 ? '[' : ',', (long long)day);
        if (frame->step >= USAGE_DAY)
            frame->boundaries[frame->boundary_count++] = calendar_midnight(day, frame->zone_offset_s);
        if (day > to_day)
            break;
    }
}

/* The period that began with the last boundary is not over. Its end is the newest midnight that a meter has told. */
static void running_list(struct usage_frame *frame, int64_t now_s, struct writer *text)
{
    int64_t begin_s = frame->boundaries[frame->boundary_count - 1];
    int64_t begin_day = calendar_local_day(begin_s, frame->zone_offset_s);
    int64_t today = calendar_local_day(now_s, frame->zone_offset_s);

    if (begin_day >= today)
        return;
    frame->running_from_s = begin_s;
    frame->running_to_s = calendar_midnight(today, frame->zone_offset_s);
    for (int64_t back = RUNNING_DAYS; back-- > 0;)
        if (today - back > begin_day)
            writer_format(text, ",%lld", (long long)(today - back));
}

int usage_frame_make(enum usage_step step, int64_t from_day, int64_t to_day, int32_t zone_offset_s, int64_t now_s,
                     struct usage_frame *frame)
{
    if (to_day < from_day || from_day < 0 || to_day - from_day >= days_limits[step] || to_day > YEAR_DAYS_LIMIT * 2)
        return -1;
    frame->step = step;
    frame->zone_offset_s = zone_offset_s;
    frame->boundary_count = 0;
    frame->running_from_s = 0;
    struct writer text = writer_of_buffer((uint8_t *)frame->days, sizeof frame->days - 2);
    days_list(frame, from_day, to_day, &text);
    frame->from_s = calendar_midnight(day_begin(step, from_day), zone_offset_s);
    frame->to_s = calendar_midnight(to_day + 1, zone_offset_s);
    for (int64_t time_s = frame->from_s; step == USAGE_HOUR && time_s <= frame->to_s; time_s += HOUR_S)
        frame->boundaries[frame->boundary_count++] = time_s;
    if (step >= USAGE_DAY)
        frame->to_s = frame->boundaries[frame->boundary_count - 1];
    size_t whole_count = frame->boundary_count;
    while (frame->boundary_count > 1 && frame->boundaries[frame->boundary_count - 1] > now_s)
        frame->boundary_count--;
    if (step >= USAGE_MONTH && frame->boundary_count < whole_count)
        running_list(frame, now_s, &text);
    memcpy(frame->days + text.size, "]", 2);
    return 0;
}

static const struct view_cell *cell_of(const struct view_row *row, const char *name)
{
    for (size_t i = 0; i < row->count; i++)
        if (strcmp(row->columns[i].name, name) == 0 && row->columns[i].kind != VIEW_KIND_CURSOR)
            return &row->cells[i];
    return &row->cells[0];
}

static void text_take(const struct view_row *row, const char *name, char *text, size_t capacity)
{
    struct span found = cell_of(row, name)->text;
    size_t size = text_utf8_check(found) < 0 ? 0 : text_utf8_cut(found, capacity - 1);

    if (size > 0)
        memcpy(text, found.bytes, size);
    text[size] = '\0';
}

void usage_meter_take(const struct view_row *row, struct usage_meter *meter)
{
    meter->device_id = cell_of(row, "device_id")->integer;
    meter->installed_s = cell_of(row, "installed_s")->integer;
    meter->removed_s = cell_of(row, "removed_s")->integer;
    meter->multiplier_e3 = cell_of(row, "multiplier_e3")->integer;
    meter->device = (struct registry_device){
        .register_modulus_value = cell_of(row, "register_modulus_value")->integer,
        .flow_limit_value_per_h = cell_of(row, "flow_limit_value_per_h")->integer,
    };
    text_take(row, "meter_number", meter->meter_number, sizeof meter->meter_number);
    text_take(row, "place", meter->place, sizeof meter->place);
    text_take(row, "device_kind", meter->kind, sizeof meter->kind);
}

/* One value of the dial, at an instant or a midnight. */
struct point {
    int64_t time_s;
    int64_t register_value;
    int64_t total_value;   /* of a midnight */
    int64_t multiplier_e3; /* of the growth that ends here */
    enum usage_mark mark;
    bool known;
};

struct walk {
    const struct usage_frame *frame;
    const struct usage_meter *meter;
    int (*take)(void *context, const struct usage_meter *meter, const struct usage_row *row);
    void *context;
    struct point last;    /* the newest one given, or that its boundary passed without a value */
    struct point newest;  /* of the running period */
    size_t next;          /* boundary that is waited for */
    bool any;             /* a value was seen */
};

/* Midnights have believed totals; between instants the dial itself is judged. */
static void usage_fill(const struct walk *walk, const struct point *from, const struct point *to, struct usage_row *row)
{
    if (!from->known || !to->known) {
        row->mark = USAGE_MISSING;
        return;
    }
    row->mark = to->mark != USAGE_GOOD ? to->mark : from->mark;
    if (walk->frame->step >= USAGE_DAY) {
        row->usage_value = to->total_value - from->total_value;
        row->usage_known = true;
        return;
    }
    enum reading_reason reason =
        reading_instants_judge(&walk->meter->device, from->register_value, from->time_s, to->register_value, to->time_s,
                               to->multiplier_e3, &row->usage_value);
    row->usage_known = reason == READING_BELIEVED;
    if (!row->usage_known)
        row->mark = reason == READING_JUMP ? USAGE_JUMP : USAGE_BACKWARD;
}

static int row_give(struct walk *walk, const struct point *to)
{
    struct usage_row row = { .from_s = walk->last.time_s, .to_s = to->time_s, .register_value = to->register_value,
                             .register_known = to->known,
                             .multiplier_e3 = to->known ? to->multiplier_e3 : walk->meter->multiplier_e3 };

    usage_fill(walk, &walk->last, to, &row);
    walk->last = *to;
    return walk->take(walk->context, walk->meter, &row);
}

/* Whether a meter was there in some of the time from the last boundary to this one. */
static bool meter_there(const struct walk *walk, int64_t to_s)
{
    return to_s > walk->meter->installed_s &&
           (walk->meter->removed_s == 0 || walk->last.time_s < walk->meter->removed_s);
}

static int boundary_pass(struct walk *walk, const struct point *point)
{
    int result = walk->next > 0 && meter_there(walk, point->time_s) ? row_give(walk, point) : 0;

    walk->last = *point;
    walk->next++;
    return result;
}

/* Boundaries without a value before this one are gaps that stay visible. */
static int boundaries_until(struct walk *walk, int64_t time_s)
{
    const struct usage_frame *frame = walk->frame;
    int result = 0;

    while (result == 0 && walk->next < frame->boundary_count && frame->boundaries[walk->next] < time_s) {
        struct point gap = { .time_s = frame->boundaries[walk->next] };
        result = boundary_pass(walk, &gap);
    }
    return result;
}

static int point_take(struct walk *walk, const struct point *point)
{
    const struct usage_frame *frame = walk->frame;

    walk->any = true;
    if (frame->running_from_s != 0 && point->time_s > frame->running_from_s) {
        walk->newest = *point;
        return 0;
    }
    if (frame->boundary_count == 0) {
        if (walk->last.known && walk->last.time_s == point->time_s)
            return 0;
        int result = walk->last.known ? row_give(walk, point) : 0;
        walk->last = *point;
        return result;
    }
    int result = boundaries_until(walk, point->time_s);
    if (result != 0 || walk->next >= frame->boundary_count || frame->boundaries[walk->next] != point->time_s)
        return result;
    return boundary_pass(walk, point);
}

/* What the running period has had so far; without a midnight in it, that it is missing. */
static int running_give(struct walk *walk)
{
    struct point end = walk->newest.known ? walk->newest : (struct point){ .time_s = walk->frame->running_to_s };

    if (walk->frame->running_from_s == 0 || !meter_there(walk, end.time_s))
        return 0;
    end.mark = end.known ? USAGE_RUNNING : USAGE_GOOD;
    return row_give(walk, &end);
}

/* time_s, register_value, scale_e3, quality; or day, register_value, total_value, multiplier_e3, quality. */
static int view_row_take(void *context, const struct view_row *row)
{
    struct walk *walk = context;
    const struct view_cell *cells = row->cells;
    struct point point = { .register_value = cells[1].integer, .known = true };

    if (walk->frame->step >= USAGE_DAY) {
        point.time_s = calendar_midnight(cells[0].integer, walk->frame->zone_offset_s);
        point.total_value = cells[2].integer;
        point.multiplier_e3 = cells[3].integer;
        point.mark = cells[4].integer == READING_ESTIMATED ? USAGE_ESTIMATED : USAGE_GOOD;
    } else {
        point.time_s = cells[0].integer;
        point.multiplier_e3 = cells[2].integer;
        point.mark = cells[3].integer != READING_REGISTER_GOOD ? USAGE_DOUBTED : USAGE_GOOD;
    }
    return point_take(walk, &point) < 0 ? -1 : 0;
}

int usage_rows_give(const struct view_store *views, struct view_query *query, struct parameters *parameters,
                    const struct usage_frame *frame, const struct usage_meter *meter,
                    int (*take)(void *context, const struct usage_meter *meter, const struct usage_row *row),
                    void *context)
{
    struct walk walk = { .frame = frame, .meter = meter, .take = take, .context = context };

    parameters_integer(parameters, "device_id", meter->device_id);
    parameters_text(parameters, "device_kind", span_of_text(meter->kind));
    parameters_text(parameters, "days", span_of_text(frame->days));
    parameters_integer(parameters, "from_s", frame->from_s);
    parameters_integer(parameters, "to_s", frame->to_s);
    parameters_integer(parameters, "step_s", frame->step == USAGE_HOUR ? HOUR_S : 1);
    query->view = frame->step >= USAGE_DAY ? VIEW_REPORT_MIDNIGHTS : VIEW_REPORT_INSTANTS;
    query->parameters = parameters->list;
    query->parameter_count = parameters->count;
    int result = views->read(views->context, query, view_row_take, &walk);
    if (result != 0 || !walk.any)
        return result;
    return boundaries_until(&walk, INT64_MAX) < 0 || running_give(&walk) < 0 ? -1 : 0;
}
