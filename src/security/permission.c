#include "security/permission.h"

#include <string.h>

#define PERMISSION_ROW(name, text, zh, en) { text, zh, en },
static const struct permission_info infos[] = { PERMISSION_LIST(PERMISSION_ROW) };
#undef PERMISSION_ROW

#define B(name) PERMISSION_BIT(PERMISSION_##name)
#define READ_ALL (B(SIGNED_IN) | B(OVERVIEW_READ) | B(DEVICES_READ) | B(COMMANDS_READ) | B(MONEY_READ))

/* The viewer sees everything and changes nothing; nobody below the clerk sees names in full. */
static const struct role roles[] = {
    { "administrator", PERMISSION_BIT(PERMISSION_COUNT) - 1 },
    { "operator", READ_ALL | B(DEVICES_WRITE) | B(COMMANDS_WRITE) | B(EVENTS_WRITE) | B(AREAS_WRITE) },
    { "clerk", READ_ALL | B(CUSTOMERS_WRITE) | B(PAYMENTS_WRITE) | B(SETTLEMENT_RUN) | B(PEOPLE_REVEAL) },
    { "viewer", READ_ALL },
};

const struct permission_info *permission_info(enum permission permission)
{
    if ((unsigned)permission >= PERMISSION_COUNT)
        return NULL;
    return &infos[permission];
}

size_t role_count(void)
{
    return sizeof roles / sizeof roles[0];
}

const struct role *role_at(size_t index)
{
    return index < role_count() ? &roles[index] : NULL;
}

const struct role *role_find(const char *name)
{
    for (size_t i = 0; i < role_count(); i++)
        if (strcmp(roles[i].name, name) == 0)
            return &roles[i];
    return NULL;
}

bool permission_allows(permission_set set, enum permission permission)
{
    return (unsigned)permission < PERMISSION_COUNT && (set & PERMISSION_BIT(permission)) != 0;
}
