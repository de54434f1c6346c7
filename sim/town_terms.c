/* Makers, tariffs and ways of paying, by name. */
#include "sim/town_plan.h"

static const char *const makers[] = { "鹭江表业", "云岭仪表", "海丝智能" };

static const struct {
    const char *name;
    const char *utility;
    const char *document;
} tariffs[TOWN_TARIFF_COUNT] = {
    [TOWN_TARIFF_HOUSEHOLD] = { "居民生活用水(演示)", "water",
        "{\"utility\":\"water\",\"unit\":\"m3\",\"cycle\":\"calendar-year\",\"limits\":[312,408],"
        "\"household\":{\"kind\":\"per_person\",\"base\":4,\"add\":78},"
        "\"items\":[{\"name\":\"water\",\"prices\":[\"2.00\",\"3.00\",\"6.00\"]},"
        "{\"name\":\"sewage\",\"price\":\"1.00\",\"coef\":\"0.9\"}]}" },
    [TOWN_TARIFF_CAMPUS] = { "学生宿舍用水(演示)", "water",
        "{\"utility\":\"water\",\"unit\":\"m3\",\"cycle\":\"month\","
        "\"items\":[{\"name\":\"water\",\"price\":\"1.98\"},"
        "{\"name\":\"sewage\",\"price\":\"0.95\",\"coef\":\"0.9\"}]}" },
    [TOWN_TARIFF_SHOP] = { "商业用水(演示)", "water",
        "{\"utility\":\"water\",\"unit\":\"m3\",\"cycle\":\"month\","
        "\"items\":[{\"name\":\"water\",\"price\":\"3.46\"},{\"name\":\"water_resource\",\"price\":\"0.20\"},"
        "{\"name\":\"sewage\",\"price\":\"1.40\",\"coef\":\"0.9\"}]}" },
    [TOWN_TARIFF_ELECTRICITY] = { "居民生活用电(演示)", "electricity",
        "{\"utility\":\"electricity\",\"unit\":\"kWh\",\"cycle\":\"calendar-year\",\"limits\":[2760,4800],"
        "\"household\":{\"kind\":\"flat\",\"min\":5,\"add\":1200},"
        "\"tou_schedule\":[{\"period\":\"valley\",\"from\":\"22:00\",\"to\":\"08:00\"},"
        "{\"period\":\"peak\",\"from\":\"08:00\",\"to\":\"22:00\"}],"
        "\"tou_registers\":{\"peak\":2,\"valley\":4},"
        "\"items\":[{\"name\":\"energy\",\"tou_prices\":{\"peak\":\"0.568\",\"valley\":\"0.288\"},"
        "\"prices\":[\"0\",\"0.05\",\"0.30\"]}]}" },
    [TOWN_TARIFF_GAS] = { "居民生活用气(演示)", "gas",
        "{\"utility\":\"gas\",\"unit\":\"m3\",\"cycle\":\"calendar-year\",\"limits\":[350,500],"
        "\"household\":{\"kind\":\"per_person\",\"base\":4,\"add\":[80,110]},"
        "\"items\":[{\"name\":\"gas\",\"prices\":[\"2.61\",\"2.83\",\"4.23\"]}]}" },
    [TOWN_TARIFF_HEAT] = { "居民供暖两部制(演示)", "heat",
        "{\"utility\":\"heat\",\"unit\":\"kWh\",\"cycle\":\"month\","
        "\"fixed\":[{\"name\":\"heat_area\",\"price\":\"1.80\",\"per\":\"area_m2\"}],"
        "\"items\":[{\"name\":\"heat\",\"price\":\"0.16\"}]}" },
};

static const char *const payments[] = {
    [TOWN_POSTPAID] = "postpaid", [TOWN_PREPAID_PLATFORM] = "prepaid_platform", [TOWN_PREPAID_METER] = "prepaid_meter",
};

const char *town_maker_name(unsigned maker)
{
    return makers[maker % (sizeof makers / sizeof makers[0])];
}

const char *town_tariff_name(enum town_tariff tariff)
{
    return tariffs[tariff < TOWN_TARIFF_COUNT ? tariff : TOWN_TARIFF_HOUSEHOLD].name;
}

const char *town_tariff_utility(enum town_tariff tariff)
{
    return tariffs[tariff < TOWN_TARIFF_COUNT ? tariff : TOWN_TARIFF_HOUSEHOLD].utility;
}

const char *town_tariff_document(enum town_tariff tariff)
{
    return tariffs[tariff < TOWN_TARIFF_COUNT ? tariff : TOWN_TARIFF_HOUSEHOLD].document;
}

const char *town_payment_name(enum town_payment payment)
{
    return payments[payment <= TOWN_PREPAID_METER ? payment : TOWN_POSTPAID];
}
