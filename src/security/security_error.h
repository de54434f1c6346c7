/* Reasons of the security room (base/error_info.h). */
#ifndef SECURITY_SECURITY_ERROR_H
#define SECURITY_SECURITY_ERROR_H

#include "base/error_info.h"

#define SECURITY_ERRORS(ROW) \
    ROW(SECURITY_ERR_PASSWORD_SHORT, -1501, 422, "password_short", "password", \
        "A password has at least 10 characters", \
        "密码至少 10 个字符") \
    ROW(SECURITY_ERR_PASSWORD_LONG, -1502, 422, "password_long", "password", \
        "A password has at most 128 bytes", \
        "密码最多 128 字节") \
    ROW(SECURITY_ERR_PASSWORD_SIMPLE, -1503, 422, "password_simple", "password", \
        "A password must differ from the login and must not repeat one character", \
        "密码不能与登录名相同, 也不能只用一种字符重复") \
    ROW(SECURITY_ERR_HASH, -1504, 500, "password_hash", "", \
        "The stored password hash is not readable", \
        "密码记录无法识别") \
    ROW(SECURITY_ERR_MISMATCH, -1505, 401, "wrong_password", "", \
        "Login or password is not right", \
        "登录名或密码不正确") \
    ROW(SECURITY_ERR_CRYPTOGRAPHY, -1506, 500, "cryptography", "", \
        "A cryptographic operation failed", \
        "加密运算失败") \
    ROW(SECURITY_ERR_FILE, -1507, 500, "key_file", "", \
        "The key file cannot be read or written", \
        "密钥文件无法读写") \
    ROW(SECURITY_ERR_FILE_FORM, -1508, 500, "key_file_form", "", \
        "The key file does not hold a key", \
        "密钥文件内容不正确") \
    ROW(SECURITY_ERR_FILE_MODE, -1509, 500, "key_file_mode", "", \
        "The key file can be read by others; make it 0600", \
        "密钥文件可被其他用户读取, 请改为 0600") \
    ROW(SECURITY_ERR_LOGIN, -1510, 422, "login_form", "login", \
        "A login has 2 to 32 characters: lower-case letters, digits, dot, dash, underscore", \
        "登录名为 2 至 32 个字符: 小写字母、数字、点、横线、下划线") \
    ROW(SECURITY_ERR_LOGIN_TAKEN, -1511, 409, "login_taken", "login", \
        "This login is taken", \
        "登录名已被使用") \
    ROW(SECURITY_ERR_ROLE, -1512, 422, "role_unknown", "role", \
        "There is no such role", \
        "没有这个角色") \
    ROW(SECURITY_ERR_LANGUAGE, -1513, 422, "language_unknown", "language", \
        "The language is zh or en", \
        "语言只能是 zh 或 en") \
    ROW(SECURITY_ERR_AREA, -1514, 404, "area_unknown", "area_id", \
        "There is no such area, or it is outside your jurisdiction", \
        "没有这个片区, 或不在您的辖区内") \
    ROW(SECURITY_ERR_PERSON, -1515, 404, "person_unknown", "", \
        "There is no such person", \
        "没有这个用户") \
    ROW(SECURITY_ERR_LAST_ADMINISTRATOR, -1516, 409, "last_administrator", "", \
        "At least one administrator who can sign in must remain", \
        "至少要保留一名可登录的管理员") \
    ROW(SECURITY_ERR_SETTING, -1517, 404, "setting_unknown", "", \
        "There is no such setting", \
        "没有这个设置项") \
    ROW(SECURITY_ERR_SETTING_VALUE, -1518, 422, "setting_value", "value", \
        "The value is outside the permitted range", \
        "设置值不在允许范围内") \
    ROW(SECURITY_ERR_NAME, -1520, 422, "name_form", "display_name", \
        "A name is not empty and has at most 120 bytes", \
        "姓名不能为空, 最多 120 字节") \
    ROW(SECURITY_ERR_SESSION_LIMIT, -1521, 429, "session_limit", "", \
        "This person has too many sessions", \
        "该用户的会话过多") \
    ROW(SECURITY_ERR_RESIDENT, -1530, 404, "resident_unknown", "", \
        "There is no such customer, login or phone", \
        "没有这个客户、登录名或手机") \
    ROW(SECURITY_ERR_RESIDENT_FIRST, -1531, 409, "first_password", "new_password", \
        "This is a first password: choose one of your own", \
        "这是初始密码, 请设置您自己的密码") \
    ROW(SECURITY_ERR_RESIDENT_EXPIRED, -1532, 409, "first_password_expired", "password", \
        "This first password was not used within 30 days; the cash desk gives you another", \
        "初始密码已超过 30 天未使用, 请到收费处重新领取") \
    ROW(SECURITY_ERR_RESIDENT_LIMIT, -1533, 409, "resident_limit", "", \
        "This phone is bound to 20 customer numbers, which is the most", \
        "本手机已绑定 20 个户号, 达到上限") \
    ROW(SECURITY_ERR_RESIDENT_TENANT, -1534, 409, "resident_elsewhere", "", \
        "This phone is bound at another organisation; unbind it there first", \
        "本手机已在另一单位绑定, 请先解除绑定") \
    ROW(SECURITY_ERR_PARTNER, -1522, 404, "partner_unknown", "", \
        "There is no such partner within your jurisdiction", \
        "没有这个合作方, 或不在您的辖区内") \
    ROW(SECURITY_ERR_PARTNER_LIMIT, -1523, 409, "partner_limit", "", \
        "There are 200 partners already", \
        "合作方已达 200 个") \
    ROW(SECURITY_ERR_INTERFACES, -1524, 422, "interfaces_form", "interfaces", \
        "Interfaces are numbers from 1 to 11, each once", \
        "接口编号为 1 至 11, 不可重复") \
    ROW(SECURITY_ERR_NETWORKS, -1525, 422, "networks_form", "networks", \
        "Networks are at most 16 addresses such as 192.0.2.7 or 10.0.0.0/8, separated by commas", \
        "网络为最多 16 个地址, 形如 192.0.2.7 或 10.0.0.0/8, 以英文逗号隔开") \
    ROW(SECURITY_ERR_PARTNER_DEVICE, -1526, 404, "partner_device", "device_ids", \
        "One of these devices is not within your jurisdiction, or named twice", \
        "其中有设备不在您的辖区内, 或重复填写") \
    ROW(SECURITY_ERR_TOKEN, -1527, 404, "partner_token_unknown", "", \
        "There is no such token within your jurisdiction", \
        "没有这个令牌, 或不在您的辖区内") \
    ROW(SECURITY_ERR_TOKEN_LIMIT, -1528, 409, "partner_token_limit", "", \
        "This partner has 8 good tokens already; revoke one first", \
        "该合作方已有 8 个有效令牌, 请先吊销一个") \
    ROW(SECURITY_ERR_REQUEST_REUSED, -1529, 409, "request_number_reused", "request_number", \
        "This request number came before with other content; nothing was done", \
        "该请求号已用于不同的内容, 未执行任何操作") \
    ROW(SECURITY_ERR_CLOSING_LIMIT, -1540, 409, "closing_limit", "mode", \
        "This partner may close no more supplies today; the operator sets the bound", \
        "该合作方今日可停供的数量已用完, 上限由运营单位设置")

enum security_error { SECURITY_ERRORS(ERROR_INFO_ENUM) };

/* The row of one of SECURITY_ERR_*; NULL for any other number. Static lifetime. */
const struct error_info *security_error_info(int error);

/* English text of one of SECURITY_ERR_*; "unknown security error" for any other number. */
const char *security_error_text(int error);

#endif
