/* A message as e-mail (RFC 5322, RFC 2045, RFC 2047): what is handed to an SMTP server. */
#ifndef NOTIFY_MAIL_H
#define NOTIFY_MAIL_H

#include "notify/provider.h"

#define MAIL_SIZE 4096

/* Header and body in UTF-8, base64, lines ended by CR LF. Message-ID holds our number: a repeat can be recognised by
 * whoever reads, not by the server.
 * out      zero-terminated
 * returns  bytes without the zero; NOTIFY_ERR_LONG; NOTIFY_ERR_ADDRESS when sender or recipient is no e-mail address */
int mail_write(const struct provider *provider, const struct message *message, int64_t wall_s, char out[MAIL_SIZE]);

#endif
