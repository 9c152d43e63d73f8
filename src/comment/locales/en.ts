import type { Messages } from "../messages.ts";

export const en: Messages = {
  firstWords: "Windows error",
  unknownMeaning: (product) =>
    product === null
      ? "its meaning is not in the catalog."
      : `reported by ${product}; its meaning is not in the catalog.`,
  situation: (title) => `Situation: ${title}`,
  causes: (count) => (count === 1 ? "Likely cause" : "Likely causes"),
  sameSituation: "Also in this ticket",
  steps: "What to do",
  generalSteps: "General steps for this situation",
  who: { user: "User", agent: "Agent", admin: "Administrator" },
  caution: (text) => `Caution: ${text}`,
  escalate: (whom) => `If this does not help, escalate to ${whom}.`,
  contactMicrosoft: (codes) =>
    `Contact Microsoft Support about ${codes}: no fix is known. Say what was tried.`,
  contactMicrosoftThen: (codes) =>
    `If this does not help, contact Microsoft Support about ${codes}. Say what was tried.`,
  possible: (title, hint) => `If this happened in ${title}: ${hint}`,
  otherCodes: "Other codes in the ticket",
  more: (count) => (count === 1 ? "and 1 more code" : `and ${count} more codes`),
  cut: (length) =>
    `The ticket is very long; only its first ${length.toLocaleString("en")} characters were searched for codes.`,
  shortened: "Shortened: the ticket system takes no longer comment.",
  source: "Source",
  catalogVersion: (version) => `Catalog ${version}`,
  comma: ", ",
  sentenceGap: " ",
  colon: ": ",
  misspelt: " (misspelt in the ticket; this code was probably meant)",
  inFile: (name) => ` (in ${name})`,
  fromPicture: (name) => ` (read from ${name}: check it against the picture)`,
};
