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

#endif
