/* Device models (型号) read from YAML: one file a model, checked whole, every complaint with its line.
 *
 * The registry knows no codec: names of quantities, units and codecs are looked up in a vocabulary that the program
 * hands in. docs/profiles.md describes the format for people; profile_schema_write() prints it for programs. */
#ifndef REGISTRY_PROFILE_H
#define REGISTRY_PROFILE_H

#include "base/device_profile.h"
#include "base/span.h"
#include "base/writer.h"
#include "registry/profile_problem.h"

#define PROFILE_FILE_SIZE_LIMIT 65536
#define PROFILE_SET_LIMIT 512 /* models of one installation */

/* What a point's quantity and unit may be; from profile_vocabulary.point_check. */
enum profile_point_fit {
    PROFILE_POINT_FITS = 0,
    PROFILE_POINT_QUANTITY_UNFIT, /* this kind of meter has no such quantity */
    PROFILE_POINT_UNIT_UNFIT      /* the quantity is never measured in this unit */
};

/* Names that belong to other rooms. */
struct profile_vocabulary {
    const struct device_codec_info *(*codec_at)(size_t index); /* NULL behind the last */
    int (*quantity_find)(struct span name);                    /* number of the quantity, -1 for none */
    int (*unit_find)(struct span text);                        /* number of the unit, -1 for none */
    const char *(*quantity_name)(int quantity);                /* never NULL */
    const char *(*unit_text)(int unit);                        /* never NULL */
    enum profile_point_fit (*point_check)(enum device_kind kind, int quantity, int unit);
    void (*units_write)(enum device_kind kind, int quantity, struct writer *out); /* "kWh, Wh": those that fit */
};

/* Read one profile.
 * text      YAML 1.1, at most PROFILE_FILE_SIZE_LIMIT bytes, one document
 * file      for the complaints
 * stem      what `profile:` must say (the file's name without .yaml); NULL: anything
 * out       written when nothing is wrong, else untouched
 * returns   0; -1 with at least one row added to `problems` */
int profile_read(const struct profile_vocabulary *vocabulary, struct span text, const char *file, const char *stem,
                 struct device_profile *out, struct profile_problems *problems);

/* A JSON schema (draft 2020-12) of the format, for editors. Overflow shows in the writer. */
void profile_schema_write(const struct profile_vocabulary *vocabulary, struct writer *out);

/* Words of the format: "electricity", "hourly", "close_valve", "daily_freeze", "password"; "" outside. */
const char *profile_kind_name(enum device_kind kind);
const char *profile_group_name(enum device_point_group group);
const char *profile_command_name(enum device_command_code command);
const char *profile_period_name(int period);
const char *profile_transformer_name(enum device_transformer transformer);

/* The i-th parameter (bit 1 << i): "password"; "" from DEVICE_PARAMETER_BIT_COUNT on. */
const char *profile_parameter_name(unsigned index);

/* The command of that name; DEVICE_COMMAND_NONE. */
enum device_command_code profile_command_find(struct span name);

/* A profile, and the file it was read from. */
struct profile_set_row {
    struct device_profile profile;
    char file[PROFILE_FILE_LIMIT];
};

/* All models of an installation, in order of their names. Never changed once it is complete, so that any thread may
 * read it; a reload makes a new set beside it. */
struct profile_set {
    size_t count;
    size_t capacity;
    struct profile_set_row **rows; /* each from the heap, owned by the set */
};

/* NULL when there is no memory. */
struct profile_set *profile_set_open(void);

/* NULL is accepted. */
void profile_set_close(struct profile_set *set);

/* Read a file into the set; a model of the same name from an earlier source is replaced.
 * returns  0; -1 with rows added to `problems` */
int profile_set_add(struct profile_set *set, const struct profile_vocabulary *vocabulary, struct span text,
                    const char *file, const char *stem, struct profile_problems *problems);

/* NULL when the set has no model of that name. Lives as long as the set. */
const struct profile_set_row *profile_set_find(const struct profile_set *set, struct span name);

#endif
