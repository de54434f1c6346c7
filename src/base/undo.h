/* Before-images of memory, so that a transaction that the store refused leaves no trace in the rooms either.
 *
 * Rooms save what they are about to change; the core forgets the images after a commit and puts them back after a
 * rollback. One undo belongs to one core and is shared by its rooms; memory saved must not move before undo_clear. */
#ifndef BASE_UNDO_H
#define BASE_UNDO_H

#include <stddef.h>
#include <stdint.h>

struct undo;

/* capacity  bytes of images held at most; one image costs its size and 16 bytes
 * returns   0; BASE_ERR_MEMORY */
int undo_open(size_t capacity, struct undo **out);

/* Accepts NULL. */
void undo_close(struct undo *undo);

/* Remember `size` bytes at `target` as they are now. Accepts NULL for `undo`: nothing is remembered.
 * size     1 to 65,535
 * returns  0; BASE_ERR_FULL: nothing was remembered, so change nothing and end the transaction */
int undo_save(struct undo *undo, void *target, size_t size);

/* Call `action(context, argument)` when taken back, for what is no plain memory (an entry of a map).
 * returns  0; BASE_ERR_FULL */
int undo_call(struct undo *undo, void (*action)(void *context, uint64_t argument), void *context, uint64_t argument);

/* Where we are now: for undo_revert at the end of a failed step. */
size_t undo_mark(const struct undo *undo);

/* Take back everything since the mark, newest first. 0 takes back the whole transaction. */
void undo_revert(struct undo *undo, size_t mark);

/* The transaction is committed: forget. */
void undo_clear(struct undo *undo);

#endif
