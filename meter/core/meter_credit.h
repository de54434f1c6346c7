/* What water costs by price steps (阶梯水价), exactly: quantities in ml, prices in 0.0001 yuan per m3, so that their
 * product is whole in 1e-10 yuan. */
#ifndef METER_CORE_METER_CREDIT_H
#define METER_CORE_METER_CREDIT_H

#include <stdint.h>

#include "codec/water_meter/water_meter_report.h"

#define METER_CREDIT_VOLUME_LIMIT_ML INT64_C(100000000000) /* one charge: 100,000 m3 */
#define METER_CREDIT_PER_FEN INT64_C(100000000)            /* 1e-10 yuan in 0.01 yuan */

/* The charge for the next `volume_ml` of a cycle that has used `cycle_ml` so far; a step's edge may lie inside.
 * volume_ml  0 to METER_CREDIT_VOLUME_LIMIT_ML
 * returns    1e-10 yuan */
int64_t meter_credit_charge(const struct water_meter_price_steps *steps, int64_t cycle_ml, int64_t volume_ml);

/* Take a charge from a balance: whole fen leave it, the rest is carried to the next charge.
 * rest  1e-10 yuan below one fen, before and after */
void meter_credit_take(int64_t *balance_fen, uint32_t *rest, int64_t charge);

#endif
