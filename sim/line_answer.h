/* Answers that a line's slave changes before it sends them (struct line_slave.alter). */
#ifndef SIM_LINE_ANSWER_H
#define SIM_LINE_ANSWER_H

#include <stddef.h>
#include <stdint.h>

/* A frame of DL/T 645, CJ/T 188 or M-Bus gets another address (another lowest digit) and the check sum that belongs to
 * it: a meter that answers with another's address. Wake-up bytes in front are passed; what is no such frame stays.
 * returns  size, always */
size_t line_answer_misaddress(void *slave, uint8_t *answer, size_t size);

/* Only the first half is sent: a meter whose supply breaks down under its transmitter.
 * returns  size / 2 */
size_t line_answer_halve(void *slave, uint8_t *answer, size_t size);

#endif
