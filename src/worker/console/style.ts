/** The look of the console and of the practice desk. */
export const STYLE = `
:root {
  --ink: #1c2430;
  --soft: #55606f;
  --line: #d6dde6;
  --paper: #ffffff;
  --ground: #f2f5f9;
  --accent: #1257b0;
  --on-accent: #ffffff;
  --good: #0b6440;
  --good-ground: #def3e8;
  --bad: #8f1d1d;
  --bad-ground: #fde4e1;
  --warn: #8a3d00;
  --warn-ground: #ffe9d1;
  --note-ground: #fffbe9;
  --note-line: #e3cf86;
  --found-ground: #ffe58a;
  color-scheme: light dark;
  font-family: system-ui, "Hiragino Sans", "Yu Gothic UI", "Noto Sans CJK JP", sans-serif;
  line-height: 1.55;
  color: var(--ink);
  background: var(--ground);
}

@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6ebf2;
    --soft: #a9b5c4;
    --line: #36414f;
    --paper: #1b222c;
    --ground: #12171e;
    --accent: #82b6ff;
    --on-accent: #0a1a30;
    --good: #8fe0b8;
    --good-ground: #113626;
    --bad: #ffb3ab;
    --bad-ground: #4a1616;
    --warn: #ffc48c;
    --warn-ground: #4a2809;
    --note-ground: #26241a;
    --note-line: #5e5430;
    --found-ground: #5c4a00;
  }
}

* { box-sizing: border-box; }

body { margin: 0; overflow-wrap: anywhere; }

main, .top { max-width: 76rem; margin: 0 auto; padding: 0 1.25rem; }
main { padding-bottom: 4rem; }

h1 { margin: 1.25rem 0 0.75rem; font-size: 1.5rem; }
h2 { margin: 1.5rem 0 0.6rem; font-size: 1.15rem; }
h3 { margin: 0 0 0.5rem; font-size: 1.05rem; }
h4 { margin: 1rem 0 0.5rem; font-size: 1rem; }
p { margin: 0 0 0.75rem; }
a { color: var(--accent); }
small { color: var(--soft); font-size: 0.85em; }

.skip { position: absolute; left: -100rem; }
.skip:focus { left: 0.5rem; top: 0.5rem; padding: 0.5rem; background: var(--paper); z-index: 1; }
.unseen { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; white-space: nowrap; }

.top { display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; align-items: center; padding-top: 0.75rem; padding-bottom: 0.5rem; border-bottom: 1px solid var(--line); }
.product { margin: 0; font-weight: 600; }
.session { display: flex; gap: 0.75rem; align-items: center; margin-left: auto; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem; margin: 0; padding: 0; list-style: none; }
nav a { display: block; padding: 0.35rem 0.7rem; border-radius: 0.4rem; text-decoration: none; }
nav a:hover { text-decoration: underline; }
nav a[aria-current] { color: var(--on-accent); background: var(--accent); }

code, pre { font-family: ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace; font-size: 0.92em; }
code { padding: 0.05em 0.3em; border: 1px solid var(--line); border-radius: 0.3em; background: var(--ground); }
a code { text-decoration: underline; }
pre { margin: 0 0 0.75rem; padding: 0.75rem; border: 1px solid var(--line); border-radius: 0.4rem; overflow-x: auto; background: var(--ground); }
pre code { padding: 0; border: 0; overflow-wrap: normal; }

.card { margin: 0 0 1rem; padding: 1rem 1.25rem; border: 1px solid var(--line); border-radius: 0.75rem; background: var(--paper); }
.card > h2:first-child { margin-top: 0; }
.card > :last-child { margin-bottom: 0; }
.narrow { max-width: 28rem; }
.row { display: flex; flex-wrap: wrap; gap: 0.6rem 1rem; align-items: end; }
.row > a { padding: 0.45rem 0; }
.row + .hint { margin-top: 0.6rem; }
.hint { color: var(--soft); font-size: 0.9rem; }

label { display: block; font-weight: 600; }
.row label { min-width: 0; max-width: 100%; font-size: 0.9rem; }
.row label:has(select), select { max-width: min(100%, 18rem); }
select { text-overflow: ellipsis; }
label.check { margin-bottom: 0.75rem; font-weight: normal; }
input:not([type="checkbox"], [type="hidden"], [type="file"]), textarea, select { padding: 0.45rem 0.6rem; border: 1px solid var(--soft); border-radius: 0.4rem; font: inherit; font-weight: normal; color: inherit; background: var(--paper); }
.row :is(input:not([type="checkbox"]), select) { display: block; height: 2.4rem; }
textarea, input[type="password"], .wide { width: 100%; }
textarea { resize: vertical; }
button, .button { padding: 0.45rem 1rem; border: 1px solid var(--accent); border-radius: 0.4rem; font: inherit; font-weight: 600; color: var(--on-accent); background: var(--accent); cursor: pointer; }
button.quiet { padding: 0.25rem 0.8rem; color: var(--accent); background: transparent; }
button.danger { border-color: var(--bad); color: var(--bad); background: transparent; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
summary { cursor: pointer; font-weight: 600; color: var(--accent); }
details > summary + * { margin-top: 0.75rem; }

.notice { padding: 0.6rem 0.9rem; border-radius: 0.5rem; border: 1px solid var(--line); background: var(--paper); }
.notice.done { color: var(--good); border-color: var(--good); background: var(--good-ground); }
.notice.problem { color: var(--bad); border-color: var(--bad); background: var(--bad-ground); }

.facts { display: grid; gap: 0.35rem; margin: 0 0 1rem; }
.facts > div { display: grid; grid-template-columns: minmax(7rem, 12rem) minmax(0, 1fr); gap: 0.75rem; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; }

.comment { margin: 0 0 1rem; padding: 0.9rem 1.1rem; border: 1px solid var(--note-line); border-radius: 0.5rem; background: var(--note-ground); }
.comment :is(p, ul, ol) { margin: 0 0 0.6em; }
.comment :is(ul, ol) { padding-left: 1.5em; }
.comment > :last-child { margin-bottom: 0; }
/* A comment in a frame of its own. */
body.comment { margin: 0; border: 0; border-radius: 0; }
:root:has(> body.comment) { font-size: 0.95rem; background: var(--note-ground); }

.flag { display: inline-block; padding: 0.1rem 0.7rem; border-radius: 1rem; font-weight: 600; }
.flag.contact { color: var(--warn); background: var(--warn-ground); }
.flag.known { color: var(--good); background: var(--good-ground); }

.marked { white-space: pre-wrap; }
.mark { border-radius: 0.3em; padding: 0.05em 0.25em; }
.mark.found { color: inherit; background: var(--found-ground); }
.mark.found small { margin-left: 0.4em; color: inherit; }
.tiles small { white-space: nowrap; }
.mark.rejected { padding: 0; text-decoration: underline dotted; text-underline-offset: 0.2em; }

.list { overflow-wrap: break-word; width: 100%; margin: 0 0 1rem; border-collapse: collapse; border: 1px solid var(--line); background: var(--paper); }
.list :is(th, td) { padding: 0.45rem 0.7rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
.list td a code { white-space: nowrap; }
.list th { white-space: nowrap; color: var(--soft); font-size: 0.9rem; }
.state { display: inline-block; padding: 0 0.6rem; border-radius: 1rem; border: 1px solid var(--line); white-space: nowrap; }
.state.done { color: var(--good); background: var(--good-ground); }
.state.failed { color: var(--bad); background: var(--bad-ground); }

.plain { margin: 0 0 1rem; padding: 0; list-style: none; }
.plain li { padding: 0.3rem 0; }
.tiles, .codes { display: grid; gap: 0.4rem 1.25rem; margin: 0 0 1rem; padding: 0; list-style: none; }
.tiles { grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); }
.codes { grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); }
.words { display: flex; flex-wrap: wrap; gap: 0.3rem; padding: 0; list-style: none; }
.words li { padding: 0 0.5rem; border: 1px solid var(--line); border-radius: 1rem; background: var(--paper); font-size: 0.9rem; }
.steps li { margin-bottom: 0.4rem; }
.who { font-weight: 600; }
.risk { margin-left: 0.5rem; padding: 0 0.5rem; border-radius: 1rem; font-size: 0.85em; color: var(--warn); background: var(--warn-ground); }
.caution { margin: 0.2rem 0 0; color: var(--warn); }

figure { margin: 0 0 1rem; }
figcaption { margin-bottom: 0.3rem; font-weight: 600; }
.charts { display: grid; gap: 1rem 2rem; grid-template-columns: repeat(auto-fit, minmax(min(17rem, 100%), 1fr)); }
.bars { width: 100%; border-collapse: collapse; font-size: 0.9rem; }
.bars :is(th, td) { padding: 0.15rem 0.4rem 0.15rem 0; font-weight: normal; text-align: left; }
.bars th { width: 45%; }
.bars svg { display: block; width: 100%; height: 0.7rem; }
.bars .number { width: 3rem; text-align: right; }
.columns svg { display: block; width: 100%; height: 4.5rem; border-bottom: 1px solid var(--soft); }
.columns .total { margin-left: 0.4rem; font-size: 1.3rem; }
.axis { display: flex; justify-content: space-between; margin: 0.15rem 0 0; font-size: 0.8rem; color: var(--soft); }
rect.good { fill: var(--good); }
rect.bad { fill: var(--bad); }

@media (width < 44rem) {
  .top nav { order: 1; width: 100%; }
  nav a { padding: 0.35rem 0.5rem; }
  .facts > div { grid-template-columns: 6.5rem minmax(0, 1fr); gap: 0.5rem; }
  .list thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  .list, .list tbody, .list tr, .list td { display: block; }
  .list tr { padding: 0.5rem 0; border-bottom: 1px solid var(--line); }
  .list td { position: relative; min-height: 1.9rem; padding: 0.15rem 0.7rem 0.15rem 8rem; border: 0; }
  .list td::before { content: attr(data-label); position: absolute; left: 0.7rem; color: var(--soft); font-size: 0.9rem; }
}
`;
