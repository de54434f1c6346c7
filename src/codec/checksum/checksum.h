/* Check sums of the protocols in this room; each says how it is written on the wire. */
#ifndef CODEC_CHECKSUM_H
#define CODEC_CHECKSUM_H

#include "base/span.h"

/* Sum of all bytes modulo 256: DL/T 645, CJ/T 188, Q/GDW 376.1, EN 13757-2. */
uint8_t checksum_sum8(struct span bytes);

/* CRC-16/EN-13757: polynomial 3D65H, initial 0, not reflected, complemented; high byte first on the wire.
 * "123456789" gives C2B7H (EN 13757-4 11.5.3). */
uint16_t checksum_crc16_en13757(struct span bytes);

/* CRC-16/IBM-3740 ("CCITT-FALSE"): polynomial 1021H, initial FFFFH, not reflected, no final xor.
 * "123456789" gives 29B1H. MHC-1 and HW-1 send the high byte first. */
uint16_t checksum_crc16_ibm3740(struct span bytes);

/* CRC-16/MODBUS: polynomial 8005H, initial FFFFH, reflected; low byte first on the wire.
 * "123456789" gives 4B37H. */
uint16_t checksum_crc16_modbus(struct span bytes);

#endif
