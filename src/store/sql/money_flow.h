/* Which transfers are revenue and which are receipts: one text for the sums that are kept and for what they do not hold yet. */
#ifndef STORE_SQL_MONEY_FLOW_H
#define STORE_SQL_MONEY_FLOW_H

/* The first day of the month of a day. */
#define MONEY_MONTH(day) "CAST(strftime('%s', " day " * 86400, 'unixepoch', 'start of month') AS INTEGER) / 86400"

#define MONEY_OUTER(side) side ".kind IN ('revenue', 'cash', 'channel')"

/* Rows (tenant_id, area_id, flow, day, name, amount_fen, transfers), grouped. One side of such a transfer is outer - revenue,
 * the till or a channel -, the other one belongs to a customer, whose account gives the area, or is clearing, whose transfers
 * to revenue are the sums of one area and name it; 0 when there is none.
 * condition  on the transfer t; CROSS JOIN keeps the order of the transfers */
#define MONEY_FLOWS(condition) \
    "SELECT t.tenant_id AS tenant_id, coalesce(k.area_id, m.area_id," \
    " iif('clearing' IN (d.kind, c.kind), t.reference, 0)) AS area_id," \
    " iif('revenue' IN (d.kind, c.kind), 'revenue', 'receipt') AS flow, (t.at_s + n.zone_offset_s) / 86400 AS day," \
    " CASE iif(" MONEY_OUTER("d") ", d.kind, c.kind) WHEN 'cash' THEN 'cash' ELSE iif(" MONEY_OUTER("d") ", d.name, c.name) END" \
    "  AS name, sum(iif(c.kind = 'revenue' OR d.kind IN ('cash', 'channel'), t.amount_fen, -t.amount_fen)) AS amount_fen," \
    " count(*) AS transfers FROM transfer t CROSS JOIN tenant n ON n.tenant_id = t.tenant_id" \
    " CROSS JOIN ledger_account d ON d.ledger_account_id = t.debit_account_id" \
    " CROSS JOIN ledger_account c ON c.ledger_account_id = t.credit_account_id" \
    " LEFT JOIN account k ON k.wallet_id = iif(" MONEY_OUTER("d") ", t.credit_account_id, t.debit_account_id)" \
    "  AND k.main_account_id = 0" \
    " LEFT JOIN account m ON m.meter_credit_id = iif(" MONEY_OUTER("d") ", t.credit_account_id, t.debit_account_id)" \
    "  AND m.meter_credit_id <> 0" \
    " WHERE (" MONEY_OUTER("d") ") <> (" MONEY_OUTER("c") ") AND " condition " GROUP BY 1, 2, 3, 4, 5"

/* The tables of a WITH RECURSIVE: `flow`, those rows, and `above`, each area among them with itself and every area above. */
#define MONEY_FLOWS_ABOVE(condition) \
    " flow AS MATERIALIZED (" MONEY_FLOWS(condition) ")," \
    " above(area_id, at) AS (SELECT DISTINCT area_id, area_id FROM flow WHERE area_id <> 0" \
    "  UNION ALL SELECT above.area_id, a.parent_area_id FROM above JOIN area a ON a.area_id = above.at" \
    "  WHERE a.parent_area_id IS NOT NULL) "

/* A table of a WITH: `booked` (tenant_id, kind, name, at_day, value_day, debits_fen, credits_fen), what transfers debited and credited of each
 * book of the company by their days.
 * condition  on the transfer t; CROSS JOIN keeps the order of the transfers */
#define BOOKED(condition) \
    " posted AS MATERIALIZED (SELECT t.tenant_id AS tenant_id, t.debit_account_id AS debit, t.credit_account_id AS credit, t.amount_fen AS amount_fen," \
    "  (t.at_s + n.zone_offset_s) / 86400 AS at_day, (t.value_s + n.zone_offset_s) / 86400 AS value_day" \
    "  FROM transfer t CROSS JOIN tenant n ON n.tenant_id = t.tenant_id WHERE " condition ")," \
    " sided AS (SELECT tenant_id, debit AS account, at_day, value_day, sum(amount_fen) AS debits_fen, 0 AS credits_fen FROM posted GROUP BY 1, 2, 3, 4" \
    "  UNION ALL SELECT tenant_id, credit, at_day, value_day, 0, sum(amount_fen) FROM posted GROUP BY 1, 2, 3, 4)," \
    " booked AS MATERIALIZED (SELECT s.tenant_id AS tenant_id, l.kind AS kind, l.name AS name, s.at_day AS at_day, s.value_day AS value_day," \
    "  sum(s.debits_fen) AS debits_fen, sum(s.credits_fen) AS credits_fen FROM sided s" \
    "  CROSS JOIN ledger_account l ON l.ledger_account_id = s.account GROUP BY 1, 2, 3, 4, 5) "

/* The rows of book_day that `booked` comes to. */
#define BOOKED_DAYS \
    "SELECT tenant_id, 0 AS by_value, at_day AS day, kind, name, sum(debits_fen) AS debits_fen, sum(credits_fen) AS credits_fen FROM booked" \
    " GROUP BY tenant_id, at_day, kind, name UNION ALL SELECT tenant_id, 1, value_day, kind, name, sum(debits_fen), sum(credits_fen) FROM booked" \
    " GROUP BY tenant_id, value_day, kind, name"

#endif
