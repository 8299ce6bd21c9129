import { type Item, judge, readStixBundle, strictestTlp, type Verdict } from "@detente/intel";
import type { Audience, Tlp } from "@detente/record";
import { admitObjects, identitiesOf, loadGate } from "@detente/station/gate";
import { loadConfig, type StationConfig } from "@detente/station/setup";
import type { Cli } from "./cli.ts";
import type { NamedFile } from "./files.ts";
import { orTrouble, Trouble } from "./trouble.ts";
import { amount, plain } from "./ui/text.ts";

/**
 * Holds what is about to be shared against the gate, as station.json sets it. What is known to be benign is refused unless
 * the officer insists; what only informs is told of.
 * @param place what a fault is about
 */
export async function holdAgainstGate(
  cli: Cli,
  items: readonly Item[],
  place: string,
  isForced: boolean,
): Promise<void> {
  const { gate = {} } = (await settingsOf(cli)) ?? {};
  const { lists, assets, faults } = await loadGate(gate);
  const now = cli.context.now();
  const context = { sharedAt: now, now, lists, assets, reliability: "F", opinions: new Map() } as const;
  const { verdicts, warnings } = judge(items, context);
  cli.remark(...faults, ...warnings);
  const benign = verdicts.filter(({ label }) => label === "known-benign");
  const [first] = benign;
  if (first !== undefined && !isForced) {
    const others = benign.length === 1 ? "" : ` and ${benign.length - 1} more`;
    const why = first.reasons.map(({ text }) => text).join(", ");
    throw new Trouble(
      place,
      `${plain(first.item.value)}${others} is known to be benign: ${plain(why)}`,
      "remove it, or say --force",
    );
  }
  const informing = verdicts.filter(({ label }) => label !== "block");
  if (informing.length > 0) {
    const subject = amount(informing.length, "indicator is", "indicators are");
    cli.remark(`${subject} for people only, not to be blocked (${reasonsIn(informing)}); \`detente gate\` shows which`);
  }
}

/** How often which reason was given. */
function reasonsIn(verdicts: readonly Verdict[]): string {
  const counts = new Map<string, number>();
  for (const { reasons } of verdicts) for (const { code } of reasons) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].map(([code, count]) => `${count} ${code}`).join(", ");
}

/**
 * Holds the markings of STIX objects in files against the audience of a share that is made of their values.
 * @returns the strictest label of them, if any
 */
export async function holdAgainstMarkings(
  cli: Cli,
  files: readonly NamedFile[],
  { audience, isOwn }: { readonly audience: Audience; readonly isOwn: boolean },
): Promise<Tlp | undefined> {
  const settings = await settingsOf(cli);
  const identities = settings === undefined ? new Set<string>() : identitiesOf(settings);
  const labels: (Tlp | undefined)[] = [];
  for (const { path, content } of files) {
    const bundle = readStixBundle(content);
    if (!bundle.ok) continue;
    const bytes = bundle.value.objects.flatMap((object) => (object.ok ? [object.value.bytes] : []));
    const { admitted, refused } = await admitObjects(bytes, { audience, identities, isOwn });
    const narrow = refused.find(({ fault }) => fault.code === "marking-narrower");
    if (narrow !== undefined) {
      const object = plain(narrow.object?.id ?? "an object");
      throw new Trouble(path, `${object}: ${narrow.fault.message}`, "or, if this party marked it itself, say --own");
    }
    for (const { tlp } of admitted) labels.push(tlp);
  }
  return strictestTlp(labels);
}

/** Undefined where there is no station: what would be shared can be seen without one. */
async function settingsOf({ dir }: Cli): Promise<StationConfig | undefined> {
  const config = await loadConfig(dir);
  return !config.ok && config.fault.code === "not-a-station" ? undefined : orTrouble(config, dir);
}
