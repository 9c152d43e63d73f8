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

/**
 * Runs the project's own wrangler for a command that needs no Cloudflare account.
 *
 * @returns What it printed on stdout.
 */
export async function runWrangler(args: readonly string[], signal?: AbortSignal): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, ...args], {
    cwd: ROOT,
    env: wranglerEnvironment(),
    maxBuffer: MAX_OUTPUT_BYTES,
    ...(signal && { signal }),
  });
  return stdout;
}

/** The result of a wrangler command on a Cloudflare account. */
export interface AccountRun {
  /** What it printed; empty with `shown`. */
  readonly stdout: string;
  /** After a deploy: addresses and schedules of the Worker, such as `https://…`, `schedule: …`. */
  readonly targets: readonly string[];
}

export interface AccountRunOptions {
  /**
   * Let wrangler print to the terminal and ask questions there. Default: its output is returned.
   */
  readonly shown?: boolean;
  /** Ends wrangler. */
  readonly signal?: AbortSignal;
}

/**
 * Runs the project's own wrangler on a Cloudflare account. Wrangler takes the account from
 * `CLOUDFLARE_API_TOKEN`, or from an earlier `wrangler login`.
 *
 * @throws {CloudflareError} When wrangler fails. The message says what to do.
 */
export async function runWranglerOnAccount(
  args: readonly string[],
  { shown = false, signal }: AccountRunOptions = {},
): Promise<AccountRun> {
  const folder = await mkdtemp(join(tmpdir(), "hresult-comments-"));
  try {
    const reportFile = join(folder, "report.ndjson");
    // In a terminal, warnings are printed at once: one may explain the question that follows it.
    const stderr = shown && process.stdin.isTTY ? "inherit" : "pipe";
    const stdio: StdioOptions = shown ? ["inherit", "inherit", stderr] : ["ignore", "pipe", "pipe"];
    const child = spawn(process.execPath, [CLI, ...args], {
      cwd: ROOT,
      env: { ...wranglerEnvironment(), WRANGLER_OUTPUT_FILE_PATH: reportFile },
      stdio,
      ...(signal && { signal }),
    });
    const [stdout, stderrText, [code]] = await Promise.all([
      child.stdout ? text(child.stdout) : "",
      child.stderr ? text(child.stderr) : "",
      once(child, "exit"),
    ]);
    const report = await readReport(reportFile);
    if (code !== 0) throw toCloudflareError(args, report, stderrText);
    if (shown) process.stderr.write(stderrText);
    return { stdout, targets: report.flatMap((entry) => entry.targets ?? []) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function wranglerEnvironment() {
  return {
    ...process.env,
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_SEND_ERROR_REPORTS: "false",
    WRANGLER_HIDE_BANNER: "true",
    // Without this, wrangler warns that preview addresses are off. wrangler.toml turns them off.
    WRANGLER_DISABLE_SUBDOMAIN_MIXED_STATE_CHECK: "true",
    // Wrangler is one file of 15 MB. With the compile cache a run takes a fifth less CPU time.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? COMPILE_CACHE,
    // With CI set, wrangler asks no questions and does not print the names of accounts.
    ...(!process.stdin.isTTY && { CI: "true" }),
  };
}

/** One line of the file that wrangler writes to `WRANGLER_OUTPUT_FILE_PATH`. */
const ReportEntry = z.object({
  type: z.string(),
  targets: z.array(z.string()).optional(),
  message: z.string().optional(),
  /** An error code of Cloudflare's API, or of Node, such as `ECONNREFUSED`. */
  code: z.union([z.number(), z.string()]).optional(),
});
type ReportEntry = z.infer<typeof ReportEntry>;

async function readReport(file: string): Promise<ReportEntry[]> {
  const lines = (await readFile(file, "utf8").catch(() => "")).split("\n").filter(Boolean);
  return lines.map((line) => ReportEntry.parse(JSON.parse(line)));
}

/** A wrangler command failed. The message says what to do. */
export class CloudflareError extends Error {
  override readonly name = "CloudflareError";
  /** The error code of Cloudflare's API; null when the API did not answer. */
  readonly code: number | null;

  constructor(message: string, code: number | null) {
    super(message);
    this.code = code;
  }
}

/** The API's error codes for a token that is wrong or lacks a permission. */
const ACCESS_DENIED = [6003, 6111, 9106, 9109, 10_000];
/** The API's error code for a Worker that does not exist. */
const WORKER_MISSING = 10_007;

function toCloudflareError(
  args: readonly string[],
  report: readonly ReportEntry[],
  stderrText: string,
) {
  const { message = "", code } = report.find(({ type }) => type === "command-failed") ?? {};
  const explanation = explain(message, code) ?? quote(args, message, stderrText);
  return new CloudflareError(explanation, typeof code === "number" ? code : null);
}

/** What a person can do about a common error; null for others. */
function explain(message: string, code: ReportEntry["code"]) {
  if (/CLOUDFLARE_API_TOKEN environment variable|not logged in|did not login/i.test(message)) {
    return "You are not signed in to Cloudflare. Run `npx wrangler login`, or set CLOUDFLARE_API_TOKEN.";
  }
  const [, secrets] = /required secrets have not been set: (.+)/.exec(message) ?? [];
  if (secrets !== undefined) {
    return `The Worker has no ${secrets} yet. Run \`npm run deploy -- --vars FILE\`, with it in the file.`;
  }
  if (typeof code === "number" && ACCESS_DENIED.includes(code)) {
    return (
      "Cloudflare rejects the sign-in. Run `npx wrangler login` again, or set CLOUDFLARE_API_TOKEN " +
      "to a token made from the template “Edit Cloudflare Workers”, and CLOUDFLARE_ACCOUNT_ID to its account."
    );
  }
  if (code === WORKER_MISSING && message.includes("/workers/scripts/")) {
    return "This account has no such Worker yet. Run `npm run deploy -- --vars FILE` first.";
  }
  if (/fetch failed|ECONN|ENOTFOUND|ETIMEDOUT|EAI_AGAIN/.test(`${message} ${code}`)) {
    return "Cloudflare cannot be reached. Check the network of this machine, and run the command again.";
  }
  return null;
}

/** Wrangler's own words. */
function quote(args: readonly string[], message: string, stderrText: string) {
  const text = stripVTControlCharacters(stderrText).trim() || message;
  const [command] = args.join(" ").split(" --");
  return `wrangler ${command} failed: ${text}`;
}
