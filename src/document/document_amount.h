/* Money as documents write it: figures, and the capital numerals of Chinese vouchers (大写金额), which nobody can alter
 * with a stroke of the pen. */
#ifndef DOCUMENT_DOCUMENT_AMOUNT_H
#define DOCUMENT_DOCUMENT_AMOUNT_H

#include <stddef.h>
#include <stdint.h>

#define DOCUMENT_CAPITAL_LIMIT 160 /* the longest text and its zero */
#define DOCUMENT_FIGURES_LIMIT 32

/* 1234567 fen as "12,345.67"; zero-terminated.
 * returns  characters without the zero; DOCUMENT_ERR_AMOUNT when `capacity` is below DOCUMENT_FIGURES_LIMIT */
int document_amount_figures(int64_t amount_fen, char *text, size_t capacity);

/* 10000 fen as 壹佰元整, 105 fen as 壹元零伍分, 0 as 零元整, a negative amount with 负 in front; UTF-8, zero-terminated.
 * amount_fen  magnitude below 10^14 (one 万亿 yuan)
 * returns     bytes without the zero; DOCUMENT_ERR_AMOUNT beyond the range, or when `capacity` is below
 *             DOCUMENT_CAPITAL_LIMIT; `text` untouched then
 * source      支付结算办法 (银发〔1997〕393号), appendix 1: 正确填写票据和结算凭证的基本规定 */
int document_amount_capital(int64_t amount_fen, char *text, size_t capacity);

#endif
