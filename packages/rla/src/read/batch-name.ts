/**
 * The name of a batch as cast-vote records, manifests and tallies have it in common: its parts (tabulator and batch,
 * say) with "/" between them. A "/" or "%" inside a part is percent-encoded, so that no two batches get one name.
 */
export function batchName(...parts: readonly string[]): string {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  return parts.map((part) => (/[%/]/.test(part) ? part.replaceAll("%", "%25").replaceAll("/", "%2F") : part)).join("/");
}
