#include <string.h>

#include "dialog/q376_session_internal.h"

void q376_uplink_frame_put(const struct q376_session *session, struct uplink *uplink)
{
    struct span frame = session->frame;

    uplink->frame_size = (uint16_t)frame.size;
    if (frame.size > 0)
        memcpy(uplink->frame, frame.bytes, frame.size < UPLINK_FRAME_LIMIT ? frame.size : UPLINK_FRAME_LIMIT);
}

struct uplink q376_uplink_begin(const struct q376_session *session, enum uplink_kind kind, unsigned point,
                                int64_t now_ms)
{
    const struct line_order *order = &session->order;
    bool is_answer =
        session->stage != Q376_STAGE_IDLE && session->reporting == 0 && !session->explains && order->order_id != 0;
    bool is_device = is_answer && order->device_id != 0 && order->device_id != order->line_id &&
                     (point == 0 || point == order->measurement_point);
    struct uplink uplink;

    memset(&uplink, 0, sizeof uplink);
    uplink.kind = (uint8_t)kind;
    uplink.received_s = now_ms / 1000;
    uplink.device_id = is_device ? order->device_id : session->record.line_id;
    uplink.measurement_point = is_device ? 0 : (uint16_t)point;
    uplink.order_id = is_answer ? order->order_id : 0;
    return uplink;
}

struct uplink q376_presence_begin(const struct q376_session *session, enum uplink_presence presence, int64_t now_ms)
{
    struct uplink uplink;

    memset(&uplink, 0, sizeof uplink);
    uplink.kind = UPLINK_PRESENCE;
    uplink.presence = (uint8_t)presence;
    uplink.received_s = now_ms / 1000;
    uplink.device_id = session->record.line_id;
    return uplink;
}

bool q376_uplink_offer(struct q376_session *session, struct uplink *uplink)
{
    if (session->passed < session->told) {
        session->passed++;
        return true;
    }
    if (session->reporting != 0 && !q376_report_has_room(session))
        return false;
    if (session->passed == 0)
        q376_uplink_frame_put(session, uplink);
    if (!session->house->offer(session->house->context, uplink))
        return false;
    if (session->reporting != 0)
        q376_report_wait(session, uplink->message_id);
    session->passed++;
    session->told = session->passed;
    return true;
}

bool q376_problem_offer(struct q376_session *session, unsigned point, enum line_problem problem, int64_t now_ms)
{
    struct uplink uplink = q376_uplink_begin(session, UPLINK_REPORT, point, now_ms);

    uplink.problem = (uint8_t)problem;
    return q376_uplink_offer(session, &uplink);
}
