#include "store/sql/view_texts.h"

/* Views of bank statements. They are of the whole organisation: only who may see all of it sees these. */

#define STATEMENT_COLUMNS \
    " t.statement_id, t.bank, t.file_name, t.state, t.lines, n.display_name AS created_by_name, t.created_s," \
    " e.display_name AS booked_by_name, t.finished_s AS \"finished_s!time\"," \
    " (SELECT count(*) FROM bank_line x WHERE x.statement_id = t.statement_id AND x.state <> 'checked') AS done," \
    " (SELECT count(*) FROM bank_line x WHERE x.statement_id = t.statement_id AND x.state = 'suspense') AS suspense," \
    " (SELECT coalesce(sum(x.amount_fen), 0) FROM bank_line x WHERE x.statement_id = t.statement_id" \
    "  AND x.state IN ('booked','suspense','assigned')) AS booked_fen "

#define STATEMENT_FROM \
    " FROM bank_statement t LEFT JOIN person n ON n.person_id = t.created_by LEFT JOIN person e ON e.person_id = t.booked_by" \
    " WHERE t.tenant_id = :tenant AND :whole "

#define LINE_COLUMNS \
    " x.line_id, x.statement_id, x.bank, x.row, x.verdict, x.state, x.problem, x.amount_fen, x.serial, x.happened," \
    " x.payer AS \"payer!name\", x.payer_tail, x.remark AS \"remark!memo\", x.account_id, c.name AS \"customer_name!name\"," \
    " c.number AS customer_number, trim(coalesce(p.name || ' ', '') || a.name || ' ' || coalesce(d.room, '')) AS place," \
    " (SELECT v.approval_id FROM approval v WHERE v.kind = 'bank_return' AND v.object_id = x.line_id" \
    "  AND v.state = 'waiting') AS return_approval_id, x.payment_id, y.receipt, n.display_name AS assigned_by_name, x.assigned_s AS \"assigned_s!time\" "

#define LINE_FROM \
    " FROM bank_line x LEFT JOIN account k ON k.account_id = x.account_id LEFT JOIN customer c ON c.customer_id = k.customer_id" \
    " LEFT JOIN area a ON a.area_id = k.area_id LEFT JOIN area p ON p.area_id = a.parent_area_id AND p.kind <> 'company'" \
    " LEFT JOIN device d ON d.device_id = k.device_id LEFT JOIN payment y ON y.payment_id = x.payment_id" \
    " LEFT JOIN person n ON n.person_id = x.assigned_by WHERE x.tenant_id = :tenant AND :whole "

#define LINE_FILTER \
    "AND (:verdict IS NULL OR x.verdict = :verdict) AND (:state IS NULL OR x.state = :state)" \
    " AND x.line_id > coalesce(:cursor, 0) ORDER BY x.line_id LIMIT :limit"

static const struct view_text rows[] = {
    { VIEW_BANK_MAPPINGS,
        "SELECT m.rowid AS \"rowid!cursor\", m.bank, m.amount, m.direction, m.incoming, m.serial, m.time, m.payer,"
        " m.payer_account, m.remark FROM (SELECT *, row_number() OVER (ORDER BY bank) AS rowid FROM bank_mapping"
        "  WHERE tenant_id = :tenant AND :whole) m WHERE m.rowid > coalesce(:cursor, 0) ORDER BY m.rowid LIMIT :limit" },

    { VIEW_BANK_STATEMENTS,
        "SELECT t.statement_id AS \"statement_id!cursor\"," STATEMENT_COLUMNS STATEMENT_FROM
        "AND t.statement_id < coalesce(:cursor, 9223372036854775807) ORDER BY t.statement_id DESC LIMIT :limit" },

    { VIEW_BANK_STATEMENT, "SELECT" STATEMENT_COLUMNS STATEMENT_FROM "AND t.statement_id = :object" },

    { VIEW_BANK_STATEMENT_COUNTS,
        "SELECT x.verdict, x.state, count(*) AS lines, sum(x.amount_fen) AS amount_fen FROM bank_line x"
        " WHERE x.statement_id = :object AND x.tenant_id = :tenant AND :whole GROUP BY x.verdict, x.state"
        " ORDER BY x.verdict, x.state" },

    { VIEW_BANK_STATEMENT_LINES,
        "SELECT x.line_id AS \"line_id!cursor\"," LINE_COLUMNS LINE_FROM "AND x.statement_id = :object " LINE_FILTER },

    { VIEW_BANK_LINES, "SELECT x.line_id AS \"line_id!cursor\"," LINE_COLUMNS LINE_FROM LINE_FILTER },

    { VIEW_BANK_LINE, "SELECT" LINE_COLUMNS LINE_FROM "AND x.line_id = :object" },
};

const struct view_text_list view_texts_bank = { rows, sizeof rows / sizeof rows[0] };
