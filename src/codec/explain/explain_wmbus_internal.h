/* What the explainer's files of wireless M-Bus share. */
#ifndef CODEC_EXPLAIN_WMBUS_INTERNAL_H
#define CODEC_EXPLAIN_WMBUS_INTERNAL_H

#include "codec/explain/explain_internal.h"
#include "codec/wmbus/wmbus_telegram.h"

/* Telegram bytes are explained at their place in the frame as received, which has check sums in between. */
struct wmbus_view {
    const struct explain_sink *sink;
    struct span frame; /* as received */
    const struct wmbus_frame *link;
    unsigned depth;
    bool is_key_wrong; /* a key was given that does not fit: nothing that it could have opened is told */
};

struct wmbus_view wmbus_view_deeper(const struct wmbus_view *view);

/* The part of the frame that holds these bytes of the telegram; empty when they are none of it. */
struct span wmbus_view_place(const struct wmbus_view *view, struct span telegram_bytes);

/* A row for bytes of the telegram; an empty span makes it a statement about the whole. */
void wmbus_row_put(const struct wmbus_view *view, struct span telegram_bytes, const struct explain_label *label,
                   const char *value, const char *meaning);

/* The same with the bytes in hexadecimal, or a number, as the value. */
void wmbus_hex_put(const struct wmbus_view *view, struct span telegram_bytes, const struct explain_label *label,
                   const char *meaning);
void wmbus_number_put(const struct wmbus_view *view, struct span telegram_bytes, const struct explain_label *label,
                      unsigned long number, const char *meaning);

/* Manufacturer, number, version and type.
 * number, manufacturer, version, type   their bytes, which stand in another order in the long header */
struct wmbus_address_place {
    struct span manufacturer;
    struct span number;
    struct span version;
    struct span type;
};
void wmbus_address_put(const struct wmbus_view *view, const struct wmbus_address *address,
                       const struct wmbus_address_place *place, bool is_meter);

/* "true" or "false" as the value of a statement. */
void wmbus_truth_put(const struct wmbus_view *view, struct span telegram_bytes, const struct explain_label *label,
                     bool is_true, const char *meaning);

/* The layers between the link layer and the application data, with what became of their protection. */
void wmbus_layers_put(const struct wmbus_view *view, const struct wmbus_telegram *telegram);

/* Application data: opened, sealed, as records or as bytes. */
void wmbus_content_put(const struct wmbus_view *view, const struct wmbus_telegram *telegram);

#endif
