import type { FC } from "hono/jsx";
import type { LocalText } from "../../../catalog/stored.ts";
import { CatalogText, CodeLink, Notice, Page, Time } from "../components.tsx";
import type { View } from "../view.ts";
import type { YamlBlock } from "../yaml-block.ts";

/** A code of tickets that the catalog does not list. */
export interface UnlistedCode {
  readonly code: string;
  readonly tickets: number;
  /** ISO 8601. */
  readonly lastSeen: string;
  readonly symbol: string | null;
  readonly meaning: LocalText | null;
  readonly yaml: YamlBlock;
}

interface Props {
  readonly view: View;
  readonly codes: readonly UnlistedCode[];
}

export const BacklogPage: FC<Props> = ({ view, codes }) => {
  const words = view.words.backlog;
  return (
    <Page view={view} section="backlog" title={view.words.pages.backlog}>
      <p>{words.lead}</p>
      {codes.length === 0 && <Notice kind="hint">{words.none}</Notice>}
      {codes.map(({ code, tickets, lastSeen, symbol, meaning, yaml }) => (
        <article class="card">
          <h2>
            <CodeLink code={code} /> {symbol !== null && <code>{symbol}</code>}
          </h2>
          <p>
            <b>{words.tickets(tickets)}</b>
            {` · ${words.lastSeen} `}
            <Time at={lastSeen} />
            {meaning !== null && (
              <>
                {" · "}
                <CatalogText text={meaning} view={view} />
              </>
            )}
          </p>
          <details>
            <summary>{words.yaml}</summary>
            <p>{words.copyInto(yaml.file)}</p>
            <pre id={`yaml-${code}`} tabindex={0}>
              <code>{yaml.text}</code>
            </pre>
            <p>{words.after}</p>
            <button
              class="quiet"
              type="button"
              hidden
              data-copy={`yaml-${code}`}
              data-copied={words.copied}
            >
              {words.copy}
            </button>
          </details>
        </article>
      ))}
    </Page>
  );
};
