#include "api/handlers.h"
#include "api/route.h"
#include "api/session.h"

static const struct field sign_in_fields[] = {
    { .name = "login", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = 63, .summary = "sign-in name" },
    { .name = "password", .type = FIELD_SECRET, .required = true, .minimum = 1, .maximum = 128, .summary = "password" },
    { .name = "bearer", .type = FIELD_BOOLEAN,
        .summary = "true: answer with a token for the Authorization header instead of a cookie" },
};

static const struct field demo_session_fields[] = {
    { .name = "role", .type = FIELD_CHOICE, .required = true, .choices = "administrator operator clerk viewer",
        .summary = "whose eyes to look through" },
};

static const struct field demo_speed_fields[] = {
    { .name = "speed", .type = FIELD_INTEGER, .required = true, .minimum = 0, .maximum = 4320,
        .summary = "0 pause, 1, 60 or 4320" },
};

static const struct api_route rows[] = {
    { .method = "POST", .path = "/session", .tag = "session", .permission = ROUTE_PUBLIC, .handle = handle_session_open,
        ROUTE_FIELDS(sign_in_fields), ROUTE_SUMMARY("Sign in", "登录") },
    { .method = "GET", .path = "/session", .tag = "session", .permission = PERMISSION_SIGNED_IN,
        .handle = handle_session_read, ROUTE_SUMMARY("Who is signed in", "当前会话") },
    { .method = "DELETE", .path = "/session", .tag = "session", .permission = PERMISSION_SIGNED_IN,
        .handle = handle_session_close, ROUTE_SUMMARY("Sign out", "退出登录") },
    { .method = "GET", .path = "/clock", .tag = "session", .permission = ROUTE_PUBLIC, .handle = handle_clock,
        ROUTE_SUMMARY("The platform's clock", "平台时钟") },
    { .method = "GET", .path = "/district", .tag = "session", .permission = ROUTE_PUBLIC, .handle = handle_district,
        ROUTE_SUMMARY("Which district this is, and the others that are served below the same address",
            "本系统所属分区, 以及同一地址下的其他分区") },
    { .method = "GET", .path = "/demo", .tag = "demo", .permission = ROUTE_PUBLIC, .handle = handle_demo,
        ROUTE_SUMMARY("State of the demonstration; 404 on a real server", "演示状态; 正式服务器返回 404") },
    { .method = "POST", .path = "/demo/session", .tag = "demo", .permission = ROUTE_PUBLIC,
        .handle = handle_demo_session_open, ROUTE_FIELDS(demo_session_fields),
        ROUTE_SUMMARY("Sign in by role, in a demonstration only", "按角色登录(仅演示)") },
    { .method = "POST", .path = "/demo/speed", .tag = "demo", .permission = PERMISSION_SIGNED_IN,
        .handle = handle_demo_speed, ROUTE_FIELDS(demo_speed_fields),
        ROUTE_SUMMARY("Set the speed of the demonstration's clock", "设置演示时钟速度") },
};

const struct route_list routes_session = { rows, sizeof rows / sizeof rows[0] };
