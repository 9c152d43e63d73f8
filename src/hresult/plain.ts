/**
 * Takes the markup out of HTML and leaves every other letter at its place: each tag, comment and
 * entity becomes as many blanks as it is long, so a place in the result is a place in the source.
 */
export function plain(text: string, format: "text" | "html" | "markdown"): string {
  return format === "html" ? text.replace(HTML, (markup) => " ".repeat(markup.length)) : text;
}

const HTML = /<[!/]?[A-Za-z-][^<>]*>|&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{1,31});/g;
