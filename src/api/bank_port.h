/* What the api asks of the core about bank statements (core_port.h). */
#ifndef API_BANK_PORT_H
#define API_BANK_PORT_H

#include "api/core_port.h"
#include "billing/bank_store.h"

/* Its bytes are good during the call, whose caller waits. */
struct core_bank_check {
    struct core_request head;
    const uint8_t *bytes;       /* of the file: CSV in UTF-8 or GB18030, or a workbook */
    size_t size;
    char bank[CASH_BANK_SIZE];
    char file_name[CORE_NAME_LIMIT];
};

struct core_bank_mapping {
    struct core_request head;
    struct bank_mapping mapping;
};

struct core_bank_assign {
    struct core_request head;   /* object_id: the line */
    int64_t account_id;
};

#endif
