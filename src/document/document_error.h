/* Why a document could not be made, or a template was not accepted. */
#ifndef DOCUMENT_DOCUMENT_ERROR_H
#define DOCUMENT_DOCUMENT_ERROR_H

#include "base/error_info.h"

#define DOCUMENT_ERRORS(ROW) \
    ROW(DOCUMENT_ERR_KIND, -2901, 404, "document_kind", "kind", "There is no such kind of document or paper", \
        "没有这种单据或纸张") \
    ROW(DOCUMENT_ERR_SIZE, -2902, 422, "template_size", "text", \
        "A template has 1 to 32,768 bytes of UTF-8 in at most 400 lines; shorten it", \
        "模板须为 1 至 32768 字节的 UTF-8 文本, 最多 400 行, 请缩短") \
    ROW(DOCUMENT_ERR_ELEMENT, -2903, 422, "template_element", "text", "This element is not known; the elements are: ", \
        "不认识的元素, 可用的元素: ") \
    ROW(DOCUMENT_ERR_OPTION, -2904, 422, "template_option", "text", "This element does not take this word: ", \
        "该元素不接受这个词: ") \
    ROW(DOCUMENT_ERR_NUMBER, -2905, 422, "template_number", "text", "A number is missing or out of range: ", \
        "缺少数字或数字超出范围: ") \
    ROW(DOCUMENT_ERR_CONTENT, -2906, 422, "template_content", "text", "After the words of the element this is wanted: ", \
        "元素的选项之后应为: ") \
    ROW(DOCUMENT_ERR_CELLS, -2907, 422, "template_cells", "text", \
        "1 to 8 cells parted by | are wanted, as many as widths and in head and each alike", \
        "须有 1 至 8 个以 | 分隔的单元格, 且与 widths 及表头一致") \
    ROW(DOCUMENT_ERR_PLACEHOLDER, -2908, 422, "template_placeholder", "text", \
        "This name is not known here; take one from the list beside the editor: ", \
        "此处没有这个名称, 请从编辑器旁的列表中选取: ") \
    ROW(DOCUMENT_ERR_BRACE, -2909, 422, "template_brace", "text", \
        "Every { needs its } around a name; write {{ for a brace itself", \
        "每个 { 须有配对的 } 围住名称; 若要花括号本身请写 {{") \
    ROW(DOCUMENT_ERR_NESTING, -2910, 422, "template_nesting", "text", \
        "if, unless, table and sheet each need an end below them, at most 4 deep, and no table or sheet inside another", \
        "if、unless、table 和 sheet 之后都须有 end, 最多嵌套 4 层, table 与 sheet 内不能再有 table 或 sheet") \
    ROW(DOCUMENT_ERR_PLACE, -2911, 422, "template_place", "text", "This does not belong here: ", "此行不能放在这里: ") \
    ROW(DOCUMENT_ERR_HEIGHT, -2912, 422, "document_height", "text", \
        "This does not fit its page or field; make it smaller, or the page or field larger", \
        "此行放不进页面或格子, 请缩小内容或放大页面、格子") \
    ROW(DOCUMENT_ERR_PAGES, -2913, 422, "document_pages", "", "The document would have more than 200 pages; narrow the period", \
        "单据超过 200 页, 请缩小期间") \
    ROW(DOCUMENT_ERR_ROWS, -2914, 422, "document_rows", "", "The document would have more than 5,000 rows; narrow the period", \
        "单据超过 5000 行, 请缩小期间") \
    ROW(DOCUMENT_ERR_TEXT, -2915, 422, "document_text", "text", "A line grows beyond 8,000 bytes; shorten it", \
        "一行内容超过 8000 字节, 请缩短") \
    ROW(DOCUMENT_ERR_QR, -2916, 422, "document_qr", "text", "What the QR code shall hold is longer than 300 bytes", \
        "二维码内容超过 300 字节") \
    ROW(DOCUMENT_ERR_FONT, -2917, 500, "document_font", "", \
        "This server has no font with Chinese characters; install the package fonts-noto-cjk", \
        "本服务器没有中文字体, 请安装软件包 fonts-noto-cjk") \
    ROW(DOCUMENT_ERR_DRAWING, -2918, 500, "document_drawing", "", "The document could not be drawn", "单据绘制失败") \
    ROW(DOCUMENT_ERR_MEMORY, -2919, 503, "document_memory", "", "There is no memory for this document; try again", \
        "内存不足, 请重试") \
    ROW(DOCUMENT_ERR_PAGE, -2920, 404, "document_page", "page", "The document has no such page", "单据没有这一页") \
    ROW(DOCUMENT_ERR_AMOUNT, -2921, 422, "document_amount", "", "This amount cannot be written in words", \
        "此金额无法写成大写") \
    ROW(DOCUMENT_ERR_VERSIONS, -2922, 409, "template_versions", "", "A template keeps at most 1,000 versions", \
        "一个模板最多保留 1000 个版本") \
    ROW(DOCUMENT_ERR_VERSION, -2923, 404, "template_version", "version", "There is no such version of this template", \
        "该模板没有这个版本") \
    ROW(DOCUMENT_ERR_STALE, -2924, 409, "template_stale", "based_on", \
        "Somebody else has saved this template meanwhile; look at the newest version first", \
        "此模板已被他人修改, 请先查看最新版本") \
    ROW(DOCUMENT_ERR_BARS, -2925, 422, "document_bars", "text", \
        "A bar code holds up to 48 letters, digits and signs without accents, in bars no thinner than 0.15 mm", \
        "条形码最多容纳 48 个字母、数字或英文符号, 且条宽不小于 0.15 mm") \
    ROW(DOCUMENT_ERR_NOTHING_DUE, -2926, 409, "notice_nothing_due", "", "This account owes nothing: there is nothing to remind of", \
        "该户没有欠费, 无需催缴") \
    ROW(DOCUMENT_ERR_LABELS, -2927, 422, "label_count", "", "One file holds 1,000 labels; choose a smaller area", \
        "一个文件最多 1000 张表签, 请缩小范围") \
    ROW(DOCUMENT_ERR_INVOICE, -2930, 404, "invoice_unknown", "", "There is no such invoice within your jurisdiction", \
        "没有这张发票, 或不在您的辖区内") \
    ROW(DOCUMENT_ERR_INVOICE_BASE, -2931, 404, "invoice_base", "bill_id", \
        "An invoice is of one bill or one payment within your jurisdiction: name one of them", \
        "发票须对应辖区内的一张账单或一笔缴费, 请给出其中之一") \
    ROW(DOCUMENT_ERR_INVOICE_VOID, -2932, 409, "invoice_void", "", "What was taken back or paid back has no invoice", \
        "已冲正、撤销或全额退回的款项不能开票") \
    ROW(DOCUMENT_ERR_INVOICE_POSTPAID, -2933, 409, "invoice_postpaid", "payment_id", \
        "This account pays bills: ask for the invoice of the bill", "该户按账单缴费, 请对账单开票") \
    ROW(DOCUMENT_ERR_INVOICE_LIVING, -2934, 409, "invoice_living", "", "It has an invoice already", "已经开过发票") \
    ROW(DOCUMENT_ERR_INVOICE_STATE, -2935, 409, "invoice_state", "", \
        "In its present state the invoice cannot be changed so", "发票的当前状态不允许此操作") \
    ROW(DOCUMENT_ERR_INVOICE_KEY, -2936, 409, "invoice_key", "key", "This key was used for another invoice", \
        "该流水号已用于另一张发票") \
    ROW(DOCUMENT_ERR_TAX_NUMBER, -2937, 422, "invoice_tax_number", "tax_number", \
        "A company's tax number has 15 to 20 digits and capital letters; of 18 the last is a check digit: look for a slip", \
        "单位税号为 15 至 20 位数字和大写字母; 18 位的末位为校验码, 请核对是否录错") \
    ROW(DOCUMENT_ERR_SELLER, -2938, 409, "invoice_seller", "", \
        "Set the tax number of your organisation first (setting invoice_seller_tax_number)", \
        "请先设置本单位税号 (设置 invoice_seller_tax_number)") \
    ROW(DOCUMENT_ERR_CATEGORY, -2939, 409, "invoice_category", "", \
        "The tax category of this utility is not set well (settings invoice_category_...: CODE RATE NAME)", \
        "该类用能的税收分类设置有误 (设置 invoice_category_...: 编码 税率 简称)")

enum document_error { DOCUMENT_ERRORS(ERROR_INFO_ENUM) };

/* What was wrong with a template, or why drawing ended: which line, what, what to do. */
struct document_problem {
    int error;            /* DOCUMENT_ERR_* */
    int line;             /* 1 is the first; 0: no single line */
    char text_zh[240];    /* whole sentences, without the line */
    char text_en[240];
};

/* The row of one of DOCUMENT_ERR_*; NULL for any other number. Static lifetime. */
const struct error_info *document_error_info(int error);

/* Fill a problem from the table; `detail` follows the sentence of those that end with a colon, "" for none.
 * returns  error */
int document_problem_set(struct document_problem *problem, int error, int line, const char *detail);

#endif
