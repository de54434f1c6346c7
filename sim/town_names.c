#include "sim/town_names.h"

#include <stdio.h>
#include <string.h>

/* A syllable and the first letter of its pinyin. */
struct syllable {
    const char *text;
    char initial;
};

static const struct syllable surnames[] = {
    { "王", 'w' }, { "李", 'l' }, { "张", 'z' }, { "刘", 'l' }, { "陈", 'c' }, { "杨", 'y' }, { "黄", 'h' }, { "赵", 'z' },
    { "吴", 'w' }, { "周", 'z' }, { "徐", 'x' }, { "孙", 's' }, { "马", 'm' }, { "朱", 'z' }, { "胡", 'h' }, { "郭", 'g' },
    { "何", 'h' }, { "高", 'g' }, { "林", 'l' }, { "罗", 'l' }, { "郑", 'z' }, { "梁", 'l' }, { "谢", 'x' }, { "宋", 's' },
    { "唐", 't' }, { "许", 'x' }, { "韩", 'h' }, { "冯", 'f' }, { "邓", 'd' }, { "曹", 'c' }, { "彭", 'p' }, { "曾", 'z' },
    { "肖", 'x' }, { "田", 't' }, { "董", 'd' }, { "潘", 'p' }, { "袁", 'y' }, { "蔡", 'c' }, { "蒋", 'j' }, { "余", 'y' },
    { "于", 'y' }, { "杜", 'd' }, { "叶", 'y' }, { "程", 'c' }, { "苏", 's' }, { "魏", 'w' }, { "吕", 'l' }, { "丁", 'd' },
    { "欧阳", 'o' }, { "司徒", 's' },
};

/* Two generations: names of the fifties to seventies, and of the eighties to today. */
static const struct syllable older[] = {
    { "建国", 'j' }, { "秀兰", 'x' }, { "志强", 'z' }, { "丽娟", 'l' }, { "伟", 'w' }, { "静", 'j' }, { "桂英", 'g' },
    { "国平", 'g' }, { "玉兰", 'y' }, { "军", 'j' }, { "敏", 'm' }, { "春梅", 'c' }, { "永福", 'y' }, { "淑芬", 's' },
    { "卫东", 'w' }, { "爱华", 'a' }, { "明", 'm' }, { "秀英", 'x' }, { "海燕", 'h' }, { "金凤", 'j' },
};
static const char *const older_second[] = {
    "g", "l", "q", "j", "", "", "y", "p", "l", "", "", "m", "f", "f", "d", "h", "", "y", "y", "f",
};
static const struct syllable first[] = {
    { "佳", 'j' }, { "子", 'z' }, { "志", 'z' }, { "文", 'w' }, { "雨", 'y' }, { "浩", 'h' }, { "欣", 'x' }, { "梓", 'z' },
    { "思", 's' }, { "俊", 'j' }, { "晓", 'x' }, { "宇", 'y' }, { "诗", 's' }, { "嘉", 'j' }, { "若", 'r' }, { "天", 't' },
};
static const struct syllable second[] = {
    { "怡", 'y' }, { "轩", 'x' }, { "远", 'y' }, { "博", 'b' }, { "涵", 'h' }, { "然", 'r' }, { "琪", 'q' }, { "豪", 'h' },
    { "彤", 't' }, { "杰", 'j' }, { "妍", 'y' }, { "航", 'h' }, { "琳", 'l' }, { "宁", 'n' }, { "辰", 'c' }, { "悦", 'y' },
};

/* Names that break forms: rare characters, eighteen Latin letters. */
static const struct town_name odd_people[] = {
    { "林㛃", "lj" }, { "陈䶮", "cy" }, { "Maria Konstantinou", "mk" }, { "买买提·吐尔逊", "mmttex" },
};

static const struct syllable trades[] = {
    { "海丝风味餐厅", 'h' }, { "榕城茶餐厅", 'r' }, { "老街面馆", 'l' }, { "云上书店", 'y' }, { "鹭湾大药房", 'l' },
    { "晨曦便利店", 'c' }, { "小满咖啡", 'x' }, { "花间理发店", 'h' }, { "好又鲜超市", 'h' }, { "四季火锅", 's' },
    { "金叶烘焙", 'j' }, { "阿婆糖水铺", 'a' },
};
#define LONG_COMPANY "云榕市鹭湾广场海丝风味国际餐饮管理有限责任公司第一分公司"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct syllable *one_of(struct random *random, const struct syllable *table, size_t count)
{
    return &table[random_below(random, count)];
}

static void name_older(struct random *random, const struct syllable *surname, struct town_name *out)
{
    size_t index = (size_t)random_below(random, COUNT(older));

    (void)snprintf(out->text, sizeof out->text, "%s%s", surname->text, older[index].text);
    (void)snprintf(out->initials, sizeof out->initials, "%c%c%s", surname->initial, older[index].initial,
                   older_second[index]);
}

static void name_younger(struct random *random, const struct syllable *surname, struct town_name *out)
{
    const struct syllable *a = one_of(random, first, COUNT(first));
    const struct syllable *b = one_of(random, second, COUNT(second));

    (void)snprintf(out->text, sizeof out->text, "%s%s%s", surname->text, a->text, b->text);
    (void)snprintf(out->initials, sizeof out->initials, "%c%c%c", surname->initial, a->initial, b->initial);
}

void town_name_person(struct random *random, struct town_name *out)
{
    const struct syllable *surname = one_of(random, surnames, COUNT(surnames));

    memset(out, 0, sizeof *out);
    if (random_chance(random, 1, 400))
        *out = odd_people[random_below(random, COUNT(odd_people))];
    else if (random_chance(random, 2, 5))
        name_older(random, surname, out);
    else
        name_younger(random, surname, out);
}

void town_name_company(struct random *random, struct town_name *out)
{
    const struct syllable *trade = one_of(random, trades, COUNT(trades));
    const struct syllable *owner = one_of(random, surnames, COUNT(surnames));

    memset(out, 0, sizeof *out);
    if (random_chance(random, 1, 60)) {
        (void)snprintf(out->text, sizeof out->text, "%s", LONG_COMPANY);
        (void)snprintf(out->initials, sizeof out->initials, "yrslw");
        return;
    }
    (void)snprintf(out->text, sizeof out->text, "%s记%s", owner->text, trade->text);
    (void)snprintf(out->initials, sizeof out->initials, "%cj%c", owner->initial, trade->initial);
}

void town_phone(struct random *random, char out[TOWN_PHONE_LIMIT])
{
    (void)snprintf(out, TOWN_PHONE_LIMIT, "138-0000-%04u", (unsigned)random_below(random, 10000));
}
