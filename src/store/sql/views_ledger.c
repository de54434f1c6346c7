#include "store/sql/money_flow.h"
#include "store/sql/view_texts.h"

/* Views of the ledger and of what guards it. Its accounts belong to no area: only who sees the whole tenant sees them. */

/* The trial balance as it stood before the transfers of `later`: present sums without them. Only blocks of transfers whose
 * times reach that far (`block`) are looked at, so the recent past is a short walk. */
#define TRIAL_BALANCE_WITHOUT(block, later) \
    "WITH late AS MATERIALIZED (SELECT t.debit_account_id, t.credit_account_id, t.amount_fen FROM transfer_block b" \
    " CROSS JOIN transfer t ON t.transfer_id >= b.block * 4096 AND t.transfer_id < b.block * 4096 + 4096" \
    " WHERE " block " AND +t.tenant_id = :tenant AND " later ")," \
    " moved(account, debit, credit) AS (SELECT debit_account_id, amount_fen, 0 FROM late" \
    " UNION ALL SELECT credit_account_id, 0, amount_fen FROM late)," \
    " sums AS (SELECT account, sum(debit) AS debit, sum(credit) AS credit FROM moved GROUP BY account)" \
    "SELECT l.kind, l.name, sum(l.debits_fen - coalesce(s.debit, 0)) AS debits_fen," \
    " sum(l.credits_fen - coalesce(s.credit, 0)) AS credits_fen," \
    " sum(l.credits_fen - coalesce(s.credit, 0) - l.debits_fen + coalesce(s.debit, 0)) AS balance_fen" \
    " FROM ledger_account l LEFT JOIN sums s ON s.account = l.ledger_account_id" \
    " WHERE l.tenant_id = :tenant AND :whole GROUP BY l.kind, l.name ORDER BY l.kind, l.name"

/* The trial balance from what is kept of books by day (book_day), with what was posted since, `more`: of transfers t. Every book that has
 * an account is told, also one without postings: they are walked over by the index, never their accounts.
 * days  which days of book_day */
#define TRIAL_BALANCE_KEPT(more, days) \
    "WITH RECURSIVE book(id) AS (SELECT (SELECT ledger_account_id FROM ledger_account WHERE tenant_id = :tenant ORDER BY kind, name LIMIT 1)" \
    " UNION ALL SELECT coalesce((SELECT n.ledger_account_id FROM ledger_account n WHERE n.tenant_id = :tenant AND n.kind = o.kind AND n.name > o.name" \
    "  ORDER BY n.name LIMIT 1), (SELECT n.ledger_account_id FROM ledger_account n WHERE n.tenant_id = :tenant AND n.kind > o.kind" \
    "  ORDER BY n.kind, n.name LIMIT 1)) FROM book b JOIN ledger_account o ON o.ledger_account_id = b.id)," \
    " late AS MATERIALIZED (" more ")," \
    " moved(account, debit, credit) AS (SELECT debit_account_id, sum(amount_fen), 0 FROM late GROUP BY 1" \
    " UNION ALL SELECT credit_account_id, 0, sum(amount_fen) FROM late GROUP BY 1)," \
    " figures(kind, name, debits_fen, credits_fen) AS (SELECT l.kind, l.name, m.debit, m.credit FROM moved m" \
    "  CROSS JOIN ledger_account l ON l.ledger_account_id = m.account" \
    "  UNION ALL SELECT kind, name, debits_fen, credits_fen FROM book_day WHERE tenant_id = :tenant AND " days \
    "  UNION ALL SELECT l.kind, l.name, 0, 0 FROM book b JOIN ledger_account l ON l.ledger_account_id = b.id)" \
    "SELECT kind, name, sum(debits_fen) AS debits_fen, sum(credits_fen) AS credits_fen, sum(credits_fen - debits_fen) AS balance_fen" \
    " FROM figures WHERE :whole GROUP BY kind, name ORDER BY kind, name"
#define TRANSFER_SIDES "SELECT t.debit_account_id, t.credit_account_id, t.amount_fen FROM "
/* The sign: SQLite would make an index of all transfers of the tenant for it. */
#define POSTED_SINCE TRANSFER_SIDES "book_fold f CROSS JOIN transfer t ON t.transfer_id > f.transfer_id WHERE +t.tenant_id = :tenant "
#define DAY_OF_MOMENT "((:at_s + :zone_s) / 86400)"

/* What a posting is called that has no key of its own. */
#define TRANSFER_KEY " coalesce(t.key, t.kind || '/' || t.reference || '/' || t.transfer_id) AS key"

#define BATCH_COLUMNS \
    " b.batch_id, b.day AS \"day!day\", b.closings, b.reason, s.display_name AS asked_by_name, b.asked_s," \
    " e.display_name AS released_by_name, b.released_s AS \"released_s!time\"," \
    " coalesce((SELECT closings FROM cut_off_day c WHERE c.tenant_id = b.tenant_id AND c.day = b.day), 0) AS closed_that_day," \
    " b.asked_by, b.candidates, (SELECT count(*) FROM account k WHERE k.tenant_id = :tenant AND k.stage = 'final_notice'" \
    "  AND k.stage <> 'good' AND k.closed_s IS NULL) AS candidates_now, p.display_name AS stopped_by_name," \
    " b.stopped_s AS \"stopped_s!time\", v.expires_s AS \"release_until_s!time\"," \
    " (b.day < :today OR (coalesce(b.released_s, 0) = 0 AND coalesce(v.expires_s, 0) <= :now_s)) AS \"over!bool\"" \
    " FROM cut_off_batch b LEFT JOIN person s ON s.person_id = b.asked_by LEFT JOIN person e ON e.person_id = b.released_by" \
    " LEFT JOIN person p ON p.person_id = b.stopped_by" \
    " LEFT JOIN approval v ON v.kind = 'cut_off_batch' AND v.object_id = b.batch_id AND v.state = 'waiting'" \
    " WHERE b.tenant_id = :tenant AND :whole "

#define HOLD_COLUMNS \
    " h.hold_id, h.reference AS account_id, l.name AS item, h.amount_fen, h.state, h.posted_fen, h.transfer_id, h.at_s," \
    " h.expires_s, h.settled_s AS \"settled_s!time\" FROM transfer_hold h" \
    " JOIN ledger_account l ON l.ledger_account_id = h.credit_account_id JOIN account k ON k.account_id = h.reference" \
    " JOIN area a ON a.area_id = k.area_id WHERE h.tenant_id = :tenant AND" VIEW_IN_SCOPE

#define BOOK_COLUMNS \
    "SELECT l.ledger_account_id AS \"ledger_account_id!cursor\", l.ledger_account_id, l.kind, l.name, l.debits_fen," \
    " l.credits_fen, l.credits_fen - l.debits_fen AS balance_fen, l.held_fen FROM ledger_account l "

static const struct view_text rows[] = {
    /* Of a past moment, with the transfers of its own day up to it. */
    { VIEW_TRIAL_BALANCE,
        TRIAL_BALANCE_KEPT(POSTED_SINCE "AND (:at_s IS NULL OR t.at_s <= :at_s)"
        " UNION ALL " TRANSFER_SIDES "transfer_block b CROSS JOIN transfer t ON t.transfer_id >= b.block * 4096 AND t.transfer_id < b.block * 4096 + 4096"
        "  WHERE b.at_to_s >= " DAY_OF_MOMENT " * 86400 - :zone_s AND b.at_from_s <= :at_s AND +t.tenant_id = :tenant AND t.at_s <= :at_s"
        "  AND t.at_s >= " DAY_OF_MOMENT " * 86400 - :zone_s AND t.transfer_id <= (SELECT transfer_id FROM book_fold)",
        "by_value = 0 AND (:at_s IS NULL OR day < " DAY_OF_MOMENT ")") },
    { VIEW_TRIAL_BALANCE_DAY, TRIAL_BALANCE_KEPT(POSTED_SINCE "AND t.value_s < :until_s", "by_value = 1 AND day < :until_day") },

    /* While the sums of a file that is older are still made: from every account. */
    { VIEW_TRIAL_BALANCE_READ, TRIAL_BALANCE_WITHOUT("b.at_to_s > :at_s", "t.at_s > :at_s") },
    { VIEW_TRIAL_BALANCE_DAY_READ, TRIAL_BALANCE_WITHOUT("b.value_to_s >= :until_s", "t.value_s >= :until_s") },
    { VIEW_BOOKS_BEHIND, "SELECT coalesce((SELECT max(transfer_id) FROM transfer), 0) - transfer_id AS transfers FROM book_fold" },

    /* Of a kind that is not the one nearly all are of. */
    { VIEW_LEDGER_ACCOUNTS_OF_KIND,
        BOOK_COLUMNS "INDEXED BY ledger_account_no_wallet WHERE l.kind <> 'wallet' AND +l.tenant_id = :tenant AND :whole AND l.kind = :kind"
        " AND l.ledger_account_id > coalesce(:cursor, 0) ORDER BY l.ledger_account_id LIMIT :limit" },

    { VIEW_LEDGER_ACCOUNTS,
        BOOK_COLUMNS "WHERE +l.tenant_id = :tenant AND :whole AND (:kind IS NULL OR l.kind = :kind)"
        " AND l.ledger_account_id > coalesce(:cursor, 0) ORDER BY l.ledger_account_id LIMIT :limit" },

    /* Its transfers newest first, each naming the one before it, so the walk ends with the page; the balance goes back with them. */
    { VIEW_LEDGER_STATEMENT,
        "WITH RECURSIVE mine AS (SELECT * FROM ledger_account WHERE ledger_account_id = :object AND tenant_id = :tenant AND :whole),"
        " run(transfer_id, balance_fen) AS (SELECT last_transfer_id, credits_fen - debits_fen FROM mine UNION ALL"
        "  SELECT iif(t.debit_account_id = :object, t.debit_before, t.credit_before),"
        "   r.balance_fen + iif(t.debit_account_id = :object, t.amount_fen, -t.amount_fen)"
        "   FROM run r JOIN transfer t ON t.transfer_id = r.transfer_id)"
        "SELECT t.transfer_id AS \"transfer_id!cursor\", t.transfer_id, t.at_s, t.value_s, t.late_s AS \"late_s!time\", t.kind,"
        TRANSFER_KEY ", o.kind AS other_kind, o.name AS other_name,"
        " iif(t.debit_account_id = :object, t.amount_fen, NULL) AS debit_fen,"
        " iif(t.debit_account_id = :object, NULL, t.amount_fen) AS credit_fen, r.balance_fen, t.reference, t.reverses"
        " FROM (SELECT transfer_id, balance_fen FROM run"
        "  WHERE transfer_id > 0 AND transfer_id < coalesce(:cursor, 9223372036854775807)"
        "  AND (:from_s IS NULL OR (SELECT x.at_s FROM transfer x WHERE x.transfer_id = run.transfer_id) >= :from_s)"
        "  AND (:to_s IS NULL OR (SELECT x.at_s FROM transfer x WHERE x.transfer_id = run.transfer_id) < :to_s) LIMIT :limit) r"
        " CROSS JOIN transfer t CROSS JOIN ledger_account o WHERE t.transfer_id = r.transfer_id"
        " AND o.ledger_account_id = iif(t.debit_account_id = :object, t.credit_account_id, t.debit_account_id)"
        " ORDER BY r.transfer_id DESC" },

    { VIEW_LEDGER_TRANSFERS,
        "SELECT t.transfer_id AS \"transfer_id!cursor\", t.transfer_id," TRANSFER_KEY ", t.kind, t.amount_fen,"
        " t.debit_account_id,"
        " x.kind AS debit_kind, t.credit_account_id, z.kind AS credit_kind, t.reference, t.reverses, t.at_s, t.value_s,"
        " t.late_s AS \"late_s!time\""
        " FROM transfer t JOIN ledger_account x ON x.ledger_account_id = t.debit_account_id"
        " JOIN ledger_account z ON z.ledger_account_id = t.credit_account_id"
        " WHERE t.tenant_id = :tenant AND :whole AND (:account IS NULL OR t.debit_account_id = :account"
        "  OR t.credit_account_id = :account)"
        " AND t.transfer_id < coalesce(:cursor, 9223372036854775807) ORDER BY t.transfer_id DESC LIMIT :limit" },

    /* Both sides with whose they are: a wallet of an account, or a book of the company. */
    { VIEW_LEDGER_TRANSFER,
        "SELECT t.transfer_id, t.key, t.kind, t.amount_fen, t.reference, t.reverses,"
        " (SELECT o.transfer_id FROM transfer o WHERE o.reverses = t.transfer_id) AS reversed_by, t.at_s, t.value_s,"
        " t.late_s AS \"late_s!time\", t.debit_account_id, x.kind AS debit_kind, x.name AS debit_name,"
        " kx.account_id AS debit_owner_id, cx.name AS \"debit_owner!name\", t.credit_account_id, z.kind AS credit_kind,"
        " z.name AS credit_name, kz.account_id AS credit_owner_id, cz.name AS \"credit_owner!name\","
        " (SELECT b.bill_id FROM bill b WHERE t.kind = 'bill' AND b.bill_id = t.reference) AS bill_id,"
        " (SELECT y.payment_id FROM payment y WHERE y.account_id = t.reference AND y.transfer_id = t.transfer_id) AS payment_id"
        " FROM transfer t JOIN ledger_account x ON x.ledger_account_id = t.debit_account_id"
        " JOIN ledger_account z ON z.ledger_account_id = t.credit_account_id"
        " LEFT JOIN account kx ON kx.wallet_id = x.ledger_account_id AND kx.main_account_id = 0"
        " LEFT JOIN customer cx ON cx.customer_id = kx.customer_id"
        " LEFT JOIN account kz ON kz.wallet_id = z.ledger_account_id AND kz.main_account_id = 0"
        " LEFT JOIN customer cz ON cz.customer_id = kz.customer_id"
        " WHERE t.transfer_id = :object AND t.tenant_id = :tenant AND :whole" },

    /* Every account whose stored sums are not those of its transfers: reads all of them. */
    { VIEW_LEDGER_DIFFERENCES,
        "WITH moved(account, debit, credit) AS (SELECT debit_account_id, amount_fen, 0 FROM transfer"
        "  WHERE tenant_id = :tenant AND :whole UNION ALL SELECT credit_account_id, 0, amount_fen FROM transfer"
        "  WHERE tenant_id = :tenant AND :whole),"
        " sums AS (SELECT account, sum(debit) AS debit, sum(credit) AS credit FROM moved GROUP BY account)"
        "SELECT l.ledger_account_id, l.kind, l.name, l.debits_fen, l.credits_fen, coalesce(s.debit, 0) AS derived_debits_fen,"
        " coalesce(s.credit, 0) AS derived_credits_fen FROM ledger_account l LEFT JOIN sums s ON s.account = l.ledger_account_id"
        " WHERE l.tenant_id = :tenant AND :whole AND (l.debits_fen <> coalesce(s.debit, 0)"
        "  OR l.credits_fen <> coalesce(s.credit, 0)) ORDER BY l.ledger_account_id LIMIT 1000" },

    { VIEW_LEDGER_PERIODS,
        "SELECT c.until_s AS \"until_s!cursor\", (c.until_s + :zone_s) / 86400 AS \"until_day!day\","
        " iif(c.from_s = 0, 0, (c.from_s + :zone_s) / 86400) AS \"from_day!day\", c.transfers, c.amount_fen,"
        " n.display_name AS closed_by_name, c.closed_s FROM ledger_closing c LEFT JOIN person n ON n.person_id = c.closed_by"
        " WHERE c.tenant_id = :tenant AND :whole AND c.until_s < coalesce(:cursor, 9223372036854775807)"
        " ORDER BY c.until_s DESC LIMIT :limit" },

    { VIEW_CUT_OFF_BATCHES, "SELECT b.batch_id AS \"batch_id!cursor\"," BATCH_COLUMNS
        "AND b.batch_id < coalesce(:cursor, 9223372036854775807) ORDER BY b.batch_id DESC LIMIT :limit" },
    { VIEW_CUT_OFF_BATCH, "SELECT" BATCH_COLUMNS "AND b.batch_id = :object" },

    /* What the platform has asked of valves since the release, on the batch's day, and how far each is. */
    { VIEW_CUT_OFF_METERS,
        "SELECT m.command_id AS \"command_id!cursor\", m.command_id, m.device_id, d.meter_number, k.account_id,"
        " c.name AS \"customer_name!name\", trim(coalesce(p.name || ' ', '') || a.name || ' ' || coalesce(d.room, '')) AS place,"
        " m.state, m.reason, m.outcome, m.requested_s, m.finished_s, k.stage, l.credits_fen - l.debits_fen AS balance_fen"
        " FROM cut_off_batch b CROSS JOIN command m ON m.tenant_id = b.tenant_id AND m.command_id < coalesce(:cursor, 9223372036854775807)"
        " CROSS JOIN account k ON k.device_id = m.device_id AND k.closed_s IS NULL"
        " JOIN customer c ON c.customer_id = k.customer_id JOIN area a ON a.area_id = k.area_id"
        " LEFT JOIN area p ON p.area_id = a.parent_area_id AND p.kind <> 'company' JOIN device d ON d.device_id = m.device_id"
        " JOIN ledger_account l ON l.ledger_account_id = k.wallet_id"
        " WHERE b.batch_id = :object AND b.tenant_id = :tenant AND b.released_s > 0 AND m.kind = 'close_valve'"
        " AND m.requested_by IS NULL AND m.requested_s >= b.released_s AND m.requested_s < (b.day + 1) * 86400 - :zone_s"
        " AND" VIEW_IN_SCOPE "ORDER BY m.command_id DESC LIMIT :limit" },

    { VIEW_CUSTOMERS_PROTECTED,
        "SELECT c.customer_id AS \"customer_id!cursor\", c.customer_id, c.number, c.name AS \"name!name\","
        " c.protected_until_s, c.protected_reason AS \"protected_reason!memo\", c.protected_until_s > :now_s AS \"active!bool\""
        " FROM customer c INDEXED BY customer_protected WHERE c.tenant_id = :tenant AND c.protected_until_s > 0"
        " AND (:whole OR EXISTS (SELECT 1 FROM account k JOIN area a ON a.area_id = k.area_id"
        "  WHERE k.customer_id = c.customer_id AND" VIEW_IN_SCOPE "))"
        " AND c.customer_id > coalesce(:cursor, 0) ORDER BY c.customer_id LIMIT :limit" },

    /* One row a main account; a group that nobody is left in is none. */
    { VIEW_ACCOUNT_GROUPS,
        "SELECT g.main_account_id AS \"account_id!cursor\", k.account_id, c.name AS \"customer_name!name\","
        " c.number AS customer_number, trim(coalesce(p.name || ' ', '') || a.name || ' ' || coalesce(d.room, '')) AS place,"
        " d.meter_number, g.members, k.stage, l.credits_fen - l.debits_fen AS balance_fen"
        " FROM (SELECT main_account_id, count(*) AS members FROM account WHERE main_account_id <> 0 AND closed_s IS NULL"
        "  AND main_account_id > coalesce(:cursor, 0) GROUP BY main_account_id) g"
        " CROSS JOIN account k ON k.account_id = g.main_account_id JOIN customer c ON c.customer_id = k.customer_id"
        " JOIN area a ON a.area_id = k.area_id LEFT JOIN area p ON p.area_id = a.parent_area_id AND p.kind <> 'company'"
        " LEFT JOIN device d ON d.device_id = k.device_id JOIN ledger_account l ON l.ledger_account_id = k.wallet_id"
        " WHERE k.tenant_id = :tenant AND" VIEW_IN_SCOPE "ORDER BY 1 LIMIT :limit" },

    { VIEW_HOLDS,
        "SELECT h.hold_id AS \"hold_id!cursor\"," HOLD_COLUMNS
        "AND (:account_id IS NULL OR h.reference = :account_id) AND (:state IS NULL OR h.state = :state)"
        " AND h.hold_id < coalesce(:cursor, 9223372036854775807) ORDER BY h.hold_id DESC LIMIT :limit" },

    { VIEW_HOLD, "SELECT" HOLD_COLUMNS "AND h.hold_id = :object" },
};

const struct view_text_list view_texts_ledger = { rows, sizeof rows / sizeof rows[0] };
