#include "store/sql/payment_left.h"
#include "store/sql/view_texts.h"

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

/* What VIEW_OWED reads besides. */
#define OF_BALANCE \
    " LEFT JOIN device_state s ON s.device_id = k.device_id JOIN ledger_account l ON l.ledger_account_id = k.wallet_id "

#define SETTING(key_) " (SELECT value FROM setting s WHERE s.tenant_id = t.tenant_id AND s.key = '" key_ "') "

#define INVOICE_COLUMNS \
    " i.invoice_id, i.serial, i.state, i.number, i.red_number, i.reason, i.account_id, i.bill_id, b.number AS bill_number," \
    " i.payment_id, y.receipt, trim(coalesce(p.name || ' ', '') || a.name || ' ' || coalesce(d.room, '')) AS place," \
    " i.company AS \"company!bool\", i.buyer_title AS \"buyer_title!name\", i.buyer_tax_number AS \"buyer_tax_number!memo\"," \
    " i.buyer_contact AS \"buyer_contact!memo\", i.amount_fen, i.net_fen, i.tax_fen, n.display_name AS asked_by_name," \
    " i.asked_s, i.issued_s AS \"issued_s!time\", i.attempts, i.next_s AS \"next_s!time\", i.test AS \"test!bool\" "
#define INVOICE_JOINS \
    " FROM invoice i CROSS JOIN account k ON k.account_id = i.account_id" OF_ACCOUNT \
    "LEFT JOIN bill b ON b.bill_id = i.bill_id LEFT JOIN payment y ON y.payment_id = i.payment_id" \
    " LEFT JOIN person n ON n.person_id = i.asked_by "

/* An issued invoice on paper; `name` and `memo` say how the buyer is masked. */
#define INVOICE_PAPER(name, memo) \
    "SELECT i.number AS invoice_number, i.red_number, i.issued_s AS issued_on_s, i.buyer_title AS \"buyer_title" name "\"," \
    " i.buyer_tax_number AS \"buyer_tax_number" memo "\", i.seller_name, i.seller_tax_number, i.net_fen, i.tax_fen," \
    " i.amount_fen, b.number AS bill_number, y.receipt, n.display_name AS asked_by, i.code, i.test AS is_test," \
    ACCOUNT_COLUMNS INVOICE_JOINS

/* None that lives: the same words as the indices invoice_of_bill and invoice_of_payment. */
#define NOT_INVOICED(column) \
    " NOT EXISTS (SELECT 1 FROM invoice i WHERE i." column " AND i.state NOT IN ('refused','cancelled','red_lettered')) "

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
        "SELECT v.kind, v.paper, v.language, v.version, v.text <> '' AS \"is_own!bool\", v.saved_s,"
        " n.display_name AS saved_by_name FROM document_template v LEFT JOIN person n ON n.person_id = v.saved_by"
        " WHERE v.tenant_id = :tenant AND v.version = (SELECT max(w.version) FROM document_template w"
        "  WHERE w.tenant_id = v.tenant_id AND w.kind = v.kind AND w.paper = v.paper AND w.language = v.language)"
        " ORDER BY v.kind, v.paper, v.language LIMIT 1000" },

    { VIEW_DOCUMENT_TEMPLATE_VERSIONS,
        "SELECT v.version, v.text <> '' AS \"is_own!bool\", v.saved_s, n.display_name AS saved_by_name, v.note"
        " FROM document_template v LEFT JOIN person n ON n.person_id = v.saved_by"
        " WHERE v.tenant_id = :tenant AND v.kind = :kind AND v.paper = :paper AND v.language = :language"
        " ORDER BY v.version DESC LIMIT 1000" },

    { VIEW_DOCUMENT_RECEIPT,
        "SELECT y.receipt, y.amount_fen, nullif(y.late_fee_fen, 0) AS late_fee_fen, y.method, y.at_s AS paid_at_s, n.display_name AS cashier, y.undone_s <> 0 AS is_undone,"
        " CASE WHEN k.payment_mode = 'prepaid_meter' THEN NULL ELSE y.before_fen END AS before_fen,"
        " CASE WHEN k.payment_mode = 'prepaid_meter' THEN NULL ELSE y.balance_fen END AS balance_fen,"
        " CASE WHEN u.value > 0 THEN (u.value / 1000000) || '.' || substr('0' || (u.value % 1000000 / 10000), -2) || ' ' ||"
        "  iif(d.kind = 'electricity', 'kWh', 'm³') END AS units, u.cost_fen AS unit_cost_fen, u.wallet_fen AS unit_rest_fen," ACCOUNT_COLUMNS
        "FROM payment y CROSS JOIN account k ON k.account_id = y.account_id" OF_ACCOUNT
        "LEFT JOIN person n ON n.person_id = y.cashier"
        " LEFT JOIN unit_purchase u ON u.command_id = y.command_id AND u.command_id > 0"
        " WHERE y.payment_id = :object AND y.tenant_id = :tenant AND" VIEW_IN_SCOPE },

    { VIEW_DOCUMENT_BILL,
        "SELECT b.number AS bill_number, b.from_day AS \"from_day!day\", b.to_day AS \"to_day!day\","
        " b.from_total_value AS from_register_value, b.to_total_value AS to_register_value, b.usage_value, b.amount_fen,"
        " b.paid_fen, nullif(b.late_fee_fen +" VIEW_LATE_FEE_OPEN ", 0) AS late_fee_fen," VIEW_BILL_OWED "AS due_fen,"
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
        "WITH RECURSIVE" VIEW_WALLET_RUN "SELECT coalesce((SELECT balance_fen FROM run WHERE at_s < :from * 86400 - :zone_s"
        "  ORDER BY transfer_id DESC LIMIT 1), 0) AS opening_fen,"
        " coalesce((SELECT balance_fen FROM run WHERE at_s < (:to + 1) * 86400 - :zone_s"
        "  ORDER BY transfer_id DESC LIMIT 1), 0) AS closing_fen, coalesce(sum(debit), 0) AS debits_fen,"
        " coalesce(sum(credit), 0) AS credits_fen, count(*) AS count FROM run"
        " WHERE at_s >= :from * 86400 - :zone_s AND at_s < (:to + 1) * 86400 - :zone_s" },

    { VIEW_DOCUMENT_STATEMENT_ROWS,
        "WITH RECURSIVE" VIEW_WALLET_RUN "SELECT at_s, kind AS transfer, nullif(debit, 0) AS debit_fen, nullif(credit, 0) AS credit_fen,"
        " balance_fen, transfer_id AS reference FROM run"
        " WHERE at_s >= :from * 86400 - :zone_s AND at_s < (:to + 1) * 86400 - :zone_s ORDER BY transfer_id LIMIT 5001" },

    { VIEW_DOCUMENT_CLOSING,
        "SELECT CAST(g.closing_id AS TEXT) AS closing_number, g.kind AS closing_kind, g.state AS closing_state,"
        " g.to_day - 1 AS \"last_day!day\", g.total_value AS register_value, g.reading AS reading_kind, g.reason,"
        " w.name AS \"new_customer_name!name\", g.payee AS \"payee!name\", g.bank, g.bank_account AS \"bank_account!memo\","
        " s.display_name AS asked_by, g.asked_s AS asked_at_s, e.display_name AS approved_by, g.done_s AS done_at_s, v.figures,"
        ACCOUNT_COLUMNS "FROM closing g CROSS JOIN account k ON k.account_id = g.account_id" OF_ACCOUNT
        "LEFT JOIN customer w ON w.customer_id = g.new_customer_id LEFT JOIN person s ON s.person_id = g.asked_by"
        " LEFT JOIN approval v ON v.approval_id = (SELECT max(x.approval_id) FROM approval x WHERE x.kind = 'closing'"
        "  AND x.object_id = g.closing_id AND x.tenant_id = :tenant) LEFT JOIN person e ON e.person_id = v.decided_by"
        " WHERE g.closing_id = :object AND g.tenant_id = :tenant AND" VIEW_IN_SCOPE },

    { VIEW_DOCUMENT_NOTICE,
        "SELECT c.number AS number," VIEW_OWED "AS amount_fen, CASE k.payment_mode WHEN 'postpaid' THEN NULL"
        " WHEN 'prepaid_meter' THEN s.balance_fen ELSE l.credits_fen - l.debits_fen END AS balance_fen,"
        " (SELECT count(*) FROM bill b WHERE b.account_id = k.account_id AND b.state = 'issued') AS count,"
        " (SELECT min(b.due_day) FROM bill b WHERE b.account_id = k.account_id AND b.state = 'issued') AS \"oldest_day!day\","
        ACCOUNT_COLUMNS "FROM account k" OF_ACCOUNT OF_BALANCE
        "WHERE k.account_id = :object AND k.tenant_id = :tenant AND" VIEW_IN_SCOPE },

    { VIEW_DOCUMENT_NOTICE_BILLS,
        "SELECT b.bill_id, b.number AS bill_number, b.from_day AS \"from_day!day\", b.to_day AS \"to_day!day\", b.amount_fen,"
        " b.paid_fen, nullif(b.late_fee_fen +" VIEW_LATE_FEE_OPEN ", 0) AS late_fee_fen," VIEW_BILL_OWED "AS due_fen, b.due_day AS \"due_day!day\","
        " CASE WHEN b.due_day < :today THEN :today - b.due_day END AS overdue"
        " FROM account k CROSS JOIN area a ON a.area_id = k.area_id CROSS JOIN bill b ON b.account_id = k.account_id"
        " WHERE k.account_id = :object AND k.tenant_id = :tenant AND" VIEW_IN_SCOPE "AND b.state = 'issued'"
        " ORDER BY b.due_day, b.bill_id LIMIT 5001" },

    /* Who stands in the list of arrears and owes something. */
    { VIEW_DOCUMENT_NOTICES,
        "SELECT k.account_id AS \"account_id!cursor\", k.account_id FROM account k" OF_ACCOUNT OF_BALANCE
        "WHERE" VIEW_IN_SCOPE "AND k.tenant_id = :tenant AND k.closed_s IS NULL AND (:stage IS NULL OR k.stage = :stage)"
        " AND (k.stage <> 'good' OR EXISTS (SELECT 1 FROM bill b WHERE b.account_id = k.account_id AND b.state = 'issued'"
        "  AND b.due_day < :today)) AND" VIEW_OWED "> 0"
        " AND k.account_id > coalesce(:cursor, 0) ORDER BY k.account_id LIMIT :limit" },

    { VIEW_DOCUMENT_INVOICE,
        INVOICE_PAPER("!name", "!memo") "WHERE i.invoice_id = :object AND i.tenant_id = :tenant AND" VIEW_IN_SCOPE },

    /* Residents see whole what they or their family typed themselves. */
    { VIEW_RESIDENT_INVOICE_PAPER, INVOICE_PAPER("", "") "WHERE i.invoice_id = :object AND" VIEW_MINE },

    { VIEW_RESIDENT_INVOICES,
        "SELECT i.invoice_id AS \"invoice_id!cursor\", i.invoice_id, i.state, i.number, iif(i.state = 'refused', i.reason, '')"
        " AS reason, coalesce(b.number, y.receipt) AS of_number, i.bill_id, i.payment_id, i.buyer_title, i.buyer_tax_number,"
        " i.buyer_contact, i.amount_fen, i.tax_fen, i.asked_s, i.issued_s AS \"issued_s!time\", i.test AS \"test!bool\""
        INVOICE_JOINS "WHERE i.account_id = :object AND" VIEW_MINE
        "AND i.invoice_id < coalesce(:cursor, 9223372036854775807) ORDER BY i.invoice_id DESC LIMIT :limit" },

    /* What an invoice can be asked for, and how much it would say: as the core judges it (invoice_store.h). */
    { VIEW_RESIDENT_INVOICE_BASES,
        "SELECT * FROM (SELECT b.bill_id, NULL AS payment_id, b.number AS of_number, b.amount_fen, b.issued_s AS at_s,"
        "  b.from_day AS \"from_day!day\", b.to_day AS \"to_day!day\" FROM account k CROSS JOIN bill b"
        "  ON b.account_id = k.account_id WHERE k.account_id = :object AND" VIEW_MINE "AND b.state <> 'reversed'"
        "  AND b.amount_fen > 0 AND" NOT_INVOICED("bill_id = b.bill_id")
        " UNION ALL SELECT NULL, y.payment_id, y.receipt," PAYMENT_LEFT ", y.at_s, NULL, NULL FROM account k CROSS JOIN payment y"
        "  ON y.account_id = k.account_id WHERE k.account_id = :object AND" VIEW_MINE "AND y.undone_s = 0"
        "  AND k.payment_mode <> 'postpaid' AND" NOT_INVOICED("payment_id = y.payment_id")
        ") WHERE amount_fen > 0 ORDER BY at_s DESC LIMIT 50" },

    { VIEW_RESIDENT_INVOICE_BASE,
        "SELECT k.account_id FROM account k WHERE k.account_id = :object AND" VIEW_MINE
        "AND (EXISTS (SELECT 1 FROM bill b WHERE b.bill_id = :bill_id AND b.account_id = k.account_id)"
        " OR EXISTS (SELECT 1 FROM payment y WHERE y.payment_id = :payment_id AND y.account_id = k.account_id))" },

    { VIEW_INVOICES,
        "SELECT i.invoice_id AS \"invoice_id!cursor\"," INVOICE_COLUMNS INVOICE_JOINS
        "WHERE i.tenant_id = :tenant AND" VIEW_IN_SCOPE "AND (:state IS NULL OR i.state = :state)"
        " AND (:account_id IS NULL OR i.account_id = :account_id) AND (:bill_id IS NULL OR i.bill_id = :bill_id)"
        " AND (:payment_id IS NULL OR i.payment_id = :payment_id)"
        " AND i.invoice_id < coalesce(:cursor, 9223372036854775807) ORDER BY i.invoice_id DESC LIMIT :limit" },

    { VIEW_INVOICE,
        "SELECT" INVOICE_COLUMNS ", i.seller_name, i.seller_tax_number, i.code" INVOICE_JOINS
        "WHERE i.invoice_id = :object AND i.tenant_id = :tenant AND" VIEW_IN_SCOPE },

    { VIEW_INVOICE_LINES,
        "SELECT l.line, l.item, l.code, l.category, l.rate_e8, l.amount_fen, l.net_fen, l.tax_fen FROM invoice_line l"
        " WHERE l.invoice_id = :object AND EXISTS (SELECT 1 FROM invoice i JOIN account k ON k.account_id = i.account_id"
        "  JOIN area a ON a.area_id = k.area_id WHERE i.invoice_id = :object AND" VIEW_IN_SCOPE ") ORDER BY l.line" },
};

const struct view_text_list view_texts_documents = { rows, sizeof rows / sizeof rows[0] };
