/* How it is known that an order was done: by what the meter shows before it, and after it. The same whether the meter
 * hangs on a line of ours or behind a concentrator. */
#ifndef DIALOG_LINE_PROOF_H
#define DIALOG_LINE_PROOF_H

#include "base/line_order.h"
#include "dialog/device_codec.h"

/* Parts of the conversation about one order. */
enum line_stage {
    LINE_STAGE_DO = 0,  /* what the order wants */
    LINE_STAGE_LOOK,    /* before it, of one that was sent already: whether the meter has done it */
    LINE_STAGE_CONFIRM, /* after it: a relay or valve takes its time, and shows where it stands */
    LINE_STAGE_PROVE    /* after it: what was written is read back */
};

enum line_finding {
    LINE_FINDING_DONE,      /* the meter shows what the order wants */
    LINE_FINDING_OTHERWISE, /* it shows something else, or refuses to show it */
    LINE_FINDING_UNTOLD,    /* of a purchase: it has no such data, and its word is all there is */
    LINE_FINDING_NOTHING    /* that is no answer to the question */
};

/* What an order and its conversation are. */
struct line_proof {
    const struct line_order *order;
    const struct device_profile *profile;
    const struct cipher *cipher; /* NULL: none */
    uint8_t serial;              /* of CJ/T 188 */
    int64_t now_ms;
};

/* How the model confirms the order's command; NULL when it does not, or profile is NULL. */
const struct device_profile_command *line_confirmation_of(const struct line_order *order,
                                                          const struct device_profile *profile);

/* LINE_STAGE_LOOK for an order that may have been done already and can be looked for, else LINE_STAGE_DO. */
enum line_stage line_stage_first(const struct line_proof *proof);

/* The stage behind the last frame of LINE_STAGE_DO: LINE_STAGE_PROVE, or LINE_STAGE_DO when that was all. */
enum line_stage line_stage_last(const struct line_proof *proof);

/* Whether the order's frames must not be sent twice without looking in between: a purchase that only its number, which
 * no meter is known for certain to compare, would keep from counting twice. */
bool line_order_is_once(const struct line_proof *proof);

/* The frames of a stage.
 * returns  as device_codec_encode() */
int line_stage_encode(const struct line_proof *proof, enum line_stage stage, struct device_frames *out);

/* What an answer in one of the stages that look says: by the reading of a command that the model confirms, by the frame
 * of others.
 * index    of the question in its stage
 * answer   whole frame
 * uplink   what device_codec_decode() made of it. A purchase that was found gets its number as a reading
 * about    written when something else was found: the data identifier; 0 when the protocol has none */
enum line_finding line_stage_find(const struct line_proof *proof, size_t index, struct span answer,
                                  struct uplink *uplink, uint32_t *about);

#endif
