#include "store/sql/view_texts.h"

/* Views of people, areas, settings and the audit trail. */
#define CURSOR_PATH "SELECT x.path FROM area x WHERE x.area_id = :cursor"

#define AREA_SHOWN \
    "SELECT a.area_id AS \"area_id!cursor\", a.area_id, a.parent_area_id, coalesce(p.name, '') AS parent_name, a.kind, a.name, a.path," \
    " (SELECT coalesce(sum(d.devices), 0) FROM area_status d WHERE d.area_id = a.area_id) AS devices," \
    " EXISTS (SELECT 1 FROM area c WHERE c.tenant_id = :tenant AND c.parent_area_id = a.area_id) AS \"has_areas!bool\" "
#define AREA_JOIN " LEFT JOIN area p ON p.area_id = a.parent_area_id AND p.kind <> 'company' "
#define AREA_COLUMNS AREA_SHOWN "FROM area a" AREA_JOIN
#define FOUND_FEW "4000" /* more of them come soon in the order of places */
#define FOUND_BY_NAME VIEW_AREA_HOLDS(":query") "AND" VIEW_AFTER_CURSOR(CURSOR_PATH, "a.area_id")

static const struct view_text rows[] = {
    { VIEW_SIGN_IN,
        "SELECT n.person_id, n.tenant_id, n.password_hash, n.disabled, n.locked_until_s, n.failed_count"
        " FROM person n WHERE n.login = :login AND n.login NOT LIKE 'partner:%'" },

    { VIEW_SESSION,
        "SELECT n.person_id, n.display_name, n.login, n.role, n.language, n.tenant_id, t.name AS tenant_name, n.area_id,"
        " a.name AS area_name, a.path, t.zone_offset_s, s.csrf_token, s.expires_s, s.seen_s,"
        " a.parent_area_id IS NULL AS whole"
        " FROM session s JOIN person n ON n.person_id = s.person_id AND n.disabled = 0"
        " JOIN tenant t ON t.tenant_id = n.tenant_id JOIN area a ON a.area_id = n.area_id"
        " WHERE s.token_hash = :token_hash AND s.expires_s > :wall_s AND s.seen_s >= :idle_since_s" },

    /* The part of the caller's jurisdiction that is the asked area. */
    { VIEW_SCOPE,
        "SELECT a.path, a.parent_area_id IS NULL AS whole FROM area a WHERE a.area_id = :area_id AND" VIEW_IN_SCOPE },

    { VIEW_TENANT, "SELECT t.tenant_id, t.name, t.zone_offset_s, t.created_s FROM tenant t WHERE t.tenant_id = :tenant" },

    /* Which shard rests here, who works on it, and what people call it. */
    { VIEW_SHARD,
        "SELECT coalesce(max(l.shard), 0) AS shard, coalesce(max(l.epoch), 0) AS epoch, coalesce(max(l.owner), '') AS owner,"
        " coalesce((SELECT s.value FROM setting s WHERE s.tenant_id = (SELECT min(tenant_id) FROM tenant)"
        " AND s.key = 'district_name'), '') AS name FROM core_lease l" },

    /* For the demo's role buttons: the first person of a role. */
    { VIEW_ROLE_PERSON,
        "SELECT n.person_id, n.tenant_id FROM person n WHERE n.role = :role AND n.disabled = 0"
        " ORDER BY n.person_id LIMIT 1" },

    /* The tree in the order of its paths; what stands in one place; a place with all above it, the highest first; what :query finds. */
    { VIEW_AREAS, AREA_COLUMNS "WHERE" VIEW_AFTER_CURSOR(CURSOR_PATH, "a.area_id") "ORDER BY a.path LIMIT :limit" },
    { VIEW_AREAS_BELOW,
        AREA_COLUMNS "WHERE a.tenant_id = :tenant AND a.parent_area_id = :parent AND a.path || '' >= :path_low AND a.path || '' < :path_high"
        " AND a.area_id > coalesce(:cursor, 0) ORDER BY a.area_id LIMIT :limit" },
    { VIEW_AREAS_ABOVE,
        AREA_COLUMNS "JOIN area_above x ON x.above_id = a.area_id WHERE x.area_id = :above AND a.tenant_id = :tenant"
        " AND a.path || '' >= :path_low AND a.path || '' < :path_high ORDER BY a.path LIMIT :limit" },
    { VIEW_AREAS_FOUND,
        "WITH named AS MATERIALIZED (SELECT rowid AS area_id FROM search_area WHERE search_area MATCH search_match(" VIEW_SEARCH_PATH
        ", :query, 1, '" SEARCH_PLACE "') LIMIT " FOUND_FEW "), size AS MATERIALIZED (SELECT count(*) AS areas FROM named)"
        "SELECT * FROM (" AREA_SHOWN "FROM size CROSS JOIN named n CROSS JOIN area a ON a.area_id = n.area_id" AREA_JOIN
        " WHERE size.areas < " FOUND_FEW " AND" FOUND_BY_NAME
        " UNION ALL SELECT * FROM (" AREA_SHOWN "FROM size CROSS JOIN area a" AREA_JOIN
        " WHERE (size.areas = " FOUND_FEW " OR" VIEW_TOO_SHORT(":query") ") AND" FOUND_BY_NAME "ORDER BY a.path LIMIT :limit) m) f ORDER BY f.path LIMIT :limit" },

    { VIEW_PEOPLE,
        "SELECT n.person_id AS \"person_id!cursor\", n.person_id, n.login, n.display_name, n.role, n.area_id,"
        " a.name AS area_name, n.language, n.disabled AS \"disabled!bool\", n.locked_until_s AS \"locked_until_s!time\","
        " n.created_s"
        " FROM person n JOIN area a ON a.area_id = n.area_id"
        " WHERE" VIEW_IN_SCOPE "AND n.login NOT LIKE 'partner:%'"
        " AND n.person_id > coalesce(:cursor, 0) ORDER BY n.person_id LIMIT :limit" },

    { VIEW_PERSON,
        "SELECT n.person_id, n.login, n.display_name, n.role, n.area_id, a.name AS area_name, n.language,"
        " n.disabled AS \"disabled!bool\", n.locked_until_s AS \"locked_until_s!time\", n.created_s"
        " FROM person n JOIN area a ON a.area_id = n.area_id"
        " WHERE" VIEW_IN_SCOPE "AND n.login NOT LIKE 'partner:%' AND n.person_id = :object" },

    { VIEW_SETTINGS, "SELECT s.key, s.value FROM setting s WHERE s.tenant_id = :tenant ORDER BY s.key LIMIT 500" },

    { VIEW_AUDIT,
        "SELECT u.audit_id AS \"audit_id!cursor\", u.audit_id, u.at_s, u.person_id, n.display_name AS person_name,"
        " u.action, u.object_kind, u.object_id, u.detail"
        " FROM audit u LEFT JOIN person n ON n.person_id = u.person_id"
        " WHERE u.tenant_id = :tenant AND :whole AND u.audit_id < coalesce(:cursor, 9223372036854775807)"
        " AND (:action IS NULL OR u.action = :action) AND (:object_kind IS NULL OR u.object_kind = :object_kind)"
        " AND (:person_id IS NULL OR u.person_id = :person_id)"
        " ORDER BY u.audit_id DESC LIMIT :limit" },
};

const struct view_text_list view_texts_people = { rows, sizeof rows / sizeof rows[0] };
