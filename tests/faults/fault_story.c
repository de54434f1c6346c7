#include "tests/unit/unit_test.h"

#include "tests/faults/fault_story.h"

#include <string.h>

#include "store/store_error.h"
#include "tests/store/store_fault.h"

#define STATEMENT_LIMIT 5000
#define DIGEST_EVERY 8 /* faults: to look at all rows takes longer than the deed */
#define UNTOUCHED 0x5a

static max_align_t answer_room[FAULT_ANSWER_SIZE / sizeof(max_align_t)];

/* Where in the story: deed and statement, for the words of a failure. */
static size_t told;

static void answer_check(int statement)
{
    const uint8_t *bytes = (const uint8_t *)answer_room;

    for (size_t i = 0; i < sizeof answer_room; i++)
        if (bytes[i] != UNTOUCHED)
            fail_msg("deed %zu, statement %d: byte %zu of the answer was written all the same", told + 1, statement, i);
}

/* What the platform's memory forgets with a transaction that is taken back; what hands noted is the test's own. */
static void take_back(struct fixture *fixture, const struct fixture *before)
{
    store_rollback(fixture->store);
    billing_rolled_back(fixture->billing);
    fixture->command_id = before->command_id;
    fixture->recharged_fen = before->recharged_fen;
}

/* 0 it was done, with a fault still to come; 1 the fault came */
static int deed_try(struct fixture *fixture, const struct fault_deed *deed, int allowed)
{
    static struct fixture before;
    int result;
    bool failed;

    before = *fixture;
    fixture->story.size = 0;
    memset(answer_room, UNTOUCHED, sizeof answer_room);
    assert_int_equal(store_begin(fixture->store), 0);
    store_fault_arm(STORE_FAULT_ONE, allowed);
    result = deed->work(fixture, answer_room);
    failed = store_fault_disarm();
    if (!failed && result < 0)
        fail_msg("deed %zu was refused with %d", told + 1, result);
    if (failed && result >= 0)
        fail_msg("deed %zu: statement %d failed, and nobody said so", told + 1, allowed + 1);
    if (!failed) {
        assert_int_equal(store_commit(fixture->store), 0);
        return 0;
    }
    if (result != STORE_ERR_FULL)
        fail_msg("deed %zu: statement %d failed, and %d was said", told + 1, allowed + 1, result);
    answer_check(allowed + 1);
    take_back(fixture, &before);
    return 1;
}

static void deed_suffer(struct fixture *fixture, const struct fault_deed *deed)
{
    uint64_t before = store_digest(fixture->store);
    int allowed = 0;

    while (deed_try(fixture, deed, allowed) == 1) {
        if (allowed % DIGEST_EVERY == 0)
            assert_true(store_digest(fixture->store) == before);
        assert_in_range(++allowed, 1, STATEMENT_LIMIT);
    }
    assert_in_range(allowed, deed->least, STATEMENT_LIMIT);
}

static void story_live(const struct fault_deed *deeds, bool suffers, uint64_t digests[FAULT_STORY_LIMIT])
{
    void *state = NULL;

    assert_int_equal(fixture_open(&state), 0);
    for (size_t i = 0; deeds[i].work != NULL; i++) {
        assert_in_range(i, 0, FAULT_STORY_LIMIT - 1);
        told = i;
        if (deeds[i].prepare != NULL)
            deeds[i].prepare(state);
        /* Readings are found by a scan in both tellings, so that accounts come in the same order. */
        billing_rolled_back(((struct fixture *)state)->billing);
        if (suffers)
            deed_suffer(state, &deeds[i]);
        else
            assert_int_equal(deed_try(state, &deeds[i], STATEMENT_LIMIT), 0);
        fixture_verify(state);
        if (suffers && digests[i] != store_digest(((struct fixture *)state)->store))
            fail_msg("deed %zu came out otherwise after faults", i + 1);
        digests[i] = store_digest(((struct fixture *)state)->store);
    }
    assert_int_equal(fixture_close(&state), 0);
}

void fault_story_tell(const struct fault_deed *deeds)
{
    uint64_t digests[FAULT_STORY_LIMIT];

    story_live(deeds, false, digests);
    story_live(deeds, true, digests);
}
