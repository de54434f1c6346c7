/* A table that was written and reads back otherwise: which part of it. */
#include <stdio.h>

#include "base/text.h"
#include "command/command_internal.h"
#include "command/command_text.h"

/* Data identifiers of DL/T 645-2007 (table A.5) and CJ/T 188, in the order of their numbers. */
struct written_part {
    uint32_t first;
    uint8_t count; /* 1: it is not numbered */
    const char *en;
    const char *zh;
};

static const struct written_part parts[] = {
    { 0x00008105, 1, "purchase number or amount", "购入序号或金额" },
    { 0x04000207, 1, "number of steps", "阶梯数" },
    { 0x04010001, 8, "day table", "日时段表" },
    { 0x04060001, 7, "step limit", "阶梯值" },
    { 0x04060101, 7, "step price", "阶梯电价" },
    { 0x04060201, 7, "step limit of the spare set", "备用套阶梯值" },
    { 0x04060301, 7, "step price of the spare set", "备用套阶梯电价" },
    { 0x04800106, 1, "payment mode", "付费模式" },
};

void command_difference_text(uint32_t identifier, bool chinese, char *text, size_t capacity)
{
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const char *name = chinese ? parts[i].zh : parts[i].en;
        if (identifier < parts[i].first || identifier - parts[i].first >= parts[i].count)
            continue;
        if (parts[i].count == 1)
            snprintf(text, capacity, "%s (%08X)", name, (unsigned)identifier);
        else
            snprintf(text, capacity, "%s %u (%08X)", name, (unsigned)(identifier - parts[i].first + 1),
                     (unsigned)identifier);
        return;
    }
    snprintf(text, capacity, "%08X", (unsigned)identifier);
}

int command_difference_note(struct command_room *room, uint64_t command_id, uint32_t identifier, int64_t now_s)
{
    struct command_record command;
    char note[COMMAND_OUTCOME_LIMIT];
    int found = command_read(room, command_id, &command);

    if (found <= 0 || command.state != COMMAND_FAILED)
        return found < 0 ? found : 0;
    snprintf(note, sizeof note, "reads_back_otherwise %08X", (unsigned)identifier);
    text_copy(span_of_text(note), command.outcome, sizeof command.outcome);
    int error = room->store.update(room->store.context, &command);
    return error != 0 ? error : room->store.step_insert(room->store.context, command_id, COMMAND_FAILED, now_s, note);
}
