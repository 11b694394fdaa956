/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/keyopts.h"

const struct opt key_opts[] = {
    OPT_TEXT(
        'k', "key", struct keyed, keys.key, .arg = "KEY",
        .brief = N_("sign with this key: a name of the configuration, file:PATH or cmd:PROGRAM"),
        .more =
            N_("A file holds PKCS#8 (PEM or DER, plain or encrypted) or PKCS#12. A program gets "
               "one line of JSON and the digest on its standard input and answers with the "
               "SM2 value; cmd:ses:PROGRAM answers with a whole SES_Signature.")),
    OPT_FILE(0, "cert", struct keyed, keys.cert,
             .brief = N_("the key's certificate, when the key's entry or file does not hold it")),
    OPT_LIST(0, "chain", struct keyed, keys.chain, .arg = "FILE", .files = true,
             .brief = N_("further certificates to be sent along (may be repeated)")),
    OPT_FILE(0, "pin-file", struct keyed, keys.pin_file,
             .brief = N_("read the PIN from the first line of FILE")),
    OPT_COUNT(0, "pin-fd", struct keyed, keys.pin_fd,
              .brief = N_("read the PIN from this open file descriptor")),
    OPT_FLAG(0, "no-input", struct keyed, common.no_input,
             .brief = N_("never ask on the terminal; fail instead")),
    OPT_TIME(0, "insecure-time", struct keyed, keys.insecure_time,
             .brief = N_("sign as if it were TIME; a TEST key alone allows it"),
             .more =
                 N_("The report lists it under insecure. Everybody else signs with the time of the "
                    "system clock.")),
    OPT_END,
};

static const char *const versions[] = {[SES_ANY] = "any", [SES_4] = "4", [SES_5] = "5", NULL};

const struct opt seal_opts[] = {
    OPT_TEXT('s', "seal", struct keyed, keys.seal, .arg = "SEAL",
             .brief = N_("seal with this e-seal: a name of the configuration or a file")),
    OPT_CHOICE(
        0, "ses", struct keyed, keys.ses, .arg = "V", .choices = versions,
        .brief = N_("write a seal signature of this version: 4 or 5 (default: the seal's)"),
        .more =
            N_("A signature has the version of its seal: GB/T 38540-2020 is 4, GM/T 0031-2025 is "
               "5. Another one than the seal's is refused; ecert eseal make --ses 5 makes a seal "
               "of version 5.")),
    OPT_END,
};
