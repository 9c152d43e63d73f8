import { once } from "node:events";
import { request as ask, createServer } from "node:http";

/** Stands between the Worker and a ticket system, to see and to disturb what passes. */
export interface Proxy {
  readonly url: string;
  /** The method and the path of each request, in order. */
  readonly seen: string[];
  /** Called when the ticket system has answered, before the Worker gets it. */
  onAnswer: (method: string, path: string) => Promise<void>;
  close(): Promise<void>;
}

/** Passes everything on to a server on loopback. */
export async function startProxy(port: number): Promise<Proxy> {
  const server = createServer((incoming, outgoing) => {
    const { method = "GET", url = "/", headers } = incoming;
    proxy.seen.push(`${method} ${url}`);
    const passed = ask({ host: "127.0.0.1", port, method, path: url, headers }, async (answer) => {
      await proxy.onAnswer(method, url);
      if (outgoing.destroyed) return answer.resume();
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      return answer.pipe(outgoing);
    });
    passed.on("error", () => outgoing.destroy());
    incoming.pipe(passed);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const proxy: Proxy = {
    url: `http://127.0.0.1:${address.port}`,
    seen: [],
    onAnswer: async () => {},
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return proxy;
}
