#include "meter/core/meter_credit.h"

#define ML_PER_L 1000

int64_t meter_credit_charge(const struct water_meter_price_steps *steps, int64_t cycle_ml, int64_t volume_ml)
{
    int64_t charge = 0;
    for (unsigned i = 0; i < steps->count && volume_ml > 0; i++) {
        int64_t part_ml = volume_ml;
        if (steps->steps[i].limit_l != WATER_METER_PRICE_STEP_OPEN) {
            int64_t room_ml = (int64_t)steps->steps[i].limit_l * ML_PER_L - cycle_ml;
            if (room_ml <= 0)
                continue;
            part_ml = volume_ml < room_ml ? volume_ml : room_ml;
        }
        charge += part_ml * (int64_t)steps->steps[i].price;
        cycle_ml += part_ml;
        volume_ml -= part_ml;
    }
    return charge;
}

void meter_credit_take(int64_t *balance_fen, uint32_t *rest, int64_t charge)
{
    int64_t owed = charge + (int64_t)*rest;
    *balance_fen -= owed / METER_CREDIT_PER_FEN;
    *rest = (uint32_t)(owed % METER_CREDIT_PER_FEN);
}
