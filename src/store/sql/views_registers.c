#include "store/cut_text.h"
#include "store/sql/view_texts.h"

/* Views of the other registers of a meter, and of zones of loss. */

#define REGISTER_COLUMNS \
    " quantity_name(r.channel >> 16) AS quantity, quantity_unit(r.channel >> 16) AS unit," \
    " r.channel >> 8 & 255 AS register_index, r.channel & 255 AS phase," \
    " CASE r.period WHEN 0 THEN 'instant' WHEN 1 THEN 'day' ELSE 'month' END AS period, r.time_s AS \"time_s!time\"," \
    " r.value AS register_value, scale_value(r.value, r.scale_e3) AS scaled_value, r.scale_e3," \
    " CASE r.quality WHEN 0 THEN 'good' WHEN 1 THEN 'doubted' ELSE 'conflict' END AS quality, r.received_s "

#define DEVICE_IN_SCOPE \
    " EXISTS (SELECT 1 FROM device d JOIN area a ON a.area_id = d.area_id WHERE d.device_id = :object AND" VIEW_IN_SCOPE ") "

/* The next channel and period of the device after the last one: one look into the index each, however many instants. */
#define NEXT_CHANNEL(column) \
    "(SELECT r." column " FROM register_reading r WHERE r.device_id = :object" \
    " AND (r.channel, r.period) > (step.channel, step.period) ORDER BY r.channel, r.period LIMIT 1)"

#define PERIOD_NUMBER " CASE coalesce(:period, 'instant') WHEN 'instant' THEN 0 WHEN 'day' THEN 1 ELSE 2 END "

#define ZONE_COLUMNS \
    " z.balance_zone_id, z.name, z.utility, z.area_id, a.name AS area_name, z.created_s," \
    " (SELECT count(*) FROM balance_supply y WHERE y.balance_zone_id = z.balance_zone_id) AS supply_meters "

static const struct view_text rows[] = {
    { VIEW_DEVICE_REGISTERS,
        CUT_OR_WHOLE("SELECT" REGISTER_COLUMNS "FROM register_newest(:object) r WHERE" DEVICE_IN_SCOPE "ORDER BY r.channel, r.period",
        "WITH RECURSIVE step(channel, period, place) AS (SELECT CAST(-1 AS INTEGER), CAST(0 AS INTEGER), 0 UNION ALL"
        " SELECT " NEXT_CHANNEL("channel") ", " NEXT_CHANNEL("period") ", step.place + 1 FROM step"
        "  WHERE step.channel IS NOT NULL AND step.place < 1000)"
        "SELECT" REGISTER_COLUMNS "FROM step CROSS JOIN register_reading r ON r.device_id = :object"
        " AND r.channel = step.channel AND r.period = step.period AND r.time_s = (SELECT max(n.time_s)"
        "  FROM register_reading n WHERE n.device_id = :object AND n.channel = step.channel AND n.period = step.period)"
        " WHERE" DEVICE_IN_SCOPE "ORDER BY step.channel, step.period") },

    { VIEW_DEVICE_REGISTER_VALUES,
        "SELECT r.time_s AS \"time_s!cursor\"," REGISTER_COLUMNS "FROM register_reading r WHERE r.device_id = :object"
        " AND r.channel = (quantity_number(:quantity) << 16) + (coalesce(:register_index, 0) << 8) + coalesce(:phase, 0)"
        " AND r.period =" PERIOD_NUMBER "AND r.time_s >= coalesce(:cursor + 1, :from_s, 0)"
        " AND r.time_s <= coalesce(:to_s, :now_s) AND" DEVICE_IN_SCOPE "ORDER BY r.time_s LIMIT :limit" },

    { VIEW_DEVICE_REGISTER_CONFLICTS,
        "SELECT quantity_name(c.channel >> 16) AS quantity, quantity_unit(c.channel >> 16) AS unit,"
        " c.channel >> 8 & 255 AS register_index, c.channel & 255 AS phase,"
        " CASE c.period WHEN 0 THEN 'instant' WHEN 1 THEN 'day' ELSE 'month' END AS period, c.time_s AS \"time_s!time\","
        " r.value AS register_value, c.value AS other_value, c.received_s FROM "
        CUT_OR_WHOLE("register_conflicts(:object) c LEFT JOIN register_at(c.device_id, c.channel, c.period, c.time_s) r ON true WHERE",
        "register_conflict c LEFT JOIN register_reading r ON r.device_id = c.device_id AND r.channel = c.channel AND r.period = c.period"
        "  AND r.time_s = c.time_s WHERE c.device_id = :object AND") DEVICE_IN_SCOPE "ORDER BY c.time_s DESC LIMIT 200" },

    { VIEW_BALANCE_ZONES,
        "SELECT z.balance_zone_id AS \"balance_zone_id!cursor\"," ZONE_COLUMNS "FROM balance_zone z"
        " CROSS JOIN area a ON a.area_id = z.area_id WHERE z.tenant_id = :tenant AND" VIEW_IN_SCOPE
        "AND (:utility IS NULL OR z.utility = :utility) AND z.balance_zone_id > coalesce(:cursor, 0)"
        " ORDER BY z.balance_zone_id LIMIT :limit" },

    { VIEW_BALANCE_ZONE,
        "SELECT" ZONE_COLUMNS "FROM balance_zone z CROSS JOIN area a ON a.area_id = z.area_id"
        " WHERE z.balance_zone_id = :object AND z.tenant_id = :tenant AND" VIEW_IN_SCOPE },

    { VIEW_BALANCE_SUPPLY,
        "SELECT y.device_id, d.meter_number, b.name AS area_name, d.room, d.multiplier_e3,"
        " CASE y.direction WHEN 1 THEN 'in' ELSE 'out' END AS direction, d.removed_s FROM balance_zone z"
        " CROSS JOIN area a ON a.area_id = z.area_id CROSS JOIN balance_supply y ON y.balance_zone_id = z.balance_zone_id"
        " CROSS JOIN device d ON d.device_id = y.device_id JOIN area b ON b.area_id = d.area_id"
        " WHERE z.balance_zone_id = :object AND z.tenant_id = :tenant AND" VIEW_IN_SCOPE "ORDER BY y.device_id" },

    /* One row a meter and midnight that is stored from :from to :to, in the order of meters; a meter without any has one row, its
     * total null. A meter that began or ended in between has the total at its beginning, and the one its successor took over. */
    { VIEW_BALANCE_READINGS,
        VIEW_DAYS
        ", zone AS (SELECT z.balance_zone_id, z.utility, a.path FROM balance_zone z JOIN area a ON a.area_id = z.area_id"
        "  WHERE z.balance_zone_id = :object AND z.tenant_id = :tenant AND" VIEW_IN_SCOPE "),"
        " border AS (SELECT y.device_id, y.direction FROM zone JOIN balance_supply y USING (balance_zone_id)),"
        " member AS (SELECT device_id, direction, 1 AS supply FROM border UNION ALL"
        "  SELECT d.device_id, 1, 0 FROM zone CROSS JOIN area b ON b.path >= zone.path"
        "   AND b.path < substr(zone.path, 1, length(zone.path) - 1) || '0'"
        "  CROSS JOIN device d ON d.area_id = b.area_id AND d.kind = zone.utility"
        "  WHERE b.tenant_id = :tenant AND d.device_id NOT IN (SELECT device_id FROM border))"
        "SELECT m.device_id, m.supply, m.direction, (d.installed_s + :zone_s) / 86400 AS first_day,"
        " CASE WHEN d.start_register_value >= 0 OR d.replaces_device_id IS NOT NULL THEN d.start_total_value END AS first_total,"
        " (d.removed_s + :zone_s) / 86400 AS last_day, (SELECT x.start_total_value FROM device x"
        "  WHERE x.replaces_device_id = d.device_id) AS last_total,"
        " r.day AS day, r.total_value, r.quality"
        " FROM member m CROSS JOIN device d ON d.device_id = m.device_id"
        " LEFT JOIN midnights(m.device_id, (SELECT min(day) FROM days), (SELECT max(day) FROM days)) r ON true"
        " WHERE d.removed_s IS NULL OR (d.removed_s + :zone_s) / 86400 >= :from"
        " ORDER BY m.supply DESC, m.device_id, r.day" },
};

const struct view_text_list view_texts_registers = { rows, sizeof rows / sizeof rows[0] };
