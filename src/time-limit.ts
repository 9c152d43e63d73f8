/**
 * Runs an operation with a signal that aborts after `ms` milliseconds. Clears the timer at its end:
 * a pending timer, as `AbortSignal.timeout` leaves one, keeps a Durable Object active, and active
 * time is billed.
 */
export async function withTimeLimit<T>(
  ms: number,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const late = () => controller.abort(new DOMException(`no end after ${ms} ms`, "TimeoutError"));
  const timer = setTimeout(late, ms);
  try {
    return await run(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}
