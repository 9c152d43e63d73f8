const REFRESH_MS = 700;

const list = document.querySelector("#tickets");
const status = document.querySelector("#status");

/** Fetches the tickets that changed, and shows them. */
async function refresh() {
  const answer = await fetch("/versions");
  const versions = await answer.json();
  const ids = new Set(versions.map(({ id }) => id));
  for (const card of [...list.children]) if (!ids.has(card.id)) card.remove();
  for (const { id, version } of versions.toReversed()) {
    const shown = document.getElementById(id);
    if (shown?.dataset.version !== String(version)) await replace(id);
  }
}

/**
 * Shows the current state of one ticket. The server escaped all text, and `DOMParser` runs no
 * script.
 */
async function replace(id) {
  const answer = await fetch(`/tickets/${id}`);
  if (!answer.ok) return;
  const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
  const card = parsed.querySelector("article");
  // Looked up only now: another refresh may have added the card while this one waited.
  const shown = document.getElementById(id);
  const before = Number(shown?.dataset.comments ?? 0);
  const focused = shown?.contains(document.activeElement) ? document.activeElement.id : null;
  if (shown) shown.replaceWith(card);
  else list.prepend(card);
  if (focused) document.getElementById(focused)?.focus();
  if (Number(card.dataset.comments) > before) {
    status.textContent = list.dataset.arrived.replace("{id}", id);
  }
}

/** Makes a frame as high as the comment in it. */
function fitHeight(frame) {
  const content = frame.contentDocument?.documentElement;
  if (!content) return;
  frame.style.height = "0";
  frame.style.height = `${content.scrollHeight}px`;
}

function fitAllHeights() {
  for (const frame of document.querySelectorAll("iframe")) fitHeight(frame);
}

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const body = new FormData(form);
  const answer = await fetch(form.action, { method: "POST", body });
  status.textContent = answer.ok ? "" : await answer.text();
  await refresh();
  if (!answer.ok || form.id !== "file") return;
  form.reset();
  list.firstElementChild?.scrollIntoView({ block: "nearest" });
});

// `load` does not bubble, so it is caught in the capture phase.
list.addEventListener("load", (event) => fitHeight(event.target), true);
window.addEventListener("resize", fitAllHeights);
fitAllHeights();

/** Puts a picture that was pasted or dropped into the field for a file. */
function takePicture(event, files) {
  const picture = [...(files ?? [])].find(({ type }) => /^image\/(png|jpeg)$/.test(type));
  if (!picture) return;
  event.preventDefault();
  const transfer = new DataTransfer();
  transfer.items.add(picture);
  document.querySelector("#attachment").files = transfer.files;
}

document.addEventListener("paste", (event) => takePicture(event, event.clipboardData?.files));
document.addEventListener("drop", (event) => takePicture(event, event.dataTransfer?.files));
document.addEventListener("dragover", (event) => {
  if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
});

for (;;) {
  await new Promise((passed) => setTimeout(passed, REFRESH_MS));
  if (document.hidden) continue;
  await refresh().catch(() => {
    status.textContent = list.dataset.stopped;
  });
}
