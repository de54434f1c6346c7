#include "apps/meterworks/bank_file.h"

#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/meterworks/csv_row.h"
#include "apps/meterworks/workbook_sheets.h"
#include "apps/meterworks/workbook_text.h"
#include "base/decimal.h"
#include "base/text.h"
#include "billing/cash_error.h"
#include "security/digest_openssl.h"
#include "store/store_error.h"

#define AMOUNT_LIMIT_FEN INT64_C(10000000000)

enum part { PART_AMOUNT, PART_DIRECTION, PART_SERIAL, PART_TIME, PART_PAYER, PART_PAYER_ACCOUNT, PART_REMARK, PART_COUNT };

/* Headings that banks write, the surest first. */
static const char *const usual[PART_COUNT][12] = {
    [PART_AMOUNT] = { "贷方发生额", "贷方金额", "收入金额", "转入金额", "贷方发生额（收入）", "贷方发生额/元(收入)", "收入", "贷方", "交易金额",
                      "Credit", "Amount" },
    [PART_DIRECTION] = { "借贷标志", "借贷", "收支", "收支标志", "Direction" },
    [PART_SERIAL] = { "交易流水号", "核心流水号", "流水号", "账户明细编号-交易流水号", "凭证号", "企业流水号", "Serial", "Reference" },
    [PART_TIME] = { "交易时间", "交易日期", "记账日期", "记账日", "入账时间", "日期", "Time", "Date" },
    [PART_PAYER] = { "对方户名", "对方名称", "对方账户名称", "付款人名称", "付款方户名", "付款人", "对方单位", "Counterparty", "Payer" },
    [PART_PAYER_ACCOUNT] = { "对方账号", "对方账户", "付款人账号", "付款方账号", "Account" },
    [PART_REMARK] = { "附言", "交易附言", "用途", "备注", "摘要", "Remark", "Description" },
};

static const char *const incoming_usual[] = { "贷", "收入", "收", "贷方", "C", "CR", "IN", "credit" };

/* Where the parts of a line stand in its row; -1: nowhere. */
struct columns {
    int at[PART_COUNT];
    int remark_more[3]; /* further parts of a remark, "a+b+c" */
    const struct bank_mapping *mapping;
};

static int64_t text_convert(struct span bytes, char *text, size_t capacity)
{
    iconv_t converter = iconv_open("UTF-8", "GB18030");
    char *from = (char *)(uintptr_t)bytes.bytes;
    size_t from_size = bytes.size;
    char *to = text;
    size_t to_size = capacity;
    size_t result;

    if (converter == (iconv_t)-1)
        return CASH_ERR_STATEMENT_TEXT;
    result = iconv(converter, &from, &from_size, &to, &to_size);
    (void)iconv_close(converter);
    return result == (size_t)-1 || from_size != 0 ? CASH_ERR_STATEMENT_TEXT : (int64_t)(to - text);
}

int bank_file_sheets(struct span bytes)
{
    struct workbook_sheets sheets;
    int result = workbook_begins(bytes) ? workbook_sheets_read(bytes, &sheets) : 1;

    return result == 0 ? sheets.count : result;
}

static int64_t sheet_text(struct span bytes, int sheet, char **out)
{
    struct workbook_sheets sheets;
    int result = workbook_sheets_read(bytes, &sheets);

    if (result < 0 || sheet >= sheets.count)
        return result < 0 ? result : CASH_ERR_STATEMENT_EMPTY;
    return workbook_text(bytes, sheets.path[sheet], BANK_FILE_TEXT_LIMIT, out);
}

int64_t bank_file_text(struct span bytes, int sheet, char **out)
{
    bool is_utf8 = !workbook_begins(bytes) && text_utf8_check(bytes) >= 0;
    size_t capacity = is_utf8 ? bytes.size : bytes.size * 3;
    int64_t size = (int64_t)bytes.size;
    char *text;

    if (workbook_begins(bytes))
        return sheet_text(bytes, sheet, out);
    if (capacity > BANK_FILE_TEXT_LIMIT)
        return CASH_ERR_STATEMENT_LONG;
    text = malloc(capacity + 1);
    if (text == NULL)
        return STORE_ERR_MEMORY;
    if (is_utf8 && bytes.size > 0)
        memcpy(text, bytes.bytes, bytes.size);
    else if (!is_utf8)
        size = text_convert(bytes, text, capacity);
    if (size < 0 || memchr(text, 0, (size_t)size) != NULL) {
        free(text);
        return size < 0 ? size : CASH_ERR_STATEMENT_TEXT;
    }
    text[size] = '\0';
    *out = text;
    return size;
}

static void cell_trim(char cell[CSV_CELL_LIMIT])
{
    struct span inside = text_trim(span_of_text(cell));
    size_t size = inside.size;

    memmove(cell, inside.bytes, size);
    cell[size] = '\0';
}

static int heading_find(const struct csv_row *row, const char *name, size_t size)
{
    for (size_t i = 0; i < row->count; i++)
        if (strlen(row->cells[i]) == size && text_equal_ignoring_case(span_of_text(row->cells[i]),
                                                                       span_of_bytes((const uint8_t *)name, size)))
            return (int)i;
    return -1;
}

static int heading_usual(const struct csv_row *row, enum part part)
{
    int found = -1;

    for (size_t i = 0; found < 0 && usual[part][i] != NULL; i++)
        found = heading_find(row, usual[part][i], strlen(usual[part][i]));
    return found;
}

/* "摘要+附言": the first part, and up to three more. false: one is not there. */
static bool remark_find(const struct csv_row *row, const char *names, struct columns *columns)
{
    for (size_t i = 0; *names != '\0' && i <= 3; i++) {
        size_t size = strcspn(names, "+");
        int found = heading_find(row, names, size);
        if (found < 0)
            return false;
        if (i == 0)
            columns->at[PART_REMARK] = found;
        else
            columns->remark_more[i - 1] = found;
        names += size + (names[size] == '+');
    }
    return true;
}

static const char *mapping_name(const struct bank_mapping *mapping, enum part part)
{
    const char *const names[PART_COUNT] = {
        [PART_AMOUNT] = mapping->amount,   [PART_DIRECTION] = mapping->direction, [PART_SERIAL] = mapping->serial,
        [PART_TIME] = mapping->time,       [PART_PAYER] = mapping->payer,
        [PART_PAYER_ACCOUNT] = mapping->payer_account, [PART_REMARK] = mapping->remark,
    };

    return names[part];
}

/* Whether this row is the heading: of a mapping every named column, else the amount and who or what. */
static bool heading_take(const struct csv_row *row, struct columns *columns, struct bank_file_fault *fault)
{
    const struct bank_mapping *mapping = columns->mapping;

    for (size_t i = 0; i < 3; i++)
        columns->remark_more[i] = -1;
    for (int part = 0; part < PART_COUNT; part++) {
        const char *name = mapping != NULL ? mapping_name(mapping, (enum part)part) : "";
        columns->at[part] = -1;
        if (mapping == NULL)
            columns->at[part] = heading_usual(row, (enum part)part);
        else if (part == PART_REMARK && !remark_find(row, name, columns))
            return (void)snprintf(fault->missing, sizeof fault->missing, "%s", name), false;
        else if (part != PART_REMARK && name[0] != '\0')
            columns->at[part] = heading_find(row, name, strlen(name));
        if (mapping != NULL && name[0] != '\0' && columns->at[part] < 0)
            return (void)snprintf(fault->missing, sizeof fault->missing, "%s", name), false;
    }
    return mapping != NULL || (columns->at[PART_AMOUNT] >= 0 && (columns->at[PART_PAYER] >= 0 || columns->at[PART_REMARK] >= 0));
}

static const char *cell_at(const struct csv_row *row, int at)
{
    return at >= 0 && (size_t)at < row->count ? row->cells[at] : "";
}

/* Past what stands beside the figures and says no more than that they are yuan. */
static const char *beside_skip(const char *cell)
{
    static const char *const beside[] = { " ", "\xc2\xa0", "¥", "￥", "元" };

    for (size_t i = 0; i < sizeof beside / sizeof beside[0];)
        if (strncmp(cell, beside[i], strlen(beside[i])) == 0)
            cell += strlen(beside[i]), i = 0;
        else
            i++;
    return cell;
}

/* The figures at `cell` with their sign, without the commas that part them by threes.
 * returns  what stands behind them; NULL when a comma parts otherwise ("1,23" may be another country's 1.23) or there are too many */
static const char *figures_take(const char *cell, char *digits, size_t capacity)
{
    size_t size = 0;

    if (*cell == '+' || *cell == '-')
        digits[size++] = *cell++;
    cell = beside_skip(cell);
    for (; *cell != '\0' && strchr("0123456789.,", *cell) != NULL; cell++) {
        bool parts = *cell == ',' && strspn(cell + 1, "0123456789") == 3 && size > 0 && memchr(digits, '.', size) == NULL;
        if ((*cell == ',' && !parts) || size + 1 == capacity)
            return NULL;
        if (*cell != ',')
            digits[size++] = *cell;
    }
    digits[size] = '\0';
    return cell;
}

/* "￥1,234.50", "+100", "5元": fen; false when anything else stands there: another currency, brackets that mean less than
 * nothing, figures in two groups. Nothing is 0. */
static bool amount_read(const char *cell, int64_t *amount_fen)
{
    char digits[40];
    const char *rest = figures_take(beside_skip(cell), digits, sizeof digits);

    if (rest == NULL || *beside_skip(rest) != '\0')
        return false;
    *amount_fen = 0;
    return digits[0] == '\0' || decimal_parse_fen(span_of_text(digits), amount_fen) == 0;
}

static bool is_incoming(const struct columns *columns, const char *word)
{
    if (columns->at[PART_DIRECTION] < 0)
        return true;
    if (columns->mapping != NULL)
        return strcmp(word, columns->mapping->incoming) == 0;
    for (size_t i = 0; i < sizeof incoming_usual / sizeof incoming_usual[0]; i++)
        if (text_equal_ignoring_case(span_of_text(word), span_of_text(incoming_usual[i])))
            return true;
    return false;
}

static void text_take(const char *cell, char *to, size_t capacity)
{
    struct span text = span_of_text(cell);

    if (text.size >= capacity)
        text.size = text_utf8_cut(text, capacity - 1);
    (void)text_copy(text, to, capacity);
}

static void tail_take(const char *account, char tail[8])
{
    char digits[5] = "";
    size_t count = 0;

    for (; *account != '\0'; account++) {
        if (*account < '0' || *account > '9')
            continue;
        if (count == 4)
            memmove(digits, digits + 1, 3);
        digits[count < 4 ? count++ : 3] = *account;
    }
    (void)snprintf(tail, 8, "%.4s", digits);
}

static void remark_take(const struct csv_row *row, const struct columns *columns, struct bank_line *line)
{
    char remark[4 * CSV_CELL_LIMIT];
    int size = snprintf(remark, sizeof remark, "%s", cell_at(row, columns->at[PART_REMARK]));

    for (size_t i = 0; i < 3 && columns->remark_more[i] >= 0; i++)
        size += snprintf(remark + size, sizeof remark - (size_t)size, " %s", cell_at(row, columns->remark_more[i]));
    text_take(remark, line->remark, sizeof line->remark);
}

static void bad(struct bank_line *line, const char *problem)
{
    line->verdict = BANK_BAD;
    (void)snprintf(line->problem, sizeof line->problem, "%s", problem);
}

static void amount_take(const struct csv_row *row, const struct columns *columns, struct bank_line *line)
{
    bool has_identity = line->serial[0] != '\0' || line->happened[0] != '\0';
    bool needs_identity = columns->at[PART_SERIAL] >= 0 || columns->at[PART_TIME] >= 0;

    if (!amount_read(cell_at(row, columns->at[PART_AMOUNT]), &line->amount_fen))
        bad(line, "amount_form");
    else if (line->amount_fen > AMOUNT_LIMIT_FEN)
        bad(line, "amount_range");
    else if (line->amount_fen <= 0 || !is_incoming(columns, cell_at(row, columns->at[PART_DIRECTION])))
        line->verdict = BANK_OUTGOING;
    else if (needs_identity && !has_identity)
        bad(line, "no_time_or_serial"); /* a sum at the end */
    if (line->verdict == BANK_BAD || line->amount_fen < 0)
        line->amount_fen = 0;
}

static void fingerprint_take(struct bank_line *line, int ordinal)
{
    char text[BANK_SERIAL_SIZE + BANK_TIME_SIZE + BANK_PAYER_SIZE + BANK_REMARK_SIZE + 80];
    uint8_t digest[DIGEST_SHA256_SIZE];
    int size = line->serial[0] != '\0'
        ? snprintf(text, sizeof text, "serial|%s", line->serial)
        : snprintf(text, sizeof text, "line|%s|%lld|%s|%s|%s|%d", line->happened, (long long)line->amount_fen, line->payer,
                   line->payer_tail, line->remark, ordinal);

    if (digest_openssl()->sha256(span_of_bytes((const uint8_t *)text, (size_t)size), digest) < 0) {
        bad(line, "fingerprint"); /* booked without one it could be booked twice */
        return;
    }
    for (size_t i = 0; i < sizeof digest; i++)
        (void)snprintf(line->fingerprint + 2 * i, 3, "%02x", digest[i]);
}

static bool line_alike(const struct bank_line *one, const struct bank_line *other)
{
    return one->amount_fen == other->amount_fen && strcmp(one->happened, other->happened) == 0 &&
           strcmp(one->payer, other->payer) == 0 && strcmp(one->remark, other->remark) == 0 &&
           strcmp(one->payer_tail, other->payer_tail) == 0;
}

/* Two transfers that the bank describes alike are two; the same serial number twice is not. */
static void line_number(struct bank_line *lines, size_t count)
{
    struct bank_line *line = &lines[count];
    int ordinal = 0;

    for (size_t i = 0; line->verdict == 0 && i < count; i++) {
        if (lines[i].verdict != 0)
            continue;
        if (line->serial[0] == '\0')
            ordinal += lines[i].serial[0] == '\0' && line_alike(&lines[i], line);
        else if (strcmp(lines[i].serial, line->serial) == 0 && lines[i].amount_fen == line->amount_fen)
            line->verdict = BANK_DUPLICATE;
        else if (strcmp(lines[i].serial, line->serial) == 0)
            bad(line, "serial_repeated");
    }
    fingerprint_take(line, ordinal);
}

static void line_take(const struct csv_row *row, const struct columns *columns, struct bank_line *line)
{
    *line = (struct bank_line){ .row = (int32_t)row->line };
    text_take(cell_at(row, columns->at[PART_SERIAL]), line->serial, sizeof line->serial);
    text_take(cell_at(row, columns->at[PART_TIME]), line->happened, sizeof line->happened);
    text_take(cell_at(row, columns->at[PART_PAYER]), line->payer, sizeof line->payer);
    tail_take(cell_at(row, columns->at[PART_PAYER_ACCOUNT]), line->payer_tail);
    remark_take(row, columns, line);
    amount_take(row, columns, line);
}

static int row_next(struct csv_text *text, struct csv_row *row, struct bank_file_fault *fault)
{
    int found = csv_row_next(text, row);

    if (found < 0) {
        fault->line = row->line;
        return CASH_ERR_STATEMENT_TEXT;
    }
    for (size_t i = 0; i < row->count; i++)
        cell_trim(row->cells[i]);
    return found;
}

int bank_file_read(struct span text, const struct bank_mapping *mapping, struct bank_line *lines, size_t capacity,
                   struct bank_file_fault *fault)
{
    struct csv_text rest = csv_text_of(text);
    struct columns columns = { .mapping = mapping };
    struct csv_row row;
    size_t count = 0;
    bool has_heading = false;
    int found = 1;

    *fault = (struct bank_file_fault){ .line = 0 };
    for (size_t i = 0; !has_heading && i < BANK_FILE_HEADING_LIMIT && (found = row_next(&rest, &row, fault)) == 1; i++)
        has_heading = heading_take(&row, &columns, fault);
    if (!has_heading)
        return found < 0 ? found : CASH_ERR_STATEMENT_COLUMNS;
    while ((found = row_next(&rest, &row, fault)) == 1) {
        if (count == capacity)
            return CASH_ERR_STATEMENT_LONG;
        line_take(&row, &columns, &lines[count]);
        line_number(lines, count);
        count++;
    }
    return found < 0 ? found : (int)count;
}
