/* The device models of a running program: read from the packed copies and the folders, replaced whole by a reload.
 *
 * Readers hold a set while they read; a reload makes a new set beside it and puts it in place only when every file is
 * right, so nobody ever sees half of one. Any thread. */
#ifndef APPS_METERWORKS_PROFILE_SHELF_H
#define APPS_METERWORKS_PROFILE_SHELF_H

#include "api/api_server.h"
#include "registry/profile.h"

struct profile_shelf;

/* Where models come from: the first source gives all, the second adds and replaces. */
struct profile_sources {
    const char *folder;  /* instead of the packed copies; NULL */
    const char *overlay; /* DATA/profiles: may be missing; NULL */
};

/* Read all sources into a new set.
 * returns  the set; NULL with rows in `problems` */
struct profile_set *profile_sources_read(const struct profile_sources *sources, struct profile_problems *problems);

/* Read the file of a profile into the set.
 * returns  0; -1 with rows in `problems`, also when the file cannot be read */
int profile_file_read(struct profile_set *set, const char *path, struct profile_problems *problems);

/* Opens with a wrong overlay too, without any of it: a mistake in a file of DATA/profiles must not keep a platform from
 * starting. It is logged and shown by profile_shelf_complaints() until a reload succeeds.
 * sources   texts are copied
 * problems  why, when it fails, and what is wrong about the overlay
 * returns   NULL when a file of the first source is wrong or there is no memory */
struct profile_shelf *profile_shelf_open(const struct profile_sources *sources, struct profile_problems *problems);

/* Nobody may hold a set any more. NULL is accepted. */
void profile_shelf_close(struct profile_shelf *shelf);

/* The present set; stays as it is until released. */
const struct profile_set *profile_shelf_hold(struct profile_shelf *shelf);
void profile_shelf_release(struct profile_shelf *shelf, const struct profile_set *set);

/* Read everything anew.
 * returns  0; -1 with rows in `problems`, and the old set stays */
int profile_shelf_reload(struct profile_shelf *shelf, struct profile_problems *problems);

/* What the last reading complained of; count 0 when it was right. */
void profile_shelf_complaints(struct profile_shelf *shelf, struct profile_problems *problems);

/* The shelf as the api sees it; lives as long as the shelf. */
struct api_profiles profile_shelf_port(struct profile_shelf *shelf);

#endif
