#include "store/sqlite/view_texts.h"

/* What the search box finds. Every way in is an index (schema 0004): the town may hold a million meters.
 *
 * The api splits what was typed: :text the whole, :number its digits when it is a number of 4 or more, :tail the last
 * four of them, :initials when it is letters, :name otherwise, :room and :place of "3栋1204". A missing one is NULL and
 * finds nothing. */

#define METER_COLUMNS \
    "SELECT d.device_id AS id, d.meter_number AS label," VIEW_PLACE "AS detail, CASE d.kind WHEN 'concentrator' THEN '/concentrators/'" \
    " WHEN 'line' THEN '/concentrators/' ELSE '/meters/' END || d.device_id AS path"

#define CUSTOMER_IDS "SELECT c.customer_id FROM customer c WHERE c.tenant_id = :tenant AND "

static const struct view_text rows[] = {
    { VIEW_SEARCH_METERS,
        METER_COLUMNS " FROM ("
        "SELECT device_id FROM device INDEXED BY device_by_meter_tail WHERE tenant_id = :tenant"
        "  AND substr(meter_number, -4) = :tail"
        "  AND meter_number LIKE '%' || :number"
        " UNION SELECT device_id FROM device WHERE tenant_id = :tenant AND meter_number >= :number"
        "  AND meter_number < :number || ':'"
        " UNION SELECT device_id FROM device WHERE tenant_id = :tenant AND imei % 10000 = :tail + 0"
        "  AND printf('%015d', imei) LIKE '%' || :number) f"
        " CROSS JOIN device d ON d.device_id = f.device_id" VIEW_JOIN_AREA
        "WHERE" VIEW_IN_SCOPE "AND d.removed_s IS NULL ORDER BY d.meter_number = :number DESC, d.device_id LIMIT 8" },

    { VIEW_SEARCH_ROOMS,
        METER_COLUMNS " FROM device d" VIEW_JOIN_AREA
        "WHERE" VIEW_IN_SCOPE "AND d.removed_s IS NULL AND d.tenant_id = :tenant AND d.room = :room"
        " AND (:place IS NULL OR coalesce(p.name, '') || a.name LIKE '%' || :place || '%') ORDER BY d.device_id LIMIT 8" },

    { VIEW_SEARCH_CUSTOMERS,
        "SELECT c.customer_id AS id, c.name AS \"label!name\", c.number || ' ' ||"
        " coalesce((SELECT coalesce(p.name || ' ', '') || a.name || ' ' || coalesce(d.room, '') FROM account k"
        "  JOIN area a ON a.area_id = k.area_id LEFT JOIN area p ON p.area_id = a.parent_area_id AND p.kind <> 'company'"
        "  LEFT JOIN device d ON d.device_id = k.device_id WHERE k.customer_id = c.customer_id LIMIT 1), '') AS detail,"
        " '/customers/' || c.customer_id AS path FROM ("
        CUSTOMER_IDS "c.name_initials >= :initials AND c.name_initials < :initials || '{'"
        " UNION " CUSTOMER_IDS "c.name >= :name AND c.name < :name || x'f48fbfbf'"
        " UNION " CUSTOMER_IDS "c.number = :text"
        " UNION " CUSTOMER_IDS "substr(c.phones, -4) = :tail AND c.phones LIKE '%' || :number || '%'"
        " UNION " CUSTOMER_IDS "substr(c.phones, instr(c.phones || ',', ',') - 4, 4) = :tail"
        "  AND c.phones LIKE '%' || :number || '%') f CROSS JOIN customer c ON c.customer_id = f.customer_id"
        " WHERE :whole OR EXISTS (SELECT 1 FROM account k JOIN area a ON a.area_id = k.area_id"
        "  WHERE k.customer_id = c.customer_id AND" VIEW_IN_SCOPE ") ORDER BY c.customer_id LIMIT 8" },

    { VIEW_SEARCH_AREAS,
        "SELECT a.area_id AS id, trim(coalesce(p.name || ' ', '') || a.name) AS label, a.kind AS detail,"
        " '/board?area_id=' || a.area_id AS path FROM area a LEFT JOIN area p ON p.area_id = a.parent_area_id"
        " AND p.kind <> 'company' WHERE" VIEW_IN_SCOPE "AND :text <> ''"
        " AND coalesce(p.name, '') || a.name LIKE '%' || :text || '%' ORDER BY a.path LIMIT 8" },

    { VIEW_SEARCH_BILLS,
        "SELECT b.bill_id AS id, b.number AS label, b.state AS detail, '/bills/' || b.bill_id AS path FROM bill b"
        " CROSS JOIN account k ON k.account_id = b.account_id CROSS JOIN area a ON a.area_id = k.area_id"
        /* B20260601-000123 names bill 123. */
        " WHERE b.bill_id = CAST(substr(:code, 11) AS INTEGER) AND b.number = :code AND b.tenant_id = :tenant AND"
        VIEW_IN_SCOPE },

    { VIEW_SEARCH_PAYMENTS,
        "SELECT y.payment_id AS id, y.receipt AS label, '' AS detail, '/payments/' || y.payment_id AS path FROM payment y"
        " CROSS JOIN account k ON k.account_id = y.account_id CROSS JOIN area a ON a.area_id = k.area_id"
        " WHERE y.tenant_id = :tenant AND y.receipt >= :code AND y.receipt < :code || '{' AND" VIEW_IN_SCOPE "LIMIT 8" },
};

const struct view_text_list view_texts_search = { rows, sizeof rows / sizeof rows[0] };
