import { readFileSync } from "node:fs";

/** Linux reports CPU time in hundredths of a second, independent of its clock. */
const TICKS_PER_SECOND = 100;

/** The CPU time of processes since their start, in seconds. Linux only. */
export function cpuSeconds(pids: readonly number[]): number {
  const ticks = pids.map((pid) => {
    // The name is in brackets and may contain spaces, so the fields are counted after it.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return Number(fields[11]) + Number(fields[12]);
  });
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND;
}

/** The resident memory of processes, in bytes. Linux only. */
export function memoryBytes(pids: readonly number[]): number {
  const kilobytes = pids.map((pid) => {
    const [, value] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(value);
  });
  return kilobytes.reduce((sum, each) => sum + each, 0) * 1_024;
}
