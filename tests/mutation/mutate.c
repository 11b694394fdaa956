/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mutate TRUST[,TRUST ...] FILE [FILE ...]: changes licences that pass in thousands of ways and
 * verifies each in this process.  None may pass, but those in which nothing that is read was
 * changed: the package holds the very same members, in whatever order and under whatever times;
 * or only the list of signatures differs, which cannot be covered, and says the same; or all that
 * is read of a SignedData is the same, but for its version numbers, which mean nothing.
 *
 * Each FILE is also crossed with the one behind it.  SEED and EFFORT in the environment repeat a
 * run and make it longer (default effort: 1).  A TAP line for each FILE.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cmd/facecheck.h"
#include "cmd/session.h"
#include "core/base/file.h"
#include "core/base/limits.h"
#include "core/base/mem.h"
#include "formats/cms/cms.h"
#include "formats/ofd/ofd_verify.h"
#include "tests/mutation/package.h"

static uint64_t seed, state;
static size_t effort = 1;
static struct ofd_judge judge;

/* What is tried on one file. */
struct trial {
    const char *path;
    struct span whole;
    struct package package;
    const struct package *other; /* the licence that it is crossed with, or NULL */
    struct buf made;
    size_t n, same, wrong;
};

static uint64_t chance(uint64_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state % below;
}

static const char *or_none(const char *text)
{
    return text ? text : "";
}

/* The ID is a name for people and for Relative; it says nothing of what was signed. */
static bool same_entry(const struct ofd_signature *a, const struct ofd_signature *b)
{
    return (!b->type ||
            strcasecmp(a->type ? a->type : "Seal", b->type) == 0) && /* the value tells */
           strcmp(or_none(a->relative), or_none(b->relative)) == 0 &&
           strcmp(or_none(a->xml_name), or_none(b->xml_name)) == 0;
}

/* Do both packages list the same signatures in the same order? */
static bool same_list(struct span a, struct span b)
{
    CLEANUP(findings_clear) struct findings findings = {0};
    CLEANUP(ofd_freep) struct ofd *one = NULL;
    CLEANUP(ofd_freep) struct ofd *two = NULL;
    struct err err = ERR_INIT;

    if (ofd_open(a, &one, &findings, &err) != RC_OK || ofd_open(b, &two, &findings, &err) != RC_OK)
        return false;
    if (one->n_signatures != two->n_signatures)
        return false;
    for (size_t i = 0; i < one->n_signatures; i++) {
        if (!same_entry(&one->signatures[i], &two->signatures[i]))
            return false;
    }
    return true;
}

static bool same_signer(const struct cms *a, const struct cms *b)
{
    const struct cms_signer *one = a->signers, *two = b->signers;

    return span_equals(one->sid, two->sid) && strcmp(one->digest_oid, two->digest_oid) == 0 &&
           span_equals(one->attributes, two->attributes) &&
           strcmp(one->signature_oid, two->signature_oid) == 0 &&
           span_equals(one->signature, two->signature) &&
           span_equals(one->unsigned_attributes, two->unsigned_attributes) &&
           cms_lists_digest(a, one) && cms_lists_digest(b, two);
}

/* SignedData in which a version number or empty parameters differ, which say nothing. */
static bool same_signed_data(struct span a, struct span b)
{
    CLEANUP(cms_clear) struct cms one = {.n_signers = 0};
    CLEANUP(cms_clear) struct cms two = {.n_signers = 0};
    struct err err = ERR_INIT;

    return cms_read(a, &one, &err) == RC_OK && cms_read(b, &two, &err) == RC_OK &&
           one.n_signers == 1 && two.n_signers == 1 && one.certs.n == 1 && two.certs.n == 1 &&
           strcmp(one.content_oid, two.content_oid) == 0 && one.has_content == two.has_content &&
           cert_equals(one.certs.list[0], two.certs.list[0]) && same_signer(&one, &two);
}

/* Is all that is read of these bytes what the licence held? */
static bool reads_as(const struct trial *trial, const struct package *package, struct span bytes)
{
    CLEANUP(zipfile_freep) struct zipfile *zip = NULL;
    struct err err = ERR_INIT;
    bool list = false;

    if (zipfile_open(bytes, &zip, &err) != RC_OK || zipfile_count(zip) != package->n)
        return false;
    for (size_t i = 0; i < package->n; i++) {
        long at = zipfile_find(zip, package->list[i].name);
        struct span member;

        if (at < 0 || zipfile_read(zip, (size_t)at, &member, &err) != RC_OK)
            return false;
        if (span_equals(member, package->list[i].bytes) ||
            same_signed_data(member, package->list[i].bytes))
            continue;
        if (strcmp(path_base(package->list[i].name), "Signatures.xml") != 0)
            return false;
        list = true;
    }
    return !list || same_list(trial->whole, bytes);
}

/* Crossing two licences may end in the whole of the other one. */
static bool reads_the_same(const struct trial *trial, struct span bytes)
{
    return reads_as(trial, &trial->package, bytes) ||
           (trial->other && reads_as(trial, trial->other, bytes));
}

/* The changed file passes only if nothing that is read was changed.  what: for the report. */
static void try_bytes(struct trial *trial, struct span bytes, const char *what, const char *name,
                      size_t at)
{
    CLEANUP(verification_clear) struct verification v = {0};
    struct err err = ERR_INIT;

    trial->n++;
    ofd_verify(&judge, bytes, &v);
    if (v.rc != RC_OK && v.rc != RC_BUG)
        return;
    if (v.rc == RC_OK && reads_the_same(trial, bytes)) {
        trial->same++;
        return;
    }
    printf("# %s: %s %s %zu: passes (%d); SEED=%llu\n", trial->path, what, name, at, (int)v.rc,
           (unsigned long long)seed);
    if (trial->wrong++ == 0 && file_write("passes.ofd", bytes, FILE_FORCE, &err) == RC_OK)
        printf("# %s: kept as passes.ofd\n", trial->path);
}

static void try_package(struct trial *trial, const struct package *package, const char *what,
                        const char *name, size_t at)
{
    package_write(package, TRUE, 0, &trial->made);
    try_bytes(trial, buf_span(&trial->made), what, name, at);
}

static bool ends_with(const char *name, const char *end)
{
    size_t n = strlen(name), k = strlen(end);

    return n >= k && strcmp(name + n - k, end) == 0;
}

/* How many places of a member are tried: all of what a signature is made of, where it is small. */
static size_t places_of(const struct member *member)
{
    bool value = strstr(member->name, "/Signs/") != NULL || ends_with(member->name, ".json");
    size_t most = (value ? 120 : 15) * effort;

    return member->bytes.len < most ? member->bytes.len : most;
}

static void flip_bits(struct trial *trial)
{
    static struct package changed;

    for (size_t i = 0; i < trial->package.n; i++) {
        const struct member *member = &trial->package.list[i];
        CLEANUP(freep) unsigned char *copy = mem_copy(member->bytes.data, member->bytes.len);
        size_t n = places_of(member);

        changed = trial->package;
        changed.list[i].bytes.data = copy;
        for (size_t k = 0; k < n; k++) {
            size_t at = n == member->bytes.len ? k : chance(member->bytes.len);
            unsigned char bit = (unsigned char)(1U << chance(8));

            copy[at] ^= bit;
            try_package(trial, &changed, "bit turned in", member->name, at);
            copy[at] ^= bit;
        }
        for (size_t k = 0; k < 4 && member->bytes.len; k++) { /* cut off, and longer */
            changed.list[i].bytes.len = k ? chance(member->bytes.len) : 0;
            try_package(trial, &changed, "cut off:", member->name, changed.list[i].bytes.len);
        }
    }
}

/* In the file as it is: headers, directory, packed data. */
static void flip_container(struct trial *trial)
{
    CLEANUP(freep) unsigned char *copy = mem_copy(trial->whole.data, trial->whole.len);
    struct span bytes = {copy, trial->whole.len};

    for (size_t k = 0; k < 300 * effort; k++) {
        size_t at = chance(bytes.len), tail = bytes.len < 4000 ? bytes.len : 4000;
        unsigned char bit = (unsigned char)(1U << chance(8));

        if (k & 1) /* the directory */
            at = bytes.len - 1 - chance(tail);
        copy[at] ^= bit;
        try_bytes(trial, bytes, "bit turned in", "the file", at);
        copy[at] ^= bit;
    }
}

static void cut_container(struct trial *trial)
{
    CLEANUP(buf_clear) struct buf longer = BUF_INIT(LIMIT_PACKAGE);
    struct err err = ERR_INIT;

    for (size_t k = 0; k < 80 * effort; k++) {
        size_t cut = k < 40 ? k + 1 : chance(trial->whole.len);

        try_bytes(trial, (struct span){trial->whole.data, trial->whole.len - cut}, "cut off",
                  "the file", cut);
    }
    for (size_t k = 1; k < 100; k += 7) {
        buf_reset(&longer);
        if (buf_add(&longer, trial->whole.data, trial->whole.len, &err) != RC_OK ||
            buf_add(&longer, trial->whole.data, k, &err) != RC_OK)
            abort();
        try_bytes(trial, buf_span(&longer), "longer by", "bytes", k);
    }
}

static void insert(struct package *package, size_t at, struct member member)
{
    memmove(&package->list[at + 1], &package->list[at], (package->n - at) * sizeof(member));
    package->list[at] = member;
    package->n++;
}

static void change_members(struct trial *trial)
{
    static struct package changed;

    for (size_t i = 0; i < trial->package.n; i++) {
        struct member member = trial->package.list[i];
        CLEANUP(freep) char *name = mem_text(member.name);
        CLEANUP(freep) unsigned char *bytes = mem_copy(member.bytes.data, member.bytes.len);
        struct member twin = {name, {bytes, member.bytes.len}};

        changed = trial->package;
        memmove(&changed.list[i], &changed.list[i + 1], (--changed.n - i) * sizeof(member));
        try_package(trial, &changed, "without", member.name, i);
        insert(&changed, i, twin);
        insert(&changed, chance(changed.n), twin); /* the same twice */
        try_package(trial, &changed, "twice the same", member.name, i);
        if (member.bytes.len)
            bytes[chance(member.bytes.len)] ^= 1;
        changed = trial->package;
        insert(&changed, chance(2) ? changed.n : 0, twin); /* and twice, but not the same */
        try_package(trial, &changed, "twice, once changed,", member.name, i);
        name[strlen(name) - 1] ^= 0x20; /* the other case of the letter */
        changed = trial->package;
        changed.list[i].name = name;
        try_package(trial, &changed, "in other letters", member.name, i);
        insert(&changed, changed.n, member);
        try_package(trial, &changed, "twice, in other letters,", member.name, i);
    }
}

static void add_members(struct trial *trial)
{
    static const char *const names[] = {
        "evil.xml",
        "Doc_0/evil.xml",
        "Doc_0/Pages/Page_0/Content.xml.bak",
        "Doc_1/Document.xml",
        "Doc_0/Signs/Sign_9/Signature.xml",
        "Doc_0/Signs/Sign_0/SignedValue.dat2",
        "Doc_0/Annots/Annotations.xml",
        "Doc_0/Attachs/evil.json",
        "../evil",
        "/evil",
        "a\\b",
        "a/",
        "Doc_0/./Document.xml",
        "META-INF/evil",
        "OFDEntries.xml",
        "Encryptions.xml",
        "OFD.xml ",
    };
    static struct package changed;

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        for (size_t k = 0; k < 2; k++) {
            changed = trial->package;
            insert(&changed, k ? 0 : changed.n,
                   (struct member){names[i], span_of(k ? "<evil/>" : "")});
            try_package(trial, &changed, "with", names[i], k);
        }
    }
}

/* A package is read by names: its order says nothing, so these must pass. */
static void reorder(struct trial *trial)
{
    static struct package changed;
    size_t before = trial->same;

    for (size_t k = 0; k < 20; k++) {
        changed = trial->package;
        for (size_t i = changed.n - 1; i > 0; i--) {
            size_t other = k ? chance(i + 1) : changed.n - 1 - i;
            struct member member = changed.list[i];

            if (k == 0 && other >= i)
                break;
            changed.list[i] = changed.list[other];
            changed.list[other] = member;
        }
        try_package(trial, &changed, "in another order", "", k);
    }
    if (trial->same != before + 20) {
        printf("# %s: of 20 orders %zu pass\n", trial->path, trial->same - before);
        trial->wrong++;
    }
}

/* The bytes of two members, or their names, in each other's place. */
static void exchange(struct trial *trial)
{
    static struct package changed;

    for (size_t k = 0; k < 50 * effort; k++) {
        size_t a = chance(trial->package.n), b = chance(trial->package.n);
        struct span bytes = trial->package.list[a].bytes;

        changed = trial->package;
        changed.list[a].bytes = changed.list[b].bytes;
        if (k & 1)
            changed.list[b].bytes = bytes;
        try_package(trial, &changed, changed.list[a].name, changed.list[b].name, k);
    }
}

static void lie_in_headers(struct trial *trial)
{
    for (int lie = TRUE; lie < N_LIES; lie++) {
        for (size_t k = 0; k < 5 * effort; k++) {
            size_t i = chance(trial->package.n);

            package_write(&trial->package, (enum lie)lie, i, &trial->made);
            try_bytes(trial, buf_span(&trial->made), "lie", trial->package.list[i].name,
                      (size_t)lie);
        }
    }
}

/* Members of another licence in their places: one, and all but one, and all with a word in it. */
static void cross(struct trial *trial, const struct package *other)
{
    static const char *const parts[] = {"/Signs/",   "/Pages/", "/Attachs/", "OFD.xml",
                                        "Sign_0/Si", "/Res",    "/Tags",     "Signature.xml"};
    static struct package changed;

    for (size_t i = 0; i < trial->package.n + sizeof(parts) / sizeof(*parts); i++) {
        bool is_part = i >= trial->package.n;
        const char *what = is_part ? parts[i - trial->package.n] : trial->package.list[i].name;

        for (int but = 0; but < 2; but++) {
            changed = trial->package;
            for (size_t k = 0; k < changed.n; k++) {
                bool named = is_part ? strstr(changed.list[k].name, what) != NULL : k == i;
                long at = package_find(other, changed.list[k].name);

                if (at >= 0 && named != (but == 1))
                    changed.list[k].bytes = other->list[at].bytes;
            }
            if (package_find(other, what) >= 0 || is_part)
                try_package(trial, &changed, but ? "all but" : "another's", what, i);
        }
    }
}

static bool try_file(const char *path, size_t number, const struct package *other)
{
    CLEANUP(buf_clear) struct buf file = BUF_INIT(LIMIT_PACKAGE);
    static struct trial trial;
    CLEANUP(verification_clear) struct verification v = {0};
    struct err err = ERR_INIT;

    if (file_read(path, &file, &err) != RC_OK)
        abort();
    trial = (struct trial){
        .path = path, .whole = buf_span(&file), .other = other, .made = BUF_INIT(LIMIT_PACKAGE)};
    package_read(trial.whole, &trial.package);
    ofd_verify(&judge, trial.whole, &v);
    if (v.rc != RC_OK) {
        printf("not ok %zu - %s: does not pass as it is (%d)\n", number, path, (int)v.rc);
        return false;
    }
    flip_bits(&trial);
    flip_container(&trial);
    cut_container(&trial);
    change_members(&trial);
    add_members(&trial);
    reorder(&trial);
    exchange(&trial);
    lie_in_headers(&trial);
    if (other)
        cross(&trial, other);
    buf_clear(&trial.made);
    printf("%s %zu - %s: of %zu changes %zu pass, %zu of them in which nothing that is read was "
           "changed\n",
           trial.wrong ? "not ok" : "ok", number, path_base(path), trial.n,
           trial.same + trial.wrong, trial.same);
    return trial.wrong == 0;
}

static void read_other(const char *path, struct package *out)
{
    static struct buf file = BUF_INIT(LIMIT_PACKAGE); /* the package borrows from it */
    struct err err = ERR_INIT;

    buf_clear(&file);
    if (file_read(path, &file, &err) != RC_OK)
        abort();
    package_read(buf_span(&file), out);
}

static void set_up(char *trusts)
{
    static struct session session;
    static struct common common = COMMON_INIT;
    static struct opt_list list;
    struct trust *trust = NULL;
    struct err err = ERR_INIT;

    for (char *name; (name = strsep(&trusts, ",")) && list.n < OPT_LIST_MAX;)
        list.items[list.n++] = name;
    if (session_open(&session, &common, &err) != RC_OK ||
        session_trust(&session, &(struct trust_opts){.trust = &list}, &trust, &err) != RC_OK) {
        printf("Bail out! %s: %s\n", err.where, err.text);
        exit(1);
    }
    judge = (struct ofd_judge){.trust = trust,
                               .lists = &session.lists,
                               .cache = judge_cache_new(),
                               .now = clock_system(),
                               .face = facecheck_code};
}

int main(int argc, char **argv)
{
    static struct package other;
    const char *wish = getenv("SEED"), *times = getenv("EFFORT");
    bool good = true;

    if (argc < 3)
        return 2;
    seed = wish ? strtoull(wish, NULL, 10) : (uint64_t)clock_system() * 1000 + (uint64_t)getpid();
    effort = times ? strtoul(times, NULL, 10) : 1;
    set_up(argv[1]);
    printf("1..%d\n# SEED=%llu\n", argc - 2, (unsigned long long)seed);
    for (int i = 2; i < argc; i++) {
        state = seed * 2 + 1;
        if (i + 1 < argc)
            read_other(argv[i + 1], &other);
        good = try_file(argv[i], (size_t)i - 1, i + 1 < argc ? &other : NULL) && good;
    }
    (void)fflush(stdout);
    _exit(good ? 0 : 1); /* what was borrowed to the end is no leak worth a search */
}
