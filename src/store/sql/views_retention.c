#include "store/sql/view_texts.h"

/* Views of how long what meters say is kept, and of how far it is folded. */

/* Counting ends here: more is shown as "more than". */
#define COUNTED "100000"

#define GONE(bytes_, from_, setting_) \
    "SELECT bytes FROM (SELECT " bytes_ " AS bytes FROM edge CROSS JOIN " from_ \
    " AND :setting = '" setting_ "' AND edge.is_alone LIMIT " COUNTED ") "

static const struct view_text rows[] = {
    /* What goes for good when :setting of this tenant is :keep_days; :standard is what counts for others who have set nothing. With
     * several tenants the longest wish counts, and nothing is counted: the tables are of all. Nor are registers, which do not
     * lie in the order of time. */
    { VIEW_RETENTION_LOSS,
        "WITH longest AS (SELECT max(CASE WHEN t.tenant_id = :tenant THEN CAST(:keep_days AS INTEGER) ELSE coalesce((SELECT CAST(s.value AS INTEGER)"
        "  FROM setting s WHERE s.tenant_id = t.tenant_id AND s.key = :setting), CAST(:standard AS INTEGER)) END) AS days FROM tenant t),"
        " edge AS (SELECT days, :now_s / 86400 - days AS before_day, (SELECT count(*) FROM tenant) = 1 AS is_alone FROM longest),"
        " gone AS ("
        GONE("35", "daily_reading m WHERE m.day < edge.before_day", "daily_keep_days") "g1 UNION ALL "
        GONE("16 + length(b.registers) + length(b.totals) + length(b.ratios) + length(b.arrivals)",
             "midnight_block b WHERE b.stretch < edge.before_day / 256", "daily_keep_days") "g2 UNION ALL "
        GONE("26 + length(i.block)", "interval_day i WHERE i.day < edge.before_day", "interval_keep_days") "g3 UNION ALL "
        GONE("20 + length(f.block)", "interval_block f WHERE f.stretch < edge.before_day / 8", "interval_keep_days") "g4 UNION ALL "
        GONE("30 + length(w.bytes)", "(SELECT at_s, bytes FROM frame ORDER BY frame_id LIMIT " COUNTED ") w"
             " WHERE w.at_s < edge.before_day * 86400", "frame_keep_days") "g5 UNION ALL "
        GONE("80", "(SELECT raised_s, cleared_s FROM event ORDER BY event_id LIMIT " COUNTED ") e"
             " WHERE e.raised_s < edge.before_day * 86400 AND e.cleared_s IS NOT NULL", "event_keep_days") "g6)"
        "SELECT CAST(:setting AS TEXT) AS setting, edge.days, edge.before_day AS \"before_day!day\","
        " CASE WHEN edge.is_alone AND :setting <> 'register_keep_days' THEN (SELECT count(*) FROM gone) END AS records,"
        " CASE WHEN edge.is_alone AND :setting <> 'register_keep_days' THEN (SELECT coalesce(sum(bytes), 0) FROM gone) END AS bytes,"
        " (SELECT count(*) FROM gone) >= " COUNTED " AS \"is_more!bool\" FROM edge" },

    /* How far each round of folding has come, in per cent of the meters; 100 between two rounds. */
    { VIEW_FOLDING,
        "SELECT f.kind, f.before_day AS \"before_day!day\", f.running AS \"running!bool\","
        " CASE WHEN f.running <> 0 THEN f.after_device * 100 / coalesce((SELECT max(device_id) FROM device), 1) ELSE 100 END AS done_percent"
        " FROM (SELECT 'midnights' AS kind, before_day, running, after_device FROM midnight_progress WHERE begun_day > 0"
        "  UNION ALL SELECT 'intervals', before_day, running, after_device FROM interval_progress WHERE begun_day > 0) f" },
};

const struct view_text_list view_texts_retention = { rows, sizeof rows / sizeof rows[0] };
