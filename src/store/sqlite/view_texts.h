/* The texts of the views, by subject: one file each, one row a view. */
#ifndef STORE_SQLITE_VIEW_TEXTS_H
#define STORE_SQLITE_VIEW_TEXTS_H

#include <stddef.h>

#include "api/view_store.h"

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

/* Parameters that every view may name: :tenant :path_low :path_high :whole (1: the caller's area is the whole tenant)
 * :scope_area (the area itself, the last of its path) :person :resident :now_s :today :zone_s :wall_s :limit :cursor :object (the identifier in the path) and the query's own fields. */

#define VIEW_IN_SCOPE " a.tenant_id = :tenant AND a.path >= :path_low AND a.path < :path_high "

/* Of an account (k): of a customer that the phone which asks (:resident) is bound to. What hangs on none of its bindings does
 * not exist for a phone. */
#define VIEW_MINE \
    " k.tenant_id = :tenant AND EXISTS (SELECT 1 FROM resident_binding m WHERE m.resident_phone_id = :resident" \
    " AND m.customer_id = k.customer_id) "

/* The area to look in by the search index: all of them where the tenant is the only one, which spares a long list. */
#define VIEW_SEARCH_PATH " iif(:whole AND (SELECT count(*) FROM tenant) = 1, '', :path_low) "

/* A device that measures: what carries the words of meters is in no list, count or rate of meters. */
#define VIEW_METER " d.kind NOT IN ('collector', 'concentrator', 'line') "

/* The area of a device (a), and its parent (p) unless that is the company itself.
 *
 * CROSS JOIN, here and in the views: SQLite then keeps the order of the tables as written. Left to choose, it begins with
 * the areas, because their path is bounded, and walks a whole town to find one page. */
#define VIEW_JOIN_AREA \
    " CROSS JOIN area a ON a.area_id = d.area_id LEFT JOIN area p ON p.area_id = a.parent_area_id AND p.kind <> 'company' "

#define VIEW_PLACE " trim(coalesce(p.name || ' ', '') || a.name || ' ' || d.room) "

/* Days as rows: :from to :to, at most 400. */
#define VIEW_DAYS \
    "WITH RECURSIVE days(day) AS (SELECT CAST(:from AS INTEGER) UNION ALL SELECT day + 1 FROM days WHERE day < min(:to, :from + 400)) "

/* Quantities are of one kind of meter, cold water when nothing is said: litres and kilowatt-hours do not add. Counts may
 * be of all. */
#define VIEW_ONE_KIND " coalesce(:kind, 'cold_water') "
#define VIEW_ANY_KIND(column) " (:kind IS NULL OR " column " = :kind) "

/* Figures of the scope by day (table area_day, kept as readings are believed), one day further than asked.
 * kinds  condition on g.kind */
#define VIEW_AREA_FIGURES(kinds) \
    " (SELECT g.day AS day, sum(g.usage_value) AS usage_value, sum(g.received) AS received, sum(g.on_time) AS on_time" \
    " FROM area_day g JOIN area a ON a.area_id = g.area_id WHERE g.day >= :from AND g.day <= min(:to, :from + 400) + 1" \
    " AND " kinds " AND" VIEW_IN_SCOPE "GROUP BY g.day) "

/* How many meters of the scope were installed and removed on which days; few rows, because work goes by buildings.
 * kinds  condition on d.kind */
#define VIEW_SERVICE_DAYS(kinds) \
    " MATERIALIZED (SELECT (d.installed_s + :zone_s) / 86400 AS first_day," \
    " coalesce((d.removed_s + :zone_s) / 86400, 1000000) AS last_day, count(*) AS devices" \
    " FROM area a JOIN device d ON d.area_id = a.area_id AND" VIEW_METER "AND " kinds " WHERE" \
    VIEW_IN_SCOPE "GROUP BY 1, 2) "

/* Of these, the ones that owed the midnight of days.day. */
#define VIEW_DUE_ON_DAY \
    " coalesce((SELECT sum(devices) FROM service WHERE first_day < days.day AND last_day > days.day), 0) "

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
    "WITH RECURSIVE charged(account_id, settled_day) AS (" account ")," \
    " charge AS (SELECT g.* FROM charged p JOIN daily_charge g ON g.day = p.settled_day - 1 AND g.account_id = p.account_id" \
    "  AND g.day >= " from_day_ " UNION ALL SELECT g.* FROM charge c JOIN daily_charge g ON g.day = c.from_day - 1" \
    "  AND g.account_id = c.account_id AND g.day >= " from_day_ ")"

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
