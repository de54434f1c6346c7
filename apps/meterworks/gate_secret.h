/* The key with which a gate, or an api, on another machine proves itself: derived from the master key, what it is, and its name,
 * so that every core of the installation knows it and nothing is stored. Who is no longer to be let in stands in
 * DATA/gates.refused or DATA/apis.refused. */
#ifndef APPS_METERWORKS_GATE_SECRET_H
#define APPS_METERWORKS_GATE_SECRET_H

#include <stdbool.h>

#include "base/span.h"
#include "wire/tls_channel.h"

#define GATE_NAME_LIMIT 48 /* bytes with the zero */

struct key_holder;

enum link_role { LINK_ROLE_GATE, LINK_ROLE_API };

/* 1 to GATE_NAME_LIMIT - 1 letters, digits, '-', '_' or '.' of ASCII. */
bool gate_name_is_good(struct span name);

/* returns  0; -1: not a name, or the cryptographic library refused */
int gate_secret_make(const struct key_holder *keys, enum link_role role, struct span name,
                     uint8_t key[TLS_CHANNEL_KEY_SIZE]);

/* Whether the name stands on a line of its own in FOLDER/gates.refused (apis.refused). A file that is there and cannot be read refuses
 * everybody. */
bool gate_secret_is_refused(const char *folder, enum link_role role, struct span name);

/* Read a file made by `meterworks gate-key` or `api-key`: name and key, one line. Others must not be able to read it.
 * problem  one sentence when it fails
 * returns  0; -1 */
int gate_secret_read(const char *path, char name[GATE_NAME_LIMIT], uint8_t key[TLS_CHANNEL_KEY_SIZE], char problem[256]);

#endif
