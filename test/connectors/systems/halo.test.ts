import { afterEach, expect, test, vi } from "vitest";
import fixture from "../../fixtures/halo.json";
import { FIRST_TRY, SECOND_TRY } from "../attempts.ts";
import { answer, freshConnection, HELLO, MARKER, postingOn } from "../fixture.ts";

const TOKEN = { access_token: "t", expires_in: 3600 };
const POSTING = postingOn("42", HELLO);

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Answers as Halo does, where everything but a token is about actions. */
function open(actions: readonly object[], added: unknown = [{ id: 9, hiddenfromuser: true }]) {
  return answer(({ method, url }) => {
    if (url.includes("/token")) return Response.json(TOKEN);
    return Response.json(method === "POST" ? added : { actions });
  });
}

const texts: [action: object, commentId: string, why: string][] = [
  [{ note_html: `<p>${MARKER}</p>`, note: "" }, "7", "in HTML"],
  [{ note_html: null, note: MARKER }, "7", "plain"],
  [{ note_html: null, note: null }, "9", "without a text, so a new one is posted"],
  [{ note_html: "<p>Hello</p>", note: MARKER }, "9", "HTML goes first"],
];

test.each(texts)("with the action %j the comment is %s: %s", async (action, commentId) => {
  open([{ id: 7, hiddenfromuser: true, ...action }]);
  const connection = freshConnection("halo", fixture.env);
  expect(await connection.deliverComment(POSTING, SECOND_TRY)).toMatchObject({ commentId });
});

const added: [answered: unknown, outcome: object, why: string][] = [
  [[{ id: 9, hiddenfromuser: true }], { commentId: "9" }, "a list"],
  [{ id: 9, hiddenfromuser: true }, { commentId: "9" }, "the action alone"],
  [[], { code: "ticket_system_answer_invalid" }, "none was added"],
];

test.each(added)("a comment answered by %j leads to %j: %s", async (answered, outcome) => {
  open([], answered);
  const delivering = freshConnection("halo", fixture.env).deliverComment(POSTING, FIRST_TRY);
  expect(await delivering.catch((failure) => failure)).toMatchObject(outcome);
});
