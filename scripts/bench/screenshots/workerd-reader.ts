import { readFileSync } from "node:fs";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import type { PictureReader, Reading } from "../../../src/picture.ts";
import { bundleScreenshots } from "../../local-worker/runtime.ts";
import { cpuSeconds, memoryBytes } from "../process-usage.ts";
import { workerdPids } from "../worker.ts";

/** What workerd has used since it started. */
export interface Usage {
  readonly cpuMs: number;
  /** Resident, of the whole process. */
  readonly memoryMiB: number;
  readonly peakMiB: number;
}

/** The second Worker in a workerd of its own. Linux only. */
export interface MeasuredReader extends PictureReader {
  usage(): Usage;
  stop(): Promise<void>;
}

/** Hands the body of a request to the second Worker. */
const CALLER = `export default {
  async fetch(request, env) {
    return Response.json(await env.READER.read(new Uint8Array(await request.arrayBuffer())));
  },
}`;

/** Starts it, and reads nothing yet: the first reading also opens the engine. */
export async function startReader(): Promise<MeasuredReader> {
  const before = new Set(workerdPids());
  const modules = await bundleScreenshots();
  const compatibilityDate = "2026-11-01";
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      workers: [
        {
          name: "caller",
          modules: [{ type: "ESModule", path: "index.js", contents: CALLER }],
          compatibilityDate,
          serviceBindings: { READER: "reader" },
        },
        { name: "reader", modules, compatibilityDate },
      ],
    }),
  );
  const url = await runtime.ready;
  const pids = workerdPids().filter((pid) => !before.has(pid));
  return {
    async read(bytes) {
      const answer = await fetch(url, { method: "POST", body: new Uint8Array(bytes) });
      const reading: Reading = Object(await answer.json());
      return reading;
    },
    usage: () => ({
      cpuMs: Math.round(cpuSeconds(pids) * 1_000),
      memoryMiB: Math.round(memoryBytes(pids) / 1024 / 1024),
      peakMiB: Math.round(pids.reduce((sum, pid) => sum + peakKib(pid), 0) / 1024),
    }),
    stop: () => runtime.dispose(),
  };
}

function peakKib(pid: number): number {
  const [, value] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(value);
}
