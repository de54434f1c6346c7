#!/usr/bin/env python3
"""Compute tests/vectors/payment/*.json: what payment channels sign, computed without any code of ours.

usage: payment_compute.py

Signatures and certificates are openssl's (command line), digests Python's hashlib. The keys beside the vectors are for
tests alone; they are made when they are missing. RSASSA-PKCS1-v1_5 has no randomness, so the same keys give the same
vectors."""
import base64
import hashlib
import io
import json
import pathlib
import subprocess
import tempfile
import urllib.parse
import zipfile
import zlib

FOLDER = pathlib.Path(__file__).parent / "payment"
WECHAT_CIPHERTEXT = (
    "DUcegK33A8MEOgdCtMPWwAdrzVDy3c3BTENCdjZ/7K2gO0VI1pVvLpLbO9PO3+1eDKSrqBdzgGy/sMCWIPKVQdMoXvM4xWsjZxJ/SXwOBs8X7UOQ511F3CKs"
    "PI+GAo+HPlfJ2hKZ1jwbGTSkNREMzUaUdyYag+oDnnisNS4C5dQEMaW7sgU6fiebjSmn9bW+fsmoBetmQeQ1QHXhSbPSt828gl6SGGTFXd0Tt5hgPdlaaDxu"
    "2QIboYBeWMVUNQm1/i2hp+aaupDxfRYyOO+6BjQ/gzoVe6sE4IoKrTlYF38KGK+TNZvVFZDS19uWyh9mW018v2Fl9CkDroa/g1m9IAzlRwNn7PagZPi7VhF/"
    "sxlwFxfuLSMWEdyFSXvR4oYR6Bf1ZwZoJO4Lcg4V1G4nHgxsziMtIv8Gv6W6rBpNonZX7Trb7IZuhAmyzZKAjpgvwpsrP1N86q1T2opGYF2ZWb0WvWk5U7Wh"
    "GEWUyySOsJVxoVXf3f8iZmrAcgARa/hsXkUkxr4wjW0AWCXOdCIeYUPqX2YBFGPLSabFHnk=")


def openssl(*arguments, given=b""):
    return subprocess.run(["openssl", *arguments], input=given, check=True, capture_output=True).stdout


def key_make(name):
    path = FOLDER / (name + ".key.pem")
    if not path.exists():
        path.write_bytes(openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"))
    public = FOLDER / (name + ".pub.pem")
    public.write_bytes(openssl("pkey", "-in", str(path), "-pubout"))


def certificate_make(name, serial, subject, issuer=None, authority=False):
    key_make(name)
    path = FOLDER / (name + ".crt.pem")
    if path.exists():
        return
    with tempfile.TemporaryDirectory() as folder:
        request = pathlib.Path(folder) / "request"
        request.write_bytes(openssl("req", "-new", "-key", str(FOLDER / (name + ".key.pem")), "-subj", subject, "-utf8"))
        extension = pathlib.Path(folder) / "extension"
        extension.write_text("basicConstraints=critical,CA:%s\n" % ("TRUE" if authority else "FALSE"))
        signer = ["-key", str(FOLDER / (name + ".key.pem"))] if issuer is None else [
            "-CA", str(FOLDER / (issuer + ".crt.pem")), "-CAkey", str(FOLDER / (issuer + ".key.pem"))]
        path.write_bytes(openssl("x509", "-req", "-in", str(request), *signer, "-set_serial", serial, "-days", "36500",
                                 "-extfile", str(extension)))


def sign(name, text):
    with tempfile.NamedTemporaryFile() as file:
        file.write(text if isinstance(text, bytes) else text.encode())
        file.flush()
        return base64.b64encode(openssl("dgst", "-sha256", "-sign", str(FOLDER / (name + ".key.pem")), file.name)).decode()


def write(name, vectors):
    text = json.dumps(vectors, ensure_ascii=False, indent=1)
    (FOLDER / (name + ".json")).write_text(text + "\n", encoding="utf-8")


def wechat_message(body, at_s=1768435200, nonce="c5ac7061fccab6bf3e254dcf98995b8c"):
    """An answer or callback with the platform's headers."""
    return {"body": body, "timestamp": str(at_s), "nonce": nonce, "serial": "7A0DF0000001",
            "signature": sign("platform", "%d\n%s\n%s\n" % (at_s, nonce, body))}


def wechat_bill():
    heading = ("交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,"
               "代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,"
               "申请退款金额,费率备注")
    paid = ("2026-01-15 08:00:12,wx1234567890abcdef,1900000109,0,,4200000000202601150000000001,T20260115000001,"
            "oTest0000000000000000000001,JSAPI,SUCCESS,OTHERS,CNY,50.00,0.00,0,0,0.00,0.00,,,\"水费, 充值\",,0.30000,0.60%,50.00,0.00,")
    back = ("2026-01-15 09:00:00,wx1234567890abcdef,1900000109,0,,4200000000202601150000000001,T20260115000001,"
            "oTest0000000000000000000001,JSAPI,REFUND,OTHERS,CNY,0.00,0.00,50000000000001,R20260115000001,12.34,0.00,ORIGINAL,"
            "SUCCESS,水费,,-0.07000,0.60%,0.00,12.34,")
    quoted = ["`" + line.replace(",", ",`") for line in (paid.replace(", 充", "，充"), back)]
    totals = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
    return "\ufeff" + "\r\n".join([heading, *quoted, totals, "`2,`50.00,`12.34,`0.00,`0.23000,`50.00,`12.34"]) + "\r\n"


def wechat():
    order = ('{"appid":"wx1234567890abcdef","mchid":"1900000109","description":"Water top-up","out_trade_no":"T20260115000001",'
             '"time_expire":"2026-01-15T08:30:00+08:00","notify_url":"https://pay.example.cn/cb/wx",'
             '"amount":{"total":5000,"currency":"CNY"}%s}')
    nonce = "593BEC0C930BF1AFEB40B4A08C8FB242"
    requests = []
    for call, method, path, body in (
            ("order_qr", "POST", "/v3/pay/transactions/native", order % ""),
            ("order_in_app", "POST", "/v3/pay/transactions/jsapi",
             order % ',"payer":{"openid":"oTest0000000000000000000001"}'),
            ("order_mobile", "POST", "/v3/pay/transactions/h5",
             order % ',"scene_info":{"payer_client_ip":"203.0.113.7","h5_info":{"type":"Wap"}}'),
            ("query", "GET", "/v3/pay/transactions/out-trade-no/T20260115000001?mchid=1900000109", ""),
            ("close", "POST", "/v3/pay/transactions/out-trade-no/T20260115000001/close", '{"mchid":"1900000109"}'),
            ("refund", "POST", "/v3/refund/domestic/refunds",
             '{"out_trade_no":"T20260115000001","out_refund_no":"R20260115000001","notify_url":"https://pay.example.cn/cb/wx",'
             '"amount":{"refund":1234,"total":5000,"currency":"CNY"}}'),
            ("refund_query", "GET", "/v3/refund/domestic/refunds/R20260115000001", ""),
            ("bill", "GET", "/v3/bill/tradebill?bill_date=2026-01-15&bill_type=ALL", ""),
            ("bill_file", "GET", "/v3/billdownload/file?token=abc", "")):
        text = "%s\n%s\n1768435200\n%s\n%s\n" % (method, path, nonce, body)
        requests.append({"call": call, "method": method, "url": "https://api.mch.weixin.qq.com" + path, "body": body,
                         "signature": sign("merchant", text)})
    transaction = ('{"mchid":"1900000109","appid":"wx1234567890abcdef","out_trade_no":"T20260115000001",'
                   '"transaction_id":"4200000000202601150000000001","trade_state":"%s",'
                   '"amount":{"total":%d,"payer_total":4000,"currency":"%s"}}')
    bill = wechat_bill()
    notice = json.dumps({"id": "EV-2026011508001200", "create_time": "2026-01-15T08:00:12+08:00",
                         "event_type": "TRANSACTION.SUCCESS", "resource_type": "encrypt-resource", "summary": "paid",
                         "resource": {"algorithm": "AEAD_AES_256_GCM", "original_type": "transaction",
                                      "associated_data": "transaction", "nonce": "fdasflkja484",
                                      "ciphertext": WECHAT_CIPHERTEXT}}, separators=(",", ":"))
    script = "wx1234567890abcdef\n1768435200\n%s\nprepay_id=wx15080000000000abcdef\n" % nonce
    write("wechat", {
        "requests": requests,
        "pay_sign": sign("merchant", script),
        "pay_sign_digest": hashlib.sha256(script.encode()).hexdigest(),
        "answers": {
            "qr": wechat_message('{"code_url":"weixin://wxpay/bizpayurl?pr=abc"}'),
            "in_app": wechat_message('{"prepay_id":"wx15080000000000abcdef"}'),
            "mobile": wechat_message('{"h5_url":"https://wx.tenpay.com/pay?prepay_id=1"}'),
            "paid": wechat_message(transaction % ("SUCCESS", 5000, "CNY")),
            "pending": wechat_message(transaction % ("NOTPAY", 5000, "CNY")),
            "closed": wechat_message(transaction % ("CLOSED", 5000, "CNY")),
            "refunded": wechat_message(transaction % ("REFUND", 5000, "CNY")),
            "dollars": wechat_message(transaction % ("SUCCESS", 5000, "USD")),
            "nothing": wechat_message(transaction % ("SUCCESS", 0, "CNY")),
            "foreign": wechat_message((transaction % ("SUCCESS", 5000, "CNY")).replace("1900000109", "1900000110")),
            "other_order": wechat_message((transaction % ("SUCCESS", 5000, "CNY")).replace("T20260115000001", "T20260115000002")),
            "absent": wechat_message('{"code":"ORDER_NOT_EXIST","message":"no such order"}'),
            "no_money": wechat_message('{"code":"NOT_ENOUGH","message":"not enough"}'),
            "busy": wechat_message('{"code":"SYSTEM_ERROR","message":"busy"}'),
            "empty": wechat_message(""),
            "refund_done": wechat_message('{"refund_id":"50000000000001","out_refund_no":"R20260115000001","transaction_id":"42",'
                                          '"out_trade_no":"T20260115000001","status":"SUCCESS","amount":{"total":5000,"refund":1234}}'),
            "refund_other": wechat_message('{"refund_id":"50000000000001","out_refund_no":"R20260115000001","transaction_id":"42",'
                                           '"out_trade_no":"T20260115000001","status":"SUCCESS","amount":{"total":5000,"refund":1235}}'),
            "bill": wechat_message('{"hash_type":"SHA1","hash_value":"%s","download_url":'
                                   '"https://api.mch.weixin.qq.com/v3/billdownload/file?token=abc"}'
                                   % hashlib.sha1(bill.encode()).hexdigest()),
            "bill_elsewhere": wechat_message('{"hash_type":"SHA1","hash_value":"%s","download_url":"https://evil.example/file"}'
                                             % hashlib.sha1(bill.encode()).hexdigest()),
        },
        "notice": wechat_message(notice),
        "bill": bill,
        "bill_hash": hashlib.sha1(bill.encode()).hexdigest(),
    })


ALIPAY_COMMON = {"app_id": "2021000000000001", "charset": "utf-8", "format": "JSON", "sign_type": "RSA2",
                 "timestamp": "2026-01-15 08:00:00", "version": "1.0"}


def joined(fields, without=("sign",)):
    return "&".join("%s=%s" % (name, fields[name]) for name in sorted(fields) if name not in without and fields[name])


def alipay_request(call, method, content, **more):
    fields = {**ALIPAY_COMMON, "method": method, "biz_content": content, **more}
    signature = sign("merchant", joined(fields))
    sent = {name: fields[name] for name in sorted(fields)}
    sent["sign"] = signature
    encoded = "&".join("%s=%s" % (name, urllib.parse.quote(value, safe="-._~")) for name, value in sent.items()
                       if call.startswith("page") or name != "biz_content")
    return {"call": call, "url": "https://openapi.alipay.com/gateway.do?" + encoded, "signature": signature,
            "body": "biz_content=" + urllib.parse.quote(content, safe="-._~")}


def alipay_message(method, answer):
    return {"body": '{"%s_response":%s,"sign":"%s"}' % (method.replace(".", "_"), answer, sign("platform", answer))}


def alipay_notice(**changes):
    fields = {"app_id": "2021000000000001", "buyer_pay_amount": "50.00", "charset": "utf-8",
              "gmt_create": "2026-01-15 08:00:05", "gmt_payment": "2026-01-15 08:00:19",
              "notify_id": "2026011500222080020000000001", "notify_time": "2026-01-15 08:00:20",
              "notify_type": "trade_status_sync", "out_trade_no": "T20260115000002", "receipt_amount": "50.00",
              "seller_id": "2088000000000001", "subject": "Electricity top-up", "total_amount": "50.00",
              "trade_no": "2026011522001400000000000001", "trade_status": "TRADE_SUCCESS", "version": "1.0", **changes}
    fields["sign_type"] = "RSA2"
    text = joined(fields, ("sign", "sign_type"))
    fields["sign"] = sign("platform", text)
    return {"body": urllib.parse.urlencode(fields), "digest": hashlib.sha256(text.encode()).hexdigest()}


def alipay_bill():
    heading = ("支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,"
               "支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,"
               "退款批次号/请求号,服务费（元）,分润（元）,备注")
    rows = ["2026011522001400000000000001\t,T20260115000002\t,交易,\"电费, 充值\",2026-01-15 08:00:05,2026-01-15 08:00:19,,,,,"
            "a***@b.c,50.00,50.00,0,0,0,0,0,,0,0,,-0.30,0,",
            "2026011522001400000000000001\t,T20260115000002\t,退款,电费,2026-01-15 09:00:05,2026-01-15 09:00:19,,,,,"
            "a***@b.c,-12.34,-12.34,0,0,0,0,0,,0,0,R20260115000002,0.07,0,"]
    detail = "\r\n".join(["#支付宝业务明细查询", "#账号：[20880000000000010156]", "#-----业务明细列表-----", heading, *rows,
                          "#-----业务明细列表结束-----", "#交易合计：1笔，退款合计：1笔", ""])
    summary = "\r\n".join(["#支付宝业务汇总查询", "门店编号,门店名称,交易订单总笔数", "合计,,1", "#结束", ""])
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in (("20880000000000010156_20260115_业务明细.csv", detail),
                           ("20880000000000010156_20260115_业务明细(汇总).csv", summary)):
            packed.writestr(zipfile.ZipInfo(name, (2026, 1, 16, 9, 0, 0)), text.encode("gbk"), zipfile.ZIP_DEFLATED)
    return base64.b64encode(archive.getvalue()).decode()


def alipay():
    notify = "https://pay.example.cn/cb/ali"
    order = '{"out_trade_no":"T20260115000002","total_amount":"50.00","subject":"电费 & 充值"%s,"time_expire":"2026-01-15 08:30:00"}'
    bare = '{"out_trade_no":"T20260115000002"}'
    trade = ('{"code":"10000","msg":"Success","buyer_logon_id":"a***@b.c","out_trade_no":"T20260115000002",'
             '"total_amount":"%s","trade_no":"2026011522001400000000000001","trade_status":"%s"%s}')
    paid = ',"send_pay_date":"2026-01-15 08:00:19"'
    query = "alipay.trade.query"
    refund = ('{"code":"10000","msg":"Success","fund_change":"%s","out_trade_no":"T20260115000002","refund_fee":"12.34",'
              '"trade_no":"2026011522001400000000000001"}')
    refunded = ('{"code":"10000","msg":"Success","out_request_no":"R20260115000002","out_trade_no":"T20260115000002",'
                '"refund_amount":"%s","refund_status":"REFUND_SUCCESS","trade_no":"2026011522001400000000000001"}')
    bill = "alipay.data.dataservice.bill.downloadurl.query"
    write("alipay", {
        "requests": [
            alipay_request("order_qr", "alipay.trade.precreate", order % "", notify_url=notify),
            alipay_request("page_mobile", "alipay.trade.wap.pay", order % ',"product_code":"QUICK_WAP_WAY"',
                           notify_url=notify, return_url="https://pay.example.cn/r"),
            alipay_request("page_page", "alipay.trade.page.pay", order % ',"product_code":"FAST_INSTANT_TRADE_PAY"',
                           notify_url=notify, return_url="https://pay.example.cn/r"),
            alipay_request("query", query, bare),
            alipay_request("close", "alipay.trade.close", bare),
            alipay_request("refund", "alipay.trade.refund",
                           '{"out_trade_no":"T20260115000002","refund_amount":"12.34","out_request_no":"R20260115000002"}'),
            alipay_request("refund_query", "alipay.trade.fastpay.refund.query",
                           '{"out_trade_no":"T20260115000002","out_request_no":"R20260115000002"}'),
            alipay_request("bill", bill, '{"bill_type":"trade","bill_date":"2026-01-15"}'),
        ],
        "answers": {
            "qr": alipay_message("alipay.trade.precreate", '{"code":"10000","msg":"Success","out_trade_no":"T20260115000002",'
                                 '"qr_code":"https:\\/\\/qr.alipay.com\\/bax0"}'),
            "paid": alipay_message(query, trade % ("50.00", "TRADE_SUCCESS", paid)),
            "finished": alipay_message(query, trade % ("50.00", "TRADE_FINISHED", paid)),
            "pending": alipay_message(query, trade % ("50.00", "WAIT_BUYER_PAY", "")),
            "closed": alipay_message(query, trade % ("50.00", "TRADE_CLOSED", "")),
            "refunded": alipay_message(query, trade % ("50.00", "TRADE_CLOSED", paid)),
            "dollars": alipay_message(query, trade % ("50.00", "TRADE_SUCCESS", ',"trans_currency":"USD"')),
            "exact": alipay_message(query, trade % ("50.001", "TRADE_SUCCESS", paid)),
            "nothing": alipay_message(query, trade % ("0.00", "TRADE_SUCCESS", paid)),
            "negative": alipay_message(query, trade % ("-50.00", "TRADE_SUCCESS", paid)),
            "other_order": alipay_message(query, (trade % ("50.00", "TRADE_SUCCESS", paid)).replace("000002", "000003")),
            "absent": alipay_message(query, '{"code":"40004","msg":"Business Failed","sub_code":"ACQ.TRADE_NOT_EXIST"}'),
            "unknown": alipay_message(query, '{"code":"20000","msg":"Service Currently Unavailable","sub_code":"isp.unknow-error"}'),
            "braces": alipay_message(query, trade % ("50.00", "TRADE_SUCCESS", ',"note":"a}\\"{b"' + paid)),
            "gateway": {"body": '{"error_response":{"code":"20000","msg":"Service Currently Unavailable"}}'},
            "closing": alipay_message("alipay.trade.close", bare.replace("{", '{"code":"10000","msg":"Success",')),
            "refund_done": alipay_message("alipay.trade.refund", refund % "Y"),
            "refund_again": alipay_message("alipay.trade.refund", refund % "N"),
            "refund_found": alipay_message("alipay.trade.fastpay.refund.query", refunded % "12.34"),
            "refund_other": alipay_message("alipay.trade.fastpay.refund.query", refunded % "12.35"),
            "refund_absent": alipay_message("alipay.trade.fastpay.refund.query", '{"code":"10000","msg":"Success"}'),
            "bill": alipay_message(bill, '{"code":"10000","msg":"Success",'
                                   '"bill_download_url":"http://dwbillcenter.alipay.com/down?token=1"}'),
        },
        "notice": alipay_notice(),
        "notices": {
            "part_refunded": alipay_notice(refund_fee="12.34", gmt_refund="2026-01-15 09:00:00", out_biz_no="R20260115000002"),
            "closed": alipay_notice(trade_status="TRADE_CLOSED", gmt_payment=""),
            "foreign_app": alipay_notice(app_id="2021000000000002"),
            "foreign_seller": alipay_notice(seller_id="2088000000000002"),
            "nothing": alipay_notice(total_amount="0"),
        },
        "bill": alipay_bill(),
    })


UNIONPAY_COMMON = {"version": "5.1.0", "encoding": "UTF-8", "signMethod": "01", "accessType": "0", "merId": "777290058000001"}


def unionpay_sign(name, fields):
    """The hex text of the digest is what is signed."""
    return sign(name, hashlib.sha256(joined(fields, ("signature",)).encode()).hexdigest())


def unionpay_request(call, path, **more):
    serial = str(0x3775B6A45ACD588826D15E583A95F5DD)
    fields = {**UNIONPAY_COMMON, "certId": serial, **more}
    fields = {name: fields[name] for name in sorted(fields)}
    fields["signature"] = unionpay_sign("merchant", fields)
    body = "&".join("%s=%s" % (name, urllib.parse.quote(value, safe="-._~")) for name, value in fields.items())
    return {"call": call, "url": path, "body": body, "fields": fields}


def unionpay_message(signer="signer", **fields):
    certificate = (FOLDER / (signer + ".crt.pem")).read_text().replace("\n", "\r\n")
    fields = {**UNIONPAY_COMMON, "signPubKeyCert": certificate, **fields}
    fields["signature"] = unionpay_sign(signer, fields)
    return {"body": "&".join("%s=%s" % pair for pair in fields.items()), "form": urllib.parse.urlencode(fields)}


def unionpay_bill():
    widths = [3, 11, 11, 6, 10, 19, 12, 4, 2, 21, 2, 32, 2, 6, 10, 13, 13, 4, 15, 2, 2, 6, 2, 4, 32, 1, 21, 15]

    def line(number, amount_fen, query, kind):
        values = {0: "S22", 3: "123456", 4: "0115080012", 6: "%012d" % amount_fen, 9: query, 11: number, 19: kind, 20: "01"}
        return " ".join(values.get(index, "").ljust(width) for index, width in enumerate(widths))

    text = "\r\n".join([line("T20260115000003", 5000, "202601150800120000018", "01"),
                        line("R20260115000003", 1234, "202601150900120000028", "04")]) + "\r\n"
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in (("INN26011588ZM_777290058000001", text), ("INN26011588ZME_777290058000001", "other\r\n")):
            packed.writestr(zipfile.ZipInfo(name, (2026, 1, 16, 9, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return base64.b64encode(zlib.compress(archive.getvalue())).decode()


def unionpay():
    gateway = "https://gateway.95516.com/gateway/api/"
    purchase = {"txnType": "01", "txnSubType": "01", "bizType": "000201", "orderId": "T20260115000003",
                "txnTime": "20260115080000"}
    back = {"txnType": "04", "txnSubType": "00", "bizType": "000201", "orderId": "R20260115000003", "txnTime": "20260115090000"}
    asked = {"txnType": "00", "txnSubType": "00", "bizType": "000000"}
    found = {**purchase, "respCode": "00", "respMsg": "成功[0000000]", "queryId": "202601150800120000018", "currencyCode": "156",
             "txnAmt": "5000"}
    sample = ("accessType=0&backUrl=https://pay.example.cn/cb/up&bizType=000201&certId=68759663125&channelType=08&currencyCode=156"
              "&encoding=UTF-8&frontUrl=https://pay.example.cn/r/up&merId=777290058000001&orderId=T20260115000003&signMethod=01"
              "&txnAmt=5000&txnSubType=01&txnTime=20260115080000&txnType=01&version=5.1.0")
    write("unionpay", {
        "sample": sample, "sample_digest": hashlib.sha256(sample.encode()).hexdigest(),
        "requests": [
            unionpay_request("page", gateway + "frontTransReq.do", **purchase, channelType="07", currencyCode="156", txnAmt="5000",
                             frontUrl="https://pay.example.cn/r/up", backUrl="https://pay.example.cn/cb/up",
                             payTimeout="20260115083000"),
            unionpay_request("query", gateway + "queryTrans.do", **{**purchase, **asked}),
            unionpay_request("refund", gateway + "backTransReq.do", **back, channelType="07", txnAmt="1234",
                             origQryId="202601150800120000018", backUrl="https://pay.example.cn/cb/up"),
            unionpay_request("refund_query", gateway + "queryTrans.do", **{**back, **asked}),
            unionpay_request("bill", "https://filedownload.95516.com/", txnType="76", txnSubType="01", bizType="000000",
                             txnTime="20300101080000", fileType="00", settleDate="0115"),
        ],
        "answers": {
            "paid": unionpay_message(**found, origRespCode="00"),
            "pending": unionpay_message(**found, origRespCode="05"),
            "declined": unionpay_message(**found, origRespCode="51"),
            "absent": unionpay_message(**{**purchase, "respCode": "34"}),
            "busy": unionpay_message(**{**purchase, "respCode": "03"}),
            "dollars": unionpay_message(**{**found, "currencyCode": "840"}, origRespCode="00"),
            "nothing": unionpay_message(**{**found, "txnAmt": "0"}, origRespCode="00"),
            "huge": unionpay_message(**{**found, "txnAmt": "9223372036854775808"}, origRespCode="00"),
            "foreign": unionpay_message(**{**found, "merId": "777290058000002"}, origRespCode="00"),
            "other_order": unionpay_message(**{**found, "orderId": "T20260115000004"}, origRespCode="00"),
            "other_name": unionpay_message("other", **found, origRespCode="00"),
            "own_root": unionpay_message("stranger", **found, origRespCode="00"),
            "refund_taken": unionpay_message(**back, respCode="00"),
            "refund_refused": unionpay_message(**back, respCode="36"),
            "refund_pending": unionpay_message(**back, respCode="05"),
            "refund_done": unionpay_message(**back, respCode="00", origRespCode="00", txnAmt="1234", currencyCode="156"),
            "refund_failed": unionpay_message(**back, respCode="00", origRespCode="94", txnAmt="1234", currencyCode="156"),
            "bill": unionpay_message(txnType="76", respCode="00", fileContent=unionpay_bill()),
            "no_bill": unionpay_message(txnType="76", respCode="98"),
        },
        "notice": unionpay_message(**found),
        "refund_notice": unionpay_message(**back, respCode="00", txnAmt="1234", currencyCode="156"),
    })


def main():
    FOLDER.mkdir(exist_ok=True)
    certificate_make("merchant", "0x3775B6A45ACD588826D15E583A95F5DD", "/O=Test Waterworks/CN=1900000109")
    certificate_make("platform", "0x7A0DF0000001", "/O=Test Platform/CN=platform")
    key_make("stranger")
    certificate_make("root", "0x101", "/O=Test Authority/CN=root", authority=True)
    certificate_make("middle", "0x102", "/O=Test Authority/CN=middle", "root", authority=True)
    certificate_make("signer", "0x103", "/O=Test Authority/CN=041@Z12@00040000:SIGN", "middle")
    certificate_make("other", "0x104", "/O=Test Authority/CN=somebody else", "middle")
    certificate_make("stranger", "0x105", "/O=Nobody/CN=041@Z12@00040000:SIGN")
    wechat()
    alipay()
    unionpay()


if __name__ == "__main__":
    main()
