/* Errors of the wire room (pattern: base/error.h). */
#ifndef WIRE_WIRE_ERROR_H
#define WIRE_WIRE_ERROR_H

#define WIRE_ERRORS(ROW) \
    ROW(WIRE_ERR_ADDRESS, -1, "not an address and port") \
    ROW(WIRE_ERR_BIND, -2, "the address and port cannot be bound") \
    ROW(WIRE_ERR_SYSTEM, -3, "the operating system refused") \
    ROW(WIRE_ERR_MEMORY, -4, "out of memory") \
    ROW(WIRE_ERR_FULL, -5, "the queue or table is full") \
    ROW(WIRE_ERR_TOO_LONG, -6, "longer than one datagram may be") \
    ROW(WIRE_ERR_SESSION, -7, "no such session, or it belongs to somebody else") \
    ROW(WIRE_ERR_CRYPTOGRAPHY, -8, "the cryptographic library refused") \
    ROW(WIRE_ERR_RECORD, -9, "damaged, replayed or foreign record")

#define WIRE_ERROR_ENUM(name, value, text) name = (value),
enum wire_error { WIRE_ERRORS(WIRE_ERROR_ENUM) };
#undef WIRE_ERROR_ENUM

/* English text for one of WIRE_ERR_*; "unknown error" for any other number. Never NULL, static lifetime. */
const char *wire_error_text(int error);

#endif
