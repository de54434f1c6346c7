#include "store/sql/view_texts.h"

/* Views of the residents' page, and of residents in the console. */

#define PLACE_JOINS \
    " CROSS JOIN area a ON a.area_id = k.area_id" \
    " LEFT JOIN area p ON p.area_id = a.parent_area_id AND p.kind <> 'company'" \
    " LEFT JOIN device d ON d.device_id = k.device_id "

#define PLACE " trim(coalesce(p.name || ' ', '') || a.name || ' ' || coalesce(d.room, '')) "

/* When a meter with a radio of its own is heard next; one on a line is asked at any time. */
#define NEXT_REPORT \
    " CASE WHEN d.line_device_id = 0 AND d.removed_s IS NULL THEN (:now_s + :zone_s) / 86400 * 86400 - :zone_s" \
    " + d.report_time_s + iif((:now_s + :zone_s) % 86400 >= d.report_time_s, 86400, 0) END "

/* How long the wallet lasts at the mean of the last two weeks, as the reminders say it (billing). */
#define DAYS_LEFT \
    " CASE WHEN l.credits_fen >= l.debits_fen THEN (SELECT CASE WHEN sum(g.amount_fen) > 0" \
    " THEN (l.credits_fen - l.debits_fen) * sum(g.day - g.from_day + 1) / sum(g.amount_fen) END FROM " \
    CUT_OR_WHOLE("charges_of(k.account_id, w.settled_day - 1, w.settled_day - 14) g", "daily_charge g") \
    " WHERE g.account_id = k.account_id AND g.day IN (SELECT w.settled_day - column1 FROM (VALUES (1),(2),(3),(4),(5),(6),(7)," \
    "(8),(9),(10),(11),(12),(13),(14)) n)) END "

/* The day another customer had the meter last; 0: nobody else did. What was used until then is not this customer's to see. */
#define OTHERS_DAY \
    " coalesce((SELECT (max(x.closed_s) + :zone_s) / 86400 FROM account x WHERE x.device_id = k.device_id" \
    " AND x.customer_id <> k.customer_id AND x.closed_s <= k.opened_s), 0) "

#define TOTAL_AT(day_) \
    "(SELECT r.total_value FROM (SELECT " day_ " AS at) q, midnights(k.device_id, q.at, q.at) r)"

#define ACCOUNT_COLUMNS \
    " k.account_id, k.customer_id, c.number AS customer_number, k.device_id, d.meter_number, d.kind AS device_kind," \
    PLACE "AS place, k.payment_mode, l.credits_fen - l.debits_fen AS balance_fen," VIEW_OWED "AS owed_fen," \
    " iif(k.payment_mode = 'prepaid_meter' AND s.last_received_s > 0, s.balance_fen, NULL) AS meter_balance_fen," \
    " iif(s.last_received_s > 0, s.valve_state, NULL) AS valve_state, k.stage, k.valve_pending, k.restore_fen," \
    " iif(k.stage = 'final_notice', k.final_notice_s + k.grace_h * 3600, NULL) AS will_cut_s," DAYS_LEFT \
    "AS days_left, s.last_received_s AS \"last_received_s!time\"," NEXT_REPORT "AS next_report_s," \
    " coalesce(d.line_device_id > 0, false) AS \"always_on!bool\", s.total_value - " \
    TOTAL_AT("max(:month_day," OTHERS_DAY "+ 1)") " AS month_value," \
    " CASE WHEN" OTHERS_DAY "< :last_month_day THEN " TOTAL_AT(":month_day") " - " TOTAL_AT(":last_month_day") " END" \
    " AS last_month_value," OTHERS_DAY "AS others_day," \
    " (" VIEW_CHARGES("SELECT k.account_id, w.settled_day", ":month_day") \
    " SELECT iif(min(from_day) <= :month_day, sum(amount_fen), NULL) FROM charge) AS month_fen," \
    " (SELECT max(o.payment_order_id) FROM payment_order o WHERE o.account_id = k.account_id AND o.created_s > :wall_s - 7200)" \
    " AS order_id, k.main_account_id <> 0 OR EXISTS (SELECT 1 FROM account x WHERE x.main_account_id = k.account_id" \
    "  AND x.main_account_id <> 0) AS \"shared!bool\", k.closed_s "

#define ACCOUNT_JOINS \
    VIEW_STANDING_JOIN "CROSS JOIN customer c ON c.customer_id = k.customer_id" PLACE_JOINS \
    " LEFT JOIN device_state s ON s.device_id = k.device_id" \
    " CROSS JOIN ledger_account l ON l.ledger_account_id = k.wallet_id "

#define BILL_COLUMNS \
    " b.bill_id, b.number, b.account_id," PLACE "AS place, d.meter_number, d.kind AS device_kind," \
    " b.from_day AS \"from_day!day\", b.to_day AS \"to_day!day\", b.from_total_value, b.to_total_value, b.usage_value," \
    " b.amount_fen, b.late_fee_fen +" VIEW_LATE_FEE_OPEN "AS late_fee_fen, b.paid_fen," VIEW_BILL_OWED "AS due_fen, b.state, b.estimated AS \"estimated!bool\", b.due_day AS \"due_day!day\", b.issued_s "

/* Of an order: how far the money came, and then the meter. */
#define ORDER_COLUMNS \
    " o.payment_order_id, o.trade_number, o.account_id, o.channel, o.amount_fen, o.state, o.created_s, o.expires_s, o.paid_s," \
    " o.in_suspense AS \"in_suspense!bool\", y.receipt, y.at_s AS booked_s, y.balance_fen, y.will_restore AS" \
    " \"will_restore!bool\", m.kind AS command_kind, m.state AS command_state, m.finished_s AS \"finished_s!time\"," \
    " (SELECT min(t.at_s) FROM command_step t WHERE t.command_id = m.command_id AND t.state = 'delivered') AS delivered_s," \
    NEXT_REPORT "AS next_report_s, coalesce(d.line_device_id > 0, false) AS \"always_on!bool\"," \
    " iif(s.last_received_s > 0, s.valve_state, NULL) AS valve_state, d.kind AS device_kind "

#define ORDER_JOINS \
    " CROSS JOIN account k ON k.account_id = o.account_id LEFT JOIN device d ON d.device_id = k.device_id" \
    " LEFT JOIN device_state s ON s.device_id = k.device_id LEFT JOIN payment y ON y.payment_id = o.payment_id" \
    " LEFT JOIN command m ON m.command_id = y.command_id "

static const struct view_text rows[] = {
    { VIEW_RESIDENT_SIGN_IN,
        "SELECT r.customer_id, r.tenant_id, r.password_hash, r.locked_until_s, r.one_time FROM resident_login r"
        " WHERE r.login = :login" },

    { VIEW_RESIDENT_PROOF,
        "SELECT r.customer_id, r.tenant_id, r.password_hash, r.locked_until_s, r.one_time, r.login FROM resident_login r"
        " JOIN resident_binding i ON i.customer_id = r.customer_id AND i.resident_phone_id = :resident"
        " WHERE r.customer_id = :customer_id" },

    { VIEW_RESIDENT_SESSION,
        "SELECT f.resident_phone_id, f.tenant_id, t.name, a.path, t.zone_offset_s, f.csrf_token, f.seen_s"
        " FROM resident_phone f JOIN tenant t ON t.tenant_id = f.tenant_id"
        " JOIN area a ON a.tenant_id = f.tenant_id AND a.parent_area_id IS NULL"
        " WHERE f.token_hash = :token_hash AND f.seen_s >= :idle_since_s"
        " AND EXISTS (SELECT 1 FROM resident_binding i WHERE i.resident_phone_id = f.resident_phone_id) ORDER BY a.area_id LIMIT 1" },

    { VIEW_RESIDENT_TENANT,
        "SELECT t.zone_offset_s, a.path FROM tenant t JOIN area a ON a.tenant_id = t.tenant_id AND a.parent_area_id IS NULL"
        " WHERE t.tenant_id = :tenant ORDER BY a.area_id LIMIT 1" },

    { VIEW_RESIDENT_CONTACT,
        "SELECT coalesce(nullif((SELECT value FROM setting WHERE tenant_id = t.tenant_id AND key ="
        "  'organisation_short_name'), ''), t.name) AS organisation,"
        " coalesce((SELECT value FROM setting WHERE tenant_id = t.tenant_id AND key = 'organisation_phone'), '') AS phone,"
        " t.zone_offset_s, EXISTS (SELECT 1 FROM setting WHERE tenant_id = t.tenant_id AND key = 'invoice_seller_tax_number'"
        "  AND value <> '') AS \"invoices!bool\", EXISTS (SELECT 1 FROM resident_binding i JOIN account k"
        "  ON k.customer_id = i.customer_id AND k.closed_s IS NULL JOIN device d ON d.device_id = k.device_id"
        "  WHERE i.resident_phone_id = :resident AND d.kind = 'hot_water') AS \"hot_water!bool\""
        " FROM tenant t WHERE t.tenant_id = :tenant" },

    { VIEW_RESIDENT_CUSTOMERS,
        "SELECT i.resident_binding_id AS binding_id, c.customer_id, c.number, c.name AS \"name!name\","
        " c.phones AS \"phones!phone\", r.login, i.bound_s FROM resident_binding i"
        " JOIN customer c ON c.customer_id = i.customer_id LEFT JOIN resident_login r ON r.customer_id = c.customer_id"
        " WHERE i.resident_phone_id = :resident ORDER BY i.resident_binding_id LIMIT 20" },

    { VIEW_RESIDENT_PHONES,
        "SELECT o.resident_binding_id AS binding_id, o.customer_id, f.name, o.bound_s, f.seen_s,"
        " f.resident_phone_id = :resident AS \"this!bool\" FROM resident_binding i"
        " JOIN resident_binding o ON o.customer_id = i.customer_id"
        " JOIN resident_phone f ON f.resident_phone_id = o.resident_phone_id"
        " WHERE i.resident_phone_id = :resident ORDER BY o.customer_id, f.seen_s DESC LIMIT 200" },

    { VIEW_RESIDENT_ACCOUNTS,
        "SELECT" ACCOUNT_COLUMNS "FROM resident_binding b CROSS JOIN account k ON k.customer_id = b.customer_id"
        ACCOUNT_JOINS "WHERE b.resident_phone_id = :resident AND k.tenant_id = :tenant AND k.closed_s IS NULL"
        " ORDER BY k.account_id LIMIT 50" },

    { VIEW_RESIDENT_ACCOUNT,
        "SELECT" ACCOUNT_COLUMNS ", (SELECT count(*) FROM payment_order o WHERE o.account_id = k.account_id"
        " AND o.created_s > :wall_s - 1800) AS orders FROM account k" ACCOUNT_JOINS
        "WHERE k.account_id = :object AND" VIEW_MINE },

    { VIEW_RESIDENT_CHARGES,
        VIEW_CHARGES("SELECT k.account_id, w.settled_day FROM account k" VIEW_STANDING_JOIN
                     "WHERE k.account_id = :object AND" VIEW_MINE, "0")
        "SELECT g.day AS \"day!cursor\", g.from_day AS \"from_day!day\", g.day AS \"day!day\","
        " g.to_total_value - g.from_total_value AS usage_value, g.from_total_value, g.to_total_value, g.cycle_used_value,"
        " g.amount_fen, d.kind AS device_kind FROM" VIEW_CHARGES_OF_PAGE "g CROSS JOIN account k ON k.account_id = g.account_id"
        " LEFT JOIN device d ON d.device_id = k.device_id ORDER BY g.day DESC" },

    { VIEW_RESIDENT_BILLS,
        "SELECT b.bill_id AS \"bill_id!cursor\"," BILL_COLUMNS "FROM account k" PLACE_JOINS
        "CROSS JOIN bill b ON b.account_id = k.account_id WHERE k.account_id = :object AND b.state <> 'reversed' AND" VIEW_MINE
        "AND b.bill_id < coalesce(:cursor, 9223372036854775807) ORDER BY b.bill_id DESC LIMIT :limit" },

    { VIEW_RESIDENT_BILL,
        "SELECT" BILL_COLUMNS ", f.name AS tariff_name FROM bill b CROSS JOIN account k ON k.account_id = b.account_id"
        PLACE_JOINS "LEFT JOIN tariff_version v ON v.tariff_version_id = b.tariff_version_id"
        " LEFT JOIN tariff f ON f.tariff_id = v.tariff_id WHERE b.bill_id = :object AND b.state <> 'reversed' AND" VIEW_MINE },

    { VIEW_RESIDENT_PAYMENTS,
        "SELECT y.payment_id AS \"payment_id!cursor\", y.payment_id, y.receipt, y.method, y.amount_fen, y.balance_fen, y.at_s,"
        " m.kind AS command_kind, m.state AS command_state FROM account k CROSS JOIN payment y ON y.account_id = k.account_id"
        " LEFT JOIN command m ON m.command_id = y.command_id WHERE k.account_id = :object AND" VIEW_MINE
        "AND y.payment_id < coalesce(:cursor, 9223372036854775807) ORDER BY y.payment_id DESC LIMIT :limit" },

    /* Uses of a hot-water tap: money kept aside when one begins, charged when it ends. */
    { VIEW_RESIDENT_USES,
        "SELECT h.hold_id AS \"hold_id!cursor\", h.hold_id, h.amount_fen AS held_fen, h.posted_fen, h.state, h.at_s,"
        " h.settled_s AS \"settled_s!time\" FROM account k CROSS JOIN transfer_hold h ON h.debit_account_id = k.wallet_id"
        " WHERE k.account_id = :object AND h.reference = k.account_id AND" VIEW_MINE
        "AND h.hold_id < coalesce(:cursor, 9223372036854775807) ORDER BY h.hold_id DESC LIMIT :limit" },

    { VIEW_RESIDENT_ORDER,
        "SELECT" ORDER_COLUMNS ", o.invitation_kind, o.invitation FROM payment_order o" ORDER_JOINS
        "WHERE o.payment_order_id = :object AND" VIEW_MINE },

    /* For who pays another's bill: the number of the order is as hard to guess as a password. */
    { VIEW_RESIDENT_LINK_ORDER,
        "SELECT o.trade_number, o.channel, o.amount_fen, o.state, o.created_s, o.expires_s, o.paid_s, o.invitation_kind,"
        " o.invitation, y.receipt FROM payment_order o LEFT JOIN payment y ON y.payment_id = o.payment_id"
        " WHERE o.trade_number = :trade_number" },

    { VIEW_RESIDENT_PAYER,
        "SELECT f.payer_id FROM resident_phone f WHERE f.resident_phone_id = :resident AND f.payer_channel = :channel"
        " AND f.payer_id <> ''" },

    { VIEW_RESIDENT_LINK_BILL,
        "SELECT b.number, c.name AS \"name!name\", d.kind AS device_kind, b.from_day AS \"from_day!day\","
        " b.to_day AS \"to_day!day\", b.due_day AS \"due_day!day\", b.state, " VIEW_BILL_OWED "AS due_fen,"
        " b.account_id, b.tenant_id, (SELECT count(*) FROM payment_order o WHERE o.account_id = b.account_id"
        "  AND o.created_s > :wall_s - 1800) AS orders"
        " FROM bill b CROSS JOIN account k ON k.account_id = b.account_id"
        " CROSS JOIN customer c ON c.customer_id = k.customer_id LEFT JOIN device d ON d.device_id = k.device_id"
        " WHERE b.bill_id = :bill" },

    { VIEW_CUSTOMER_RESIDENT,
        "SELECT c.customer_id, c.number, r.login, r.one_time AS \"one_time!bool\", r.issued_s,"
        " CASE WHEN r.locked_until_s > :wall_s THEN r.locked_until_s - :wall_s END AS locked_s"
        " FROM customer c LEFT JOIN resident_login r ON r.customer_id = c.customer_id"
        " WHERE c.customer_id = :object AND c.tenant_id = :tenant AND (:whole OR EXISTS (SELECT 1 FROM account k"
        "  JOIN area a ON a.area_id = k.area_id WHERE k.customer_id = c.customer_id AND" VIEW_IN_SCOPE "))" },

    { VIEW_CUSTOMER_PHONES,
        "SELECT i.resident_binding_id AS binding_id, f.name, i.bound_s, f.seen_s FROM customer c"
        " JOIN resident_binding i ON i.customer_id = c.customer_id"
        " JOIN resident_phone f ON f.resident_phone_id = i.resident_phone_id"
        " WHERE c.customer_id = :object AND c.tenant_id = :tenant AND (:whole OR EXISTS (SELECT 1 FROM account k"
        "  JOIN area a ON a.area_id = k.area_id WHERE k.customer_id = c.customer_id AND" VIEW_IN_SCOPE "))"
        " ORDER BY f.seen_s DESC LIMIT 20" },

    /* In a demonstration: who looks through the resident's eyes. */
    { VIEW_RESIDENT_DEMO,
        "SELECT r.customer_id, r.tenant_id, r.password_hash, r.locked_until_s, r.one_time FROM resident_login r"
        " WHERE r.one_time = 0 ORDER BY r.issued_s, r.customer_id LIMIT 1" },
};

const struct view_text_list view_texts_residents = { rows, sizeof rows / sizeof rows[0] };
