import { once } from "node:events";
import { createServer } from "node:net";

const MAX_PORT = 65_535;

/**
 * Reads a port from a command line.
 *
 * @param flag The option it was given with, for the message.
 * @returns 0 to 65535; 0 takes any port that is free.
 */
export function readPort(text: string, flag: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= MAX_PORT) return port;
  throw new Error(`${flag} takes a number from 0 to ${MAX_PORT}, not ${JSON.stringify(text)}.`);
}

/** Refuses a port on 127.0.0.1 which another program holds, before anything is started. */
export async function refuseTakenPort(port: number, flag: string): Promise<void> {
  const server = createServer();
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
  } catch (error) {
    throw portFailure(error, port, flag);
  }
  await new Promise((closed) => server.close(closed));
}

/** What a person can do about a port that cannot be opened. */
export function portFailure(error: unknown, port: number, flag: string): unknown {
  const code = error instanceof Error && "code" in error ? error.code : null;
  const another = `Choose another with ${flag} N, or any that is free with ${flag} 0.`;
  if (code === "EADDRINUSE" || code === "ERR_ADDRESS_IN_USE") {
    return new Error(`Port ${port} on 127.0.0.1 is taken by another program. ${another}`);
  }
  if (code === "EACCES") return new Error(`Port ${port} may not be opened by you. ${another}`);
  return error;
}
