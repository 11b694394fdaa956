/* SPDX-License-Identifier: Apache-2.0 */
/* How dates and amounts are written on the face of a licence. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/model/licence_priv.h"

bool date_read(const char *text, struct date *out)
{
    char dashed[11];

    if (strlen(text) != 8 || strspn(text, "0123456789") != 8)
        return date_parse(text, out);
    (void)snprintf(dashed, sizeof(dashed), "%.4s-%.2s-%.2s", text, text + 4, text + 6);
    return date_parse(dashed, out);
}

#define HAN_MAX 200 /* bytes of any number written here */

static void append(char *out, const char *piece)
{
    size_t n = strlen(out);

    (void)snprintf(out + n, HAN_MAX - n, "%s", piece);
}

static const char *const plain[] = {"〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"};

/* 1 to 31, as months and days are said. */
static void append_small(char *out, int n)
{
    if (n >= 20)
        append(out, plain[n / 10]);
    if (n >= 10)
        append(out, "十");
    if (n % 10)
        append(out, plain[n % 10]);
}

static void han_date(struct date date, char *out)
{
    for (int scale = 1000; scale; scale /= 10)
        append(out, plain[date.year / scale % 10]);
    append(out, "年");
    append_small(out, date.month);
    append(out, "月");
    append_small(out, date.day);
    append(out, "日");
}

char *date_text(struct date date, enum date_form form)
{
    char out[HAN_MAX] = "";

    switch (form) {
    case DATE_ISO:
        date_print(date, out);
        break;
    case DATE_ARABIC:
        (void)snprintf(out, sizeof(out), "%d年%d月%d日", date.year, date.month, date.day);
        break;
    case DATE_HAN:
        han_date(date, out);
        break;
    }
    return mem_text(out);
}

struct money {
    uint64_t yuan;  /* whole units of the currency */
    unsigned cents; /* 角 and 分 */
    bool finer;     /* than 分 */
    const char *currency;
};

#define MONEY_DIGITS_MAX 16 /* of the whole amount: 9999 万亿元 */

/* The unit behind the number: how many zeros it stands for, and the currency.  -1 if it is none. */
static int read_unit(const char *p, const char **currency)
{
    static const char *const currencies[] = {"元",   "元人民币", "美元", "欧元",
                                             "港元", "日元",     "英镑", "澳门元"};
    int zeros = 0;

    if (strncmp(p, "万", 3) == 0)
        zeros = 4;
    else if (strncmp(p, "亿", 3) == 0)
        zeros = 8;
    p += zeros ? 3 : 0;
    for (size_t i = 0; i < sizeof(currencies) / sizeof(*currencies); i++) {
        if (strcmp(p, currencies[i]) == 0) {
            *currency = i == 1 ? currencies[0] : currencies[i];
            return zeros;
        }
    }
    return -1;
}

static uint64_t take_digit(const char **p)
{
    return **p >= '0' && **p <= '9' ? (uint64_t)(*(*p)++ - '0') : 0;
}

static bool read_money(const char *text, struct money *out)
{
    size_t whole = strspn(text, "0123456789");
    const char *fraction = text[whole] == '.' ? text + whole + 1 : text + whole;
    size_t decimals = text[whole] == '.' ? strspn(fraction, "0123456789") : 0;
    struct money money = {0};
    int zeros = read_unit(fraction + decimals, &money.currency);

    if (whole == 0 || (whole > 1 && text[0] == '0') || (text[whole] == '.' && decimals == 0) ||
        decimals > 10 || zeros < 0 || whole + (size_t)zeros > MONEY_DIGITS_MAX)
        return false;
    for (const char *p = text; p < text + whole;)
        money.yuan = money.yuan * 10 + take_digit(&p);
    for (int i = 0; i < zeros; i++) /* take_digit() gives 0 once the unit is reached */
        money.yuan = money.yuan * 10 + take_digit(&fraction);
    money.cents = (unsigned)take_digit(&fraction) * 10;
    money.cents += (unsigned)take_digit(&fraction);
    money.finer = strspn(fraction, "0") < strspn(fraction, "0123456789");
    *out = money;
    return true;
}

bool money_is_good(const char *text)
{
    struct money money;

    return read_money(text, &money);
}

static const char *const formal[] = {"零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"};

/* One group of four digits; *gap: a 零 is due before the next digit. */
static void append_group(char *out, unsigned group, bool *gap)
{
    static const char *const units[] = {"仟", "佰", "拾", ""};

    for (unsigned i = 0, scale = 1000; i < 4; i++, scale /= 10) {
        unsigned digit = group / scale % 10;

        if (digit == 0) {
            *gap = out[0] != '\0';
            continue;
        }
        if (*gap)
            append(out, formal[0]);
        *gap = false;
        append(out, formal[digit]);
        append(out, units[i]);
    }
}

/* n below 10^16. */
static void append_formal(char *out, uint64_t n)
{
    static const char *const units[] = {"万", "亿", "万", ""};
    uint64_t scale = 1000000000000;
    bool gap = false;

    for (int i = 0; i < 4; i++, scale /= 10000) {
        unsigned group = (unsigned)(n / scale % 10000);

        append_group(out, group, &gap);
        /* 亿 stands also behind 万 alone: 壹万亿 */
        if (group || (i == 1 && n / scale))
            append(out, units[i]);
    }
}

static void han_money(const struct money *money, char *out)
{
    if (money->yuan) {
        append_formal(out, money->yuan);
        append(out, money->currency);
    } else if (!money->cents) {
        append(out, formal[0]);
        append(out, money->currency);
    }
    if (money->cents == 0) {
        append(out, "整");
        return;
    }
    if (money->cents >= 10) {
        append(out, formal[money->cents / 10]);
        append(out, "角");
    } else if (money->yuan) {
        append(out, formal[0]);
    }
    if (money->cents % 10) {
        append(out, formal[money->cents % 10]);
        append(out, "分");
    }
}

char *money_text(const char *text, enum money_form form)
{
    char out[HAN_MAX] = "";
    struct money money;

    /* 角 and 分 are said of 元 alone */
    if (form == MONEY_DIGITS || !read_money(text, &money) || money.finer ||
        (money.cents && strcmp(money.currency, "元") != 0))
        return mem_text(text);
    han_money(&money, out);
    return mem_text(out);
}

int party_count(const char *joined)
{
    int n = *joined != '\0';

    for (; *joined; joined++)
        n += *joined == PARTY_SEPARATOR;
    return n;
}

char *party_copy(const char *joined, int nth)
{
    while (--nth > 0) {
        joined = strchr(joined, PARTY_SEPARATOR);
        if (!joined)
            return NULL;
        joined++;
    }
    return mem_copy_text(joined, strcspn(joined, "^"));
}

static bool prints_date(const char *value, const char *text)
{
    struct date date;

    if (!date_read(value, &date))
        return false;
    for (enum date_form form = DATE_ISO; form <= DATE_HAN; form++) {
        CLEANUP(freep) char *printed = date_text(date, form);

        if (strcmp(printed, text) == 0)
            return true;
    }
    return false;
}

/* 甲^乙 is printed 甲、乙. */
static bool prints_parties(const char *value, const char *text)
{
    static const char comma[] = "、";

    for (; *value; value++) {
        size_t n = *value == PARTY_SEPARATOR ? strlen(comma) : 1;

        if (strncmp(text, n > 1 ? comma : value, n) != 0)
            return false;
        text += n;
    }
    return *text == '\0';
}

bool licence_prints(const char *value, const char *text)
{
    CLEANUP(freep) char *amount = NULL;

    if (strcmp(value, text) == 0 || prints_date(value, text) || prints_parties(value, text))
        return true;
    amount = money_text(value, MONEY_HAN);
    return strcmp(amount, text) == 0;
}
