#include "store/sql/registry_sql.h"

#include <stdlib.h>
#include <string.h>

#include "store/given_rows.h"
#include "store/statement_table.h"

#define GATHERED_LIMIT 512 /* devices that wait to be inserted by one statement */

enum {
    TENANTS,
    AREAS,
    DEVICES,
    DEVICE,
    TENANT_INSERT,
    AREA_INSERT,
    DEVICES_INSERT,
    DEVICE_UPDATE,
    METER_NUMBER_TAKEN,
    LINES,
    LINE,
    LINE_WRITE,
    ADDRESS_TAKEN,
    LINE_ADDRESS_TAKEN,
    STATEMENT_COUNT
};

#define DEVICE_COLUMNS \
    "device_id, tenant_id, area_id, coalesce(replaces_device_id, 0), imei, register_modulus_value, flow_limit_value_per_h," \
    " start_register_value, start_total_value, installed_s, coalesce(removed_s, 0), report_time_s, size_dn_mm, security," \
    " room, meter_number, maker, profile, kind, multiplier_e3, parent_device_id, line_device_id, measurement_point, port," \
    " ct_primary_a, ct_secondary_a, pt_primary_v, pt_secondary_v, address"

#define LINE_COLUMNS \
    "device_id, baud, heartbeat_s, gap_ms, answer_timeout_ms, meter_limit, kind, stop_bits, code_dlt645," \
    " code_dlt645_1997, code_cjt188, parity, heartbeat"

static const char *const texts[STATEMENT_COUNT] = {
    [TENANTS] = "SELECT tenant_id, zone_offset_s, created_s, name FROM tenant ORDER BY tenant_id",
    [AREAS] = "SELECT area_id, tenant_id, coalesce(parent_area_id, 0), kind, name, path FROM area ORDER BY area_id",
    [DEVICES] = "SELECT device_id, tenant_id, area_id, imei, register_modulus_value, flow_limit_value_per_h,"
                " start_register_value, start_total_value, installed_s, removed_s, report_time_s, size_dn_mm, security, kind,"
                " multiplier_e3, parent_device_id, line_device_id, measurement_point, port, ct_primary_a, ct_secondary_a"
                " FROM device WHERE device_id BETWEEN ? AND ? ORDER BY device_id",
    [DEVICE] = "SELECT " DEVICE_COLUMNS " FROM device WHERE device_id = ?",
    [TENANT_INSERT] = "INSERT INTO tenant (tenant_id, zone_offset_s, created_s, name) VALUES (?, ?, ?, ?)",
    [AREA_INSERT] = "INSERT INTO area (area_id, tenant_id, parent_area_id, kind, name, path)"
                    " VALUES (?, ?, nullif(?, 0), ?, ?, ?)",
    [DEVICES_INSERT] =
        "INSERT INTO device (device_id, tenant_id, area_id, replaces_device_id, imei, register_modulus_value,"
        " flow_limit_value_per_h, start_register_value, start_total_value, installed_s, removed_s, report_time_s, size_dn_mm,"
        " security, room, meter_number, maker, profile, kind, multiplier_e3, parent_device_id, line_device_id,"
        " measurement_point, port, ct_primary_a, ct_secondary_a, pt_primary_v, pt_secondary_v, address)"
        " SELECT v0, v1, v2, nullif(v3, 0), v4, v5, v6, v7, v8, v9, nullif(v10, 0), v11, v12, v13, v14, v15, v16, v17, v18, v19,"
        " v20, v21, v22, v23, v24, v25, v26, v27, v28 FROM given_rows(?1)",
    [DEVICE_UPDATE] =
        "UPDATE device SET tenant_id = ?2, area_id = ?3, replaces_device_id = nullif(?4, 0), imei = ?5,"
        " register_modulus_value = ?6, flow_limit_value_per_h = ?7, start_register_value = ?8, start_total_value = ?9,"
        " installed_s = ?10, removed_s = nullif(?11, 0), report_time_s = ?12, size_dn_mm = ?13, security = ?14,"
        " room = ?15, meter_number = ?16, maker = ?17, profile = ?18, kind = ?19, multiplier_e3 = ?20,"
        " parent_device_id = ?21, line_device_id = ?22, measurement_point = ?23, port = ?24, ct_primary_a = ?25,"
        " ct_secondary_a = ?26, pt_primary_v = ?27, pt_secondary_v = ?28, address = ?29 WHERE device_id = ?1",
    /* The last digits, so that any index that begins with the tenant leads to few: a server that planned it while there were no
     * devices takes the wrong one. */
    [METER_NUMBER_TAKEN] =
        "SELECT 1 FROM device WHERE tenant_id = ?1 AND meter_number = ?3 AND substr(meter_number, -4) = substr(?3, -4)"
        " AND device_id <> ?2",
    [LINES] = "SELECT " LINE_COLUMNS " FROM line ORDER BY device_id",
    [LINE] = "SELECT " LINE_COLUMNS " FROM line WHERE device_id = ?",
    [LINE_WRITE] = "INSERT OR REPLACE INTO line (" LINE_COLUMNS ")"
                   " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [ADDRESS_TAKEN] = "SELECT 1 FROM device WHERE address = ?3 AND address <> '' AND line_device_id = ?1"
                      " AND device_id NOT IN (?2, ?1) AND removed_s IS NULL LIMIT 1",
    [LINE_ADDRESS_TAKEN] = "SELECT 1 FROM device WHERE address = ?3 AND address <> '' AND line_device_id = device_id"
                           " AND device_id <> ?2 AND removed_s IS NULL LIMIT 1",
};

static const char *const area_kinds[] = {
    [AREA_COMPANY] = "company",
    [AREA_DISTRICT] = "district",
    [AREA_ESTATE] = "estate",
    [AREA_BUILDING] = "building",
};

static const char *const securities[] = {
    [DEVICE_SECURITY_PSK] = "psk",
    [DEVICE_SECURITY_PLAIN] = "plain",
};

/* A row of `device`, as far as the record says it otherwise. */
struct device_row {
    struct device_record record;
    int64_t imei;
    uint32_t measurement_point;
    uint32_t port;
    uint8_t security;
    uint8_t kind;
};

struct registry_sql {
    struct registry_store store;
    struct statement_table table;
    bool gathers;
    size_t gathered_count;
    struct device_row gathered[GATHERED_LIMIT];
};

/* The index of a text in a list whose index 0 is unused; 0 when it is not there. */
static uint32_t list_find(const char *const list[], size_t count, const char *text)
{
    for (uint32_t i = 1; i < count; i++)
        if (text && strcmp(list[i], text) == 0)
            return i;
    return 0;
}

static const char *column_text(struct statement *row, int column)
{
    return statement_text_at(row, column);
}

static int tenants_walk(void *context, int (*visit)(void *, const struct tenant_record *), void *visitor)
{
    struct registry_sql *sql = context;
    struct statement *rows = statement_take(&sql->table, TENANTS);
    int found;
    while ((found = statement_row(rows)) == 1) {
        struct tenant_record tenant = {
            .tenant_id = (uint32_t)statement_integer(rows, 0),
            .zone_offset_s = statement_int(rows, 1),
            .created_s = statement_integer(rows, 2),
        };
        statement_text(rows, 3, tenant.name, sizeof tenant.name);
        int answer = visit(visitor, &tenant);
        if (answer < 0) {
            statement_end(rows);
            return answer;
        }
    }
    return found;
}

static int areas_walk(void *context, int (*visit)(void *, const struct area_record *), void *visitor)
{
    struct registry_sql *sql = context;
    struct statement *rows = statement_take(&sql->table, AREAS);
    int found;
    while ((found = statement_row(rows)) == 1) {
        struct area_record area = {
            .area_id = (uint32_t)statement_integer(rows, 0),
            .tenant_id = (uint32_t)statement_integer(rows, 1),
            .parent_area_id = (uint32_t)statement_integer(rows, 2),
            .kind = list_find(area_kinds, sizeof area_kinds / sizeof area_kinds[0], column_text(rows, 3)),
        };
        statement_text(rows, 4, area.name, sizeof area.name);
        statement_text(rows, 5, area.path, sizeof area.path);
        int answer = visit(visitor, &area);
        if (answer < 0) {
            statement_end(rows);
            return answer;
        }
    }
    return found;
}

static void device_take(struct statement *row, struct device_record *device)
{
    *device = (struct device_record){
        .device_id = (uint32_t)statement_integer(row, 0),
        .tenant_id = (uint32_t)statement_integer(row, 1),
        .area_id = (uint32_t)statement_integer(row, 2),
        .replaces_device_id = (uint32_t)statement_integer(row, 3),
        .imei = statement_integer(row, 4) > 0 ? (uint64_t)statement_integer(row, 4) : 0,
        .register_modulus_value = statement_integer(row, 5),
        .flow_limit_value_per_h = statement_integer(row, 6),
        .start_register_value = statement_integer(row, 7),
        .start_total_value = statement_integer(row, 8),
        .installed_s = statement_integer(row, 9),
        .removed_s = statement_integer(row, 10),
        .report_time_s = statement_int(row, 11),
        .size_dn_mm = statement_int(row, 12),
        .security = list_find(securities, sizeof securities / sizeof securities[0], column_text(row, 13)),
        .kind = registry_kind_of_name(column_text(row, 18)),
        .multiplier_e3 = statement_integer(row, 19),
        .parent_device_id = (uint32_t)statement_integer(row, 20),
        .line_device_id = (uint32_t)statement_integer(row, 21),
        .measurement_point = (uint16_t)statement_int(row, 22),
        .port = (uint8_t)statement_int(row, 23),
        .ct_primary_a = statement_int(row, 24),
        .ct_secondary_a = statement_int(row, 25),
        .pt_primary_v = statement_int(row, 26),
        .pt_secondary_v = statement_int(row, 27),
    };
    statement_text(row, 28, device->address, sizeof device->address);
    statement_text(row, 14, device->room, sizeof device->room);
    statement_text(row, 15, device->meter_number, sizeof device->meter_number);
    statement_text(row, 16, device->maker, sizeof device->maker);
    statement_text(row, 17, device->profile, sizeof device->profile);
}

static int64_t imei_stored(const struct device_record *device)
{
    return device->imei != 0 ? (int64_t)device->imei : -(int64_t)device->device_id;
}

static void device_bind(struct statement *statement, const struct device_record *device)
{
    statement_bind_integers(statement,
                            (const int64_t[]){ device->device_id, device->tenant_id, device->area_id,
                                               device->replaces_device_id, imei_stored(device),
                                               device->register_modulus_value, device->flow_limit_value_per_h,
                                               device->start_register_value, device->start_total_value, device->installed_s,
                                               device->removed_s, device->report_time_s, device->size_dn_mm },
                            13);
    statement_bind_text(statement, 14, securities[device->security]);
    statement_bind_text(statement, 15, device->room);
    statement_bind_text(statement, 16, device->meter_number);
    statement_bind_text(statement, 17, device->maker);
    statement_bind_text(statement, 18, device->profile);
    statement_bind_text(statement, 19, registry_kind_name(device->kind));
    const int64_t places[] = { device->multiplier_e3, device->parent_device_id, device->line_device_id,
                               device->measurement_point, device->port, device->ct_primary_a, device->ct_secondary_a,
                               device->pt_primary_v, device->pt_secondary_v };
    for (int i = 0; i < (int)(sizeof places / sizeof places[0]); i++)
        statement_bind_integer(statement, 20 + i, places[i]);
    statement_bind_text(statement, 29, device->address);
}

/* Of all devices: what lies in memory of each. */
static void device_take_short(struct statement *row, struct device_record *device)
{
    int64_t imei = statement_integer(row, 3);
    *device = (struct device_record){
        .device_id = (uint32_t)statement_integer(row, 0),
        .tenant_id = (uint32_t)statement_integer(row, 1),
        .area_id = (uint32_t)statement_integer(row, 2),
        .imei = imei > 0 ? (uint64_t)imei : 0,
        .register_modulus_value = statement_integer(row, 4),
        .flow_limit_value_per_h = statement_integer(row, 5),
        .start_register_value = statement_integer(row, 6),
        .start_total_value = statement_integer(row, 7),
        .installed_s = statement_integer(row, 8),
        .removed_s = statement_integer(row, 9),
        .report_time_s = statement_int(row, 10),
        .size_dn_mm = statement_int(row, 11),
        .security = list_find(securities, sizeof securities / sizeof securities[0], column_text(row, 12)),
        .kind = registry_kind_of_name(column_text(row, 13)),
        .multiplier_e3 = statement_integer(row, 14),
        .parent_device_id = (uint32_t)statement_integer(row, 15),
        .line_device_id = (uint32_t)statement_integer(row, 16),
        .measurement_point = (uint16_t)statement_int(row, 17),
        .port = (uint8_t)statement_int(row, 18),
        .ct_primary_a = statement_int(row, 19),
        .ct_secondary_a = statement_int(row, 20),
    };
}

static int devices_walk(void *context, uint32_t first, uint32_t last, int (*visit)(void *, const struct device_record *),
                        void *visitor)
{
    struct registry_sql *sql = context;
    struct statement *rows = statement_take(&sql->table, DEVICES);
    int found;
    statement_bind_integers(rows, (const int64_t[]){ first, last }, 2);
    while ((found = statement_row(rows)) == 1) {
        struct device_record device;
        device_take_short(rows, &device);
        int answer = visit(visitor, &device);
        if (answer < 0) {
            statement_end(rows);
            return answer;
        }
    }
    return found;
}

static int tenant_insert(void *context, const struct tenant_record *row)
{
    struct registry_sql *sql = context;
    struct statement *insert = statement_take(&sql->table, TENANT_INSERT);
    statement_bind_integers(insert, (const int64_t[]){ row->tenant_id, row->zone_offset_s, row->created_s }, 3);
    statement_bind_text(insert, 4, row->name);
    int changed = statement_run(insert);
    return changed < 0 ? changed : 0;
}

static int area_insert(void *context, const struct area_record *row)
{
    struct registry_sql *sql = context;
    struct statement *insert = statement_take(&sql->table, AREA_INSERT);
    statement_bind_integers(insert, (const int64_t[]){ row->area_id, row->tenant_id, row->parent_area_id }, 3);
    statement_bind_text(insert, 4, area_kinds[row->kind]);
    statement_bind_text(insert, 5, row->name);
    statement_bind_text(insert, 6, row->path);
    int changed = statement_run(insert);
    return changed < 0 ? changed : 0;
}

static const char *security_name(int number)
{
    return securities[number];
}

static const char *kind_name(int number)
{
    return registry_kind_name((uint32_t)number);
}

#define OF_RECORD(member, type) { offsetof(struct device_row, record.member), type, NULL }
#define OF_ROW(member, type, name) { offsetof(struct device_row, member), type, name }

static const struct given_column device_columns[] = {
    OF_RECORD(device_id, GIVEN_UINT32),
    OF_RECORD(tenant_id, GIVEN_UINT32),
    OF_RECORD(area_id, GIVEN_UINT32),
    OF_RECORD(replaces_device_id, GIVEN_UINT32),
    OF_ROW(imei, GIVEN_INT64, NULL),
    OF_RECORD(register_modulus_value, GIVEN_INT64),
    OF_RECORD(flow_limit_value_per_h, GIVEN_INT64),
    OF_RECORD(start_register_value, GIVEN_INT64),
    OF_RECORD(start_total_value, GIVEN_INT64),
    OF_RECORD(installed_s, GIVEN_INT64),
    OF_RECORD(removed_s, GIVEN_INT64),
    OF_RECORD(report_time_s, GIVEN_INT32),
    OF_RECORD(size_dn_mm, GIVEN_INT32),
    OF_ROW(security, GIVEN_NAME, security_name),
    OF_RECORD(room, GIVEN_TEXT),
    OF_RECORD(meter_number, GIVEN_TEXT),
    OF_RECORD(maker, GIVEN_TEXT),
    OF_RECORD(profile, GIVEN_TEXT),
    OF_ROW(kind, GIVEN_NAME, kind_name),
    OF_RECORD(multiplier_e3, GIVEN_INT64),
    OF_RECORD(parent_device_id, GIVEN_UINT32),
    OF_RECORD(line_device_id, GIVEN_UINT32),
    OF_ROW(measurement_point, GIVEN_UINT32, NULL),
    OF_ROW(port, GIVEN_UINT32, NULL),
    OF_RECORD(ct_primary_a, GIVEN_INT32),
    OF_RECORD(ct_secondary_a, GIVEN_INT32),
    OF_RECORD(pt_primary_v, GIVEN_INT32),
    OF_RECORD(pt_secondary_v, GIVEN_INT32),
    OF_RECORD(address, GIVEN_TEXT),
};

static int devices_write(void *context)
{
    struct registry_sql *sql = context;
    struct given_rows rows = { sql->gathered, sizeof sql->gathered[0], sql->gathered_count, device_columns,
                               sizeof device_columns / sizeof device_columns[0] };

    if (rows.count == 0)
        return 0;
    struct statement *insert = statement_take(&sql->table, DEVICES_INSERT);
    given_rows_bind(insert, 1, &rows);
    int changed = statement_run(insert);
    sql->gathered_count = 0;
    if (changed < 0)
        return changed;
    return changed == (int)rows.count ? 0 : STORE_ERR_CONSTRAINT;
}

static void devices_gather(void *context, bool gather)
{
    struct registry_sql *sql = context;

    sql->gathers = gather;
    sql->gathered_count = 0;
}

static int device_insert(void *context, const struct device_record *row)
{
    struct registry_sql *sql = context;

    sql->gathered[sql->gathered_count++] = (struct device_row){
        .record = *row,
        .imei = imei_stored(row),
        .measurement_point = row->measurement_point,
        .port = row->port,
        .security = (uint8_t)row->security,
        .kind = (uint8_t)row->kind,
    };
    return sql->gathers && sql->gathered_count < GATHERED_LIMIT ? 0 : devices_write(sql);
}

static int device_update(void *context, const struct device_record *row)
{
    struct registry_sql *sql = context;
    int error = devices_write(sql);

    if (error != 0)
        return error;
    struct statement *update = statement_take(&sql->table, DEVICE_UPDATE);
    device_bind(update, row);
    int changed = statement_run(update);
    if (changed == 0)
        return STORE_ERR_CONSTRAINT;
    return changed < 0 ? changed : 0;
}

static int device_read(void *context, uint32_t device_id, struct device_record *row)
{
    struct registry_sql *sql = context;
    int error = devices_write(sql);
    if (error != 0)
        return error;
    struct statement *query = statement_take(&sql->table, DEVICE);
    statement_bind_integer(query, 1, device_id);
    int found = statement_row(query);
    if (found == 1) {
        device_take(query, row);
        statement_end(query);
    }
    return found;
}

static int meter_number_taken(void *context, uint32_t tenant_id, const char *meter_number, uint32_t except_device_id)
{
    struct registry_sql *sql = context;
    for (size_t i = 0; i < sql->gathered_count; i++) {
        const struct device_record *other = &sql->gathered[i].record;
        if (other->tenant_id == tenant_id && other->device_id != except_device_id && strcmp(other->meter_number, meter_number) == 0)
            return 1;
    }
    struct statement *query = statement_take(&sql->table, METER_NUMBER_TAKEN);
    statement_bind_integers(query, (const int64_t[]){ tenant_id, except_device_id }, 2);
    statement_bind_text(query, 3, meter_number);
    int found = statement_row(query);
    statement_end(query);
    return found;
}

static void line_take(struct statement *row, struct registry_line_record *line)
{
    const char *parity = column_text(row, 11);
    *line = (struct registry_line_record){
        .device_id = (uint32_t)statement_integer(row, 0),
        .baud = (uint32_t)statement_integer(row, 1),
        .heartbeat_s = (uint32_t)statement_integer(row, 2),
        .gap_ms = (uint32_t)statement_integer(row, 3),
        .answer_timeout_ms = (uint32_t)statement_integer(row, 4),
        .meter_limit = (uint32_t)statement_integer(row, 5),
        .kind = (uint8_t)statement_int(row, 6),
        .stop_bits = (uint8_t)statement_int(row, 7),
        .code_dlt645 = (uint8_t)statement_int(row, 8),
        .code_dlt645_1997 = (uint8_t)statement_int(row, 9),
        .code_cjt188 = (uint8_t)statement_int(row, 10),
        .parity = parity ? (uint8_t)parity[0] : 0,
    };
    statement_text(row, 12, line->heartbeat, sizeof line->heartbeat);
}

static int lines_walk(void *context, int (*visit)(void *, const struct registry_line_record *), void *visitor)
{
    struct registry_sql *sql = context;
    struct statement *rows = statement_take(&sql->table, LINES);
    int found;
    while ((found = statement_row(rows)) == 1) {
        struct registry_line_record line;
        line_take(rows, &line);
        int answer = visit(visitor, &line);
        if (answer < 0) {
            statement_end(rows);
            return answer;
        }
    }
    return found;
}

static int line_write(void *context, const struct registry_line_record *row)
{
    struct registry_sql *sql = context;
    int error = devices_write(sql);
    if (error != 0)
        return error;
    struct statement *write = statement_take(&sql->table, LINE_WRITE);
    char parity[2] = { (char)row->parity, '\0' };
    statement_bind_integers(write,
                            (const int64_t[]){ row->device_id, row->baud, row->heartbeat_s, row->gap_ms,
                                               row->answer_timeout_ms, row->meter_limit, row->kind, row->stop_bits,
                                               row->code_dlt645, row->code_dlt645_1997, row->code_cjt188 },
                            11);
    statement_bind_text(write, 12, parity);
    statement_bind_text(write, 13, row->heartbeat);
    int changed = statement_run(write);
    return changed < 0 ? changed : 0;
}

static int line_read(void *context, uint32_t device_id, struct registry_line_record *row)
{
    struct registry_sql *sql = context;
    struct statement *query = statement_take(&sql->table, LINE);
    statement_bind_integer(query, 1, device_id);
    int found = statement_row(query);
    if (found == 1) {
        line_take(query, row);
        statement_end(query);
    }
    return found;
}

/* As ADDRESS_TAKEN and LINE_ADDRESS_TAKEN ask it. */
static bool has_address(const struct device_record *row, uint32_t line_device_id, const char *address, uint32_t except_device_id)
{
    bool on_line = line_device_id != 0 ? row->line_device_id == line_device_id && row->device_id != line_device_id
                                       : row->line_device_id == row->device_id;

    return on_line && row->device_id != except_device_id && row->removed_s == 0 && address[0] != '\0' &&
           strcmp(row->address, address) == 0;
}

static int address_taken(void *context, uint32_t line_device_id, const char *address, uint32_t except_device_id)
{
    struct registry_sql *sql = context;
    for (size_t i = 0; i < sql->gathered_count; i++)
        if (has_address(&sql->gathered[i].record, line_device_id, address, except_device_id))
            return 1;
    struct statement *query = statement_take(&sql->table, line_device_id != 0 ? ADDRESS_TAKEN : LINE_ADDRESS_TAKEN);
    if (line_device_id != 0)
        statement_bind_integer(query, 1, line_device_id);
    statement_bind_integer(query, 2, except_device_id);
    statement_bind_text(query, 3, address);
    int found = statement_row(query);
    statement_end(query);
    return found;
}

int registry_sql_open(struct store *store, struct registry_sql **out)
{
    struct registry_sql *sql = calloc(1, sizeof *sql);
    if (!sql)
        return STORE_ERR_MEMORY;
    int error = statement_table_prepare(&sql->table, store, texts, STATEMENT_COUNT);
    if (error != 0) {
        free(sql);
        return error;
    }
    sql->store = (struct registry_store){
        .context = sql,
        .tenants_walk = tenants_walk,
        .areas_walk = areas_walk,
        .devices_walk = devices_walk,
        .lines_walk = lines_walk,
        .tenant_insert = tenant_insert,
        .area_insert = area_insert,
        .device_insert = device_insert,
        .devices_gather = devices_gather,
        .devices_write = devices_write,
        .device_update = device_update,
        .device_read = device_read,
        .meter_number_taken = meter_number_taken,
        .line_write = line_write,
        .line_read = line_read,
        .address_taken = address_taken,
    };
    *out = sql;
    return 0;
}

void registry_sql_close(struct registry_sql *sql)
{
    if (sql)
        statement_table_finalize(&sql->table);
    free(sql);
}

const struct registry_store *registry_sql_store(const struct registry_sql *sql)
{
    return &sql->store;
}
