/* A scripted terminal, a core that remembers, and the conversation between them. */
#ifndef TESTS_UNIT_DIALOG_Q376_SCENE_H
#define TESTS_UNIT_DIALOG_Q376_SCENE_H

#include "codec/q376/q376_request.h"
#include "dialog/line_dialog.h"

#define Q376_SCENE_START_MS INT64_C(1795190400000) /* 2026-11-21 00:00 in China */
#define Q376_SCENE_LIMIT 256
#define Q376_SCENE_LINE 700
#define Q376_SCENE_ADDRESS "961213398" /* region 9612, terminal 3456H */

struct q376_scene {
    void *state;
    struct line_dialog_house house;
    struct counter values[LINE_DIALOG_COUNTER_COUNT];
    struct counter_table counters;
    int64_t now_ms;
    uint32_t core_room; /* uplinks the core still takes; UINT32_MAX: any number */
    uint64_t next_message_id;
    size_t uplink_count;
    struct uplink uplinks[Q376_SCENE_LIMIT];
    size_t sent_count;
    size_t sent_sizes[Q376_SCENE_LIMIT];
    uint8_t sent[Q376_SCENE_LIMIT][600];
    const struct device_profile *profile;
    struct q376_frame request; /* the one taken last; its spans point into sent[] */
};

struct q376_scene *q376_scene_make(const char *address);
struct q376_scene *q376_scene_make_secret(const char *address, struct span secret);
void q376_scene_free(struct q376_scene *scene);

/* Bytes of the terminal, as an exact copy on the heap. */
void q376_scene_receive(struct q376_scene *scene, struct span bytes);

/* Time goes on; tick is called when it is due, not before. */
void q376_scene_wait(struct q376_scene *scene, int64_t ms);

/* A frame of the terminal: PRM set, AFN, units, to be confirmed or not; EC when `ec` is not NULL. */
void q376_scene_report(struct q376_scene *scene, uint8_t afn, uint8_t sequence, bool must_confirm, struct span units,
                       const uint8_t *ec);

/* The terminal has logged in, and nobody thinks of it any more. */
void q376_scene_login(struct q376_scene *scene);

/* The only frame that was sent since the last call, decoded. */
const struct q376_frame *q376_scene_request(struct q376_scene *scene, uint8_t afn);

/* Answer the request taken last. */
void q376_scene_answer(struct q376_scene *scene, uint8_t afn, unsigned part, bool is_last, struct span units);
void q376_scene_confirm(struct q376_scene *scene, bool is_denied);

/* The only uplink since the last call. */
const struct uplink *q376_scene_uplink(struct q376_scene *scene, enum uplink_kind kind);
void q376_scene_forget(struct q376_scene *scene);

void q376_scene_acknowledge(struct q376_scene *scene, uint64_t message_id, bool is_accepted);
uint64_t q376_scene_counted(const struct q376_scene *scene, enum line_dialog_counter row);

/* An order of the line with its usual values. */
struct line_order q376_scene_order(enum line_operation operation);
void q376_scene_give(struct q376_scene *scene, const struct line_order *order);

/* Nothing was sent since the last call. */
void q376_scene_expect_silence(const struct q376_scene *scene);

#endif
