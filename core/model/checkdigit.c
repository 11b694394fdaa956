/* SPDX-License-Identifier: Apache-2.0 */
/* Check characters: GB 32100-2015, GB 11714, GB 11643-1999, ISO/IEC 7064 (GB/T 17710). */
#include "core/model/checkdigit.h"

#include <string.h>

static const char base36[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* The value of a character in an alphabet, -1 if it is not there. */
static int value_in(const char *alphabet, char c)
{
    const char *p = c ? strchr(alphabet, c) : NULL;

    return p ? (int)(p - alphabet) : -1;
}

static struct check fault_at(enum check_fault fault, size_t at)
{
    return (struct check){.fault = fault, .at = at};
}

static struct check compare(const char *text, size_t at, char expected)
{
    return (struct check){
        .fault = text[at] == expected ? CHECK_GOOD : CHECK_DIGIT, .at = at, .expected = expected};
}

static const char uscc_alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

struct check uscc_check(const char *text)
{
    int sum = 0, weight = 1; /* GB 32100 4.2: weights are the powers of 3 modulo 31 */

    for (size_t i = 0; text[i]; i++) {
        if (value_in(uscc_alphabet, text[i]) < 0)
            return fault_at(CHECK_CHARACTER, i);
    }
    if (strlen(text) != 18)
        return fault_at(CHECK_LENGTH, 0);
    for (size_t i = 2; i < 8; i++) { /* the division code */
        if (text[i] < '0' || text[i] > '9')
            return fault_at(CHECK_CHARACTER, i);
    }
    for (size_t i = 0; i < 17; i++) {
        sum += value_in(uscc_alphabet, text[i]) * weight;
        weight = weight * 3 % 31;
    }
    return compare(text, 17, uscc_alphabet[(31 - sum % 31) % 31]);
}

static char org_code_digit(const char *text)
{
    static const int weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;

    for (size_t i = 0; i < 8; i++)
        sum += value_in(base36, text[i]) * weights[i];
    return "0X987654321"[sum % 11];
}

bool uscc_inner_is_good(const char *text)
{
    return uscc_check(text).fault != CHECK_CHARACTER && strlen(text) == 18 &&
           org_code_digit(text + 8) == text[16];
}

struct check org_code_check(const char *text)
{
    size_t last = 8;

    for (size_t i = 0; i < 8; i++) {
        if (!text[i])
            return fault_at(CHECK_LENGTH, 0);
        if (value_in(base36, text[i]) < 0)
            return fault_at(CHECK_CHARACTER, i);
    }
    if (text[last] == '-')
        last++;
    if (!text[last] || text[last + 1])
        return fault_at(CHECK_LENGTH, 0);
    return compare(text, last, org_code_digit(text));
}

static int two_digits(const char *p)
{
    return (p[0] - '0') * 10 + (p[1] - '0');
}

static struct date birth_of(const char *text)
{
    return (struct date){.year = two_digits(text + 6) * 100 + two_digits(text + 8),
                         .month = two_digits(text + 10),
                         .day = two_digits(text + 12)};
}

struct check citizen_id_check(const char *text)
{
    int sum = 0, weight[18] = {1};
    struct date birth;

    for (size_t i = 0; text[i]; i++) {
        if ((text[i] < '0' || text[i] > '9') && !(i == 17 && text[i] == 'X'))
            return fault_at(CHECK_CHARACTER, i);
    }
    if (strlen(text) != 18)
        return fault_at(CHECK_LENGTH, 0);
    birth = birth_of(text);
    /* GB 11643 numbers exist since 1984; nobody then alive was born before 1800. */
    if (!date_is_valid(birth) || birth.year < 1800)
        return fault_at(CHECK_DATE, 6);
    for (size_t i = 1; i < 18; i++) /* weight[i] = 2^i mod 11, counted from the right */
        weight[i] = weight[i - 1] * 2 % 11;
    for (size_t i = 0; i < 17; i++)
        sum += (text[i] - '0') * weight[17 - i];
    return compare(text, 17, "10X98765432"[sum % 11]);
}

bool citizen_id_facts(const char *text, struct date *birth, bool *male)
{
    if (citizen_id_check(text).fault != CHECK_GOOD)
        return false;
    *birth = birth_of(text);
    *male = (text[16] - '0') % 2 == 1;
    return true;
}

/* ISO/IEC 7064 clause 9: hybrid system MOD m+1,m. */
static char hybrid(const char *text, size_t n, const char *alphabet)
{
    int m = (int)strlen(alphabet), p = m;

    for (size_t i = 0; i < n; i++) {
        int a = value_in(alphabet, text[i]), s;

        if (a < 0)
            return '\0';
        s = (p + a) % m;
        p = (s ? s : m) * 2 % (m + 1);
    }
    return alphabet[(m + 1 - p) % m];
}

char mod37_36(const char *text, size_t n)
{
    return hybrid(text, n, base36);
}

char mod11_10(const char *text, size_t n)
{
    return hybrid(text, n, "0123456789");
}

char mod37_36_defective(const char *text, size_t n)
{
    int p = 36, x;

    for (size_t i = 0; i < n; i++) {
        int a = value_in(base36, text[i]), r, s;

        if (a < 0)
            return '\0';
        a += a > 9;
        r = p + a;
        if (a > 10 && r > 37)
            r %= 37;
        else if (a < 10 && r > 36)
            r %= 36;
        s = r % 36;
        p = (s ? s : 36) * 2 % 37;
    }
    for (x = 37 - p; x < 1;)
        x += 36;
    return base36[(x - 1) % 36];
}
