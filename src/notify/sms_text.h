/* A text as the parts of a short message: one, or several that the phone joins again by their user data header
 * (3GPP TS 23.040, 9.2.3.24.1: 05 00 03 reference total number). Internal to the room. */
#ifndef NOTIFY_SMS_TEXT_H
#define NOTIFY_SMS_TEXT_H

#include "notify/message.h"

#define SMS_PART_SIZE 160

struct sms_part {
    uint8_t size;
    uint8_t bytes[SMS_PART_SIZE]; /* the header first, when there are several */
};

struct sms_text {
    uint8_t part_count;
    bool is_ucs2;                 /* UTF-16BE; else one octet a character, the same in ASCII and the GSM alphabet */
    struct sms_part parts[MESSAGE_PART_LIMIT];
};

/* Split valid UTF-8 into parts. One part of up to 160 plain characters or 70 UTF-16 units; else parts of 67 units, no
 * character cut in two.
 * reference  joins the parts; the same for all of a message
 * returns    0; NOTIFY_ERR_LONG for more than MESSAGE_PART_LIMIT parts, an empty or an invalid text */
int sms_text_split(const char *text, uint8_t reference, struct sms_text *out);

#endif
