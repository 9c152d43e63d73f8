/** An `img` of HTML with its address. Its other attributes are passed over, up to a length. */
const IMAGE = /<img\b[^>]{0,2000}?\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)')/gi;
const MAX_IMAGES = 50;

/** A picture that was pasted into a text: ticket systems tell neither its name nor its type. */
export const PASTED = { name: "picture", type: "image/png" };

/**
 * The addresses of the pictures in a text of HTML, each once, in its order.
 *
 * Anybody may have written them. A connector takes only those of which it knows that its ticket
 * system serves them, by their whole path, so that no other route is ever called with its token.
 */
export function pictureAddresses(html: string): string[] {
  const found = new Set<string>();
  for (const [, double, single] of html.matchAll(IMAGE)) {
    if (found.size >= MAX_IMAGES) break;
    found.add((double ?? single ?? "").replaceAll("&amp;", "&"));
  }
  return [...found];
}
