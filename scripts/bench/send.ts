import type { Delivery, Running } from "./system.ts";

/** Sends a delivery for each ticket, all at once, and waits for the answers. */
export async function sendAll(
  system: Running,
  ids: readonly string[],
  deliver: (ticketId: string) => Delivery = system.deliver,
): Promise<void> {
  await Promise.all(ids.map((id) => send(system, deliver(id))));
}

async function send({ origin }: Running, { path, headers, body }: Delivery) {
  const answer = await fetch(new URL(path, origin), { method: "POST", headers, body });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
}
