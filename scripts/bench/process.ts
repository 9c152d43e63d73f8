import { readFileSync } from "node:fs";

/** Linux counts processor time in hundredths of a second, whatever its own clock. */
const TICKS_PER_SECOND = 100;

/** Processor time of processes since they began, in seconds. Linux only. */
export function cpuSeconds(pids: readonly number[]): number {
  const ticks = pids.map((pid) => {
    // The name stands in brackets and may hold blanks: the fields are counted behind it.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return Number(fields[11]) + Number(fields[12]);
  });
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND;
}

/** Memory that processes hold now, in bytes. Linux only. */
export function memory(pids: readonly number[]): number {
  const kilobytes = pids.map((pid) => {
    const [, value] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(value);
  });
  return kilobytes.reduce((sum, each) => sum + each, 0) * 1_024;
}
