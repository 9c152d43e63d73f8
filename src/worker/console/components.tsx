import type { Child, FC, PropsWithChildren } from "hono/jsx";
import type { LocalText, Step } from "../../catalog/stored.ts";
import { textIn } from "../../comment/locales/index.ts";
import { SECTIONS, type Section, type View } from "./view.ts";
import { LANGUAGES, wordFor, wordsIn } from "./words/index.ts";

/** Where the console and its two files are served. */
export const CONSOLE = "/console";

type PageProps = PropsWithChildren<{
  readonly view: View;
  readonly title: string;
  /** The page that is marked in the navigation; left out outside of it. */
  readonly section?: Section;
}>;

/** The frame of every page: head, navigation, languages. */
export const Page: FC<PageProps> = ({ view, title, section, children }) => {
  const { words, language } = view;
  return (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} – ${words.title}`}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href={`${CONSOLE}/style.css`} />
        <script src={`${CONSOLE}/script.js`} type="module"></script>
      </head>
      <body>
        <a class="skip" href="#content">
          {words.skip}
        </a>
        <header class="top">
          <p class="product">{words.title}</p>
          {view.signedInBy !== null && <Navigation view={view} section={section} />}
          <div class="session">
            <Languages view={view} />
            {view.signedInBy === "session" && (
              <form method="post" action={`${CONSOLE}/sign-out`}>
                <FormToken view={view} />
                <button type="submit" class="quiet">
                  {words.signOut}
                </button>
              </form>
            )}
          </div>
        </header>
        <main id="content">
          <h1>{title}</h1>
          {children}
        </main>
      </body>
    </html>
  );
};

const Navigation: FC<{ view: View; section: Section | undefined }> = ({ view, section }) => (
  <nav aria-label={view.words.title}>
    <ul>
      {SECTIONS.map((each) => (
        <li>
          <a href={`${CONSOLE}/${each}`} aria-current={each === section ? "page" : undefined}>
            {view.words.pages[each]}
          </a>
        </li>
      ))}
    </ul>
  </nav>
);

const Languages: FC<{ view: View }> = ({ view }) => {
  const joint = view.path.includes("?") ? "&" : "?";
  return (
    <>
      {LANGUAGES.filter((each) => each !== view.language).map((each) => (
        <a class="quiet" href={`${view.path}${joint}lang=${each}`} lang={each} hreflang={each}>
          {wordsIn(each).language}
        </a>
      ))}
    </>
  );
};

/** The hidden field by which a form proves that it comes from a page of this browser. */
export const FormToken: FC<{ view: View }> = ({ view }) => (
  <input type="hidden" name="formToken" value={view.formToken} />
);

/** A sentence that stands out. `problem` is read out at once. */
export const Notice: FC<PropsWithChildren<{ kind: "done" | "problem" | "hint" }>> = ({
  kind,
  children,
}) => (
  <p class={`notice ${kind}`} role={kind === "problem" ? "alert" : "status"}>
    {children}
  </p>
);

/** Terms with their values; what is null is left out. */
export const Facts: FC<{ rows: readonly (readonly [term: string, value: Child | null])[] }> = ({
  rows,
}) => (
  <dl class="facts">
    {rows
      .filter(([, value]) => value !== null)
      .map(([term, value]) => (
        <div>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
  </dl>
);

/** A time, which the script of the page makes relative. */
export const Time: FC<{ at: string }> = ({ at }) => (
  <time datetime={at}>{`${at.slice(0, 16).replace("T", " ")} UTC`}</time>
);

/** A code that leads to its look-up. */
export const CodeLink: FC<{ code: string }> = ({ code }) => (
  <a href={`${CONSOLE}/look-up?code=${encodeURIComponent(code)}`}>
    <code>{code}</code>
  </a>
);

/** A text of the catalog. What stands between backticks is code. */
export const CatalogText: FC<{ text: LocalText; view: View }> = ({ text, view }) => {
  const parts = textIn(text, view.language).split("`");
  const isOwn = text[view.language] !== undefined;
  const spans = parts.map((part, index) => (index % 2 === 1 ? <code>{part}</code> : part));
  return <span lang={isOwn ? undefined : "en"}>{spans}</span>;
};

/** Steps with who does them and what they risk. */
export const Steps: FC<{ steps: readonly Step[]; view: View }> = ({ steps, view }) => (
  <ol class="steps">
    {steps.map((step) => (
      <li>
        <span class="who">{wordFor(view.words.who, step.who)}</span>{" "}
        <CatalogText text={step.text} view={view} />
        {step.risk !== "none" && (
          <span class={`risk ${step.risk}`}>{wordFor(view.words.risks, step.risk)}</span>
        )}
        {step.caution && (
          <p class="caution">
            <CatalogText text={step.caution} view={view} />
          </p>
        )}
      </li>
    ))}
  </ol>
);

interface Bar {
  readonly name: string;
  readonly count: number;
  /** What it stands for is a failure. */
  readonly isBad: boolean;
}

/** A bar for each count, with the number beside it: the picture says nothing that the text does not. */
export const Bars: FC<{ title: string; bars: readonly Bar[]; view: View }> = ({
  title,
  bars,
  view,
}) => {
  const longest = Math.max(1, ...bars.map(({ count }) => count));
  return (
    <figure>
      <figcaption>{title}</figcaption>
      {bars.length === 0 && <p class="hint">{view.words.health.nothing}</p>}
      {bars.length > 0 && (
        <table class="bars">
          <tbody>
            {bars.map(({ name, count, isBad }) => (
              <tr>
                <th scope="row">
                  {wordFor({ ...view.words.failures, ...view.words.counted }, name)}
                </th>
                <td>
                  <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                    <rect
                      class={isBad ? "bad" : "good"}
                      width={Math.max(1, (count / longest) * 100)}
                      height="8"
                    />
                  </svg>
                </td>
                <td class="number">{count.toLocaleString(view.language)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </figure>
  );
};
