/** Texts for and against one rule. */
export interface RuleExamples {
  readonly rule: string;
  /** Texts in which the rule decides on a number. */
  readonly decides: readonly [string, string, ...string[]];
  /**
   * Texts that lack one condition of the rule, with the rule that decides instead; null for none.
   */
  readonly nearMisses: readonly [NearMiss, ...NearMiss[]];
}

type NearMiss = readonly [text: string, instead: string | null];

/** A long text that does not mention a failure. */
const LONG = "The firmware of the board begins here, and its table of handlers follows it ".repeat(
  12,
);
/** The same, with a failure near the end. */
const LONG_FAILURE = `${LONG}. It cannot go on`;

/** In the order of the decision lists. A new rule needs a row here. */
export const RULE_EXAMPLES: readonly RuleExamples[] = [
  // Malformed tokens.
  {
    rule: "near-miss/beside-keyword",
    decides: ["error 0x080070035", "エラー 0x801c003", "80070005 or 0x8007005 error"],
    nearMisses: [
      ["error 0x00007ff880090029", "notation/length"],
      ["part 0x8007005 of it", "notation/length"],
      ["bluescreen, error 0x8007005", "notation/length"],
    ],
  },
  {
    rule: "near-miss/program-start",
    decides: [
      "The application was unable to start correctly (0x000007b).",
      "Das Programm konnte nicht gestartet werden (0x000007b)",
    ],
    nearMisses: [
      ["The application was unable to start correctly (0x000000000007b).", "notation/length"],
      ["The room is (0x000007b)", "notation/length"],
      ["Blue screen: unable to start (0x000007b)", "notation/length"],
    ],
  },
  {
    rule: "notation/length",
    decides: ["at 0x80070005AB", "commit 80090029f4e1c2b3a49586778695a4b3c2d1e0ff"],
    nearMisses: [["room 80090029", "context/unnamed"]],
  },
  {
    rule: "notation/guid",
    decides: [
      "{80090029-1234-4abc-8def-0123456789ab}",
      "error in 80070005-0000-4000-8000-000000000000",
    ],
    nearMisses: [["key 80090029-1234-4abc", "notation/longer"]],
  },
  {
    rule: "notation/longer",
    decides: ["recovery key 80070643-ABCD", "error 80x80090029"],
    nearMisses: [["error -99999999999", "notation/range"]],
  },
  {
    rule: "notation/range",
    decides: ["error -99999999999", "error 4294967296"],
    nearMisses: [["error 2147942405", "keyword/error"]],
  },

  // The number alone.
  {
    rule: "number/success",
    decides: ["error 0x40000005", "error 1234567890"],
    nearMisses: [["error 0x80000005", "keyword/error"]],
  },
  {
    rule: "number/filling",
    decides: ["error 0xDDDDDDDD", "returns -2147483648"],
    nearMisses: [["error 0xDDDDDDD1", "keyword/unknown-facility"]],
  },
  {
    rule: "number/iokit",
    decides: ["the open failed: (0xE00002BC)", "got return value 0xe000404f"],
    nearMisses: [["driver set-up failed: (0xE0000203)", "keyword/error"]],
  },
  {
    rule: "number/printer",
    decides: ["The printer shows error 0xc19a0003", "print head failure 0xc05d0281"],
    nearMisses: [["Setup failed with 0xC1900101", "keyword/error"]],
  },

  // Exclusions.
  {
    rule: "exclusion/other-system",
    decides: [
      "'fs_open' failed with 0x80010006 : CELL_ENOENT",
      "error SCE_KERNEL_ERROR (0x80020001)",
    ],
    nearMisses: [["'fs_open' failed with 0x80010006 : ENOENT", "keyword/beside-error"]],
  },
  {
    rule: "exclusion/operand",
    decides: ["crashed here: mov eax, 0x80070005", "crashed here: ldr r0, =0xC0000022"],
    nearMisses: [["crashes on my x64 PC, 0x80070643", "context/alone"]],
  },
  {
    rule: "exclusion/base64",
    decides: [
      "error fFE7BB24/b1DECFBF2D/FD02DZEF2AC3AeC78c==",
      "error AAAAAAAAAAAA+80070005/AAAAAAAAAAAAA=",
      "error AAAAAAAAAAAA+8OO70005/AAAAAAAAAAAAA=",
    ],
    nearMisses: [
      ["error 80090029/80070005", "list/behind-code"],
      ["error 0x80090029/AAAAAAAAAAAAAAAAAA==", "keyword/beside-error"],
    ],
  },
  {
    rule: "exclusion/machine-number",
    decides: ["time stamp: 0xc0addd38", "Décalage d\u2019erreur : 0x8003a385", "flags=0x80000008"],
    nearMisses: [["The scan stops at this entry: 0x80508023", "context/alone"]],
  },
  {
    rule: "exclusion/report-time",
    decides: [
      "Event Name: APPCRASH\nP2: 10.0.1.2\nP3: 80240017\nP4: example.dll",
      "P5: 10.0.22621.3672 P6: 8024001e P7: c0000374",
    ],
    nearMisses: [
      ["Event Name: WindowsUpdateFailure3\nP2: 8024402c", "keyword/code"],
      ["P5: 10.0.22621.3672 P6: 0x8024001e", "keyword/code"],
    ],
  },
  {
    rule: "exclusion/everyday-number",
    decides: ["order no. 80090029", "エラーの件、電話番号は 2147942405 です"],
    nearMisses: [
      ["It cannot open the invoice: 0x80070570", "context/alone"],
      ["error 80090029", "keyword/error"],
    ],
  },
  {
    rule: "exclusion/longer-name",
    decides: ["example/8024A10A", "fileabcxyz80070643"],
    nearMisses: [
      ["Fehler80070643", "keyword/error"],
      ["it said 8024A10A", "context/distinctive-letters"],
    ],
  },
  {
    rule: "exclusion/sign-extended-bare",
    decides: ["ffffffff80100008", "at the place FFFFFFFF80090029"],
    nearMisses: [
      ["error FFFFFFFF80090029", "keyword/sign-extended-bare"],
      ["it is 0xffffffff80090029", "context/unnamed"],
    ],
  },
  {
    rule: "exclusion/address",
    decides: ["KERN_INVALID_ADDRESS at 0xc0000010", "It was called by 0x80070005"],
    nearMisses: [
      ["It was at 0xc0000010 error", "keyword/behind"],
      ["It is in 0xc0000010", "context/alone"],
    ],
  },
  {
    rule: "exclusion/stack-frame",
    decides: ["#3 0x80016657 in example_init ()", "#12  0x80070005 example"],
    nearMisses: [
      ["#3 0x80070005 error", "keyword/behind"],
      ["3 0x80070005 example", "context/alone"],
    ],
  },
  {
    rule: "exclusion/stack-function",
    decides: ["0x80016657 in example_init ()", "0x80070005 in ??"],
    nearMisses: [
      ["error 0x80070005 in example_init ()", "keyword/beside-error"],
      ["0x80070005 in my mail", "context/alone"],
    ],
  },
  {
    rule: "exclusion/stack-offset",
    decides: ["18: 0x8025a337 - <unknown>", "0x80070005 example_init + 12"],
    nearMisses: [
      ["error 0x80070005 - <unknown>", "keyword/beside-error"],
      ["0x80070005 example_init", "context/alone"],
    ],
  },
  {
    rule: "exclusion/stack-brackets",
    decides: ["libexample.so(+0x1e0)[0x8052e1e0]", "example(main)[0x80070005]"],
    nearMisses: [
      ["error (example)[0x80070005]", "keyword/error"],
      ["example[0x80070005]", "context/alone"],
      ["example(main)[0x80070005 x", "context/alone"],
    ],
  },
  {
    rule: "exclusion/range-start",
    decides: ["It is within 0x80125000..0x801CF800", "0x8003C170 -> 0x8003C6B4"],
    nearMisses: [
      ["error 0x80070005..0x80070006", "keyword/beside-error"],
      ["0x80070005.. what", "context/alone"],
    ],
  },
  {
    rule: "exclusion/range-dash",
    decides: ["0x80fe4700 - 0x80fe79aa example", "0x80070005-0x80070020"],
    nearMisses: [
      ["error 0x80070005-0x80070020", "keyword/beside-error"],
      ["[0x80070005-0x000004dc-0x00000524]", "context/alone"],
    ],
  },
  {
    rule: "exclusion/range-end",
    decides: ["0x8003C170 -> 0x8003C6B4", "It is within 0x1250..0x80070005"],
    nearMisses: [
      ["0x1250..0x80070005 error", "keyword/behind"],
      ["to 0x80070005", "context/alone"],
    ],
  },
  {
    rule: "exclusion/range-dash-end",
    decides: ["0x80fe4700 - 0x80fe79aa example", "0x7fe4700-0x80070005"],
    nearMisses: [
      ["0x7fe4700-0x80070005 error", "keyword/behind"],
      ["so - 0x80070005", "context/alone"],
    ],
  },
  {
    rule: "exclusion/first-argument",
    decides: ["It hangs in open(0x80070005, 0x1e)", "call(name, 0x80070005, flags)"],
    nearMisses: [
      ["It failed(0x80070005, name)", "keyword/beside-error"],
      ["open (0x80070005, text)", "context/alone"],
      ["open(0x80070005)", "context/alone"],
    ],
  },
  {
    rule: "exclusion/last-argument",
    decides: ["It hangs in open(0x1e, 0x80070005)", "call(name, 0x2, 0x80070005)"],
    nearMisses: [
      ["open(0x1e, 0x80070005 error", "keyword/behind"],
      ["open (0x80070005)", "context/alone"],
    ],
  },
  {
    rule: "exclusion/stop-parameter",
    decides: ["STOP 0x0000000A (0xBFD14AAC, 0x8007F67C)", "bugcheck: 0x1a (0x80070005)"],
    nearMisses: [
      ["STOP 0x0000000A (0x80070005 error", "keyword/behind"],
      ["It stands (0x80070005)", "context/alone"],
    ],
  },
  {
    rule: "exclusion/pointer",
    decides: ["The player shows (1, -2147418111)", "It holds (12, 0x80070005)"],
    nearMisses: [
      ["It holds (1, 0x80070005) error", "keyword/behind"],
      ["It holds (0x80070005)", "context/alone"],
      ["It holds (12, 0x80070005 x", "context/alone"],
    ],
  },
  {
    rule: "exclusion/cast",
    decides: ["0x80070005 as *const u8", "it is 0x80090029  as *mut c_void"],
    nearMisses: [
      ["error 0x80070005 as *const u8", "keyword/beside-error"],
      ["0x80070005 as told", "context/alone"],
    ],
  },
  {
    rule: "exclusion/size",
    decides: ["Dump file size: 0x80070000 bytes", "an image of 0xC0000022 bytes"],
    nearMisses: [
      ["error 0x80070005 bytes", "keyword/beside-error"],
      ["It shows 0x80070005 bits", "context/alone"],
    ],
  },
  {
    rule: "exclusion/value-of-name",
    decides: ["run (s=0x80022a01)", "register it(opt=*0xd0100ce0)"],
    nearMisses: [
      ["lastError=0x80070005", "keyword/beside-error"],
      ["the thing: 0x80070005", "context/alone"],
    ],
  },
  {
    rule: "exclusion/register",
    decides: ["r4 800a45c0", "A0      : 0x801105f0"],
    nearMisses: [
      ["error on R2 0x80070005 error", "keyword/behind"],
      ["on Server R2, 0x80072EE2", "context/alone"],
    ],
  },
  {
    rule: "exclusion/memory-address",
    decides: ["80220040: 886a0000 2f830000 80040000", "80070005: 0000 0001 0002"],
    nearMisses: [
      ["error 80070005: 0000 0001 0002", "keyword/error"],
      ["80072EE7: it says", "context/distinctive-letters"],
    ],
  },
  {
    rule: "exclusion/memory-row",
    decides: ["dump\n80220040: 886a0000 2f830000 80040000", "10220040: 00000000 80070005"],
    nearMisses: [
      ["10220040: 00000000 80070005 error", "keyword/behind"],
      ["as of 2026: 80072EE7", "context/distinctive-letters"],
    ],
  },
  {
    rule: "exclusion/module-time",
    decides: ["1.2.0.0, laikspiedols: 0x80fe12aa", "10.0.1.2, something: 0x80070005"],
    nearMisses: [
      ["10.0.1.2, error: 0x80070005", "keyword/beside-error"],
      ["10.0, something: 0x80070005", "context/alone"],
    ],
  },

  {
    rule: "exclusion/phone",
    decides: [
      "Rückruf unter 0151 80070057, die Installation ist fehlgeschlagen",
      "Callback at +49 151 80070057, it failed",
      "01 80070057, Windows ne démarre pas",
    ],
    nearMisses: [
      ["0151 8007005E, it failed", "context/distinctive"],
      ["Windows 11 80070057, it failed", "context/distinctive"],
      ["It failed\n2026-01-05 12:30:05 80240020", "context/distinctive"],
      ["01/05/2026 80240020, it failed", "context/distinctive"],
      ["0151 80070057 error", "keyword/behind"],
      ["0151 2147942487, it failed", "context/unnamed"],
    ],
  },

  // Keywords and neighbours.
  {
    rule: "number/count",
    decides: ["tensor of 3221225473", "it counts to -2147483640"],
    nearMisses: [
      ["exit code 3221225477", "keyword/code"],
      ["value 2147942405 shown", "context/unnamed"],
    ],
  },
  {
    rule: "number/round",
    decides: ["error 0x80670000", "0x80090000"],
    nearMisses: [["error 0x80070000", "keyword/beside-error"]],
  },
  {
    rule: "keyword/misspelt",
    decides: ["Fehler Ox80070005", "Error code x80070005 on sign in", "Update error 0x8O070643"],
    nearMisses: [
      ["it said Ox80070005", "context/unnamed"],
      ["Fehler Ox81990005", "keyword/unknown-facility"],
      ["Fehler 0x80070005", "keyword/beside-error"],
    ],
  },
  {
    rule: "keyword/sign-extended-bare",
    decides: ["error FFFFFFFF80090029", "failed: ffffffff8009c422"],
    nearMisses: [["error 0xffffffff80090029", "keyword/error"]],
  },
  {
    rule: "pair/second-spelling",
    decides: ["-2146233088 (0x80131500)", "(--1073445695/ 0xc00484c1)"],
    nearMisses: [
      ["-2146233088 (0x80131501)", "context/alone"],
      ["-2120679419 (0x81990005)", "keyword/unknown-facility"],
    ],
  },
  {
    rule: "keyword/code",
    decides: ["exit code -2061893606", "error code: c0000005", "HRESULT 0x8BAD0031"],
    nearMisses: [
      ["error -2061893606", "keyword/error"],
      ["error code 81990005", "keyword/unknown-facility"],
    ],
  },
  {
    rule: "keyword/beside-error",
    decides: ["Fehler 0x8BAD0031", "エラー「0x81990019」"],
    nearMisses: [
      ["Fehler, und das ist 0x8BAD0031", null],
      ["Fehler 8BAD0031", null],
      ["Fehler 0xD1AD0031", "keyword/unknown-facility"],
    ],
  },
  {
    rule: "keyword/error",
    decides: ["error -895352829", "エラー801c03ed", "got return value: 80070005"],
    nearMisses: [
      ["it is 801c03ed", "context/distinctive-letters"],
      ["error -1851400000", "keyword/unknown-facility"],
    ],
  },
  {
    rule: "keyword/behind",
    decides: ["80244019 error on WSUS client", "80072ee2エラーが出ます"],
    nearMisses: [
      ["the 80100014 errors of a week", null],
      ["81990005 error", "keyword/unknown-facility"],
    ],
  },
  {
    rule: "keyword/column",
    decides: ["Host,Exit code\nPC-1,-2147024891\n", "| PC | Code |\n|---|---|\n| A | 80070643 |"],
    nearMisses: [
      ["Host,Room\nPC-1,80070005\n", "context/unnamed"],
      ["Host,Exit code\nPC-1,81990005\n", "keyword/unknown-facility"],
    ],
  },
  {
    rule: "list/behind-code",
    decides: ["エラー 80244019、続いて 8024402C", "[0x801c0021/0x80072ee2]"],
    nearMisses: [
      ["error 80244019 while we had 2147942405", "context/unnamed"],
      ["error 80244019, 81990005", "keyword/unknown-facility"],
    ],
  },
  {
    rule: "pair/com-scode",
    decides: [
      "(-2147352567, 'Text.', (0, None, None, None, 0, -2110000000), None)",
      "(-1, 'Text.', (0, 'a', 'b', None, 0, -2110000001), 3)",
    ],
    nearMisses: [["(0, None, None, None, 1, -2110000000), None", "context/unnamed"]],
  },
  {
    rule: "keyword/unknown-facility",
    decides: ["error code 81990005", "error -1851400000"],
    nearMisses: [["a thing 0x81990005", "context/unnamed"]],
  },

  // The surrounding text.
  {
    rule: "context/alone",
    decides: ["0x80090029", `${LONG}\n0x80090029\n${LONG}`],
    nearMisses: [
      ["80090029", "context/unnamed"],
      [`${LONG}: the handler is 0x80090029.`, "context/unnamed"],
      ["0x81990029", "context/unnamed"],
    ],
  },
  {
    rule: "context/failure",
    decides: [
      `${LONG_FAILURE}, said 0x80090029 then.`,
      `${LONG_FAILURE} on Monday, 0x80070005 now.`,
    ],
    nearMisses: [
      [`${LONG_FAILURE}, said 2148073514 then.`, null],
      [`${LONG_FAILURE}, said 0x8009f029 then.`, "context/unnamed"],
      [`${LONG}, said 0x80090029 then.`, "context/unnamed"],
    ],
  },
  {
    rule: "context/distinctive",
    decides: ["Windows Update 80244019", "Only with VPP (-2016330861): install failed"],
    nearMisses: [
      ["it is 80244019", "context/unnamed"],
      ["Windows shows 80310001", "context/unnamed"],
      ["Windows has 0xffffffff80244019", "context/unnamed"],
      ["Windows has 2149859353", "context/unnamed"],
    ],
  },
  {
    rule: "context/entra-decimal",
    decides: ["Outlook shows [4usqa] 3400019683", "Teams says 3399614465 today"],
    nearMisses: [
      ["The cat has 3400019683 hairs", "context/unnamed"],
      ["Outlook shows 3405019683", "number/count"],
      ["Outlook shows 0xCAA82EE3", "context/alone"],
      ["Outlook shows 0xffffffffcaa82ee3", "context/unnamed"],
    ],
  },
  {
    rule: "context/distinctive-letters",
    decides: ["activation C004F074 on 12 PCs", "[10:15] Alex: caa70007 lol"],
    nearMisses: [
      ["it is 80244019", "context/unnamed"],
      ["it is 8031000A", "context/unnamed"],
      [`${LONG} C004F074 ${LONG}`, "context/unnamed"],
      ["it is -895352829", "context/unnamed"],
    ],
  },
  {
    rule: "exclusion/goods-nearby",
    decides: ["Please send the items soon, we need 80070643", "The order of 2147942405 pieces"],
    nearMisses: [
      ["Please send it soon, we need 80070643", "context/unnamed"],
      ["Please send the items soon, it fails: 80310001", "context/unnamed"],
      ["Please send the items soon, we need 8031000A", "context/unnamed"],
    ],
  },
  {
    rule: "context/unnamed",
    decides: ["80090029", "wert 2148073513"],
    nearMisses: [["Fehler 80090029", "keyword/error"]],
  },

  // Small numbers.
  {
    rule: "win32/http-status",
    decides: ["error 404: The file is missing", "HTTP 429; system error 500"],
    nearMisses: [
      ["error 5: The file is missing", "win32/message"],
      ["error 0x000001f4", "win32/eight-digits"],
      ["system error 487", "win32/keyword"],
    ],
  },
  {
    rule: "win32/errno",
    decides: ["no space left (os error 28)", "OSError(22, 'closed')"],
    nearMisses: [
      ["system error 28", "win32/keyword"],
      ["cannot connect (os error 10060)", "win32/keyword"],
      ["read C:\\example: (os error 3)", "win32/keyword"],
      ["OS Error 2: The system cannot find the file.", "win32/keyword"],
    ],
  },
  {
    rule: "win32/device-code",
    decides: [
      "This device cannot start. (Code 10) The specified request failed",
      "Das Gerät meldet (Code 43): Der Vorgang ist fehlgeschlagen",
    ],
    nearMisses: [
      ["It failed (code 1603) in the set-up", "win32/installer"],
      ["It failed (error 10): The environment is incorrect", null],
      ["It failed (code 0x0000000a)", "win32/eight-digits"],
    ],
  },
  {
    rule: "win32/other-product",
    decides: ["Oracle error 12154", "MySQL cannot connect, error 10061"],
    nearMisses: [
      ["It cannot connect, error 10061", "win32/own-range"],
      ["MySQL: system error 10061", "win32/keyword"],
    ],
  },
  {
    rule: "win32/stop-code",
    decides: [
      "Blue screen, error 0x0000009f",
      "STOP 0x0000007B (0xFFFFF880009A98E8, 0x0)",
      "error 0x0000001a (0x0000000000041790, 0x0)",
    ],
    nearMisses: [
      ["The spooler shows error 0x0000009f", "win32/eight-digits"],
      ["Before the blue screen: system error 53", "win32/keyword"],
    ],
  },
  {
    rule: "win32/success",
    decides: ["exit code 0x00000001", "result 0x1"],
    nearMisses: [
      ["exit code 0x00000002", "win32/eight-digits"],
      ["system error 1", "win32/keyword"],
    ],
  },
  {
    rule: "win32/keyword",
    decides: [
      "ΣΦΆΛΜΑ ΣΥΣΤΉΜΑΤΟΣ 5",
      "[WinError 5] denied",
      "システム エラー 53 が発生しました",
      "Win32 error 0x00000005",
    ],
    nearMisses: [
      ["error 5 of another program", null],
      ["Win32 error 0x5", null],
    ],
  },
  {
    rule: "win32/security-insert",
    decides: ["Accesses: READ_CONTROL %%1538", "Failure Reason: %%2313", "Direction: %%14592"],
    nearMisses: [
      ["The service ended with the error: %%1938", "win32/event-insert"],
      ["It ended: %%1062", "win32/event-insert"],
      ["Accesses: READ_CONTROL (1538)", null],
      ["Accesses: %%0x602", null],
    ],
  },
  {
    rule: "win32/event-insert",
    decides: ["The service ended with the following error:\n%%1053", "It ended: %%5"],
    nearMisses: [
      ["It ended: %1053", null],
      ["It ended: %%0x35", null],
    ],
  },
  {
    rule: "win32/eight-digits",
    decides: [
      "Operation could not be completed (error 0x00000709).",
      "Fehler 0x00000bcb",
      "Error [0x0808fe] MIG Plugin failed.[gle=0x00000490]",
    ],
    nearMisses: [
      ["error 0x709", null],
      ["handle 0x00000709", "win32/eight-digits-unnamed"],
      ["error 0x00008000", "win32/eight-digits-unnamed"],
      ["GENERAL_ERROR 0x00000005", "win32/eight-digits-unnamed"],
    ],
  },
  {
    rule: "win32/printing",
    decides: ["printer: 0x0000011b", "プリンターに接続できません 0x0000011b"],
    nearMisses: [
      ["printer: 0x11b", null],
      ["printer flags 0x0000011b", "win32/eight-digits-unnamed"],
      ["scanner: 0x0000011b", "win32/eight-digits-unnamed"],
    ],
  },
  {
    rule: "win32/twin",
    decides: [
      "robocopy: ERROR 5 (0x00000005) Copying File",
      "The join failed: 1355 / 0x54B",
      "Replication failed: 8453 (0x2105)",
    ],
    nearMisses: [
      ["It failed: 1355 / 0x54C", null],
      ["It holds 1355 / 0x54B", null],
    ],
  },
  {
    rule: "win32/message",
    decides: [
      "Error 1069: The service did not start due to a logon failure.",
      "ErrorCode 1326 ErrorDescription The user name or password is incorrect.",
      "Fehler 5: Zugriff verweigert",
      "Access is denied. (5)",
    ],
    nearMisses: [
      ["chapter 5: The system", null],
      ["error 1045: Access denied for the user", null],
    ],
  },
  {
    rule: "win32/sentence",
    decides: [
      "CreateProcess failed, GLE=193.",
      "[SC] StartService FEHLER 1053:",
      "NetUseAdd to the share returned 1326",
    ],
    nearMisses: [
      ["Copyfiles failed with 10 files", null],
      ["The job says StartService failed 3 times.", null],
    ],
  },
  {
    rule: "win32/function-behind",
    decides: ["(1058, 'StartService', 'The service", "code error 1219 on api.WNetAddConnection2()"],
    nearMisses: [
      ["(1045, 'Access denied', 'for the user", null],
      ["it is 1219 on api.WNetAddConnection2()", null],
    ],
  },
  {
    rule: "win32/own-range",
    decides: ["error 10060", "Code=12029, Text=it cannot connect", "IKE: error 13801"],
    nearMisses: [
      ["it is 10060", null],
      ["error 11999", null],
      ["error 10486", null],
      ["error 0x2ee7", null],
    ],
  },
  {
    rule: "win32/installer",
    decides: [
      "Install failed with exit code 1618",
      "MainEngineThread is returning 1603",
      "Installationsfehler: Fehler 1625",
      "msiexec /i client.msi exits with 1619",
    ],
    nearMisses: [
      ["The car failed with code 1618", null],
      ["In the install log it is 1603", null],
      ["Install failed with error 1714", null],
      ["Install failed with error 0x652", null],
      ["Install: error 1606. Could not access the network location", null],
    ],
  },
  {
    rule: "win32/service",
    decides: [
      "Der Dienst startet nicht (Fehler 1069, Anmeldung schlug fehl)",
      "O serviço não inicia. Erro 1057: nome da conta",
      "서비스를 시작할 수 없습니다. 오류 1054: 스레드",
    ],
    nearMisses: [
      ["The engine does not start, error 1069", null],
      ["The service of room 1069 is in error", null],
      ["The service ended with error 1100", null],
      ["The service ended with error 0x42b", null],
    ],
  },
  {
    rule: "win32/vpn",
    decides: [
      "One laptop always ends with VPN Error 720",
      "The event is 20227, RasClient - error 1931.",
      "some of the VPN tunnels failed. (Error 800).",
      "VPN-Verbindung: Fehler 691",
      "VPN に接続できません。エラー 809",
    ],
    nearMisses: [
      ["The door ends with error 720", null],
      ["On the VPN it is 720", null],
      ["VPN error 99", null],
      ["VPN error 0x2d0", null],
      ["Cisco VPN error 720", null],
    ],
  },
  {
    rule: "win32/directory",
    decides: [
      "The replication of the domain failed with status 8453",
      "repadmin: (8524) the last attempt",
      "Error: 9033 (as DFSR counts)",
    ],
    nearMisses: [
      ["It failed with status 8453", null],
      ["The replication is 8453", null],
      ["The replication failed with status 7453", null],
    ],
  },
  {
    rule: "win32/dfsr",
    decides: [
      "Error: 160 (One or more arguments are not correct.)",
      "Additional information:\nError: 1460 (Some operation came back too late)",
    ],
    nearMisses: [
      ["Fault: 160 (One or more arguments are not correct.)", null],
      ["Error: 160 (one)", null],
    ],
  },
  {
    rule: "win32/dism",
    decides: [
      "DISM\n\nError: 87\n\nThe option is unknown",
      "Deployment Image Servicing\n\nFehler: 50\n",
    ],
    nearMisses: [
      ["\nError: 87\n\nThe option is unknown", null],
      ["DISM shows error 87", null],
      ["DISM\n\nError: 0x57\n", null],
    ],
  },
  {
    rule: "win32/access-denied",
    decides: [
      "the service says acces denied 5 error",
      "access denied (error 5)",
      "error 5: access denied",
      "It ended with 0x5 (Access denied)",
    ],
    nearMisses: [
      ["denied 6 error", null],
      ["denied (5) times", null],
      ["ordered 5 error", null],
    ],
  },
  {
    rule: "win32/eight-digits-unnamed",
    decides: ["handle 0x00000709", "0x00000005"],
    nearMisses: [["handle 0x709", null]],
  },
];
