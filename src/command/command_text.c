#include "command/command_text.h"

#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/hex.h"
#include "base/line_order.h"
#include "base/text.h"

#define WORDS_LIMIT 96 /* for what stands behind a note's code */

struct note_text {
    const char *code;
    const char *en[2]; /* before and after the value */
    const char *zh[2];
};

static const struct note_text notes[] = {
    { "asked", { "asked; waits for the meter's window", "" }, { "已受理，等待表计窗口", "" } },
    { "left_gate", { "sent to the meter, try ", "" }, { "已发往表计，第 ", " 次" } },
    { "left_line", { "sent over the line, try ", "" }, { "已经线路下发，第 ", " 次" } },
    { "gate_full", { "the line had no room for it; waits", "" }, { "线路任务已满，等待", "" } },
    { "line_refused", { "refused: ", "" }, { "未执行：", "" } },
    { "reads_back_otherwise", { "written, but it reads back otherwise: ", "" }, { "已写入，但回读不一致：", "" } },
    { "meter_confirmed", { "the meter confirmed it", "" }, { "表计已确认", "" } },
    { "balance_shown_cleared", { "the meter counts it: the balance was taken back", "" }, { "表计次数已更新，剩余金额已清零", "" } },
    { "no_answer", { "no answer to try ", "; waits for the next window" }, { "第 ", " 次未应答，等待下一窗口" } },
    { "tried_out", { "no answer after ", " tries" }, { "连续 ", " 次未应答，放弃" } },
    { "refused", { "the meter refused it (", ")" }, { "表计拒绝执行（", "）" } },
    { "device_has_it", { "the meter has it", "" }, { "表计已收到", "" } },
    { "device_did_it", { "the meter says it is done", "" }, { "表计答复已执行", "" } },
    { "values_received", { "", " values received" }, { "已收到 ", " 项数据" } },
    { "valve_shown_open", { "the meter's report shows the valve open", "" }, { "表计上报阀门为开", "" } },
    { "valve_shown_closed", { "the meter's report shows the valve closed", "" }, { "表计上报阀门为关", "" } },
    { "valve_still_open", { "the meter's report shows the valve still open", "" }, { "表计上报阀门仍为开", "" } },
    { "valve_still_closed", { "the meter's report shows the valve still closed", "" }, { "表计上报阀门仍为关", "" } },
    { "valve_fault", { "the meter reports a valve fault", "" }, { "表计上报阀门故障", "" } },
    { "serial_shown", { "the meter's report shows the recharge", "" }, { "表计上报已充值", "" } },
    { "next_report", { "confirmed by the next report", "" }, { "由下一次上报确认", "" } },
    { "clock_right", { "the meter's clock is right", "" }, { "表计时钟已校准", "" } },
    { "clock_still_wrong", { "the meter's clock is still wrong", "" }, { "表计时钟仍不准", "" } },
    { "superseded", { "replaced by command ", "" }, { "被命令 ", " 取代" } },
    { "overtaken", { "executed, then overtaken by command ", " before it could be verified" },
      { "已执行，验证前被命令 ", " 覆盖" } },
    { "cancelled_by", { "cancelled by person ", "" }, { "由人员 ", " 取消" } },
    { "cancelled_because", { "cancelled: ", "" }, { "已取消：", "" } },
    { "expired_unanswered", { "its time was over; tries: ", "" }, { "已过有效期，尝试次数：", "" } },
    { "meter_exchanged", { "the meter was exchanged", "" }, { "表计已更换", "" } },
    { "not_in_meter", { "the meter has not got it; its last number: ", "" }, { "表计未收到，最后购买序号：", "" } },
    { "expired_unverified", { "never seen verified; tries: ", "" }, { "未能验证，尝试次数：", "" } },
    { "late_proof", { "the meter shows it after all", "" }, { "表计后来显示已生效", "" } },
};

static const struct note_text *note_find(const char *note, size_t code_size)
{
    for (size_t i = 0; i < sizeof notes / sizeof notes[0]; i++)
        if (strlen(notes[i].code) == code_size && strncmp(notes[i].code, note, code_size) == 0)
            return &notes[i];
    return NULL;
}

static bool note_is(const char *note, size_t code_size, const char *code)
{
    return strlen(code) == code_size && strncmp(note, code, code_size) == 0;
}

/* returns  false: not a data identifier as command_difference_note() writes it */
static bool identifier_read(const char *text, uint32_t *out)
{
    uint8_t bytes[4];

    if (hex_decode(span_of_text(text), bytes, sizeof bytes) != (int)sizeof bytes)
        return false;
    *out = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
    return true;
}

/* What stands behind the code: a problem of a line in words, anything else as it is. */
static const char *note_value(const char *note, size_t code_size, bool chinese, char words[WORDS_LIMIT])
{
    const char *value = note[code_size] == ' ' ? note + code_size + 1 : "";
    uint32_t identifier;
    if (note_is(note, code_size, "reads_back_otherwise") && identifier_read(value, &identifier)) {
        command_difference_text(identifier, chinese, words, WORDS_LIMIT);
        return words;
    }
    if (!note_is(note, code_size, "line_refused"))
        return value;
    for (int problem = 1; problem < LINE_PROBLEM_COUNT; problem++)
        if (strcmp(line_problem_name((enum line_problem)problem), value) == 0)
            return line_problem_text((enum line_problem)problem, chinese);
    return value;
}

void command_note_text(const char *note, bool chinese, char *text, size_t capacity)
{
    char whole[2 * COMMAND_TEXT_LIMIT];
    char words[WORDS_LIMIT];
    size_t code_size = strcspn(note, " ");
    const struct note_text *row = note_find(note, code_size);
    const char *value = note_value(note, code_size, chinese, words);
    if (capacity == 0)
        return;
    if (row)
        snprintf(whole, sizeof whole, "%s%s%s", chinese ? row->zh[0] : row->en[0], value,
                 chinese ? row->zh[1] : row->en[1]);
    else
        snprintf(whole, sizeof whole, "%s", note);
    size_t size = text_utf8_cut(span_of_text(whole), capacity - 1);
    memcpy(text, whole, size);
    text[size] = '\0';
}

void command_line_text(bool connected, bool chinese, char *text, size_t capacity)
{
    snprintf(text, capacity, "%s",
             connected ? (chinese ? "线路在线，正在下发" : "the line is connected, sending now")
                       : (chinese ? "线路离线，连接后下发" : "the line is offline; it goes out when the line connects"));
}

void command_window_text(bool awake, int64_t window_s, int32_t zone_offset_s, bool chinese, char *text,
                         size_t capacity)
{
    int minute = calendar_second_of_day(window_s, zone_offset_s) / 60;
    if (awake)
        snprintf(text, capacity, "%s", chinese ? "表计在线，正在下发" : "meter awake, sending now");
    else
        snprintf(text, capacity, chinese ? "表计休眠，下一窗口约 %02d:%02d" : "meter asleep, next window about %02d:%02d",
                 minute / 60, minute % 60);
}
