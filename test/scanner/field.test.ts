import { expect, test } from "vitest";
import { scan } from "../../src/scanner/scan.ts";
import { toPlainText } from "../../src/scanner/text/plain-text.ts";

/** How people and programs really write codes. The wording is invented. */
const kinds: Record<string, readonly (readonly [text: string, codes: string])[]> = {
  "an everyday word before a number with 0x": [
    ["cannot save the item: 0x80040119", "0x80040119"],
    ["no access (0x80070035)", "0x80070035"],
    ["build 0x80070005 does not start", "0x80070005"],
    ["file size (0x800700DF)", "0x800700DF"],
    ["I get it in every call 0x80070005", "0x80070005"],
    ["my phone: 0x80072EFD in Outlook", "0x80072EFD"],
    ["invoice 0x80070570 cannot be opened", "0x80070570"],
    ["This port: 0x80070057", "0x80070057"],
    ["cannot send to this address: 0x800ccc0f", "0x800CCC0F"],
    ["mail to the address (0x8004010F) fails", "0x8004010F"],
    ["e-mail address 0x8004010F", "0x8004010F"],
    ["Die Datei an diese Adresse: 0x8004010F", "0x8004010F"],
  ],
  "a technical number": [
    ["DeviceIoControl IOCTL 0x80002018 failed", ""],
    ["It crashed at address 0x80070005", ""],
    ["crashed, access mask 0x80070005", ""],
    ["Exception code: 0xc0000005 Fault offset: 0x80012345", "0xC0000005"],
    ["Fehleroffset: 0x8003a385\nAusnahmecode: 0xc0000005", "0xC0000005"],
    ["Desplazamiento de errores: 0x8003a385\nCódigo de excepción: 0xc0000005", "0xC0000005"],
    ["障害オフセット: 0x8003a385\n例外コード: 0xc0000005", "0xC0000005"],
    ["錯誤位移: 0x8003a385\n例外代碼: 0xc0000005", "0xC0000005"],
    ["오류 오프셋: 0x8003a385\n예외 코드: 0xc0000005", "0xC0000005"],
    ["Felförskjutning: 0x8003a385\nUndantagskod: 0xc0000005", "0xC0000005"],
    ["Hata uzaklığı: 0x8003a385\nÖzel durum kodu: 0xc0000005", "0xC0000005"],
    ["Hiba eltolása: 0x8003a385\nKivételkód: 0xc0000005", "0xC0000005"],
    ["Posun chyby: 0x8003a385\nKód výjimky: 0xc0000005", "0xC0000005"],
    ["Μετατόπιση σφάλματος: 0x8003a385\nΚωδικός εξαίρεσης: 0xc0000005", "0xC0000005"],
    ["Зсув помилки: 0x8003a385\nКод винятку: 0xc0000005", "0xC0000005"],
  ],
  "a number of goods, people or counts": [
    ["ticket 80070643", ""],
    ["order #80070005 please", ""],
    ["tel 2147942405", ""],
    ["tlf. 80072222, problem", ""],
    ["commit 8007000e", ""],
    ["serial C0000142", ""],
    ["Rechnung Nr. 80070005", ""],
    ["The error is mine, my ID is 2147942405", ""],
    ["invoice 80070643 of customer 2147942405", ""],
  ],
  "a Win32 error in hex": [
    ["Operation failed with error 0x0000011b.", "0x8007011B"],
    ["Error = 0x00000490", "0x80070490"],
    ["8453 (0x2105): Replication access was denied", "0x80072105"],
    ["It failed with status 5 (0x5): Access is denied", "0x80070005"],
    ["error code 0x641(1601)", "0x80070641"],
    ["The error code is 1355 / 0x54B", "0x8007054B"],
    ["ERROR 32 (0x00000020) Copying File", "0x80070020"],
    ["It ended with 0x5 (Access denied)", "0x80070005"],
    ["exit code 0x5", ""],
    ["error 0x00000050 PAGE_FAULT_IN_NONPAGED_AREA", ""],
    ["my computer shows 0x0000007b", ""],
    ["bugcheck 0x0000007e in the log", ""],
    ["error 0x00000000", ""],
  ],
  "a bare code of a distinctive facility": [
    ["8018002A", "0x8018002A"],
    ["WindowsUpdate_80072EE7", "0x80072EE7"],
    ["Teams caa20004 since Monday", "0xCAA20004"],
    ["Autopilot 80180014 in two rooms", "0x80180014"],
    ["OneDrive 8004de40", "0x8004DE40"],
  ],
  "an error of Windows Installer": [
    ["msiexec returned 1618", "0x80070652"],
    ["Installation success or error status: 1603.", "0x80070643"],
    ["setup.exe ended with exit code 3010", ""],
    ["Setup error 1714. The older version stays", ""],
  ],
  "an error of sockets, WinHTTP or IPsec": [
    ["Socket Error # 10061 Connection refused", "0x8007274D"],
    ["A connection attempt failed (10060)", "0x8007274C"],
    ["WinHttpSendRequest failed. 12029", "0x80072EFD"],
    ["connection error: 12007", "0x80072EE7"],
    ["IKE failed with error 13868", "0x8007362C"],
    ["ORA-12154: TNS", ""],
  ],
  "output of Windows tools": [
    ["System error 53 has occurred.", "0x80070035"],
    ["Systemfehler 67 aufgetreten.", "0x80070043"],
    ["[SC] OpenService FAILED 5:", "0x80070005"],
    ["DISM\n\nError: 50\n\n", "0x80070032"],
    ["Error: 87\n\nThe parameter is incorrect.", "0x80070057"],
    ["Error: 1722 (The RPC server is unavailable.)", "0x800706BA"],
    ["Error: 9027 (The connection was shut down)", "0x80072343"],
    ["gpupdate: ErrorCode 5, ErrorDescription Access is denied.", "0x80070005"],
    [
      "<Data Name='ErrorCode'>1722</Data><Data Name='ErrorDescription'>The RPC server is down",
      "0x800706BA",
    ],
    ["NetpJoinDomain: status: 0x52e", "0x8007052E"],
    ["NetpJoinDomain: status: 1326", "0x8007052E"],
    ["The network path was not found. (53)", "0x80070035"],
    ["エラー 1053: サービスは時間内に応答しませんでした", "0x8007041D"],
    ["错误 1053: 服务没有及时响应启动或控制请求。", "0x8007041D"],
    ["Ошибка 1053: Служба не ответила на запрос.", "0x8007041D"],
    ["エラー 1068: 依存関係サービスを起動できません。", "0x8007042C"],
    ["エラー 1067: プロセスを途中で終了しました。", "0x8007042B"],
    ["Fehler 1067: Der Prozess endete unerwartet.", "0x8007042B"],
    ["Fehler 1068: Der Abhängigkeitsdienst startet nicht.", "0x8007042C"],
    ["Erreur 1067 : Le processus s’est arrêté.", "0x8007042B"],
    ["Error 1067: El proceso terminó.", "0x8007042B"],
    ["Ошибка 1067: Процесс завершен.", "0x8007042B"],
    ["ErrorCode 1222, ErrorDescription The network is not there.", "0x800704C6"],
    ["Error 1455: The paging file is full.", "0x800705AF"],
    ["Erreur 1053 : Le service n’a pas répondu", "0x8007041D"],
  ],
  "an insert of the event log": [
    ["The service ended with the error: %%1053", "0x8007041D"],
    ["It ended with the service-specific error %%2147942402", "0x80070002"],
    ["It ended with the error: %%-2147014847", "0x80072741"],
    ["<Data Name='param2'>%%1053</Data>", "0x8007041D"],
    ["Accesses: READ_CONTROL %%1538 %%4416 %%4423", ""],
    ["Failure Reason: %%2313", ""],
    ["Impersonation Level: %%1833", ""],
  ],
  "an error of VPN or remote access": [
    ["VPN error 720", "0x800702D0"],
    ["Erreur VPN 691", "0x800702B3"],
    ["ошибка VPN 809", "0x80070329"],
    ["VPN 错误 789", "0x80070315"],
    ["L2TP connection, error 789", "0x80070315"],
    ["Einwahl ins VPN bricht mit Fehlermeldung 720 ab", "0x800702D0"],
    ["VPN geeft foutmelding 651 thuis", "0x8007028B"],
    ["RasClient: The connection failed, the error code returned on failure is 809.", "0x80070329"],
    ["Error 619 de VPN", ""],
    ["Cisco VPN error 691", ""],
  ],
  "a typing error": [
    ["Fehler 0x-80070005", "0x80070005"],
    ["0x8007-0005", "0x80070005"],
    ["Fehlercode 0х80070005", "0x80070005"],
    ["0×80070643", "0x80070643"],
    ["Ошибка 0х8007000е", "0x8007000E"],
    ["error 0x8007OOO5", "0x80070005"],
    ["error code x80070005", "0x80070005"],
    ["It says 0x0x80090029", "0x80090029"],
  ],
  "a word directly before or after the code": [
    ["Error Code0x8007000dConfig Error", "0x8007000D"],
    ["Fehler80070643", "0x80070643"],
    ["https://desk.example/errorcaa50021.jpg", "0xCAA50021"],
    ["ERROR_0x80070002_update.png", "0x80070002"],
    ["ErrorCode80070005Description", "0x80070005"],
    ["Fehlercode:80070643", "0x80070643"],
    ["hr:80070005", "0x80070005"],
  ],
  "a code joined with other numbers": [
    ["[0x80070005-0x000004dc-0x00000524]", "0x80070005"],
    ["0x8007042B – 0x4000D", "0x8007042B"],
    ["0xC1900101-0x4001E", "0xC1900101"],
    ["Cannot open the item [0x8004011D-501-4B9-560]", "0x8004011D"],
  ],
  "a program of the command line": [
    ["WIN32_EXIT_CODE    : 1067  (0x42b)", "0x8007042B"],
    ["Win32ExitCode : 1067", "0x8007042B"],
    ["Running msiexec.exe was not successful. Exit code was '1618'.", "0x80070652"],
    ["msiexec.exe: the exit code was 1603", "0x80070643"],
    ["msiexec /i client.msi gives 1619 from the share", "0x80070653"],
    ["send failed: WSAECONNRESET (10054)", "0x80072746"],
    ["Process 7204 ended with exitcode: 1603\nLooking it up in the exit codes table", "0x80070643"],
    ["NetpJoinDomainOnDs: Function exits with status of: 0x8b0", "0x800708B0"],
    [
      '<Data Name="ErrorCode">65</Data>\n<Data Name="ErrorDescription">Network access is denied.</Data>',
      "0x80070041",
    ],
    [
      'Os { code: 1314, kind: Uncategorized, message: "A required privilege is not held" }',
      "0x80070522",
    ],
    ['Os { code: 2, kind: NotFound, message: "No such file or directory" }', ""],
    ["npm ERR! errno 3221225786", "0xC000013A"],
    ['"LastResult"=dword:80070005', "0x80070005"],
    ['"Flags"=dword:80070005', ""],
    ["unexpected exit 3221225477 of indexer.exe", "0xC0000005"],
  ],
  "a number of goods or of a machine": [
    ["シリアル 80070643、起動エラー", ""],
    ["請求書番号 80070643 のエラー", ""],
    ["エラーの番号は 80070643 です", "0x80070643"],
    ["Commande n° 80070643, erreur", ""],
    ["Patrimônio 80070020, trocar a bateria do notebook", ""],
    ["El script devuelve 2147942487, parámetro no correcto", "0x80070057"],
    ["Invoice No 80070643, the printer shows an error", ""],
    ["S/N 80070643, error at start", ""],
    ["Kostenstelle 80070643, Fehler beim Drucken", ""],
    ["BUGCHECK_P1: 80070003", ""],
    ["The flags were 0x80000002 when the window failed", ""],
    ["Background colour is #80070057, it looks wrong on Windows", ""],
    ["Anlagennummer 80240017, Windows startet nicht", ""],
    ["TimeDateStamp: 80240017 error", ""],
    ["Cannot open 'D:\\\\in\\\\80070005.csv', error", ""],
  ],
  "text between the keyword and the code": [
    ["Exit code (Decimal): -2067919934", "0x84BE0BC2"],
    ["resultMapped=80070643, resultUnMapped=FFFE", "0x80070643"],
    ["Device;Error;Date\nPC1;80240017;Mon\n", "0x80240017"],
    ["PC\tStatus\tCode\nA1\tfailed\t-2016345060\n", "0x87D1041C"],
  ],
  "the word for error after the code": [
    ["80070643 hatası alıyorum", "0x80070643"],
    ["80070643 오류가 납니다", "0x80070643"],
    ["80072ee2エラーが出ます", "0x80072EE2"],
    ["80070643错误", "0x80070643"],
  ],
  "a language with few keywords": [
    ["σφάλμα 80070643", "0x80070643"],
    ["eroare 80070643", "0x80070643"],
    ["помилка 80070643", "0x80070643"],
    ["lỗi 80244019", "0x80244019"],
    ["ข้อผิดพลาด 80070643", "0x80070643"],
    ["שגיאה 80070643", "0x80070643"],
    ["خطأ 80070643", "0x80070643"],
    ["kesalahan 80070643", "0x80070643"],
  ],
  "a number of another product": [
    ["HP shows 0xc4eb827f after the paper jam", ""],
    ["ERROR 1045 (28000): Access denied for user", ""],
    ["error 404", ""],
    ["This device cannot start. (Code 10) The request failed", ""],
  ],
};

const rows = Object.entries(kinds).flatMap(([why, all]) =>
  all.map(([text, codes]) => ({ why, text, codes })),
);

test.each(rows)("$why: $text holds $codes", ({ text, codes }) => {
  const { findings } = scan(toPlainText(text, "text").text);
  const firm = findings.filter((each) => !each.tentative).map(({ code }) => code);
  expect(firm.join(" ")).toBe(codes);
});

const seconds: [text: string, second: string | undefined, why: string][] = [
  ["0xC1900101 - 0x20017", "0x20017", "phase and operation of Windows Setup"],
  ["0xC1900101 - 0x400017", "0x400017", "six digits"],
  ["(0x8007042B 0x2000D)", "0x2000D", "a blank between them"],
  ["Fehlercode 0x80070003 – 0xA001B", "0xA001B", "an en dash"],
  ["error C1900208-4000C", "0x4000C", "neither has a prefix"],
  ["error 0xC1900101, ExtendedCode = 0x40017", "0x40017", "a label before it"],
  ["[0x80070005-0x000004dc-0x00000524]", "0x4DC", "the detail code of Outlook"],
  ["Error CAA2000B. AADSTS700003", "AADSTS700003", "an Entra ID number after it"],
  ["AADSTS50126, then 0xCAA90004", "AADSTS50126", "an Entra ID number before it"],
  ["0x80072EE7/0x801c0021", undefined, "the other number is a code itself"],
  ["error 0x80070005, 20017 files", undefined, "the other number is a count"],
];

test.each(seconds)("the code in %j has the second number %j: %s", (text, second) => {
  expect(scan(text).findings[0]?.second).toBe(second);
});

const near: [text: string, codes: string[], why: string][] = [
  ["error 0x080070035", ["0x80070035", "0x80700035", "0x08007035"], "a zero too many in front"],
  ["error 0xc00005", ["0xC0000005"], "two zeros are missing"],
  ["error 0x800770643", ["0x80070643"], "a digit is doubled"],
  ["error 0x8000070005", ["0x80070005"], "two zeros too many"],
  [
    "cannot be started (0x000007b)",
    ["0xC000007B"],
    "the first digit is missing, in a message of the loader",
  ],
];

test.each(near)("%j may mean one of %j: %s", (text, codes) => {
  const [ignored] = scan(text).ignored;
  expect(ignored?.rule).toMatch(/^near-miss\//);
  expect(codes).toEqual(
    expect.arrayContaining([ignored?.near?.find((each) => codes.includes(each))]),
  );
});

test("without a keyword, a number with a missing digit is not corrected", () => {
  expect(scan("part 0x8007005 of it").ignored[0]).not.toHaveProperty("near");
});
