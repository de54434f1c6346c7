/* What a person may do: roles give permissions, the area of jurisdiction says where (S1-060, S1-062, S3-068). */
#ifndef SECURITY_PERMISSION_H
#define SECURITY_PERMISSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* enumerator, name in the API, what it lets a person do (zh, en) */
#define PERMISSION_LIST(ROW) \
    ROW(SIGNED_IN, "session", "登录后的基本使用", "anything that only needs a sign-in") \
    ROW(OVERVIEW_READ, "overview.read", "查看总览和看板", "see overview and board") \
    ROW(DEVICES_READ, "devices.read", "查看表计和读数", "see meters and readings") \
    ROW(DEVICES_WRITE, "devices.write", "登记、换表和修改表计", "register, exchange and change meters") \
    ROW(COMMANDS_READ, "commands.read", "查看命令", "see commands") \
    ROW(COMMANDS_WRITE, "commands.write", "向表计下发命令", "send commands to meters") \
    ROW(EVENTS_WRITE, "events.write", "确认告警、判定可疑读数", "acknowledge alarms, decide set-aside readings") \
    ROW(MONEY_READ, "money.read", "查看客户、账单和缴费", "see customers, bills and payments") \
    ROW(CUSTOMERS_WRITE, "customers.write", "新建和修改客户与户", "create and change customers and accounts") \
    ROW(PAYMENTS_WRITE, "payments.write", "收款", "take payments") \
    ROW(TARIFFS_WRITE, "tariffs.write", "修改价格", "change tariffs") \
    ROW(SETTLEMENT_RUN, "settlement.run", "执行结算", "run a settlement") \
    ROW(PEOPLE_REVEAL, "people.reveal", "查看完整姓名和电话", "see names and phones in full") \
    ROW(PEOPLE_WRITE, "people.write", "管理用户", "manage people") \
    ROW(SETTINGS_WRITE, "settings.write", "修改设置", "change settings") \
    ROW(AREAS_WRITE, "areas.write", "修改片区", "change areas") \
    ROW(AUDIT_READ, "audit.read", "查看操作留痕", "read the audit trail") \
    ROW(INTEGRATIONS_WRITE, "integrations.write", "管理合作方、令牌和推送地址", "manage partners, tokens and webhook addresses")

#define PERMISSION_ENUM(name, text, zh, en) PERMISSION_##name,
enum permission { PERMISSION_LIST(PERMISSION_ENUM) PERMISSION_COUNT };
#undef PERMISSION_ENUM

/* A set of permissions: bit 1 << enum permission. */
typedef uint32_t permission_set;

#define PERMISSION_BIT(permission) ((permission_set)1 << (permission))

struct permission_info {
    const char *name;
    const char *text_zh;
    const char *text_en;
};

/* Static lifetime; NULL outside the enum. */
const struct permission_info *permission_info(enum permission permission);

struct role {
    const char *name;        /* "administrator" */
    permission_set permissions;
};

/* Row of the role table by name; NULL when there is no such role. */
const struct role *role_find(const char *name);

/* The role table in order; NULL from role_count() on. */
const struct role *role_at(size_t index);
size_t role_count(void);

bool permission_allows(permission_set set, enum permission permission);

#endif
