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
