// Searches a new issue for codes and posts a comment.
import { Probot, ProbotOctokit, Server } from "probot";

const known = { "0x80090029": "NTE_NOT_SUPPORTED: join the device again." };
const [secret] = process.argv.slice(2);

const server = new Server({
  host: process.env.HOST,
  port: Number(process.env.PORT),
  Probot: Probot.defaults({
    secret,
    githubToken: "invented",
    baseUrl: process.env.TICKET_SYSTEM_URL,
    logLevel: "fatal",
    // By default Probot waits between two comments, as GitHub demands.
    Octokit: ProbotOctokit.defaults((options) => ({ ...options, throttle: { enabled: false } })),
  }),
});

await server.load((app) => {
  app.on("issues.opened", async (context) => {
    const codes = context.payload.issue.body.match(/0x[0-9A-Fa-f]{8}/g) ?? [];
    const lines = codes.map((code) => known[code]).filter(Boolean);
    if (lines.length === 0) return;
    await context.octokit.rest.issues.createComment(context.issue({ body: lines.join("\n") }));
  });
});
await server.start();
