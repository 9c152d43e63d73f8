import type { FC } from "hono/jsx";
import { CodeLink, Facts, FormToken, Notice, Page, Time } from "../components.tsx";
import type { Ticket } from "../ledger.ts";
import type { View } from "../view.ts";
import { wordFor } from "../words/index.ts";
import { CommentBox } from "./look-up.tsx";
import { ticketPath } from "./tickets.tsx";

interface Props {
  readonly view: View;
  readonly ticket: Ticket;
  /** Title of the ticket's topic; null when it is not certain. */
  readonly situation: string | null;
  /** The comment, written again; null when there is none. */
  readonly comment: { readonly html: string; readonly locale: string } | null;
  readonly isRetriggered: boolean;
  /** A person asked to erase the record, and did not confirm it. */
  readonly isUnconfirmed: boolean;
}

export const TicketRecordPage: FC<Props> = ({
  view,
  ticket,
  situation,
  comment,
  isRetriggered,
  isUnconfirmed,
}) => {
  const words = view.words.ticket;
  const path = ticketPath(ticket);
  return (
    <Page view={view} section="tickets" title={words.title(ticket.ticketId)}>
      {isRetriggered && <Notice kind="done">{words.retriggered}</Notice>}
      {isUnconfirmed && <Notice kind="problem">{words.notErased}</Notice>}
      {isWebAddress(ticket.url) && (
        <p>
          <a href={ticket.url} rel="noreferrer">
            {words.open}
          </a>
        </p>
      )}
      <Facts
        rows={[
          [words.connector, ticket.connector],
          [
            words.state,
            <span class={`state ${ticket.state}`}>{view.words.states[ticket.state]}</span>,
          ],
          [words.outcome, ticket.outcome && view.words.outcomes[ticket.outcome]],
          [words.mode, ticket.mode === "post" ? null : wordFor(view.words.modes, ticket.mode)],
          [
            words.codes,
            ticket.codes.length === 0
              ? words.none
              : ticket.codes.map((code) => (
                  <>
                    <CodeLink code={code} />{" "}
                  </>
                )),
          ],
          [words.situation, situation],
          [words.attempts, ticket.attempts],
          [
            words.lastFailure,
            ticket.lastFailure && wordFor(view.words.failures, ticket.lastFailure),
          ],
          [words.received, <Time at={ticket.receivedAt} />],
          [words.finished, ticket.finishedAt && <Time at={ticket.finishedAt} />],
          [words.nextAttempt, ticket.nextAttemptAt && <Time at={ticket.nextAttemptAt} />],
          [words.commentId, ticket.commentId],
          [words.catalogVersion, ticket.catalogVersion && <code>{ticket.catalogVersion}</code>],
          [words.locale, ticket.locale],
        ]}
      />
      {comment && (
        <section aria-labelledby="comment-title">
          <h2 id="comment-title">{words.comment}</h2>
          <p class="hint">{words.commentHint}</p>
          <CommentBox html={comment.html} locale={comment.locale} />
        </section>
      )}
      <form class="card" method="post" action={`${path}/re-trigger`}>
        <h2>{words.retrigger}</h2>
        <FormToken view={view} />
        <p class="hint">{words.retriggerHint}</p>
        <label class="check">
          <input type="checkbox" name="force" value="yes" /> {words.force}
        </label>
        <button type="submit">{words.retrigger}</button>
      </form>
      <details class="card" open={isUnconfirmed}>
        <summary>{words.erase}</summary>
        <form method="post" action={`${path}/erase`}>
          <FormToken view={view} />
          <p class="hint">{words.eraseHint}</p>
          <label class="check">
            <input type="checkbox" name="confirm" value="yes" required /> {words.eraseConfirm}
          </label>
          <button type="submit" class="danger">
            {words.erase}
          </button>
        </form>
      </details>
    </Page>
  );
};

/** An address comes from a ticket system's settings or answers: it may lead to the web only. */
function isWebAddress(url: string | null): url is string {
  return url !== null && /^https?:\/\//.test(url);
}
