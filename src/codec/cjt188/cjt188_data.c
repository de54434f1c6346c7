#include "codec/cjt188/cjt188_data.h"

#include "codec/cjt188/cjt188_code.h"

#define READ CJT188_READ_DATA
#define WRITE CJT188_WRITE_DATA
#define EMPTY CJT188_SHAPE_EMPTY
#define HISTORY CJT188_SHAPE_HISTORY
#define DAY CJT188_SHAPE_DAY
#define STATUS CJT188_SHAPE_STATUS
#define VENDOR CJT188_SHAPE_VENDOR

#define STANDARD "CJ/T 188-2004, data identifiers"
#define MAKER "maker's own"

/* Ascending by identifier. */
static const struct cjt188_data table[] = {
    { 0x8102, READ, EMPTY, CJT188_SHAPE_PRICE_TABLE, 0, "price table", "价格表", STANDARD },
    { 0x8103, READ, EMPTY, DAY, 0, "settlement day", "结算日", STANDARD },
    { 0x8104, READ, EMPTY, DAY, 0, "meter-reading day", "抄表日", STANDARD },
    { 0x8105, READ, EMPTY, CJT188_SHAPE_PURCHASE, 0, "purchase amount", "购入金额", STANDARD },
    { 0x8106, CJT188_READ_KEY_VERSION, EMPTY, CJT188_SHAPE_KEY_VERSION, 0, "key version", "密钥版本号", STANDARD },
    { 0x810a, CJT188_READ_ADDRESS, EMPTY, EMPTY, 0, "address", "地址", STANDARD },
    { 0x8120, READ, EMPTY, VENDOR, 0, "vendor: manufacture date", "厂商：出厂日期", MAKER },
    { 0x8121, READ, EMPTY, VENDOR, 0, "vendor: parameters", "厂商：参数", MAKER },
    { 0x901f, READ, EMPTY, CJT188_SHAPE_METERING, 0, "metering data", "计量数据", STANDARD },
    { 0xa010, WRITE, CJT188_SHAPE_PRICE_TABLE_WRITE, STATUS, 0, "write price table", "写价格表", STANDARD },
    { 0xa011, WRITE, DAY, EMPTY, 0, "write settlement day", "写结算日", STANDARD },
    { 0xa012, WRITE, DAY, EMPTY, 0, "write meter-reading day", "写抄表日", STANDARD },
    { 0xa013, WRITE, CJT188_SHAPE_PURCHASE_WRITE, CJT188_SHAPE_PURCHASE_WRITE, 0, "write purchase amount", "写购入金额",
      STANDARD },
    { 0xa014, WRITE, CJT188_SHAPE_KEY_WRITE, CJT188_SHAPE_KEY_VERSION, 0, "write new key", "写新密钥", STANDARD },
    { 0xa015, WRITE, CJT188_SHAPE_TIME, EMPTY, 0, "write standard time", "写标准时间", STANDARD },
    { 0xa016, CJT188_WRITE_SYNC, CJT188_SHAPE_BASE_READING, STATUS, 0, "write electromechanical sync", "写机电同步数",
      STANDARD },
    { 0xa017, WRITE, CJT188_SHAPE_VALVE_COMMAND, STATUS, 0, "valve control", "阀门控制", STANDARD },
    { 0xa018, CJT188_WRITE_ADDRESS, CJT188_SHAPE_ADDRESS, EMPTY, 0, "write address", "写地址", STANDARD },
    { 0xa019, WRITE, EMPTY, EMPTY, 0, "factory enable", "出厂启用", STANDARD },
    { 0xa020, WRITE, VENDOR, VENDOR, 0, "vendor: initialise", "厂商：初始化", MAKER },
    { 0xa021, WRITE, VENDOR, VENDOR, 0, "vendor: collector address", "厂商：采集器地址", MAKER },
    { 0xa022, WRITE, VENDOR, VENDOR, 0, "vendor: group", "厂商：分组", MAKER },
    { 0xa0ec, WRITE, VENDOR, VENDOR, 0, "vendor: refund", "厂商：退款", MAKER },
    { 0xd120, READ, EMPTY, HISTORY, 1, "cumulative at settlement day 1 back", "上1结算日累积", STANDARD },
    { 0xd121, READ, EMPTY, HISTORY, 2, "cumulative at settlement day 2 back", "上2结算日累积", STANDARD },
    { 0xd122, READ, EMPTY, HISTORY, 3, "cumulative at settlement day 3 back", "上3结算日累积", STANDARD },
    { 0xd123, READ, EMPTY, HISTORY, 4, "cumulative at settlement day 4 back", "上4结算日累积", STANDARD },
    { 0xd124, READ, EMPTY, HISTORY, 5, "cumulative at settlement day 5 back", "上5结算日累积", STANDARD },
    { 0xd125, READ, EMPTY, HISTORY, 6, "cumulative at settlement day 6 back", "上6结算日累积", STANDARD },
    { 0xd126, READ, EMPTY, HISTORY, 7, "cumulative at settlement day 7 back", "上7结算日累积", STANDARD },
    { 0xd127, READ, EMPTY, HISTORY, 8, "cumulative at settlement day 8 back", "上8结算日累积", STANDARD },
    { 0xd128, READ, EMPTY, HISTORY, 9, "cumulative at settlement day 9 back", "上9结算日累积", STANDARD },
    { 0xd129, READ, EMPTY, HISTORY, 10, "cumulative at settlement day 10 back", "上10结算日累积", STANDARD },
    { 0xd12a, READ, EMPTY, HISTORY, 11, "cumulative at settlement day 11 back", "上11结算日累积", STANDARD },
    { 0xd12b, READ, EMPTY, HISTORY, 12, "cumulative at settlement day 12 back", "上12结算日累积", STANDARD },
};

#define TABLE_COUNT (sizeof table / sizeof table[0])

/* High bytes under which the standard and makers put their identifiers, and their rows. */
static const struct page {
    uint8_t high;
    uint8_t first;
    uint8_t end;
} pages[] = {
    { 0x90, 8, 9 },
    { 0x81, 0, 8 },
    { 0xd1, 23, 35 },
    { 0xa0, 9, 23 },
};

static const struct page *page_find(uint8_t high)
{
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
        if (pages[i].high == high)
            return &pages[i];
    return NULL;
}

/* The rows of a page follow each other nearly without a gap, so the place is guessed first: it is where the row stands,
 * or behind it. */
static const struct cjt188_data *row_find(const struct page *page, uint16_t identifier)
{
    const struct cjt188_data *first = &table[page->first], *last = &table[page->end - 1];

    if (identifier < first->identifier || identifier > last->identifier)
        return NULL;
    size_t guess = (size_t)(identifier - first->identifier), end = (size_t)(last - first);
    const struct cjt188_data *row = first + (guess < end ? guess : end);
    while (row->identifier > identifier)
        row--;
    return row->identifier == identifier ? row : NULL;
}

const struct cjt188_data *cjt188_data_at(size_t index)
{
    return index < TABLE_COUNT ? &table[index] : NULL;
}

const struct cjt188_data *cjt188_data_find(uint16_t identifier)
{
    const struct page *page = page_find((uint8_t)(identifier >> 8));
    return page != NULL ? row_find(page, identifier) : NULL;
}

uint16_t cjt188_data_normalise(uint8_t first, uint8_t second, bool *is_low_first, const struct cjt188_data **known)
{
    uint16_t as_sent = (uint16_t)(first << 8 | second);
    uint16_t exchanged = (uint16_t)(second << 8 | first);
    const struct page *page = page_find(first);

    *is_low_first = false;
    *known = page != NULL ? row_find(page, as_sent) : NULL;
    if (*known != NULL)
        return as_sent;
    *known = cjt188_data_find(exchanged);
    *is_low_first = *known != NULL || (page == NULL && page_find(second) != NULL);
    return *is_low_first ? exchanged : as_sent;
}
