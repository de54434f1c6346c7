/* Who pays: WeChat names the person who opened our page by a code the browser brings (OAuth 2.0 of official accounts, scope
 * snsapi_base). JSAPI orders need the answer, the openid. The page keeps `state`, against codes that others plant. */
#ifndef PAYMENT_PAYER_H
#define PAYMENT_PAYER_H

#include "payment/payment_channel.h"

#define PAYMENT_PAYER_SIZE 64       /* with a zero behind: an openid has 28 characters */
#define PAYMENT_PAYER_PAGE_SIZE 512

/* Where to lead the browser; the page appends redirect_uri, response_type=code, scope=snsapi_base, state and the fragment
 * wechat_redirect, in this order.
 * returns  0; PAYMENT_ERR_UNSUPPORTED: no login_secret is set, or another kind of channel; page untouched then */
int payment_payer_page(const struct payment_channel *channel, char page[PAYMENT_PAYER_PAGE_SIZE]);

/* The request that exchanges a code, good once and for five minutes. Its address holds the secret: never log it.
 * returns  0; PAYMENT_ERR_UNSUPPORTED; _VALUE: no code of WeChat's; _LONG */
int payment_payer_request(const struct payment_channel *channel, struct span code, struct payment_request *out);

/* Its answer.
 * returns  0 with payer_id; PAYMENT_ERR_REFUSED: an unknown, used or old code; _FOREIGN: somebody who has not agreed to be
 *          known (is_snapshotuser), who cannot pay; _FORM; _UNAVAILABLE */
int payment_payer_answer(const struct payment_message *message, char payer_id[PAYMENT_PAYER_SIZE]);

#endif
