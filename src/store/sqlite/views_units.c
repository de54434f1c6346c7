#include "store/sqlite/view_texts.h"

/* Views of meters that hold units, and of what all meters hold against what the books say. */

#define PLACE " trim(coalesce(p.name || ' ', '') || a.name || ' ' || coalesce(d.room, '')) AS place"

#define PARTS \
    " JOIN customer c ON c.customer_id = k.customer_id JOIN area a ON a.area_id = k.area_id" \
    " LEFT JOIN area p ON p.area_id = a.parent_area_id AND p.kind <> 'company'" \
    " JOIN device d ON d.device_id = k.device_id JOIN device_state s ON s.device_id = k.device_id AND s.last_report_s > 0 "

#define PENDING(column) \
    " (SELECT coalesce(sum(m." column "), 0) FROM command m WHERE m.device_id = k.device_id AND m.kind = 'recharge'" \
    "  AND m.finished_s IS NULL)"

static const struct view_text rows[] = {
    { VIEW_UNIT_PURCHASES,
        "SELECT u.unit_purchase_id AS \"unit_purchase_id!cursor\", u.unit_purchase_id, u.at_s, u.value AS units_value,"
        " d.kind AS device_kind, u.cost_fen, u.wallet_fen, u.taken_back AS \"taken_back!bool\","
        " nullif(u.command_id, 0) AS command_id,"
        " (SELECT m.state FROM command m WHERE m.command_id = u.command_id) AS command_state,"
        " (SELECT y.payment_id FROM payment y WHERE y.account_id = u.account_id AND y.command_id = u.command_id"
        "  AND u.command_id > 0) AS payment_id,"
        " (SELECT json_group_array(json_object('item', x.item, 'tier', x.tier, 'quantity_e4', x.quantity_e4,"
        "  'coefficient_e8', x.coefficient_e8, 'price_e8', x.price_e8, 'amount_fen', x.amount_fen))"
        "  FROM (SELECT * FROM unit_purchase_line l WHERE l.unit_purchase_id = u.unit_purchase_id ORDER BY l.line) x)"
        " AS \"lines!json\""
        " FROM account k JOIN area a ON a.area_id = k.area_id JOIN unit_purchase u ON u.account_id = k.account_id"
        " LEFT JOIN device d ON d.device_id = k.device_id WHERE k.account_id = :object AND" VIEW_IN_SCOPE
        "AND (:cursor IS NULL OR u.unit_purchase_id < :cursor) ORDER BY u.unit_purchase_id DESC LIMIT :limit" },

    /* What is on its way is in the books already and not yet in the meter: it is no drift. Of a meter whose customers' money
     * is in the platform the books say that it holds none. */
    { VIEW_METER_DRIFT,
        "SELECT account_id AS \"account_id!cursor\", account_id, device_id, meter_number, \"customer_name!name\", place,"
        " device_kind, owner, ledger_fen, meter_fen, pending_fen, books_value, meter_value, pending_value, report_s"
        " FROM (SELECT k.account_id, k.device_id, d.meter_number, d.kind AS device_kind, c.name AS \"customer_name!name\","
        PLACE ", 'meter_money' AS owner, l.credits_fen - l.debits_fen AS ledger_fen, s.balance_fen AS meter_fen,"
        PENDING("amount_fen") " AS pending_fen, NULL AS books_value, NULL AS meter_value, NULL AS pending_value,"
        " s.last_report_s AS report_s FROM account k JOIN ledger_account l ON l.ledger_account_id = k.meter_credit_id" PARTS
        " WHERE k.tenant_id = :tenant AND k.payment_mode = 'prepaid_meter' AND NOT k.holds_units AND k.closed_s IS NULL AND"
        VIEW_IN_SCOPE "AND (:cursor IS NULL OR k.account_id > :cursor)"
        " UNION ALL SELECT k.account_id, k.device_id, d.meter_number, d.kind, c.name," PLACE ", 'meter_units', NULL, NULL, NULL,"
        " u.books_value, u.shown_value," PENDING("value") ", u.shown_s"
        " FROM account k JOIN meter_units u ON u.account_id = k.account_id" PARTS
        " WHERE k.tenant_id = :tenant AND k.holds_units AND k.closed_s IS NULL AND" VIEW_IN_SCOPE
        "AND (:cursor IS NULL OR k.account_id > :cursor)"
        " UNION ALL SELECT k.account_id, k.device_id, d.meter_number, d.kind, c.name," PLACE ", 'platform', 0, s.balance_fen, 0,"
        " NULL, NULL, NULL, s.last_report_s FROM account k" PARTS
        " WHERE k.tenant_id = :tenant AND k.payment_mode <> 'prepaid_meter' AND s.balance_fen <> 0 AND k.closed_s IS NULL AND"
        VIEW_IN_SCOPE "AND (:cursor IS NULL OR k.account_id > :cursor))"
        " WHERE report_s IS NOT NULL AND (abs(meter_fen + pending_fen - ledger_fen) >= coalesce(:apart_fen, 1)"
        "  OR abs(meter_value + pending_value - books_value) >= coalesce(:apart_value, 20000)) ORDER BY account_id LIMIT :limit" },
};

const struct view_text_list view_texts_units = { rows, sizeof rows / sizeof rows[0] };
