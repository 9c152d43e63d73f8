import { once } from "node:events";
import { createServer } from "node:net";

const MAX_PORT = 65_535;

/**
 * Reads a port from a command line.
 *
 * @param flag The option that the text was given with, for the error message.
 * @returns 0 to 65535. 0 stands for any free port.
 * @throws {Error} When the text is not such a number.
 * @example
 * parsePort("8787", "--port"); // 8787
 */
export function parsePort(text: string, flag: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= MAX_PORT) return port;
  throw new Error(`${flag} takes a number from 0 to ${MAX_PORT}, not ${JSON.stringify(text)}.`);
}

/**
 * Checks that no other program listens on a port of 127.0.0.1.
 *
 * @param flag The option that chose the port, for the error message.
 * @throws {Error} When one does. The message says which option chooses another port.
 */
export async function requireFreePort(port: number, flag: string): Promise<void> {
  const server = createServer();
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
  } catch (error) {
    throw explainPortError(error, port, flag);
  }
  await new Promise((closed) => server.close(closed));
}

/** Turns the error of a `listen` into one that says what to do. Other errors stay as they are. */
export function explainPortError(error: unknown, port: number, flag: string): unknown {
  const code = error instanceof Error && "code" in error ? error.code : null;
  const another = `Choose another with ${flag} N, or any that is free with ${flag} 0.`;
  if (code === "EADDRINUSE" || code === "ERR_ADDRESS_IN_USE") {
    return new Error(`Port ${port} on 127.0.0.1 is taken by another program. ${another}`);
  }
  if (code === "EACCES") return new Error(`You may not open port ${port}. ${another}`);
  return error;
}
