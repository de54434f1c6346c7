#include "sim/people.h"

#include "base/calendar.h"
#include "base/random.h"

#define H 3600
#define DAY CALENDAR_DAY_S
#define DESK_OPENS_S (9 * H)
#define DESK_CLOSES_S (18 * H)
#define ROUND_FEN 5000

/* From which trouble on somebody pays, and how long after it began; bills are paid so long after they came. */
static const struct habit {
    enum people_trouble from;
    int32_t patience_s;
    int32_t bill_patience_s;
    bool dry_only;         /* only when the tap is dry */
} habits[TOWN_HABIT_COUNT] = {
    [TOWN_PAYS_PROMPTLY] = { PEOPLE_REMINDED, 2 * H, 3 * DAY, false },
    [TOWN_PAYS_LATE] = { PEOPLE_WARNED, 3 * H, 20 * DAY, false },
    [TOWN_PAYS_VERY_LATE] = { PEOPLE_CUT_OFF, 20 * H, 40 * DAY, true },
    [TOWN_FORGETS] = { PEOPLE_CUT_OFF, 60 * H, 70 * DAY, true },
    [TOWN_PAYS_NEVER] = { PEOPLE_TROUBLE_COUNT, 0, INT32_MAX, true },
};

/* Not everybody comes in the first hour: 0 to a day more, the same for the same home. */
static int64_t hesitation_s(const struct town_home *home)
{
    uint64_t state = home->usage.seed ^ ((uint64_t)home->usage.home << 20);

    return (int64_t)(random_splitmix(&state) % DAY);
}

static int64_t top_up_fen(const struct town_home *home, const struct people_account *account)
{
    int64_t wanted_fen = home->tariff == TOWN_TARIFF_SHOP ? 50000 : 10000;

    while (account->balance_fen + wanted_fen < ROUND_FEN)
        wanted_fen += ROUND_FEN;
    return wanted_fen;
}

int64_t people_payment_fen(const struct town_home *home, const struct people_account *account, int64_t now_s)
{
    const struct habit *habit = &habits[home->habit < TOWN_HABIT_COUNT ? home->habit : TOWN_PAYS_PROMPTLY];
    int32_t second = calendar_second_of_day(now_s, TOWN_ZONE_OFFSET_S);
    int64_t waited_s = now_s - account->trouble_since_s;
    int64_t patience_s = habit->patience_s;

    if (second < DESK_OPENS_S || second >= DESK_CLOSES_S)
        return 0;
    if (!habit->dry_only)
        patience_s += hesitation_s(home);
    if (account->owed_fen > 0 && now_s - account->owed_since_s >= (int64_t)habit->bill_patience_s + hesitation_s(home))
        return account->owed_fen;
    if (account->trouble < habit->from || waited_s < patience_s || (habit->dry_only && !account->valve_closed))
        return 0;
    if (home->payment == TOWN_POSTPAID)
        return account->owed_fen;
    return top_up_fen(home, account);
}

bool people_press_button(const struct people_account *account)
{
    return account->valve_closed;
}
