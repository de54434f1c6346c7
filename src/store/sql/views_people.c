#include "store/sql/view_texts.h"

/* Views of people, areas, settings and the audit trail. */
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

    /* For the demo's role buttons: the first person of a role. */
    { VIEW_ROLE_PERSON,
        "SELECT n.person_id, n.tenant_id FROM person n WHERE n.role = :role AND n.disabled = 0"
        " ORDER BY n.person_id LIMIT 1" },

    { VIEW_AREAS,
        "SELECT a.area_id, a.parent_area_id, a.kind, a.name, a.path,"
        " (SELECT coalesce(sum(d.devices), 0) FROM area_status d WHERE d.area_id = a.area_id)"
        "  AS devices"
        " FROM area a WHERE" VIEW_IN_SCOPE "ORDER BY a.path LIMIT 20000" },

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
