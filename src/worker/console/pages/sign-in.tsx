import type { FC } from "hono/jsx";
import { CONSOLE, FormToken, Notice, Page } from "../components.tsx";
import type { View } from "../view.ts";

/** Why a person sees the form: first visit, or what went wrong. */
export type SignInState = "new" | "wrong" | "tooMany" | "expired" | "signedOut";

/** @param next Where the person wanted to go. */
export const SignInPage: FC<{ view: View; state: SignInState; next: string }> = ({
  view,
  state,
  next,
}) => {
  const words = view.words.signIn;
  return (
    <Page view={view} title={words.title}>
      {state !== "new" && (
        <Notice kind={state === "signedOut" ? "done" : "problem"}>{words[state]}</Notice>
      )}
      <form class="card narrow" method="post" action={`${CONSOLE}/sign-in`}>
        <FormToken view={view} />
        <input type="hidden" name="next" value={next} />
        <label for="password">{words.password}</label>
        <input
          id="password"
          name="password"
          type="password"
          autocomplete="current-password"
          required
          aria-describedby="password-hint"
        />
        <p id="password-hint" class="hint">
          {words.hint}
        </p>
        <button type="submit">{words.submit}</button>
      </form>
    </Page>
  );
};

/** Shown while no variable says how people sign in. */
export const NotSetUpPage: FC<{ view: View }> = ({ view }) => {
  const words = view.words.notSetUp;
  return (
    <Page view={view} title={words.title}>
      <p>{words.lead}</p>
      <dl class="facts card">
        <div>
          <dt>
            <code>CONSOLE_PASSWORD</code>
          </dt>
          <dd>{words.password}</dd>
        </div>
        <div>
          <dt>
            <code>API_TOKENS</code>
          </dt>
          <dd>{words.tokens}</dd>
        </div>
        <div>
          <dt>
            <code>CONSOLE_ACCESS</code>
          </dt>
          <dd>{words.access}</dd>
        </div>
      </dl>
      <p>{words.after}</p>
    </Page>
  );
};

/** Shown where only Cloudflare Access signs people in, and did not. */
export const AccessRefusedPage: FC<{ view: View }> = ({ view }) => {
  const words = view.words.accessRefused;
  return (
    <Page view={view} title={words.title}>
      <p>{words.lead}</p>
      <p>{words.hint}</p>
    </Page>
  );
};

/** A failure, as a sentence. */
export const FailedPage: FC<{ view: View; sentence: string; code: string | null }> = ({
  view,
  sentence,
  code,
}) => (
  <Page view={view} title={view.words.failed.title}>
    <Notice kind="problem">{sentence}</Notice>
    {code !== null && (
      <p class="hint">
        <code>{code}</code>
      </p>
    )}
    <p>
      <a href={`${CONSOLE}/look-up`}>{view.words.failed.back}</a>
    </p>
  </Page>
);
