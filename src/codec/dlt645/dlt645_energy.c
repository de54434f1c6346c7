/* DL/T 645-2007 table A.1 (energy, 00xxxxxx) and A.2 (maximum demand, 01xxxxxx): DI2 says which, DI1 the tariff, DI0
 * the settlement. Money and tiers of the prepayment extension stand in the same group. */
#include "codec/dlt645/dlt645_table.h"

/* XXXXXX.XX in kWh, kvarh or kVAh. */
#define ENERGY(quantity, unit, phase) \
    { \
        ITEM_ENERGY_##quantity, ITEM_UNIT_##unit, DLT645_FORM_BCD, 4, -2, phase, 0, NULL, NULL \
    }
#define SIGNED_ENERGY(quantity, unit, phase) \
    { \
        ITEM_ENERGY_##quantity, ITEM_UNIT_##unit, DLT645_FORM_SIGNED, 4, -2, phase, 0, NULL, NULL \
    }
#define ENERGY_ROW(identifier, field, english, chinese) \
    { \
        identifier, DLT645_TARIFFS, DLT645_SETTLEMENTS, field, NULL, english, chinese \
    }

/* The ten registers that each phase has, from DI2 = `first` on. */
#define PHASE_ENERGY_ROWS(first, phase, letter) \
    ENERGY_ROW((first + 0x0u) << 16, ENERGY(ACTIVE_IMPORT, KWH, phase), "Phase " letter " forward active energy", \
               letter "相正向有功电能"), \
        ENERGY_ROW((first + 0x1u) << 16, ENERGY(ACTIVE_EXPORT, KWH, phase), "Phase " letter " reverse active energy", \
                   letter "相反向有功电能"), \
        ENERGY_ROW((first + 0x2u) << 16, SIGNED_ENERGY(REACTIVE_COMBINED_1, KVARH, phase), \
                   "Phase " letter " combined reactive energy 1", letter "相组合无功1电能"), \
        ENERGY_ROW((first + 0x3u) << 16, SIGNED_ENERGY(REACTIVE_COMBINED_2, KVARH, phase), \
                   "Phase " letter " combined reactive energy 2", letter "相组合无功2电能"), \
        ENERGY_ROW((first + 0x4u) << 16, ENERGY(REACTIVE_QUADRANT_1, KVARH, phase), \
                   "Phase " letter " quadrant 1 reactive energy", letter "相第一象限无功电能"), \
        ENERGY_ROW((first + 0x5u) << 16, ENERGY(REACTIVE_QUADRANT_2, KVARH, phase), \
                   "Phase " letter " quadrant 2 reactive energy", letter "相第二象限无功电能"), \
        ENERGY_ROW((first + 0x6u) << 16, ENERGY(REACTIVE_QUADRANT_3, KVARH, phase), \
                   "Phase " letter " quadrant 3 reactive energy", letter "相第三象限无功电能"), \
        ENERGY_ROW((first + 0x7u) << 16, ENERGY(REACTIVE_QUADRANT_4, KVARH, phase), \
                   "Phase " letter " quadrant 4 reactive energy", letter "相第四象限无功电能"), \
        ENERGY_ROW((first + 0x8u) << 16, ENERGY(APPARENT_IMPORT, KVAH, phase), \
                   "Phase " letter " forward apparent energy", letter "相正向视在电能"), \
        ENERGY_ROW((first + 0x9u) << 16, ENERGY(APPARENT_EXPORT, KVAH, phase), \
                   "Phase " letter " reverse apparent energy", letter "相反向视在电能")

static const struct dlt645_row energy_rows[] = {
    ENERGY_ROW(0x00000000, SIGNED_ENERGY(ACTIVE_COMBINED, KWH, 0), "Combined active energy", "组合有功电能"),
    ENERGY_ROW(0x00010000, ENERGY(ACTIVE_IMPORT, KWH, 0), "Forward active energy", "正向有功电能"),
    ENERGY_ROW(0x00020000, ENERGY(ACTIVE_EXPORT, KWH, 0), "Reverse active energy", "反向有功电能"),
    ENERGY_ROW(0x00030000, SIGNED_ENERGY(REACTIVE_COMBINED_1, KVARH, 0), "Combined reactive energy 1", "组合无功1电能"),
    ENERGY_ROW(0x00040000, SIGNED_ENERGY(REACTIVE_COMBINED_2, KVARH, 0), "Combined reactive energy 2", "组合无功2电能"),
    ENERGY_ROW(0x00050000, ENERGY(REACTIVE_QUADRANT_1, KVARH, 0), "Quadrant 1 reactive energy", "第一象限无功电能"),
    ENERGY_ROW(0x00060000, ENERGY(REACTIVE_QUADRANT_2, KVARH, 0), "Quadrant 2 reactive energy", "第二象限无功电能"),
    ENERGY_ROW(0x00070000, ENERGY(REACTIVE_QUADRANT_3, KVARH, 0), "Quadrant 3 reactive energy", "第三象限无功电能"),
    ENERGY_ROW(0x00080000, ENERGY(REACTIVE_QUADRANT_4, KVARH, 0), "Quadrant 4 reactive energy", "第四象限无功电能"),
    ENERGY_ROW(0x00090000, ENERGY(APPARENT_IMPORT, KVAH, 0), "Forward apparent energy", "正向视在电能"),
    ENERGY_ROW(0x000a0000, ENERGY(APPARENT_EXPORT, KVAH, 0), "Reverse apparent energy", "反向视在电能"),
    { 0x000b0000, DLT645_FIXED, DLT645_SETTLEMENTS, DLT645_BCD(ENERGY_ACTIVE_IMPORT, KWH, 4, -2), NULL,
      "Consumption of the settlement period", "结算周期用电量" },
    PHASE_ENERGY_ROWS(0x15, 1, "A"),
    PHASE_ENERGY_ROWS(0x29, 2, "B"),
    PHASE_ENERGY_ROWS(0x3d, 3, "C"),
    { 0x00900100, DLT645_FIXED, DLT645_FIXED, DLT645_BCD(BALANCE_ENERGY, KWH, 4, -2), NULL, "Remaining energy",
      "剩余电量" },
    { 0x00900101, DLT645_FIXED, DLT645_FIXED, DLT645_BCD(OVERDRAFT, KWH, 4, -2), NULL, "Overdraft energy", "透支电量" },
    { 0x00900200, DLT645_FIXED, DLT645_FIXED, DLT645_BCD(BALANCE, YUAN, 4, -2), NULL, "Remaining money", "剩余金额" },
    { 0x00900201, DLT645_FIXED, DLT645_FIXED, DLT645_BCD(OVERDRAFT, YUAN, 4, -2), NULL, "Overdraft money", "透支金额" },
};

const struct dlt645_table dlt645_energy_table = DLT645_TABLE(energy_rows, "DL/T 645-2007 table A.1");

/* XX.XXXX in kW, kvar or kVA, and when it was reached: YYMMDDhhmm. */
#define DEMAND(quantity, unit, phase) \
    { \
        ITEM_DEMAND_##quantity, ITEM_UNIT_##unit, DLT645_FORM_BCD, 3, -4, phase, 5, NULL, NULL \
    }
#define SIGNED_DEMAND(quantity, unit, phase) \
    { \
        ITEM_DEMAND_##quantity, ITEM_UNIT_##unit, DLT645_FORM_SIGNED, 3, -4, phase, 5, NULL, NULL \
    }

#define PHASE_DEMAND_ROWS(first, phase, letter) \
    ENERGY_ROW((first + 0x0u) << 16, DEMAND(ACTIVE_IMPORT, KW, phase), \
               "Phase " letter " maximum forward active demand", letter "相正向有功最大需量"), \
        ENERGY_ROW((first + 0x1u) << 16, DEMAND(ACTIVE_EXPORT, KW, phase), \
                   "Phase " letter " maximum reverse active demand", letter "相反向有功最大需量"), \
        ENERGY_ROW((first + 0x2u) << 16, SIGNED_DEMAND(REACTIVE_COMBINED_1, KVAR, phase), \
                   "Phase " letter " maximum combined reactive demand 1", letter "相组合无功1最大需量"), \
        ENERGY_ROW((first + 0x3u) << 16, SIGNED_DEMAND(REACTIVE_COMBINED_2, KVAR, phase), \
                   "Phase " letter " maximum combined reactive demand 2", letter "相组合无功2最大需量"), \
        ENERGY_ROW((first + 0x4u) << 16, DEMAND(REACTIVE_QUADRANT_1, KVAR, phase), \
                   "Phase " letter " quadrant 1 maximum reactive demand", letter "相第一象限无功最大需量"), \
        ENERGY_ROW((first + 0x5u) << 16, DEMAND(REACTIVE_QUADRANT_2, KVAR, phase), \
                   "Phase " letter " quadrant 2 maximum reactive demand", letter "相第二象限无功最大需量"), \
        ENERGY_ROW((first + 0x6u) << 16, DEMAND(REACTIVE_QUADRANT_3, KVAR, phase), \
                   "Phase " letter " quadrant 3 maximum reactive demand", letter "相第三象限无功最大需量"), \
        ENERGY_ROW((first + 0x7u) << 16, DEMAND(REACTIVE_QUADRANT_4, KVAR, phase), \
                   "Phase " letter " quadrant 4 maximum reactive demand", letter "相第四象限无功最大需量"), \
        ENERGY_ROW((first + 0x8u) << 16, DEMAND(APPARENT_IMPORT, KVA, phase), \
                   "Phase " letter " maximum forward apparent demand", letter "相正向视在最大需量"), \
        ENERGY_ROW((first + 0x9u) << 16, DEMAND(APPARENT_EXPORT, KVA, phase), \
                   "Phase " letter " maximum reverse apparent demand", letter "相反向视在最大需量")

static const struct dlt645_row demand_rows[] = {
    ENERGY_ROW(0x01010000, DEMAND(ACTIVE_IMPORT, KW, 0), "Maximum forward active demand", "正向有功最大需量"),
    ENERGY_ROW(0x01020000, DEMAND(ACTIVE_EXPORT, KW, 0), "Maximum reverse active demand", "反向有功最大需量"),
    ENERGY_ROW(0x01030000, SIGNED_DEMAND(REACTIVE_COMBINED_1, KVAR, 0), "Maximum combined reactive demand 1",
               "组合无功1最大需量"),
    ENERGY_ROW(0x01040000, SIGNED_DEMAND(REACTIVE_COMBINED_2, KVAR, 0), "Maximum combined reactive demand 2",
               "组合无功2最大需量"),
    ENERGY_ROW(0x01050000, DEMAND(REACTIVE_QUADRANT_1, KVAR, 0), "Quadrant 1 maximum reactive demand",
               "第一象限无功最大需量"),
    ENERGY_ROW(0x01060000, DEMAND(REACTIVE_QUADRANT_2, KVAR, 0), "Quadrant 2 maximum reactive demand",
               "第二象限无功最大需量"),
    ENERGY_ROW(0x01070000, DEMAND(REACTIVE_QUADRANT_3, KVAR, 0), "Quadrant 3 maximum reactive demand",
               "第三象限无功最大需量"),
    ENERGY_ROW(0x01080000, DEMAND(REACTIVE_QUADRANT_4, KVAR, 0), "Quadrant 4 maximum reactive demand",
               "第四象限无功最大需量"),
    ENERGY_ROW(0x01090000, DEMAND(APPARENT_IMPORT, KVA, 0), "Maximum forward apparent demand", "正向视在最大需量"),
    ENERGY_ROW(0x010a0000, DEMAND(APPARENT_EXPORT, KVA, 0), "Maximum reverse apparent demand", "反向视在最大需量"),
    PHASE_DEMAND_ROWS(0x115, 1, "A"),
    PHASE_DEMAND_ROWS(0x129, 2, "B"),
    PHASE_DEMAND_ROWS(0x13d, 3, "C"),
};

const struct dlt645_table dlt645_demand_table = DLT645_TABLE(demand_rows, "DL/T 645-2007 table A.2");
