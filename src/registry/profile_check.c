/* What only the whole profile shows. */
#include <string.h>

#include "base/quantity.h"
#include "base/uplink.h"
#include "registry/profile_internal.h"

#define DECIMALS_READ 6 /* of day_maximum, see profile_read_decimal */

static const char *const phase_suffixes[] = { "", "_a", "_b", "_c", "_n" };

/* The name that a point without `name` gets. */
static void point_name_make(const struct profile_vocabulary *vocabulary, struct device_point *point)
{
    struct writer out = writer_of_buffer(point->name, sizeof point->name);

    if (point->alarm > 0)
        writer_format(&out, "alarm_%s", alarm_name((enum alarm)(point->alarm - 1)));
    else
        writer_text(&out, vocabulary->quantity_name(point->quantity));
    writer_text(&out, phase_suffixes[point->phase < 5 ? point->phase : 0]);
    if (point->tariff > 0)
        writer_format(&out, "_t%u", (unsigned)point->tariff);
    if (point->period == UPLINK_DAILY_FREEZE)
        writer_text(&out, "_daily");
    if (point->period == UPLINK_MONTHLY_FREEZE)
        writer_text(&out, "_monthly");
    if (point->period == DEVICE_PERIOD_INSTANT_FREEZE)
        writer_text(&out, "_instant");
    if (point->period == DEVICE_PERIOD_LOAD_RECORD)
        writer_text(&out, "_load");
    (void)writer_terminate(&out);
}

static void check_complain_name(struct profile_reader *reader, size_t index, size_t first)
{
    profile_problem_add(reader->problems, reader->file, reader->point_lines[index],
                        "the name %s is taken by the point in line %u; give this one a `name`",
                        "名称 %s 已用于第 %u 行的数据点，请另写 name", reader->profile.points[index].name,
                        (unsigned)reader->point_lines[first]);
}

static void names_check(struct profile_reader *reader)
{
    struct device_profile *profile = &reader->profile;

    for (size_t i = 0; i < profile->point_count; i++) {
        if (profile->points[i].name[0] == '\0')
            point_name_make(reader->vocabulary, &profile->points[i]);
        for (size_t j = 0; j < i; j++)
            if (strcmp(profile->points[i].name, profile->points[j].name) == 0) {
                check_complain_name(reader, i, j);
                break;
            }
    }
}

static void identifier_check(struct profile_reader *reader, const struct device_point *point, uint32_t line)
{
    uint8_t digits = reader->codec->identifier_digits;

    if (point->identifier_digits == digits)
        return;
    if (digits == 0)
        profile_problem_add(reader->problems, reader->file, line,
                            "point %s: codec %s has no identifiers to ask for; leave out `identifier`",
                            "数据点 %s：编解码器 %s 没有可请求的标识，请删除 identifier", point->name,
                            reader->codec->name);
    else
        profile_problem_add(reader->problems, reader->file, line,
                            "point %s: codec %s needs an identifier of %u hexadecimal digits",
                            "数据点 %s：编解码器 %s 需要 %u 位十六进制的 identifier", point->name, reader->codec->name,
                            (unsigned)digits);
}

static const char *unit_shown(const struct profile_vocabulary *vocabulary, int unit)
{
    const char *text = vocabulary->unit_text(unit);
    return text[0] != '\0' ? text : "none";
}

static void quantity_check(struct profile_reader *reader, const struct device_point *point, uint32_t line)
{
    const struct profile_vocabulary *vocabulary = reader->vocabulary;
    enum device_kind kind = (enum device_kind)reader->profile.kind;
    enum profile_point_fit fit = vocabulary->point_check(kind, point->quantity, point->unit);

    if (fit == PROFILE_POINT_QUANTITY_UNFIT)
        profile_problem_add(reader->problems, reader->file, line,
                            "point %s: a meter of kind %s has no %s that could be stored",
                            "数据点 %s：类型为 %s 的表没有可保存的 %s", point->name, profile_kind_name(kind),
                            vocabulary->quantity_name(point->quantity));
    if (fit == PROFILE_POINT_UNIT_UNFIT) {
        char list[128];
        struct writer units = writer_of_buffer(list, sizeof list);
        vocabulary->units_write(kind, point->quantity, &units);
        profile_problem_add(reader->problems, reader->file, line, "point %s: unit \"%s\" does not fit; possible: %s",
                            "数据点 %s：单位“%s”不适用，可用：%s", point->name, unit_shown(vocabulary, point->unit),
                            writer_terminate(&units));
    }
}

/* The state of all alarms is one value, so it must come from one answer. */
static void alarms_check(struct profile_reader *reader)
{
    const struct device_point *first = NULL;

    for (size_t i = 0; i < reader->profile.point_count; i++) {
        const struct device_point *point = &reader->profile.points[i];
        if (point->alarm == 0)
            continue;
        if (first == NULL)
            first = point;
        if (point->identifier == first->identifier && point->period == UPLINK_CURRENT)
            continue;
        profile_problem_add(reader->problems, reader->file, reader->point_lines[i],
                            "point %s: all alarms must stand in one answer of now, that of %s",
                            "数据点 %s：全部告警须在同一当前应答中，与 %s 相同", point->name, first->name);
    }
}

static void points_check(struct profile_reader *reader)
{
    const struct device_profile *profile = &reader->profile;
    size_t registers = 0;

    for (size_t i = 0; i < profile->point_count; i++) {
        identifier_check(reader, &profile->points[i], reader->point_lines[i]);
        if (profile->points[i].alarm == 0)
            quantity_check(reader, &profile->points[i], reader->point_lines[i]);
        if (profile->points[i].is_register && ++registers == 2)
            profile_problem_add(reader->problems, reader->file, reader->point_lines[i],
                                "point %s: another point is the register already; only one can be",
                                "数据点 %s：已有另一个数据点设为 register，只能有一个", profile->points[i].name);
    }
    if (registers == 0 && reader->limits_line != 0)
        profile_problem_add(reader->problems, reader->file, reader->limits_line,
                            "limits speak of a register: say `register: true` at one point",
                            "limits 针对累计寄存器：请在一个数据点写 register: true");
}

static void confirmation_check(struct profile_reader *reader, size_t index)
{
    struct device_profile *profile = &reader->profile;
    const char *name = reader->confirm_points[index];

    if (name[0] == '\0')
        return;
    for (size_t i = 0; i < profile->point_count; i++)
        if (strcmp(profile->points[i].name, name) == 0) {
            profile->commands[index].confirm_point = (uint16_t)i;
            return;
        }
    profile_problem_add(reader->problems, reader->file, reader->confirm_lines[index],
                        "confirm: no point is called %s; add it under `points`",
                        "confirm：没有名为 %s 的数据点，请在 points 中添加", name);
}

static void command_check(struct profile_reader *reader, size_t index)
{
    const struct device_profile_command *command = &reader->profile.commands[index];
    const char *name = profile_command_name((enum device_command_code)command->command);
    uint32_t line = reader->command_lines[index];

    if ((reader->codec->commands & (UINT32_C(1) << command->command)) == 0)
        profile_problem_add(reader->problems, reader->file, line, "codec %s cannot say %s; leave out the command",
                            "编解码器 %s 不支持命令 %s，请删除", reader->codec->name, name);
    for (size_t i = 0; i < index; i++)
        if (reader->profile.commands[i].command == command->command)
            profile_problem_add(reader->problems, reader->file, line, "command %s stands in line %u already",
                                "命令 %s 已在第 %u 行出现", name, (unsigned)reader->command_lines[i]);
}

/* day_maximum was read with six decimals; the register has fewer. */
static void limits_check(struct profile_reader *reader)
{
    struct device_profile_limits *limits = &reader->profile.limits;
    int64_t divisor = 1;

    for (int i = limits->decimals; i < DECIMALS_READ; i++)
        divisor *= 10;
    if (limits->day_maximum % divisor != 0)
        profile_problem_add(reader->problems, reader->file, reader->limits_line,
                            "day_maximum has more decimals than the register's %u",
                            "day_maximum 的小数位多于寄存器的 %u 位", (unsigned)limits->decimals);
    limits->day_maximum /= divisor;
}

void profile_check(struct profile_reader *reader)
{
    names_check(reader);
    points_check(reader);
    alarms_check(reader);
    limits_check(reader);
    for (size_t i = 0; i < reader->profile.command_count; i++) {
        command_check(reader, i);
        confirmation_check(reader, i);
    }
}
