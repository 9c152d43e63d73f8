import { raw } from "hono/html";
import type { FC } from "hono/jsx";
import type { CodeDescription, CodeEntry } from "../../../catalog/describe-code.ts";
import type { DryRun } from "../../../enrichment/dry-run.ts";
import {
  CatalogText,
  CONSOLE,
  CodeLink,
  Facts,
  FormToken,
  Notice,
  Page,
  Steps,
} from "../components.tsx";
import { cutAtPlaces } from "../mark-text.ts";
import type { View } from "../view.ts";
import { reasonFor, wordFor } from "../words/index.ts";

/** What a person entered. */
export interface LookUpForm {
  readonly text: string;
  readonly format: "text" | "html" | "markdown";
  /** A language of comments; empty stands for automatic. */
  readonly locale: string;
}

export const EMPTY_FORM: LookUpForm = { text: "", format: "text", locale: "" };

/** A text of this length fits into a small field, in UTF-16 units. */
const SHORT_TEXT = 200;

interface Props {
  readonly view: View;
  /** Pictures can be read. */
  readonly takesPictures: boolean;
  /** The language of all comments by COMMENT_LOCALE; null when the requester's is used. */
  readonly fixedLocale: string | null;
  readonly form: LookUpForm;
  /** Null while nothing was looked up. */
  readonly dryRun: DryRun | null;
  /** Title of the situation that the text shows; null when it is not certain. */
  readonly situation?: string | null;
  /** Left out when a text was looked up, not a code. */
  readonly description?: CodeDescription | undefined;
  readonly problem?: string | undefined;
}

export const LookUpPage: FC<Props> = (props) => {
  const { view, takesPictures, fixedLocale, form } = props;
  const { dryRun, situation = null, description, problem } = props;
  const words = view.words.lookUp;
  return (
    <Page view={view} section="look-up" title={view.words.pages["look-up"]}>
      <p>{words.lead}</p>
      <form class="card" method="post" action={`${CONSOLE}/look-up`} data-live>
        <FormToken view={view} />
        <label for="text">{words.text}</label>
        <textarea
          id="text"
          name="text"
          rows={form.text.length > SHORT_TEXT ? 8 : 4}
          required
          aria-describedby="text-hint"
        >
          {form.text}
        </textarea>
        <p id="text-hint" class="hint">
          {words.example}
        </p>
        <div class="row">
          <label>
            {words.format}
            <select name="format">
              {(["text", "html", "markdown"] as const).map((each) => (
                <option value={each} selected={each === form.format}>
                  {words.formats[each]}
                </option>
              ))}
            </select>
          </label>
          {fixedLocale === null && (
            <label>
              {words.locale}
              <select name="locale">
                <option value="">{words.automatic}</option>
                <option value="en" lang="en" selected={form.locale === "en"}>
                  English
                </option>
                <option value="ja" lang="ja" selected={form.locale === "ja"}>
                  日本語
                </option>
              </select>
            </label>
          )}
          <button type="submit">{words.submit}</button>
        </div>
        {fixedLocale !== null && <p class="hint">{words.fixedLocale(fixedLocale)}</p>}
      </form>
      {takesPictures && <PictureForm view={view} />}
      <p id="live" class="unseen" role="status"></p>
      <div id="result" data-summary={dryRun ? words.summary(dryRun.codes.length) : undefined}>
        {problem !== undefined && <Notice kind="problem">{problem}</Notice>}
        {description && <CodeSection view={view} description={description} />}
        {dryRun && <CommentSection view={view} dryRun={dryRun} />}
        {dryRun && !description && (
          <FindingsSection view={view} dryRun={dryRun} text={form.text} situation={situation} />
        )}
      </div>
    </Page>
  );
};

/** The script puts a picture that is pasted or dropped on the page into its field, and sends it. */
const PictureForm: FC<{ view: View }> = ({ view }) => {
  const words = view.words.lookUp;
  return (
    <form
      class="card"
      method="post"
      action={`${CONSOLE}/look-up`}
      enctype="multipart/form-data"
      data-takes-pictures
    >
      <FormToken view={view} />
      <label for="picture">{words.picture}</label>
      <div class="row">
        <input
          id="picture"
          name="picture"
          type="file"
          accept="image/png,image/jpeg"
          required
          aria-describedby="picture-hint"
        />
        <button type="submit">{words.readPicture}</button>
      </div>
      <p id="picture-hint" class="hint">
        {words.pictureHint}
      </p>
    </form>
  );
};

/** A comment of ours as HTML: `format` escaped every text in it. */
export const CommentBox: FC<{ html: string; locale: string | null }> = ({ html, locale }) => (
  <div class="comment" lang={locale?.split("+")[0] ?? undefined}>
    {raw(html)}
  </div>
);

const CommentSection: FC<{ view: View; dryRun: DryRun }> = ({ view, dryRun }) => {
  const words = view.words.lookUp;
  const { comment, contactMicrosoft, locale } = dryRun;
  return (
    <section aria-labelledby="comment-title">
      <h2 id="comment-title">{words.comment}</h2>
      {comment === null && <Notice kind="hint">{words.noComment}</Notice>}
      {comment !== null && (
        <>
          {contactMicrosoft && <p class="flag contact">{words.contactMicrosoft}</p>}
          <CommentBox html={comment.html} locale={locale} />
        </>
      )}
    </section>
  );
};

interface FindingsProps {
  readonly view: View;
  readonly dryRun: DryRun;
  readonly text: string;
  readonly situation: string | null;
}

const FindingsSection: FC<FindingsProps> = ({ view, dryRun, text, situation }) => {
  const words = view.words.lookUp;
  const { codes, ignored } = dryRun;
  const signs = [...new Set(dryRun.situation.signs)];
  const [language] = dryRun.locale.split("+");
  const places = [
    ...codes.map((each) => ({ ...each, reason: "" })),
    ...ignored.map((each) => ({ ...each, code: null, reason: reasonFor(view.words, each.rule) })),
  ];
  return (
    <>
      <section aria-labelledby="marked-title">
        <h2 id="marked-title">{words.marked}</h2>
        <p class="marked card">
          {cutAtPlaces(text, places).map(({ text: piece, place }) =>
            place === null ? (
              piece
            ) : place.code === null ? (
              <span class="mark rejected" title={place.reason}>
                <span class="unseen">{`[${words.rejected}] `}</span>
                {piece}
              </span>
            ) : (
              <mark class="mark found" title={`${place.code}, ${place.rule}`}>
                {piece}
                {piece !== place.code && <small>{place.code}</small>}
                <small class="rule">{place.rule}</small>
              </mark>
            ),
          )}
        </p>
      </section>
      {codes.length > 0 && (
        <section aria-labelledby="findings-title">
          <h2 id="findings-title">{words.findings}</h2>
          <table class="list">
            <thead>
              <tr>
                <th scope="col">{words.code}</th>
                <th scope="col">{words.notation}</th>
                <th scope="col">{words.rule}</th>
                <th scope="col">{words.status}</th>
                <th scope="col">{words.meaning}</th>
                <th scope="col">{words.steps}</th>
              </tr>
            </thead>
            <tbody>
              {codes.map((each) => (
                <tr>
                  <td data-label={words.code}>
                    <CodeLink code={each.code} />
                  </td>
                  <td data-label={words.notation}>
                    {wordFor(view.words.notations, each.notation)}
                  </td>
                  <td data-label={words.rule}>
                    <code>{each.rule}</code>
                  </td>
                  <td data-label={words.status}>{wordFor(view.words.statuses, each.status)}</td>
                  <td data-label={words.meaning} lang={each.meaning ? language : undefined}>
                    {each.meaning ?? view.words.code.unknown}
                  </td>
                  <td data-label={words.steps}>{each.steps}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <Facts
            rows={[
              [words.situation, situation ?? words.unsure],
              [words.signs, signs.length > 0 ? signs.join(", ") : null],
            ]}
          />
        </section>
      )}
      {ignored.length > 0 && (
        <section aria-labelledby="ignored-title">
          <h2 id="ignored-title">{words.ignored}</h2>
          <ul class="plain">
            {ignored.map((each) => (
              <li>
                <code>{text.slice(each.start, each.end)}</code> {reasonFor(view.words, each.rule)}{" "}
                <small>{each.rule}</small>
                {"suggestion" in each && typeof each.suggestion === "string" && (
                  <> {words.suggestion(each.suggestion)}</>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
};

/** Up to so many entries are shown without being asked for. */
const MAX_OPEN = 2;

const CodeSection: FC<{ view: View; description: CodeDescription }> = ({ view, description }) => {
  const words = view.words.code;
  const { code, symbol, meaning, product, status, entries } = description;
  return (
    <section aria-labelledby="code-title">
      <h2 id="code-title">
        <code>{code}</code>
      </h2>
      <Facts
        rows={[
          [words.symbol, symbol && <code>{symbol}</code>],
          [words.meaning, meaning ? <CatalogText text={meaning} view={view} /> : words.unknown],
          [words.product, product && <CatalogText text={product} view={view} />],
          [words.status, wordFor(view.words.statuses, status)],
          [
            view.words.lookUp.link,
            <a href={`${CONSOLE}/look-up?code=${code}`}>{`${CONSOLE}/look-up?code=${code}`}</a>,
          ],
        ]}
      />
      {entries.length === 0 && <p class="hint">{words.none}</p>}
      {entries.length > 0 && (
        <details open={entries.length <= MAX_OPEN}>
          <summary>{`${words.entries} (${entries.length})`}</summary>
          {entries.map((entry) => (
            <EntryCard view={view} entry={entry} />
          ))}
        </details>
      )}
    </section>
  );
};

const EntryCard: FC<{ view: View; entry: CodeEntry }> = ({ view, entry }) => {
  const words = view.words.code;
  return (
    <article class="card">
      <h3>
        <a href={`${CONSOLE}/catalog/${entry.topic}`}>
          <CatalogText text={entry.title} view={view} />
        </a>
        {entry.second !== null && (
          <>
            {" "}
            ({words.second} <code>{entry.second}</code>)
          </>
        )}
      </h3>
      <p>
        <CatalogText text={entry.meaning} view={view} />
      </p>
      {entry.cases.map(({ cause, steps }) => (
        <>
          {cause && (
            <p>
              <b>{words.cause}</b>: <CatalogText text={cause} view={view} />
            </p>
          )}
          {steps.length > 0 && <Steps steps={steps} view={view} />}
        </>
      ))}
      <Facts
        rows={[
          [words.escalate, entry.escalate && <CatalogText text={entry.escalate} view={view} />],
          [
            words.source,
            entry.source && (
              <a href={entry.source.url} rel="noreferrer">
                <CatalogText text={entry.source.title} view={view} />
              </a>
            ),
          ],
        ]}
      />
    </article>
  );
};
