#include "api/walk.h"


int walk_begin(struct exchange *exchange, struct parameters *parameters, enum view step, enum view total, int64_t rows,
               struct walk *out)
{
    struct walk walk;

    walk.meters = exchange_kept_count(exchange, total, parameters);
    if (walk.meters < 0)
        return -1;
    parameters_integer(parameters, "part_rows", rows);
    walk.end = exchange_kept_count(exchange, step, parameters);
    if (walk.end < 0)
        return -1;
    if (walk.end > 0)
        parameters_integer(parameters, "scan_to", walk.end);
    walk.looked = walk.end > 0 ? rows : 0;
    *out = walk;
    return 0;
}

void walk_figures(struct exchange *exchange, const struct walk *walk)
{
    json_put_key_integer(&exchange->out, "looked", walk->looked);
    json_put_key_integer(&exchange->out, "meters_in_all", walk->meters);
}

void walk_write(struct exchange *exchange, const struct walk *walk)
{
    exchange_put_next(exchange, walk->end > 0, walk->end);
    walk_figures(exchange, walk);
}
