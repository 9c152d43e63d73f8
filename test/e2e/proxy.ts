import { once } from "node:events";
import { createServer, request as sendRequest } from "node:http";

/** A proxy between the Worker and a ticket system. Tests watch requests and interfere with them. */
export interface Proxy {
  readonly url: string;
  /** Method and path of each request, in order. */
  readonly requests: string[];
  /** The status to answer in place of the ticket system, which gets no request; null to forward. */
  answerInstead: (method: string, path: string) => number | null;
  /** Called after the ticket system has answered and before the Worker gets the answer. */
  onAnswer: (method: string, path: string) => Promise<void>;
  close(): Promise<void>;
}

/** Starts a proxy to a port of 127.0.0.1. */
export async function startProxy(port: number): Promise<Proxy> {
  const server = createServer((incoming, outgoing) => {
    const { method = "GET", url = "/", headers } = incoming;
    proxy.requests.push(`${method} ${url}`);
    const status = proxy.answerInstead(method, url);
    if (status !== null) {
      incoming.resume();
      outgoing.writeHead(status, { "content-type": "application/json" }).end("{}");
      return;
    }
    const forwarded = sendRequest(
      { host: "127.0.0.1", port, method, path: url, headers },
      async (answer) => {
        await proxy.onAnswer(method, url);
        if (outgoing.destroyed) return answer.resume();
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        return answer.pipe(outgoing);
      },
    );
    forwarded.on("error", () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const proxy: Proxy = {
    url: `http://127.0.0.1:${address.port}`,
    requests: [],
    answerInstead: () => null,
    onAnswer: async () => {},
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return proxy;
}
