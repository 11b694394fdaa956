/* SPDX-License-Identifier: Apache-2.0 */
/* verify --detailed: what was checked of each signature, in order, and what came of it. */
#include <string.h>

#include "cmd/output.h"

struct step_name {
    const char *id, *text;
};

/* In the words of a counter; a step that is not here is printed by its id. */
static const struct step_name names[] = {
    {"structure", N_("the signature is in its place")},
    {"references", N_("the signed parts are unchanged")},
    {"format", N_("the signed value can be read")},
    {"extensions", N_("extensions of the signature")},
    {"value", N_("the signature value is right")},
    {"signer-in-seal", N_("the signer may use the seal")},
    {"seal-format", N_("the seal can be read")},
    {"seal-extensions", N_("extensions of the seal")},
    {"seal-signature", N_("the seal is as its maker signed it")},
    {"seal-created", N_("the seal was made at a plausible time")},
    {"maker-chain", N_("the seal maker is trusted")},
    {"maker-usage", N_("the seal maker's certificate is for signing")},
    {"maker-validity", N_("the seal maker's certificate was valid")},
    {"maker-revocation", N_("the seal maker's certificate was not revoked")},
    {"maker-listed", N_("the seal maker is one that counts")},
    {"seal-validity", N_("the seal was valid")},
    {"seal-timestamp", N_("timestamp of the seal")},
    {"time-info", N_("the time inside the seal signature")},
    {"signer-chain", N_("the signer is trusted")},
    {"signer-usage", N_("the signer's certificate is for signing")},
    {"signing-time", N_("the signer's certificate was valid when signing")},
    {"signer-revocation", N_("the signer's certificate was not revoked")},
    {"time-proof", N_("a timestamp proves the signing time")},
    {"evidence", N_("all that is needed to check it again is here")},
    {"attributes", N_("the signed attributes are unambiguous")},
    {"data-hash", N_("the list of parts is the one signed")},
    {"timestamp", N_("timestamp of the signature")},
    {"coverage", N_("the pages are under the seal")},
    {"property-path", N_("the value was made for this signature")},
    {"type", N_("the list calls it what it is")},
    {"seal-file", N_("the seal file is the seal that signed")},
    {"base", N_("the signature it builds on is good")},
    {"issuer", N_("the signer may issue this licence")},
    {"key-size", N_("the keys are as long as the policy wants")},
    {"algorithm", N_("the algorithms are among those the policy accepts")},
    {"revocation-fresh", N_("revocation is known as recently as the policy wants")},
};

static const char *name_of(const char *id)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i].id, id) == 0)
            return tr(names[i].text);
    }
    return id;
}

static const char *result_of(const struct step *step)
{
    switch (step->result) {
    case STEP_PASSED:
        return N_("  yes        ");
    case STEP_FAILED:
        return N_("  NO         ");
    case STEP_UNKNOWN:
        return step->sub == SUB_NONE ? N_("  unknown    ") : N_("  UNDECIDED  ");
    case STEP_NOT_RUN:
        break;
    }
    return N_("  not run    ");
}

static void print_step(FILE *out, const struct step *step, const struct findings *findings)
{
    bool known = step->finding >= 0 && (size_t)step->finding < findings->n &&
                 !findings->list[step->finding].ignored;

    fprintf(out, "      %s", tr(result_of(step)));
    output_text(out, name_of(step->id));
    if (known)
        fprintf(out, "  %s", findings->list[step->finding].type->code);
    fprintf(out, "\n");
}

/* What the answer rests on. */
static void print_source(FILE *out, const struct revocation_report *revocation)
{
    char from[21], until[21];

    if (!revocation->source)
        return;
    instant_print(revocation->this_update, from);
    instant_print(revocation->next_update, until);
    fprintf(out, "                   ");
    if (strcmp(revocation->source, "ocsp") == 0)
        fprintf(out, tr(N_("by the OCSP answer of %s")), from);
    else
        fprintf(out, tr(N_("by the revocation list %s of %s")),
                revocation->number ? revocation->number : "-", from);
    fprintf(out, tr(N_(", good until %s\n")), until[0] ? until : "-");
}

static void print_signature(FILE *out, const struct signature_report *s, size_t number,
                            const struct findings *findings)
{
    fprintf(out, tr(s->is_seal ? N_("    seal %zu: ") : N_("    signature %zu: ")), number);
    if (s->seal_name || s->signer_subject) {
        output_text(out, s->seal_name ? s->seal_name : s->signer_subject);
        fprintf(out, "  ");
    }
    fprintf(out, "%s", indication_name(s->indication));
    if (s->sub != SUB_NONE)
        fprintf(out, " (%s)", sub_indication_name(s->sub));
    fprintf(out, "\n");
    for (size_t i = 0; i < s->n_steps; i++) {
        print_step(out, &s->steps[i], findings);
        if (strcmp(s->steps[i].id, "signer-revocation") == 0)
            print_source(out, &s->signer_revocation);
        else if (strcmp(s->steps[i].id, "maker-revocation") == 0)
            print_source(out, &s->maker_revocation);
    }
}

void output_steps(const struct output *output, const struct verification *item)
{
    for (size_t i = 0; i < item->n_signatures; i++)
        print_signature(output->stream, &item->signatures[i], i + 1, &item->findings);
}
