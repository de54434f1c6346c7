/* The device models of `profiles/`, packed into the program by tools/pack_profiles. */
#ifndef REGISTRY_PACKED_PROFILES_H
#define REGISTRY_PACKED_PROFILES_H

#include <stddef.h>

struct packed_profile {
    const char *name; /* the file's name without .yaml */
    const char *text; /* zero-terminated */
    size_t size;      /* without the zero */
};

extern const struct packed_profile packed_profiles[];
extern const size_t packed_profile_count;

#endif
