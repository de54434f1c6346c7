/* What a decoded item can be about, and the units it can stand in: one row each, with the words people read.
 *
 * A protocol's own identifier (a DI, a VIF, an Fn) maps to one of these rows; what has none is ITEM_OTHER and shows its
 * identifier. Directions and quadrants are quantities of their own, as in the meters' registers; phase, tariff and
 * settlement are not (struct item has a place for each). */
#ifndef CODEC_ITEM_QUANTITY_H
#define CODEC_ITEM_QUANTITY_H

#include "base/span.h"

/* constant suffix, name in JSON, English, Chinese */
#define ITEM_QUANTITIES(ROW) \
    ROW(OTHER, "other", "Other", "其他") \
    ROW(ENERGY_ACTIVE_COMBINED, "energy_active_combined", "Combined active energy", "组合有功电能") \
    ROW(ENERGY_ACTIVE_IMPORT, "energy_active_import", "Forward active energy", "正向有功电能") \
    ROW(ENERGY_ACTIVE_EXPORT, "energy_active_export", "Reverse active energy", "反向有功电能") \
    ROW(ENERGY_REACTIVE_COMBINED_1, "energy_reactive_combined_1", "Combined reactive energy 1", "组合无功1电能") \
    ROW(ENERGY_REACTIVE_COMBINED_2, "energy_reactive_combined_2", "Combined reactive energy 2", "组合无功2电能") \
    ROW(ENERGY_REACTIVE_IMPORT, "energy_reactive_import", "Forward reactive energy", "正向无功电能") \
    ROW(ENERGY_REACTIVE_EXPORT, "energy_reactive_export", "Reverse reactive energy", "反向无功电能") \
    ROW(ENERGY_REACTIVE_QUADRANT_1, "energy_reactive_quadrant_1", "Reactive energy, quadrant 1", "第一象限无功电能") \
    ROW(ENERGY_REACTIVE_QUADRANT_2, "energy_reactive_quadrant_2", "Reactive energy, quadrant 2", "第二象限无功电能") \
    ROW(ENERGY_REACTIVE_QUADRANT_3, "energy_reactive_quadrant_3", "Reactive energy, quadrant 3", "第三象限无功电能") \
    ROW(ENERGY_REACTIVE_QUADRANT_4, "energy_reactive_quadrant_4", "Reactive energy, quadrant 4", "第四象限无功电能") \
    ROW(ENERGY_APPARENT_IMPORT, "energy_apparent_import", "Forward apparent energy", "正向视在电能") \
    ROW(ENERGY_APPARENT_EXPORT, "energy_apparent_export", "Reverse apparent energy", "反向视在电能") \
    ROW(CONSUMPTION_ACTIVE_IMPORT, "consumption_active_import", "Forward active consumption", "正向有功电能量") \
    ROW(CONSUMPTION_ACTIVE_EXPORT, "consumption_active_export", "Reverse active consumption", "反向有功电能量") \
    ROW(CONSUMPTION_REACTIVE_IMPORT, "consumption_reactive_import", "Forward reactive consumption", "正向无功电能量") \
    ROW(CONSUMPTION_REACTIVE_EXPORT, "consumption_reactive_export", "Reverse reactive consumption", "反向无功电能量") \
    ROW(DEMAND_ACTIVE_IMPORT, "demand_active_import", "Forward active demand", "正向有功需量") \
    ROW(DEMAND_ACTIVE_EXPORT, "demand_active_export", "Reverse active demand", "反向有功需量") \
    ROW(DEMAND_REACTIVE_COMBINED_1, "demand_reactive_combined_1", "Combined reactive demand 1", "组合无功1需量") \
    ROW(DEMAND_REACTIVE_COMBINED_2, "demand_reactive_combined_2", "Combined reactive demand 2", "组合无功2需量") \
    ROW(DEMAND_REACTIVE_IMPORT, "demand_reactive_import", "Forward reactive demand", "正向无功需量") \
    ROW(DEMAND_REACTIVE_EXPORT, "demand_reactive_export", "Reverse reactive demand", "反向无功需量") \
    ROW(DEMAND_REACTIVE_QUADRANT_1, "demand_reactive_quadrant_1", "Reactive demand, quadrant 1", "第一象限无功需量") \
    ROW(DEMAND_REACTIVE_QUADRANT_2, "demand_reactive_quadrant_2", "Reactive demand, quadrant 2", "第二象限无功需量") \
    ROW(DEMAND_REACTIVE_QUADRANT_3, "demand_reactive_quadrant_3", "Reactive demand, quadrant 3", "第三象限无功需量") \
    ROW(DEMAND_REACTIVE_QUADRANT_4, "demand_reactive_quadrant_4", "Reactive demand, quadrant 4", "第四象限无功需量") \
    ROW(DEMAND_APPARENT_IMPORT, "demand_apparent_import", "Forward apparent demand", "正向视在需量") \
    ROW(DEMAND_APPARENT_EXPORT, "demand_apparent_export", "Reverse apparent demand", "反向视在需量") \
    ROW(DEMAND_TIME, "demand_time", "Time of the maximum demand", "最大需量发生时间") \
    ROW(POWER_ACTIVE, "power_active", "Active power", "有功功率") \
    ROW(POWER_REACTIVE, "power_reactive", "Reactive power", "无功功率") \
    ROW(POWER_APPARENT, "power_apparent", "Apparent power", "视在功率") \
    ROW(POWER_FACTOR, "power_factor", "Power factor", "功率因数") \
    ROW(VOLTAGE, "voltage", "Voltage", "电压") \
    ROW(CURRENT, "current", "Current", "电流") \
    ROW(PHASE_ANGLE, "phase_angle", "Phase angle", "相角") \
    ROW(FREQUENCY, "frequency", "Frequency", "频率") \
    ROW(BATTERY_VOLTAGE, "battery_voltage", "Battery voltage", "电池电压") \
    ROW(BATTERY_TIME, "battery_time", "Battery working time", "电池工作时间") \
    ROW(BATTERY_LEVEL, "battery_level", "Battery level", "电池电量") \
    ROW(BATTERY_REMAINING, "battery_remaining", "Remaining battery life", "电池剩余寿命") \
    ROW(BATTERY_CHANGE_TIME, "battery_change_time", "Battery changed at", "换电池时间") \
    ROW(BATTERY_LOW, "battery_low", "Battery low", "电池欠压") \
    ROW(VOLUME, "volume", "Volume", "累积流量") \
    ROW(VOLUME_USE, "volume_use", "Volume of one use", "单次用水量") \
    ROW(VOLUME_REVERSE, "volume_reverse", "Reverse volume", "反向累积流量") \
    ROW(VOLUME_FLOW, "volume_flow", "Volume flow", "流量") \
    ROW(MASS, "mass", "Mass", "质量") \
    ROW(MASS_FLOW, "mass_flow", "Mass flow", "质量流量") \
    ROW(ENERGY, "energy", "Energy", "能量") \
    ROW(ENERGY_HEAT, "energy_heat", "Heat energy", "热量") \
    ROW(ENERGY_COOLING, "energy_cooling", "Cooling energy", "冷量") \
    ROW(ENERGY_REACTIVE, "energy_reactive", "Reactive energy", "无功电能") \
    ROW(ENERGY_APPARENT, "energy_apparent", "Apparent energy", "视在电能") \
    ROW(POWER, "power", "Power", "功率") \
    ROW(TEMPERATURE, "temperature", "Temperature", "温度") \
    ROW(TEMPERATURE_FLOW, "temperature_flow", "Supply temperature", "供水温度") \
    ROW(TEMPERATURE_RETURN, "temperature_return", "Return temperature", "回水温度") \
    ROW(TEMPERATURE_DIFFERENCE, "temperature_difference", "Temperature difference", "温差") \
    ROW(TEMPERATURE_EXTERNAL, "temperature_external", "External temperature", "环境温度") \
    ROW(TEMPERATURE_LIMIT, "temperature_limit", "Limit between cold and warm", "冷热分界温度") \
    ROW(PRESSURE, "pressure", "Pressure", "压力") \
    ROW(HUMIDITY, "humidity", "Relative humidity", "相对湿度") \
    ROW(GAS_CORRECTION, "gas_correction", "Gas correction", "气体修正") \
    ROW(HEAT_COST_UNITS, "heat_cost_units", "Heat cost allocator units", "热分配表读数") \
    ROW(ON_TIME, "on_time", "On time", "通电时间") \
    ROW(OPERATING_TIME, "operating_time", "Operating time", "工作时间") \
    ROW(DURATION, "duration", "Duration", "持续时间") \
    ROW(AVERAGING_DURATION, "averaging_duration", "Averaging duration", "平均时长") \
    ROW(ACTUALITY_DURATION, "actuality_duration", "Actuality duration", "数据时效") \
    ROW(READOUT_AGE, "readout_age", "Time since the last readout", "距上次抄读时间") \
    ROW(CUMULATION_AGE, "cumulation_age", "Time since the last cumulation", "距上次累计时间") \
    ROW(DATE, "date", "Date", "日期") \
    ROW(TIME, "time", "Time", "时间") \
    ROW(DATE_TIME, "date_time", "Date and time", "日期时间") \
    ROW(START_TIME, "start_time", "Start time", "开始时间") \
    ROW(END_TIME, "end_time", "End time", "结束时间") \
    ROW(COUNT, "count", "Count", "次数") \
    ROW(ADDRESS, "address", "Address", "通信地址") \
    ROW(ENHANCED_IDENTIFICATION, "enhanced_identification", "Enhanced identification", "扩展标识") \
    ROW(MEDIUM, "medium", "Medium", "介质") \
    ROW(METER_NUMBER, "meter_number", "Meter number", "表号") \
    ROW(CARD_NUMBER, "card_number", "Card number", "卡号") \
    ROW(CUSTOMER_NUMBER, "customer_number", "Customer number", "客户编号") \
    ROW(CUSTOMER_LOCATION, "customer_location", "Customer location", "用户位置") \
    ROW(FABRICATION_NUMBER, "fabrication_number", "Fabrication number", "出厂编号") \
    ROW(MANUFACTURER, "manufacturer", "Manufacturer", "厂商") \
    ROW(MODEL, "model", "Model or version", "型号版本") \
    ROW(VERSION, "version", "Version", "版本") \
    ROW(HARDWARE_VERSION, "hardware_version", "Hardware version", "硬件版本") \
    ROW(FIRMWARE_VERSION, "firmware_version", "Firmware version", "固件版本") \
    ROW(SOFTWARE_VERSION, "software_version", "Software version", "软件版本") \
    ROW(PARAMETER_SET, "parameter_set", "Parameter set", "参数集标识") \
    ROW(STATUS, "status", "Status", "状态") \
    ROW(ERROR_FLAGS, "error_flags", "Error flags", "错误标志") \
    ROW(ERROR_MASK, "error_mask", "Error mask", "错误屏蔽") \
    ROW(DIGITAL_OUTPUT, "digital_output", "Digital outputs", "数字输出") \
    ROW(DIGITAL_INPUT, "digital_input", "Digital inputs", "数字输入") \
    ROW(DIMENSIONLESS, "dimensionless", "Dimensionless number", "无量纲数") \
    ROW(RESET_COUNTER, "reset_counter", "Reset counter", "复位次数") \
    ROW(CUMULATION_COUNTER, "cumulation_counter", "Cumulation counter", "累计次数") \
    ROW(STOP_COUNT, "stop_count", "Times the meter was stopped", "表停走次数") \
    ROW(VALVE, "valve", "Valve", "阀门") \
    ROW(RELAY, "relay", "Relay", "继电器") \
    ROW(BALANCE, "balance", "Remaining amount", "剩余金额") \
    ROW(CREDIT, "credit", "Credit", "贷方金额") \
    ROW(DEBIT, "debit", "Debit", "借方金额") \
    ROW(BALANCE_ENERGY, "balance_energy", "Remaining energy", "剩余电量") \
    ROW(OVERDRAFT, "overdraft", "Overdraft", "透支金额") \
    ROW(PURCHASE_AMOUNT, "purchase_amount", "Purchase amount", "购买金额") \
    ROW(PURCHASE_TOTAL, "purchase_total", "Accumulated purchases", "累计购买") \
    ROW(PURCHASE_COUNT, "purchase_count", "Purchase count", "购买次数") \
    ROW(AMOUNT, "amount", "Amount", "金额") \
    ROW(PRICE, "price", "Price", "单价") \
    ROW(TIER_LIMIT, "tier_limit", "Tier limit", "阶梯用量") \
    ROW(CONSTANT, "constant", "Meter constant", "表常数") \
    ROW(PERIOD, "period", "Period", "周期") \
    ROW(PARAMETER, "parameter", "Parameter", "参数") \
    ROW(ACCESS_CODE, "access_code", "Access code", "访问码") \
    ROW(PASSWORD, "password", "Password", "密码") \
    ROW(SECURITY_KEY, "security_key", "Security key", "安全密钥") \
    ROW(BAUD_RATE, "baud_rate", "Baud rate", "波特率") \
    ROW(RESPONSE_DELAY, "response_delay", "Response delay in bit times", "应答延时（位时间）") \
    ROW(RETRY, "retry", "Retries", "重试次数") \
    ROW(REMOTE_CONTROL, "remote_control", "Remote control", "远程控制") \
    ROW(STORAGE_FIRST, "storage_first", "First cyclic storage number", "首个循环存储号") \
    ROW(STORAGE_LAST, "storage_last", "Last cyclic storage number", "末个循环存储号") \
    ROW(STORAGE_BLOCK_SIZE, "storage_block_size", "Storage block size", "存储块大小") \
    ROW(STORAGE_INTERVAL, "storage_interval", "Storage interval", "存储间隔") \
    ROW(TARIFF_START, "tariff_start", "Tariff start", "费率开始时间") \
    ROW(TARIFF_DURATION, "tariff_duration", "Tariff duration", "费率时长") \
    ROW(TARIFF_PERIOD, "tariff_period", "Tariff period", "费率周期") \
    ROW(TRANSMISSION_PERIOD, "transmission_period", "Nominal transmission period", "额定发送周期") \
    ROW(CONTROL_SIGNAL, "control_signal", "Control signal", "控制信号") \
    ROW(DAY_OF_WEEK, "day_of_week", "Day of the week", "星期") \
    ROW(WEEK_NUMBER, "week_number", "Week number", "周数") \
    ROW(DAY_CHANGE_TIME, "day_change_time", "Time of day change", "日切换时刻") \
    ROW(PARAMETER_ACTIVATION, "parameter_activation", "Parameter activation state", "参数生效状态") \
    ROW(DAYLIGHT_SAVING, "daylight_saving", "Daylight saving", "夏令时") \
    ROW(LISTENING_WINDOW, "listening_window", "Listening window", "接收窗口") \
    ROW(SUPPLIER_INFORMATION, "supplier_information", "Supplier information", "供应商信息") \
    ROW(TEXT, "text", "Text", "文本") \
    ROW(SIGNAL_RSRP, "signal_rsrp", "Signal power (RSRP)", "信号接收功率") \
    ROW(SIGNAL_SNR, "signal_snr", "Signal to noise", "信噪比") \
    ROW(RF_LEVEL, "rf_level", "Radio level", "射频电平") \
    ROW(COVERAGE_LEVEL, "coverage_level", "Coverage level", "覆盖等级") \
    ROW(TILT, "tilt", "Tilt", "倾角") \
    ROW(TILT_X, "tilt_x", "Tilt, x axis", "X轴倾角") \
    ROW(TILT_Y, "tilt_y", "Tilt, y axis", "Y轴倾角") \
    ROW(COVER_STATE, "cover_state", "Cover state", "井盖状态") \
    ROW(WATER_LEVEL, "water_level", "Water level", "液位") \
    ROW(WATER_DEPTH_ROAD, "water_depth_road", "Water depth on the road", "路面积水深度") \
    ROW(VELOCITY, "velocity", "Velocity", "流速") \
    ROW(TURBIDITY, "turbidity", "Turbidity", "浊度") \
    ROW(POSITION, "position", "Position", "位置") \
    ROW(LATITUDE, "latitude", "Latitude", "纬度") \
    ROW(LONGITUDE, "longitude", "Longitude", "经度") \
    ROW(ALARM, "alarm", "Alarm", "报警") \
    ROW(EVENT, "event", "Event", "事件") \
    ROW(ACCESS_NUMBER, "access_number", "Access number", "访问序号") \
    ROW(DATA_CONTAINER, "data_container", "Data container", "数据容器") \
    ROW(MANUFACTURER_VALUE, "manufacturer_value", "Manufacturer specific value", "厂商自定义值") \
    ROW(MANUFACTURER_DATA, "manufacturer_data", "Manufacturer specific data", "厂商自定义数据")

#define ITEM_QUANTITY_ENUM(name, text, english, chinese) ITEM_##name,
enum item_quantity { ITEM_QUANTITIES(ITEM_QUANTITY_ENUM) ITEM_QUANTITY_COUNT };
#undef ITEM_QUANTITY_ENUM

/* constant suffix, text as people read it, the same in ASCII for programs */
#define ITEM_UNITS(ROW) \
    ROW(NONE, "", "") \
    ROW(WH, "Wh", "Wh") \
    ROW(KWH, "kWh", "kWh") \
    ROW(MWH, "MWh", "MWh") \
    ROW(KVARH, "kvarh", "kvarh") \
    ROW(VARH, "varh", "varh") \
    ROW(KVAH, "kVAh", "kVAh") \
    ROW(VAH, "VAh", "VAh") \
    ROW(J, "J", "J") \
    ROW(KJ, "kJ", "kJ") \
    ROW(MJ, "MJ", "MJ") \
    ROW(GJ, "GJ", "GJ") \
    ROW(CAL, "cal", "cal") \
    ROW(W, "W", "W") \
    ROW(KW, "kW", "kW") \
    ROW(MW, "MW", "MW") \
    ROW(KVAR, "kvar", "kvar") \
    ROW(VAR, "var", "var") \
    ROW(KVA, "kVA", "kVA") \
    ROW(VA, "VA", "VA") \
    ROW(J_H, "J/h", "J/h") \
    ROW(V, "V", "V") \
    ROW(A, "A", "A") \
    ROW(HZ, "Hz", "Hz") \
    ROW(DEGREE, "°", "deg") \
    ROW(M3, "m³", "m3") \
    ROW(LITRE, "L", "L") \
    ROW(ML, "mL", "mL") \
    ROW(FT3, "ft³", "ft3") \
    ROW(GALLON, "gal", "gal") \
    ROW(M3_H, "m³/h", "m3/h") \
    ROW(M3_MIN, "m³/min", "m3/min") \
    ROW(M3_S, "m³/s", "m3/s") \
    ROW(L_H, "L/h", "L/h") \
    ROW(L_MIN, "L/min", "L/min") \
    ROW(GALLON_MIN, "gal/min", "gal/min") \
    ROW(GALLON_H, "gal/h", "gal/h") \
    ROW(KG, "kg", "kg") \
    ROW(KG_H, "kg/h", "kg/h") \
    ROW(CELSIUS, "°C", "C") \
    ROW(FAHRENHEIT, "°F", "F") \
    ROW(KELVIN, "K", "K") \
    ROW(BAR, "bar", "bar") \
    ROW(KPA, "kPa", "kPa") \
    ROW(PERCENT, "%", "%") \
    ROW(S, "s", "s") \
    ROW(MINUTE, "min", "min") \
    ROW(HOUR, "h", "h") \
    ROW(DAY, "d", "d") \
    ROW(MONTH, "month", "month") \
    ROW(YEAR, "year", "year") \
    ROW(YUAN, "yuan", "yuan") \
    ROW(YUAN_KWH, "yuan/kWh", "yuan/kWh") \
    ROW(YUAN_M3, "yuan/m³", "yuan/m3") \
    ROW(YUAN_L, "yuan/L", "yuan/L") \
    ROW(DBM, "dBm", "dBm") \
    ROW(DB, "dB", "dB") \
    ROW(MM, "mm", "mm") \
    ROW(M, "m", "m") \
    ROW(MM_S, "mm/s", "mm/s") \
    ROW(NTU, "NTU", "NTU") \
    ROW(IMP_KWH, "imp/kWh", "imp/kWh") \
    ROW(IMP_KVARH, "imp/kvarh", "imp/kvarh") \
    ROW(BAUD, "Bd", "Bd")

#define ITEM_UNIT_ENUM(name, text, code) ITEM_UNIT_##name,
enum item_unit { ITEM_UNITS(ITEM_UNIT_ENUM) ITEM_UNIT_COUNT };
#undef ITEM_UNIT_ENUM

struct item_quantity_info {
    const char *name; /* "energy_active_import" */
    const char *english;
    const char *chinese; /* UTF-8 */
};

/* Never NULL; outside the table the row of ITEM_OTHER. */
const struct item_quantity_info *item_quantity_info(enum item_quantity quantity);

/* "kWh", UTF-8; "" for none and outside the table. And as it stands in Chinese texts: the same but for units that are
 * words ("元" for "yuan"). */
const char *item_unit_text(enum item_unit unit);
const char *item_unit_chinese(enum item_unit unit);

/* "m3" where people read "m³": ASCII, for programs. */
const char *item_unit_code(enum item_unit unit);

/* The quantity of that JSON name, the unit of that text or code; -1 when there is none. */
int item_quantity_find(struct span name);
int item_unit_find(struct span text);

#endif
