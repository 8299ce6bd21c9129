import { canonicalHostname } from "@detente/intel/canonical";
import { isAscii, latin1ToText } from "../latin1.ts";
import { fillsField, isNameCode, type Search } from "./found.ts";

/** atext and the dot of RFC 5322 §3.2.3. */
const LOCAL = /[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]/;
/** Those of them that rather stand before an address than in it: `to=<a@b>`, `user=a@b`, `'a@b'`. */
const OPENING = /[!#$%&'*/=?^`{|}~]/;
const MAX_LOCAL = 64;
const MAX_NAME = 253;

/** Finds e-mail addresses: at every `@`, the name after it and each local part that may end before it. */
export function findEmails<Ref>(search: Search<Ref>): void {
  const { text, index } = search;
  if (!index.hasEmails) return;
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    let end = at + 1;
    while (end < text.length && end - at <= MAX_NAME + 1 && isNameCode(text.charCodeAt(end))) end++;
    while (end > at + 1 && text[end - 1] === ".") end--;
    const name = canonicalName(text.slice(at + 1, end));
    if (name === undefined) continue;
    let start = at;
    while (start > 0 && at - start <= MAX_LOCAL && LOCAL.test(text[start - 1] as string)) start--;
    for (let from = start; from < at; from++) {
      if (from !== start && !OPENING.test(text[from - 1] as string)) continue;
      for (const indicator of index.email(`${text.slice(from, at)}@${name}`)) {
        search.report(indicator, from, end, fillsPath(search, from, end) ? "exact-field" : "embedded");
      }
    }
  }
}

/** Whether an address fills its field, bare or in the angle brackets of a path (RFC 5321 §4.1.2). */
function fillsPath<Ref>(search: Search<Ref>, start: number, end: number): boolean {
  const { text, isField } = search;
  if (fillsField(search, start, end)) return true;
  return isField && start === 1 && end === text.length - 1 && text.startsWith("<") && text.endsWith(">");
}

function canonicalName(raw: string): string | undefined {
  if (isAscii(raw) && !/xn--/i.test(raw)) return raw === "" ? undefined : raw.toLowerCase();
  const name = canonicalHostname(latin1ToText(raw));
  return name.ok ? name.value : undefined;
}
