#include "api/handlers.h"
#include "api/route.h"

#define PERSON_FIELDS(required_) \
    { .name = "display_name", .type = FIELD_TEXT, .required = required_, .minimum = 1, .maximum = 120, \
        FIELD_INTO(core_person, display_name), .present = CORE_PERSON_HAS_DISPLAY_NAME, .summary = "name" }, \
    { .name = "role", .type = FIELD_CHOICE, .required = required_, .choices = "administrator operator clerk viewer", \
        FIELD_INTO(core_person, role), .present = CORE_PERSON_HAS_ROLE, .summary = "what they may do" }, \
    { .name = "area_id", .type = FIELD_INTEGER, .required = required_, .minimum = 1, .maximum = INT32_MAX, \
        FIELD_INTO(core_person, area_id), .present = CORE_PERSON_HAS_AREA, \
        .summary = "jurisdiction: this area and all below" }, \
    { .name = "language", .type = FIELD_CHOICE, .choices = "zh en", FIELD_INTO(core_person, language), \
        .present = CORE_PERSON_HAS_LANGUAGE, .summary = "zh when absent" }, \
    { .name = "password", .type = FIELD_SECRET, .required = required_, .minimum = 1, .maximum = 128, \
        .present = CORE_PERSON_HAS_PASSWORD, .summary = "at least 10 characters" }

static const struct field list_fields[] = { FIELDS_OF_LIST };
static const struct field person_create_fields[] = {
    { .name = "login", .type = FIELD_TEXT, .required = true, .minimum = 2, .maximum = 32, FIELD_INTO(core_person, login),
        .summary = "lower-case letters, digits, dot, dash, underscore" },
    PERSON_FIELDS(true),
};
static const struct field person_change_fields[] = {
    PERSON_FIELDS(false),
    { .name = "disabled", .type = FIELD_BOOLEAN, FIELD_INTO(core_person, disabled), .present = CORE_PERSON_HAS_DISABLED,
        .summary = "true: may not sign in any more" },
};
static const struct field setting_fields[] = {
    { .name = "value", .type = FIELD_SCALAR, .required = true, .minimum = 0, .maximum = 255,
        FIELD_INTO(core_setting, value), .summary = "as text, in the setting's unit" },
};
static const struct field retention_fields[] = {
    { .name = "setting", .type = FIELD_CHOICE, .required = true,
        .choices = "daily_keep_days interval_keep_days register_keep_days frame_keep_days event_keep_days", .summary = "which retention" },
    { .name = "keep_days", .type = FIELD_INTEGER, .required = true, .minimum = 1, .maximum = 36500, .summary = "what it would be set to" },
};
static const struct field audit_fields[] = {
    FIELDS_OF_LIST,
    { .name = "action", .type = FIELD_TEXT, .minimum = 1, .maximum = 60, .summary = "only these" },
    { .name = "object_kind", .type = FIELD_TEXT, .minimum = 1, .maximum = 30, .summary = "only about these" },
    FIELD_ID("person_id", "only by this person"),
};

static const struct api_route rows[] = {
    { .method = "GET", .path = "/people", .tag = "people", .permission = PERMISSION_PEOPLE_WRITE, .handle = handle_list,
        ROUTE_FIELDS(list_fields), .view = VIEW_PEOPLE, ROUTE_SUMMARY("People who sign in", "用户列表") },
    { .method = "POST", .path = "/people", .tag = "people", .permission = PERMISSION_PEOPLE_WRITE, .handle = handle_write,
        ROUTE_FIELDS(person_create_fields), .operation = CORE_PERSON_CREATE, ROUTE_REQUEST(core_person),
        .prepare = person_prepare, .view = VIEW_PERSON, ROUTE_SUMMARY("Add a person", "新增用户") },
    { .method = "PATCH", .path = "/people/{id}", .tag = "people", .permission = PERMISSION_PEOPLE_WRITE,
        .handle = handle_write, ROUTE_FIELDS(person_change_fields), .operation = CORE_PERSON_CHANGE,
        ROUTE_REQUEST(core_person), .prepare = person_prepare, .view = VIEW_PERSON,
        ROUTE_SUMMARY("Change a person", "修改用户") },
    { .method = "GET", .path = "/settings", .tag = "people", .permission = PERMISSION_SIGNED_IN,
        .handle = handle_settings, ROUTE_SUMMARY("Settings of the organisation", "设置") },
    { .method = "PUT", .path = "/settings/{key}", .tag = "people", .permission = PERMISSION_SETTINGS_WRITE,
        .handle = handle_setting_put, ROUTE_FIELDS(setting_fields), ROUTE_SUMMARY("Change a setting", "修改设置") },
    { .method = "GET", .path = "/retention-loss", .tag = "people", .permission = PERMISSION_SETTINGS_WRITE,
        .handle = handle_retention_loss, ROUTE_FIELDS(retention_fields),
        ROUTE_SUMMARY("What a shorter retention would remove for good", "缩短保留天数将删除的数据") },
    { .method = "GET", .path = "/folding", .tag = "people", .permission = PERMISSION_SIGNED_IN, .handle = handle_list,
        .view = VIEW_FOLDING, ROUTE_SUMMARY("How far old readings are packed", "历史读数归并进度") },
    { .method = "GET", .path = "/audit", .tag = "people", .permission = PERMISSION_AUDIT_READ, .handle = handle_list,
        ROUTE_FIELDS(audit_fields), .view = VIEW_AUDIT, ROUTE_SUMMARY("Who did what, when", "操作留痕") },
};

const struct route_list routes_people = { rows, sizeof rows / sizeof rows[0] };
