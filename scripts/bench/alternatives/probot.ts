import { createHmac } from "node:crypto";
import { join } from "node:path";
import { type MeasuredSystem, TICKET_TEXT } from "../system.ts";
import { startAlternative } from "./alternative.ts";

const SECRET = "invented-for-the-benchmark";

/**
 * Probot, with the job as an app for new issues. It verifies the signature and stores nothing. Its
 * throttling for GitHub, one comment a second, is off. Its retries are on, as by default.
 */
export const probot: MeasuredSystem = {
  name: "Probot 14",
  postsComments: true,
  start: (ticketSystemUrl) =>
    startAlternative(
      {
        folder: "probot",
        npmPackage: "probot@14",
        files: ["probot-app.mjs"],
        command: (folder) => [process.execPath, join(folder, "probot-app.mjs"), SECRET],
        createDelivery(id) {
          const body = JSON.stringify({
            action: "opened",
            issue: { number: Number(id.replaceAll(/\D/g, "")), title: "PIN", body: TICKET_TEXT },
            repository: { name: "helpdesk", owner: { login: "example" } },
            sender: { login: "requester" },
          });
          const signature = createHmac("sha256", SECRET).update(body).digest("hex");
          return {
            path: "/api/github/webhooks",
            headers: {
              "content-type": "application/json",
              "x-github-event": "issues",
              "x-github-delivery": id,
              "x-hub-signature-256": `sha256=${signature}`,
            },
            body,
          };
        },
      },
      ticketSystemUrl,
    ),
};
