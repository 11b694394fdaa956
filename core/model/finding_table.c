/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every code, sorted.  Within a group the hundreds tell what the finding means:
 * 0xx malformed or could not be done, 1xx cannot be decided, 2xx the answer is no,
 * 3xx good to know.  A row is three lines, so that a look shows both languages:
 *
 *     {"CODE", severity, "English",
 *      "Chinese", "clause",
 *      "hint", "hint in Chinese"},
 *
 * No hint is two empty strings.  The Chinese is read by a clerk at a counter: plain
 * words, no jargon where a plain word is there.
 */
#include "core/model/finding.h"

#define E SEVERITY_ERROR
#define W SEVERITY_WARNING
#define I SEVERITY_INFO

/* clang-format off */
const struct finding_type finding_types[] = {
    /* ARC: archive packages */

    /* CMD: what an error says by its exit status alone */
    {"CMD001", E, "called wrongly: {detail}",
     "用法或配置有误：{detail}", "",
     "`ecert COMMAND --help` lists the options; nothing was done", "运行“ecert 命令 --help”可查看用法；本次没有做任何改动"},
    {"CMD002", E, "could not do it: {detail}",
     "无法完成：{detail}", "",
     "check that the file exists, that you may read or write it, and that the disk is not full", "请检查文件是否存在、有无读写权限、磁盘是否已满"},
    {"CMD003", E, "cannot be decided: {detail}",
     "无法判定：{detail}", "",
     "give what is missing (trust anchor, revocation list) and run it again", "请补齐所缺材料（信任的根证书、吊销列表）后重试"},
    {"CMD004", E, "refused: {detail}",
     "为避免损失，已拒绝执行：{detail}", "",
     "", ""},
    {"CMD005", E, "key, PIN or token: {detail}",
     "密钥、口令或密码设备有问题：{detail}", "",
     "check the key file, its PIN, and that key and certificate belong together", "请检查密钥文件、口令，以及密钥与证书是否配套"},
    {"CMD006", E, "the input is not what it should be: {detail}",
     "输入内容不符合要求：{detail}", "",
     "", ""},
    {"CMD007", E, "a fault in ecert itself: {detail}",
     "程序内部错误：{detail}", "",
     "please report it with the command line and the version", "请将命令行和版本号反馈给维护人员"},
    {"CMD008", E, "the answer is no: {detail}",
     "检查未通过：{detail}", "",
     "", ""},
    {"CMD009", W, "nothing to judge: {detail}",
     "没有可供检查的内容：{detail}", "",
     "", ""},
    {"CMD010", W, "some items were rejected: {detail}",
     "部分条目被退回：{detail}", "",
     "", ""},

    /* CRT: certificates, chains, revocation */
    {"CRT001", E, "certificate cannot be read: {detail}",
     "证书无法读取：{detail}", "GB/T 20518-2018 5.2",
     "", ""},
    {"CRT002", E, "revocation list cannot be read: {detail}",
     "证书吊销列表无法读取：{detail}", "GB/T 20518-2018 6",
     "", ""},

    /* DIG: digests of members and of digests.json */

    /* FLD: records, fields, JSON */
    {"FLD001", E, "not valid JSON: {detail}",
     "不是合格的 JSON 数据：{detail}", "RFC 8259",
     "check the file at the place named; it must be UTF-8 and must not repeat a key", "请检查所指位置；文件应为 UTF-8 编码，同一名称不得重复出现"},
    {"FLD002", E, "value cannot be written as canonical JSON: {detail}",
     "内容无法写成规范 JSON：{detail}", "",
     "remove control characters; write numbers with fractions as text", "请去掉控制字符；带小数的数请写成文字"},

    /* FNT: fonts and glyphs */
    {"FNT001", E, "no font: {detail}",
     "缺少字体：{detail}", "",
     "install fonts-noto-cjk and fonts-lxgw-wenkai, or name a folder with fonts in ECERT_FONTS", "请安装软件包 fonts-noto-cjk 和 fonts-lxgw-wenkai，或用环境变量 ECERT_FONTS 指定字体所在文件夹"},
    {"FNT201", E, "no font has the character '{character}' ({code}) of {field}",
     "所有字体中都没有“{field}”里的字“{character}”（{code}）", "GB 18030-2022",
     "check the character; install fonts-hanazono for rare ones, or put a font that has it into a folder named by ECERT_FONTS", "请先核对该字；生僻字可安装软件包 fonts-hanazono，或将含有该字的字体放入 ECERT_FONTS 所指文件夹"},

    /* IDN: licence identifiers */

    /* IMP: rosters and import */

    /* JNL: the journal */
    {"JNL001", E, "journal line {line} is not a journal entry: {detail}",
     "台账第 {line} 行不是合格的记录：{detail}", "",
     "compare with a copy of the journal; never edit it by hand", "请与台账备份核对；台账不得手工修改"},
    {"JNL002", E, "journal broken at line {line}: it does not continue the line before it",
     "台账在第 {line} 行断开：该行与上一行衔接不上，可能有内容被改动、删除或插入", "",
     "the lines before it are as written; compare the rest with a copy", "该行之前的内容未被改动；其余部分请与备份核对"},
    {"JNL003", W, "the last journal line ({line}) is torn: the program was stopped while writing it",
     "台账最后一行（第 {line} 行）不完整：写入时程序被中断", "",
     "it is cut off when the journal is next written to", "下次写入台账时会自动截去该行"},

    /* LAY: layout of the face */
    {"LAY001", E, "picture cannot be used: {detail}",
     "图片无法使用：{detail}", "",
     "give a PNG or JPEG file", "请提供 PNG 或 JPEG 格式的图片"},
    {"LAY002", E, "two-dimensional code cannot be made: {detail}",
     "二维码无法生成：{detail}", "GB/T 18284-2000",
     "shorten the text of the code", "请缩短二维码内容"},
    {"LAY201", E, "{field} does not fit its box of {box} mm: {unfit} of {length} characters are left over at {size} mm",
     "“{field}”放不进版面上 {box} 毫米的位置：字高缩至 {size} 毫米，{length} 个字中仍有 {unfit} 个放不下", "",
     "shorten the text, or enlarge the box or lower min_mm in the template", "请精简内容，或在模板中放大该位置、调小最小字高 min_mm"},
    {"LAY202", E, "{field}: a {format} picture cannot stand on a licence",
     "“{field}”：{format} 格式的图片不能用于证照", "GB/T 33190-2016 10",
     "give a PNG or JPEG file", "请提供 PNG 或 JPEG 格式的图片"},

    /* OFD: the document */

    /* PKG: the container */
    {"PKG001", E, "not a ZIP package: {detail}",
     "不是 ZIP 压缩包，因而不是 OFD 文件：{detail}", "GB/T 33190-2016 7.1",
     "check that the file was transferred completely and is an OFD file", "请确认文件传输完整，且确为 OFD 文件"},
    {"PKG002", E, "the package is cut or damaged: {detail}",
     "文件不完整或已损坏：{detail}", "GB/T 33190-2016 7.1",
     "fetch the file again from where it came", "请向来源方重新取得该文件"},
    {"PKG003", E, "a limit is exceeded: {detail}",
     "超过安全限制：{detail}", "",
     "an honest licence stays far below the limits; treat the file with suspicion", "正常证照远小于该限制，请谨慎对待该文件"},
    {"PKG004", E, "two members have the same name: {detail}",
     "压缩包内有重名文件：{detail}", "GB/T 33190-2016 7.1",
     "readers may show different content for such a file; do not accept it", "不同阅读器可能显示不同内容，请勿采信"},
    {"PKG005", E, "unsafe member name: {detail}",
     "压缩包内的文件名不安全：{detail}", "GB/T 33190-2016 7.1",
     "", ""},
    {"PKG006", E, "the package is encrypted: {detail}",
     "文件已加密，无法检查：{detail}", "",
     "ask its maker for a copy that is not encrypted", "请向制作方索取未加密的文件"},
    {"PKG007", E, "a member that is needed is not in the package: {detail}",
     "压缩包内缺少必需的文件：{detail}", "GB/T 33190-2016 7.1",
     "", ""},
    {"PKG008", E, "a member is packed in a way that is not supported: {detail}",
     "压缩包内有文件采用了不支持的压缩方式：{detail}", "",
     "", ""},
    {"PKG009", E, "the package says two things about a member: {detail}",
     "压缩包对同一文件的说明前后矛盾：{detail}", "GB/T 33190-2016 7.1",
     "readers may show different content for such a file; do not accept it", "不同阅读器可能显示不同内容，请勿采信"},
    {"PKG010", E, "the package holds bytes that belong to no member: {detail}",
     "压缩包内有不属于任何文件的多余数据：{detail}", "GB/T 33190-2016 7.1",
     "readers may show different content for such a file; do not accept it", "不同阅读器可能显示不同内容，请勿采信"},
    {"PKG011", E, "a member is not a plain file: {detail}",
     "压缩包内有链接或其他特殊文件：{detail}", "GB/T 33190-2016 7.1",
     "", ""},
    {"PKG012", E, "the contents of a member are damaged: {detail}",
     "压缩包内有文件内容已损坏：{detail}", "GB/T 33190-2016 7.1",
     "fetch the file again from where it came", "请向来源方重新取得该文件"},
    {"PKG013", E, "a member name cannot be read: {detail}",
     "压缩包内有文件名无法识别：{detail}", "GB/T 33190-2016 7.1",
     "", ""},
    {"PKG014", E, "the package would unpack to far more than it can hold: {detail}",
     "压缩包解开后的大小极不正常（疑似压缩炸弹）：{detail}", "",
     "an honest licence stays far below the limits; treat the file with suspicion", "正常证照远小于该限制，请谨慎对待该文件"},
    {"PKG301", I, "member names are in GBK without saying so",
     "压缩包内的文件名采用 GBK 编码且未作标明", "GB/T 33190-2016 7.1",
     "", ""},

    /* SEA: seals */

    /* SIG: signatures and signed values */

    /* STD: departures from a standard that change no answer */

    /* TIM: time */

    /* TPL: templates */

    /* XML: parts of the package */
    {"XML001", E, "not well-formed XML: {detail}",
     "不是合格的 XML：{detail}", "GB/T 33190-2016 7.1",
     "", ""},
    {"XML002", E, "XML with a document type or entities is refused: {detail}",
     "XML 含有文档类型声明或实体，已拒绝：{detail}", "",
     "an honest OFD file holds none; treat it with suspicion", "正常 OFD 文件不含此类内容，请谨慎对待该文件"},
    {"XML003", E, "XML exceeds a limit: {detail}",
     "XML 超过安全限制：{detail}", "",
     "", ""},
    {"XML004", E, "an element or attribute that is needed is missing: {detail}",
     "XML 缺少必需的元素或属性：{detail}", "GB/T 33190-2016",
     "", ""},
    {"XML005", E, "a value is not as the standard wants it: {detail}",
     "XML 中的取值不符合标准：{detail}", "GB/T 33190-2016",
     "", ""},
    {"XML006", E, "XML breaks the rules of namespaces: {detail}",
     "XML 的命名空间写法有误：{detail}", "GB/T 33190-2016",
     "", ""},

    {.code = NULL},
};
/* clang-format on */
