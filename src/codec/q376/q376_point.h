/* Data unit identifiers: which points (DA) and which functions (DT) a data unit is about. Four bytes: DA1 DA2 DT1 DT2.
 *
 * DA2 is a group of eight points and DA1 the set of those meant: bit k of group g is p = (g - 1) * 8 + k + 1, so p1 to
 * p2040; DA1 = DA2 = 0 is p0, the terminal itself. DT2 is a group of eight functions from 0 on and DT1 the set:
 * bit k of group g is F = g * 8 + k + 1, so F1 to F248. Source: Q/GDW 376.1, data unit identifier. */
#ifndef CODEC_Q376_POINT_H
#define CODEC_Q376_POINT_H

#include "base/writer.h"

#define Q376_UNIT_ID_SIZE 4
#define Q376_POINT_LIMIT 2040
#define Q376_FUNCTION_LIMIT 248
#define Q376_SET_LIMIT 8 /* members of a set that one DA or DT can name */

struct q376_unit_id {
    uint8_t da1;
    uint8_t da2;
    uint8_t dt1;
    uint8_t dt2;
};

/* Members of one DA or DT in ascending order. A DA of group 0 with some bits names no legal point; its members are
 * shown as the formula gives them, below 1. */
struct q376_set {
    size_t count; /* 0 to 8 */
    int16_t members[Q376_SET_LIMIT];
};

/* From 4 bytes; the caller guarantees them. */
struct q376_unit_id q376_unit_id_take(const uint8_t *bytes);
void q376_unit_id_put(struct q376_unit_id id, struct writer *out);

/* p0 is one member, 0. DA1 = FF with DA2 = 00 (all points, unconfirmed) is the empty set: q376_points_are_all(). */
struct q376_set q376_points_of(struct q376_unit_id id);
bool q376_points_are_all(struct q376_unit_id id);

/* The empty set when no bit is set: no data unit begins like this. */
struct q376_set q376_functions_of(struct q376_unit_id id);

/* The identifier of one point and one function.
 * point     0 to 2040
 * function  1 to 248
 * returns   0; CODEC_ERR_RANGE */
int q376_unit_id_of(unsigned point, unsigned function, struct q376_unit_id *out);

/* The identifier of sets of points and functions that share a group.
 * points, functions  any order, no repetition needed; points.count 0 is CODEC_ERR_EMPTY
 * returns   0; CODEC_ERR_RANGE: a member out of range, or of another group; CODEC_ERR_EMPTY */
int q376_unit_id_of_sets(const struct q376_set *points, const struct q376_set *functions, struct q376_unit_id *out);

/* All points of the terminal (unconfirmed) for one function.
 * function  1 to 248
 * returns   0; CODEC_ERR_RANGE */
int q376_unit_id_of_all(unsigned function, struct q376_unit_id *out);

/* "1,3,8"; nothing for the empty set. */
void q376_set_write(const struct q376_set *set, struct writer *out);

/* The points of an identifier: "0", "1,3,8", "all". */
void q376_points_write(struct q376_unit_id id, struct writer *out);

#endif
