/* What the api reads: named views with bound parameters, row by row, through a store that only reads.
 *
 * The views' text lives in src/store/sql/views_*.c. Every view takes :tenant and the jurisdiction :path_low and
 * :path_high (area.path >= low and < high), so no view can show what the caller may not see. */
#ifndef API_VIEW_STORE_H
#define API_VIEW_STORE_H

#include "base/span.h"

#define VIEW_COLUMN_LIMIT 64
#define VIEW_NAME_LIMIT 48
#define VIEW_PARAMETER_LIMIT 24

/* name of the view (enumerator VIEW_..., text for logs and metrics) */
#define VIEW_LIST(ROW) \
    ROW(SIGN_IN, "sign_in") ROW(SESSION, "session") ROW(SCOPE, "scope") ROW(TENANT, "tenant") ROW(ROLE_PERSON, "role_person") \
    ROW(AREAS, "areas") ROW(AREAS_BELOW, "areas_below") ROW(AREAS_ABOVE, "areas_above") ROW(AREAS_FOUND, "areas_found") \
    ROW(BOARD_COUNTS, "board_counts") ROW(BOARD_BUILDINGS, "board_buildings") \
    ROW(BOARD_CELLS, "board_cells") \
    ROW(DEVICES, "devices") ROW(DEVICES_IN_AREA, "devices_in_area") ROW(DEVICES_FOUND, "devices_found") ROW(DEVICES_NOT_WELL, "devices_not_well") \
    ROW(DEVICES_COUNT, "devices_count") ROW(DEVICES_STEP, "devices_step") ROW(ACCOUNTS_STEP, "accounts_step") ROW(CUSTOMERS_COUNT, "customers_count") \
    ROW(ACCOUNTS_COUNT, "accounts_count") ROW(CUSTOMERS_IN_AREA, "customers_in_area") \
    ROW(CUSTOMERS_IN_AREA_COUNT, "customers_in_area_count") ROW(ACCOUNTS_IN_AREA, "accounts_in_area") \
    ROW(ACCOUNTS_IN_AREA_COUNT, "accounts_in_area_count") ROW(ACCOUNTS_OF_CUSTOMER, "accounts_of_customer") \
    ROW(ACCOUNTS_IN_STAGE, "accounts_in_stage") ROW(ARREARS_IN_AREA, "arrears_in_area") ROW(ARREARS_COUNT, "arrears_count") \
    ROW(EVENTS_OPEN, "events_open") ROW(EVENTS_COUNT, "events_count") ROW(EVENTS_OPEN_COUNT, "events_open_count") ROW(DEVICE, "device") \
    ROW(DEVICE_ACCOUNT, "device_account") ROW(DEVICE_READINGS, "device_readings") \
    ROW(DEVICE_USAGE_DAYS, "device_usage_days") ROW(DEVICE_USAGE_MONTHS, "device_usage_months") \
    ROW(DEVICE_COMPLETENESS, "device_completeness") ROW(DEVICE_EVENTS, "device_events") \
    ROW(DEVICE_COMMANDS, "device_commands") ROW(DEVICE_FRAMES, "device_frames") ROW(DEVICE_SET_ASIDE, "device_set_aside") \
    ROW(USAGE_DAYS, "usage_days") ROW(USAGE_MONTHS, "usage_months") ROW(COMPLETENESS_DAYS, "completeness_days") \
    ROW(COMPLETENESS_BUILDINGS, "completeness_buildings") ROW(COMPLETENESS_FIGURES, "completeness_figures") ROW(COMPLETENESS_READY, "completeness_ready") ROW(COMPLETENESS_PLACES, "completeness_places") \
    ROW(SET_ASIDE, "set_aside") ROW(READING_TASKS, "reading_tasks") ROW(READING_TASK, "reading_task") \
    ROW(READING_TASK_ITEMS, "reading_task_items") ROW(READING_PLANS, "reading_plans") ROW(READING_PLAN, "reading_plan") \
    ROW(READING_LOAD, "reading_load") ROW(COMPLETENESS_MATRIX, "completeness_matrix") \
    ROW(COMPLETENESS_MISSING, "completeness_missing") \
    ROW(COMPLETENESS_INTERVALS, "completeness_intervals") \
    ROW(OVERVIEW_REPORTING, "overview_reporting") ROW(OVERVIEW_SUPPLY, "overview_supply") \
    ROW(OVERVIEW_REVENUE, "overview_revenue") ROW(OVERVIEW_BALANCE, "overview_balance") ROW(OVERVIEW_LATEST, "overview_latest") ROW(OVERVIEW_ATTENTION, "overview_attention") \
    ROW(OVERVIEW_TREND, "overview_trend") ROW(OVERVIEW_KINDS, "overview_kinds") \
    ROW(DEVICE_REGISTERS, "device_registers") ROW(DEVICE_REGISTER_VALUES, "device_register_values") \
    ROW(DEVICE_REGISTER_CONFLICTS, "device_register_conflicts") ROW(DEVICE_INTERVALS, "device_intervals") \
    ROW(DEVICE_INTERVAL_CHANNELS, "device_interval_channels") ROW(AREA_INTERVALS, "area_intervals") ROW(BALANCE_ZONES, "balance_zones") \
    ROW(BALANCE_ZONE, "balance_zone") ROW(BALANCE_SUPPLY, "balance_supply") ROW(BALANCE_READINGS, "balance_readings") \
    ROW(REPORT_METERS, "report_meters") ROW(REPORT_METERS_OF_LIST, "report_meters_of_list") \
    ROW(REPORT_METERS_OF_AREA, "report_meters_of_area") ROW(REPORT_INSTANTS, "report_instants") ROW(REPORT_MIDNIGHTS, "report_midnights") \
    ROW(REPORT_CURRENT, "report_current") ROW(REPORT_CURRENT_OF_LIST, "report_current_of_list") \
    ROW(REPORT_CURRENT_OF_AREA, "report_current_of_area") ROW(REPORT_DAILY, "report_daily") \
    ROW(REPORT_REVENUE, "report_revenue") ROW(REPORT_RECEIPTS, "report_receipts") ROW(REPORT_AGEING, "report_ageing") \
    ROW(REPORT_COLLECTION, "report_collection") \
    ROW(CUSTOMERS, "customers") ROW(CUSTOMERS_FOUND, "customers_found") ROW(CUSTOMER, "customer") ROW(CUSTOMER_ACCOUNTS, "customer_accounts") \
    ROW(CUSTOMER_TIMELINE, "customer_timeline") ROW(ACCOUNTS, "accounts") ROW(ACCOUNT, "account") \
    ROW(ACCOUNT_STATEMENT, "account_statement") ROW(ACCOUNT_CHARGES, "account_charges") \
    ROW(ACCOUNT_NOTICES, "account_notices") ROW(CASH_DESK_FIND, "cash_desk_find") ROW(CASH_DESK_PHONE, "cash_desk_phone") \
    ROW(CASH_DESK_SHIFT, "cash_desk_shift") \
    ROW(TARIFFS, "tariffs") ROW(TARIFF, "tariff") ROW(TARIFF_VERSIONS, "tariff_versions") ROW(ACCOUNT_MEASURES, "account_measures") \
    ROW(TARIFF_DRAFTS, "tariff_drafts") ROW(TARIFF_DRAFT, "tariff_draft") ROW(TARIFF_OWN_DRAFTS, "tariff_own_drafts") \
    ROW(TARIFF_DRAFT_ACCOUNTS, "tariff_draft_accounts") \
    ROW(BILLS, "bills") ROW(BILL, "bill") ROW(BILL_LINES, "bill_lines") ROW(BILL_READINGS, "bill_readings") \
    ROW(PAYMENTS, "payments") ROW(PAYMENTS_OF_ACCOUNT, "payments_of_account") \
    ROW(PAYMENTS_OF_CUSTOMER, "payments_of_customer") ROW(PAYMENTS_OF_SHIFT, "payments_of_shift") ROW(PAYMENTS_OF_DAY, "payments_of_day") \
    ROW(PAYMENTS_STEP, "payments_step") ROW(PAYMENTS_TOTAL, "payments_total") ROW(EVENTS_STEP, "events_step") \
    ROW(EVENTS_OPEN_STEP, "events_open_step") ROW(EVENTS_TOTAL, "events_total") \
    ROW(INTERVALS_STEP, "intervals_step") ROW(PAYMENT, "payment") ROW(ARREARS, "arrears") ROW(ARREARS_COUNTS, "arrears_counts") \
    ROW(PAYMENT_ORDERS, "payment_orders") ROW(PAYMENT_ORDER, "payment_order") \
    ROW(APPROVALS, "approvals") ROW(APPROVAL, "approval") ROW(REFUNDS, "refunds") ROW(REFUND, "refund") \
    ROW(REFUND_PARTS, "refund_parts") ROW(CLOSINGS, "closings") ROW(CLOSING, "closing") \
    ROW(PAYMENT_MOVES, "payment_moves") ROW(SUSPENSE, "suspense") \
    ROW(PAYMENT_ORDER_REFUNDS, "payment_order_refunds") ROW(PAYMENT_REFUND, "payment_refund") \
    ROW(CUT_OFF_BATCHES, "cut_off_batches") ROW(CUT_OFF_BATCH, "cut_off_batch") ROW(CUT_OFF_METERS, "cut_off_meters") \
    ROW(CUSTOMERS_PROTECTED, "customers_protected") ROW(ACCOUNT_GROUPS, "account_groups") ROW(METER_DRIFT, "meter_drift") ROW(UNIT_PURCHASES, "unit_purchases") ROW(SHARE_RUNS, "share_runs") \
    ROW(SHARE_PARTS, "share_parts") ROW(ACCOUNT_SHARE_PARTS, "account_share_parts") \
    ROW(ACCOUNT_MEMBERS, "account_members") \
    ROW(ACCOUNT_SHARES, "account_shares") \
    ROW(ACCOUNT_SHARES_OF, "account_shares_of") \
    ROW(CASH_SHIFTS, "cash_shifts") ROW(CASH_SHIFT, "cash_shift") ROW(CASH_SHIFT_METHODS, "cash_shift_methods") \
    ROW(PAYMENT_UNDOS, "payment_undos") ROW(PAYMENT_UNDO, "payment_undo") ROW(CASH_DEPOSITS, "cash_deposits") \
    ROW(CASH_DEPOSIT, "cash_deposit") ROW(BANK_MAPPINGS, "bank_mappings") ROW(BANK_STATEMENTS, "bank_statements") \
    ROW(BANK_STATEMENT, "bank_statement") ROW(BANK_STATEMENT_COUNTS, "bank_statement_counts") \
    ROW(BANK_STATEMENT_LINES, "bank_statement_lines") ROW(BANK_LINES, "bank_lines") ROW(BANK_LINE, "bank_line") \
    ROW(TRIAL_BALANCE, "trial_balance") ROW(TRIAL_BALANCE_DAY, "trial_balance_day") \
    ROW(RECONCILIATIONS, "reconciliations") ROW(RECONCILIATION, "reconciliation") \
    ROW(RECONCILIATION_DIFFERENCES, "reconciliation_differences") ROW(DIFFERENCE, "difference") \
    ROW(LEDGER_ACCOUNTS_OF_KIND, "ledger_accounts_of_kind") \
    ROW(LEDGER_ACCOUNTS, "ledger_accounts") ROW(LEDGER_STATEMENT, "ledger_statement") ROW(LEDGER_PERIODS, "ledger_periods") \
    ROW(LEDGER_TRANSFER, "ledger_transfer") ROW(LEDGER_DIFFERENCES, "ledger_differences") \
    ROW(RESIDENT_SIGN_IN, "resident_sign_in") ROW(RESIDENT_PROOF, "resident_proof") \
    ROW(RESIDENT_SESSION, "resident_session") ROW(RESIDENT_TENANT, "resident_tenant") \
    ROW(RESIDENT_CONTACT, "resident_contact") ROW(RESIDENT_CUSTOMERS, "resident_customers") \
    ROW(RESIDENT_PHONES, "resident_phones") ROW(RESIDENT_ACCOUNTS, "resident_accounts") \
    ROW(RESIDENT_ACCOUNT, "resident_account") ROW(RESIDENT_CHARGES, "resident_charges") \
    ROW(RESIDENT_BILLS, "resident_bills") ROW(RESIDENT_BILL, "resident_bill") ROW(RESIDENT_PAYMENTS, "resident_payments") \
    ROW(RESIDENT_ORDER, "resident_order") ROW(RESIDENT_LINK_ORDER, "resident_link_order") ROW(RESIDENT_PAYER, "resident_payer") \
    ROW(RESIDENT_LINK_BILL, "resident_link_bill") ROW(RESIDENT_DEMO, "resident_demo") ROW(RESIDENT_USES, "resident_uses") \
    ROW(RESIDENT_INVOICES, "resident_invoices") ROW(RESIDENT_INVOICE_BASES, "resident_invoice_bases") \
    ROW(RESIDENT_INVOICE_BASE, "resident_invoice_base") ROW(RESIDENT_INVOICE_PAPER, "resident_invoice_paper") \
    ROW(CUSTOMER_RESIDENT, "customer_resident") ROW(CUSTOMER_PHONES, "customer_phones") \
    ROW(HOLDS, "holds") ROW(HOLD, "hold") ROW(TRIAL_BALANCE_READ, "trial_balance_read") ROW(TRIAL_BALANCE_DAY_READ, "trial_balance_day_read") ROW(BOOKS_BEHIND, "books_behind") \
    ROW(CLOCKS_APART, "clocks_apart") ROW(ACCOUNTS_OF_MODE, "accounts_of_mode") ROW(ACCOUNTS_OF_MODE_COUNT, "accounts_of_mode_count") ROW(LEDGER_TRANSFERS, "ledger_transfers") ROW(SETTLEMENT_PREVIEW, "settlement_preview") \
    ROW(SETTLEMENT_RUNS, "settlement_runs") ROW(SETTLEMENT_RUN, "settlement_run") ROW(SETTLEMENT_DRAFTS, "settlement_drafts") \
    ROW(SETTLEMENT_HELD, "settlement_held") ROW(SETTLEMENT_EXCEPTIONS, "settlement_exceptions") \
    ROW(ACCOUNTS_HELD, "accounts_held") ROW(UNIT_CARRIES, "unit_carries") ROW(METER_CARRIES, "meter_carries") \
    ROW(METER_CARRY, "meter_carry") \
    ROW(COMMANDS, "commands") ROW(COMMAND, "command") ROW(COMMAND_STEPS, "command_steps") ROW(COMMAND_COUNTS, "command_counts") \
    ROW(EVENTS, "events") ROW(EVENT, "event") ROW(NOTICES, "notices") \
    ROW(MESSAGES, "messages") ROW(MESSAGE, "message") ROW(MESSAGE_ATTEMPTS, "message_attempts") \
    ROW(MESSAGE_PARTS, "message_parts") ROW(MESSAGE_COUNTS, "message_counts") ROW(MESSAGE_COSTS, "message_costs") \
    ROW(MESSAGE_TEMPLATES, "message_templates") ROW(MESSAGE_RECIPIENTS, "message_recipients") \
    ROW(PARTNERS, "partners") ROW(PARTNER, "partner") ROW(PARTNER_TOKENS, "partner_tokens") \
    ROW(PARTNER_CALLER, "partner_caller") ROW(OPEN_DEVICE, "open_device") ROW(OPEN_DEVICES, "open_devices") \
    ROW(OPEN_CUSTOMER, "open_customer") ROW(OPEN_LOW, "open_low") ROW(OPEN_ACCOUNT, "open_account") \
    ROW(OPEN_TOP_UP, "open_top_up") ROW(OPEN_TOP_UPS, "open_top_ups") ROW(OPEN_ABNORMAL, "open_abnormal") \
    ROW(OPEN_CONTROL, "open_control") ROW(WEBHOOK_ENDPOINTS, "webhook_endpoints") \
    ROW(WEBHOOK_ENDPOINT, "webhook_endpoint") ROW(WEBHOOK_DELIVERIES, "webhook_deliveries") \
    ROW(WEBHOOK_DELIVERY, "webhook_delivery") \
    ROW(DOCUMENT_ISSUER, "document_issuer") ROW(DOCUMENT_TEMPLATE, "document_template") \
    ROW(DOCUMENT_TEMPLATES, "document_templates") ROW(DOCUMENT_TEMPLATE_VERSIONS, "document_template_versions") \
    ROW(INVOICES, "invoices") ROW(INVOICE, "invoice") ROW(INVOICE_LINES, "invoice_lines") \
    ROW(DOCUMENT_RECEIPT, "document_receipt") ROW(DOCUMENT_BILL, "document_bill") \
    ROW(DOCUMENT_ACCOUNT, "document_account") ROW(DOCUMENT_STATEMENT, "document_statement") \
    ROW(DOCUMENT_STATEMENT_ROWS, "document_statement_rows") ROW(DOCUMENT_CLOSING, "document_closing") \
    ROW(DOCUMENT_NOTICE, "document_notice") ROW(DOCUMENT_NOTICE_BILLS, "document_notice_bills") \
    ROW(DOCUMENT_NOTICES, "document_notices") ROW(DOCUMENT_INVOICE, "document_invoice") \
    ROW(PEOPLE, "people") ROW(PERSON, "person") ROW(SETTINGS, "settings") ROW(SHARD, "shard") ROW(RETENTION_LOSS, "retention_loss") ROW(FOLDING, "folding") ROW(AUDIT, "audit") \
    ROW(CONCENTRATORS, "concentrators") ROW(CONCENTRATOR, "concentrator") ROW(CONCENTRATOR_SYNC, "concentrator_sync") \
    ROW(CONCENTRATOR_ARCHIVE, "concentrator_archive") ROW(ARCHIVE_ROWS, "archive_rows") \
    ROW(TOPOLOGY, "topology") ROW(TOPOLOGY_BELOW, "topology_below") ROW(CLOCKS, "clocks") \
    ROW(SEARCH_METERS, "search_meters") ROW(SEARCH_ROOMS, "search_rooms") ROW(SEARCH_CUSTOMERS, "search_customers") \
    ROW(SEARCH_AREAS, "search_areas") ROW(SEARCH_BILLS, "search_bills") ROW(SEARCH_PAYMENTS, "search_payments")

#define VIEW_ENUM(name, text) VIEW_##name,
enum view { VIEW_NONE = 0, VIEW_LIST(VIEW_ENUM) VIEW_COUNT };
#undef VIEW_ENUM

/* How a column's value becomes JSON; written in the column's SQL alias after '!': AS "effective_day!day". */
enum view_kind {
    VIEW_KIND_PLAIN,   /* integer or text as they are, NULL as null */
    VIEW_KIND_BOOLEAN, /* !bool  0 false, else true */
    VIEW_KIND_DAY,     /* !day   local days since 1970 as 'YYYY-MM-DD'; 0 is null */
    VIEW_KIND_TIME,    /* !time  s since 1970; 0 is null */
    VIEW_KIND_JSON,    /* !json  text that is JSON already */
    VIEW_KIND_HEX,     /* !hex   blob */
    VIEW_KIND_NAME,    /* !name  a person's name: masked unless the caller may reveal */
    VIEW_KIND_PHONE,   /* !phone comma separated: masked likewise */
    VIEW_KIND_MEMO,    /* !memo  text that may hold names: withheld ("") unless the caller may reveal */
    VIEW_KIND_CURSOR   /* !cursor not shown: where the next page begins */
};

struct view_column {
    char name[VIEW_NAME_LIMIT]; /* "state.register_value": one level of nesting */
    enum view_kind kind;
};

enum view_type { VIEW_NULL, VIEW_INTEGER, VIEW_TEXT, VIEW_BLOB };

struct view_cell {
    enum view_type type;
    int64_t integer;
    struct span text;           /* of TEXT and BLOB; lives until the next row */
};

struct view_row {
    const struct view_column *columns;
    const struct view_cell *cells;
    size_t count;
};

struct view_parameter {
    const char *name;           /* without the colon */
    enum view_type type;        /* NULL, INTEGER, TEXT or BLOB */
    int64_t integer;
    struct span text;
};

/* The state of the store at one time, for several readings of one thread: what is stored meanwhile is not seen in any of them. */
struct view_moment;

struct view_query {
    enum view view;
    const struct view_parameter *parameters; /* one the view does not know is passed over; one it misses is NULL */
    size_t parameter_count;
    bool count_only;            /* one row, one column: how many rows the view gives */
    struct view_moment *moment; /* of the reading thread; NULL: the reading is of a moment of its own */
    bool (*abandoned)(void *context); /* asked every few thousand steps: true interrupts; may be NULL */
    void *abandoned_context;
};

#define VIEW_ERRORS(ROW) \
    ROW(VIEW_ERR_BUSY, -1, "all readers are in use") \
    ROW(VIEW_ERR_ABANDONED, -2, "it took too long, or nobody listens any more") \
    ROW(VIEW_ERR_STORE, -3, "the store cannot be read") \
    ROW(VIEW_ERR_UNKNOWN, -4, "there is no such view") \
    ROW(VIEW_ERR_SINK, -5, "the taker of rows refused one")

#define VIEW_ERROR_ENUM(name, value, text) name = (value),
enum view_result { VIEW_OK = 0, VIEW_ERRORS(VIEW_ERROR_ENUM) };
#undef VIEW_ERROR_ENUM

/* English text for one of VIEW_ERR_*; "unknown error" for any other number. Never NULL, static lifetime. */
const char *view_error_text(int error);

struct view_store {
    void *context;
    /* Thread-safe. Gives each row to `take`, in order; a non-zero answer of `take` ends the reading (negative:
     * VIEW_ERR_SINK). returns  0 or enum view_result */
    int (*read)(void *context, const struct view_query *query, int (*take)(void *context, const struct view_row *row),
        void *take_context);
    /* Begins with the first reading in it. It keeps a reader from others: end it soon, and begin no second one in it. Both may be NULL.
     * returns  NULL when it could not be begun */
    struct view_moment *(*moment_begin)(void *context);
    void (*moment_end)(void *context, struct view_moment *moment);
};

/* "devices"; "unknown" outside the table. */
const char *view_name(enum view view);

#endif
