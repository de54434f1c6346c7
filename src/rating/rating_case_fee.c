/* Worked bills of single fees: minimum, late fee, sharing, tax, closing an account. */
#include "rating/late_fee.h"
#include "rating/rating_case_internal.h"
#include "rating/share_split.h"
#include "rating/tax.h"

#include "base/calendar.h"
#include "base/wide.h"

#include <string.h>

#define QUANTITY TARIFF_QUANTITY_SCALE
#define PRICE TARIFF_PRICE_SCALE
#define LATE_YEAR_LIMIT 102 /* more than LATE_FEE_DAYS_MAXIMUM has */

/* The smallest quantity that is billed, or the smallest amount; at any tariff. */
int rating_case_minimum_volume(struct rating_case *rating_case)
{
    struct charge_usage usage = { .season = CHARGE_SEASON_NONE };
    int64_t quantity_e4, minimum_e4, minimum_fen;
    struct tariff tariff;
    struct charge charge;
    int error = rating_case_required(rating_case, "qty", QUANTITY, &quantity_e4);

    if (error == 0)
        error = rating_case_optional(rating_case, "min_qty", QUANTITY, 0, &minimum_e4);
    if (error == 0)
        error = rating_case_optional(rating_case, "min_fen", 0, 0, &minimum_fen);
    if (error == 0)
        error = rating_case_terms(rating_case, &tariff, &usage);
    if (error < 0)
        return error;
    tariff.minimum_quantity_e4 = 0;
    if (tariff.minimum_charge_fen < minimum_fen)
        tariff.minimum_charge_fen = minimum_fen;
    usage.quantity_e4 = quantity_e4 < minimum_e4 ? minimum_e4 : quantity_e4;
    error = charge_compute(&tariff, &usage, &charge);
    if (error < 0)
        return error;
    rating_case_member_decimal(rating_case, "billed_qty", usage.quantity_e4, QUANTITY);
    rating_case_member_amounts(rating_case, &tariff, &charge);
    return 0;
}

/* The smallest bill: of a use, or of a charge that is known already. */
int rating_case_minimum_charge(struct rating_case *rating_case)
{
    const json_t *input = rating_case->input;
    int64_t charge_fen, minimum_fen, yuan_fen;
    int error;

    if (json_object_get(input, "charge_fen") == NULL)
        return rating_case_minimum_volume(rating_case);
    error = rating_case_required(rating_case, "charge_fen", 0, &charge_fen);
    if (error == 0)
        error = rating_case_optional(rating_case, "min_fen", 0, 0, &minimum_fen);
    if (error == 0)
        error = rating_case_optional(rating_case, "min_charge", 2, minimum_fen, &yuan_fen);
    if (error < 0)
        return error;
    minimum_fen = yuan_fen > minimum_fen ? yuan_fen : minimum_fen;
    rating_case_member_integer(rating_case, "total_fen", charge_fen < minimum_fen ? minimum_fen : charge_fen);
    return 0;
}

/* One bill, paid at once. */
struct late_case {
    struct late_fee_rule rule;
    int64_t principal_fen;
    int64_t due_day, paid_day;
};

/* A day's rates: given, or the usual ones of the customer's class (rule 12). */
static int late_rates_read(struct rating_case *rating_case, struct late_fee_rule *rule, bool *split)
{
    const json_t *input = rating_case->input;
    const json_t *class_value = json_object_get(input, "class");
    const char *name = json_is_string(class_value) ? json_string_value(class_value) : "";
    bool given = json_object_get(input, "rate_day") != NULL || json_object_get(input, "rate_day_same_year") != NULL;
    bool other = !given && name[0] != '\0' && strcmp(name, "resident") != 0;
    int64_t rate_e8 = 0;
    int error = rating_case_optional(rating_case, "rate_day", PRICE,
                                     other             ? 200000
                                     : name[0] != '\0' ? 100000
                                                       : 0,
                                     &rate_e8);

    if (error == 0 && !given && name[0] == '\0')
        error = rating_case_refuse(rating_case, "rate_day", "缺少日费率(或用户类别 class)",
                                   "is missing: a rate a day, or the class of the customer");
    if (error == 0)
        error = rating_case_optional(rating_case, "rate_day_same_year", PRICE, rate_e8, &rule->rate_same_year_e8);
    if (error == 0)
        error = rating_case_optional(rating_case, "rate_day_later_year", PRICE,
                                     other ? 300000 : rule->rate_same_year_e8, &rule->rate_later_year_e8);
    *split = other || json_object_get(input, "rate_day_later_year") != NULL;
    return error;
}

static int late_terms_read(struct rating_case *rating_case, struct late_case *terms)
{
    const json_t *input = rating_case->input;
    const json_t *cap = json_object_get(input, "cap");
    int error = rating_case_required(rating_case, "principal_fen", 0, &terms->principal_fen);

    if (error == 0)
        error = rating_case_date(rating_case, input, "due", &terms->due_day);
    if (error == 0)
        error = rating_case_date(rating_case, input, "paid", &terms->paid_day);
    if (error == 0)
        error = rating_case_optional(rating_case, "min_fen", 0, 0, &terms->rule.minimum_fen);
    if (error == 0 && cap != NULL && (!json_is_string(cap) || strcmp(json_string_value(cap), "principal") != 0))
        error = rating_case_refuse(rating_case, "cap", "只能是 \"principal\"", "can only be \"principal\"");
    terms->rule.cap_e8 = cap != NULL ? LATE_FEE_RATE_ONE : 0;
    if (error == 0 && terms->paid_day - terms->due_day > LATE_FEE_DAYS_MAXIMUM)
        error = RATING_ERR_DATES;
    return error;
}

/* Late days of each calendar year from the due day's on, split at 31 December; two at the least, as there are two rates. */
static void late_days_show(struct rating_case *rating_case, const struct late_case *terms)
{
    int64_t days[LATE_YEAR_LIMIT] = { 0 };
    int64_t from_day = terms->due_day;
    int32_t count = 0;

    for (int64_t year = calendar_year_start(from_day); from_day < terms->paid_day && count < LATE_YEAR_LIMIT;) {
        int64_t last_day;

        year = calendar_year_start(year + 366);
        last_day = year - 1 < terms->paid_day ? year - 1 : terms->paid_day;
        days[count++] = last_day - from_day;
        from_day = last_day;
    }
    rating_case_member_integers(rating_case, "days", days, count < 2 ? 2 : count);
}

int rating_case_late_fee(struct rating_case *rating_case)
{
    struct late_case terms = { .principal_fen = 0 };
    struct late_fee_basis basis = { .principal_fen = 0 };
    struct late_fee_days days = { .same_year = 0 };
    struct late_fee fee;
    bool split = false;
    int error = late_terms_read(rating_case, &terms);

    if (error == 0)
        error = late_rates_read(rating_case, &terms.rule, &split);
    if (error == 0) {
        days = late_fee_days_count(&terms.rule, terms.due_day, terms.paid_day);
        error = late_fee_basis_add(&basis, terms.principal_fen, days);
    }
    if (error == 0)
        error = late_fee_compute(&terms.rule, &basis, &fee);
    if (error < 0)
        return error;
    if (split)
        late_days_show(rating_case, &terms);
    else
        rating_case_member_integer(rating_case, "days", days.same_year + days.later_year);
    rating_case_member_integer(rating_case, "uncapped_fen", fee.uncapped_fen);
    rating_case_member_integer(rating_case, "late_fen", fee.amount_fen);
    return 0;
}

/* Equal shares may come as a number of accounts instead of weights. */
static int weights_read(struct rating_case *rating_case, int64_t *weights, int32_t *count)
{
    const json_t *by = json_object_get(rating_case->input, "by");
    bool equal = json_is_string(by) && strcmp(json_string_value(by), "equal") == 0;
    int64_t accounts = 0;
    int error;

    if (by != NULL && !json_is_string(by))
        return rating_case_refuse(rating_case, "by", "应为文字,例如 \"usage\"", "must be a word, for example \"usage\"");
    if (!equal || json_object_get(rating_case->input, "weights") != NULL)
        return rating_case_list(rating_case, "weights", PRICE, 0, weights, count);
    error = rating_case_required(rating_case, "count", 0, &accounts);
    if (error == 0 && (accounts < 1 || accounts > RATING_CASE_LIST_LIMIT))
        error = rating_case_refuse(rating_case, "count", "应为 1 到 1000", "must be 1 to 1000");
    for (int64_t index = 0; error == 0 && index < accounts; index++)
        weights[index] = 1;
    *count = (int32_t)accounts;
    return error;
}

static int weights_check(struct rating_case *rating_case, const int64_t *weights, int32_t count)
{
    for (int32_t index = 0; index < count; index++) {
        if (weights[index] > 0)
            return 0;
    }
    return rating_case_refuse(rating_case, "input.weights", "不能全为 0", "must not all be 0");
}

int rating_case_apportion(struct rating_case *rating_case)
{
    int64_t weights[RATING_CASE_LIST_LIMIT], parts_fen[RATING_CASE_LIST_LIMIT];
    int64_t cost_fen;
    int32_t count = 0;
    int error = rating_case_decimal(rating_case, rating_case->input, "cost_fen", 0, RATING_CASE_REQUIRED, &cost_fen);

    if (error == 0)
        error = weights_read(rating_case, weights, &count);
    if (error == 0 && cost_fen != 0)
        error = weights_check(rating_case, weights, count);
    if (error == 0)
        error = share_split(cost_fen, weights, count, parts_fen);
    if (error == 0)
        rating_case_member_integers(rating_case, "parts_fen", parts_fen, count);
    return error;
}

/* Tax inside the lines of a document: by the line and as a whole, always adding up. */
int rating_case_tax_split(struct rating_case *rating_case)
{
    int64_t amounts_fen[RATING_CASE_LIST_LIMIT], taxes_fen[RATING_CASE_LIST_LIMIT], nets_fen[RATING_CASE_LIST_LIMIT];
    int64_t rate_e8, total_fen = 0, tax_fen = 0;
    int32_t count = 0;
    int error = rating_case_required(rating_case, "rate", PRICE, &rate_e8);

    if (error == 0)
        error = rating_case_list(rating_case, "amounts_fen", 0, -TARIFF_QUANTITY_MAXIMUM, amounts_fen, &count);
    if (error == 0)
        error = tax_share(amounts_fen, count, rate_e8, taxes_fen);
    for (int32_t line = 0; error == 0 && line < count; line++) {
        nets_fen[line] = amounts_fen[line] - taxes_fen[line];
        total_fen += amounts_fen[line];
        tax_fen += taxes_fen[line];
    }
    if (error < 0)
        return error;
    rating_case_member_integers(rating_case, "taxes_fen", taxes_fen, count);
    rating_case_member_integers(rating_case, "nets_fen", nets_fen, count);
    rating_case_member_integer(rating_case, "tax_fen", tax_fen);
    rating_case_member_integer(rating_case, "net_fen", total_fen - tax_fen);
    rating_case_member_integer(rating_case, "total_fen", total_fen);
    return 0;
}

/* Rule 20: what the meter and the wallet still hold, less what is owed. */
int rating_case_close_account(struct rating_case *rating_case)
{
    static const struct {
        const char *name;
        int sign;
    } parts[] = { { "meter_money_left_fen", 1 },
                  { "deposit_fen", 1 },
                  { "last_bill_fen", -1 },
                  { "debt_fen", -1 },
                  { "late_fee_fen", -1 } };
    int64_t rest_fen;
    int error = rating_case_within(rating_case, rating_case->input, "wallet_fen", 0, TARIFF_QUANTITY_MAXIMUM, &rest_fen);

    for (size_t part = 0; error == 0 && part < sizeof parts / sizeof parts[0]; part++) {
        int64_t amount_fen = 0;

        error = rating_case_optional(rating_case, parts[part].name, 0, 0, &amount_fen);
        rest_fen += parts[part].sign * amount_fen;
    }
    if (error < 0)
        return error;
    rating_case_member_integer(rating_case, "refund_fen", rest_fen > 0 ? rest_fen : 0);
    rating_case_member_integer(rating_case, "due_fen", rest_fen < 0 ? -rest_fen : 0);
    return 0;
}
