#include "notify/utility_words.h"

#include <stddef.h>
#include <string.h>

static const struct utility {
    const char *name;
    const char *words[UTILITY_WORD_COUNT][2]; /* Chinese, English */
} utilities[] = {
    { "water",
      { [UTILITY_FEE] = { "水费", "water" }, [UTILITY_SUPPLY] = { "供水", "water" }, [UTILITY_BEGIN] = { "供水", "Water" },
        [UTILITY_STOP] = { "停水", "water stops" }, [UTILITY_USE] = { "用水", "water" },
        [UTILITY_METER] = { "水表", "meter" }, [UTILITY_OPEN] = { "开阀", "opens" },
        [UTILITY_CHECK] = { "。请先确认龙头已关好", " Please check that taps are closed." } } },
    { "hot_water",
      { [UTILITY_FEE] = { "热水费", "hot water" }, [UTILITY_SUPPLY] = { "供热水", "hot water" },
        [UTILITY_BEGIN] = { "供热水", "Hot water" }, [UTILITY_STOP] = { "停热水", "hot water stops" },
        [UTILITY_USE] = { "用热水", "hot water" }, [UTILITY_METER] = { "热水表", "meter" },
        [UTILITY_OPEN] = { "开阀", "opens" },
        [UTILITY_CHECK] = { "。请先确认龙头已关好", " Please check that taps are closed." } } },
    { "electricity",
      { [UTILITY_FEE] = { "电费", "electricity" }, [UTILITY_SUPPLY] = { "供电", "electricity" },
        [UTILITY_BEGIN] = { "供电", "Electricity" }, [UTILITY_STOP] = { "停电", "electricity stops" },
        [UTILITY_USE] = { "用电", "electricity" }, [UTILITY_METER] = { "电表", "meter" },
        [UTILITY_OPEN] = { "合闸", "switches on" },
        [UTILITY_CHECK] = { "。请先关好电炉等电器", " Please check that heaters and cookers are off." } } },
    { "gas",
      { [UTILITY_FEE] = { "燃气费", "gas" }, [UTILITY_SUPPLY] = { "供气", "gas" }, [UTILITY_BEGIN] = { "供气", "Gas" },
        [UTILITY_STOP] = { "停气", "gas stops" }, [UTILITY_USE] = { "用气", "gas" },
        [UTILITY_METER] = { "燃气表", "meter" }, [UTILITY_OPEN] = { "开阀", "opens" },
        [UTILITY_CHECK] = { "。请先确认灶具已关好", " Please check that burners are off." } } },
    { "heat",
      { [UTILITY_FEE] = { "采暖费", "heating" }, [UTILITY_SUPPLY] = { "供暖", "heating" },
        [UTILITY_BEGIN] = { "供暖", "Heating" }, [UTILITY_STOP] = { "停暖", "heating stops" },
        [UTILITY_USE] = { "采暖", "heating" }, [UTILITY_METER] = { "热量表", "meter" },
        [UTILITY_OPEN] = { "开阀", "opens" }, [UTILITY_CHECK] = { "", "" } } },
};

const char *utility_word(const char *utility, enum utility_word word, int is_english)
{
    const struct utility *found = &utilities[0];

    for (size_t i = 0; utility != NULL && i < sizeof utilities / sizeof utilities[0]; i++)
        if (strcmp(utilities[i].name, utility) == 0)
            found = &utilities[i];
    return found->words[word][is_english != 0 ? 1 : 0];
}
