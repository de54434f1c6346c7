#include "store/sqlite/view_texts.h"

/* Views of documents: what a receipt, a bill and a statement say. A column's name, without its unit, is the name that
 * templates know it by. */

#define ACCOUNT_COLUMNS \
    " c.name AS \"customer_name!name\", c.number AS customer_number," \
    " trim(coalesce(p.name || ' ', '') || a.name || ' ' || coalesce(d.room, '')) AS place, d.meter_number," \
    " d.kind AS device_kind "

#define OF_ACCOUNT \
    " CROSS JOIN customer c ON c.customer_id = k.customer_id CROSS JOIN area a ON a.area_id = k.area_id" \
    " LEFT JOIN area p ON p.area_id = a.parent_area_id AND p.kind <> 'company'" \
    " LEFT JOIN device d ON d.device_id = k.device_id "

#define SETTING(key_) " (SELECT value FROM setting s WHERE s.tenant_id = t.tenant_id AND s.key = '" key_ "') "

static const struct view_text rows[] = {
    { VIEW_DOCUMENT_ISSUER,
        "SELECT t.name AS organisation," SETTING("organisation_phone") "AS phone," SETTING("receipt_footer") "AS footer,"
        SETTING("public_address") "AS public_address," SETTING("receipt_paper") "AS receipt_paper,"
        " n.display_name AS printed_by FROM tenant t LEFT JOIN person n ON n.person_id = :person"
        " WHERE t.tenant_id = :tenant" },

    { VIEW_DOCUMENT_TEMPLATE,
        "SELECT v.text, v.version FROM document_template v WHERE v.tenant_id = :tenant AND v.kind = :kind"
        " AND v.paper = :paper AND v.language = :language AND (:version IS NULL OR v.version = :version)"
        " ORDER BY v.version DESC LIMIT 1" },

    { VIEW_DOCUMENT_TEMPLATES,
        "SELECT v.kind, v.paper, v.language, max(v.version) AS version, v.text <> '' AS \"is_own!bool\", v.saved_s,"
        " n.display_name AS saved_by_name FROM document_template v LEFT JOIN person n ON n.person_id = v.saved_by"
        " WHERE v.tenant_id = :tenant GROUP BY v.kind, v.paper, v.language LIMIT 1000" },

    { VIEW_DOCUMENT_TEMPLATE_VERSIONS,
        "SELECT v.version, v.text <> '' AS \"is_own!bool\", v.saved_s, n.display_name AS saved_by_name, v.note"
        " FROM document_template v LEFT JOIN person n ON n.person_id = v.saved_by"
        " WHERE v.tenant_id = :tenant AND v.kind = :kind AND v.paper = :paper AND v.language = :language"
        " ORDER BY v.version DESC LIMIT 1000" },

    { VIEW_DOCUMENT_RECEIPT,
        "SELECT y.receipt, y.amount_fen, y.method, y.at_s AS paid_at_s, n.display_name AS cashier, y.undone_s <> 0 AS is_undone,"
        " CASE WHEN k.payment_mode = 'prepaid_meter' THEN NULL ELSE y.before_fen END AS before_fen,"
        " CASE WHEN k.payment_mode = 'prepaid_meter' THEN NULL ELSE y.balance_fen END AS balance_fen," ACCOUNT_COLUMNS
        "FROM payment y CROSS JOIN account k ON k.account_id = y.account_id" OF_ACCOUNT
        "LEFT JOIN person n ON n.person_id = y.cashier"
        " WHERE y.payment_id = :object AND y.tenant_id = :tenant AND" VIEW_IN_SCOPE },

    { VIEW_DOCUMENT_BILL,
        "SELECT b.number AS bill_number, b.from_day AS \"from_day!day\", b.to_day AS \"to_day!day\","
        " b.from_total_value AS from_register_value, b.to_total_value AS to_register_value, b.usage_value, b.amount_fen,"
        " b.paid_fen, CASE b.state WHEN 'reversed' THEN 0 ELSE b.amount_fen - b.paid_fen END AS due_fen,"
        " b.due_day AS \"due_day!day\", b.issued_s AS issued_on_s, b.state AS bill_state, b.estimated AS is_estimated,"
        " f.name AS tariff," ACCOUNT_COLUMNS
        "FROM bill b CROSS JOIN account k ON k.account_id = b.account_id" OF_ACCOUNT
        "LEFT JOIN tariff_version v ON v.tariff_version_id = b.tariff_version_id"
        " LEFT JOIN tariff f ON f.tariff_id = v.tariff_id"
        " WHERE b.bill_id = :object AND b.tenant_id = :tenant AND" VIEW_IN_SCOPE },

    { VIEW_DOCUMENT_ACCOUNT,
        "SELECT" ACCOUNT_COLUMNS "FROM account k" OF_ACCOUNT "WHERE k.account_id = :object AND k.tenant_id = :tenant AND"
        VIEW_IN_SCOPE },

    { VIEW_DOCUMENT_STATEMENT,
        "WITH" VIEW_WALLET_RUN "SELECT coalesce((SELECT balance_fen FROM run WHERE at_s < :from * 86400 - :zone_s"
        "  ORDER BY transfer_id DESC LIMIT 1), 0) AS opening_fen,"
        " coalesce((SELECT balance_fen FROM run WHERE at_s < (:to + 1) * 86400 - :zone_s"
        "  ORDER BY transfer_id DESC LIMIT 1), 0) AS closing_fen, coalesce(sum(debit), 0) AS debits_fen,"
        " coalesce(sum(credit), 0) AS credits_fen, count(*) AS count FROM run"
        " WHERE at_s >= :from * 86400 - :zone_s AND at_s < (:to + 1) * 86400 - :zone_s" },

    { VIEW_DOCUMENT_STATEMENT_ROWS,
        "WITH" VIEW_WALLET_RUN "SELECT at_s, kind AS transfer, nullif(debit, 0) AS debit_fen, nullif(credit, 0) AS credit_fen,"
        " balance_fen, transfer_id AS reference FROM run"
        " WHERE at_s >= :from * 86400 - :zone_s AND at_s < (:to + 1) * 86400 - :zone_s ORDER BY transfer_id LIMIT 5001" },
};

const struct view_text_list view_texts_documents = { rows, sizeof rows / sizeof rows[0] };
