import { join } from "node:path";
import { type MeasuredSystem, TICKET_TEXT } from "../system.ts";
import { startAlternative } from "./alternative.ts";

/**
 * Node-RED, with the job as a flow: it answers at once, searches for codes, and posts a comment. It
 * verifies no signature and stores nothing. Its editor is off.
 */
export const nodeRed: MeasuredSystem = {
  name: "Node-RED 4",
  postsComments: true,
  start: (ticketSystemUrl) =>
    startAlternative(
      {
        folder: "node-red",
        npmPackage: "node-red@4",
        files: ["node-red-settings.cjs", "node-red-flows.json"],
        command: (folder) => [
          process.execPath,
          join(folder, "node_modules", "node-red", "red.js"),
          ...["--userDir", folder],
          ...["--settings", join(folder, "node-red-settings.cjs")],
        ],
        createDelivery(id) {
          const ticket = { id, subject: "PIN", body: TICKET_TEXT, locale: "ja" };
          return {
            path: "/webhook",
            headers: { "content-type": "application/json" },
            body: JSON.stringify({ type: "ticket.created", data: { ticket } }),
          };
        },
      },
      ticketSystemUrl,
    ),
};
