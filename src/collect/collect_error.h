/* Why the collect room refused a request. What lines and meters answer is never an error: it is a reason of a meter. */
#ifndef COLLECT_COLLECT_ERROR_H
#define COLLECT_COLLECT_ERROR_H

#include "base/error_info.h"

#define COLLECT_ERRORS(ROW) \
    ROW(COLLECT_ERR_WHAT, -2301, 422, "reading_what", "what", \
        "what to read is current, daily, monthly or (of a plan) curve", \
        "抄读内容须为 current、daily、monthly，计划还可为 curve") \
    ROW(COLLECT_ERR_DATE, -2302, 422, "reading_date", "date", \
        "name one of the last 31 midnights, or the first of one of the last 12 months", \
        "日期须为最近 31 个日冻结之一，或最近 12 个月冻结（每月 1 日）之一") \
    ROW(COLLECT_ERR_SCOPE, -2303, 422, "reading_scope", "area_id", "say either an area or the meters, not both", \
        "请指定片区或表计其中之一") \
    ROW(COLLECT_ERR_NOBODY, -2304, 422, "reading_nobody", "area_id", "no meter in service there can be asked", \
        "该范围内没有可抄读的在用表计") \
    ROW(COLLECT_ERR_TASK_LARGE, -2305, 422, "reading_task_large", "area_id", \
        "a task reads at most 100,000 meters; choose smaller areas", "单个任务最多 100 000 只表，请缩小范围") \
    ROW(COLLECT_ERR_TASKS_FULL, -2306, 429, "reading_tasks_full", "", \
        "1,000 tasks are open; cancel some or wait for them", "未完成任务已达 1 000 个，请取消部分或等待完成") \
    ROW(COLLECT_ERR_TASK, -2307, 404, "reading_task_unknown", "task_id", "there is no such task", "没有该抄表任务") \
    ROW(COLLECT_ERR_FINISHED, -2308, 409, "reading_task_finished", "", "the task has ended already", "该任务已结束") \
    ROW(COLLECT_ERR_PLAN, -2309, 404, "reading_plan_unknown", "plan_id", "there is no such plan", "没有该抄表计划") \
    ROW(COLLECT_ERR_PLANS_FULL, -2310, 429, "reading_plans_full", "", "there are 1,000 plans; delete some first", \
        "计划已达 1 000 个，请先删除部分") \
    ROW(COLLECT_ERR_PERIOD, -2311, 422, "reading_period", "every", \
        "a period is 1 to 59 minutes, 23 hours, 31 days, 8 weeks or 12 months, its offset shorter than its unit", \
        "周期须为 1–59 分钟、1–23 小时、1–31 天、1–8 周或 1–12 月，偏移须短于一个单位") \
    ROW(COLLECT_ERR_NAME, -2312, 422, "reading_plan_name", "name", "a plan's name has 1 to 120 bytes", \
        "计划名称须为 1 至 120 字节") \
    ROW(COLLECT_ERR_PRIORITY, -2313, 422, "reading_priority", "priority", "the priority is high, normal or low", \
        "优先级须为 high、normal 或 low") \
    ROW(COLLECT_ERR_EXPIRY, -2314, 422, "reading_expiry", "expires_s", "a task lives between one minute and 31 days", \
        "任务有效期须为 1 分钟至 31 天") \
    ROW(COLLECT_ERR_MEMORY, -2315, 503, "collect_memory", "", "out of memory", "内存不足") \
    ROW(COLLECT_ERR_FULL, -2316, 507, "collect_full", "", "too much work in one transaction; nothing was stored", \
        "单次事务过大，未保存任何内容") \
    ROW(COLLECT_ERR_STORED, -2317, 500, "collect_stored", "", "the stored tasks contradict themselves", \
        "已存任务自相矛盾") \
    ROW(COLLECT_ERR_DEVICE, -2318, 404, "device_unknown", "device_id", "there is no such meter in service", \
        "没有该在用表计") \
    ROW(COLLECT_ERR_FREEZE_LARGE, -2319, 422, "reading_freeze_large", "freeze", \
        "at most 1,024 free lines can be latched at one instant; choose a smaller area or try again", \
        "同一时刻最多冻结 1 024 条空闲线路，请缩小范围或稍后再试")

enum collect_error { COLLECT_ERRORS(ERROR_INFO_ENUM) };

/* The row of one of COLLECT_ERR_*; NULL for any other number. Static lifetime. */
const struct error_info *collect_error_info(int error);

#endif
