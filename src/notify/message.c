#include "notify/message.h"

#include <stdio.h>
#include <string.h>

#define BACKOFF_FIRST_S 30
#define BACKOFF_LIMIT_S 14400
#define WORD_LIMIT 100

static const char *const channel_names[MESSAGE_CHANNEL_COUNT] = {
    [MESSAGE_SMS] = "sms", [MESSAGE_WECHAT] = "wechat", [MESSAGE_EMAIL] = "email", [MESSAGE_WEBHOOK] = "webhook",
    [MESSAGE_EVENT] = "event",
};

static const char *const state_names[MESSAGE_STATE_COUNT] = {
    [MESSAGE_WAITING] = "waiting",     [MESSAGE_SENDING] = "sending", [MESSAGE_SENT] = "sent",
    [MESSAGE_DELIVERED] = "delivered", [MESSAGE_FAILED] = "failed",   [MESSAGE_DEAD] = "dead",
    [MESSAGE_KEPT] = "kept",
};

static const char *const outcome_names[MESSAGE_OUTCOME_COUNT] = {
    [MESSAGE_OUT_SENT] = "sent",   [MESSAGE_OUT_DELIVERED] = "delivered", [MESSAGE_OUT_UNDELIVERED] = "undelivered",
    [MESSAGE_OUT_RETRY] = "retry", [MESSAGE_OUT_THROTTLED] = "throttled", [MESSAGE_OUT_REFUSED] = "refused",
};

static const char *name_of(const char *const names[], int count, int number)
{
    return number > 0 && number < count ? names[number] : "unknown";
}

const char *message_channel_name(int channel)
{
    return name_of(channel_names, MESSAGE_CHANNEL_COUNT, channel);
}

int message_channel_of_name(const char *name)
{
    for (int channel = 1; channel < MESSAGE_CHANNEL_COUNT; channel++)
        if (strcmp(channel_names[channel], name) == 0)
            return channel;
    return 0;
}

const char *message_state_name(int state)
{
    return name_of(state_names, MESSAGE_STATE_COUNT, state);
}

const char *message_outcome_name(int outcome)
{
    return name_of(outcome_names, MESSAGE_OUTCOME_COUNT, outcome);
}

static bool is_digit(uint8_t character)
{
    return character >= '0' && character <= '9';
}

static bool phone_permitted(struct span address)
{
    if (address.size > 0 && address.bytes[0] == '+')
        address = span_of_bytes(address.bytes + 1, address.size - 1);
    for (size_t i = 0; i < address.size; i++)
        if (!is_digit(address.bytes[i]))
            return false;
    return address.size >= 5 && address.size <= 20;
}

/* Strict where it protects: nothing that could end a header or a command. */
static bool email_permitted(struct span address)
{
    ptrdiff_t at = span_find_byte(address, '@');

    if (at <= 0 || (size_t)at + 1 >= address.size || address.size >= MESSAGE_RECIPIENT_SIZE)
        return false;
    for (size_t i = 0; i < address.size; i++) {
        uint8_t character = address.bytes[i];
        if (character <= ' ' || character >= 0x7f || strchr("<>(),;:\\\"[]", character) != NULL ||
            (character == '@' && i != (size_t)at))
            return false;
    }
    return true;
}

static bool word_permitted(struct span address)
{
    for (size_t i = 0; i < address.size; i++) {
        uint8_t character = address.bytes[i];
        bool letter = (character | 0x20) >= 'a' && (character | 0x20) <= 'z';
        if (!letter && !is_digit(character) && character != '-' && character != '_')
            return false;
    }
    return address.size > 0 && address.size <= WORD_LIMIT;
}

bool message_address_permitted(enum message_channel channel, struct span address)
{
    switch (channel) {
    case MESSAGE_SMS:
        return phone_permitted(address);
    case MESSAGE_EMAIL:
        return email_permitted(address);
    case MESSAGE_WECHAT:
    case MESSAGE_WEBHOOK:
        return word_permitted(address);
    default:
        return false;
    }
}

int64_t message_backoff_s(int32_t attempts)
{
    int64_t wait_s = BACKOFF_FIRST_S;

    for (int32_t i = 1; i < attempts && wait_s < BACKOFF_LIMIT_S; i++)
        wait_s *= 4;
    return wait_s < BACKOFF_LIMIT_S ? wait_s : BACKOFF_LIMIT_S;
}

void message_number_write(const struct message *message, char number[MESSAGE_NUMBER_SIZE])
{
    /* The instant keeps numbers apart when a data folder is restored from a copy and goes on differently. */
    (void)snprintf(number, MESSAGE_NUMBER_SIZE, "M%lld-%lld", (long long)message->created_s,
                   (long long)message->message_id);
}
