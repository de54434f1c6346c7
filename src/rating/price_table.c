#include "rating/rating_case_internal.h"

#include <string.h>

/* Published price tables by the short names that worked bills use. Prices change: a table is an example, not advice. */
static const struct {
    const char *name;
    const char *document;
} price_tables[] = {
    { "W-BJ", "{\"utility\": \"water\", \"unit\": \"m3\", \"cycle\": \"calendar-year\", \"limits\": [180, 260],"
              " \"household\": {\"kind\": \"per_person\", \"base\": 5, \"add\": 30}, \"items\": ["
              "{\"name\": \"water\", \"prices\": [\"2.07\", \"4.07\", \"6.07\"]},"
              "{\"name\": \"water_resource\", \"price\": \"1.57\"}, {\"name\": \"sewage\", \"price\": \"1.36\"}]}" },
    { "W-SH", "{\"utility\": \"water\", \"unit\": \"m3\", \"cycle\": \"calendar-year\", \"limits\": [220, 300],"
              " \"household\": {\"kind\": \"flat\", \"min\": 5, \"add\": [100, 100]}, \"items\": ["
              "{\"name\": \"composite\", \"prices\": [\"3.45\", \"4.83\", \"5.83\"]}]}" },
    { "W-SZ", "{\"utility\": \"water\", \"unit\": \"m3\", \"cycle\": \"month\", \"limits\": [22, 30], \"items\": ["
              "{\"name\": \"water\", \"prices\": [\"2.67\", \"4.01\", \"8.01\"]},"
              "{\"name\": \"sewage\", \"coef\": \"0.9\", \"prices\": [\"0.90\", \"1.00\", \"1.10\"]},"
              "{\"name\": \"garbage\", \"coef\": \"0.9\", \"price\": \"0.59\"}]}" },
    { "W-GZ", "{\"utility\": \"water\", \"unit\": \"m3\", \"cycle\": \"month\", \"limits\": [21, 27], \"items\": ["
              "{\"name\": \"water\", \"prices\": [\"2.55\", \"3.82\", \"7.65\"]}]}" },
    { "E-SZ", "{\"utility\": \"electricity\", \"unit\": \"kWh\", \"cycle\": \"month\", \"season_limits\": {"
              "\"summer\": [260, 600], \"other\": [200, 400]}, \"items\": ["
              "{\"name\": \"energy\", \"prices\": [\"0.66286875\", \"0.71286875\", \"0.96286875\"]}]}" },
    { "E-ZJ",
      "{\"utility\": \"electricity\", \"unit\": \"kWh\", \"cycle\": \"calendar-year\", \"limits\": [2760, 4800],"
      " \"items\": [{\"name\": \"energy\", \"prices\": [\"0.538\", \"0.588\", \"0.838\"]}]}" },
    { "E-ZJ TOU",
      "{\"utility\": \"electricity\", \"unit\": \"kWh\", \"cycle\": \"calendar-year\", \"limits\": [2760, 4800],"
      " \"items\": [{\"name\": \"tou_energy\", \"tou_prices\": {\"peak\": \"0.568\", \"valley\": \"0.288\"}},"
      "{\"name\": \"tier_surcharge\", \"prices\": [\"0\", \"0.05\", \"0.30\"]}]}" },
    { "G-BJ boiler",
      "{\"utility\": \"gas\", \"unit\": \"m3\", \"cycle\": \"calendar-year\", \"limits\": [1500, 2500], \"items\": ["
      "{\"name\": \"gas\", \"prices\": [\"2.61\", \"2.83\", \"4.23\"]}]}" },
    { "W-GZ old", "{\"utility\": \"water\", \"unit\": \"m3\", \"cycle\": \"month\", \"limits\": [26, 34], \"items\": ["
                  "{\"name\": \"water\", \"prices\": [\"1.98\", \"2.97\", \"3.96\"]}]}" },
    { "G-BJ", "{\"utility\": \"gas\", \"unit\": \"m3\", \"cycle\": \"calendar-year\", \"limits\": [350, 500],"
              " \"household\": {\"kind\": \"flat\", \"min\": 6, \"add\": [150, 150]}, \"items\": ["
              "{\"name\": \"gas\", \"prices\": [\"2.61\", \"2.83\", \"4.23\"]}]}" },
};

const char *price_table_find(const char *name)
{
    for (size_t index = 0; index < sizeof price_tables / sizeof price_tables[0]; index++) {
        if (strcmp(price_tables[index].name, name) == 0)
            return price_tables[index].document;
    }
    return NULL;
}
