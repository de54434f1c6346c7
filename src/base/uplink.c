#include "base/uplink.h"

#include <string.h>

typedef char archive_rows_fit_where_items_lie[sizeof(struct uplink_archive_row) * UPLINK_ARCHIVE_LIMIT <=
                                                      sizeof(struct uplink_item) * UPLINK_ITEM_LIMIT
                                                  ? 1
                                                  : -1];

static size_t row_offset(unsigned index)
{
    return index * sizeof(struct uplink_archive_row);
}

struct uplink_archive_row uplink_archive_row_at(const struct uplink *uplink, unsigned index)
{
    struct uplink_archive_row row;

    memcpy(&row, (const uint8_t *)uplink->items + row_offset(index), sizeof row);
    return row;
}

int uplink_archive_row_put(struct uplink *uplink, const struct uplink_archive_row *row)
{
    if (uplink->item_count >= UPLINK_ARCHIVE_LIMIT)
        return -1;
    memcpy((uint8_t *)uplink->items + row_offset(uplink->item_count), row, sizeof *row);
    uplink->item_count++;
    return 0;
}

typedef char series_fits_where_items_lie[sizeof(int64_t) * UPLINK_SERIES_LIMIT <=
                                                 sizeof(struct uplink_item) * UPLINK_ITEM_LIMIT
                                             ? 1
                                             : -1];

int64_t uplink_series_value(const struct uplink *uplink, unsigned index)
{
    int64_t value;

    memcpy(&value, (const uint8_t *)uplink->items + index * sizeof value, sizeof value);
    return value;
}

void uplink_series_set(struct uplink *uplink, const struct uplink_series *series, const int64_t *values)
{
    uplink->kind = UPLINK_SERIES;
    uplink->item_count = 0;
    uplink->series = *series;
    memcpy(uplink->items, values, series->count * sizeof values[0]);
}
