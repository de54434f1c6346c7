#include "wire/dtls_session.h"

#include <openssl/crypto.h>
#include <string.h>

#include "wire/dtls_gate.h"
#include "wire/wire_error.h"

int dtls_session_table_open(struct dtls_session_table *table, uint32_t limit, struct hash_key hash_key)
{
    struct dtls_session_table fresh = { .limit = limit, .hash_key = hash_key, .free_first = DTLS_SESSION_NONE,
                                        .oldest = DTLS_SESSION_NONE, .newest = DTLS_SESSION_NONE };
    if (dense_array_open(&fresh.sessions, sizeof(struct dtls_session), limit) != 0)
        return WIRE_ERR_MEMORY;
    fresh.by_address = map_make(limit, hash_key.second);
    *table = fresh;
    return 0;
}

void dtls_session_table_close(struct dtls_session_table *table)
{
    for (uint32_t i = 0; i < table->next_unused; i++)
        OPENSSL_cleanse(dense_array_at(&table->sessions, i), sizeof(struct dtls_session));
    dense_array_close(&table->sessions);
    map_release(&table->by_address);
}

struct dtls_session *dtls_session_table_at(const struct dtls_session_table *table, uint32_t number)
{
    struct dtls_session *session = dense_array_at(&table->sessions, number);
    return session && session->in_use ? session : NULL;
}

uint32_t dtls_session_table_find(const struct dtls_session_table *table, const struct peer_address *peer)
{
    uint64_t number;
    if (!map_get(&table->by_address, peer_address_hash(peer, table->hash_key), &number))
        return DTLS_SESSION_NONE;
    struct dtls_session *session = dtls_session_table_at(table, (uint32_t)number);
    return session && peer_address_equal(&session->peer, peer) ? (uint32_t)number : DTLS_SESSION_NONE;
}

static void age_unlink(struct dtls_session_table *table, struct dtls_session *session)
{
    struct dtls_session *older = dtls_session_table_at(table, session->older);
    struct dtls_session *newer = dtls_session_table_at(table, session->newer);
    *(older ? &older->newer : &table->oldest) = session->newer;
    *(newer ? &newer->older : &table->newest) = session->older;
}

static void age_append(struct dtls_session_table *table, struct dtls_session *session, uint32_t number)
{
    struct dtls_session *previous = dtls_session_table_at(table, table->newest);
    session->older = table->newest;
    session->newer = DTLS_SESSION_NONE;
    *(previous ? &previous->newer : &table->oldest) = number;
    table->newest = number;
}

void dtls_session_table_touch(struct dtls_session_table *table, uint32_t number)
{
    struct dtls_session *session = dtls_session_table_at(table, number);
    if (!session || table->newest == number)
        return;
    age_unlink(table, session);
    age_append(table, session, number);
}

void dtls_session_table_remove(struct dtls_session_table *table, uint32_t number)
{
    struct dtls_session *session = dtls_session_table_at(table, number);
    if (!session)
        return;
    age_unlink(table, session);
    map_remove(&table->by_address, peer_address_hash(&session->peer, table->hash_key));
    OPENSSL_cleanse(session, sizeof *session);
    session->newer = table->free_first;
    table->free_first = number;
    table->count--;
}

/* A number nobody uses: given back, or never used. The caller made sure that there is one. */
static uint32_t number_take(struct dtls_session_table *table)
{
    if (table->free_first == DTLS_SESSION_NONE)
        return table->next_unused++;
    uint32_t number = table->free_first;
    const struct dtls_session *session = dense_array_at(&table->sessions, number);
    table->free_first = session->newer;
    return number;
}

int dtls_session_table_add(struct dtls_session_table *table, const struct peer_address *peer, bool *evicted,
                           uint32_t *out)
{
    bool full = table->count == table->limit;
    if (full)
        dtls_session_table_remove(table, table->oldest);
    if (table->free_first == DTLS_SESSION_NONE && !dense_array_reserve(&table->sessions, table->next_unused))
        return WIRE_ERR_MEMORY;
    uint32_t number = number_take(table);
    struct dtls_session *session = dense_array_at(&table->sessions, number);
    memset(session, 0, sizeof *session);
    if (map_put(&table->by_address, peer_address_hash(peer, table->hash_key), number) < 0) {
        session->newer = table->free_first;
        table->free_first = number;
        return WIRE_ERR_MEMORY;
    }
    session->peer = *peer;
    session->in_use = true;
    age_append(table, session, number);
    table->count++;
    *evicted = full;
    *out = number;
    return 0;
}
