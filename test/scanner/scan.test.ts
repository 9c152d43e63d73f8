import { expect, test } from "vitest";
import { symbolKey } from "../../src/hresult/symbol-hash.ts";
import { scan } from "../../src/scanner/scan.ts";

const cases: [text: string, codes: string[], why: string][] = [
  ["failed with 0x80070005", ["0x80070005"], "plain hex"],
  ["Error (0x8024402c).", ["0x8024402C"], "lower case, punctuation"],
  ["0X80072F0C", ["0x80072F0C"], "capital X"],
  ["0x8009_0029", ["0x80090029"], "underscore inside"],
  ["return 0x80090029L;", ["0x80090029"], "the suffix L"],
  ["mov ebx, error 80070005h", ["0x80070005"], "the suffix h, with a keyword"],
  ["error code: 0xffffffff80090029", ["0x80090029"], "sign-extended, with a keyword"],
  ["exit code -2147024891", ["0x80070005"], "signed decimal"],
  ["exit code --2147024891", ["0x80070005"], "signed decimal after a dash"],
  ["exit code \u22122147024891", ["0x80070005"], "a real minus sign"],
  ["error -895352829", ["0xCAA20003"], "signed decimal of nine digits"],
  ["error 2148073513", ["0x80090029"], "unsigned decimal"],
  ["エラー値: 2147943726。", ["0x8007052E"], "unsigned decimal between Japanese punctuation"],
  ["exit code 3221225781", ["0xC0000135"], "an NTSTATUS, unsigned, with a keyword"],
  ["Error #-2146762486: CERT", ["0x800B010A"], "signed decimal after a number sign"],
  ["(--1073445695/ 0xc00484c1)", ["0xC00484C1"], "a pair of decimal and hex for one code"],
  ["If Err.Number = &H80070005 Then", ["0x80070005"], "as Visual Basic writes it"],
  ["error 0x8007 0005", ["0x80070005"], "a stray blank inside"],
  ["エラーコード:0x8013150 9", ["0x80131509"], "a stray blank near the end"],
  ["System\r\nerror 1612", ["0x8007064C"], "a line of a mail ends within a keyword"],
  ["0x80070005_0X80070002", ["0x80070005", "0x80070002"], "two codes with different prefixes"],
  ["0x80070005_0x80070002.png", ["0x80070005", "0x80070002"], "two codes joined by an underscore"],
  [
    "e_0x80070005_0x80004005_0x80070002",
    ["0x80070005", "0x80004005", "0x80070002"],
    "three of them",
  ],
  ["Error code:\n0x80041016", ["0x80041016"], "label and number on two lines"],
  ["HResult\t\n\n-2146233082", ["0x80131506"], "a blank line between label and number"],
  ["HRESULT = '8000000A'", ["0x8000000A"], "bare, in quotes"],
  ["&lt;hr&gt;80131500&lt;/hr&gt;", ["0x80131500"], "bare, in an escaped element"],
  ["P2: 8024402c", ["0x8024402C"], "bare, a parameter of a crash report"],
  ["LogHr(1807) tid(163c) 80070002 text", ["0x80070002"], "bare, after numbers that a logger adds"],
  ["IN_PAGE_ERROR_c0000006_Example.dll", ["0xC0000006"], "bare, between underscores"],
  ["サインインでCAA50021というエラー", ["0xCAA50021"], "a code of Entra ID, bare, between kana"],
  ["エラー CAA50021", ["0xCAA50021"], "a code of Entra ID, bare, after a keyword"],
  ["[WinError 5] denied", ["0x80070005"], "a Win32 error in decimal"],
  ["System Error 1612.", ["0x8007064C"], "a Win32 error of the installer"],
  ["システム エラー 5 が発生しました", ["0x80070005"], "a Win32 error in Japanese"],
  ["Systemfehler 53 aufgetreten", ["0x80070035"], "a Win32 error in German"],
  ["cannot connect (os error 10060)", ["0x8007274C"], "a Win32 error as Rust writes it"],
  ["read C:\\example: (os error 3)", ["0x80070003"], "a Win32 error near a Windows path"],
  ["no space left (os error 28)", [], "an errno of Linux"],
  ["[0x801c0021/0x80072ee2]", ["0x801C0021", "0x80072EE2"], "two codes with a slash between"],
  ["0xC1900101 - 0x20017", ["0xC1900101"], "the second number of Windows Setup is not a code"],
  ["未指定的错误0x80072ee7", ["0x80072EE7"], "after Chinese"],
  ["0x8007064c를 확인", ["0x8007064C"], "before a Korean particle"],
  ["エラー-2145647539", ["0x801C044D"], "signed decimal after kana"],
  ["エラー801c03ed", ["0x801C03ED"], "bare, after kana"],
  ["エラーコード80180003を使用して", ["0x80180003"], "bare, between kana"],
  ["更新0x80070490更新", ["0x80070490"], "between kanji"],
  ["error0x80090029", ["0x80090029"], "directly after a word"],
  ["error code: c0000005", ["0xC0000005"], "bare, with a letter"],
  ["0x80070005 then 0x80070005", ["0x80070005"], "a code that occurs twice is found once"],
  ["0x80004005 caused 0x80070002", ["0x80004005", "0x80070002"], "in the order of the text"],
  ["0x801C000F", ["0x801C000F"], "a code that reports a success"],
  ["0xC000006D", ["0xC000006D"], "NTSTATUS"],
  ["0xD000006D", ["0xD000006D"], "NTSTATUS in an HRESULT"],
  ["0xE0434352", ["0xE0434352"], "the customer bit"],
  [
    "HRESULT: 0 x 80041003",
    ["0x80041003"],
    "blanks around the x, as machine translation writes it",
  ],
  ["HRESULT: 0x 80041003", ["0x80041003"], "a blank after the prefix"],
  ["HRESULT: 0 x80041003", ["0x80041003"], "a blank within the prefix"],
  [
    "box 0 x 80041003 pieces of 10x 80041004",
    ["0x80041003"],
    "in '10x 80041004' the x belongs to the 10",
  ],
  ["died with 0xC0000409 in Example6Core", ["0xC0000409"], "the name of a program after it"],
  ["Mail crashes with 0x80070005 in mail.exe", ["0x80070005"], "a file name after it"],
  [
    "-2146233088 (0x80131500)",
    ["0x80131500"],
    "the same code in decimal and hex, without a keyword",
  ],
  ["ex.HResult != -2146233088", ["0x80131500"], "in a comparison of program code"],
  [
    "Err.Number = -2147217873 Or -2147217900",
    ["0x80040E2F", "0x80040E14"],
    "a list in program code",
  ],
  ["エラー 80244019、続いて 8024402C", ["0x80244019", "0x8024402C"], "a list in Japanese"],
  ["Fehler 80244019 oder 8024402C", ["0x80244019", "0x8024402C"], "a list in German"],
  ["error codes (e.g., CAA2000B, CAA30194)", ["0xCAA2000B", "0xCAA30194"], "a list of examples"],
  [
    "Only with VPP (-2016330861): install failed",
    ["0x87D13B93"],
    "Intune, signed, without a keyword",
  ],
  ["Error code 80073712/80244019", ["0x80073712", "0x80244019"], "a slash between two, bare"],
  [
    "8024A10A/0x800F0922 failed",
    ["0x8024A10A", "0x800F0922"],
    "the second code confirms the first",
  ],
  ["hr = 0x80041354The operation is not valid", ["0x80041354"], "a sentence without a blank"],
  ["failed: 0x80070005Access is denied", ["0x80070005"], "a sentence that begins like a digit"],
  ["Fehler 0x8BAD0031", ["0x8BAD0031"], "directly after the word for error, any facility counts"],
  ["エラー「0x81000019」", ["0x81000019"], "in brackets after the word for error"],
  ["ntstatus: 0xC0000008n", ["0xC0000008"], "as JavaScript writes it"],
  ["CreateDeviceHr=0x88760868", ["0x88760868"], "Hr at the end of a name"],
  ["Sig[7].Name=Exception Code\nSig[7].Value=c0000409", ["0xC0000409"], "a crash report in lines"],
  ["<Data>0.0.0.0</Data><Data>c0000005</Data>", [], "in an XML element: tentative"],
  ["It ends with an 80180014 error.", ["0x80180014"], "the word for error after it"],
  ["the 80100014 errors of a week", [], "a count of errors"],
  ["WindowsError: [Error 5] Access is denied", ["0x80070005"], "as an older Python writes it"],
  ["[Error 5] of another program", [], "nothing names Windows"],
  ["ControlService Start Error (1058)", ["0x80070422"], "a function of the service manager"],
  ["StartService failed with error 1056", ["0x80070420"], "a function of the service manager"],
  ["CreateProcessW() failed with error code 193:", ["0x800700C1"], "a function of Windows"],
  ["CreateFileW returns an error code 31", ["0x8007001F"], "a function of Windows"],
  ["LogonUserA() failed. (Code=1326)", ["0x8007052E"], "a function of Windows"],
  ["CreateProcess failed, GLE=193.", ["0x800700C1"], "a function of Windows"],
  [
    "(1058, 'StartService', 'The service",
    ["0x80070422"],
    "the function after it, as Python prints it",
  ],
  ["(1045, 'Access denied', 'for the user", [], "a Python tuple of a database error"],
  ["[SC] StartService FEHLER 1053:", ["0x8007041D"], "sc.exe in German"],
  ["[SC] StartService 失败 1053:", ["0x8007041D"], "sc.exe in Chinese"],
  [
    "Windows could not start the Example service on Local Computer.\n\nError 1053: The service",
    ["0x8007041D"],
    "the dialog of the Services console",
  ],
  ["win error 5", ["0x80070005"], "WinError as two words"],
  ["StartService failed (1056)", ["0x80070420"], "a function that failed"],
  [
    "CreateProcessWithLogonW failed with 1326",
    ["0x8007052E"],
    "a function that failed with this number",
  ],
  ["The job says StartService failed 3 times.", [], "the number says how often"],
  ["CreateFile works with 5 servers", [], "the number says how many"],
  ["Copyfiles failed with 10 files", [], "the number says how many"],
  ["(404, 'NotFound', 'the page')", [], "a Python tuple of a web server"],
  [
    "Windows fails on my x64 PC, 0x80070643.",
    ["0x80070643"],
    "PC and R2 are also names of registers",
  ],
  ["Error on Server 2012 R2, 0x80072EE2", ["0x80072EE2"], "PC and R2 are also names of registers"],
  [
    "error 0x8007000B (BadImageFormatException)",
    ["0x8007000B"],
    "with the name of a .NET exception after it",
  ],
  [
    "cannot open it (error 5: Access is denied.)",
    ["0x80070005"],
    "with the Windows message after it",
  ],
  ["Fehler 5: Zugriff verweigert", ["0x80070005"], "with the Windows message in German"],
  ["error 1045: Access denied for the user", [], "the message of a database"],
  ["error 404: The file is missing", [], "an HTTP status"],
  ["chapter 5: The system", [], "nothing names an error"],
  ["Create Process error=2", ["0x80070002"], "CreateProcess as two words"],
  [
    "The custom action Setup returned actual error code 1612",
    ["0x8007064C"],
    "an error of Windows Installer",
  ],
  ["CreateProcess error=740, elevation", ["0x800702E4"], "as Java writes it"],
  ["[SC] OpenService FAILED 1060:", ["0x80070424"], "as sc.exe writes it"],
  ["WSAGetLastError() = 10093", ["0x8007276D"], "an error of sockets"],
  ["Системная ошибка 53.", ["0x80070035"], "a Win32 error in Russian"],
  ["Acesso negado. (os error 5)", ["0x80070005"], "the Windows message in Portuguese"],
  ["Permissão negada (os error 13)", [], "the Linux message in Portuguese"],
  ["OSError(22, 'closed')", [], "an errno of Python"],
  ["HTTP 429; system error 500", [], "an HTTP status"],
  ["Код: 8024a105", ["0x8024A105"], "a keyword in Russian"],
  ["kód chyby 8024a105", ["0x8024A105"], "a keyword in Czech"],
  ["kilépési kóddal: -2145648574", ["0x801C0042"], "a keyword in Hungarian"],
  ["avslutningskod:-2145648574", ["0x801C0042"], "a keyword in Swedish"],
  ["hata kodu 80072EFE", ["0x80072EFE"], "a keyword in Turkish"],
  ["código de saída 3221225785", ["0xC0000139"], "a keyword in Portuguese"],
  ["電話で確認した。エラー 80070005", ["0x80070005"], "the nearest keyword counts"],
  [
    "The installation failed, then 0x80CF4017 appeared",
    ["0x80CF4017"],
    "in a text about a failure",
  ],
  ["| Install | 0x8024402C | the device cannot connect |", ["0x8024402C"], "in a table"],
  ["PC-0001;0x80263001;Berlin\n".repeat(9), ["0x80263001"], "in a field of a table"],
  ["It says 0xx80070002 error", ["0x80070002"], "a doubled x in the prefix"],
  ["App setup failed.\nApps (0x81036502)", ["0x81036502"], "an Autopilot code below a heading"],
  [
    "Setup failed: (Last=0xc000000d/87)",
    ["0xC000000D"],
    "a code and a Win32 error with a slash between",
  ],
  ["The renderer crashed (-2147483645)", ["0x80000003"], "a breakpoint, signed"],
  ["The renderer crashed (3221225477)", ["0xC0000005"], "an exception, unsigned"],
  [
    "(-2147352567, 'Failed.', (0, None, None, None, 0, -2146827284), None)",
    ["0x800A03EC"],
    "the inner number is the code, as Python prints a COM error",
  ],
  ["resultaatcode 0xC1900101", ["0xC1900101"], "a keyword in Dutch"],
  ["error 0x80670000", [], "ends in zeros: tentative"],
  ["error 0x80070000", ["0x80070000"], "Win32 error 0, which programs show as an error"],
  ["0x00000000", [], "success"],
  ["0x00000005", [], "a Win32 error without a keyword"],
  ["0x40000005", [], "an information value"],
  ["at 0x80070005AB", [], "longer than 32 bits"],
  ["read 0x7FF80070005", [], "an address"],
  ["at 0x00007ff880090029", [], "a 64-bit address"],
  ["0x8009002", [], "seven digits"],
  ["0x800900290", [], "nine digits"],
  ["error -99999999999", [], "too large for 32 bits"],
  ["error 4294967296", [], "above 32 bits"],
  ["error 1234567890", [], "a success value in decimal"],
  ["error {80090029-1234-4abc-8def-0123456789ab}", [], "a GUID"],
  ["commit 80090029f4e1c2b3a49586778695a4b3c2d1e0ff", [], "a hash"],
  ["sha1 error e0ff80090029f4e1c2b3a495867786", [], "a hash that begins with a letter"],
  ["asset 801C044D77", [], "a longer number"],
  ["", [], "empty text"],
];

test.each(cases)("scan(%j) gives %j: %s", (text, codes) => {
  const { findings } = scan(text);
  expect(findings.filter((each) => !each.tentative).map((each) => each.code)).toEqual(codes);
});

const places: [text: string, literal: string][] = [
  ["failed with 0x80070005.", "0x80070005"],
  ["exit code -2147024891!", "-2147024891"],
  ["エラー801c03edが出ます", "801c03ed"],
  ["\u{1f600} 0x8009_0029L", "0x8009_0029L"],
];

test.each(places)("in %j the finding covers %j", (text, literal) => {
  const [finding] = scan(text).findings;
  expect(text.slice(finding?.start, finding?.end)).toBe(literal);
});

test("reads a code at the end of a very long word, but not at the end of a long number", () => {
  const word = "x".repeat(1_000);
  const [finding] = scan(`${word}Error0x80090029`).findings;
  expect(finding).toMatchObject({ code: "0x80090029", start: 1_005, end: 1_015 });
  expect(scan(`error ${"8".repeat(1_000)}0x80090029`).findings).toEqual([]);
});

const counts: [count: number, codes: string[], why: string][] = [
  [199, ["0x80070005"], "undecided numbers do not affect a later one"],
  [200, [], "after 200 undecided occurrences a number is skipped"],
];

test.each(counts)("after 'error 5' %i times, 'System error 5' gives %j: %s", (count, codes) => {
  const text = `${"error 5 ".repeat(count)}\nSystem error 5 has occurred.`;
  expect(scan(text).findings.map(({ code }) => code)).toEqual(codes);
});

/** A long text that does not mention a failure. */
const LONG = "The firmware of the board begins here, and its table of handlers follows it ".repeat(
  12,
);

const tentative: [text: string, why: string][] = [
  ["80090029", "bare digits"],
  ["wert 2148073513", "an unsigned decimal"],
  ["-2146893783", "a signed decimal"],
  ["0xffffffff80090029", "a kernel address has the same shape"],
  ["error FFFFFFFF80090029", "also without 0x, even after a keyword"],
  [`${LONG}: the handler at work is 0x80090029.`, "nothing near it mentions a failure"],
];

test.each(tentative)("the code in %j is tentative: %s", (text) => {
  expect(scan(text).findings).toMatchObject([{ code: "0x80090029", tentative: true }]);
});

const lookAlikes: [text: string, rule: string][] = [
  ["0x00000005", "win32/eight-digits-unnamed"],
  ["0x40000005", "number/success"],
  ["load of 0xDDDDDDDD", "number/filling"],
  ["0xDEADBEEF", "number/filling"],
  ["0x80000000", "number/filling"],
  ["returns -2147483648", "number/filling"],
  ["{80090029-1234-4abc-8def-0123456789ab}", "notation/guid"],
  ["KERN_INVALID_ADDRESS at 0xc0000010", "exclusion/address"],
  ["#3 0x80016657 in example_init ()", "exclusion/stack-frame"],
  ["0x80016657 in example_init ()", "exclusion/stack-function"],
  ["18: 0x8025a337 - <unknown>", "exclusion/stack-offset"],
  ["libexample.so(+0x1e0)[0x8052e1e0]", "exclusion/stack-brackets"],
  ["0x80fe4700 - 0x80fe79aa example", "exclusion/range-dash"],
  ["run (s=0x80022a01)", "exclusion/value-of-name"],
  ["flags=0x80000008", "exclusion/machine-number"],
  ["access mask 0xc0010000", "exclusion/machine-number"],
  ["Reason Code: 0x80030002", "exclusion/machine-number"],
  ["理由コード: 0x800000ff", "exclusion/machine-number"],
  ["タイム スタンプ: 0x804a425d", "exclusion/machine-number"],
  ["time stamp: 0xc0addd38", "exclusion/machine-number"],
  ["phone 2148073513", "exclusion/everyday-number"],
  ["電話 2148073513", "exclusion/everyday-number"],
  ["order no. 80090029", "exclusion/everyday-number"],
  ["MSPPError=-2147217396", "exclusion/machine-number"],
  ["BackColour=&H80090B16", "exclusion/machine-number"],
  ["r4 800a45c0", "exclusion/register"],
  ["A0      : 0x801105f0", "exclusion/register"],
  ["error: RDMSR from 0xc0010058", "exclusion/machine-number"],
  ["#define EXAMPLE_MSR 0xC0000080", "exclusion/machine-number"],
  ["CPUID leaf 0x80000008 failed", "exclusion/machine-number"],
  ["the driver got the IOCTL code 0x8011E044", "exclusion/machine-number"],
  ["Logon ID: 0x80C1F3A2", "exclusion/machine-number"],
  ["vga16fb: mapped to 0xc00a0000", "exclusion/machine-number"],
  ["invalid read from 0x80a4c010", "exclusion/machine-number"],
  ["separatorColor: '#802E2E2E' // error colour", "exclusion/machine-number"],
  ["Kundennummer 80070643", "exclusion/everyday-number"],
  ["製造番号 C0000142", "exclusion/everyday-number"],
  ["エラーの件、電話番号は 2147942405 です", "exclusion/everyday-number"],
  ["It failed within 0x80125000..0x801CF800", "exclusion/range-start"],
  ["It failed within 0x8003C170 -> 0x8003C6B4", "exclusion/range-start"],
  ["crash in open(0x80070005, 0x1e)", "exclusion/first-argument"],
  ["crash in open(0x1e, 0x80070005)", "exclusion/last-argument"],
  ["STOP 0x0000000A (0xBFD14AAC, 0x8007F67C)", "exclusion/stop-parameter"],
  ["1.2.0.0, laikspiedols: 0x80fe12aa", "exclusion/module-time"],
  ["BackColor       =   &H8000000A&", "exclusion/machine-number"],
  ["tensor of 3221225473", "number/count"],
  ["error -99999999999", "notation/range"],
  ["at 0x80070005AB", "notation/length"],
  ["commit 80090029f4e1c2b3a49586778695a4b3c2d1e0ff", "notation/length"],
  ["asset 801C044D77", "notation/length"],
  ["at 0x00007ff880090029", "notation/length"],
  ["error 4294967296", "notation/range"],
  ["build/8024A10A", "exclusion/everyday-number"],
  ["example/8024A10A", "exclusion/longer-name"],
  ["the open failed: (0xE00002BC)", "number/iokit"],
  ["error code: E00002C2", "number/iokit"],
  ["error -536870206", "number/iokit"],
  ["got return value 0xe000404f", "number/iokit"],
  ["'fs_open' failed with 0x80010006 : CELL_ENOENT", "exclusion/other-system"],
  ["error SCE_KERNEL_ERROR (0x80020001)", "exclusion/other-system"],
  ["register failed(opt=*0xd0100ce0)", "exclusion/value-of-name"],
  ["crashed\n24: 028b018e addeq r0, fp, #-2147483613 ; 0x80000023", "exclusion/operand"],
  ["crashed here: mov eax, 0x80070005", "exclusion/operand"],
  ["crashed here: ldr r0, =0xC0000022", "exclusion/operand"],
  ["dump\n80220040: 886a0000 2f830000 80040000", "exclusion/memory-address"],
  ["ffffffff80100008", "exclusion/sign-extended-bare"],
];

test.each(lookAlikes)("%j holds no code because of the rule %s", (text, rule) => {
  const { findings, ignored } = scan(text);
  expect({ findings, rules: ignored.map((each) => each.rule) }).toEqual({
    findings: [],
    rules: expect.arrayContaining([rule]),
  });
});

const repeated: [text: string, codes: string[], why: string][] = [
  [
    "It failed, mapped at 0xC00B8000, and the test called read(0xC00B8000)",
    [],
    "an address in one place is an address in the other",
  ],
  ["Reads 0x80070005 from MSR 0x80070005", [], "a label that rejects it counts for both places"],
  ["mapped at 0x80070005, error code 0x80070005", ["0x80070005"], "a keyword makes it a code"],
];

test.each(repeated)("scan(%j) gives %j: %s", (text, codes) => {
  const { findings } = scan(text);
  expect(findings.filter((each) => !each.tentative).map((each) => each.code)).toEqual(codes);
});

const slips: [text: string, near: string, why: string][] = [
  ["エラー 0x801c003", "0x801C0003", "a zero is missing"],
  ["error 0x800700005", "0x80070005", "a zero too many"],
];

test.each(slips)("%j is not a code, but %s may be meant: %s", (text, code) => {
  const { findings, ignored } = scan(text);
  expect(findings).toEqual([]);
  expect(ignored[0]?.near).toContain(code);
});

test("an upper-case name is reported by its hash, not as text", () => {
  const text = "NTE_NOT_SUPPORTED and some_name";
  expect(scan(text).symbols).toEqual([{ key: symbolKey("NTE_NOT_SUPPORTED"), start: 0, end: 17 }]);
});

const base64: [text: string, codes: string[], why: string][] = [
  ["error AAAAAA0A+AAAAAAAAAAAAAAAAAA=", [], "it contains a plus"],
  ["error fFE7BB24/b1DECFBF2D/FD02DZEF2AC3AeC78c==", [], "it ends with padding"],
  ["error 80090029+1", ["0x80090029"], "too short for Base64"],
  ["error 80090029/80070005", ["0x80090029", "0x80070005"], "a list of two codes"],
];

test.each(base64)("scan of Base64-like text %j gives %j: %s", (text, codes) => {
  expect(scan(text).findings.map(({ code }) => code)).toEqual(codes);
});
