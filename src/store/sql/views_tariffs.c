#include "store/sql/view_texts.h"

/* Views of drafted prices and of what they would have cost. They concern the whole company. */

#define RUN_ROWS " FROM tariff_draft_account x WHERE x.tariff_draft_id = t.tariff_draft_id AND x.run_number = t.run_number" \
    " AND x.months > 0 "

#define DRAFT_COLUMNS \
    " t.tariff_draft_id, t.tariff_id, f.name AS tariff_name, f.utility, t.effective_day AS \"effective_day!day\", t.state," \
    " t.changed_by, c.display_name AS changed_by_name, t.changed_s, nullif(t.asked_by, 0) AS asked_by," \
    " a.display_name AS asked_by_name, t.asked_s AS \"asked_s!time\", nullif(t.decided_by, 0) AS decided_by," \
    " d.display_name AS decided_by_name, t.decided_s AS \"decided_s!time\", t.reason," \
    " nullif(t.tariff_version_id, 0) AS tariff_version_id, t.run_state, t.run_total, t.run_done, t.run_more, t.run_less," \
    " t.run_skipped, t.run_protected_more, t.run_present_fen, t.run_draft_fen," \
    " CASE WHEN t.run_number > 0 THEN t.run_from_day END AS \"run_from_day!day\"," \
    " CASE WHEN t.run_number > 0 THEN t.run_to_day END AS \"run_to_day!day\"," \
    " t.run_started_s AS \"run_started_s!time\", t.run_finished_s AS \"run_finished_s!time\"," \
    " coalesce((SELECT accounts FROM tariff_accounts WHERE tariff_id = t.tariff_id), 0) AS accounts "

#define DRAFT_JOINS \
    " FROM tariff_draft t JOIN tariff f ON f.tariff_id = t.tariff_id LEFT JOIN person c ON c.person_id = t.changed_by" \
    " LEFT JOIN person a ON a.person_id = t.asked_by LEFT JOIN person d ON d.person_id = t.decided_by "

static const struct view_text rows[] = {
    { VIEW_TARIFF_DRAFTS,
        "SELECT t.tariff_draft_id AS \"tariff_draft_id!cursor\"," DRAFT_COLUMNS DRAFT_JOINS
        "WHERE t.tenant_id = :tenant AND :whole AND (:tariff_id IS NULL OR t.tariff_id = :tariff_id)"
        " AND (:state IS NULL OR t.state = :state) AND t.tariff_draft_id < coalesce(:cursor, 9223372036854775807)"
        " ORDER BY t.tariff_draft_id DESC LIMIT :limit" },

    /* In the middle of those who could be charged: by change over all months, told for one of them. */
    { VIEW_TARIFF_DRAFT,
        "SELECT" DRAFT_COLUMNS ", t.document AS \"document!json\", '[' || t.run_buckets || ']' AS \"run_buckets!json\","
        " (SELECT CAST(round(m.change_fen * 1.0 / m.months) AS INTEGER) FROM (SELECT x.change_fen, x.months,"
        "  row_number() OVER (ORDER BY x.change_fen) AS place" RUN_ROWS ") m"
        "  WHERE m.place = (t.run_done - t.run_skipped) / 2 + 1) AS run_median_fen,"
        " (SELECT x.change_fen / x.months" RUN_ROWS "ORDER BY x.change_fen DESC LIMIT 1) AS run_largest_fen"
        DRAFT_JOINS "WHERE t.tariff_draft_id = :object AND t.tenant_id = :tenant AND :whole" },

    { VIEW_TARIFF_OWN_DRAFTS,
        "SELECT" DRAFT_COLUMNS DRAFT_JOINS "WHERE t.tariff_id = :object AND t.tenant_id = :tenant AND :whole"
        " AND t.state IN ('draft', 'asked') ORDER BY t.tariff_draft_id DESC LIMIT 50" },

    /* The largest changes first, in the direction asked for. cursor: rows passed over. */
    { VIEW_TARIFF_DRAFT_ACCOUNTS,
        "SELECT coalesce(:cursor, 0) + row_number() OVER () AS \"place!cursor\", q.* FROM (SELECT x.account_id,"
        " c.number AS customer_number, c.name AS \"customer_name!name\","
        " trim(coalesce(p.name || ' ', '') || a.name || ' ' || coalesce(d.room, '')) AS place_name, d.kind AS device_kind,"
        " x.months, x.usage_value, x.present_fen, x.draft_fen, x.change_fen, held_name(x.held_error) AS held,"
        " c.protected_until_s > :now_s AS \"protected!bool\""
        " FROM tariff_draft t CROSS JOIN tariff_draft_account x ON x.tariff_draft_id = t.tariff_draft_id"
        "  AND x.run_number = t.run_number CROSS JOIN account k ON k.account_id = x.account_id"
        " CROSS JOIN customer c ON c.customer_id = k.customer_id CROSS JOIN area a ON a.area_id = k.area_id"
        " LEFT JOIN area p ON p.area_id = a.parent_area_id AND p.kind <> 'company'"
        " LEFT JOIN device d ON d.device_id = k.device_id"
        " WHERE t.tariff_draft_id = :object AND t.tenant_id = :tenant AND" VIEW_IN_SCOPE
        " AND CASE coalesce(:change, 'more') WHEN 'more' THEN x.change_fen > 0 WHEN 'less' THEN x.change_fen < 0"
        "  WHEN 'held' THEN x.held_error <> 0 ELSE true END"
        " ORDER BY CASE WHEN :change = 'less' THEN x.change_fen ELSE -x.change_fen END, x.account_id"
        " LIMIT :limit OFFSET coalesce(:cursor, 0)) q" },
};

const struct view_text_list view_texts_tariffs = { rows, sizeof rows / sizeof rows[0] };
