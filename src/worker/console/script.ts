/**
 * The script of the pages. They work without it: it makes times relative, copies blocks, looks a text
 * up while it is typed, and sends a picture that is pasted or dropped.
 */
export const SCRIPT = `
const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
const format = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });

for (const time of document.querySelectorAll("time[datetime]")) {
  const at = new Date(time.dateTime);
  const seconds = (at - Date.now()) / 1000;
  const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? UNITS.at(-1);
  time.title = at.toLocaleString(document.documentElement.lang);
  time.textContent = format.format(Math.round(seconds / size), unit);
}

const form = document.querySelector("form[data-live]");
if (form) {
  let timer;
  let request;
  const lookUp = async () => {
    request = new AbortController();
    const body = new URLSearchParams(new FormData(form));
    try {
      const answer = await fetch(form.action, { method: "POST", body, signal: request.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const result = page.getElementById("result");
      // The page of an ended session has none.
      if (!result) return;
      document.getElementById("result").replaceWith(result);
      document.getElementById("live").textContent = result.dataset.summary ?? "";
    } catch {
      // Typing went on, or the server is away: the button still works.
    }
  };
  const stop = () => {
    clearTimeout(timer);
    request?.abort();
  };
  form.addEventListener("submit", stop);
  form.addEventListener("input", () => {
    stop();
    timer = setTimeout(lookUp, 500);
  });
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = button.dataset.copied;
  });
}

const pictureForm = document.querySelector("form[data-takes-pictures]");

function sendPicture(event, files) {
  const picture = [...(files ?? [])].find(({ type }) => /^image\\/(png|jpeg)$/.test(type));
  if (!pictureForm || !picture) return;
  event.preventDefault();
  const transfer = new DataTransfer();
  transfer.items.add(picture);
  pictureForm.elements.picture.files = transfer.files;
  pictureForm.requestSubmit();
}

document.addEventListener("paste", (event) => sendPicture(event, event.clipboardData?.files));
document.addEventListener("drop", (event) => sendPicture(event, event.dataTransfer?.files));
document.addEventListener("dragover", (event) => {
  if (pictureForm && event.dataTransfer?.types.includes("Files")) event.preventDefault();
});
`;
