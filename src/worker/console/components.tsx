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

interface ColumnsProps {
  readonly title: string;
  /** The oldest first. */
  readonly columns: readonly { readonly from: string; readonly count: number }[];
  /** How a moment is called under the chart, such as an hour or a date. */
  readonly nameOf: (from: string) => string;
  /** The columns count failures. */
  readonly isBad?: boolean;
  readonly view: View;
}

/** Width and height of the drawing area, in units of its own; the page stretches it. */
const CHART = { width: 240, height: 48 } as const;

/** A column for each hour or day. Total and maximum stand beside it as text. */
export const Columns: FC<ColumnsProps> = ({ title, columns, nameOf, isBad = false, view }) => {
  const words = view.words.health;
  const total = columns.reduce((sum, { count }) => sum + count, 0);
  const most = Math.max(0, ...columns.map(({ count }) => count));
  const busiest = columns.findLast(({ count }) => count === most);
  const [first, last] = [columns.at(0)?.from ?? "", columns.at(-1)?.from ?? ""];
  const step = CHART.width / Math.max(1, columns.length);
  const text = (count: number) => count.toLocaleString(view.language);
  const spoken = words.chart(text(total), text(most), nameOf(busiest?.from ?? last));
  return (
    <figure class="columns">
      <figcaption>
        {title} <span class="total">{text(total)}</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${CHART.width} ${CHART.height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={total === 0 ? words.nothing : spoken}
      >
        {columns.map(({ count, from }, index) => {
          const height = most === 0 ? 0 : (count / most) * CHART.height;
          const size = count === 0 ? 0 : Math.max(2, height);
          return (
            <rect
              class={isBad ? "bad" : "good"}
              x={(index * step + step * 0.1).toFixed(1)}
              y={(CHART.height - size).toFixed(1)}
              width={(step * 0.8).toFixed(1)}
              height={size.toFixed(1)}
            >
              <title>{`${nameOf(from)}: ${text(count)}`}</title>
            </rect>
          );
        })}
      </svg>
      <p class="axis" aria-hidden="true">
        <span>{nameOf(first)}</span>
        <span>{most > 0 && words.most(text(most))}</span>
        <span>{nameOf(last)}</span>
      </p>
    </figure>
  );
};

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
                <th scope="row">{name}</th>
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
