import type { FC } from "hono/jsx";
import { CONSOLE, CodeLink, FormToken, Notice, Page, Time } from "../components.tsx";
import type { Position, Ticket, TicketFilter, TicketPage } from "../ledger.ts";
import type { View } from "../view.ts";
import { wordFor } from "../words/index.ts";

/** The names of the filter in an address. */
const FILTER_KEYS = ["connector", "state", "outcome", "code", "situation"] as const;

/** Writes a filter, and where a page begins, as the query of an address. */
export function toQuery(filter: TicketFilter, after: Position | null = null): string {
  const query = new URLSearchParams(
    FILTER_KEYS.flatMap((key) => (filter[key] === null ? [] : [[key, filter[key]]])),
  );
  if (after !== null) {
    query.set("after", `${after.receivedAt}/${after.connector}/${after.ticketId}`);
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

export function ticketPath({ connector, ticketId }: Pick<Ticket, "connector" | "ticketId">) {
  return `${CONSOLE}/tickets/${encodeURIComponent(connector)}/${encodeURIComponent(ticketId)}`;
}

interface Props {
  readonly view: View;
  readonly filter: TicketFilter;
  readonly after: Position | null;
  readonly page: TicketPage;
  readonly connectors: readonly string[];
  /** Topics of the catalog with their titles. */
  readonly situations: readonly (readonly [topic: string, title: string])[];
  /** A sentence for each value of the filter that makes no sense. */
  readonly problems: readonly string[];
  /** The record of a ticket was erased just before. */
  readonly isErased: boolean;
}

export const TicketsPage: FC<Props> = (props) => {
  const { view, filter, after, page, connectors, problems, isErased } = props;
  const words = view.words.tickets;
  const { tickets, next, silent } = page;
  const isUnderstood = problems.length === 0;
  const isEmpty = tickets.length === 0 && next === null;
  return (
    <Page view={view} section="tickets" title={view.words.pages.tickets}>
      {isErased && <Notice kind="done">{view.words.ticket.erased}</Notice>}
      <FilterForm {...props} />
      <Problems problems={problems} />
      {silent.length > 0 && (
        <Notice kind="problem">
          {words.partly} {silent.join(", ")}
        </Notice>
      )}
      {connectors.length === 0 && <Notice kind="hint">{words.nothingConnected}</Notice>}
      {isUnderstood && isEmpty && connectors.length > 0 && (
        <Notice kind="hint">{words.none}</Notice>
      )}
      {tickets.length > 0 && <TicketTable view={view} tickets={tickets} />}
      <p class="row">
        {after !== null && <a href={`${CONSOLE}/tickets${toQuery(filter)}`}>{words.first}</a>}
        {next !== null && (
          <a href={`${CONSOLE}/tickets${toQuery(filter, next)}`}>
            {tickets.length === 0 ? words.searchOn : words.more}
          </a>
        )}
        {isUnderstood && (
          <a href={`${CONSOLE}/tickets/re-trigger${toQuery({ ...filter, state: "failed" })}`}>
            {words.bulk}
          </a>
        )}
      </p>
    </Page>
  );
};

const Problems: FC<{ problems: readonly string[] }> = ({ problems }) => (
  <>
    {problems.map((each) => (
      <Notice kind="problem">{each}</Notice>
    ))}
  </>
);

const FilterForm: FC<Props> = ({ view, filter, connectors, situations }) => {
  const words = view.words.tickets;
  const { states, outcomes } = view.words;
  return (
    <form class="card row" method="get" action={`${CONSOLE}/tickets`}>
      <Choice
        label={words.connector}
        name="connector"
        value={filter.connector}
        any={words.any}
        options={connectors.map((each) => [each, each] as const)}
      />
      <Choice
        label={words.state}
        name="state"
        value={filter.state}
        any={words.any}
        options={Object.entries(states)}
      />
      <Choice
        label={words.outcome}
        name="outcome"
        value={filter.outcome}
        any={words.any}
        options={Object.entries(outcomes)}
      />
      <Choice
        label={words.situation}
        name="situation"
        value={filter.situation}
        any={words.any}
        options={situations}
      />
      <label>
        {words.code}
        <input name="code" value={filter.code ?? ""} autocomplete="off" size={12} />
      </label>
      <button type="submit">{words.apply}</button>
      <a href={`${CONSOLE}/tickets`}>{words.reset}</a>
    </form>
  );
};

interface ChoiceProps {
  readonly label: string;
  readonly name: string;
  readonly value: string | null;
  readonly any: string;
  readonly options: readonly (readonly [value: string, text: string])[];
}

const Choice: FC<ChoiceProps> = ({ label, name, value, any, options }) => (
  <label>
    {label}
    <select name={name}>
      <option value="">{any}</option>
      {options.map(([each, text]) => (
        <option value={each} selected={each === value}>
          {text}
        </option>
      ))}
    </select>
  </label>
);

const TicketTable: FC<{ view: View; tickets: readonly Ticket[] }> = ({ view, tickets }) => {
  const words = view.words.tickets;
  return (
    <table class="list">
      <thead>
        <tr>
          <th scope="col">{words.ticket}</th>
          <th scope="col">{words.state}</th>
          <th scope="col">{words.outcome}</th>
          <th scope="col">{words.code}</th>
          <th scope="col">{words.received}</th>
        </tr>
      </thead>
      <tbody>
        {tickets.map((each) => (
          <tr>
            <td data-label={words.ticket}>
              <a href={ticketPath(each)}>{each.ticketId}</a> <small>{each.connector}</small>
            </td>
            <td data-label={words.state}>
              <span class={`state ${each.state}`}>{view.words.states[each.state]}</span>
            </td>
            <td data-label={words.outcome}>
              {each.outcome !== null && view.words.outcomes[each.outcome]}
              {each.outcome === null &&
                each.lastFailure !== null &&
                wordFor(view.words.failures, each.lastFailure)}
            </td>
            <td data-label={words.code}>
              {each.codes.slice(0, SHOWN_CODES).map((code) => (
                <>
                  <CodeLink code={code} />{" "}
                </>
              ))}
              {each.codes.length > SHOWN_CODES && `+${each.codes.length - SHOWN_CODES}`}
            </td>
            <td data-label={words.received}>
              <Time at={each.receivedAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};

/** How many codes of a ticket a list shows. */
const SHOWN_CODES = 3;

interface BulkProps {
  readonly view: View;
  readonly filter: TicketFilter;
  readonly page: TicketPage;
  readonly limit: number;
  readonly problems: readonly string[];
}

/** Asks before many tickets are started at once, and says how many they are. */
export const BulkPage: FC<BulkProps> = ({ view, filter, page, limit, problems }) => {
  const words = view.words.bulk;
  const { tickets, next } = page;
  return (
    <Page view={view} section="tickets" title={words.title}>
      <Problems problems={problems} />
      {problems.length === 0 && <p>{words.count(tickets.length)}</p>}
      {next !== null && <p>{words.more(limit)}</p>}
      {tickets.length > 0 && (
        <>
          <form
            class="card"
            method="post"
            action={`${CONSOLE}/tickets/re-trigger${toQuery(filter)}`}
          >
            <FormToken view={view} />
            <p>{words.hint}</p>
            {tickets.map(({ connector, ticketId }) => (
              <input type="hidden" name="ticket" value={`${connector}/${ticketId}`} />
            ))}
            <button type="submit">{words.submit(tickets.length)}</button>
          </form>
          <TicketTable view={view} tickets={tickets} />
        </>
      )}
      <p>
        <a href={`${CONSOLE}/tickets${toQuery(filter)}`}>{view.words.failed.back}</a>
      </p>
    </Page>
  );
};

/** What became of a bulk re-trigger. */
export const BulkDonePage: FC<{ view: View; started: number; failed: number }> = ({
  view,
  started,
  failed,
}) => {
  const words = view.words.bulk;
  return (
    <Page view={view} section="tickets" title={words.title}>
      <Notice kind="done">{words.done(started)}</Notice>
      {failed > 0 && <Notice kind="problem">{words.failed(failed)}</Notice>}
      <p>
        <a href={`${CONSOLE}/tickets`}>{view.words.pages.tickets}</a>
      </p>
    </Page>
  );
};
