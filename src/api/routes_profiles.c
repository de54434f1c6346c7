#include "api/handlers.h"
#include "api/route.h"

static const struct api_route rows[] = {
    { .method = "GET", .path = "/profiles", .tag = "profiles", .permission = PERMISSION_DEVICES_READ,
        .handle = handle_profiles, .at_core = true, ROUTE_SUMMARY("List device models", "型号列表") },
    { .method = "GET", .path = "/profiles/{key}", .tag = "profiles", .permission = PERMISSION_DEVICES_READ,
        .handle = handle_profile, .at_core = true, ROUTE_SUMMARY("One device model with its points and commands", "型号详情") },
    { .method = "POST", .path = "/profiles/reload", .tag = "profiles", .permission = PERMISSION_SETTINGS_WRITE,
        .handle = handle_profiles_reload,
        ROUTE_SUMMARY("Read the files of device models anew; all of them or none", "重新读取型号文件, 全部正确才生效") },
};

const struct route_list routes_profiles = { rows, sizeof rows / sizeof rows[0] };
