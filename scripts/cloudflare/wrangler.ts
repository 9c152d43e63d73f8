import { execFile, type StdioOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify, stripVTControlCharacters } from "node:util";
import * as z from "zod";
import { ROOT } from "../local-worker/root.ts";

const CLI = join(ROOT, "node_modules", "wrangler", "bin", "wrangler.js");
const COMPILE_CACHE = join(ROOT, "node_modules", ".cache", "compiled");
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Runs the project's own wrangler for work on this machine; gives what it printed. */
export async function wrangler(args: readonly string[], signal?: AbortSignal): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, ...args], {
    cwd: ROOT,
    env: environment(),
    maxBuffer: MAX_OUTPUT_BYTES,
    ...(signal && { signal }),
  });
  return stdout;
}

/** What a run of wrangler on a Cloudflare account gave. */
export interface AccountRun {
  /** What it printed; empty when it was shown. */
  readonly stdout: string;
  /** Of a deploy: what leads to the Worker, such as `https://…` and `schedule: …`. */
  readonly targets: readonly string[];
}

/** How to run wrangler on an account. */
export interface AccountRunOptions {
  /** The output goes to the terminal, and wrangler may ask there; without it the output is kept. */
  readonly shown?: boolean;
  /** Ends the run. */
  readonly signal?: AbortSignal;
}

/**
 * Runs the project's own wrangler on a Cloudflare account. Wrangler knows the account: from
 * `CLOUDFLARE_API_TOKEN`, or from `wrangler login`.
 *
 * @throws {CloudflareError} What is wrong, and how to mend it.
 */
export async function wranglerOnAccount(
  args: readonly string[],
  { shown = false, signal }: AccountRunOptions = {},
): Promise<AccountRun> {
  const folder = await mkdtemp(join(tmpdir(), "hresult-comments-"));
  try {
    const reportFile = join(folder, "report.ndjson");
    // A warning may explain a question that is asked next, so it cannot wait for the end.
    const stderr = shown && process.stdin.isTTY ? "inherit" : "pipe";
    const stdio: StdioOptions = shown ? ["inherit", "inherit", stderr] : ["ignore", "pipe", "pipe"];
    const child = spawn(process.execPath, [CLI, ...args], {
      cwd: ROOT,
      env: { ...environment(), WRANGLER_OUTPUT_FILE_PATH: reportFile },
      stdio,
      ...(signal && { signal }),
    });
    const [stdout, errors, [code]] = await Promise.all([
      child.stdout ? text(child.stdout) : "",
      child.stderr ? text(child.stderr) : "",
      once(child, "exit"),
    ]);
    const report = await readReport(reportFile);
    if (code !== 0) throw explain(args, report, errors);
    if (shown) process.stderr.write(errors);
    return { stdout, targets: report.flatMap((entry) => entry.targets ?? []) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function environment() {
  return {
    ...process.env,
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_SEND_ERROR_REPORTS: "false",
    WRANGLER_HIDE_BANNER: "true",
    // Wrangler would warn that preview addresses are off, which wrangler.toml wants.
    WRANGLER_DISABLE_SUBDOMAIN_MIXED_STATE_CHECK: "true",
    // Wrangler is one file of 15 MB. Kept compiled, a call takes a fifth less CPU time.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? COMPILE_CACHE,
    // With CI set, wrangler asks nothing, and hides the names of the accounts to choose from.
    ...(!process.stdin.isTTY && { CI: "true" }),
  };
}

/** One line of the file that wrangler writes to `WRANGLER_OUTPUT_FILE_PATH`. */
const ReportEntry = z.object({
  type: z.string(),
  targets: z.array(z.string()).optional(),
  message: z.string().optional(),
  /** The API's number, or a name of Node's such as `ECONNREFUSED`. */
  code: z.union([z.number(), z.string()]).optional(),
});
type ReportEntry = z.infer<typeof ReportEntry>;

async function readReport(file: string): Promise<ReportEntry[]> {
  const lines = (await readFile(file, "utf8").catch(() => "")).split("\n").filter(Boolean);
  return lines.map((line) => ReportEntry.parse(JSON.parse(line)));
}

/** A run of wrangler that failed, in words that say how to mend it. */
export class CloudflareError extends Error {
  override readonly name = "CloudflareError";
  /** The API's own number of the error; null when the API did not answer. */
  readonly code: number | null;

  constructor(message: string, code: number | null) {
    super(message);
    this.code = code;
  }
}

/** The API's numbers for a token that is wrong or may not do this. */
const DENIED = [6003, 6111, 9106, 9109, 10_000];
/** The API's number for a Worker that is not there. */
const WORKER_MISSING = 10_007;

function explain(args: readonly string[], report: readonly ReportEntry[], errors: string) {
  const { message = "", code } = report.find(({ type }) => type === "command-failed") ?? {};
  const said = mending(message, code) ?? ownWords(args, message, errors);
  return new CloudflareError(said, typeof code === "number" ? code : null);
}

function mending(message: string, code: ReportEntry["code"]) {
  if (/CLOUDFLARE_API_TOKEN environment variable|not logged in|did not login/i.test(message)) {
    return "You are not signed in to Cloudflare. Run `npx wrangler login`, or set CLOUDFLARE_API_TOKEN.";
  }
  if (typeof code === "number" && DENIED.includes(code)) {
    return (
      "Cloudflare refuses the sign-in. Run `npx wrangler login` again, or set CLOUDFLARE_API_TOKEN " +
      "to a token made from the template “Edit Cloudflare Workers”, and CLOUDFLARE_ACCOUNT_ID to its account."
    );
  }
  if (code === WORKER_MISSING && message.includes("/workers/scripts/")) {
    return "There is no such Worker in this account yet. Run `npm run deploy -- --vars FILE` first.";
  }
  if (/fetch failed|ECONN|ENOTFOUND|ETIMEDOUT|EAI_AGAIN/.test(`${message} ${code}`)) {
    return "Cloudflare cannot be reached. Check the connection of this machine, and run it again.";
  }
  return null;
}

function ownWords(args: readonly string[], message: string, errors: string) {
  const said = stripVTControlCharacters(errors).trim() || message;
  const [command] = args.join(" ").split(" --");
  return `wrangler ${command} failed: ${said}`;
}
