/* What the api asks of the core: the only way from HTTP to a change.
 *
 * A call is an operation number, a request of fixed layout (each begins with struct core_request) and a reply of fixed
 * layout (struct core_reply, the same for all). The core executes it inside its next transaction under a savepoint and
 * answers after the commit; the calling api thread waits meanwhile. No pointers into either side's memory are kept. */
#ifndef API_CORE_PORT_H
#define API_CORE_PORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/downlink.h"
#include "base/error_info.h"
#include "billing/payment_reconciliation.h"
#include "notify/message.h"

#define CORE_PATH_LIMIT 192      /* area path '/1/7/23/' with its zero */
#define CORE_NAME_LIMIT 128      /* any name, UTF-8 with its zero */
#define CORE_REASON_LIMIT 256    /* why a person asks something, UTF-8 with its zero */
#define CORE_KEY_LIMIT 80        /* caller-chosen idempotency key with its zero */
#define CORE_DOCUMENT_LIMIT 65536 /* tariff document, JSON text with its zero */

enum core_operation {
    /* people: executed by core_people.h */
    CORE_SIGN_IN_RECORD = 1,   /* struct core_sign_in */
    CORE_SESSION_TOUCH,        /* struct core_session */
    CORE_SIGN_OUT,             /* struct core_session */
    CORE_PERSON_CREATE,        /* struct core_person; reply.object_id */
    CORE_PERSON_CHANGE,        /* struct core_person, object_id, present */
    CORE_SETTING_PUT,          /* struct core_setting */
    CORE_AUDIT_APPEND,         /* struct core_audit */
    /* archive */
    CORE_AREA_CREATE,          /* struct core_area; reply.object_id */
    CORE_DEVICE_CREATE,        /* struct core_device; reply.object_id */
    CORE_DEVICE_CHANGE,        /* struct core_device, object_id, present */
    CORE_DEVICE_EXCHANGE,      /* struct core_device_exchange, object_id; reply.object_id = the new device */
    CORE_DEVICES_IMPORT,       /* struct core_import; reply.count = meters entered */
    CORE_LINE_CREATE,          /* struct core_line; reply.object_id */
    CORE_LINE_CHANGE,          /* struct core_line, object_id, present */
    CORE_LINE_CLOCK_SET,       /* struct core_reason, object_id; reply.command_id */
    CORE_LINE_SEARCH,          /* struct core_line_search, object_id */
    CORE_LINE_SEARCH_CANCEL,   /* struct core_reason, object_id = line */
    CORE_ARCHIVE_SYNC,         /* struct core_archive_sync, object_id or area_id; reply.count = concentrators */
    /* reading, command, watch */
    CORE_BALANCE_ZONE_CREATE,  /* struct core_balance_zone; reply.object_id */
    CORE_BALANCE_ZONE_CHANGE,  /* struct core_balance_zone, object_id, present */
    CORE_BALANCE_ZONE_DELETE,  /* struct core_balance_zone, object_id */
    CORE_SET_ASIDE_DECIDE,     /* struct core_decision, object_id */
    CORE_COMMAND_REQUEST,      /* struct core_command, object_id = device; reply.object_id = command, note = when it can go */
    CORE_COMMAND_CANCEL,       /* struct core_reason, object_id */
    CORE_EVENT_ACKNOWLEDGE,    /* struct core_reason, object_id */
    /* money */
    CORE_CUSTOMER_CREATE,      /* struct core_customer; reply.object_id */
    CORE_CUSTOMER_CHANGE,      /* struct core_customer, object_id, present */
    CORE_ACCOUNT_OPEN,         /* struct core_account; reply.object_id */
    CORE_ACCOUNT_CHANGE,       /* struct core_account, object_id, present */
    CORE_TARIFF_CREATE,        /* struct core_tariff; reply.object_id */
    CORE_TARIFF_VERSION_ADD,   /* struct core_tariff_version, object_id = tariff; reply.object_id = version */
    CORE_SETTLEMENT_RUN,       /* struct core_settlement; reply.count, held, amount_fen */
    CORE_SETTLEMENT_PREVIEW,   /* struct core_settlement; reply.count, held, amount_fen; -1 when there are too many accounts */
    CORE_PAYMENT_TAKE,         /* struct core_payment; reply.object_id, receipt, before/balance_fen, will_restore, command_id */
    CORE_TARIFF_DRAFT_CREATE,  /* struct core_tariff_draft, object_id = tariff; reply.object_id = draft */
    CORE_TARIFF_DRAFT_CHANGE,  /* struct core_tariff_draft, object_id = draft */
    CORE_TARIFF_DRAFT_TRY,     /* struct core_tariff_try, object_id = draft */
    CORE_TARIFF_DRAFT_TRY_CANCEL, /* struct core_reason, object_id = draft; so are the next four */
    CORE_TARIFF_DRAFT_ASK,
    CORE_TARIFF_DRAFT_RELEASE,
    CORE_TARIFF_DRAFT_REFUSE,
    CORE_TARIFF_DRAFT_WITHDRAW,
    CORE_MEASURES_CHANGE,      /* struct core_measures, object_id = account, present */
    CORE_RUN_DRAFT,            /* struct core_settlement; reply.object_id = run */
    CORE_RUN_APPROVE,          /* struct core_reason, object_id = run */
    CORE_RUN_CANCEL,           /* struct core_reason, object_id = run */
    CORE_RUN_REVERSE,          /* struct core_reason, object_id = run */
    CORE_RUN_REVIEW,           /* struct core_review, object_id = run */
    CORE_RUN_SAMPLE,           /* struct core_sample, object_id = run */
    CORE_GROUP_JOIN,           /* struct core_group, object_id = account */
    CORE_SHARE_SET,            /* struct core_share, object_id = account */
    CORE_BATCH_ASK,            /* struct core_batch; reply.object_id */
    CORE_BATCH_RELEASE,        /* struct core_reason, object_id = batch */
    CORE_BATCH_STOP,           /* struct core_reason, object_id = batch */
    CORE_HOLD_PLACE,           /* struct core_hold, object_id = account; reply.object_id = hold, repeated */
    CORE_HOLD_SETTLE,          /* struct core_hold, object_id = hold */
    CORE_PERIOD_CLOSE,         /* struct core_settlement */
    /* reading plans and tasks */
    CORE_READING_TASK_CREATE,  /* struct core_reading_task; reply.object_id, reach; with preview only reach */
    CORE_READING_TASK_CANCEL,  /* struct core_reason, object_id */
    CORE_DEVICE_READ,          /* struct core_reading_task, object_id = device; reply.object_id = task, reach */
    CORE_REREAD,               /* struct core_reread; reply.object_id = the newest day's task, count of tasks */
    CORE_READING_PLAN_CREATE,  /* struct core_reading_plan; reply.object_id */
    CORE_READING_PLAN_CHANGE,  /* struct core_reading_plan, object_id, present */
    CORE_READING_PLAN_DELETE,  /* struct core_reason, object_id */
    /* messages; the first three are the senders' own */
    CORE_MESSAGES_TAKE,        /* struct core_messages_take */
    CORE_MESSAGES_SETTLE,      /* struct core_messages_settle */
    CORE_MESSAGES_RECEIVE,     /* struct core_messages_receive */
    CORE_MESSAGE_RESEND,       /* struct core_reason, object_id */
    CORE_MESSAGE_TEST,         /* struct core_message_test; reply.object_id */
    CORE_MESSAGE_TEMPLATE_PUT, /* struct core_message_template */
    CORE_MESSAGE_RECIPIENT_CREATE, /* struct core_message_recipient; reply.object_id */
    CORE_MESSAGE_RECIPIENT_DELETE, /* struct core_reason, object_id */
    /* payments through channels */
    CORE_PAYMENT_ORDER_CREATE, /* struct core_payment_order; reply.object_id, receipt = trade number, repeated */
    CORE_PAYMENT_ORDER_CANCEL, /* struct core_reason, object_id */
    CORE_PAYMENT_WORK_TAKE,    /* struct core_payment_work; reply.count = 1 when there is some */
    CORE_PAYMENT_OUTCOME_TAKE, /* struct core_payment_outcome */
    CORE_RECONCILIATION_ASK,   /* struct core_reconciliation; reply.object_id */
    CORE_RECONCILIATION_DUE,   /* struct core_reconciliation: for every tenant that has not asked */
    CORE_RECONCILIATION_TAKE,  /* struct core_bill, object_id = run */
    CORE_DIFFERENCE_RESOLVE,   /* struct core_difference, object_id */
    CORE_PAYMENT_REFUND_RESOLVE, /* struct core_difference, object_id the refund */
    /* the cash desk: structs in cash_port.h */
    CORE_CASH_SHIFT_OPEN,      /* struct core_cash_shift; reply.object_id */
    CORE_CASH_SHIFT_COUNT,     /* struct core_cash_shift, object_id */
    CORE_CASH_SHIFT_CONFIRM,   /* struct core_reason, object_id */
    CORE_PAYMENT_UNDO_ASK,     /* struct core_reason, object_id = payment; reply.object_id = the request */
    CORE_PAYMENT_UNDO_RELEASE, /* struct core_reason, object_id = the request */
    CORE_PAYMENT_UNDO_REFUSE,  /* struct core_reason, object_id = the request */
    CORE_CASH_DEPOSIT,         /* struct core_cash_deposit; reply.object_id */
    /* bank statements: structs in bank_port.h */
    CORE_BANK_CHECK,           /* struct core_bank_check; reply.object_id = statement */
    CORE_BANK_BOOK,            /* struct core_reason, object_id = statement */
    CORE_BANK_CANCEL,          /* struct core_reason, object_id = statement */
    CORE_BANK_ASSIGN,          /* struct core_bank_assign, object_id = line */
    CORE_BANK_RETURN,          /* struct core_reason, object_id = line */
    CORE_BANK_MAPPING_PUT,     /* struct core_bank_mapping */
    CORE_LATE_FEE_WAIVE,       /* struct core_late_fee_waiver (case_port.h), object_id = bill */
    CORE_METER_CARRY_ASK,      /* struct core_meter_carry (case_port.h), object_id = what an exchanged meter held */
    /* residents: executed by core_resident.h; all struct core_resident (api/resident_port.h) */
    CORE_RESIDENT_ISSUE,       /* object_id = customer */
    CORE_RESIDENT_WITHDRAW,    /* object_id = customer */
    CORE_RESIDENT_FAILURE,     /* customer_id */
    CORE_RESIDENT_BIND,        /* customer_id; reply.object_id = phone */
    CORE_RESIDENT_PASSWORD,    /* customer_id */
    CORE_RESIDENT_UNBIND,      /* object_id = binding */
    CORE_RESIDENT_TOUCH,       /* phone_id */
    CORE_RESIDENT_PAYER,       /* phone_id, payer_channel, payer_id */
    /* partners of the open interfaces: partner_port.h */
    CORE_PARTNER_CREATE,       /* struct core_partner; reply.object_id */
    CORE_PARTNER_CHANGE,       /* struct core_partner, object_id, present */
    CORE_PARTNER_TOKEN_ADD,    /* struct core_partner_token, object_id = partner; reply.object_id = token */
    CORE_PARTNER_TOKEN_REVOKE, /* struct core_reason, object_id = token */
    CORE_PARTNER_USED,         /* struct core_partner_used, object_id = token */
    CORE_PARTNER_CONTROL,      /* struct core_partner_control, object_id = device; reply.command_id, repeated */
    /* endpoints that hear of events: webhook_port.h */
    CORE_WEBHOOK_CREATE,       /* struct core_webhook; reply.object_id, count = generation of its secret */
    CORE_WEBHOOK_CHANGE,       /* struct core_webhook, object_id, present */
    CORE_WEBHOOK_ROTATE,       /* struct core_reason, object_id; reply.count = generation */
    CORE_WEBHOOK_TEST,         /* struct core_reason, object_id */
    /* documents: api/document_port.h */
    CORE_DOCUMENT_PRINT,       /* struct core_document_print */
    CORE_DOCUMENT_TEMPLATE_PUT, /* struct core_document_template; reply.count = the new version */
    /* invoices: api/invoice_port.h */
    CORE_INVOICE_ASK,          /* struct core_invoice; reply.object_id, amount_fen, repeated */
    CORE_INVOICE_CANCEL,       /* struct core_reason, object_id */
    CORE_INVOICE_RED_LETTER,   /* struct core_reason, object_id */
    CORE_INVOICE_RETRY,        /* struct core_request, object_id */
    CORE_INVOICE_WORK_TAKE,    /* struct core_invoice_work; reply.count = 1 when there is some */
    CORE_INVOICE_ANSWER_TAKE,  /* struct core_invoice_answer, object_id */
    /* cases that a second person decides: api/case_port.h */
    CORE_REFUND_ASK,           /* struct core_refund */
    CORE_REFUND_PREVIEW,       /* struct core_refund: nothing changes */
    CORE_REFUND_SETTLE,        /* struct core_refund_settle, object_id */
    CORE_APPROVAL_READ,        /* struct core_approval, object_id */
    CORE_APPROVAL_DECIDE,      /* struct core_approval, object_id */
    CORE_CLOSING_ASK,          /* struct core_closing, object_id = account */
    CORE_DEPOSIT_KEEP,         /* struct core_deposit, object_id = account */
    CORE_PAYMENT_MOVE_ASK,     /* struct core_payment_move, object_id */
    CORE_SHARE_BASIS_SET,      /* struct core_share_basis, object_id = public account */
    CORE_UNIT_QUOTE,           /* struct core_unit_quote (api/unit_port.h), object_id = account: nothing changes */
    CORE_OPERATION_COUNT
};

/* Head of every request. The api fills it from the session, never from the body. */
struct core_request {
    int64_t object_id;          /* the identifier in the path; 0 when the path has none */
    uint64_t present;           /* of a change: bits of the fields that were given, CORE_*_HAS_* */
    uint32_t tenant_id;
    uint32_t person_id;         /* who asks; 0: the platform */
    int64_t wall_s;             /* real time, for sessions and lock-outs only; the core's own clock dates everything else */
    char scope_path[CORE_PATH_LIMIT]; /* jurisdiction: objects outside this area are "not found" */
};

/* How the meters of a reading task can be reached. */
struct core_reach {
    int32_t total;
    int32_t now;                /* their line is connected */
    int32_t offline;            /* their line is not */
    int32_t asleep;             /* a radio of their own: in their next window */
    int32_t unreachable;        /* neither */
};

/* One reply for all operations. The core clears it before it executes. */
struct core_reply {
    int32_t http_status;        /* of a problem: 4xx or 5xx; 0 on success */
    char code[40];              /* of a problem, stable, snake_case: "insufficient_scope", "meter_number_taken" */
    char field[40];             /* the request's JSON field to blame; "" when none */
    char text_zh[256];          /* one sentence: what is wrong and what is right */
    char text_en[256];
    char note_zh[192];          /* of a success: what happens next ("表计休眠, 约 03:10 执行"); may be empty */
    char note_en[192];
    char receipt[40];
    int64_t object_id;
    int64_t command_id;
    int64_t before_fen;
    int64_t balance_fen;
    int64_t amount_fen;
    struct core_reach reach;
    int32_t count;
    int32_t held;
    bool will_restore;
    bool repeated;              /* the same key came before: this is the first answer again */
};

/* Reasons of the port itself (base/error_info.h). */
#define CORE_ERRORS(ROW) \
    ROW(CORE_ERR_UNAVAILABLE, -1801, 503, "core_unavailable", "", "The server is busy or stopping; try again", \
        "服务器繁忙或正在停止, 请重试") \
    ROW(CORE_ERR_UNSUPPORTED, -1802, 501, "core_unsupported", "", "This server does not offer that", "本服务器不提供此功能")

enum core_error { CORE_ERRORS(ERROR_INFO_ENUM) };

/* The row of one of CORE_ERR_*; NULL for any other number. Static lifetime. */
const struct error_info *core_error_info(int error);

/* The reply of a refusal: status, code and texts from the room's own table of reasons (base/error_info.h).
 * returns  info->error, so that a room's caller can `return core_reply_refuse(...)` */
int core_reply_refuse(struct core_reply *reply, const struct error_info *info);

struct core_port {
    void *context;
    /* Thread-safe; waits until the transaction has been committed or rolled back.
     * request  begins with struct core_request, layout by operation; reply  written always
     * returns  0, or the negative reason of the room that refused, with http_status, code and texts in the reply */
    int (*call)(void *context, enum core_operation operation, const void *request, struct core_reply *reply);
};

struct core_sign_in {
    struct core_request head;   /* person_id: whose; tenant_id: theirs */
    bool succeeded;             /* false: count the failure, lock after too many */
    bool bearer;
    uint8_t token_hash[32];     /* SHA-256 of the new session's token */
    char csrf_token[65];
};

struct core_session {
    struct core_request head;
    uint8_t token_hash[32];
};

#define CORE_PERSON_HAS_DISPLAY_NAME (UINT64_C(1) << 0)
#define CORE_PERSON_HAS_ROLE (UINT64_C(1) << 1)
#define CORE_PERSON_HAS_LANGUAGE (UINT64_C(1) << 2)
#define CORE_PERSON_HAS_AREA (UINT64_C(1) << 3)
#define CORE_PERSON_HAS_PASSWORD (UINT64_C(1) << 4)
#define CORE_PERSON_HAS_DISABLED (UINT64_C(1) << 5)
struct core_person {
    struct core_request head;
    char login[64];
    char display_name[CORE_NAME_LIMIT];
    char role[16];
    char language[4];
    char password_hash[256];    /* hashed in the api thread: the password itself never travels */
    int64_t area_id;
    bool disabled;
};

struct core_setting {
    struct core_request head;
    char key[64];
    char value[256];
};

struct core_audit {
    struct core_request head;
    char action[64];
    char object_kind[32];
    char detail[CORE_REASON_LIMIT];
};

struct core_area {
    struct core_request head;
    int64_t parent_area_id;
    char kind[16];              /* district, estate, building */
    char name[CORE_NAME_LIMIT];
};

#define CORE_DEVICE_HAS_AREA (UINT64_C(1) << 0)
#define CORE_DEVICE_HAS_ROOM (UINT64_C(1) << 1)
#define CORE_DEVICE_HAS_MAKER (UINT64_C(1) << 2)
#define CORE_DEVICE_HAS_SECURITY (UINT64_C(1) << 3)
#define CORE_DEVICE_HAS_FLOW_LIMIT (UINT64_C(1) << 4)
#define CORE_DEVICE_HAS_REPORT_TIME (UINT64_C(1) << 5)
#define CORE_DEVICE_HAS_METER_NUMBER (UINT64_C(1) << 6)
#define CORE_DEVICE_HAS_REMOVED (UINT64_C(1) << 7)
#define CORE_DEVICE_HAS_START_REGISTER (UINT64_C(1) << 8)
#define CORE_DEVICE_HAS_PARENT (UINT64_C(1) << 9)
#define CORE_DEVICE_HAS_ADDRESS (UINT64_C(1) << 10)
#define CORE_DEVICE_HAS_PORT (UINT64_C(1) << 11)
#define CORE_DEVICE_HAS_TRANSFORMERS (UINT64_C(1) << 12)
#define CORE_DEVICE_HAS_PROFILE (UINT64_C(1) << 13)
#define CORE_DEVICE_HAS_INSTALLED (UINT64_C(1) << 14)
#define CORE_DEVICE_HAS_PASSWORD (UINT64_C(1) << 16)
#define CORE_DEVICE_HAS_OPERATOR (UINT64_C(1) << 17)
#define CORE_DEVICE_HAS_KEY (UINT64_C(1) << 18)
struct core_device {
    struct core_request head;
    int64_t imei;               /* 15 digits; 0: it hangs on a line */
    int64_t parent_device_id;   /* collector, concentrator or line; 0: none */
    int64_t area_id;
    int64_t start_register_value;
    int64_t flow_limit_value_per_h;
    int64_t report_time_s;      /* after local midnight */
    int64_t register_modulus_value; /* 0: the kind's */
    int64_t installed_s;        /* 0: now */
    int64_t multiplier_e3;      /* thousandths; 0: 1000, or the product of the transformers */
    int32_t ct_primary_a;       /* transformers; 0: none */
    int32_t ct_secondary_a;
    int32_t pt_primary_v;
    int32_t pt_secondary_v;
    int32_t measurement_point;  /* 0: the next free one */
    int32_t port;
    int32_t size_dn_mm;
    bool removed;               /* true: taken out of service now */
    char room[64];
    char meter_number[16];
    char maker[64];
    char profile[64];
    char security[8];           /* psk, plain */
    char kind[16];              /* registry_kind_name(); empty: cold_water */
    char address[64];           /* on the line; empty: the meter number */
    char password[8];           /* digits; sealed at once, never answered */
    char operator_code[12];
    char key[40];               /* 32 hexadecimal digits */
};

#define CORE_LINE_HAS_AREA (UINT64_C(1) << 0)
#define CORE_LINE_HAS_ROOM (UINT64_C(1) << 1)
#define CORE_LINE_HAS_MAKER (UINT64_C(1) << 2)
#define CORE_LINE_HAS_NAME (UINT64_C(1) << 6)
#define CORE_LINE_HAS_REMOVED (UINT64_C(1) << 7)
#define CORE_LINE_HAS_ADDRESS (UINT64_C(1) << 10)
#define CORE_LINE_HAS_PROFILE (UINT64_C(1) << 13)
#define CORE_LINE_HAS_SECRET (UINT64_C(1) << 16)
#define CORE_LINE_HAS_BAUD (UINT64_C(1) << 17)
#define CORE_LINE_HAS_PARITY (UINT64_C(1) << 18)
#define CORE_LINE_HAS_STOP_BITS (UINT64_C(1) << 19)
#define CORE_LINE_HAS_HEARTBEAT_S (UINT64_C(1) << 20)
#define CORE_LINE_HAS_HEARTBEAT (UINT64_C(1) << 21)
#define CORE_LINE_HAS_GAP (UINT64_C(1) << 22)
#define CORE_LINE_HAS_ANSWER_TIMEOUT (UINT64_C(1) << 23)
#define CORE_LINE_HAS_METER_LIMIT (UINT64_C(1) << 24)
#define CORE_LINE_HAS_CODES (UINT64_C(1) << 25)
struct core_line {
    struct core_request head;
    int64_t area_id;
    int64_t baud;
    int64_t heartbeat_s;
    int64_t gap_ms;
    int64_t answer_timeout_ms;
    int64_t meter_limit;
    int32_t stop_bits;
    int32_t code_dlt645;        /* what its maker calls the meters' protocols in an archive entry; 0: not given */
    int32_t code_dlt645_1997;
    int32_t code_cjt188;
    bool removed;
    char kind[16];              /* concentrator, dtu, serial, tcp */
    char parity[4];             /* even, none, odd: first letter in upper case */
    char name[16];
    char room[64];
    char maker[64];
    char profile[64];
    char address[64];
    char heartbeat[64];
    char secret[40];            /* 4 or 32 hexadecimal digits, or 00; sealed at once, never answered */
};

struct core_archive_sync {
    struct core_request head;   /* object_id: one concentrator; 0: all of area_id */
    int64_t area_id;
    bool compare_only;
};

#define CORE_IMPORT_LIMIT 1048576   /* bytes of a spreadsheet's text */
#define CORE_IMPORT_PROBLEM_LIMIT 100

/* What is wrong with one cell: the rule, and what would be right. */
struct core_import_problem {
    int32_t row;                /* of the spreadsheet, the heading is 1 */
    char column[32];
    char value[64];
    char rule_zh[256];
    char rule_en[256];
    char fix_zh[128];           /* "" when nobody can know */
    char fix_en[128];
};

/* Written by the core during the call, whose caller waits. */
struct core_import_report {
    int32_t rows;
    int32_t problem_count;      /* all of them; CORE_IMPORT_PROBLEM_LIMIT are kept */
    struct core_import_problem problems[CORE_IMPORT_PROBLEM_LIMIT];
};

/* Meters of an estate at once: all rows, or none when one is wrong. */
struct core_import {
    struct core_request head;
    bool dry_run;
    const char *text;           /* with its zero; good during the call */
    struct core_import_report *report;
};

struct core_device_exchange {
    struct core_request head;
    int64_t new_imei;
    int64_t old_end_value;
    int64_t new_start_value;
    char new_meter_number[16];
    char new_address[64];       /* of a meter on a line; "": its number */
    char reason[CORE_REASON_LIMIT];
};

#define CORE_BALANCE_HAS_AREA (UINT64_C(1) << 0)
#define CORE_BALANCE_HAS_NAME (UINT64_C(1) << 1)
#define CORE_BALANCE_HAS_SUPPLY (UINT64_C(1) << 2)
struct core_balance_zone {
    struct core_request head;
    int64_t area_id;
    char utility[16];           /* cold_water, hot_water, electricity, gas, heat */
    char name[CORE_NAME_LIMIT];
    char supply[1024];          /* "[12,-13]": device_id of each border meter, negative when it counts what leaves */
};

struct core_decision {
    struct core_request head;
    char decision[16];          /* accepted, rejected */
    char reason[CORE_REASON_LIMIT];
};

struct core_command {
    struct core_request head;
    char kind[24];              /* command_operation_of_name() */
    char parameter[32];         /* low_balance, overdraft, report_period, ... */
    int64_t value;
    int64_t amount_fen;
    int64_t expires_s;          /* seconds from now; 0: the default */
    struct downlink_table table; /* of write_steps and write_day_table */
    char reason[CORE_REASON_LIMIT];
};

struct core_reason {
    struct core_request head;
    char reason[CORE_REASON_LIMIT];
};

struct core_line_search {
    struct core_request head;
    char profile[64];           /* whose language is searched; "": every one */
    char reason[CORE_REASON_LIMIT];
};

#define CORE_DEVICE_LIST_LIMIT 10000 /* meters named one by one in a request */

struct core_device_list {
    uint32_t count;
    uint32_t ids[CORE_DEVICE_LIST_LIMIT];
};

struct core_reading_task {
    struct core_request head;
    int64_t area_id;            /* 0: what the person may see, unless meters are named */
    int64_t day;                /* of daily and monthly: local days since 1970 */
    int64_t expires_s;          /* from now; 0: the default */
    bool preview;               /* only say how the meters can be reached */
    bool freeze;                /* latch all at one instant first */
    char kind[16];              /* cold_water, ...; "": all */
    char what[12];              /* current, daily, monthly */
    char priority[8];           /* high, normal, low; "": by the number of meters */
    struct core_device_list devices;
};

struct core_reread {
    struct core_request head;
    int64_t area_id;
    int64_t from_day;
    int64_t to_day;
    char kind[16];
    char what[16]; /* "daily", "interval"; "": daily */
};

#define CORE_READING_PLAN_HAS_AREA (UINT64_C(1) << 0)
#define CORE_READING_PLAN_HAS_NAME (UINT64_C(1) << 1)
#define CORE_READING_PLAN_HAS_KIND (UINT64_C(1) << 2)
#define CORE_READING_PLAN_HAS_WHAT (UINT64_C(1) << 3)
#define CORE_READING_PLAN_HAS_EVERY (UINT64_C(1) << 4)
#define CORE_READING_PLAN_HAS_UNIT (UINT64_C(1) << 5)
#define CORE_READING_PLAN_HAS_OFFSET (UINT64_C(1) << 6)
#define CORE_READING_PLAN_HAS_ENABLED (UINT64_C(1) << 7)
struct core_reading_plan {
    struct core_request head;
    int64_t area_id;
    int64_t every;
    int64_t offset_s;
    bool enabled;
    char name[CORE_NAME_LIMIT];
    char kind[16];
    char what[12];              /* current, daily, monthly, curve */
    char unit[8];               /* minute, hour, day, week, month */
    struct core_device_list devices;
};

#define CORE_CUSTOMER_HAS_NAME (UINT64_C(1) << 0)
#define CORE_CUSTOMER_HAS_INITIALS (UINT64_C(1) << 1)
#define CORE_CUSTOMER_HAS_PHONES (UINT64_C(1) << 2)
#define CORE_CUSTOMER_HAS_PROTECTED_UNTIL (UINT64_C(1) << 3)
#define CORE_CUSTOMER_HAS_PROTECTED_REASON (UINT64_C(1) << 4)
struct core_customer {
    struct core_request head;
    char number[32];
    char name[CORE_NAME_LIMIT];
    char name_initials[32];
    char phones[96];            /* comma separated */
    int64_t protected_until_s;
    char protected_reason[CORE_NAME_LIMIT];
};

#define CORE_ACCOUNT_HAS_DEVICE (UINT64_C(1) << 0)
#define CORE_ACCOUNT_HAS_TARIFF (UINT64_C(1) << 1)
#define CORE_ACCOUNT_HAS_PERSONS (UINT64_C(1) << 2)
#define CORE_ACCOUNT_HAS_SETTLEMENT_DAY (UINT64_C(1) << 3)
#define CORE_ACCOUNT_HAS_LOW_BALANCE (UINT64_C(1) << 4)
#define CORE_ACCOUNT_HAS_OVERDRAFT (UINT64_C(1) << 5)
#define CORE_ACCOUNT_HAS_RESTORE (UINT64_C(1) << 6)
#define CORE_ACCOUNT_HAS_GRACE (UINT64_C(1) << 7)
#define CORE_ACCOUNT_HAS_MONTHS (UINT64_C(1) << 8)
#define CORE_ACCOUNT_HAS_FIRST_MONTH (UINT64_C(1) << 9)
struct core_account {
    struct core_request head;
    int64_t customer_id;
    int64_t device_id;          /* 0: none yet */
    int64_t area_id;            /* 0: the device's */
    int64_t tariff_id;
    char payment_mode[24];      /* postpaid, prepaid_platform, prepaid_meter */
    char meter_holds[8];        /* of prepaid_meter: money, units; "" what the model holds */
    int64_t low_balance_fen;
    int64_t overdraft_fen;
    int64_t restore_fen;
    int32_t persons;
    int64_t persons_from_day;   /* 0: the next month's first */
    int64_t persons_until_day;  /* 0: until another number is said */
    int32_t settlement_day;
    int32_t settlement_months;
    int32_t settlement_first_month;
    int32_t grace_h;
};

struct core_tariff_draft {
    struct core_request head;
    int64_t effective_day;      /* 0: as it is */
    char document[CORE_DOCUMENT_LIMIT]; /* "": as it is */
};

struct core_tariff_try {
    struct core_request head;
    int32_t months;             /* the last whole ones */
};

#define CORE_MEASURES_HAS_AREA (UINT64_C(1) << 0)
#define CORE_MEASURES_HAS_CAPACITY (UINT64_C(1) << 1)
#define CORE_MEASURES_HAS_DEMAND (UINT64_C(1) << 2)
struct core_measures {
    struct core_request head;
    int64_t area_e4;
    int64_t capacity_e4;
    int64_t contract_demand_e4;
};

struct core_tariff {
    struct core_request head;
    char name[CORE_NAME_LIMIT];
    char utility[16];
    int64_t effective_day;      /* of the first version */
    char document[CORE_DOCUMENT_LIMIT]; /* "": a tariff without a version yet */
};

struct core_tariff_version {
    struct core_request head;
    int64_t effective_day;
    char document[CORE_DOCUMENT_LIMIT];
};

struct core_settlement {
    struct core_request head;
    int64_t to_day;
    int64_t area_id;            /* of a draft: only there and below; 0: wherever the person may */
    int32_t months;             /* of a draft: only contracts with such periods; 0: all */
    char accounts[8];           /* of a draft: all, due */
    char estimate[8];           /* hold, usual */
};

struct core_review {
    struct core_request head;
    int64_t account_id;         /* 0: every draft of the exception */
    char exception[8];          /* jump, zero */
    char decision[8];           /* accept, hold */
};

/* What `bill` and `charge` name is good during the call, whose caller waits. */
struct core_sample {
    struct core_request head;
    int64_t account_id;
    struct billing_bill *bill;
    struct charge *charge;
};

struct core_group {
    struct core_request head;
    int64_t main_account_id;    /* 0: leave */
};

struct core_share {
    struct core_request head;
    int64_t public_account_id;
    int64_t weight;             /* 0: shares no longer */
};

struct core_share_basis {
    struct core_request head;   /* object_id: the public account */
    char basis[8];              /* ratio, use, time */
};

struct core_batch {
    struct core_request head;
    int32_t closings;
    char reason[CORE_NAME_LIMIT];
};

struct core_hold {
    struct core_request head;
    int64_t amount_fen;         /* to settle: what was used; 0 gives back all */
    int64_t duration_s;
    char key[CORE_KEY_LIMIT];
    char item[24];
};

struct core_payment {
    struct core_request head;
    int64_t account_id;
    int64_t amount_fen;
    char method[16];            /* cash, partner */
    char key[CORE_KEY_LIMIT];
    char source[48];            /* of method partner: which one's clearing account in the ledger */
};

/* A sender takes what is due; `out` and what the pointers name is good during the call, whose caller waits. */
struct core_messages_take {
    struct core_request head;
    char provider[MESSAGE_PROVIDER_SIZE];
    char recipient[MESSAGE_RECIPIENT_SIZE]; /* only messages to it; "": all */
    enum message_channel channel;
    bool fresh;                 /* the sender has just started */
    uint32_t limit;
    struct message *out;        /* limit of them */
    uint32_t *count;
    int64_t *next_s;            /* when to ask again; 0: nothing waits */
};

struct core_messages_settle {
    struct core_request head;
    char provider[MESSAGE_PROVIDER_SIZE];
    const struct message_result *results;
    size_t count;
};

struct core_messages_receive {
    struct core_request head;
    char provider[MESSAGE_PROVIDER_SIZE];
    const struct message_receipt *receipts;
    size_t count;
};

struct core_message_test {
    struct core_request head;
    char channel[16];
    char address[MESSAGE_RECIPIENT_SIZE];
    char language[4];           /* zh, en */
    char text[NOTICE_TEXT_SIZE]; /* "": the program's own words */
};

struct core_message_template {
    struct core_request head;
    char kind[MESSAGE_KIND_SIZE];
    char language[4];
    char text[NOTICE_TEXT_SIZE]; /* "": the program's own words again */
};

struct core_message_recipient {
    struct core_request head;
    int64_t area_id;            /* 0: the caller's own area, or the account's */
    int64_t account_id;         /* 0: every account of the area and below */
    char kind[MESSAGE_KIND_SIZE]; /* "": every kind */
    char channel[16];
    char address[MESSAGE_RECIPIENT_SIZE];
    char language[4];
    char name[64];
};

struct core_payment_order {
    struct core_request head;
    int64_t account_id;
    int64_t amount_fen;
    char channel[16];
    char scene[8];              /* qr, in_app, mobile, page */
    char key[CORE_KEY_LIMIT];
    char description[128];
    char payer_id[64];
    char client_ip[46];
};

/* Written by the core during the call, whose caller waits. */
struct core_payment_work {
    struct core_request head;
    const char *channel; /* whose work */
    struct payment_order_work *work;
};

/* Its texts are good during the call. */
struct core_payment_outcome {
    struct core_request head;
    struct payment_order_outcome outcome;
};

struct core_reconciliation {
    struct core_request head;
    int64_t day;                /* the channel's local day */
    char channel[16];
};

/* The rows are sorted by the core during the call, whose caller waits. */
struct core_bill {
    struct core_request head;
    struct payment_bill_entry *entries;
    size_t count;
    const char *problem;        /* NULL: the bill is here */
};

struct core_difference {
    struct core_request head;
    char action[16];            /* book, accept; of a refund paid_out, not_paid_out */
    char reason[CORE_REASON_LIMIT];
};

#endif
