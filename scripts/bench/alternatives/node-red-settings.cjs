// The settings of Node-RED: no editor, no request log, one flow.
module.exports = {
  uiHost: process.env.HOST,
  uiPort: Number(process.env.PORT),
  httpAdminRoot: false,
  flowFile: "node-red-flows.json",
  logging: { console: { level: "fatal", metrics: false, audit: false } },
};
