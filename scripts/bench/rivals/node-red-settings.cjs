// What Node-RED is run with: no editor, no log of requests, one flow.
module.exports = {
  uiHost: process.env.HOST,
  uiPort: Number(process.env.PORT),
  httpAdminRoot: false,
  flowFile: "node-red-flows.json",
  logging: { console: { level: "fatal", metrics: false, audit: false } },
};
