/* What `meterworks decode` prints about frames, bytes between frames and lines that are none, as text or as JSON. */
#ifndef APPS_METERWORKS_DECODE_REPORT_H
#define APPS_METERWORKS_DECODE_REPORT_H

#include "codec/explain/explain.h"

struct decode_report {
    enum explain_language language;
    bool is_json;
    const struct explain_secret *secret;     /* NULL when no key was given */
    const struct explain_protocol *protocol; /* NULL: guessed for each frame */
    int status;                              /* exit status so far: the worst */
    bool is_begun;                           /* something has been printed */
};

/* Where a frame or a line was read. */
struct decode_place {
    const char *source; /* "standard input", a file's name, NULL for the arguments */
    unsigned long line; /* from 1; 0 when it was no line */
    bool is_stream;     /* then `offset` says where in the stream */
    size_t offset;
};

void decode_report_frame(struct decode_report *report, const struct explain_protocol *protocol, struct span frame,
                         const struct decode_place *place);

/* Bytes of a stream that belong to no frame. */
void decode_report_rest(struct decode_report *report, struct span bytes, const struct decode_place *place);

/* The end of a stream: how many frames, how many bytes of none. */
void decode_report_end(struct decode_report *report, size_t size, size_t frames, size_t rest);

/* A line that is no frame; `error` is one of CODEC_ERR_*. Said on standard error too. */
void decode_report_line(struct decode_report *report, int error, size_t error_offset, const struct decode_place *place);

/* Make the exit status at least this. */
void decode_report_fail(struct decode_report *report, int status);

#endif
