/* What a concentrator for load answers; between sim/concentrator_load.c and its answers. */
#ifndef SIM_CONCENTRATOR_LOAD_ANSWER_H
#define SIM_CONCENTRATOR_LOAD_ANSWER_H

#include "codec/q376/q376_frame.h"
#include "sim/concentrator_load.h"

/* Answer a frame of the head-end, or take its confirmation. */
void concentrator_load_answer(struct concentrator_load *load, const struct q376_frame *frame);

/* Send a frame, unless it is lost. */
void concentrator_load_send(struct concentrator_load *load, struct span frame);

/* The head-end confirmed the frame of this number, or accepted the login by asking something. */
void concentrator_load_confirmed(struct concentrator_load *load, uint8_t sequence);
void concentrator_load_online(struct concentrator_load *load);

#endif
