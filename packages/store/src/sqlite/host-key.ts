import { reversed } from "./reversed.ts";

/** A host name from its end, with a dot behind it: that of a domain begins those of all names below it, and no others. */
export function hostKey(host: string): string {
  return `${reversed(host)}.`;
}
