/* Names that a device is given: its registration handle and the token of its observation.
 *
 * Both are computed, not stored. The handle is the device number, scrambled, in four characters (some modules hold no
 * longer location, reference nbiot-lwm2m 3, quirk 4); with the same key it names the same device for ever, so a handle
 * from before a restart can only be unknown, never somebody else's. It is a name and no secret.
 * The token of an observation ends in a keyed mark that a stranger cannot guess. */
#ifndef DIALOG_LWM2M_HANDLE_H
#define DIALOG_LWM2M_HANDLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/span.h"

#define LWM2M_HANDLE_SIZE 4
#define LWM2M_HANDLE_DEVICE_LIMIT 16777216
#define LWM2M_OBSERVE_TOKEN_SIZE 8

/* device_id  below LWM2M_HANDLE_DEVICE_LIMIT */
void lwm2m_handle_write(struct hash_key key, uint32_t device_id, char out[LWM2M_HANDLE_SIZE]);

/* true and the device, or false with `device_id` untouched when it is no handle. */
bool lwm2m_handle_read(struct hash_key key, struct span text, uint32_t *device_id);

void lwm2m_observe_token_write(struct hash_key secret, uint32_t device_id, uint8_t out[LWM2M_OBSERVE_TOKEN_SIZE]);

/* true and the device, or false with `device_id` untouched when the token is none of ours. */
bool lwm2m_observe_token_read(struct hash_key secret, struct span token, uint32_t *device_id);

#endif
