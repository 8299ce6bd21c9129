import type { TestStation } from "./test-station.ts";

/** What a station knows, in a few lines, for a test that waited in vain. */
export function describeStation({ name, station }: TestStation): string {
  const { gate, unit } = station;
  const lines = [`${name}: ${gate.state} (${gate.detail})`];
  if (unit === undefined) return lines.join("\n");
  const { fold } = unit.archive;
  const counts = Object.entries(fold.counts()).map(([state, count]) => `${count} ${state}`);
  lines.push(`  ${counts.join(", ")}; digest ${fold.viewDigest().digest.slice(0, 8)}`);
  for (const { origin, size, effectiveSize, judgedSize, observers, frozen } of fold.logs()) {
    const seen = observers.map((one) => `${unit.membership.nameOf(one.observer)} ${one.size}`).join(", ");
    const missing = fold.missingBodies(origin, size).map(({ index }) => index);
    lines.push(
      `  ${unit.membership.nameOf(origin)}: ${size} entries, effective ${effectiveSize}, judged ${judgedSize}, seen by ${seen}` +
        (missing.length === 0 ? "" : `, bodies missing at ${missing.slice(0, 5).join(", ")}`) +
        (frozen === undefined ? "" : ", frozen"),
    );
  }
  for (const { name: peer, contact } of unit.peers.list())
    lines.push(`  to ${peer}: ${contact.reachable ? "reached" : contact.detail}`);
  return lines.join("\n");
}
