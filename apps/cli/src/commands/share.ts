import { collect, type Json } from "@detente/basics";
import { isStricter, isUuid, MAX_INDICATOR_FILE, type SharingGoal } from "@detente/intel";
import { type Tlp, TLP_LABELS } from "@detente/record";
import type { Appended, ObjectsInput, ShareInput } from "@detente/station";
import { list, optional, several, yes } from "../args.ts";
import type { Cli } from "../cli.ts";
import { type Answer, command } from "../command.ts";
import { readEach } from "../files.ts";
import { holdAgainstGate, holdAgainstMarkings } from "../share-gate.ts";
import { indicatorsOf, kindsText } from "../indicators.ts";
import { readObjectFiles } from "../share-objects.ts";
import { saidLine } from "../statements.ts";
import { Trouble } from "../trouble.ts";
import { amount, audienceText } from "../ui/text.ts";

type Flags = {
  readonly title?: string;
  readonly tlp?: Tlp;
  readonly whole: boolean;
  readonly own: boolean;
  readonly force: boolean;
  readonly to?: readonly string[];
  readonly source?: string;
  readonly sharingGroup?: readonly (readonly [string, readonly string[]])[];
  readonly dryRun: boolean;
};

export const shareCommand = command<Flags, string[]>({
  brief: "Share the indicators of files with the unit, or with some of its parties",
  about:
    "Reads CSV (with or without a heading), plain lists, STIX 2.1 bundles and MISP events; defanged forms are understood. " +
    "Domains, IPv4 and IPv6 addresses and networks, URLs, e-mail addresses, MD5, SHA-1 and SHA-256. What is not understood " +
    "is left out and named with file and line; so is what MISP's distribution and TLP tags keep from this audience. With " +
    "--to, the other parties see no more than that something was said. " +
    "With --whole the objects of STIX bundles are shared as they stand, of every type. What STIX marks TLP:AMBER or stricter " +
    "goes to others only if this party marked it itself: it names one of the identities in station.json as its creator, or " +
    "--own says so. What the gate (see `detente gate`) knows to be benign is refused without --force.",
  examples: [
    'detente share phishing.csv --title "Phishing against poll workers"',
    "detente share bundle.json --tlp red --to charlie",
    "detente share report.json --whole --tlp green",
    "detente share indicators.txt --dry-run",
  ],
  flags: {
    title: optional(String, "text", "a title (default: how many indicators of which kinds)"),
    tlp: {
      kind: "enum",
      values: TLP_LABELS,
      brief: "Traffic Light Protocol 2.0 (default: the strictest label on objects of STIX files, else amber)",
      optional: true,
    },
    whole: yes("share STIX objects as they stand"),
    own: yes("this party marked the objects of STIX files itself"),
    force: yes("share also what the gate knows to be benign"),
    to: list("party", "only for these parties, separated by commas (default: the whole unit)"),
    source: optional(String, "text", "where the indicators come from"),
    sharingGroup: {
      ...optional(sharingGroup, "UUID=PARTY,…", "which parties a sharing group of MISP stands for"),
      variadic: true,
    },
    dryRun: yes("only say what would be shared"),
  },
  args: several("FILE", "files with indicators"),
  async run(cli, flags, ...paths) {
    if (flags.whole) return shareWhole(cli, flags, paths);
    const { title, to, source, sharingGroup: groups = [], dryRun } = flags;
    const audience = to ?? "unit";
    // Once: what is held against the markings is what is shared, though a file changes meanwhile.
    const files = await collect(readEach(paths, MAX_INDICATOR_FILE));
    const marked = await holdAgainstMarkings(cli, files, { audience, isOwn: flags.own });
    const tlp = flags.tlp ?? marked ?? "amber";
    if (marked !== undefined && isStricter(marked, tlp)) {
      throw new Trouble("--tlp", `there is an object that is TLP:${marked.toUpperCase()}`, "be as strict");
    }
    const goal: SharingGoal = { audience, tlp, groups: new Map(groups) };
    const { items, rows, findings, rejected } = await indicatorsOf(files, goal);
    cli.remark(...findings);
    if (items.length === 0)
      throw new Trouble(paths.join(", "), "holds no indicator", "see what is said about its rows");
    await holdAgainstGate(cli, items, paths.join(", "), flags.force);
    const input: ShareInput = {
      title: title ?? kindsText(items),
      tlp,
      audience: goal.audience,
      ...(source === undefined ? {} : { source }),
      items: items as unknown as readonly Json[],
    };
    const summary = { title: input.title, tlp, audience: input.audience, indicators: items.length, rows, rejected };
    const counted = `${amount(items.length, "indicator")} (${kindsText(items)}) for ${audienceText(input.audience)}, TLP:${tlp.toUpperCase()}`;
    const left = rejected === 0 ? [] : [`${amount(rejected, "row was", "rows were")} left out`];
    if (dryRun) return { json: { ...summary, shared: false }, text: [`Would share ${counted}`, ...left] };
    const appended = await cli.withStation((station) =>
      station.post<Appended>("/api/shares", input as unknown as Json),
    );
    return {
      json: { ...summary, shared: true, ...appended },
      text: [`Shared ${counted}`, ...left, saidLine(input.title, appended)],
    };
  },
});

async function shareWhole(cli: Cli, flags: Flags, paths: readonly string[]): Promise<Answer> {
  const { tlp, own: isOwn, to, source, dryRun } = flags;
  const { objects, indicators, findings, rejected } = await readObjectFiles(paths);
  cli.remark(...findings);
  if (objects.length === 0)
    throw new Trouble(paths.join(", "), "holds no object of STIX 2.1", "see what is said about it");
  await holdAgainstGate(cli, indicators, paths.join(", "), flags.force);
  const input: ObjectsInput = {
    title: flags.title ?? amount(objects.length, "object"),
    ...(tlp === undefined ? {} : { tlp }),
    audience: to ?? "unit",
    ...(source === undefined ? {} : { source }),
    ...(isOwn ? { isOwn } : {}),
    objects,
  };
  const summary = { title: input.title, audience: input.audience, objects: objects.length, rejected };
  const counted = `${amount(objects.length, "object")} for ${audienceText(input.audience)}`;
  const left = rejected === 0 ? [] : [`${amount(rejected, "object was", "objects were")} left out`];
  if (dryRun) return { json: { ...summary, shared: false }, text: [`Would share ${counted}`, ...left] };
  const appended = await cli.withStation((station) => station.post<Appended>("/api/objects", input as unknown as Json));
  return {
    json: { ...summary, shared: true, ...appended },
    text: [`Shared ${counted}`, ...left, saidLine(input.title, appended)],
  };
}

function sharingGroup(text: string): readonly [string, readonly string[]] {
  const [uuid = "", parties = "", ...more] = text.split("=");
  if (!isUuid(uuid.toLowerCase()) || !/^[a-z0-9-]+(?:,[a-z0-9-]+)*$/.test(parties) || more.length > 0)
    throw new Error(`"${text}" is not UUID=PARTY,PARTY`);
  return [uuid.toLowerCase(), parties.split(",")];
}
