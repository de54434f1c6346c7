#include "store/sql/notify_round.h"
#include "store/sql/notify_sql.h"
#include "store/statement_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/text.h"

#define SETTING_SIZE 32
#define QUIET_FROM_MIN 480
#define QUIET_TO_MIN 1260
#define DAILY_LIMIT 10

struct notify_sql {
    struct statement_table table;
    struct notify_store store;
    struct notify_round round;
};

enum statement_index {
    NOTICE_INSERT,
    ZONE_READ,
    SETTING_READ,
    TEMPLATE_READ,
    ACCOUNT_AREA,
    RECIPIENTS_OF_AREA,
    RECIPIENTS_OF_ACCOUNT,
    MESSAGE_INSERT,
    COUNT_ADD,
    MESSAGES_WAITING,
    MESSAGES_TO,
    MESSAGE_DUE,
    MESSAGE_NEXT_DUE,
    EVENT_DUE,
    EVENT_NEXT_DUE,
    MESSAGE_READ,
    MESSAGE_WRITE,
    PARTS_WRITE,
    ATTEMPT_INSERT,
    REFERENCE_INSERT,
    REFERENCE_DELIVER,
    REFERENCE_FIND,
    PROVIDER_RELEASE,
    MESSAGE_EXPIRED,
    TEMPLATE_WRITE,
    TEMPLATE_DELETE,
    RECIPIENT_INSERT,
    RECIPIENT_AREA,
    RECIPIENT_DELETE
};

#define MESSAGE_COLUMNS \
    "message_id, tenant_id, notice_id, account_id, area_id, channel, priority, language, state, attempts, due_s," \
    " expires_s, created_s, cost_e4, kind, recipient, text, words, provider, reason"

/* Messages to endpoints, in order of their account: an earlier one that waits holds back those after it. */
#define EVENT_OPEN(name) " AND " name ".channel = 5 AND " name ".state IN (1, 2)"
#define EVENTS_ON_THEIR_WAY "4" /* to one endpoint at once */
#define EVENT_FIRST \
    " AND NOT EXISTS (SELECT 1 FROM message b WHERE b.recipient = x.recipient" EVENT_OPEN("b") \
    "  AND b.account_id = x.account_id AND b.message_id < x.message_id)"

static const char *const texts[] = {
    [NOTICE_INSERT] =
        "INSERT INTO notice (tenant_id, account_id, created_s, kind, key, channel, recipient, text_zh, text_en)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (key) DO NOTHING",
    [ZONE_READ] = "SELECT zone_offset_s FROM tenant WHERE tenant_id = ?1",
    [SETTING_READ] = "SELECT value FROM setting WHERE tenant_id = ?1 AND key = ?2",
    [TEMPLATE_READ] = "SELECT text FROM message_template WHERE tenant_id = ?1 AND kind = ?2 AND language = ?3",
    [ACCOUNT_AREA] = "SELECT area_id FROM account WHERE account_id = ?1",
    [RECIPIENTS_OF_AREA] =
        "WITH RECURSIVE above(area_id) AS (SELECT CAST(?1 AS INTEGER) UNION ALL"
        "  SELECT a.parent_area_id FROM above JOIN area a ON a.area_id = above.area_id WHERE a.parent_area_id IS NOT NULL)"
        " SELECT r.recipient_id, r.channel, r.language, r.address FROM above"
        "  JOIN message_recipient r ON r.area_id = above.area_id AND r.account_id IS NULL"
        "  WHERE r.kind = '' OR r.kind = ?2 ORDER BY r.recipient_id LIMIT ?3",
    [RECIPIENTS_OF_ACCOUNT] =
        "SELECT recipient_id, channel, language, address FROM message_recipient"
        "  WHERE account_id = ?1 AND (kind = '' OR kind = ?2) ORDER BY recipient_id LIMIT ?3",
    [MESSAGE_INSERT] =
        "INSERT INTO message (tenant_id, notice_id, account_id, area_id, channel, priority, language, state, attempts,"
        " due_s, expires_s, created_s, kind, recipient, text, words, reason, ended_s) VALUES (?1, nullif(?2, 0), ?3, ?4,"
        " ?5, ?6, ?7, ?8, ?9, ?10, ?11, CAST(?12 AS INTEGER), ?13, ?14, ?15, ?16, ?17, CASE WHEN ?8 = 6 THEN CAST(?12 AS INTEGER) ELSE 0 END)",
    [COUNT_ADD] =
        "INSERT INTO message_count (tenant_id, channel, state, messages) VALUES (?1, ?2, ?3, ?4)"
        " ON CONFLICT DO UPDATE SET messages = message_count.messages + ?4",
    [MESSAGES_WAITING] =
        "SELECT coalesce(sum(messages), 0) FROM message_count WHERE tenant_id = ?1 AND state IN (1, 2)",
    [MESSAGES_TO] =
        "SELECT count(*) FROM message WHERE tenant_id = ?1 AND recipient = ?2 AND created_s >= ?3 AND priority = 1"
        " AND state NOT IN (6, 7)",
    [MESSAGE_DUE] =
        "SELECT " MESSAGE_COLUMNS " FROM message WHERE state IN (1, 2) AND channel = ?1 AND priority = ?2 AND due_s <= ?3"
        " AND (?4 = '' OR recipient = ?4) ORDER BY due_s LIMIT 1",
    [MESSAGE_NEXT_DUE] = "SELECT min(due_s) FROM (SELECT min(due_s) AS due_s FROM message WHERE state IN (1, 2)"
        " AND channel = ?1 AND priority = 0 UNION ALL SELECT min(due_s) FROM message WHERE state IN (1, 2)"
        " AND channel = ?1 AND priority = 1)",
    /* Of each endpoint that is not left alone the first that nothing of the same account waits before; the endpoint with
     * the fewest on their way first, so that one that answers slowly and has much to hear keeps no other one waiting. */
    [EVENT_DUE] =
        "SELECT " MESSAGE_COLUMNS " FROM message WHERE message_id = (SELECT q.message_id FROM ("
        "SELECT (SELECT x.message_id FROM message x WHERE x.recipient = CAST(e.endpoint_id AS TEXT)" EVENT_OPEN("x")
        "  AND x.due_s <= ?1" EVENT_FIRST " ORDER BY x.due_s LIMIT 1) AS message_id,"
        " (SELECT count(*) FROM (SELECT 1 FROM message f WHERE f.recipient = CAST(e.endpoint_id AS TEXT)" EVENT_OPEN("f")
        "  AND f.state = 2 AND f.due_s > ?1 LIMIT " EVENTS_ON_THEIR_WAY ")) AS on_their_way"
        " FROM webhook_endpoint e WHERE e.disabled = 0 AND e.paused_until_s <= ?1) q"
        " WHERE q.message_id IS NOT NULL AND q.on_their_way < " EVENTS_ON_THEIR_WAY
        " ORDER BY q.on_their_way, q.message_id LIMIT 1)",
    [EVENT_NEXT_DUE] =
        "SELECT min(q.due_s) FROM (SELECT max(e.paused_until_s, (SELECT x.due_s FROM message x"
        "  WHERE x.recipient = CAST(e.endpoint_id AS TEXT)" EVENT_OPEN("x") EVENT_FIRST
        "  ORDER BY x.due_s LIMIT 1)) AS due_s FROM webhook_endpoint e WHERE e.disabled = 0) q",
    [MESSAGE_READ] = "SELECT " MESSAGE_COLUMNS " FROM message WHERE message_id = ?1",
    [MESSAGE_WRITE] =
        "UPDATE message SET state = ?2, attempts = ?3, due_s = ?4, expires_s = ?5, cost_e4 = ?6, provider = ?8,"
        " reason = ?9, sent_s = CASE WHEN ?2 IN (3, 4) AND state = 2 THEN ?7 WHEN ?2 = 1 THEN 0 ELSE sent_s END,"
        " ended_s = CASE WHEN ?2 IN (4, 5, 6) THEN ?7 ELSE 0 END WHERE message_id = ?1",
    [PARTS_WRITE] = "UPDATE message SET parts = ?2, reference = ?3 WHERE message_id = ?1",
    [ATTEMPT_INSERT] =
        "INSERT INTO message_attempt (message_id, serial, at_s, provider, outcome, reason) VALUES (?1,"
        " (SELECT coalesce(max(serial), 0) + 1 FROM message_attempt WHERE message_id = ?1), ?2, ?3, ?4, ?5)",
    [REFERENCE_INSERT] =
        "INSERT INTO message_reference (message_id, provider, reference) VALUES (?1, ?2, ?3)"
        " ON CONFLICT DO UPDATE SET message_id = excluded.message_id, delivered = 0",
    [REFERENCE_DELIVER] = "UPDATE message_reference SET delivered = 1 WHERE provider = ?1 AND reference = ?2",
    [REFERENCE_FIND] =
        "SELECT r.message_id, (SELECT count(*) FROM message_reference x WHERE x.message_id = r.message_id"
        " AND x.delivered = 0) FROM message_reference r WHERE r.provider = ?1 AND r.reference = ?2",
    [PROVIDER_RELEASE] = "UPDATE message SET due_s = ?2 WHERE state = 2 AND provider = ?1 AND due_s > ?2",
    [MESSAGE_EXPIRED] =
        "SELECT " MESSAGE_COLUMNS " FROM message WHERE state IN (1, 2) AND expires_s <= ?1 AND (state = 1 OR due_s <= ?1)"
        " ORDER BY expires_s LIMIT 1",
    [TEMPLATE_WRITE] =
        "INSERT INTO message_template (tenant_id, language, changed_s, changed_by, kind, text) VALUES (?1, ?2, ?3, ?4,"
        " ?5, ?6) ON CONFLICT DO UPDATE SET text = excluded.text, changed_s = excluded.changed_s,"
        " changed_by = excluded.changed_by",
    [TEMPLATE_DELETE] = "DELETE FROM message_template WHERE tenant_id = ?1 AND language = ?2 AND kind = ?3",
    [RECIPIENT_INSERT] =
        "INSERT INTO message_recipient (tenant_id, area_id, account_id, channel, language, created_s, kind, address, name)"
        " VALUES (?1, ?2, nullif(?3, 0), ?4, ?5, ?6, ?7, ?8, ?9)",
    [RECIPIENT_AREA] = "SELECT area_id FROM message_recipient WHERE recipient_id = ?1 AND tenant_id = ?2",
    [RECIPIENT_DELETE] = "DELETE FROM message_recipient WHERE recipient_id = ?1",
};

static struct statement *take(void *context, enum statement_index statement)
{
    struct notify_sql *notify = context;
    return statement_take(&notify->table, statement);
}

static int64_t newest_row(const struct notify_sql *notify)
{
    return store_last_identifier(notify->table.store);
}

static int notice_insert(void *context, struct notice *notice)
{
    struct statement *statement = take(context, NOTICE_INSERT);
    const int64_t values[] = { notice->tenant_id, notice->account_id, notice->created_s };
    const char *const words[] = { notice_kind_name(notice->kind), notice->key, notice->channel, notice->recipient,
        notice->text_zh, notice->text_en };
    int changed;

    statement_bind_integers(statement, values, 3);
    for (int index = 0; index < 6; index++)
        statement_bind_span(statement, 4 + index, span_of_text(words[index]));
    changed = statement_run(statement);
    if (changed > 0)
        notice->notice_id = newest_row(context);
    return changed;
}

/* One number of a one-row query, `otherwise` without a row. The statement is bound. */
static int number_read(struct statement *statement, int64_t otherwise, int64_t *out)
{
    int found = statement_row(statement);

    *out = found == 1 ? statement_integer(statement, 0) : otherwise;
    if (found == 1)
        statement_end(statement);
    return found;
}

static int setting_text(void *context, uint32_t tenant_id, const char *key, char value[SETTING_SIZE])
{
    struct statement *statement = take(context, SETTING_READ);
    int found;

    value[0] = '\0';
    statement_bind_integer(statement, 1, tenant_id);
    statement_bind_text(statement, 2, key);
    found = statement_row(statement);
    if (found == 1) {
        statement_text(statement, 0, value, SETTING_SIZE);
        statement_end(statement);
    }
    return found;
}

static int setting_number(void *context, uint32_t tenant_id, const char *key, int32_t *out)
{
    char value[SETTING_SIZE];
    int64_t number = 0;
    int found = setting_text(context, tenant_id, key, value);

    if (found == 1 && decimal_parse(span_of_text(value), 0, &number) == 0)
        *out = (int32_t)number;
    return found;
}

static int policy_find(void *context, uint32_t tenant_id, struct notify_policy *out)
{
    struct notify_policy policy = { .from_min = QUIET_FROM_MIN, .to_min = QUIET_TO_MIN, .daily_limit = DAILY_LIMIT };
    struct statement *statement = take(context, ZONE_READ);
    char language[SETTING_SIZE];
    int64_t zone_offset_s;
    int result;

    statement_bind_integer(statement, 1, tenant_id);
    result = number_read(statement, 0, &zone_offset_s);
    policy.zone_offset_s = (int32_t)zone_offset_s;
    if (result >= 0)
        result = setting_number(context, tenant_id, "notice_start_min", &policy.from_min);
    if (result >= 0)
        result = setting_number(context, tenant_id, "notice_end_min", &policy.to_min);
    if (result >= 0)
        result = setting_number(context, tenant_id, "message_daily_limit", &policy.daily_limit);
    if (result >= 0)
        result = setting_text(context, tenant_id, "message_language", language);
    if (result < 0)
        return result;
    policy.language = strcmp(language, "en") == 0 ? NOTICE_ENGLISH : NOTICE_CHINESE;
    *out = policy;
    return 0;
}

static int policy_read(void *context, uint32_t tenant_id, struct notify_policy *out)
{
    struct notify_sql *notify = context;
    struct notify_round *round = &notify->round;
    int error = 0;

    if (!round->open)
        return policy_find(context, tenant_id, out);
    notify_round_tenant(round, tenant_id);
    if (!round->policy_known)
        error = policy_find(context, tenant_id, &round->policy);
    if (error < 0)
        return error;
    round->policy_known = true;
    *out = round->policy;
    return 0;
}

static int template_find(void *context, uint32_t tenant_id, const char *kind, enum notice_language language,
                         char text[NOTICE_TEXT_SIZE])
{
    struct statement *statement = take(context, TEMPLATE_READ);
    int found;

    statement_bind_integer(statement, 1, tenant_id);
    statement_bind_text(statement, 2, kind);
    statement_bind_integer(statement, 3, (int64_t)language);
    found = statement_row(statement);
    if (found == 1) {
        statement_text(statement, 0, text, NOTICE_TEXT_SIZE);
        statement_end(statement);
    }
    return found;
}

static int template_read(void *context, uint32_t tenant_id, const char *kind, enum notice_language language,
                         char text[NOTICE_TEXT_SIZE])
{
    struct notify_sql *notify = context;
    struct notify_round_words *words = &notify->round.words[notice_kind_of_name(kind)][language];
    int found;

    if (!notify->round.open)
        return template_find(context, tenant_id, kind, language, text);
    notify_round_tenant(&notify->round, tenant_id);
    if (!words->known) {
        found = template_find(context, tenant_id, kind, language, words->text);
        if (found < 0)
            return found;
        words->known = true;
        words->own = found == 1;
    }
    if (words->own)
        (void)text_copy(span_of_text(words->text), text, NOTICE_TEXT_SIZE);
    return words->own;
}

static int recipient_row(struct statement *statement, struct notify_round_recipient *out)
{
    int found = statement_row(statement);

    if (found != 1)
        return found;
    out->recipient_id = statement_integer(statement, 0);
    out->recipient.channel = (enum message_channel)statement_int(statement, 1);
    out->recipient.language = (enum notice_language)statement_int(statement, 2);
    statement_text(statement, 3, out->recipient.address, sizeof out->recipient.address);
    return 1;
}

static struct statement *recipients_of(void *context, enum statement_index which, int64_t identifier, const char *kind)
{
    struct statement *statement = take(context, which);

    statement_bind_integer(statement, 1, identifier);
    statement_bind_text(statement, 2, kind);
    statement_bind_integer(statement, 3, NOTIFY_RECIPIENT_LIMIT);
    return statement;
}

/* Neighbours come one after the other: those of an area are read once for all of them. */
static int area_recipients_read(struct notify_sql *notify, int64_t area_id, const char *kind)
{
    struct notify_round *round = &notify->round;
    uint8_t number = (uint8_t)notice_kind_of_name(kind);
    struct statement *statement;
    int found = 1;

    if (round->open && round->area_id == area_id && round->kind == number)
        return 0;
    round->area_id = 0;
    round->recipient_count = 0;
    statement = recipients_of(notify, RECIPIENTS_OF_AREA, area_id, kind);
    while (found == 1 && round->recipient_count < NOTIFY_RECIPIENT_LIMIT) {
        found = recipient_row(statement, &round->recipients[round->recipient_count]);
        round->recipient_count += found == 1;
    }
    statement_end(statement);
    if (found < 0)
        return found;
    round->area_id = area_id;
    round->kind = number;
    return 0;
}

/* The account's own and those of its area, in the order in which they were entered. */
static int recipients_merge(struct statement *own, const struct notify_round *round, struct notify_recipient out[], int capacity)
{
    struct notify_round_recipient next;
    int found = recipient_row(own, &next);
    int count = 0, taken = 0;

    while (found >= 0 && count < capacity && (found == 1 || taken < round->recipient_count)) {
        bool is_own = found == 1 &&
                      (taken == round->recipient_count || next.recipient_id < round->recipients[taken].recipient_id);

        out[count++] = is_own ? next.recipient : round->recipients[taken++].recipient;
        if (is_own)
            found = recipient_row(own, &next);
    }
    statement_end(own);
    return found < 0 ? found : count;
}

static int recipients_read(void *context, int64_t account_id, const char *kind, struct notify_recipient out[],
                           int capacity, int64_t *area_id)
{
    struct notify_sql *notify = context;
    struct statement *statement = take(context, ACCOUNT_AREA);
    int found;

    statement_bind_integer(statement, 1, account_id);
    found = number_read(statement, 0, area_id);
    if (found >= 0)
        found = area_recipients_read(notify, *area_id, kind);
    if (found < 0)
        return found;
    return recipients_merge(recipients_of(context, RECIPIENTS_OF_ACCOUNT, account_id, kind), &notify->round, out, capacity);
}

static int counts_write(struct notify_sql *notify)
{
    struct notify_round *round = &notify->round;
    int changed = 0;

    for (uint32_t index = 0; changed >= 0 && index < round->count_count; index++) {
        const struct notify_round_count *count = &round->counts[index];
        struct statement *statement = take(notify, COUNT_ADD);

        statement_bind_integers(statement, (const int64_t[]){ count->tenant_id, count->channel, count->state, count->messages }, 4);
        changed = statement_run(statement);
    }
    return changed < 0 ? changed : notify_round_counts_forget(round);
}

static int message_count(struct notify_sql *notify, const struct message *message)
{
    struct notify_round *round = &notify->round;
    int added = notify_round_count_add(round, message->tenant_id, message->channel, message->state);

    if (added == 0) {
        added = counts_write(notify);
        if (added == 0)
            added = notify_round_count_add(round, message->tenant_id, message->channel, message->state);
    }
    if (added < 0)
        return added;
    return round->open ? 0 : counts_write(notify);
}

static int message_insert(void *context, struct message *message)
{
    struct statement *statement = take(context, MESSAGE_INSERT);
    const int64_t values[] = { message->tenant_id, message->notice_id, message->account_id, message->area_id,
        message->channel, message->priority, message->language, message->state, message->attempts, message->due_s,
        message->expires_s, message->created_s };
    const char *const words[] = { message->kind, message->recipient, message->text, message->words, message->reason };
    int changed;

    statement_bind_integers(statement, values, 12);
    for (int index = 0; index < 5; index++)
        statement_bind_span(statement, 13 + index, span_of_text(words[index]));
    changed = statement_run(statement);
    if (changed < 0)
        return changed;
    message->message_id = newest_row(context);
    return message_count(context, message);
}

static int messages_waiting(void *context, uint32_t tenant_id, int64_t *out)
{
    struct notify_sql *notify = context;
    struct notify_round *round = &notify->round;
    int64_t waiting = 0;
    int found = 0;

    notify_round_tenant(round, tenant_id);
    if (!round->open || !round->waiting_known) {
        struct statement *statement = take(context, MESSAGES_WAITING);

        statement_bind_integer(statement, 1, tenant_id);
        found = number_read(statement, 0, &waiting);
        if (found >= 0)
            found = notify_round_waiting_know(round, waiting);
    }
    if (found < 0)
        return found;
    *out = round->waiting + notify_round_waiting(round, tenant_id);
    return 1;
}

static int messages_to(void *context, uint32_t tenant_id, const char *recipient, int64_t since_s, int64_t *out)
{
    struct statement *statement = take(context, MESSAGES_TO);

    statement_bind_integer(statement, 1, tenant_id);
    statement_bind_text(statement, 2, recipient);
    statement_bind_integer(statement, 3, since_s);
    return number_read(statement, 0, out);
}

/* The row a bound statement of MESSAGE_COLUMNS stands on, if any. */
static int message_take(struct statement *statement, struct message *out)
{
    int found = statement_row(statement);

    if (found != 1)
        return found;
    *out = (struct message){ .message_id = statement_integer(statement, 0),
                             .tenant_id = (uint32_t)statement_integer(statement, 1),
                             .notice_id = statement_integer(statement, 2),
                             .account_id = statement_integer(statement, 3),
                             .area_id = statement_integer(statement, 4),
                             .channel = (uint8_t)statement_int(statement, 5),
                             .priority = (uint8_t)statement_int(statement, 6),
                             .language = (uint8_t)statement_int(statement, 7),
                             .state = (uint8_t)statement_int(statement, 8),
                             .attempts = statement_int(statement, 9),
                             .due_s = statement_integer(statement, 10),
                             .expires_s = statement_integer(statement, 11),
                             .created_s = statement_integer(statement, 12),
                             .cost_e4 = statement_int(statement, 13) };
    statement_text(statement, 14, out->kind, sizeof out->kind);
    statement_text(statement, 15, out->recipient, sizeof out->recipient);
    statement_text(statement, 16, out->text, sizeof out->text);
    statement_text(statement, 17, out->words, sizeof out->words);
    statement_text(statement, 18, out->provider, sizeof out->provider);
    statement_text(statement, 19, out->reason, sizeof out->reason);
    statement_end(statement);
    return 1;
}

static int message_due(void *context, enum message_channel channel, enum message_priority priority,
                       const char *recipient, int64_t now_s, struct message *out)
{
    struct statement *statement = take(context, channel == MESSAGE_EVENT ? EVENT_DUE : MESSAGE_DUE);
    const int64_t values[] = { channel, priority, now_s };

    if (channel == MESSAGE_EVENT) {
        if (priority != MESSAGE_URGENT)
            return 0;
        statement_bind_integer(statement, 1, now_s);
        return message_take(statement, out);
    }
    statement_bind_integers(statement, values, 3);
    statement_bind_text(statement, 4, recipient);
    return message_take(statement, out);
}

static int message_next_due(void *context, enum message_channel channel, int64_t *due_s)
{
    struct statement *statement = take(context, channel == MESSAGE_EVENT ? EVENT_NEXT_DUE : MESSAGE_NEXT_DUE);

    if (channel != MESSAGE_EVENT)
        statement_bind_integer(statement, 1, channel);
    return number_read(statement, 0, due_s);
}

static int message_read(void *context, int64_t message_id, struct message *out)
{
    struct statement *statement = take(context, MESSAGE_READ);

    statement_bind_integer(statement, 1, message_id);
    return message_take(statement, out);
}

/* A message that moves is taken off a count that must have it. */
static int message_write(void *context, const struct message *message, int64_t now_s)
{
    int error = counts_write(context);
    struct statement *statement = take(context, MESSAGE_WRITE);
    const int64_t values[] = { message->message_id, message->state, message->attempts, message->due_s,
        message->expires_s, message->cost_e4, now_s };
    int changed;

    if (error < 0)
        return error;
    statement_bind_integers(statement, values, 7);
    statement_bind_text(statement, 8, message->provider);
    statement_bind_text(statement, 9, message->reason);
    changed = statement_run(statement);
    return changed < 0 ? changed : 0;
}

static int message_parts_write(void *context, int64_t message_id, int32_t parts, const char *reference)
{
    struct statement *statement = take(context, PARTS_WRITE);

    statement_bind_integer(statement, 1, message_id);
    statement_bind_integer(statement, 2, parts);
    statement_bind_text(statement, 3, reference);
    return statement_run(statement);
}

static int attempt_insert(void *context, const struct message *message, enum message_outcome outcome, int64_t now_s)
{
    struct statement *statement = take(context, ATTEMPT_INSERT);

    statement_bind_integer(statement, 1, message->message_id);
    statement_bind_integer(statement, 2, now_s);
    statement_bind_text(statement, 3, message->provider);
    statement_bind_text(statement, 4, message_outcome_name((int)outcome));
    statement_bind_text(statement, 5, message->reason);
    return statement_run(statement);
}

static int reference_insert(void *context, const char *provider, const char *reference, int64_t message_id)
{
    struct statement *statement = take(context, REFERENCE_INSERT);

    statement_bind_integer(statement, 1, message_id);
    statement_bind_text(statement, 2, provider);
    statement_bind_text(statement, 3, reference);
    return statement_run(statement);
}

static int reference_deliver(void *context, const char *provider, const char *reference, int64_t *message_id,
                             int64_t *under_way)
{
    struct statement *statement = take(context, REFERENCE_DELIVER);
    int found;

    statement_bind_text(statement, 1, provider);
    statement_bind_text(statement, 2, reference);
    found = statement_run(statement);
    if (found <= 0)
        return found;
    statement = take(context, REFERENCE_FIND);
    statement_bind_text(statement, 1, provider);
    statement_bind_text(statement, 2, reference);
    found = statement_row(statement);
    if (found != 1)
        return found;
    *message_id = statement_integer(statement, 0);
    *under_way = statement_integer(statement, 1);
    statement_end(statement);
    return 1;
}

static int provider_release(void *context, const char *provider, int64_t now_s)
{
    struct statement *statement = take(context, PROVIDER_RELEASE);

    statement_bind_text(statement, 1, provider);
    statement_bind_integer(statement, 2, now_s);
    return statement_run(statement);
}

static int message_expired(void *context, int64_t now_s, struct message *out)
{
    struct statement *statement = take(context, MESSAGE_EXPIRED);

    statement_bind_integer(statement, 1, now_s);
    return message_take(statement, out);
}

int notify_sql_template_put(struct notify_sql *sql, const struct notify_sql_template *template)
{
    struct statement *statement = take(sql, template->text[0] != '\0' ? TEMPLATE_WRITE : TEMPLATE_DELETE);
    int changed;

    statement_bind_integer(statement, 1, template->tenant_id);
    statement_bind_integer(statement, 2, (int64_t)template->language);
    if (template->text[0] == '\0') {
        statement_bind_text(statement, 3, template->kind);
        changed = statement_run(statement);
        return changed < 0 ? changed : 0;
    }
    statement_bind_integer(statement, 3, template->now_s);
    statement_bind_integer(statement, 4, template->person_id);
    statement_bind_text(statement, 5, template->kind);
    statement_bind_text(statement, 6, template->text);
    changed = statement_run(statement);
    return changed < 0 ? changed : 0;
}

int notify_sql_recipient_insert(struct notify_sql *sql, const struct notify_sql_recipient *recipient,
                                   int64_t *recipient_id)
{
    struct statement *statement = take(sql, RECIPIENT_INSERT);
    const int64_t values[] = { recipient->tenant_id, recipient->area_id, recipient->account_id,
        recipient->recipient.channel, recipient->recipient.language, recipient->now_s };
    int changed;

    statement_bind_integers(statement, values, 6);
    statement_bind_text(statement, 7, recipient->kind);
    statement_bind_text(statement, 8, recipient->recipient.address);
    statement_bind_text(statement, 9, recipient->name);
    changed = statement_run(statement);
    if (changed > 0)
        *recipient_id = newest_row(sql);
    return changed < 0 ? changed : 0;
}

int notify_sql_recipient_area(struct notify_sql *sql, uint32_t tenant_id, int64_t recipient_id, int64_t *area_id)
{
    struct statement *statement = take(sql, RECIPIENT_AREA);

    statement_bind_integer(statement, 1, recipient_id);
    statement_bind_integer(statement, 2, tenant_id);
    return number_read(statement, 0, area_id);
}

int notify_sql_recipient_delete(struct notify_sql *sql, int64_t recipient_id)
{
    struct statement *statement = take(sql, RECIPIENT_DELETE);

    statement_bind_integer(statement, 1, recipient_id);
    return statement_run(statement);
}

int notify_sql_account_area(struct notify_sql *sql, int64_t account_id, int64_t *area_id)
{
    struct statement *statement = take(sql, ACCOUNT_AREA);

    statement_bind_integer(statement, 1, account_id);
    return number_read(statement, 0, area_id);
}

void notify_sql_round_begin(struct notify_sql *sql)
{
    notify_round_clear(&sql->round);
    sql->round.open = true;
}

int notify_sql_round_end(struct notify_sql *sql, int error)
{
    int written = error < 0 ? 0 : counts_write(sql);

    notify_round_clear(&sql->round);
    sql->round.open = false;
    return written < 0 ? written : error;
}

int notify_sql_open(struct store *store, struct undo *undo, struct notify_sql **out)
{
    struct notify_sql *sql = calloc(1, sizeof *sql);
    int error;

    if (sql == NULL)
        return STORE_ERR_MEMORY;
    error = statement_table_prepare(&sql->table, store, texts, sizeof texts / sizeof texts[0]);
    if (error < 0) {
        free(sql);
        return error;
    }
    sql->round.undo = undo;
    sql->store = (struct notify_store){
        .context = sql,
        .notice_insert = notice_insert,
        .policy_read = policy_read,
        .template_read = template_read,
        .recipients_read = recipients_read,
        .message_insert = message_insert,
        .messages_waiting = messages_waiting,
        .messages_to = messages_to,
        .message_due = message_due,
        .message_next_due = message_next_due,
        .message_read = message_read,
        .message_write = message_write,
        .message_parts_write = message_parts_write,
        .attempt_insert = attempt_insert,
        .reference_insert = reference_insert,
        .reference_deliver = reference_deliver,
        .provider_release = provider_release,
        .message_expired = message_expired,
    };
    *out = sql;
    return 0;
}

void notify_sql_close(struct notify_sql *sql)
{
    if (sql != NULL)
        statement_table_finalize(&sql->table);
    free(sql);
}

const struct notify_store *notify_sql_store(const struct notify_sql *sql)
{
    return &sql->store;
}
