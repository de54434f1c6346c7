#include "api/handlers.h"
#include "api/route.h"

static const struct field concentrator_list_fields[] = {
    FIELDS_OF_LIST,
    FIELD_QUERY,
    { .name = "connected", .type = FIELD_BOOLEAN, .summary = "true: only connected ones; false: only the others" },
    { .name = "archive", .type = FIELD_CHOICE, .choices = "unknown queued reading writing checking agreed differs failed",
        .summary = "only these by what is known of their archive" },
    { .name = "removed", .type = FIELD_BOOLEAN, .summary = "true: also those out of service" },
};

#define INTEGER(name_, member_, present_, minimum_, maximum_, summary_) \
    { .name = name_, .type = FIELD_INTEGER, .minimum = minimum_, .maximum = maximum_, FIELD_INTO(core_line, member_), \
        .present = CORE_LINE_HAS_##present_, .summary = summary_ }
#define TEXT(name_, member_, present_, maximum_, summary_) \
    { .name = name_, .type = FIELD_TEXT, .minimum = 0, .maximum = maximum_, FIELD_INTO(core_line, member_), \
        .present = CORE_LINE_HAS_##present_, .summary = summary_ }
#define LINE_CHANGEABLE(required_) \
    { .name = "area_id", .type = FIELD_INTEGER, .required = required_, .minimum = 1, .maximum = INT32_MAX, \
        FIELD_INTO(core_line, area_id), .present = CORE_LINE_HAS_AREA, .summary = "where it stands" }, \
    { .name = "address", .type = FIELD_TEXT, .required = required_, .minimum = 1, .maximum = 63, \
        FIELD_INTO(core_line, address), .present = CORE_LINE_HAS_ADDRESS, \
        .summary = "concentrator: four digits of region and five of the terminal's number; DTU: its registration packet;" \
            " serial: /dev/ttyS0; tcp: host:port" }, \
    { .name = "name", .type = FIELD_SCALAR, .minimum = 1, .maximum = 14, FIELD_INTO(core_line, name), \
        .present = CORE_LINE_HAS_NAME, .summary = "what people call it; the address when absent" }, \
    TEXT("room", room, ROOM, 63, "place in words"), TEXT("maker", maker, MAKER, 63, "maker"), \
    TEXT("profile", profile, PROFILE, 63, "model"), \
    INTEGER("baud", baud, BAUD, 300, 115200, "of a serial line"), \
    { .name = "parity", .type = FIELD_CHOICE, .choices = "even none odd", FIELD_INTO(core_line, parity), \
        .present = CORE_LINE_HAS_PARITY, .summary = "of a serial line; even when absent" }, \
    INTEGER("stop_bits", stop_bits, STOP_BITS, 1, 2, "of a serial line"), \
    INTEGER("heartbeat_interval_s", heartbeat_s, HEARTBEAT_S, 5, 86400, "silent for three of these it is lost; 60"), \
    TEXT("heartbeat", heartbeat, HEARTBEAT, 63, "a DTU's heartbeat packet"), \
    INTEGER("gap_ms", gap_ms, GAP, 0, 60000, "silence between two exchanges"), \
    INTEGER("answer_timeout_ms", answer_timeout_ms, ANSWER_TIMEOUT, 0, 600000, "of one exchange"), \
    INTEGER("meter_limit", meter_limit, METER_LIMIT, 1, 2040, "meters at most; 500"), \
    INTEGER("code_dlt645", code_dlt645, CODES, 1, 255, "what it calls DL/T 645-2007 in an archive entry; 30"), \
    INTEGER("code_dlt645_1997", code_dlt645_1997, CODES, 1, 255, "DL/T 645-1997; 1"), \
    INTEGER("code_cjt188", code_cjt188, CODES, 1, 255, "CJ/T 188; 40"), \
    { .name = "secret", .type = FIELD_SECRET, .minimum = 0, .maximum = 32, FIELD_INTO(core_line, secret), \
        .present = CORE_LINE_HAS_SECRET, \
        .summary = "4 or 32 hexadecimal digits (376.1 PW), 00: none is sent, empty: zeros; kept sealed and never shown" }

static const struct field line_create_fields[] = {
    LINE_CHANGEABLE(true),
    { .name = "kind", .type = FIELD_CHOICE, .choices = "concentrator dtu serial tcp", FIELD_INTO(core_line, kind),
        .summary = "concentrator when absent" },
};
static const struct field line_change_fields[] = {
    LINE_CHANGEABLE(false),
    { .name = "removed", .type = FIELD_BOOLEAN, FIELD_INTO(core_line, removed), .present = CORE_LINE_HAS_REMOVED,
        .summary = "true: take it out of service, when nothing hangs on it any more" },
};
static const struct field archive_list_fields[] = {
    FIELDS_OF_LIST,
    { .name = "state", .type = FIELD_CHOICE, .choices = "agreed missing wrong foreign", .summary = "only these" },
};
static const struct field topology_fields[] = {
    FIELDS_OF_LIST,
    { .name = "parent", .type = FIELD_INTEGER, .minimum = 1, .maximum = INT32_MAX,
        .summary = "what hangs on it; concentrators and lines when absent" },
};
static const struct field clock_list_fields[] = {
    FIELD_AREA,
    { .name = "worst", .type = FIELD_INTEGER, .minimum = 0, .maximum = INT32_MAX,
        .summary = "only errors of so many seconds and more" },
    { .name = "limit", .type = FIELD_INTEGER, .minimum = 1, .maximum = 200, .summary = "rows; 50 when absent" },
    { .name = "format", .type = FIELD_CHOICE, .choices = "json csv", .summary = "csv: as a spreadsheet's text" },
};
static const struct field area_sync_fields[] = {
    { .name = "area_id", .type = FIELD_INTEGER, .required = true, .minimum = 1, .maximum = INT32_MAX,
        FIELD_INTO(core_archive_sync, area_id), .summary = "all concentrators of this area and below" },
    { .name = "compare_only", .type = FIELD_BOOLEAN, FIELD_INTO(core_archive_sync, compare_only),
        .summary = "true: read and compare, write nothing" },
};
static const struct field reason_fields[] = {
    { .name = "reason", .type = FIELD_TEXT, .minimum = 0, .maximum = 255, FIELD_INTO(core_reason, reason),
        .summary = "why; kept with the act" },
};

static const struct field search_fields[] = {
    { .name = "profile", .type = FIELD_TEXT, .minimum = 0, .maximum = 63, FIELD_INTO(core_line_search, profile),
        .summary = "a model of the meters looked for: its language alone is tried; all when absent" },
    { .name = "reason", .type = FIELD_TEXT, .minimum = 0, .maximum = 255, FIELD_INTO(core_line_search, reason),
        .summary = "why; kept with the act" },
};

static const struct route_part archive_parts[] = { { "items", VIEW_CONCENTRATOR_ARCHIVE, true } };

static const struct api_route rows[] = {
    { .method = "GET", .path = "/concentrators", .tag = "lines", .permission = PERMISSION_DEVICES_READ, .handle = handle_list,
        ROUTE_FIELDS(concentrator_list_fields), .view = VIEW_CONCENTRATORS,
        ROUTE_SUMMARY("Concentrators and lines: connection, clock, archive, completeness of yesterday",
            "集中器与线路：状态、时钟、档案一致性、昨日完整率") },
    { .method = "POST", .path = "/concentrators", .tag = "lines", .permission = PERMISSION_DEVICES_WRITE,
        .handle = handle_write, .operation = CORE_LINE_CREATE, ROUTE_REQUEST(core_line), ROUTE_FIELDS(line_create_fields),
        .view = VIEW_CONCENTRATOR, .prepare = line_prepare,
        ROUTE_SUMMARY("Enter a concentrator or a line", "登记集中器或线路") },
    { .method = "GET", .path = "/concentrators/{id}", .tag = "lines", .permission = PERMISSION_DEVICES_READ,
        .handle = handle_document, .view = VIEW_CONCENTRATOR, ROUTE_SUMMARY("One concentrator or line", "集中器详情") },
    { .method = "PATCH", .path = "/concentrators/{id}", .tag = "lines", .permission = PERMISSION_DEVICES_WRITE,
        .handle = handle_write, .operation = CORE_LINE_CHANGE, ROUTE_REQUEST(core_line), ROUTE_FIELDS(line_change_fields),
        .view = VIEW_CONCENTRATOR, ROUTE_SUMMARY("Change a concentrator or line", "修改集中器或线路") },
    { .method = "POST", .path = "/concentrators/{id}/clock", .tag = "lines", .permission = PERMISSION_COMMANDS_WRITE,
        .handle = handle_write, .operation = CORE_LINE_CLOCK_SET, ROUTE_REQUEST(core_reason), ROUTE_FIELDS(reason_fields),
        .view = VIEW_COMMAND, ROUTE_SUMMARY("Set its clock; the answer is the command", "集中器对时") },
    { .method = "POST", .path = "/concentrators/{id}/search", .tag = "lines", .permission = PERMISSION_COMMANDS_WRITE,
        .handle = handle_write, .operation = CORE_LINE_SEARCH, ROUTE_REQUEST(core_line_search),
        ROUTE_FIELDS(search_fields), .view = VIEW_CONCENTRATOR,
        ROUTE_SUMMARY("Search the line for meters: M-Bus by secondary and primary address, DL/T 645 and CJ/T 188 by wild card",
            "搜索线路上的表计：M-Bus 二次与一次地址，645、188 通配地址") },
    { .method = "POST", .path = "/concentrators/{id}/search/cancel", .tag = "lines", .permission = PERMISSION_COMMANDS_WRITE,
        .handle = handle_write, .operation = CORE_LINE_SEARCH_CANCEL, ROUTE_REQUEST(core_reason),
        ROUTE_FIELDS(reason_fields), .view = VIEW_CONCENTRATOR,
        ROUTE_SUMMARY("End the search of the line; what it has found stays", "停止搜索，保留已找到的表计") },
    { .method = "GET", .path = "/concentrators/{id}/search", .tag = "lines", .permission = PERMISSION_DEVICES_READ,
        .handle = handle_line_found, .at_core = true, ROUTE_SUMMARY("What the last search of the line has found so far", "最近一次搜索的结果") },
    { .method = "GET", .path = "/concentrators/{id}/archive", .tag = "lines", .permission = PERMISSION_DEVICES_READ,
        .handle = handle_document, .view = VIEW_CONCENTRATOR_SYNC, ROUTE_PARTS(archive_parts),
        ROUTE_SUMMARY("Its archive beside ours: agreed, missing, wrong, foreign", "档案比对：一致、缺失、错误、多余") },
    { .method = "GET", .path = "/concentrators/{id}/archive/rows", .tag = "lines", .permission = PERMISSION_DEVICES_READ,
        .handle = handle_list, .view = VIEW_ARCHIVE_ROWS, ROUTE_FIELDS(archive_list_fields),
        ROUTE_SUMMARY("The rows of its archive, as a list", "档案比对明细") },
    { .method = "POST", .path = "/concentrators/{id}/archive/download", .tag = "lines",
        .permission = PERMISSION_COMMANDS_WRITE, .handle = handle_archive_sync, .operation = CORE_ARCHIVE_SYNC,
        ROUTE_REQUEST(core_archive_sync),
        ROUTE_SUMMARY("Make it hold our archive: only differences are written, then read back", "下发档案：只写差异并回读核对") },
    { .method = "POST", .path = "/concentrators/{id}/archive/compare", .tag = "lines",
        .permission = PERMISSION_COMMANDS_WRITE, .handle = handle_archive_compare, .operation = CORE_ARCHIVE_SYNC,
        ROUTE_REQUEST(core_archive_sync),
        ROUTE_SUMMARY("Read what it holds and compare, writing nothing", "读取并比对档案，不下发") },
    { .method = "POST", .path = "/archive/download", .tag = "lines", .permission = PERMISSION_COMMANDS_WRITE,
        .handle = handle_archive_sync, .operation = CORE_ARCHIVE_SYNC, ROUTE_REQUEST(core_archive_sync),
        ROUTE_FIELDS(area_sync_fields),
        ROUTE_SUMMARY("The same for all concentrators of an area", "下发片区内全部集中器的档案") },
    { .method = "GET", .path = "/strangers", .tag = "lines", .permission = PERMISSION_DEVICES_READ,
        .handle = handle_strangers, .at_core = true,
        ROUTE_SUMMARY("Concentrators and DTU that dialled in lately and are not in the archive",
            "近期拨入而未登记的集中器与 DTU") },
    { .method = "GET", .path = "/topology", .tag = "lines", .permission = PERMISSION_DEVICES_READ, .handle = handle_list,
        ROUTE_FIELDS(topology_fields), .view = VIEW_TOPOLOGY,
        ROUTE_SUMMARY("The tree of lines, collectors and meters, one level at a time", "线路拓扑，逐级展开") },
    { .method = "GET", .path = "/clocks", .tag = "lines", .permission = PERMISSION_DEVICES_READ, .handle = handle_list,
        ROUTE_FIELDS(clock_list_fields), .view = VIEW_CLOCKS,
        ROUTE_SUMMARY("Clocks that are wrong, the worst first", "时钟误差，由大到小") },
};

const struct route_list routes_lines = { rows, sizeof rows / sizeof rows[0] };
