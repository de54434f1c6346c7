/* Handlers of single routes. Each gives 0, or -1 when the exchange was answered with an error. Internal to the room. */
#ifndef API_HANDLERS_H
#define API_HANDLERS_H

#include "api/exchange.h"
#include "rating/charge.h"

/* handle_interval.c */
int handle_device_intervals(struct exchange *exchange);
int handle_load_curve(struct exchange *exchange);

/* handle_balance.c */
int handle_balance(struct exchange *exchange);

/* handle_report.c */
int handle_usage_report(struct exchange *exchange);

/* handle_decode.c */
int handle_decode(struct exchange *exchange);
int handle_decode_protocols(struct exchange *exchange);

/* handle_devices.c */
int handle_board(struct exchange *exchange);
int handle_usage(struct exchange *exchange);
int handle_device_usage(struct exchange *exchange);
int handle_device_readings(struct exchange *exchange);
int handle_device_completeness(struct exchange *exchange);
int handle_completeness(struct exchange *exchange);

/* handle_cases.c */
int handle_refund(struct exchange *exchange);
int handle_refund_preview(struct exchange *exchange);
int handle_payment_refund(struct exchange *exchange);
int handle_approval(struct exchange *exchange);
int handle_approval_approve(struct exchange *exchange);
int handle_approval_refuse(struct exchange *exchange);

/* handle_closings.c */
int handle_closing(struct exchange *exchange);
int handle_unit_quote(struct exchange *exchange);
int handle_closing_preview(struct exchange *exchange);
int handle_deposit(struct exchange *exchange);
int handle_payment_move(struct exchange *exchange);
int handle_suspense_move(struct exchange *exchange);

/* handle_collect.c */
int handle_reading_task(struct exchange *exchange);
int device_list_prepare(struct exchange *exchange, void *request);

/* handle_bank.c */
int handle_bank_statement(struct exchange *exchange);

/* handle_money.c */
int handle_payment(struct exchange *exchange);
int handle_settlement_preview(struct exchange *exchange);
int handle_settlement_run(struct exchange *exchange);
int handle_cash_desk_find(struct exchange *exchange);

/* handle_documents.c */
int handle_receipt_pdf(struct exchange *exchange);
int handle_bill_pdf(struct exchange *exchange);
int handle_bills_pdf(struct exchange *exchange);
int handle_statement_pdf(struct exchange *exchange);

/* handle_papers.c */
int handle_closing_pdf(struct exchange *exchange);
int handle_notice_pdf(struct exchange *exchange);
int handle_notices_pdf(struct exchange *exchange);
int handle_invoice_pdf(struct exchange *exchange);
int handle_resident_invoice_pdf(struct exchange *exchange);
int handle_labels_pdf(struct exchange *exchange);

/* handle_document_templates.c */
int handle_document_templates(struct exchange *exchange);
int handle_document_template(struct exchange *exchange);
int handle_document_template_put(struct exchange *exchange);
int handle_document_preview(struct exchange *exchange);

/* handle_ledger.c */
int handle_trial_balance(struct exchange *exchange);
int handle_books_check(struct exchange *exchange);

/* handle_messages.c */
int handle_message_templates(struct exchange *exchange);
int handle_message_preview(struct exchange *exchange);

/* handle_trial.c */
int handle_tariff_trial(struct exchange *exchange);
/* The explained amounts as an object: lines, items, total_fen. */
void handle_charge_write(struct json_writer *out, const struct charge *charge);

/* handle_settlement.c */
int handle_settlement_sample(struct exchange *exchange);

/* handle_system.c */
int handle_clock(struct exchange *exchange);
int handle_demo(struct exchange *exchange);
int handle_demo_speed(struct exchange *exchange);
int handle_settings(struct exchange *exchange);
int handle_retention_loss(struct exchange *exchange);
int handle_setting_put(struct exchange *exchange);
int handle_health(struct exchange *exchange);
int handle_district(struct exchange *exchange);
int handle_metrics(struct exchange *exchange);
int handle_openapi(struct exchange *exchange);
int handle_live(struct exchange *exchange);

/* handle_profiles.c */
int handle_profiles(struct exchange *exchange);
int handle_profile(struct exchange *exchange);
int handle_profiles_reload(struct exchange *exchange);

/* handle_lines.c */
int handle_devices_import(struct exchange *exchange);
int handle_device_commands(struct exchange *exchange);
int handle_archive_sync(struct exchange *exchange);
int handle_archive_compare(struct exchange *exchange);

/* handle_payment_orders.c */
int handle_payment_channels(struct exchange *exchange);
int handle_payment_order(struct exchange *exchange);
int handle_payment_order_cancel(struct exchange *exchange);
int handle_payment_order_code(struct exchange *exchange);
int handle_payment_notice(struct exchange *exchange);
int handle_reconciliation_ask(struct exchange *exchange);
/* Ask a customer to pay: the order is made and answered. 0, or -1 answered with an error. */
int payment_order_begin(struct exchange *exchange, struct core_payment_order *asked);

/* handle_resident.c */
int handle_resident_session(struct exchange *exchange);
int handle_resident_forget(struct exchange *exchange);
int handle_resident_unbind(struct exchange *exchange);
int handle_resident_accounts(struct exchange *exchange);
int handle_resident_usage(struct exchange *exchange);
int handle_resident_issue(struct exchange *exchange);

/* handle_resident_pay.c */
#define RESIDENT_PAY_PATH_LIMIT 96
/* The path below the public address by which anybody can pay a bill. 0; negative when there are no links. */
int resident_pay_path(const struct exchange *exchange, int64_t bill_id, char path[RESIDENT_PAY_PATH_LIMIT]);
int handle_resident_pay_link(struct exchange *exchange);
int handle_resident_payer(struct exchange *exchange);
int handle_resident_order(struct exchange *exchange);
int handle_link_bill(struct exchange *exchange);
int handle_link_order(struct exchange *exchange);
int handle_link_order_read(struct exchange *exchange);

/* handle_resident_invoices.c */
int resident_invoice_prepare(struct exchange *exchange, void *request);

/* handle_strangers.c */
int handle_strangers(struct exchange *exchange);
int handle_line_found(struct exchange *exchange);

/* handle_search.c */
/* The view that answers a list: another one where only an area is asked for, and where something is looked for. */
enum view list_view_choose(const struct exchange *exchange, enum view view);

int handle_search(struct exchange *exchange);

/* What was typed, split into what the search views look for; spans point into `typed` or into `letters`. */
struct search_words {
    struct span text;     /* trimmed */
    struct span number;   /* all of it, when it is 4 or more digits */
    struct span tail;     /* the last four of them */
    struct span name;     /* when it begins with something other than ASCII */
    struct span place;    /* "3栋" of "3栋1204" */
    struct span room;     /* "1204" */
    char initials[16];    /* lower case, when it is 1 to 15 ASCII letters; else "" */
    struct span filter;   /* the second word of two */
};
void search_words_split(struct span typed, struct search_words *words);
void search_words_bind(const struct search_words *words, struct parameters *parameters);

#define OPEN_DEVICE_LIMIT 50 /* devices of one request for use or top-ups */

/* handle_open.c */
int handle_open_device(struct exchange *exchange);
int handle_open_usage_monthly(struct exchange *exchange);
int handle_open_usage_daily(struct exchange *exchange);

/* handle_open_money.c */
int handle_open_top_up(struct exchange *exchange);
int handle_open_top_up_result(struct exchange *exchange);
int handle_open_control(struct exchange *exchange);

/* handle_partners.c */
int handle_partner_token_add(struct exchange *exchange);
int handle_webhook_secret(struct exchange *exchange);

/* prepare hooks of writes */
int person_prepare(struct exchange *exchange, void *request);
int tariff_prepare(struct exchange *exchange, void *request);
int command_prepare(struct exchange *exchange, void *request);
int line_prepare(struct exchange *exchange, void *request);
int cash_shift_prepare(struct exchange *exchange, void *request);
int partner_prepare(struct exchange *exchange, void *request);

#endif
