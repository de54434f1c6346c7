/* The DTLS end of one simulated meter: a client session with a pre-shared key over a connected UDP socket. */
#ifndef APPS_METERWORKS_TOWN_DTLS_H
#define APPS_METERWORKS_TOWN_DTLS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

#define TOWN_DTLS_WAITING_SIZE 600 /* a message that waits for the end of the handshake */

struct town_dtls_context;
struct town_dtls;

enum town_dtls_state { TOWN_DTLS_HANDSHAKE, TOWN_DTLS_READY, TOWN_DTLS_FAILED };

/* What all sessions share. returns 0; -1 when the library refuses */
int town_dtls_context_open(struct town_dtls_context **out);
void town_dtls_context_close(struct town_dtls_context *context);

/* A session over `descriptor`, which stays the caller's. The identity and 16 bytes of key are copied.
 * returns  0; -1 */
int town_dtls_open(struct town_dtls_context *context, int descriptor, const char *identity, const uint8_t *key,
                   struct town_dtls **out);
void town_dtls_close(struct town_dtls *session);

/* Seal and send; during the handshake the newest message waits. */
enum town_dtls_state town_dtls_send(struct town_dtls *session, struct span bytes);

/* Read one message, or go on with the handshake.
 * size      of the message, 0 when there is none
 * returns   the state afterwards */
enum town_dtls_state town_dtls_receive(struct town_dtls *session, uint8_t *bytes, size_t capacity, size_t *size);

#endif
