import { collect, type Json } from "@detente/basics";
import { isStricter, MAX_INDICATOR_FILE, type SharingGoal } from "@detente/intel";
import type { Appended, ObjectsInput, ShareInput } from "@detente/station";
import type { Cli } from "../cli.ts";
import type { Answer } from "../command.ts";
import { readEach } from "../files.ts";
import { indicatorsOf, kindsText } from "../indicators.ts";
import { holdAgainstGate, holdAgainstMarkings } from "../share-gate.ts";
import { readObjectFiles } from "../share-objects.ts";
import { saidLine } from "../statements.ts";
import { Trouble } from "../trouble.ts";
import { amount, audienceText } from "../ui/text.ts";
import type { Flags } from "./share.ts";

export async function run(cli: Cli, flags: Flags, ...paths: string[]): Promise<Answer> {
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
  if (items.length === 0) throw new Trouble(paths.join(", "), "holds no indicator", "see what is said about its rows");
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
  const appended = await cli.withStation((station) => station.post<Appended>("/api/shares", input as unknown as Json));
  return {
    json: { ...summary, shared: true, ...appended },
    text: [`Shared ${counted}`, ...left, saidLine(input.title, appended)],
  };
}

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
