#include "store/sql/view_texts.h"

/* Views of meters that hold units, and of what all meters hold against what the books say. */

#define PLACE " trim(coalesce(p.name || ' ', '') || a.name || ' ' || coalesce(d.room, '')) AS place"

#define PARTS \
    " FROM told k JOIN customer c ON c.customer_id = k.customer_id JOIN area a ON a.area_id = k.area_id" \
    " LEFT JOIN area p ON p.area_id = a.parent_area_id AND p.kind <> 'company' JOIN device d ON d.device_id = k.device_id "

#define PENDING(column) \
    " (SELECT coalesce(sum(m." column "), 0) FROM command m WHERE m.device_id = k.device_id AND m.kind = 'recharge'" \
    "  AND m.finished_s IS NULL)"

#define SHARE_RUN_COLUMNS \
    " r.share_run_id, r.at_s, r.from_day AS \"from_day!day\", r.to_day AS \"to_day!day\", r.from_total_value," \
    " r.to_total_value, r.amount_fen, r.basis, r.weight_total, d.kind AS device_kind "

#define METER_CARRY \
    " u.money_carry_id, u.account_id, u.at_s, u.from_device_id, u.to_device_id, o.meter_number AS from_meter_number," \
    " n.meter_number AS to_meter_number, u.end_total_value, u.books_fen, u.shown_fen, u.shown_s AS \"shown_s!time\", u.amount_fen," \
    " u.state, n.kind AS device_kind, (SELECT v.approval_id FROM approval v WHERE v.kind = 'meter_carry'" \
    "  AND v.object_id = u.money_carry_id AND v.state = 'waiting') AS approval_id" \
    " FROM money_carry u JOIN account k ON k.account_id = u.account_id JOIN area a ON a.area_id = k.area_id" \
    " LEFT JOIN device o ON o.device_id = u.from_device_id LEFT JOIN device n ON n.device_id = u.to_device_id WHERE" VIEW_IN_SCOPE

static const struct view_text rows[] = {
    { VIEW_METER_CARRIES,
        "SELECT u.money_carry_id AS \"money_carry_id!cursor\"," METER_CARRY
        "AND u.account_id = :object AND (:cursor IS NULL OR u.money_carry_id < :cursor) ORDER BY u.money_carry_id DESC LIMIT :limit" },
    { VIEW_METER_CARRY, "SELECT" METER_CARRY "AND u.money_carry_id = :object" },

    { VIEW_UNIT_CARRIES,
        "SELECT u.unit_carry_id AS \"unit_carry_id!cursor\", u.unit_carry_id, u.at_s, u.from_device_id, u.to_device_id,"
        " o.meter_number AS from_meter_number, n.meter_number AS to_meter_number, n.kind AS device_kind, u.end_total_value,"
        " u.value AS units_value, u.worth_fen, u.shown_value, nullif(u.command_id, 0) AS command_id,"
        " (SELECT m.state FROM command m WHERE m.command_id = u.command_id) AS command_state, u.done_s"
        " FROM account k JOIN area a ON a.area_id = k.area_id JOIN unit_carry u ON u.account_id = k.account_id"
        " LEFT JOIN device o ON o.device_id = u.from_device_id LEFT JOIN device n ON n.device_id = u.to_device_id"
        " WHERE k.account_id = :object AND" VIEW_IN_SCOPE
        "AND u.unit_carry_id < coalesce(:cursor, 9223372036854775807) ORDER BY u.unit_carry_id DESC LIMIT :limit" },

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
        "AND u.unit_purchase_id < coalesce(:cursor, 9223372036854775807) ORDER BY u.unit_purchase_id DESC LIMIT :limit" },

    { VIEW_SHARE_RUNS,
        "SELECT r.share_run_id AS \"share_run_id!cursor\"," SHARE_RUN_COLUMNS
        ", (SELECT count(*) FROM share_part x WHERE x.share_run_id = r.share_run_id) AS parts"
        " FROM account k JOIN area a ON a.area_id = k.area_id JOIN share_run r ON r.public_account_id = k.account_id"
        " LEFT JOIN device d ON d.device_id = k.device_id WHERE k.account_id = :object AND" VIEW_IN_SCOPE
        "AND r.share_run_id < coalesce(:cursor, 9223372036854775807) ORDER BY r.share_run_id DESC LIMIT :limit" },

    { VIEW_SHARE_PARTS,
        "SELECT k.account_id AS \"account_id!cursor\", k.account_id, c.name AS \"customer_name!name\"," PLACE
        ", d.meter_number, d.kind AS device_kind, r.basis, x.ratio, x.from_value, x.to_value, x.weight, r.weight_total,"
        " x.amount_fen, r.amount_fen AS total_fen FROM share_run r CROSS JOIN share_part x ON x.share_run_id = r.share_run_id"
        " CROSS JOIN account k ON k.account_id = x.account_id CROSS JOIN customer c ON c.customer_id = k.customer_id"
        " CROSS JOIN area a ON a.area_id = k.area_id LEFT JOIN area p ON p.area_id = a.parent_area_id AND p.kind <> 'company'"
        " LEFT JOIN device d ON d.device_id = k.device_id WHERE r.share_run_id = :object AND" VIEW_IN_SCOPE
        "AND k.account_id > coalesce(:cursor, 0) ORDER BY k.account_id LIMIT :limit" },

    { VIEW_ACCOUNT_SHARE_PARTS,
        "SELECT r.share_run_id AS \"share_run_id!cursor\"," SHARE_RUN_COLUMNS
        ", x.ratio, x.from_value, x.to_value, x.weight, x.amount_fen AS part_fen, b.meter_number AS public_meter_number,"
        " b.kind AS public_kind FROM account k JOIN area a ON a.area_id = k.area_id"
        " JOIN share_part x ON x.account_id = k.account_id JOIN share_run r ON r.share_run_id = x.share_run_id"
        " JOIN account u ON u.account_id = r.public_account_id LEFT JOIN device b ON b.device_id = u.device_id"
        " LEFT JOIN device d ON d.device_id = k.device_id WHERE k.account_id = :object AND" VIEW_IN_SCOPE
        "AND r.share_run_id < coalesce(:cursor, 9223372036854775807) ORDER BY r.share_run_id DESC LIMIT :limit" },

    /* What is on its way is in the books already and not yet in the meter: it is no drift; nor is what an exchanged meter held
     * and two people have still to decide about. Of a meter whose customers' money
     * is in the platform the books say that it holds none. */
    { VIEW_METER_DRIFT,
        "WITH told AS MATERIALIZED (SELECT k.account_id, k.device_id, k.customer_id, k.area_id, k.payment_mode, k.holds_units,"
        " k.meter_credit_id, s.balance_fen, s.last_report_s FROM area a CROSS JOIN account k ON k.area_id = a.area_id"
        " CROSS JOIN device_state s ON s.device_id = k.device_id WHERE" VIEW_SLICE(VIEW_ACCOUNT_PATH, "k.account_id")
        "AND k.closed_s IS NULL AND s.last_report_s > 0 AND (k.payment_mode = 'prepaid_meter' OR k.holds_units = 1 OR s.balance_fen <> 0))"
        "SELECT q.account_id AS \"account_id!cursor\", q.account_id, device_id, meter_number, \"customer_name!name\", place,"
        " device_kind, owner, ledger_fen, meter_fen, pending_fen, books_value, meter_value, pending_value, report_s"
        " FROM (SELECT k.account_id, k.device_id, d.meter_number, d.kind AS device_kind, c.name AS \"customer_name!name\","
        PLACE ", 'meter_money' AS owner, l.credits_fen - l.debits_fen - coalesce((SELECT sum(u.books_fen) FROM money_carry u"
        "  WHERE u.account_id = k.account_id AND u.state <> 'done'), 0) AS ledger_fen, k.balance_fen AS meter_fen,"
        PENDING("amount_fen") " AS pending_fen, NULL AS books_value, NULL AS meter_value, NULL AS pending_value,"
        " k.last_report_s AS report_s, a.path AS path" PARTS "JOIN ledger_account l ON l.ledger_account_id = k.meter_credit_id"
        " WHERE k.payment_mode = 'prepaid_meter' AND k.holds_units = 0"
        " UNION ALL SELECT k.account_id, k.device_id, d.meter_number, d.kind, c.name," PLACE ", 'meter_units', NULL, NULL, NULL,"
        " u.books_value, u.shown_value," PENDING("value") ", u.shown_s, a.path" PARTS "JOIN meter_units u ON u.account_id = k.account_id"
        " WHERE k.holds_units = 1"
        " UNION ALL SELECT k.account_id, k.device_id, d.meter_number, d.kind, c.name," PLACE ", 'platform', 0, k.balance_fen, 0,"
        " NULL, NULL, NULL, k.last_report_s, a.path" PARTS "WHERE k.payment_mode <> 'prepaid_meter' AND k.balance_fen <> 0) q"
        " WHERE report_s IS NOT NULL AND (abs(meter_fen + pending_fen - ledger_fen) >= coalesce(:apart_fen, 1)"
        "  OR abs(meter_value + pending_value - books_value) >= coalesce(:apart_value, 20000)) ORDER BY path, q.account_id LIMIT :limit" },
};

const struct view_text_list view_texts_units = { rows, sizeof rows / sizeof rows[0] };
