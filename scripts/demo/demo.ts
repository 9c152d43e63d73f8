import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadCatalog } from "../catalog/load.ts";
import type { ScriptContext } from "../local-worker/process.ts";
import { type RunningWorker, startWorker } from "../local-worker/runtime.ts";
import { type DemoTicketSystem, startDemoTicketSystem } from "./ticket-system.ts";

/** Person and company are invented; the text says so. */
export const SAMPLE = {
  subject: "PIN を設定できません",
  body: `見本商事（架空の会社）の例示花子（架空の人物）です。
新しいパソコンで Windows Hello の PIN を設定しようとすると、
「問題が発生しました」「エラー0x80090029」と表示され、先に進めません。
再起動しても変わりません。対処方法を教えてください。`,
  format: "text",
  locale: null,
  picture: null,
} as const;

/** A practice desk, and a Worker that comments on its tickets. */
export interface Demo {
  readonly ticketSystem: DemoTicketSystem;
  readonly worker: RunningWorker;
  /** One of the Worker's `API_TOKENS`; it also signs in to the console. */
  readonly token: string;
}

type Context = Pick<ScriptContext, "signal" | "onExit">;

/**
 * Starts both on 127.0.0.1. Nothing is kept.
 *
 * @param ports 0 stands for any free port.
 * @param onLog Called with each line that the Worker logs.
 */
export async function startDemo(
  ports: { readonly worker: number; readonly desk: number },
  onLog: (line: string) => void,
  { signal, onExit }: Context,
): Promise<Demo> {
  const ticketSystem = await startDemoTicketSystem(ports.desk);
  onExit(ticketSystem.stop);
  const state = await mkdtemp(join(tmpdir(), "hresult-comments-"));
  onExit(() => rm(state, { recursive: true, force: true, maxRetries: 5 }));
  const token = randomBytes(24).toString("base64url");
  const variables = { ...ticketSystem.variables, API_TOKENS: token, SCREENSHOTS: "on" };
  await loadCatalog(state, [], signal);
  const worker = await startWorker({ port: ports.worker, state, variables, onLog, signal });
  onExit(worker.stop);
  ticketSystem.connectTo({ url: worker.url, token });
  return { ticketSystem, worker, token };
}
