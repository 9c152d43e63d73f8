/** Invented log lines of the kind that Windows programs write. One in ten is Japanese. */
const LINES = [
  "2026-11-23 10:11:12.345 INFO  [svc-01] The update agent finished the download of package 17 for client example-pc-17 in 1234 ms",
  "2026-11-23 10:11:13.001 ERROR [setup] Failed to resolve the package with hr = 0x80070002, try 3 of 5 (session 30012345_678)",
  "   at Example.Service.Run(String[] args) in C:\\src\\example\\Service.cs:line 42 token {5f2c1e9a-1b2c-4d3e-8f90-a1b2c3d4e5f6}",
  "2026-11-23 10:11:13.120 DEBUG [ngc] state=3 elapsed=00:00:01.250 user=S-1-5-21-1111111111-2222222222-333333333-1001",
  "2026-11-23 10:11:13.400 WARN  [wam] Request to https://login.example.com/token?id=8f14e45fceea167a5a36dedd4bea2543 took 2148 ms",
  "2026-11-23 10:11:14.002 INFO  [dsreg] Device state: joined yes, managed yes, key container present, renewal in 3600 s",
  "2026-11-23 10:11:14.733 ERROR [dsreg] Registration ended with exit code -2145648611 after 3 attempts",
  "Faulting module example.dll, version: 10.0.19041.1, time stamp: 0x848a425d, offset: 0x000000000005b1a3",
  "2026-11-23 10:11:15.090 INFO  [task] The scheduled maintenance of the local cache was completed without changes",
  "2026-11-23 10:11:15.912 エラー [hello] PIN を作成できませんでした。コード 0x80090029、もう一度お試しください。",
];

/** Makes log text of a given length, in UTF-16 units. */
export function logText(length: number): string {
  const page = `${LINES.join("\n")}\n`;
  // By way of bytes, so that V8 holds one flat string, as it does for text from the network.
  return Buffer.from(page.repeat(Math.ceil(length / page.length)).slice(0, length)).toString();
}
