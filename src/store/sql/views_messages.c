#include "store/sql/view_texts.h"

/* Views of messages: what went out, what became of it, who is told, and in which words. */

#define CHANNEL(column) \
    " CASE " column " WHEN 1 THEN 'sms' WHEN 2 THEN 'wechat' WHEN 3 THEN 'email' ELSE 'webhook' END AS channel "
#define STATE(column) \
    " CASE " column " WHEN 1 THEN 'waiting' WHEN 2 THEN 'sending' WHEN 3 THEN 'sent' WHEN 4 THEN 'delivered'" \
    " WHEN 5 THEN 'failed' WHEN 6 THEN 'dead' ELSE 'kept' END "
#define LANGUAGE(column) " CASE " column " WHEN 1 THEN 'en' ELSE 'zh' END AS language "

#define STATE_NUMBER \
    " CASE :state WHEN 'waiting' THEN 1 WHEN 'sending' THEN 2 WHEN 'sent' THEN 3 WHEN 'delivered' THEN 4" \
    " WHEN 'failed' THEN 5 WHEN 'dead' THEN 6 ELSE 7 END "
#define CHANNEL_NUMBER " CASE :channel WHEN 'sms' THEN 1 WHEN 'wechat' THEN 2 WHEN 'email' THEN 3 ELSE 4 END "

#define MESSAGE_COLUMNS \
    " m.message_id, m.notice_id, m.account_id, c.name AS \"customer_name!name\", a.area_id, a.name AS area_name, m.kind," \
    CHANNEL("m.channel") ", m.recipient AS \"recipient!phone\"," LANGUAGE("m.language") "," STATE("m.state") \
    " AS state, m.priority = 0 AS \"urgent!bool\", m.attempts, m.provider, m.reference, m.parts, m.cost_e4, m.reason," \
    " m.created_s, m.due_s, m.sent_s AS \"sent_s!time\", m.ended_s AS \"ended_s!time\", m.text "
#define MESSAGE_JOINS \
    " CROSS JOIN area a ON a.area_id = m.area_id LEFT JOIN account k ON k.account_id = m.account_id" \
    " LEFT JOIN customer c ON c.customer_id = k.customer_id "

/* A message of the caller's area; m.message_id is bound by the caller of the macro. */
#define OF_A_MESSAGE_IN_SCOPE \
    " EXISTS (SELECT 1 FROM message m JOIN area a ON a.area_id = m.area_id WHERE m.message_id = :object AND" \
    VIEW_IN_SCOPE ") "

static const struct view_text rows[] = {
    { VIEW_MESSAGES,
        "SELECT m.message_id AS \"message_id!cursor\"," MESSAGE_COLUMNS "FROM message m" MESSAGE_JOINS
        "WHERE m.tenant_id = :tenant AND m.channel <> 5 AND" VIEW_IN_SCOPE
        "AND (:state IS NULL OR m.state =" STATE_NUMBER ") AND (:channel IS NULL OR m.channel =" CHANNEL_NUMBER ")"
        " AND (:kind IS NULL OR m.kind = :kind) AND (:provider IS NULL OR m.provider = :provider)"
        " AND (:account_id IS NULL OR m.account_id = :account_id)"
        " AND (:notice_id IS NULL OR m.notice_id = :notice_id)"
        " AND (:recipient IS NULL OR m.recipient = :recipient)"
        " AND (:from IS NULL OR m.created_s >= :from * 86400 - :zone_s)"
        " AND (:to IS NULL OR m.created_s < (:to + 1) * 86400 - :zone_s)"
        " AND m.message_id < coalesce(:cursor, 9223372036854775807) ORDER BY m.message_id DESC LIMIT :limit" },

    { VIEW_MESSAGE,
        "SELECT" MESSAGE_COLUMNS ", m.expires_s, m.words AS \"words!json\" FROM message m" MESSAGE_JOINS
        "WHERE m.message_id = :object AND m.tenant_id = :tenant AND" VIEW_IN_SCOPE },

    { VIEW_MESSAGE_ATTEMPTS,
        "SELECT t.serial, t.at_s, t.provider, t.outcome, t.reason FROM message_attempt t"
        " WHERE t.message_id = :object AND" OF_A_MESSAGE_IN_SCOPE "ORDER BY t.serial" },

    { VIEW_MESSAGE_PARTS,
        "SELECT r.provider, r.reference, r.delivered AS \"delivered!bool\" FROM message_reference r"
        " WHERE r.message_id = :object AND" OF_A_MESSAGE_IN_SCOPE "ORDER BY r.reference" },

    { VIEW_MESSAGE_COUNTS,
        "SELECT" CHANNEL("n.channel") "," STATE("n.state") " AS state, n.messages FROM message_count n"
        " WHERE n.tenant_id = :tenant AND :whole AND n.messages > 0 AND n.channel <> 5 ORDER BY n.channel, n.state" },

    /* Days with their cost, newest first: what the providers will charge. */
    { VIEW_MESSAGE_COSTS,
        "SELECT (m.created_s + :zone_s) / 86400 AS \"day!day\"," CHANNEL("m.channel") ", m.provider, count(*) AS messages,"
        " sum(m.parts) AS parts, sum(m.cost_e4) AS cost_e4, sum(m.state = 4) AS delivered, sum(m.state = 5) AS failed,"
        " sum(m.state = 6) AS dead FROM message m CROSS JOIN area a ON a.area_id = m.area_id"
        " WHERE m.tenant_id = :tenant AND m.channel <> 5 AND" VIEW_IN_SCOPE "AND m.created_s >= (:today - 30) * 86400 - :zone_s"
        " GROUP BY 1, m.channel, m.provider ORDER BY 1 DESC, m.channel, m.provider LIMIT 1000" },

    { VIEW_MESSAGE_TEMPLATES,
        "SELECT t.kind, t.language, t.text, t.changed_s, n.display_name AS changed_by_name FROM message_template t"
        " LEFT JOIN person n ON n.person_id = t.changed_by WHERE t.tenant_id = :tenant ORDER BY t.kind, t.language LIMIT 1000" },

    { VIEW_MESSAGE_RECIPIENTS,
        "SELECT r.recipient_id AS \"recipient_id!cursor\", r.recipient_id, r.name, r.area_id, a.name AS area_name,"
        " r.account_id, c.name AS \"customer_name!name\", nullif(r.kind, '') AS kind," CHANNEL("r.channel")
        ", r.address AS \"address!phone\"," LANGUAGE("r.language") ", r.created_s FROM message_recipient r"
        " CROSS JOIN area a ON a.area_id = r.area_id LEFT JOIN account k ON k.account_id = r.account_id"
        " LEFT JOIN customer c ON c.customer_id = k.customer_id WHERE r.tenant_id = :tenant AND" VIEW_IN_SCOPE
        "AND (:account_id IS NULL OR r.account_id = :account_id)"
        " AND r.recipient_id < coalesce(:cursor, 9223372036854775807) ORDER BY r.recipient_id DESC LIMIT :limit" },
};

const struct view_text_list view_texts_messages = { rows, sizeof rows / sizeof rows[0] };
