#include "store/sql/view_texts.h"

/* Views of partners, and what the open interfaces answer. Those take :partner and :limited (1: only the devices of
 * table partner_device) besides the jurisdiction, so that no interface can forget either. */

#define PERMITTED \
    " (:limited = 0 OR d.device_id IN (SELECT x.device_id FROM partner_device x WHERE x.partner_id = :partner)) "

#define PARTNER_COLUMNS \
    " t.partner_id, t.name, t.area_id, a.name AS area_name, t.interfaces AS \"interfaces!json\", t.networks," \
    " t.per_minute, t.closings_per_day, t.is_signed AS \"is_signed!bool\", t.reveal AS \"reveal!bool\"," \
    " t.disabled AS \"disabled!bool\", t.created_s," \
    " (SELECT json_group_array(x.device_id) FROM partner_device x WHERE x.partner_id = t.partner_id)" \
    "  AS \"device_ids!json\"," \
    " (SELECT count(*) FROM partner_token k WHERE k.partner_id = t.partner_id AND k.revoked_s = 0" \
    "  AND k.expires_s > :wall_s) AS tokens_good," \
    " (SELECT max(k.used_s) FROM partner_token k WHERE k.partner_id = t.partner_id) AS \"used_s!time\" "

/* What is left on the platform or, where the meter holds the money, on the meter as it last said. */
#define REMAINING_FEN \
    "CASE k.payment_mode WHEN 'prepaid_meter' THEN CASE WHEN s.last_received_s > 0 THEN s.balance_fen END" \
    " WHEN 'prepaid_platform' THEN l.credits_fen - l.debits_fen END"

#define OWED_FEN \
    "CASE k.payment_mode WHEN 'postpaid' THEN " VIEW_OWED_BILLS \
    " WHEN 'prepaid_meter' THEN max(0, -coalesce(s.balance_fen, 0))" \
    " WHEN 'prepaid_platform' THEN max(0, l.debits_fen - l.credits_fen) END"

#define OPEN_DEVICE_COLUMNS \
    " d.device_id, d.meter_number, d.kind," VIEW_PLACE "AS place, k.payment_mode, " REMAINING_FEN " AS remaining_fen," \
    " CASE k.payment_mode WHEN 'prepaid_meter' THEN 'meter' WHEN 'prepaid_platform' THEN 'platform' END" \
    "  AS remaining_held_by, " OWED_FEN " AS owed_fen," \
    " CASE WHEN s.last_received_s > 0 THEN s.total_value END AS used_value," \
    " CASE WHEN s.last_received_s > 0 THEN s.total_value - " \
    "(SELECT r.total_value FROM midnights(d.device_id, :month_day, :month_day) r) END AS used_this_month_value," \
    " CASE WHEN s.last_received_s > 0 THEN s.register_value END AS register_value," \
    " CASE d.kind WHEN 'electricity' THEN 'mWh' WHEN 'heat' THEN 'J' ELSE 'ml' END AS unit," \
    " CASE WHEN s.last_received_s > 0 THEN s.valve_state END AS valve_state," \
    " s.last_received_s AS \"reported_s!time\" "

#define OPEN_DEVICE_JOINS \
    " LEFT JOIN device_state s ON s.device_id = d.device_id" \
    " LEFT JOIN account k ON k.device_id = d.device_id AND k.closed_s IS NULL" \
    " LEFT JOIN ledger_account l ON l.ledger_account_id = k.wallet_id "

/* A top-up that a meter must take over is there when the meter said so, not when we booked it. */
#define TOP_UP_STATE \
    "CASE WHEN m.kind = 'recharge' THEN CASE WHEN m.state IN ('executed', 'verified') THEN 'credited'" \
    " WHEN m.finished_s IS NULL THEN 'under_way' ELSE 'not_on_meter' END ELSE 'credited' END"

#define TOP_UP_COLUMNS \
    " y.payment_id AS top_up_id, k.device_id, k.account_id," \
    " CASE WHEN substr(y.key, 1, length(:key_prefix)) = :key_prefix THEN substr(y.key, length(:key_prefix) + 1) END AS trade_number," \
    " y.receipt, y.method, y.amount_fen, y.before_fen, y.balance_fen, y.at_s, " TOP_UP_STATE " AS state," \
    " y.will_restore AS \"will_restore!bool\", y.command_id, m.kind AS command_kind, m.state AS command_state "

#define ENDPOINT_COLUMNS \
    " e.endpoint_id, e.name, e.url, e.area_id, a.name AS area_name," \
    " '[\"' || replace(e.kinds, ',', '\",\"') || '\"]' AS \"kinds!json\", e.disabled AS \"disabled!bool\", e.failures," \
    " e.reached_s AS \"reached_s!time\", e.failed_s AS \"failed_s!time\", e.paused_until_s AS \"paused_until_s!time\"," \
    " e.rotated_s AS \"rotated_s!time\", e.created_s," \
    " (SELECT count(*) FROM message m WHERE m.recipient = CAST(e.endpoint_id AS TEXT) AND m.channel = 5" \
    "  AND m.state IN (1, 2)) AS waiting "

#define DELIVERY_STATE \
    " CASE m.state WHEN 1 THEN 'waiting' WHEN 2 THEN 'sending' WHEN 4 THEN 'delivered' WHEN 6 THEN 'dead' ELSE 'kept' END "

#define DELIVERY_COLUMNS \
    " m.message_id AS delivery_id, CAST(m.recipient AS INTEGER) AS endpoint_id, e.name AS endpoint_name, m.text AS event_id," \
    " m.kind, nullif(max(m.account_id, 0), 0) AS account_id," DELIVERY_STATE "AS state, m.attempts, m.reason, m.created_s," \
    " m.due_s, m.ended_s AS \"ended_s!time\", m.words AS \"body!json\" "
#define DELIVERY_JOINS \
    " CROSS JOIN area a ON a.area_id = m.area_id LEFT JOIN webhook_endpoint e ON e.endpoint_id = CAST(m.recipient AS INTEGER) "

#define STATES(bit, name) " (s.status & " bit ") <> 0 AS \"" name "!bool\""

static const struct view_text rows[] = {
    { VIEW_WEBHOOK_ENDPOINTS,
        "SELECT e.endpoint_id AS \"endpoint_id!cursor\"," ENDPOINT_COLUMNS
        "FROM webhook_endpoint e CROSS JOIN area a ON a.area_id = e.area_id WHERE" VIEW_IN_SCOPE
        "AND e.endpoint_id > coalesce(:cursor, 0) ORDER BY e.endpoint_id LIMIT :limit" },

    { VIEW_WEBHOOK_ENDPOINT,
        "SELECT" ENDPOINT_COLUMNS "FROM webhook_endpoint e CROSS JOIN area a ON a.area_id = e.area_id"
        " WHERE e.endpoint_id = :object AND" VIEW_IN_SCOPE },

    { VIEW_WEBHOOK_DELIVERIES,
        "SELECT m.message_id AS \"message_id!cursor\"," DELIVERY_COLUMNS
        "FROM message m INDEXED BY message_delivery" DELIVERY_JOINS
        "WHERE m.tenant_id = :tenant AND m.channel = 5 AND" VIEW_IN_SCOPE
        "AND (:endpoint_id IS NULL OR m.recipient = CAST(:endpoint_id AS TEXT))"
        " AND (:state IS NULL OR :state =" DELIVERY_STATE ") AND (:kind IS NULL OR m.kind = :kind)"
        " AND m.message_id < coalesce(:cursor, 9223372036854775807) ORDER BY m.message_id DESC LIMIT :limit" },

    { VIEW_WEBHOOK_DELIVERY,
        "SELECT" DELIVERY_COLUMNS "FROM message m" DELIVERY_JOINS
        "WHERE m.message_id = :object AND m.tenant_id = :tenant AND m.channel = 5 AND" VIEW_IN_SCOPE },

    { VIEW_PARTNERS,
        "SELECT t.partner_id AS \"partner_id!cursor\"," PARTNER_COLUMNS
        "FROM partner t CROSS JOIN area a ON a.area_id = t.area_id WHERE" VIEW_IN_SCOPE
        "AND t.partner_id > coalesce(:cursor, 0) ORDER BY t.partner_id LIMIT :limit" },

    { VIEW_PARTNER,
        "SELECT" PARTNER_COLUMNS "FROM partner t CROSS JOIN area a ON a.area_id = t.area_id"
        " WHERE t.partner_id = :object AND" VIEW_IN_SCOPE },

    { VIEW_PARTNER_TOKENS,
        "SELECT k.token_id, k.hint, k.created_s, k.expires_s, k.revoked_s AS \"revoked_s!time\","
        " k.used_s AS \"used_s!time\", k.used_from, k.revoked_s = 0 AND k.expires_s > :wall_s AS \"good!bool\""
        " FROM partner_token k CROSS JOIN partner t ON t.partner_id = k.partner_id"
        " CROSS JOIN area a ON a.area_id = t.area_id"
        " WHERE k.partner_id = :object AND" VIEW_IN_SCOPE "ORDER BY k.token_id DESC LIMIT 50" },

    /* In the order that open_admission.c reads. */
    { VIEW_PARTNER_CALLER,
        "SELECT t.partner_id, k.token_id, t.person_id, t.tenant_id, t.name, t.area_id, a.path, n.zone_offset_s,"
        " a.parent_area_id IS NULL AS whole, k.expires_s, k.revoked_s, k.used_s, t.disabled, t.networks, t.per_minute,"
        " t.is_signed, t.reveal, t.interfaces,"
        " EXISTS (SELECT 1 FROM partner_device x WHERE x.partner_id = t.partner_id) AS limited"
        " FROM partner_token k CROSS JOIN partner t ON t.partner_id = k.partner_id"
        " CROSS JOIN area a ON a.area_id = t.area_id CROSS JOIN tenant n ON n.tenant_id = t.tenant_id"
        " WHERE k.token_hash = :token_hash" },

    { VIEW_OPEN_DEVICE,
        "SELECT" OPEN_DEVICE_COLUMNS "FROM device d" VIEW_JOIN_AREA OPEN_DEVICE_JOINS
        "WHERE d.device_id = :object AND" VIEW_IN_SCOPE "AND" VIEW_METER "AND" PERMITTED },

    { VIEW_OPEN_DEVICES,
        "SELECT d.device_id AS \"device_id!cursor\"," OPEN_DEVICE_COLUMNS "FROM device d" VIEW_JOIN_AREA OPEN_DEVICE_JOINS
        "WHERE" VIEW_IN_SCOPE "AND" VIEW_METER "AND d.removed_s IS NULL AND" PERMITTED
        "AND d.device_id > coalesce(:cursor, 0) ORDER BY d.device_id LIMIT :limit" },

    { VIEW_OPEN_CUSTOMER,
        "SELECT d.device_id, d.meter_number, d.kind," VIEW_PLACE "AS place, c.customer_id, c.number AS customer_number,"
        " c.name AS \"customer_name!name\", c.phones AS \"phones!phone\", k.account_id, k.payment_mode,"
        " f.name AS tariff_name, k.persons, k.low_balance_fen, k.stage, k.opened_s, d.installed_s"
        " FROM device d" VIEW_JOIN_AREA OPEN_DEVICE_JOINS
        "LEFT JOIN customer c ON c.customer_id = k.customer_id LEFT JOIN tariff f ON f.tariff_id = k.tariff_id"
        " WHERE d.device_id = :object AND" VIEW_IN_SCOPE "AND" VIEW_METER "AND" PERMITTED },

    { VIEW_OPEN_LOW,
        "SELECT k.account_id AS \"account_id!cursor\", k.account_id, c.number AS customer_number,"
        " c.name AS \"customer_name!name\", c.phones AS \"phones!phone\"," OPEN_DEVICE_COLUMNS
        "FROM account k CROSS JOIN customer c ON c.customer_id = k.customer_id"
        " CROSS JOIN device d ON d.device_id = k.device_id" VIEW_JOIN_AREA
        "LEFT JOIN device_state s ON s.device_id = d.device_id"
        " LEFT JOIN ledger_account l ON l.ledger_account_id = k.wallet_id"
        " WHERE k.tenant_id = :tenant AND k.closed_s IS NULL AND" VIEW_IN_SCOPE "AND" PERMITTED
        "AND " REMAINING_FEN " < :below_fen"
        " AND k.account_id > coalesce(:cursor, 0) ORDER BY k.account_id LIMIT :limit" },

    /* The account that the numbered top-up went to, else the present one of the device, else its last. */
    { VIEW_OPEN_ACCOUNT,
        "SELECT k.account_id FROM device d" VIEW_JOIN_AREA "CROSS JOIN account k ON k.device_id = d.device_id"
        " LEFT JOIN payment y ON y.account_id = k.account_id AND y.key = :key"
        " WHERE d.device_id = :object AND" VIEW_IN_SCOPE "AND" PERMITTED
        "ORDER BY y.payment_id IS NULL, k.closed_s IS NOT NULL, k.account_id DESC LIMIT 1" },

    { VIEW_OPEN_TOP_UP,
        "SELECT" TOP_UP_COLUMNS "FROM payment y CROSS JOIN account k ON k.account_id = y.account_id"
        " LEFT JOIN command m ON m.command_id = y.command_id"
        " WHERE y.key = :key AND EXISTS (SELECT 1 FROM device d JOIN area a ON a.area_id = d.area_id"
        "  WHERE d.device_id = :object AND" VIEW_IN_SCOPE "AND" PERMITTED
        "  AND (d.device_id = k.device_id OR EXISTS (SELECT 1 FROM device n WHERE n.device_id = k.device_id"
        "   AND n.replaces_device_id = d.device_id)))" },

    { VIEW_OPEN_TOP_UPS,
        "SELECT y.payment_id AS \"payment_id!cursor\"," TOP_UP_COLUMNS
        "FROM json_each(:device_ids) w CROSS JOIN device d ON d.device_id = CAST(w.value AS INTEGER)" VIEW_JOIN_AREA
        "CROSS JOIN account k ON k.device_id = d.device_id CROSS JOIN payment y ON y.account_id = k.account_id"
        " LEFT JOIN command m ON m.command_id = y.command_id"
        " WHERE" VIEW_IN_SCOPE "AND" PERMITTED "AND y.at_s >= :from_day * 86400 - :zone_s"
        " AND (:to_day IS NULL OR y.at_s < (:to_day + 1) * 86400 - :zone_s)"
        " AND y.payment_id > coalesce(:cursor, 0) ORDER BY y.payment_id LIMIT :limit" },

    { VIEW_OPEN_ABNORMAL,
        "SELECT d.device_id AS \"device_id!cursor\", d.device_id, d.meter_number, d.kind," VIEW_PLACE "AS place,"
        STATES("1", "cut") "," STATES("2", "fault") "," STATES("4", "alarm") "," STATES("8", "silent") ","
        " s.last_received_s AS \"reported_s!time\", s.alarm_bits,"
        " (SELECT json_group_array(json_object('event_id', e.event_id, 'kind', e.kind, 'severity', e.severity,"
        "  'raised_s', e.raised_s)) FROM (SELECT * FROM event e WHERE e.device_id = d.device_id AND e.cleared_s IS NULL"
        "  ORDER BY e.event_id DESC LIMIT 8) e) AS \"events!json\""
        " FROM device d" VIEW_JOIN_AREA "CROSS JOIN device_state s ON s.device_id = d.device_id"
        " WHERE" VIEW_IN_SCOPE "AND" VIEW_METER "AND d.removed_s IS NULL AND s.status <> 0 AND" PERMITTED
        "AND d.device_id > coalesce(:cursor, 0) ORDER BY d.device_id LIMIT :limit" },

    { VIEW_OPEN_CONTROL,
        "SELECT q.number AS request_number, q.mode, m.command_id, m.device_id, m.kind AS command_kind, m.state,"
        " m.outcome, m.requested_s, m.expires_s, m.finished_s AS \"finished_s!time\""
        " FROM partner_request q CROSS JOIN command m ON m.command_id = q.command_id"
        " WHERE q.partner_id = :partner AND q.number = :request_number AND m.tenant_id = :tenant" },
};

const struct view_text_list view_texts_partners = { rows, sizeof rows / sizeof rows[0] };
