/* SPDX-License-Identifier: Apache-2.0 */
/* Rules over several fields of a record.  A rule whose fields are empty has nothing to say. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/checkdigit.h"
#include "core/model/licence_priv.h"

static const char *value_of(const struct draft *draft, int field)
{
    return field < 0 ? "" : draft->licence->fields[field].value;
}

static const char *message(const struct template_rule *rule, enum lang lang)
{
    static const char *const usual[][2] = {
        [RULE_DATE_ORDER] = {"the dates are in the wrong order", "日期先后颠倒"},
        [RULE_BIRTH_ID] = {"", ""},
        [RULE_REGION] = {"", ""},
        [RULE_MAX_YEARS] = {"more years than the template allows", "超出模板规定的年限"},
    };
    const char *own = lang == LANG_ZH ? rule->message_zh : rule->message_en;

    return own ? own : usual[rule->kind][lang == LANG_ZH];
}

static void refuse(struct draft *draft, const struct template_rule *rule, const char *code,
                   int first, int second)
{
    const char *name = draft->template->fields[first].name;
    const char *other = second < 0 ? "" : draft->template->fields[second].name;

    draft->refused = true;
    findings_add(draft->findings, code, PLACE_FIELD(name), "field", name, "value",
                 value_of(draft, first), "other", other, "other_value", value_of(draft, second),
                 "message_en", message(rule, LANG_EN), "message_zh", message(rule, LANG_ZH), NULL);
}

/* Each date not after the next one that is given; an open end is after all. */
static void check_order(struct draft *draft, const struct template_rule *rule)
{
    struct date before = {0}, date;
    int last = -1;

    for (int i = 0; i < 4 && rule->fields[i] >= 0; i++) {
        if (!date_parse(value_of(draft, rule->fields[i]), &date))
            continue;
        if (last >= 0 && date_compare(before, date) > 0)
            refuse(draft, rule, "FLD220", last, rule->fields[i]);
        before = date;
        last = rule->fields[i];
    }
}

static void check_birth(struct draft *draft, const struct template_rule *rule)
{
    struct date birth, in_id;
    bool male;

    if (date_parse(value_of(draft, rule->fields[0]), &birth) &&
        citizen_id_facts(value_of(draft, rule->fields[1]), &in_id, &male) &&
        date_compare(birth, in_id) != 0)
        refuse(draft, rule, "FLD221", rule->fields[0], rule->fields[1]);
}

/* The first two digits of GB/T 2260; 10 stands in credit codes of the state itself. */
static bool is_province(const char *code)
{
    static const char known[] = "10 11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 "
                                "46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 ";
    char wanted[4] = {code[0], code[1], ' ', '\0'};

    return strstr(known, wanted) != NULL;
}

static void check_region(struct draft *draft, const struct template_rule *rule)
{
    for (int i = 0; i < 4 && rule->fields[i] >= 0; i++) {
        const char *value = value_of(draft, rule->fields[i]);
        size_t skip = draft->template->fields[rule->fields[i]].type == FIELD_USCC ? 2 : 0;

        if (strlen(value) >= skip + 6 && !is_province(value + skip))
            refuse(draft, rule, "FLD222", rule->fields[i], -1);
    }
}

static void check_years(struct draft *draft, const struct template_rule *rule)
{
    struct date from, until;

    if (!date_parse(value_of(draft, rule->fields[0]), &from) ||
        !date_parse(value_of(draft, rule->fields[1]), &until))
        return;
    from.year += (int)rule->years;
    if (date_compare(until, from) > 0)
        refuse(draft, rule, "FLD223", rule->fields[1], rule->fields[0]);
}

/* Issuers and their codes come in pairs; the leading one's code goes into the identifier. */
static void check_issuers(struct draft *draft)
{
    int names = template_role(draft->template, ROLE_ISSUER);
    int codes = template_role(draft->template, ROLE_ISSUER_CODE);
    int n_names = party_count(value_of(draft, names));
    int n_codes = party_count(value_of(draft, codes));
    char have[16], want[16];

    if (names < 0 || codes < 0 || n_names == n_codes)
        return;
    (void)snprintf(have, sizeof(have), "%d", n_codes);
    (void)snprintf(want, sizeof(want), "%d", n_names);
    draft->refused = true;
    findings_add(draft->findings, "FLD224", PLACE_FIELD(draft->template->fields[codes].name),
                 "field", draft->template->fields[codes].name, "actual", have, "expected", want,
                 NULL);
}

void draft_check_rules(struct draft *draft)
{
    static void (*const checks[])(struct draft *, const struct template_rule *) = {
        [RULE_DATE_ORDER] = check_order,
        [RULE_BIRTH_ID] = check_birth,
        [RULE_REGION] = check_region,
        [RULE_MAX_YEARS] = check_years,
    };

    for (size_t i = 0; i < draft->template->n_rules; i++)
        checks[draft->template->rules[i].kind](draft, &draft->template->rules[i]);
    check_issuers(draft);
}
