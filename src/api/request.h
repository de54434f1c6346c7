/* One HTTP request between libmicrohttpd and the exchange: collects the body, then answers. Internal to the room. */
#ifndef API_REQUEST_H
#define API_REQUEST_H

#include <microhttpd.h>

#include "api/exchange.h"

#define REQUEST_BODY_LIMIT (1024u * 1024)
#define REQUEST_BODY_PATIENCE (16u * 1024 * 1024) /* more is not even listened to: the connection ends */

struct request;

/* target  as received, with its query
 * number  of the request, for the reference in errors
 * returns NULL when there is no memory: the connection is then closed */
struct request *request_open(struct api_server *server, const struct api_config *config, const char *target,
    uint64_t number);

/* libmicrohttpd's access handler: first without bytes, then with parts of the body, at last without again. */
enum MHD_Result request_advance(struct request *request, struct MHD_Connection *connection, const char *method,
    const char *bytes, size_t *size);

/* NULL is accepted. */
void request_close(struct request *request);

#endif
