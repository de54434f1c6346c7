#include "store/sql/view_texts.h"

/* What the search box finds. Every way in is an index: the town may hold ten million meters. What the search index (schema
 * 0051) finds is compared with the archive, and lies in the caller's area by a token of its own: nobody walks through what
 * others may see. First what is meant exactly, then what begins so, then what ends so, then what has it somewhere.
 *
 * The api gives what was typed as :text, and splits it: :number when it is 4 digits or more, :room and :place of "3栋1204",
 * :code when it may be the number of a bill. A missing one is NULL and finds nothing. */

/* of enum search_place */
#define INSIDE "1"
#define START "2"
#define END "4"
#define WHOLE "8"

#define METER_COLUMNS \
    "SELECT d.device_id AS id, d.meter_number AS label," VIEW_PLACE "AS detail, CASE d.kind WHEN 'concentrator' THEN '/concentrators/'" \
    " WHEN 'line' THEN '/concentrators/' ELSE '/meters/' END || d.device_id AS path"

/* What may be it is looked at in its order, and not without end, and any eight that are it will do: more than CANDIDATES that have every piece of a word, but not
 * the word, are a word of nothing but such pieces. */
#define CANDIDATES "4000"

#define DEVICES_WITH(match, condition, rank) \
    " SELECT * FROM (SELECT d.device_id AS id, " rank " AS rank FROM (SELECT rowid AS found_id FROM search_device" \
    "  WHERE search_device MATCH (" match ") ORDER BY rowid LIMIT " CANDIDATES ") s CROSS JOIN device d ON d.device_id = s.found_id" \
    " CROSS JOIN area a ON a.area_id = d.area_id LEFT JOIN area p ON p.area_id = a.parent_area_id AND p.kind <> 'company'" \
    " WHERE d.removed_s IS NULL AND " condition " AND" VIEW_IN_SCOPE "LIMIT 8)"

/* What is meant exactly is not looked for by pieces. */
#define METER_EXACT "SELECT device_id AS id, 0 AS rank FROM device WHERE tenant_id = :tenant AND meter_number = :number" \
    " UNION ALL SELECT device_id, 0 FROM device WHERE imei = CAST(:number AS INTEGER)"
#define CUSTOMER_EXACT "SELECT customer_id AS id, 0 AS rank FROM customer WHERE tenant_id = :tenant AND number = :text" \
    " UNION ALL SELECT customer_id, 0 FROM (" VIEW_CUSTOMERS_BY_PHONE(":text") "LIMIT 8)"
/* Nor what has a long number as a piece, when that is the whole number of a meter or a customer, or a whole phone: what is meant, of one kind
 * and of the other. */
#define MEANT(exact, other) \
    "WITH meant AS MATERIALIZED (SELECT 1 AS one FROM (" exact ") x UNION ALL SELECT 1 FROM (" other ") y WHERE length(:text) >= 10) "
#define NOTHING_IF_MEANT "iif(EXISTS (SELECT 1 FROM meant), '\"-\"', "
#define METERS_WITH(place, rank) \
    DEVICES_WITH(NOTHING_IF_MEANT "search_match(" VIEW_SEARCH_PATH ", :text, " place \
                 ", '" SEARCH_NUMBER SEARCH_IMEI "'))", \
                 "search_holds(:text, " place ", d.meter_number, iif(d.imei > 0, substr('000000000000000' || d.imei, -15), ''))", rank)
#define THEIR_PLACE "coalesce(p.name, '') || a.name || d.room"

/* Phones are looked for by a piece only by those who may see them. */
#define CUSTOMERS_WITH(place, fields, texts, rank) \
    " SELECT * FROM (SELECT c.customer_id AS id, " rank " AS rank FROM (SELECT rowid AS found_id FROM search_customer" \
    "  WHERE search_customer MATCH " NOTHING_IF_MEANT \
    "  search_match(" VIEW_SEARCH_PATH ", :text, " place ", " fields ")) ORDER BY rowid LIMIT " CANDIDATES ") s" \
    " CROSS JOIN customer c ON c.customer_id = s.found_id WHERE c.tenant_id = :tenant" \
    " AND search_holds(:text, " place ", " texts ") AND " CUSTOMER_SEEN "LIMIT 8)"
#define CUSTOMER_SEEN \
    "(:whole OR EXISTS (SELECT 1 FROM account k JOIN area a ON a.area_id = k.area_id WHERE k.customer_id = c.customer_id AND" \
    VIEW_IN_SCOPE ")) "

#define AREA_FOUND(from) \
    "SELECT a.area_id AS id, trim(coalesce(p.name || ' ', '') || a.name) AS label, a.kind AS detail, '/board?area_id=' || a.area_id AS path," \
    " a.path AS area_path FROM " from " LEFT JOIN area p ON p.area_id = a.parent_area_id AND p.kind <> 'company'" \
    " WHERE" VIEW_AREA_HOLDS(":text") "AND" VIEW_IN_SCOPE

#define BEST_FIRST(found) " FROM (SELECT id, min(rank) AS rank FROM (" found ") GROUP BY id ORDER BY 2, 1 LIMIT 8) f"

static const struct view_text rows[] = {
    { VIEW_SEARCH_METERS,
        MEANT(METER_EXACT, CUSTOMER_EXACT) METER_COLUMNS BEST_FIRST(
            METER_EXACT
            " UNION ALL" METERS_WITH(START, "1") " UNION ALL" METERS_WITH(END, "2") " UNION ALL" METERS_WITH(INSIDE, "3"))
        " CROSS JOIN device d ON d.device_id = f.id" VIEW_JOIN_AREA
        "WHERE" VIEW_IN_SCOPE "AND d.removed_s IS NULL ORDER BY f.rank, d.device_id" },

    { VIEW_SEARCH_ROOMS,
        METER_COLUMNS BEST_FIRST(
            DEVICES_WITH("search_match(" VIEW_SEARCH_PATH ", :room, " WHOLE ", '" SEARCH_ROOM "')"
                         " || iif(:place IS NULL, '', ' AND ' || search_match(" VIEW_SEARCH_PATH ", :place, " INSIDE ", '" SEARCH_PLACE "'))",
                         "d.room = :room AND (:place IS NULL OR search_holds(:place, " INSIDE ", " THEIR_PLACE "))", "0")
            " UNION ALL"
            DEVICES_WITH("search_match(" VIEW_SEARCH_PATH ", :text, " INSIDE ", '" SEARCH_PLACE "')",
                         "search_holds(:text, " INSIDE ", " THEIR_PLACE ")", "1"))
        " CROSS JOIN device d ON d.device_id = f.id" VIEW_JOIN_AREA "WHERE" VIEW_IN_SCOPE "ORDER BY f.rank, d.device_id" },

    { VIEW_SEARCH_CUSTOMERS,
        MEANT(CUSTOMER_EXACT, METER_EXACT) "SELECT c.customer_id AS id, c.name AS \"label!name\", c.number || ' ' ||"
        " coalesce((SELECT coalesce(p.name || ' ', '') || a.name || ' ' || coalesce(d.room, '') FROM account k"
        "  JOIN area a ON a.area_id = k.area_id LEFT JOIN area p ON p.area_id = a.parent_area_id AND p.kind <> 'company'"
        "  LEFT JOIN device d ON d.device_id = k.device_id WHERE k.customer_id = c.customer_id ORDER BY k.account_id LIMIT 1), '') AS detail,"
        " '/customers/' || c.customer_id AS path"
        BEST_FIRST(
            CUSTOMER_EXACT
            " UNION ALL" CUSTOMERS_WITH(START, "'" SEARCH_NUMBER SEARCH_NAME SEARCH_INITIALS "'", "c.number, c.name, c.name_initials", "1")
            " UNION ALL" CUSTOMERS_WITH(END, "'" SEARCH_NUMBER SEARCH_PHONE "'", "c.number, c.phones", "2")
            " UNION ALL" CUSTOMERS_WITH(INSIDE, "iif(:reveal, '" SEARCH_NUMBER SEARCH_NAME SEARCH_PHONE "', '" SEARCH_NUMBER SEARCH_NAME "')",
                                        "c.number, c.name, iif(:reveal, c.phones, '')", "3"))
        " CROSS JOIN customer c ON c.customer_id = f.id WHERE " CUSTOMER_SEEN "ORDER BY f.rank, c.customer_id" },

    /* Those above before what lies in them. What is too short for the index is looked for in every name. */
    { VIEW_SEARCH_AREAS,
        MEANT(METER_EXACT, CUSTOMER_EXACT) "SELECT id, label, detail, path FROM ("
        AREA_FOUND("(SELECT rowid AS found_id FROM search_area WHERE search_area MATCH "
        NOTHING_IF_MEANT " search_match(" VIEW_SEARCH_PATH ", :text, " INSIDE ", '" SEARCH_PLACE "')) ORDER BY rowid LIMIT " CANDIDATES ") s"
        " CROSS JOIN area a ON a.area_id = s.found_id")
        " UNION ALL SELECT * FROM (" AREA_FOUND("(SELECT 1 WHERE" VIEW_TOO_SHORT(":text") ") s CROSS JOIN area a") "ORDER BY a.path LIMIT 8) m"
        ") f ORDER BY area_path LIMIT 8" },

    { VIEW_SEARCH_BILLS,
        "SELECT b.bill_id AS id, b.number AS label, b.state AS detail, '/bills/' || b.bill_id AS path FROM bill b"
        " CROSS JOIN account k ON k.account_id = b.account_id CROSS JOIN area a ON a.area_id = k.area_id"
        /* B20260601-000123 names bill 123. */
        " WHERE b.bill_id = CAST(substr(:code, 11) AS INTEGER) AND b.number = :code AND b.tenant_id = :tenant AND"
        VIEW_IN_SCOPE },

    { VIEW_SEARCH_PAYMENTS,
        "SELECT y.payment_id AS id, y.receipt AS label, '' AS detail, '/payments/' || y.payment_id AS path FROM payment y"
        " CROSS JOIN account k ON k.account_id = y.account_id CROSS JOIN area a ON a.area_id = k.area_id"
        " WHERE y.tenant_id = :tenant AND y.receipt >= :code AND y.receipt < :code || '{' AND" VIEW_IN_SCOPE "ORDER BY y.receipt LIMIT 8" },
};

const struct view_text_list view_texts_search = { rows, sizeof rows / sizeof rows[0] };
