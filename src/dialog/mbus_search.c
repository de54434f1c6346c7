#include "dialog/mbus_search.h"

#include <string.h>

#include "base/decimal.h"
#include "codec/mbus/mbus_message.h"

#define ANY 0xFF
#define SILENT_TRIES 2  /* of a selection that nobody answers, before it counts as nobody */
#define DAMAGED_TRIES 2 /* of an answer, before it counts as several */

enum phase {
    PHASE_SELECT,       /* who fits the mask, say so */
    PHASE_READ,         /* you who are selected, who are you */
    PHASE_PRIMARY_PING, /* you with this primary address, are you there */
    PHASE_PRIMARY_READ,
    PHASE_OVER
};

void mbus_search_begin(struct mbus_search *search)
{
    *search = (struct mbus_search){ .phase = PHASE_SELECT };
    memset(search->number, 'F', MBUS_SECONDARY_NUMBER_DIGITS);
}

bool mbus_search_ask(const struct mbus_search *search, struct writer *out)
{
    struct mbus_secondary whom = { .version = ANY, .medium = ANY };
    int result = 0;

    switch ((enum phase)search->phase) {
    case PHASE_SELECT:
        memcpy(whom.number, search->number, sizeof whom.number);
        result = mbus_select_encode(&whom, true, out);
        break;
    case PHASE_READ:
        mbus_data_request_encode(MBUS_ADDRESS_SECONDARY, false, out);
        break;
    case PHASE_PRIMARY_PING:
        mbus_link_reset_encode(search->primary, out);
        break;
    case PHASE_PRIMARY_READ:
        mbus_data_request_encode(search->primary, true, out);
        break;
    case PHASE_OVER:
        return false;
    }
    return result == 0;
}

static void phase_set(struct mbus_search *search, enum phase phase)
{
    search->phase = (uint8_t)phase;
    search->tries = 0;
}

/* The next mask of the same number of digits, or of fewer when all ten have been tried. */
static void mask_advance(struct mbus_search *search)
{
    while (search->depth > 0 && search->number[search->depth - 1] == '9')
        search->number[--search->depth] = 'F';
    if (search->depth > 0)
        search->number[search->depth - 1]++;
    phase_set(search, search->depth > 0 ? PHASE_SELECT : PHASE_PRIMARY_PING);
}

/* Several fit the mask: one more digit tells them apart. */
static void mask_narrow(struct mbus_search *search)
{
    if (search->depth == MBUS_SECONDARY_NUMBER_DIGITS) {
        search->unresolved++;
        mask_advance(search);
        return;
    }
    search->number[search->depth++] = '0';
    phase_set(search, PHASE_SELECT);
}

static void primary_advance(struct mbus_search *search)
{
    phase_set(search, search->primary < MBUS_ADDRESS_LAST ? PHASE_PRIMARY_PING : PHASE_OVER);
    search->primary++;
}

/* Once more, when it may have been chance.
 * returns  true: the question stays */
static bool again(struct mbus_search *search, unsigned limit)
{
    return ++search->tries < limit;
}

/* returns  true when it was not known */
static bool found_keep(struct mbus_search *search, const struct uplink_archive_row *row)
{
    uint64_t key = row->address << 32 | (uint64_t)row->maker << 16 | (uint64_t)row->version << 8 | row->protocol_code;

    for (unsigned i = 0; i < search->found_count; i++)
        if (search->found[i] == key)
            return false;
    if (search->found_count < MBUS_SEARCH_FOUND_LIMIT)
        search->found[search->found_count++] = key;
    return true;
}

static bool row_make(struct mbus_search *search, const struct mbus_frame *answer, struct uplink_archive_row *out)
{
    struct uplink_archive_row row = { .port = answer->address <= MBUS_ADDRESS_LAST ? answer->address : 0 };
    char number[WMBUS_NUMBER_TEXT_SIZE];
    struct mbus_message message;
    int64_t digits;

    if (mbus_message_decode(answer, &message, NULL) != 0 || !message.has_number)
        return false;
    wmbus_address_number_text(&message.address, number);
    if (decimal_parse(span_of_text(number), 0, &digits) != 0) {
        search->unresolved++;
        return false;
    }
    row.address = (uint64_t)digits;
    row.maker = (uint16_t)(message.address.bytes[0] | message.address.bytes[1] << 8);
    row.version = wmbus_address_version(&message.address);
    row.protocol_code = wmbus_address_type(&message.address);
    if (!found_keep(search, &row))
        return false;
    *out = row;
    return true;
}

static void select_take(struct mbus_search *search, enum mbus_search_heard heard)
{
    if (heard == MBUS_HEARD_ACKNOWLEDGE)
        phase_set(search, PHASE_READ);
    else if (heard != MBUS_HEARD_NOTHING)
        mask_narrow(search);
    else if (!again(search, SILENT_TRIES))
        mask_advance(search);
}

static bool read_take(struct mbus_search *search, enum mbus_search_heard heard, const struct mbus_frame *answer,
                      struct uplink_archive_row *row)
{
    bool is_found = false;

    if (heard == MBUS_HEARD_ANSWER) {
        is_found = row_make(search, answer, row);
        mask_advance(search);
    } else if (!again(search, DAMAGED_TRIES)) {
        if (heard == MBUS_HEARD_DAMAGED) {
            mask_narrow(search);
        } else {
            search->unresolved++;
            mask_advance(search);
        }
    }
    return is_found;
}

static bool primary_read_take(struct mbus_search *search, enum mbus_search_heard heard, const struct mbus_frame *answer,
                              struct uplink_archive_row *row)
{
    bool is_found = heard == MBUS_HEARD_ANSWER && row_make(search, answer, row);

    if (heard == MBUS_HEARD_ANSWER || !again(search, DAMAGED_TRIES))
        primary_advance(search);
    return is_found;
}

bool mbus_search_take(struct mbus_search *search, enum mbus_search_heard heard, const struct mbus_frame *answer,
                      struct uplink_archive_row *row)
{
    bool is_found = false;

    switch ((enum phase)search->phase) {
    case PHASE_SELECT:
        select_take(search, heard);
        break;
    case PHASE_READ:
        is_found = read_take(search, heard, answer, row);
        break;
    case PHASE_PRIMARY_PING:
        if (heard == MBUS_HEARD_ACKNOWLEDGE)
            phase_set(search, PHASE_PRIMARY_READ);
        else
            primary_advance(search);
        break;
    case PHASE_PRIMARY_READ:
        is_found = primary_read_take(search, heard, answer, row);
        break;
    case PHASE_OVER:
        break;
    }
    if (++search->steps == MBUS_SEARCH_STEP_LIMIT && search->phase != PHASE_OVER) {
        search->unresolved++;
        phase_set(search, PHASE_OVER);
    }
    return is_found;
}
