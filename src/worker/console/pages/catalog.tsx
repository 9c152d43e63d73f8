import type { FC } from "hono/jsx";
import type { Catalog } from "../../../catalog/store.ts";
import type { Index, Topic } from "../../../catalog/stored.ts";
import {
  CatalogText,
  CONSOLE,
  CodeLink,
  Facts,
  Notice,
  Page,
  Steps,
  Time,
} from "../components.tsx";
import type { View } from "../view.ts";
import { wordFor } from "../words/index.ts";

interface Props {
  readonly view: View;
  readonly catalog: Catalog;
  /** Topic to the codes of which it has an entry. */
  readonly index: Index;
}

export const CatalogPage: FC<Props> = ({ view, catalog, index }) => {
  const words = view.words.catalog;
  return (
    <Page view={view} section="catalog" title={view.words.pages.catalog}>
      {catalog.trouble !== null && (
        <Notice kind="problem">
          {words.trouble} {catalog.trouble}
        </Notice>
      )}
      <Facts
        rows={[
          [words.version, <code>{catalog.version}</code>],
          [words.uploaded, <Time at={catalog.uploadedAt} />],
          [
            words.folders,
            Object.entries(catalog.folders)
              .map(([name, count]) => words.folder(name, count))
              .join(", "),
          ],
        ]}
      />
      <form class="card row" method="get" action={`${CONSOLE}/look-up`}>
        <label>
          {words.find}
          <input name="code" autocomplete="off" required size={16} />
        </label>
        <button type="submit">{view.words.lookUp.submit}</button>
      </form>
      <h2>{words.topics}</h2>
      <ul class="tiles">
        {Object.entries(catalog.topics).map(([name, topic]) => (
          <li>
            <a href={`${CONSOLE}/catalog/${name}`}>
              <CatalogText text={topic.title} view={view} />
            </a>{" "}
            <small>
              {words.codes(index[name]?.length ?? 0)}
              {topic.overrides && ` · ${words.overridden}`}
            </small>
          </li>
        ))}
      </ul>
    </Page>
  );
};

/** `code 0x80070035: meaning, cases` in the words of the page; names and codes stay as they are. */
function fieldsIn(what: string, fields: Readonly<Record<string, string>>) {
  return what.replace(/(?<![\w-])[a-z_]+(?![\w-])/g, (name) => wordFor(fields, name));
}

const Signs: FC<{ title: string; signs: readonly string[] }> = ({ title, signs }) =>
  signs.length === 0 ? null : (
    <details class="signs">
      <summary>{`${title} (${signs.length})`}</summary>
      <ul class="words">
        {signs.map((each) => (
          <li>{each}</li>
        ))}
      </ul>
    </details>
  );

interface TopicProps {
  readonly view: View;
  readonly topic: Topic;
  readonly title: string;
  readonly codes: readonly string[];
}

export const TopicPage: FC<TopicProps> = ({ view, topic, title, codes }) => {
  const words = view.words.catalog;
  return (
    <Page view={view} section="catalog" title={title}>
      <Facts
        rows={[
          [words.facilities, topic.facilities.length > 0 ? topic.facilities.join(", ") : null],
          [
            words.escalate,
            topic.escalate ? <CatalogText text={topic.escalate} view={view} /> : null,
          ],
        ]}
      />
      {topic.overrides && (
        <section aria-labelledby="overrides-title">
          <h2 id="overrides-title">{words.overrides}</h2>
          <ul>
            {topic.overrides.map(({ what, file }) => (
              <li>
                {fieldsIn(what, words.fields)} <small>{file}</small>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Signs title={words.signs} signs={topic.strong} />
      <Signs title={words.weakSigns} signs={topic.weak} />
      {topic.firstSteps.length > 0 && (
        <section aria-labelledby="steps-title">
          <h2 id="steps-title">{words.steps}</h2>
          <Steps steps={topic.firstSteps} view={view} />
        </section>
      )}
      <section aria-labelledby="codes-title">
        <h2 id="codes-title">{`${words.codesOf} (${codes.length})`}</h2>
        <ul class="codes">
          {codes.map((each) => (
            <li>
              {each.includes("+") ? (
                <>
                  <CodeLink code={each.split("+")[0] ?? each} />{" "}
                  <code>{`+ ${each.split("+")[1]}`}</code>
                </>
              ) : (
                <CodeLink code={each} />
              )}
            </li>
          ))}
        </ul>
      </section>
      <p>
        <a href={`${CONSOLE}/catalog`}>{words.all}</a>
      </p>
    </Page>
  );
};
