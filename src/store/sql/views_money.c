#include "store/sqlite/search_functions.h"
#include "store/sql/view_texts.h"

/* Views of customers, accounts, the cash desk, tariffs and arrears. */

#define ACCOUNT_COLUMNS \
    " k.account_id, k.customer_id, c.number AS customer_number, c.name AS \"customer_name!name\"," \
    " c.phones AS \"phones!phone\", k.device_id, d.meter_number, d.kind AS device_kind, k.area_id, a.name AS area_name," \
    " trim(coalesce(p.name || ' ', '') || a.name || ' ' || coalesce(d.room, '')) AS place, k.tariff_id," \
    " f.name AS tariff_name, k.payment_mode, k.persons, l.credits_fen - l.debits_fen AS balance_fen," \
    VIEW_OWED "AS owed_fen," \
    " iif(k.meter_credit_id > 0 AND k.holds_units = 0 AND s.last_received_s > 0, s.balance_fen, NULL)" \
    " AS meter_balance_fen," \
    " k.holds_units AS \"holds_units!bool\"," \
    " (SELECT shown_value FROM meter_units WHERE account_id = k.account_id) AS meter_units_value," \
    " k.stage, k.stage_since_s AS \"stage_since_s!time\", k.final_notice_s AS \"final_notice_s!time\"," \
    " k.low_balance_fen, k.overdraft_fen, k.restore_fen, k.grace_h, k.settlement_day, k.settlement_months," \
    " k.settlement_first_month, nullif(k.main_account_id, 0) AS main_account_id, k.is_public AS \"is_public!bool\"," \
    " w.settled_day AS \"settled_day!day\", w.settled_day AS \"billed_day!day\", w.cycle_used_value," \
    " iif(s.last_received_s > 0, s.valve_state, NULL) AS valve_state, coalesce(s.status, 0) AS status," \
    " c.protected_until_s, c.protected_reason AS \"protected_reason!memo\", k.opened_s, k.closed_s," \
    " iif(k.stage = 'final_notice', k.final_notice_s + k.grace_h * 3600, NULL) AS will_cut_s," \
    " iif(k.stage <> 'good' AND c.protected_until_s > :now_s, 'protected', NULL) AS blocked_reason "

/* The middle one of the newest nine payments: one slip of the finger among them does not move it. */
#define USUAL_PAYMENT \
    " (SELECT amount_fen FROM (SELECT amount_fen, row_number() OVER (ORDER BY amount_fen) AS at, count(*) OVER () AS n" \
    " FROM (SELECT amount_fen FROM payment WHERE account_id = k.account_id AND undone_s = 0" \
    " ORDER BY payment_id DESC LIMIT 9)) WHERE at = (n + 1) / 2) AS usual_fen "

#define ACCOUNT_JOINS \
    VIEW_STANDING_JOIN "CROSS JOIN customer c ON c.customer_id = k.customer_id CROSS JOIN area a ON a.area_id = k.area_id" ACCOUNT_MORE_JOINS
#define ACCOUNT_OF_AREA_JOINS VIEW_STANDING_JOIN "CROSS JOIN customer c ON c.customer_id = k.customer_id" ACCOUNT_MORE_JOINS
#define ACCOUNT_MORE_JOINS \
    " LEFT JOIN area p ON p.area_id = a.parent_area_id AND p.kind <> 'company'" \
    " LEFT JOIN device d ON d.device_id = k.device_id LEFT JOIN device_state s ON s.device_id = k.device_id" \
    " JOIN tariff f ON f.tariff_id = k.tariff_id JOIN ledger_account l ON l.ledger_account_id = k.wallet_id "

/* Of a share: what came from the public wallet to the paying one so far (the chain of its postings), and the sum of all
 * weights. */
#define SHARED(public_wallet, wallet) \
    " coalesce((WITH RECURSIVE chain(transfer_id) AS (SELECT last_transfer_id FROM ledger_account" \
    " WHERE ledger_account_id = " wallet " UNION ALL SELECT iif(t.debit_account_id = " wallet ", t.debit_before, t.credit_before)" \
    " FROM chain c CROSS JOIN transfer t ON t.transfer_id = c.transfer_id)" \
    " SELECT sum(iif(t.debit_account_id = " wallet ", t.amount_fen, -t.amount_fen)) FROM chain c" \
    " CROSS JOIN transfer t ON t.transfer_id = c.transfer_id WHERE t.kind = 'share'" \
    " AND " public_wallet " IN (t.debit_account_id, t.credit_account_id)), 0) AS shared_fen "
#define SHARE_TOTAL \
    " JOIN (SELECT x.public_account_id, sum(x.weight) AS weight FROM account_share x JOIN account y" \
    " ON y.account_id = x.account_id WHERE y.closed_s IS NULL GROUP BY 1) total" \
    " ON total.public_account_id = h.public_account_id"

/* Since when a household counts, and what counts outside these days. */
#define ACCOUNT_HOUSEHOLD \
    ", k.persons_before, nullif(k.persons_from_day, 0) AS \"persons_from!day\"," \
    " nullif(k.persons_until_day, 0) AS \"persons_until!day\" "

#define ACCOUNT_HELD \
    ", held_name(k.held_error) AS held, held_text(k.held_error, 'zh') AS held_zh, held_text(k.held_error, 'en') AS held_en "

#define ACCOUNT_NOTICES \
    ", (SELECT json_group_array(json_object('kind', o.kind, 'created_s', o.created_s)) FROM (SELECT kind, created_s" \
    " FROM notice WHERE account_id = k.account_id ORDER BY notice_id DESC LIMIT 6) o) AS \"notices!json\" "

/* A customer is seen by those who see one of their accounts; one without accounts by those who see the whole tenant. */
#define CUSTOMER_IN_SCOPE \
    " +c.tenant_id = :tenant AND (:whole OR EXISTS (SELECT 1 FROM account k JOIN area a ON a.area_id = k.area_id" \
    " WHERE k.customer_id = c.customer_id AND" VIEW_IN_SCOPE ")) "

#define CUSTOMER_COLUMNS \
    " c.customer_id, c.number, c.name AS \"name!name\", c.phones AS \"phones!phone\"," \
    " coalesce((SELECT sum(l.credits_fen - l.debits_fen) FROM account k JOIN ledger_account l" \
    "  ON l.ledger_account_id = k.wallet_id WHERE k.customer_id = c.customer_id AND k.main_account_id = 0), 0) AS balance_fen," \
    " coalesce((SELECT sum(" VIEW_OWED ") FROM account k JOIN ledger_account l ON l.ledger_account_id = k.wallet_id" \
    "  LEFT JOIN device_state s ON s.device_id = k.device_id WHERE k.customer_id = c.customer_id), 0) AS owed_fen," \
    " c.protected_until_s, c.protected_reason AS \"protected_reason!memo\" "

#define TIMELINE_ROWS " FROM account k JOIN area a ON a.area_id = k.area_id "
#define TIMELINE_WHERE " WHERE k.customer_id = :object AND" VIEW_IN_SCOPE

#define TARIFF_COLUMNS \
    " f.tariff_id, f.name, f.utility," \
    " coalesce((SELECT accounts FROM tariff_accounts WHERE tariff_id = f.tariff_id), 0) AS accounts "

/* ids   a query of customer_id in its order */
#define CUSTOMER_ROWS(ids) \
    "SELECT c.customer_id AS \"customer_id!cursor\", q.* FROM (" ids ") c" \
    " JOIN (SELECT" CUSTOMER_COLUMNS ", (SELECT count(*) FROM account k WHERE k.customer_id = c.customer_id" \
    "  AND k.closed_s IS NULL) AS accounts FROM customer c) q ON q.customer_id = c.customer_id"

#define FOUND_BY SEARCH_NUMBER SEARCH_NAME SEARCH_INITIALS SEARCH_ADDRESS SEARCH_METER

/* The customers with a phone that is typed whole, where there are such (phone): pieces of it need not be looked for then. */
#define WHOLE_PHONE " phone AS MATERIALIZED (SELECT * FROM (" VIEW_CUSTOMERS_BY_PHONE(":query") ") w WHERE length(:query) >= 10 AND :reveal)"
#define UNLESS_PHONE " iif(EXISTS (SELECT 1 FROM phone), '\"-\"', "

/* Numbers and places of a customer's meters, as a list. */
#define THEIR_METERS \
    " (SELECT group_concat(coalesce(d.meter_number, '') || ',' || coalesce(p.name, '') || a.name || coalesce(d.room, ''))" \
    " FROM account k JOIN area a ON a.area_id = k.area_id LEFT JOIN area p ON p.area_id = a.parent_area_id AND p.kind <> 'company'" \
    " LEFT JOIN device d ON d.device_id = k.device_id WHERE k.customer_id = c.customer_id) "

/* Accounts of the scope in the order of places. A customer (the cursor of its list) stands where the first of its accounts there is. */
#define FIRST_ACCOUNT(customer) \
    "(SELECT y.account_id FROM account y CROSS JOIN area x ON x.area_id = y.area_id WHERE y.customer_id = " customer \
    " AND x.path >= :path_low AND x.path < :path_high ORDER BY x.path, y.account_id LIMIT 1)"
#define CUSTOMER_PATH "SELECT x.path FROM account y CROSS JOIN area x ON x.area_id = y.area_id WHERE y.account_id = " FIRST_ACCOUNT(":cursor")
/* Accounts in arrears after the cursor: in a stage, or with a bill that is overdue. Each kind has an index of its own in the order of
 * accounts, so that neither looks at more than a page. */
#define ARREARS_ACCOUNTS \
    "SELECT account_id FROM (SELECT * FROM (SELECT k.account_id AS account_id FROM account k CROSS JOIN area a ON a.area_id = k.area_id" \
    "  WHERE k.stage <> 'good' AND k.closed_s IS NULL AND k.account_id > coalesce(:cursor, 0)" \
    "  AND (:stage IS NULL OR k.stage = :stage) AND" VIEW_IN_SCOPE "ORDER BY k.account_id LIMIT :limit) s" \
    " UNION SELECT * FROM (SELECT DISTINCT b.account_id AS account_id FROM bill b CROSS JOIN account k ON k.account_id = b.account_id" \
    "  CROSS JOIN area a ON a.area_id = k.area_id WHERE b.state = 'issued' AND b.due_day < :today" \
    "  AND b.account_id > coalesce(:cursor, 0) AND :stage IS NULL AND k.closed_s IS NULL AND" VIEW_IN_SCOPE \
    "  ORDER BY b.account_id LIMIT :limit) b) x ORDER BY account_id LIMIT :limit"

#define OF_AREAS " FROM area a CROSS JOIN account k ON k.area_id = a.area_id WHERE"

static const struct view_text rows[] = {
    { VIEW_CUSTOMERS,
        CUSTOMER_ROWS("SELECT c.customer_id FROM customer c WHERE" CUSTOMER_IN_SCOPE
        "AND c.customer_id > coalesce(:cursor, 0) ORDER BY c.customer_id LIMIT :limit") },

    /* Where :part_rows accounts after the cursor end, in the order of places; no row when there are fewer. */
    { VIEW_ACCOUNTS_STEP,
        "SELECT k.account_id" OF_AREAS VIEW_AFTER_CURSOR(VIEW_ACCOUNT_PATH(":cursor"), "k.account_id") "ORDER BY a.path, k.account_id LIMIT 1 OFFSET coalesce(:part_rows, 1) - 1" },

    /* The same to be counted, up to :limit: without what is shown of them. */
    { VIEW_CUSTOMERS_COUNT, "SELECT c.customer_id FROM customer c WHERE" CUSTOMER_IN_SCOPE "LIMIT :limit" },

    { VIEW_CUSTOMERS_IN_AREA,
        CUSTOMER_ROWS("SELECT k.customer_id" OF_AREAS " +a.tenant_id = :tenant AND a.path < :path_high"
        " AND a.path >= CASE WHEN coalesce((" CUSTOMER_PATH "), '') > :path_low THEN (" CUSTOMER_PATH ") ELSE :path_low END"
        " AND (a.path > coalesce((" CUSTOMER_PATH "), '') OR k.account_id > coalesce(" FIRST_ACCOUNT(":cursor") ", 0))"
        " AND k.account_id = " FIRST_ACCOUNT("k.customer_id") " ORDER BY a.path, k.account_id LIMIT :limit") },

    { VIEW_CUSTOMERS_IN_AREA_COUNT, "SELECT DISTINCT k.customer_id" OF_AREAS VIEW_IN_SCOPE "LIMIT :limit" },

    /* What :query finds: a whole phone alone, anything else by the search index. */
    { VIEW_CUSTOMERS_FOUND,
        "WITH" WHOLE_PHONE
        CUSTOMER_ROWS("SELECT * FROM (SELECT c.customer_id FROM phone o CROSS JOIN customer c ON c.customer_id = o.customer_id"
        " WHERE c.customer_id > coalesce(:cursor, 0) AND" CUSTOMER_IN_SCOPE "ORDER BY c.customer_id LIMIT :limit) o UNION ALL SELECT * FROM ("
        "SELECT c.customer_id FROM search_customer x CROSS JOIN customer c ON c.customer_id = x.rowid"
        " WHERE x.search_customer MATCH" UNLESS_PHONE "search_match(" VIEW_SEARCH_PATH ", :query, 15, iif(:reveal, '" FOUND_BY SEARCH_PHONE "', '" FOUND_BY "')))"
        " AND x.rowid > coalesce(:cursor, 0) AND" CUSTOMER_IN_SCOPE
        "AND search_holds(:query, 1, c.number, c.name, c.name_initials, iif(:reveal, c.phones, '')," THEIR_METERS ")"
        " ORDER BY x.rowid LIMIT :limit) x") },

    { VIEW_CUSTOMER,
        "SELECT" CUSTOMER_COLUMNS ", c.name_initials, c.created_s FROM customer c"
        " WHERE c.customer_id = :object AND (" CUSTOMER_IN_SCOPE "OR (c.tenant_id = :tenant"
        "  AND NOT EXISTS (SELECT 1 FROM account k WHERE k.customer_id = c.customer_id)))" }, /* just added */

    { VIEW_CUSTOMER_ACCOUNTS,
        "SELECT" ACCOUNT_COLUMNS "FROM account k" ACCOUNT_JOINS
        "WHERE k.customer_id = :object AND" VIEW_IN_SCOPE "ORDER BY k.account_id LIMIT 200" },

    { VIEW_CUSTOMER_TIMELINE,
        "SELECT at_s, kind, title, amount_fen, reference, state FROM ("
        "SELECT y.at_s, 'payment' AS kind, y.receipt AS title, y.amount_fen, y.payment_id AS reference,"
        " (SELECT m.state FROM command m WHERE m.command_id = y.command_id) AS state"
        TIMELINE_ROWS "JOIN payment y ON y.account_id = k.account_id" TIMELINE_WHERE
        "UNION ALL SELECT b.issued_s, 'bill', b.number, b.amount_fen, b.bill_id, b.state"
        TIMELINE_ROWS "JOIN bill b ON b.account_id = k.account_id" TIMELINE_WHERE
        "UNION ALL SELECT o.created_s, 'notice', o.kind, NULL, o.notice_id, o.channel"
        TIMELINE_ROWS "JOIN notice o ON o.account_id = k.account_id" TIMELINE_WHERE
        "UNION ALL SELECT m.requested_s, 'command', m.kind, nullif(m.amount_fen, 0), m.command_id, m.state"
        TIMELINE_ROWS "JOIN command m ON m.device_id = k.device_id" TIMELINE_WHERE
        "UNION ALL SELECT f.asked_s, 'refund', f.reason, -f.amount_fen, f.refund_id, f.state"
        TIMELINE_ROWS "JOIN refund f ON f.account_id = k.account_id" TIMELINE_WHERE
        "UNION ALL SELECT g.asked_s, 'closing', g.kind, NULL, g.closing_id, g.state"
        TIMELINE_ROWS "JOIN closing g ON g.account_id = k.account_id" TIMELINE_WHERE
        "UNION ALL SELECT k.opened_s, 'account_opened', k.payment_mode, NULL, k.account_id, NULL"
        TIMELINE_ROWS TIMELINE_WHERE
        ") ORDER BY at_s DESC LIMIT 100" },

    { VIEW_ACCOUNTS,
        "SELECT k.account_id AS \"account_id!cursor\"," ACCOUNT_COLUMNS "FROM account k" ACCOUNT_JOINS
        "WHERE" VIEW_IN_SCOPE "AND k.tenant_id = :tenant"
        " AND (:payment_mode IS NULL OR k.payment_mode = :payment_mode) AND (:stage IS NULL OR k.stage = :stage)"
        " AND k.account_id > coalesce(:cursor, 0) ORDER BY k.account_id LIMIT :limit" },

    { VIEW_ACCOUNTS_OF_CUSTOMER,
        "SELECT k.account_id AS \"account_id!cursor\"," ACCOUNT_COLUMNS "FROM account k" ACCOUNT_JOINS
        "WHERE k.customer_id = :customer_id AND" VIEW_IN_SCOPE
        "AND (:payment_mode IS NULL OR k.payment_mode = :payment_mode) AND (:stage IS NULL OR k.stage = :stage)"
        " AND k.account_id > coalesce(:cursor, 0) ORDER BY k.account_id LIMIT :limit" },

    { VIEW_ACCOUNTS_OF_MODE,
        "SELECT k.account_id AS \"account_id!cursor\"," ACCOUNT_COLUMNS "FROM account k" ACCOUNT_JOINS
        "WHERE" VIEW_IN_SCOPE "AND k.tenant_id = :tenant AND k.payment_mode = :payment_mode AND (:stage IS NULL OR k.stage = :stage)"
        " AND k.account_id > coalesce(:cursor, 0) ORDER BY k.account_id LIMIT :limit" },
    { VIEW_ACCOUNTS_OF_MODE_COUNT,
        "SELECT k.account_id FROM account k CROSS JOIN area a ON a.area_id = k.area_id WHERE" VIEW_IN_SCOPE
        "AND k.tenant_id = :tenant AND k.payment_mode = :payment_mode AND (:stage IS NULL OR k.stage = :stage) LIMIT :limit" },

    /* Most are in good standing: the others have an index. */
    { VIEW_ACCOUNTS_IN_STAGE,
        "SELECT k.account_id AS \"account_id!cursor\"," ACCOUNT_COLUMNS "FROM account k" ACCOUNT_JOINS
        "WHERE k.tenant_id = :tenant AND k.stage = :stage AND k.stage <> 'good' AND" VIEW_IN_SCOPE
        "AND (:payment_mode IS NULL OR k.payment_mode = :payment_mode)"
        " AND k.account_id > coalesce(:cursor, 0) ORDER BY k.account_id LIMIT :limit" },

    { VIEW_ACCOUNTS_IN_AREA,
        "SELECT k.account_id AS \"account_id!cursor\"," ACCOUNT_COLUMNS "FROM area a CROSS JOIN account k ON k.area_id = a.area_id"
        ACCOUNT_OF_AREA_JOINS "WHERE" VIEW_AFTER_CURSOR(VIEW_ACCOUNT_PATH(":cursor"), "k.account_id")
        "AND (:payment_mode IS NULL OR k.payment_mode = :payment_mode) AND (:stage IS NULL OR k.stage = :stage)"
        " ORDER BY a.path, k.account_id LIMIT :limit" },

    { VIEW_ACCOUNTS_IN_AREA_COUNT,
        "SELECT k.account_id" OF_AREAS VIEW_IN_SCOPE
        "AND (:payment_mode IS NULL OR k.payment_mode = :payment_mode) AND (:stage IS NULL OR k.stage = :stage) LIMIT :limit" },

    { VIEW_ACCOUNTS_COUNT,
        "SELECT k.account_id FROM account k CROSS JOIN area a ON a.area_id = k.area_id"
        " WHERE" VIEW_IN_SCOPE "AND k.tenant_id = :tenant"
        " AND (:payment_mode IS NULL OR k.payment_mode = :payment_mode) AND (:stage IS NULL OR k.stage = :stage) LIMIT :limit" },

    /* Few wait: the index holds them alone. */
    { VIEW_ACCOUNTS_HELD,
        "SELECT k.account_id AS \"account_id!cursor\"," ACCOUNT_COLUMNS ACCOUNT_HELD
        "FROM account k INDEXED BY account_held" ACCOUNT_JOINS
        "WHERE" VIEW_IN_SCOPE "AND k.tenant_id = :tenant AND k.held_error <> 0 AND k.closed_s IS NULL"
        " AND k.account_id > coalesce(:cursor, 0) ORDER BY k.account_id LIMIT :limit" },

    { VIEW_ACCOUNT,
        "SELECT" ACCOUNT_COLUMNS ", k.share_basis, (SELECT count(*) FROM account WHERE main_account_id = k.account_id"
        " AND main_account_id <> 0) AS group_members" ACCOUNT_HELD ACCOUNT_HOUSEHOLD ACCOUNT_NOTICES "FROM account k" ACCOUNT_JOINS
        "WHERE k.account_id = :object AND" VIEW_IN_SCOPE },

    { VIEW_ACCOUNT_MEASURES,
        "SELECT k.account_id, coalesce(m.area_e4, 0) AS area_e4, coalesce(m.capacity_e4, 0) AS capacity_e4,"
        " coalesce(m.contract_demand_e4, 0) AS contract_demand_e4 FROM account k JOIN area a ON a.area_id = k.area_id"
        " LEFT JOIN account_measure m ON m.account_id = k.account_id WHERE k.account_id = :object AND" VIEW_IN_SCOPE },

    { VIEW_DEVICE_ACCOUNT,
        "SELECT" ACCOUNT_COLUMNS ACCOUNT_NOTICES "FROM account k" ACCOUNT_JOINS
        "WHERE k.device_id = :object AND k.closed_s IS NULL AND" VIEW_IN_SCOPE "ORDER BY k.account_id LIMIT 1" },

    { VIEW_ACCOUNT_STATEMENT,
        "WITH RECURSIVE" VIEW_WALLET_RUN
        "SELECT transfer_id AS \"transfer_id!cursor\", transfer_id, at_s, kind, nullif(debit, 0) AS debit_fen,"
        " nullif(credit, 0) AS credit_fen, balance_fen, reference, reverses FROM run"
        " WHERE transfer_id < coalesce(:cursor, 9223372036854775807) ORDER BY transfer_id DESC LIMIT :limit" },

    { VIEW_ACCOUNT_MEMBERS,
        "SELECT k.account_id AS \"account_id!cursor\"," ACCOUNT_COLUMNS
        ", coalesce((" VIEW_CHARGES("SELECT k.account_id, w.settled_day", "0") " SELECT sum(amount_fen) FROM charge), 0) AS charged_fen"
        " FROM account k" ACCOUNT_JOINS "WHERE k.main_account_id = :object AND k.main_account_id <> 0 AND" VIEW_IN_SCOPE
        "AND k.account_id > coalesce(:cursor, 0) ORDER BY k.account_id LIMIT :limit" },

    { VIEW_ACCOUNT_SHARES,
        "SELECT k.account_id AS \"account_id!cursor\"," ACCOUNT_COLUMNS ", h.weight, total.weight AS total_weight,"
        SHARED("u.wallet_id", "k.wallet_id") "FROM account_share h CROSS JOIN account k ON k.account_id = h.account_id"
        " CROSS JOIN account u ON u.account_id = h.public_account_id" SHARE_TOTAL ACCOUNT_JOINS
        "WHERE h.public_account_id = :object AND k.closed_s IS NULL AND" VIEW_IN_SCOPE
        "AND k.account_id > coalesce(:cursor, 0) ORDER BY k.account_id LIMIT :limit" },

    { VIEW_ACCOUNT_SHARES_OF,
        "SELECT k.account_id AS \"account_id!cursor\"," ACCOUNT_COLUMNS ", h.weight, total.weight AS total_weight,"
        SHARED("k.wallet_id", "u.wallet_id") "FROM account_share h CROSS JOIN account k ON k.account_id = h.public_account_id"
        " CROSS JOIN account u ON u.account_id = h.account_id" SHARE_TOTAL ACCOUNT_JOINS
        "WHERE h.account_id = :object AND" VIEW_IN_SCOPE
        "AND k.account_id > coalesce(:cursor, 0) ORDER BY k.account_id LIMIT :limit" },

    { VIEW_ACCOUNT_CHARGES,
        VIEW_CHARGES("SELECT k.account_id, w.settled_day FROM account k" VIEW_STANDING_JOIN "JOIN area a USING (area_id)"
                     " WHERE k.account_id = :object AND" VIEW_IN_SCOPE, "0")
        "SELECT g.day AS \"day!cursor\", g.day AS \"day!day\", g.to_total_value - g.from_total_value AS usage_value,"
        " g.from_total_value, g.to_total_value, g.cycle_used_value, g.amount_fen, g.tariff_version_id, g.charged_s"
        " FROM" VIEW_CHARGES_OF_PAGE "g ORDER BY g.day DESC" },

    { VIEW_CASH_DESK_FIND,
        "WITH found(account_id) AS ("
        " SELECT * FROM (SELECT k.account_id FROM search_customer x CROSS JOIN customer c ON c.customer_id = x.rowid"
        "  CROSS JOIN account k ON k.customer_id = c.customer_id CROSS JOIN area a ON a.area_id = k.area_id"
        "  WHERE x.search_customer MATCH search_match(" VIEW_SEARCH_PATH ", :text, 15, '" FOUND_BY SEARCH_PHONE "') AND k.closed_s IS NULL"
        "  AND" VIEW_IN_SCOPE "AND search_holds(:text, 1, c.number, c.name, c.name_initials, c.phones," THEIR_METERS ")"
        "  ORDER BY x.rowid LIMIT 20)"
        " UNION SELECT * FROM (SELECT k.account_id FROM search_device x CROSS JOIN device d ON d.device_id = x.rowid"
        "  CROSS JOIN account k ON k.device_id = d.device_id CROSS JOIN area a ON a.area_id = k.area_id"
        "  WHERE x.search_device MATCH (search_match(" VIEW_SEARCH_PATH ", :room, 8, '" SEARCH_ROOM "')"
        "   || iif(:place IS NULL, '', ' AND ' || search_match(" VIEW_SEARCH_PATH ", :place, 1, '" SEARCH_PLACE "')))"
        "  AND d.room = :room AND k.closed_s IS NULL AND" VIEW_IN_SCOPE "ORDER BY x.rowid LIMIT 20))"
        "SELECT" ACCOUNT_COLUMNS "," USUAL_PAYMENT "FROM found CROSS JOIN account k USING (account_id)" ACCOUNT_JOINS
        "WHERE k.closed_s IS NULL AND" VIEW_IN_SCOPE "ORDER BY 1 LIMIT 20" },

    /* The same where a whole phone is typed. */
    { VIEW_CASH_DESK_PHONE,
        "SELECT" ACCOUNT_COLUMNS "," USUAL_PAYMENT "FROM (" VIEW_CUSTOMERS_BY_PHONE(":text") ") o CROSS JOIN account k"
        " ON k.customer_id = o.customer_id" ACCOUNT_JOINS "WHERE length(:text) >= 10 AND k.closed_s IS NULL AND" VIEW_IN_SCOPE
        "ORDER BY 1 LIMIT 20" },

    { VIEW_CASH_DESK_SHIFT,
        /* Of the open shift; without one, of the day. */
        "WITH mine AS (SELECT max(shift_id) AS shift_id, max(number) AS number, max(opened_s) AS opened_s,"
        "  max(float_fen) AS float_fen FROM cash_shift WHERE tenant_id = :tenant AND cashier = :person AND state = 'open')"
        ", taken AS (SELECT y.amount_fen, y.method FROM mine CROSS JOIN payment y ON y.shift_id = mine.shift_id"
        "  WHERE y.undone_s = 0"
        " UNION ALL SELECT y.amount_fen, y.method FROM mine CROSS JOIN payment y ON y.tenant_id = :tenant"
        "  AND y.at_s >= :today * 86400 - :zone_s WHERE mine.shift_id IS NULL AND y.cashier = :person AND y.undone_s = 0)"
        "SELECT (SELECT count(*) FROM taken) AS payments, (SELECT coalesce(sum(amount_fen), 0) FROM taken) AS total_fen,"
        " (SELECT coalesce(sum(amount_fen), 0) FROM taken WHERE method = 'cash')"
        "  - (SELECT coalesce(sum(x.amount_fen), 0) FROM refund_part x WHERE x.shift_id = mine.shift_id) AS cash_fen,"
        " shift_id, number, opened_s, float_fen, coalesce((SELECT cast(value AS INTEGER) FROM setting WHERE tenant_id = :tenant"
        "  AND key = 'payment_ask_above_fen'), 200000) AS ask_above_fen FROM mine" },

    { VIEW_ARREARS,
        "SELECT k.account_id AS \"account_id!cursor\"," ACCOUNT_COLUMNS ACCOUNT_NOTICES "FROM (" ARREARS_ACCOUNTS ") i"
        " CROSS JOIN account k ON k.account_id = i.account_id" ACCOUNT_JOINS "ORDER BY k.account_id" },

    /* Of a part of the tenant, in the order of places. */
    { VIEW_ARREARS_IN_AREA,
        "SELECT k.account_id AS \"account_id!cursor\"," ACCOUNT_COLUMNS ACCOUNT_NOTICES "FROM area a"
        " CROSS JOIN account k ON k.area_id = a.area_id" ACCOUNT_OF_AREA_JOINS "WHERE" VIEW_AFTER_CURSOR(VIEW_ACCOUNT_PATH(":cursor"), "k.account_id")
        "AND k.closed_s IS NULL AND (k.stage = :stage OR (:stage IS NULL AND (k.stage <> 'good' OR EXISTS (SELECT 1 FROM bill b"
        "  WHERE b.account_id = k.account_id AND b.state = 'issued' AND b.due_day < :today))))"
        " ORDER BY a.path, k.account_id LIMIT :limit" },

    { VIEW_ARREARS_COUNT, ARREARS_ACCOUNTS },

    { VIEW_ARREARS_COUNTS,
        "SELECT k.stage, count(*) AS count FROM account k JOIN area a ON a.area_id = k.area_id"
        " WHERE k.tenant_id = :tenant AND k.closed_s IS NULL AND" VIEW_IN_SCOPE "GROUP BY k.stage" },

    { VIEW_TARIFFS,
        "SELECT f.tariff_id AS \"tariff_id!cursor\"," TARIFF_COLUMNS
        ", (SELECT json_group_array(json_object('tariff_version_id', v.tariff_version_id, 'effective_day',"
        "  date(v.effective_day * 86400, 'unixepoch'), 'created_s', v.created_s)) FROM (SELECT * FROM tariff_version"
        "  WHERE tariff_id = f.tariff_id ORDER BY effective_day) v) AS \"versions!json\""
        " FROM tariff f WHERE f.tenant_id = :tenant AND f.tariff_id > coalesce(:cursor, 0)"
        " ORDER BY f.tariff_id LIMIT :limit" },

    { VIEW_TARIFF, "SELECT" TARIFF_COLUMNS "FROM tariff f WHERE f.tariff_id = :object AND f.tenant_id = :tenant" },

    { VIEW_TARIFF_VERSIONS,
        "SELECT v.tariff_version_id, v.effective_day AS \"effective_day!day\", v.created_s, n.display_name AS created_by_name,"
        " v.document AS \"document!json\" FROM tariff f JOIN tariff_version v ON v.tariff_id = f.tariff_id"
        " LEFT JOIN person n ON n.person_id = v.created_by"
        " WHERE f.tariff_id = :object AND f.tenant_id = :tenant ORDER BY v.effective_day LIMIT 500" },
};

const struct view_text_list view_texts_money = { rows, sizeof rows / sizeof rows[0] };
