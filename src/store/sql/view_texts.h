/* The texts of the views, by subject: one file each, one row a view. */
#ifndef STORE_SQL_VIEW_TEXTS_H
#define STORE_SQL_VIEW_TEXTS_H

#include <stddef.h>

#include "api/view_store.h"
#include "store/cut_text.h"
#include "store/sqlite/search_functions.h"

struct view_text {
    enum view view;
    const char *sql;
};

struct view_text_list {
    const struct view_text *rows;
    size_t count;
};

extern const struct view_text_list view_texts_people;
extern const struct view_text_list view_texts_devices;
extern const struct view_text_list view_texts_lines;
extern const struct view_text_list view_texts_overview;
extern const struct view_text_list view_texts_usage;
extern const struct view_text_list view_texts_collect;
extern const struct view_text_list view_texts_money;
extern const struct view_text_list view_texts_tariffs;
extern const struct view_text_list view_texts_bills;
extern const struct view_text_list view_texts_payments;
extern const struct view_text_list view_texts_bank;
extern const struct view_text_list view_texts_cash;
extern const struct view_text_list view_texts_cases;
extern const struct view_text_list view_texts_ledger;
extern const struct view_text_list view_texts_search;
extern const struct view_text_list view_texts_registers;
extern const struct view_text_list view_texts_intervals;
extern const struct view_text_list view_texts_reports;
extern const struct view_text_list view_texts_money_reports;
extern const struct view_text_list view_texts_messages;
extern const struct view_text_list view_texts_residents;
extern const struct view_text_list view_texts_partners;
extern const struct view_text_list view_texts_documents;
extern const struct view_text_list view_texts_units;
extern const struct view_text_list view_texts_retention;

/* Parameters that every view may name: :tenant :path_low :path_high :whole (1: the caller's area is the whole tenant)
 * :scope_area (the area itself, the last of its path) :person :resident :now_s :today :zone_s :wall_s :limit :cursor :object (the identifier in the path) and the query's own fields. */

/* The area's path is the way in: the sign keeps databases from walking through all areas of the tenant instead. */
#define VIEW_IN_SCOPE " +a.tenant_id = :tenant AND a.path >= :path_low AND a.path < :path_high "

/* The same from the area of the cursor on, for lists in the order of places (a.path, then rows of the area): a page of them is found
 * by two indexes whatever the size of the scope.
 * path  a query of the path of the cursor's area, without a row when there is no cursor
 * row   the identifier of a row */
#define VIEW_AFTER_CURSOR(path, row) \
    " +a.tenant_id = :tenant AND a.path >= CASE WHEN coalesce((" path "), '') > :path_low THEN (" path ") ELSE :path_low END" \
    " AND a.path < :path_high AND (" row " > coalesce(:cursor, 0) OR a.path > coalesce((" path "), '')) "

/* Some rows of the scope, where a question looks at all of them, some at a time (api/walk.h): those after the cursor in the order of places,
 * up to the row :scan_to with it; NULL: to the end. Begin FROM with areas as `a`.
 * path  the name of a macro: of a row, the query of the path of its area
 * row   the identifier of a row */
#define VIEW_SLICE(path, row) \
    " +a.tenant_id = :tenant AND a.path >= CASE WHEN coalesce((" path(":cursor") "), '') > :path_low THEN (" path(":cursor") ") ELSE :path_low END" \
    " AND a.path <= coalesce((" path(":scan_to") "), :path_high)" \
    " AND (" row " > coalesce(:cursor, 0) OR a.path > coalesce((" path(":cursor") "), ''))" \
    " AND (:scan_to IS NULL OR " row " <= :scan_to OR a.path < (" path(":scan_to") ")) "
#define VIEW_DEVICE_PATH(device) "SELECT x.path FROM device y CROSS JOIN area x ON x.area_id = y.area_id WHERE y.device_id = " device
#define VIEW_ACCOUNT_PATH(account) "SELECT x.path FROM account y CROSS JOIN area x ON x.area_id = y.area_id WHERE y.account_id = " account

/* Of an account (k): of a customer that the phone which asks (:resident) is bound to. What hangs on none of its bindings does
 * not exist for a phone. */
#define VIEW_MINE \
    " k.tenant_id = :tenant AND EXISTS (SELECT 1 FROM resident_binding m WHERE m.resident_phone_id = :resident" \
    " AND m.customer_id = k.customer_id) "

/* The area to look in by the search index: all of them where the tenant is the only one, which spares a long list. */
#define VIEW_SEARCH_PATH " iif(:whole AND (SELECT count(*) FROM tenant) = 1, '', :path_low) "

/* A text is too short for the search index to know where it stands inside another. */
#define VIEW_TOO_SHORT(text) " search_match('', " text ", 1, '" SEARCH_PLACE "') = '\"-\"' "

/* An area (a, in p) has a text in its name, with that of the area it lies in before it. */
#define VIEW_AREA_HOLDS(text) \
    " replace(" text ", ' ', '') <> '' AND" VIEW_HOLDS("replace(coalesce(p.name, '') || a.name, ' ', '')", "replace(" text ", ' ', '')")

/* Customers (customer_id) of the tenant one of whose phones is the whole of a text, whatever dashes there are. */
#define VIEW_CUSTOMERS_BY_PHONE(text) \
    " SELECT o.customer_id AS customer_id FROM customer_phone o CROSS JOIN customer c ON c.customer_id = o.customer_id" \
    " WHERE o.phone = replace(replace(replace(" text ", '-', ''), '+', ''), ' ', '') AND c.tenant_id = :tenant" \
    " AND search_holds(" text ", 4, c.phones) "

/* A device that measures: what carries the words of meters is in no list, count or rate of meters. */
#define VIEW_METER " d.kind NOT IN ('collector', 'concentrator', 'line') "

/* The area of a device (a), and its parent (p) unless that is the company itself.
 *
 * CROSS JOIN, here and in the views: SQLite then keeps the order of the tables as written. Left to choose, it begins with
 * the areas, because their path is bounded, and walks a whole town to find one page. */
#define VIEW_JOIN_AREA \
    " CROSS JOIN area a ON a.area_id = d.area_id LEFT JOIN area p ON p.area_id = a.parent_area_id AND p.kind <> 'company' "

/* One row where the scope is the company or a district, and one where it is an estate or a building: what is newest of the few is found
 * from the side of their meters, of many from the newest end. Begin FROM with them. */
#define VIEW_WIDE_SCOPE " (SELECT 1 FROM area WHERE area_id = :scope_area AND kind IN ('company', 'district')) w "
#define VIEW_NARROW_SCOPE " (SELECT 1 FROM area WHERE area_id = :scope_area AND kind NOT IN ('company', 'district')) w "

/* A text holds another, whatever the case of Latin letters: LIKE would take % and _, and \ on PostgreSQL, for more than themselves. */
#define VIEW_HOLDS(text, piece) " instr(lower(" text "), lower(" piece ")) > 0 "

#define VIEW_PLACE " trim(coalesce(p.name || ' ', '') || a.name || ' ' || d.room) "

/* Days as rows: :from to :to, at most 400. */
#define VIEW_DAYS \
    "WITH RECURSIVE days(day) AS (SELECT CAST(:from AS INTEGER) UNION ALL SELECT day + 1 FROM days WHERE day < min(:to, :from + 400)) "

/* After VIEW_DAYS: the midnights of the meter :object on those days and the one after, taken out of their blocks once. */
#define VIEW_LATCHED \
    ", latched AS MATERIALIZED (SELECT x.day, x.register_value, x.total_value, x.quality, x.received_s, x.multiplier_e3" \
    " FROM midnights(:object, (SELECT min(day) FROM days), (SELECT max(day) + 1 FROM days)) x) "

/* Quantities are of one kind of meter, cold water when nothing is said: litres and kilowatt-hours do not add. Counts may
 * be of all. */
#define VIEW_ONE_KIND " coalesce(:kind, 'cold_water') "
#define VIEW_ANY_KIND(column) " (:kind IS NULL OR " column " = :kind) "

/* Meters of the scope (d) that the counts of its areas do not hold yet, where a file is older than they are. None at all as soon
 * as everything is counted. */
#define VIEW_UNCOUNTED \
    " device d CROSS JOIN area_above x ON x.area_id = d.area_id AND x.above_id = :scope_area" \
    " AND d.device_id > (SELECT device_id FROM area_count_progress) AND" VIEW_METER

/* Meters in service in the scope by kind and status, as `d`, in rows with a number of devices; goes on with WHERE. The sums of an
 * area hold all below it. */
#define VIEW_COUNTED_DEVICES \
    " (SELECT kind, status, devices FROM area_status WHERE area_id = :scope_area" \
    " UNION ALL SELECT d.kind, coalesce(s.status, 0), 1 FROM" VIEW_UNCOUNTED \
    "LEFT JOIN device_state s ON s.device_id = d.device_id WHERE d.removed_s IS NULL) d "

/* From which midnight on a device (d) owes them: after the day on which it was installed, before the one on which it was removed. */
#define VIEW_OWES_FROM "((d.installed_s + :zone_s) / 86400 + 1)"

/* Meters (d) that owe the midnight of a day: hung before it, and not taken down before it. */
#define VIEW_OWES(day) \
    " (d.installed_s + :zone_s) / 86400 < " day " AND (d.removed_s IS NULL OR (d.removed_s + :zone_s) / 86400 > " day ") "

/* By how much the number of meters that owe a midnight changes with a day.
 * kinds  condition on d.kind */
#define VIEW_OWING(kinds) \
    " owing(day, devices) AS MATERIALIZED (SELECT d.day, sum(d.devices) FROM (" \
    "SELECT kind, day, devices FROM area_due WHERE area_id = :scope_area" \
    " UNION ALL SELECT d.kind, " VIEW_OWES_FROM ", 1 FROM" VIEW_UNCOUNTED \
    " UNION ALL SELECT d.kind, CASE WHEN d.removed_s > d.installed_s + 86400 THEN (d.removed_s + :zone_s) / 86400" \
    "  ELSE " VIEW_OWES_FROM " END, -1 FROM" VIEW_UNCOUNTED "WHERE d.removed_s IS NOT NULL) d WHERE " kinds "GROUP BY d.day) "

/* How many meters owe the midnight of a day. */
#define VIEW_DUE_ON(day_) " coalesce((SELECT sum(o.devices) FROM owing o WHERE o.day <= " day_ "), 0) "

/* What the midnights of the days in span(day) say of the scope; the use is that of the day before. An area that is no building has
 * its whole in area_midnight, except of days that are not summed up yet.
 * kinds  condition on d.kind */
#define VIEW_FIGURES(kinds) \
    " unsummed(until_day) AS MATERIALIZED (SELECT CASE WHEN a.kind = 'building' THEN 1000000 ELSE z.from_day - 1 END" \
    "  FROM area a CROSS JOIN area_count_progress z WHERE a.area_id = :scope_area)," \
    " figures(day, usage_value, received, on_time) AS MATERIALIZED (SELECT day, sum(usage_value), sum(received), sum(on_time) FROM (" \
    " SELECT m.kind AS kind, m.day AS day, m.usage_value AS usage_value, m.received AS received, m.on_time AS on_time FROM span" \
    "  CROSS JOIN area_midnight m ON m.day = span.day AND m.area_id = :scope_area" \
    " UNION ALL SELECT g.kind, g.day, 0, g.received, g.on_time FROM" VIEW_UNSUMMED "g.day = span.day WHERE" VIEW_IN_SCOPE \
    " UNION ALL SELECT g.kind, g.day + 1, g.usage_value, 0, 0 FROM" VIEW_UNSUMMED "g.day = span.day - 1 WHERE" VIEW_IN_SCOPE \
    ") d WHERE " kinds "GROUP BY day) "
#define VIEW_UNSUMMED \
    " unsummed CROSS JOIN span ON span.day <= unsummed.until_day CROSS JOIN area a CROSS JOIN area_day g ON g.area_id = a.area_id AND "

/* The midnights of VIEW_DAYS, and the one that ends the last of them. */
#define VIEW_SPAN " span(day) AS MATERIALIZED (SELECT day FROM days UNION SELECT max(day) + 1 FROM days) "

#define VIEW_SMALLER(one, other) " CASE WHEN " one " < " other " THEN " one " ELSE " other " END "

/* How far an area is from the company. */
#define VIEW_AREA_RANK(kind) " CASE " kind " WHEN 'company' THEN 0 WHEN 'district' THEN 1 WHEN 'estate' THEN 2 ELSE 3 END "

/* The areas a scope is shown by, as tile(rank) and shown(area_id, path, kind, name, parent_name, above, own): buildings; of very many
 * meters, estates, until one is chosen, and none of their buildings is looked at (placed). An area of that rank with all below it, one above with what hangs on it itself: each
 * meter is in one of them. own: what it shows hangs on it itself. */
#define VIEW_TILES \
    " tile(rank) AS MATERIALIZED (SELECT CASE WHEN a.kind IN ('estate', 'building') OR coalesce((SELECT sum(d.devices)" \
    "  FROM area_status d WHERE d.area_id = a.area_id), 0) <= 200000 THEN 3 ELSE 2 END FROM area a WHERE a.area_id = :scope_area)," \
    " placed AS (SELECT a.area_id AS area_id FROM area a INDEXED BY area_above_buildings WHERE a.kind <> 'building' AND" VIEW_IN_SCOPE \
    "  UNION ALL SELECT a.area_id FROM tile CROSS JOIN area a WHERE tile.rank = 3 AND a.kind || '' = 'building' AND" VIEW_IN_SCOPE \
    "  UNION ALL SELECT b.area_id FROM tile CROSS JOIN area a INDEXED BY area_above_buildings CROSS JOIN area b ON b.tenant_id = a.tenant_id" \
    "   AND b.parent_area_id = a.area_id AND b.kind = 'building' WHERE tile.rank = 2 AND a.kind <> 'building'" \
    "   AND a.kind <> 'estate' AND" VIEW_IN_SCOPE ")," \
    " shown AS MATERIALIZED (SELECT a.area_id AS area_id, a.path AS path, a.kind AS kind, a.name AS name, coalesce(p.name, '') AS parent_name," \
    VIEW_AREA_RANK("a.kind") "< tile.rank AS above," VIEW_AREA_RANK("a.kind") "< tile.rank OR a.kind = 'building' AS own" \
    " FROM tile CROSS JOIN placed x CROSS JOIN area a ON a.area_id = x.area_id LEFT JOIN area p ON p.area_id = a.parent_area_id) "

/* Rows of a table of counts of the areas shown (d), without what lies below those above.
 * columns  of d, to be had of the areas below as well; the last is d.devices
 * filter   on d */
#define VIEW_SHOWN_COUNTS(columns, table, filter) \
    " SELECT b.area_id AS area_id, " columns ", d.devices AS devices FROM shown b CROSS JOIN " table " d ON d.area_id = b.area_id" \
    "  WHERE " filter \
    " UNION ALL SELECT b.area_id, " columns ", -d.devices FROM shown b CROSS JOIN area c ON c.tenant_id = :tenant" \
    "  AND c.parent_area_id = b.area_id CROSS JOIN " table " d ON d.area_id = c.area_id WHERE b.above AND " filter " "

/* What came of each area shown, by the days of VIEW_DAYS. Where all areas above buildings are shown, their days are read from one end to
 * the other. */
#define VIEW_SHOWN_MET \
    " SELECT b.area_id AS area_id, d.day AS day, d.received AS received, d.on_time AS on_time FROM days CROSS JOIN shown b" \
    "  CROSS JOIN area_day d ON d.day = days.day AND d.area_id = b.area_id WHERE b.own AND" VIEW_ANY_KIND("d.kind") \
    " UNION ALL SELECT b.area_id, d.day, d.received, d.on_time FROM days CROSS JOIN shown b" \
    "  CROSS JOIN area_midnight d ON d.day = days.day AND d.area_id = b.area_id WHERE NOT :whole AND NOT b.own AND" VIEW_ANY_KIND("d.kind") \
    " UNION ALL SELECT b.area_id, d.day, d.received, d.on_time FROM days CROSS JOIN area_midnight d ON d.day = days.day" \
    "  CROSS JOIN shown b ON b.area_id = d.area_id WHERE :whole AND NOT b.own AND" VIEW_ANY_KIND("d.kind")

/* What the late fee of a bill (b) comes to today and is not booked yet, less what was waived: as billing_late_fee_owed. */
#define VIEW_LATE_FEE_OPEN " coalesce((SELECT late_fee(facts, :today) FROM bill_open WHERE bill_id = b.bill_id), 0) "

/* What of a bill (b) is to be paid today. */
#define VIEW_BILL_OWED \
    " coalesce((SELECT owed_fen + late_fee(facts, :today) FROM bill_open WHERE bill_id = b.bill_id), 0) "

/* Open, not yet paid in full, with the late fees of today. */
#define VIEW_OWED_BILLS \
    "coalesce((SELECT sum(owed_fen + late_fee(facts, :today)) FROM bill_open WHERE account_id = k.account_id), 0)"

/* What is owed: unpaid bills after use, a negative wallet (l) before it, a negative meter (s) where the meter holds the money.
 * A member of a group owes nothing itself: its wallet is the main account's, and counts there, once. */
#define VIEW_OWED \
    " CASE k.payment_mode WHEN 'postpaid' THEN " VIEW_OWED_BILLS \
    " WHEN 'prepaid_meter' THEN max(0, -coalesce(s.balance_fen, 0))" \
    " ELSE max(0, l.debits_fen - l.credits_fen) * (k.main_account_id = 0) END "

/* Where the settlement of account k stands: w. */
#define VIEW_STANDING_JOIN " CROSS JOIN account_standing w ON w.account_id = k.account_id "

/* The charges of accounts newest first, as `charge`: each ends on the day before the from_day of the one after it.
 * account   a query of account_id and settled_day
 * from_day  none that ends before it */
#define VIEW_CHARGES(account, from_day_) \
    "WITH RECURSIVE charged AS (" account ")," \
    " charge AS (" CUT_OR_WHOLE("SELECT g.* FROM charged p, charges_of(p.account_id, p.settled_day - 1, " from_day_ ") g", \
    "SELECT g.* FROM charged p JOIN daily_charge g ON g.day = p.settled_day - 1 AND g.account_id = p.account_id" \
    "  AND g.day >= " from_day_ " UNION ALL SELECT g.* FROM charge c JOIN daily_charge g ON g.day = c.from_day - 1" \
    "  AND g.account_id = c.account_id AND g.day >= " from_day_) ")"

/* Those of one account before the day of the cursor, as many as asked for: the charges come newest first, so the walk ends there. */
#define VIEW_CHARGES_OF_PAGE " (SELECT * FROM charge WHERE day < coalesce(:cursor, 9223372036854775807) LIMIT :limit) "

/* Charges have no key of their own; those of older programs were posted item by item, with keys. */
#define VIEW_CHARGE_OF_ACCOUNT(transfer) \
    " iif(" transfer ".key IS NULL, " transfer ".kind = 'charge' AND " transfer ".reference = :object," \
    " " transfer ".key LIKE 'charge/' || :object || '/%')"

/* The postings of the wallet of account :object that are its own, as `run`, with the balance after each: behind WITH
 * RECURSIVE. Each posting names the one before it. A member of a group shares the wallet: its own are its charges, their
 * corrections, and what was paid for it. */
#define VIEW_WALLET_RUN \
    " mine AS (SELECT k.wallet_id, k.main_account_id, l.last_transfer_id FROM account k JOIN area a ON a.area_id = k.area_id" \
    "  JOIN ledger_account l ON l.ledger_account_id = k.wallet_id WHERE k.account_id = :object AND" VIEW_IN_SCOPE ")," \
    " chain(transfer_id) AS (SELECT last_transfer_id FROM mine UNION ALL SELECT" \
    "  iif(t.debit_account_id = wallet_id, t.debit_before, t.credit_before) FROM chain c CROSS JOIN mine" \
    "  CROSS JOIN transfer t ON t.transfer_id = c.transfer_id)," \
    " moved AS (SELECT t.*, iif(t.debit_account_id = wallet_id, t.amount_fen, 0) AS debit," \
    "  iif(t.debit_account_id = wallet_id, 0, t.amount_fen) AS credit" \
    "  FROM chain c CROSS JOIN mine CROSS JOIN transfer t ON t.transfer_id = c.transfer_id)," \
    " own AS (SELECT m.* FROM moved m CROSS JOIN mine WHERE main_account_id = 0 OR" VIEW_CHARGE_OF_ACCOUNT("m") \
    "  OR (m.kind IN ('payment', 'move') AND m.reference = :object) OR EXISTS (SELECT 1 FROM transfer o" \
    "  WHERE o.transfer_id = m.reverses AND" VIEW_CHARGE_OF_ACCOUNT("o") "))," \
    " run AS (SELECT *, sum(credit - debit) OVER (ORDER BY transfer_id) AS balance_fen FROM own) "

#endif
