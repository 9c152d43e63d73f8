import { afterEach, expect, test, vi } from "vitest";
import { connect } from "../../../src/connectors/index.ts";
import fixture from "../../fixtures/otobo.json";
import { FIRST_TRY, SECOND_TRY } from "../attempts.ts";
import { answer, HELLO, MARKER, postingOn } from "../fixture.ts";

const connection = connect("otobo", fixture.env);

afterEach(() => {
  vi.unstubAllGlobals();
});

/** OTOBO answers errors with the status 200. */
const errors: [code: string, failure: string, retry: boolean | "briefly"][] = [
  ["TicketGet.AuthFail", "ticket_system_denied", true],
  ["TicketUpdate.AuthFail", "ticket_system_denied", true],
  ["TicketGet.AccessDenied", "ticket_system_not_found", "briefly"],
  ["TicketUpdate.AccessDenied", "ticket_system_not_found", "briefly"],
  ["TicketUpdate.InvalidParameter", "ticket_system_refused", false],
];

test.each(errors)("an error %s is %s, and retry is %s", async (ErrorCode, code, retry) => {
  answer(() => Response.json({ Error: { ErrorCode, ErrorMessage: "…" } }));
  await expect(connection.readTicket?.("2")).rejects.toMatchObject({ code, retry });
  const posting = connection.deliverComment(postingOn("2", HELLO), FIRST_TRY);
  await expect(posting).rejects.toMatchObject({ code, retry });
});

test("an answer without a ticket is ticket_system_not_found", async () => {
  answer(() => Response.json({ Ticket: [] }));
  const code = "ticket_system_not_found";
  await expect(connection.readTicket?.("2")).rejects.toMatchObject({ code });
  const delivering = connection.deliverComment(postingOn("2", HELLO), SECOND_TRY);
  await expect(delivering).rejects.toMatchObject({ code });
});

test("the set-up check fails for a wrong login", async () => {
  answer(() => Response.json({ Error: { ErrorCode: "TicketGet.AuthFail", ErrorMessage: "…" } }));
  await expect(connection.check?.("internal")).rejects.toMatchObject({
    code: "ticket_system_denied",
  });
});

test("the password is not in a URL", async () => {
  const calls = answer(() => Response.json({ Ticket: [{ Title: "PIN", Article: [] }] }));
  await connection.readTicket?.("2");
  expect(calls.map(({ url }) => url)).toEqual([
    "https://otobo.example/otobo/nph-genericinterface.pl/Webservice/hresult/Ticket/2",
  ]);
});

const sizes: [bytes: string, requests: number, why: string][] = [
  ["26", 2, "small files are read in a second request"],
  ["4194304", 2, "as large as may be"],
  ["4194305", 1, "of larger ones only the names"],
];

test.each(sizes)("a file of %s bytes leads to %i requests: %s", async (FilesizeRaw, requests) => {
  const Attachment = [{ Filename: "a.log", FilesizeRaw, Content: "" }];
  const Article = [{ ArticleID: 1, Subject: "PIN", Body: "0x80090029", Attachment }];
  const calls = answer(() => Response.json({ Ticket: [{ Title: "PIN", Article }] }));
  const ticket = await connection.readTicket?.("2");
  expect(calls).toHaveLength(requests);
  expect(ticket?.attachments).toEqual([{ name: "a.log", text: "", format: "text" }]);
});

test("an article that the customer can see is a failure", async () => {
  const Article = [{ ArticleID: 5, Subject: MARKER, Body: "Hello", IsVisibleForCustomer: "1" }];
  answer(() => Response.json({ Ticket: [{ Title: "PIN", Article }] }));
  const delivering = connection.deliverComment(postingOn("2", HELLO), SECOND_TRY);
  await expect(delivering).rejects.toMatchObject({ code: "ticket_system_denied" });
});
