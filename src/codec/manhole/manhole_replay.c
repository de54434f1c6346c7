#include "codec/manhole/manhole_replay.h"

#include "codec/checksum/checksum.h"

static const struct manhole_replay_pair *pair_find(const struct manhole_replay *replay, uint32_t sequence,
                                                   uint32_t time_s)
{
    for (size_t i = 0; i < replay->count; i++)
        if (replay->pairs[i].sequence == sequence && replay->pairs[i].time_s == time_s)
            return &replay->pairs[i];
    return NULL;
}

enum manhole_replay_verdict manhole_replay_judge(const struct manhole_replay *replay, uint32_t sequence,
                                                 uint32_t time_s, struct span packet,
                                                 struct manhole_upload_answer *answer)
{
    const struct manhole_replay_pair *pair = pair_find(replay, sequence, time_s);

    if (pair != NULL) {
        if (pair->size != packet.size || pair->crc != checksum_crc16_ibm3740(packet))
            return MANHOLE_REPLAY_REFUSED;
        *answer = pair->answer;
        return MANHOLE_REPLAY_REPEAT;
    }
    return replay->has_floor && time_s <= replay->floor_s ? MANHOLE_REPLAY_REFUSED : MANHOLE_REPLAY_NEW;
}

static struct manhole_replay_pair *oldest(struct manhole_replay *replay)
{
    struct manhole_replay_pair *found = &replay->pairs[0];

    for (size_t i = 1; i < replay->count; i++)
        if (replay->pairs[i].time_s < found->time_s)
            found = &replay->pairs[i];
    return found;
}

void manhole_replay_remember(struct manhole_replay *replay, uint32_t sequence, uint32_t time_s, struct span packet,
                             const struct manhole_upload_answer *answer)
{
    struct manhole_replay_pair *place;

    if (replay->count < MANHOLE_REPLAY_PAIRS)
        place = &replay->pairs[replay->count++];
    else {
        place = oldest(replay);
        if (!replay->has_floor || place->time_s > replay->floor_s)
            replay->floor_s = place->time_s;
        replay->has_floor = true;
    }
    place->sequence = sequence;
    place->time_s = time_s;
    place->crc = checksum_crc16_ibm3740(packet);
    place->size = (uint16_t)packet.size;
    place->answer = *answer;
}
