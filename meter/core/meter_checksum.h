/* CRC-32 (ISO-HDLC: reflected, polynomial 0x04C11DB7), continued over several pieces. */
#ifndef METER_CORE_METER_CHECKSUM_H
#define METER_CORE_METER_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

#define METER_CHECKSUM_START UINT32_C(0)

/* crc  METER_CHECKSUM_START, or the result for what came before */
uint32_t meter_checksum(uint32_t crc, const uint8_t *bytes, size_t size);

#endif
