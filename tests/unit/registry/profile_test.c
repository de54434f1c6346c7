#include "tests/unit/unit_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/meterworks/profile_vocabulary.h"
#include "base/text.h"
#include "base/uplink.h"
#include "codec/item/item_quantity.h"
#include "registry/packed_profiles.h"

#define TEXT_LIMIT 8192

/* A right profile; broken ones differ in one line. */
static const char *const right[] = {
    "profile: sample",                                                                                   /* 1 */
    "name: {zh: 样例, en: Sample}",                                                                      /* 2 */
    "kind: electricity",                                                                                 /* 3 */
    "codec: dlt645-2007",                                                                                /* 4 */
    "settings:",                                                                                         /* 5 */
    "  preamble: 2",                                                                                     /* 6 */
    "line: {baud: 9600, format: 8N1}",                                                                   /* 7 */
    "limits: {unit: kWh, integer_digits: 6, decimals: 2, day_maximum: 120.5}",                           /* 8 */
    "points:",                                                                                           /* 9 */
    "  - {quantity: energy_active_import, identifier: 00010000, unit: kWh, register: true}",             /* 10 */
    "  - {quantity: relay, identifier: 04000503, group: hourly}",                                        /* 11 */
    "commands:",                                                                                         /* 12 */
    "  - {command: close_valve, parameters: [password], confirm: {point: relay, equals: disconnected}}", /* 13 */
};

#define RIGHT_COUNT (sizeof right / sizeof right[0])

static void text_make(char text[TEXT_LIMIT], size_t line, const char *instead)
{
    struct writer out = writer_of_buffer(text, TEXT_LIMIT);

    for (size_t i = 0; i < RIGHT_COUNT; i++) {
        writer_text(&out, i + 1 == line ? instead : right[i]);
        writer_text(&out, "\n");
    }
    assert_false(out.overflow);
    (void)writer_terminate(&out);
}

static int sample_read(const char *text, struct device_profile *profile, struct profile_problems *problems)
{
    struct profile_vocabulary vocabulary = profile_vocabulary_make();

    memset(problems, 0, sizeof *problems);
    return profile_read(&vocabulary, span_of_text(text), "sample.yaml", "sample", profile, problems);
}

static void a_profile_is_read_whole(void **state)
{
    static struct device_profile profile;
    static struct profile_problems problems;
    char text[TEXT_LIMIT];

    (void)state;
    text_make(text, 0, NULL);
    assert_int_equal(sample_read(text, &profile, &problems), 0);
    assert_string_equal(profile.name, "sample");
    assert_string_equal(profile.words.zh, "样例");
    assert_int_equal(profile.kind, DEVICE_KIND_ELECTRICITY);
    assert_int_equal(profile.settings.preamble, 2);
    assert_int_equal(profile.settings.connect_code, 0x1C);
    assert_int_equal(profile.line.baud, 9600);
    assert_int_equal(profile.line.parity, 'N');
    assert_int_equal(profile.line.answer_timeout_ms, 1500);
    assert_int_equal(profile.limits.day_maximum, 12050);
    assert_int_equal(profile.limits.unit, ITEM_UNIT_KWH);
    assert_int_equal(profile.point_count, 2);
    assert_string_equal(profile.points[0].name, "energy_active_import");
    assert_int_equal(profile.points[0].identifier, 0x00010000);
    assert_int_equal(profile.points[0].is_register, 1);
    assert_int_equal(profile.points[1].quantity, ITEM_RELAY);
    assert_int_equal(profile.points[1].group, DEVICE_GROUP_HOURLY);
    assert_int_equal(profile.command_count, 1);
    assert_int_equal(profile.commands[0].command, DEVICE_COMMAND_CLOSE_VALVE);
    assert_int_equal(profile.commands[0].parameters, DEVICE_PARAMETER_PASSWORD);
    assert_int_equal(profile.commands[0].confirm_point, 1);
    assert_int_equal(profile.commands[0].confirm_value, 1);
    assert_int_equal(profile.commands[0].confirm_within_s, 30);
}

/* One line replaced; the first complaint, "line: words". */
struct broken {
    size_t line;
    const char *instead;
    const char *complaint;
};

static const struct broken broken_rows[] = {
    { 1, "profile: other", "1: profile: the file is called sample.yaml, so this must be sample" },
    { 1, "profile: Größe", "1: profile: \"Größe\" may hold a to z, 0 to 9, - and _ only" },
    { 1, "# profile: sample", "2: a profile needs profile" },
    { 2, "name: Sample", "2: a name is a mapping of keys and values" },
    { 2, "name: {zh: 样例}", "2: a name needs en" },
    { 2, "name: {zh: 样例, en: \"\"}", "2: en: the value is empty; write one or leave out the line" },
    { 2, "name: {zh: 样例, en: \"two\\nlines\"}", "2: en: write it in one line, without control characters" },
    { 2, "name: {zh: 样例, en: [a]}", "2: en: expected one value, found a list or a mapping" },
    { 3, "kind: electric", "3: kind: \"electric\" is not one of cold_water, hot_water, electricity, gas, heat" },
    { 3, "kind: heat",
      "10: point energy_active_import: a meter of kind heat has no energy_active_import that could be stored" },
    { 4, "codec: dlt645",
      "4: codec: \"dlt645\" is not one of dlt645-2007, dlt645-1997, cjt188, mbus, wmbus, lwm2m-water" },
    { 4, "codec: dlt645-1997",
      "10: point energy_active_import: codec dlt645-1997 needs an identifier of 4 hexadecimal digits" },
    { 4, "codec: mbus", "6: codec mbus has no setting preamble; leave out the line" },
    { 6, "  preamble: 17", "6: preamble: 17 is outside 0 to 16" },
    { 6, "  preamble: four", "6: preamble: \"four\" is no whole number; write it as 12 or 0x0C" },
    { 6, "  preamble: 1.5", "6: preamble: \"1.5\" is no whole number; write it as 12 or 0x0C" },
    { 6, "  preambel: 4",
      "6: unknown key \"preambel\" in settings; known: preamble, meter_type, identifier_order, password_level, "
      "operator, "
      "connect_code, permit_code, disconnect_code, relay_valid_s, layout, status_map, litre_decimals, "
      "address_function" },
    { 6, "  preamble: 4\n  preamble: 5", "7: preamble stands here for the second time; the first is in line 6" },
    { 7, "line: {baud: 2401}",
      "7: baud: \"2401\" is not one of 300, 600, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200" },
    { 7, "line: {format: 7E1}", "7: format: \"7E1\" is not one of 8E1, 8N1, 8O1, 8E2, 8N2, 8O2" },
    { 8, "limits: {unit: kWh, integer_digits: 6, decimals: 2, day_maximum: 1.234}",
      "8: day_maximum has more decimals than the register's 2" },
    { 8, "limits: {unit: kWh, integer_digits: 6, decimals: 2, day_maximum: -1}",
      "8: day_maximum: \"-1\" is no number above 0 with at most six decimals" },
    { 8, "limits: {unit: kilowatt, integer_digits: 6, decimals: 2}",
      "8: unit: \"kilowatt\" is unknown; docs/profiles.md lists the units" },
    { 9, "points: none\nmore:", "9: points: expected a list; begin each row with \"- \"" },
    { 10, "  - {quantity: energy_active_import, identifier: 00010000, unit: kWh}",
      "8: limits speak of a register: say `register: true` at one point" },
    { 10, "  - {quantity: energy_active_import, unit: kWh, register: true}",
      "10: point energy_active_import: codec dlt645-2007 needs an identifier of 8 hexadecimal digits" },
    { 10, "  - {quantity: energy_active_import, identifier: 0001000G, unit: kWh, register: true}",
      "10: identifier: \"0001000G\" is not one of 1 to 8 hexadecimal digits" },
    { 10, "  - {quantity: energy, identifier: 00010000, unit: m³, register: true}",
      "10: point energy: unit \"m³\" does not fit; possible: Wh, kWh, MWh, J, kJ, MJ, GJ" },
    { 10, "  - {quantity: energie, identifier: 00010000, unit: kWh, register: true}",
      "10: quantity: \"energie\" is unknown; docs/profiles.md lists the names" },
    { 11, "  - {quantity: relay, identifier: 04000503, name: energy_active_import}",
      "11: the name energy_active_import is taken by the point in line 10; give this one a `name`" },
    { 11, "  - {quantity: relay, identifier: 04000503, register: true}",
      "11: point relay: another point is the register already; only one can be" },
    { 11,
      "  - {quantity: status, identifier: 04000501, bit: 2, alarm: battery}\n"
      "  - {quantity: status, identifier: 04000502, bit: 2, alarm: magnet}",
      "12: point alarm_magnet: all alarms must stand in one answer of now, that of alarm_battery" },
    { 11, "  - {quantity: status, identifier: 04000501, bit: 64}", "11: bit: 64 is outside 0 to 63" },
    { 13, "  - {command: close_valve, confirm: {point: valve, equals: closed}}",
      "13: confirm: no point is called valve; add it under `points`" },
    { 13, "  - {command: close_valve, confirm: {point: relay, equals: off}}",
      "13: equals: \"off\" is not one of open, closed, connected, disconnected" },
    { 13, "  - {command: close_valve, confirm: {point: relay}}", "13: confirm needs equals" },
    { 13, "  - {command: shut}",
      "13: command: \"shut\" is not one of read, read_now, read_daily_freeze, read_monthly_freeze, read_address, "
      "open_valve, close_valve, permit_open, set_clock, freeze_now, recharge, write_address, "
      "keep_on, keep_on_cancel, clear_balance, write_steps, write_day_table, read_instant_freeze, read_clock, set_mode, "
      "read_load_record" },
    { 13, "  - {command: read_address}\n  - {command: recharge}\n  - {command: read}\n  - {command: read}",
      "16: command read stands in line 15 already" },
    { 13, "  - {command: read}\n  - {command: read}", "14: command read stands in line 13 already" },
    { 13, "  - {command: read, parameters: back}", "13: parameters: expected a list, as in [password, operator]" },
    { 12, "commands: []\nother: # gone", "12: commands: the list is empty; add a row or leave it out" },
    { 13, "  - {command: read\n",
      "15: not valid YAML: did not find expected ',' or '}', while parsing a flow mapping (column 1)" },
    { 12, "---\nprofile: second\ncommands:", "13: a second document begins here; one file holds one profile" },
    { 13, "  - [1, 2]", "13: a command is a mapping of keys and values" },
    { 13, "  - {[a]: 2}", "13: a key of a command must be a word" },
};

static void every_complaint_names_its_line(void **state)
{
    static struct device_profile profile;
    static struct profile_problems problems;

    (void)state;
    for (size_t i = 0; i < sizeof broken_rows / sizeof broken_rows[0]; i++) {
        char text[TEXT_LIMIT], said[PROFILE_PROBLEM_TEXT_LIMIT + 16];
        text_make(text, broken_rows[i].line, broken_rows[i].instead);
        memset(&profile, 0x5A, sizeof profile);
        assert_int_equal(sample_read(text, &profile, &problems), -1);
        assert_true(problems.count > 0);
        assert_string_equal(problems.rows[0].file, "sample.yaml");
        assert_true(problems.rows[0].text_zh[0] != '\0');
        assert_true(text_utf8_check(span_of_text(problems.rows[0].text_zh)) > 0);
        (void)snprintf(said, sizeof said, "%u: %s", (unsigned)problems.rows[0].line, problems.rows[0].text_en);
        assert_string_equal(said, broken_rows[i].complaint);
        assert_int_equal(profile.kind, 0x5A);
    }
}

static void all_complaints_come_at_once(void **state)
{
    static struct device_profile profile;
    static struct profile_problems problems;

    (void)state;
    assert_int_equal(sample_read("profile: sample\nkind: x\ncodec: y\npoints: z\n", &profile, &problems), -1);
    assert_int_equal(problems.count, 4); /* and the missing name */
}

static void an_empty_file_says_what_to_do(void **state)
{
    static struct device_profile profile;
    static struct profile_problems problems;

    (void)state;
    assert_int_equal(sample_read("# nothing\n", &profile, &problems), -1);
    assert_string_equal(problems.rows[0].text_en, "the file is empty; docs/profiles.md shows what to write");
}

static void too_many_points_are_refused(void **state)
{
    static struct device_profile profile;
    static struct profile_problems problems;
    static char text[PROFILE_FILE_SIZE_LIMIT + 2];
    struct writer out = writer_of_buffer(text, sizeof text);

    (void)state;
    writer_text(&out, "profile: sample\nname: {zh: a, en: b}\nkind: heat\ncodec: mbus\npoints:\n");
    for (unsigned i = 0; i <= DEVICE_PROFILE_POINT_LIMIT; i++)
        writer_format(&out, "  - {quantity: energy, unit: kWh, name: e%u}\n", i);
    assert_int_equal(sample_read(writer_terminate(&out), &profile, &problems), -1);
    assert_string_equal(problems.rows[0].text_en, "points: 97 rows, at most 96 are possible");
    memset(text, '#', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(sample_read(text, &profile, &problems), -1);
    assert_string_equal(problems.rows[0].text_en, "65537 bytes, a profile has at most 65536");
}

static void complaints_are_bounded(void **state)
{
    static struct device_profile profile;
    static struct profile_problems problems;
    static char text[TEXT_LIMIT];
    struct writer out = writer_of_buffer(text, sizeof text);

    (void)state;
    for (unsigned i = 0; i < 100; i++)
        writer_format(&out, "key%u: 1\n", i);
    assert_int_equal(sample_read(writer_terminate(&out), &profile, &problems), -1);
    assert_int_equal(profile_problems_kept(&problems), PROFILE_PROBLEM_LIMIT);
    assert_true(problems.count >= 100);
}

static void an_alias_that_holds_itself_ends(void **state)
{
    static struct device_profile profile;
    static struct profile_problems problems;

    (void)state;
    assert_int_equal(sample_read("&a {profile: *a, points: &b [*b, *a]}\n", &profile, &problems), -1);
}

static void packed_profiles_are_right(void **state)
{
    static struct profile_problems problems;
    struct profile_vocabulary vocabulary = profile_vocabulary_make();
    struct profile_set *set = profile_set_open();

    (void)state;
    assert_non_null(set);
    for (size_t i = 0; i < packed_profile_count; i++) {
        const struct packed_profile *packed = &packed_profiles[i];
        struct span text = span_of_bytes(packed->text, packed->size);
        (void)profile_set_add(set, &vocabulary, text, packed->name, packed->name, &problems);
    }
    assert_int_equal(problems.count, 0);
    assert_int_equal(set->count, packed_profile_count);
    for (size_t i = 1; i < set->count; i++)
        assert_true(strcmp(set->rows[i - 1]->profile.name, set->rows[i]->profile.name) < 0);
    assert_non_null(profile_set_find(set, span_of_text("nbiot-water-prepaid")));
    assert_null(profile_set_find(set, span_of_text("nbiot")));
    profile_set_close(set);
}

static void a_later_source_replaces(void **state)
{
    static struct profile_problems problems;
    struct profile_vocabulary vocabulary = profile_vocabulary_make();
    struct profile_set *set = profile_set_open();
    char text[TEXT_LIMIT];

    (void)state;
    text_make(text, 0, NULL);
    assert_int_equal(profile_set_add(set, &vocabulary, span_of_text(text), "a/sample.yaml", NULL, &problems), 0);
    text_make(text, 2, "name: {zh: 新, en: New}");
    assert_int_equal(profile_set_add(set, &vocabulary, span_of_text(text), "b/sample.yaml", NULL, &problems), 0);
    assert_int_equal(set->count, 1);
    const struct profile_set_row *row = profile_set_find(set, span_of_text("sample"));
    assert_string_equal(row->profile.words.en, "New");
    assert_string_equal(row->file, "b/sample.yaml");
    profile_set_close(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_profile_is_read_whole),         cmocka_unit_test(every_complaint_names_its_line),
        cmocka_unit_test(all_complaints_come_at_once),     cmocka_unit_test(an_empty_file_says_what_to_do),
        cmocka_unit_test(too_many_points_are_refused),     cmocka_unit_test(complaints_are_bounded),
        cmocka_unit_test(an_alias_that_holds_itself_ends), cmocka_unit_test(packed_profiles_are_right),
        cmocka_unit_test(a_later_source_replaces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
