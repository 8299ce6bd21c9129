import {
  type IndicatorFile,
  type Item,
  matchKey,
  MAX_INDICATOR_FILE,
  mergeItems,
  type Opinions,
  readIndicators,
  type SharingGoal,
} from "@detente/intel";
import { INDICATOR_KINDS } from "@detente/record/vocabulary";
import { type NamedFile, readEach } from "./files.ts";
import { amount } from "./ui/text.ts";

/** What several indicator files hold together. */
export interface ReadFiles {
  /** Each indicator once. */
  readonly items: readonly Item[];
  /** How many rows were understood; more than items where some say the same. */
  readonly rows: number;
  /** For people: what was left out and what was taken otherwise than it stood, with file and line. */
  readonly findings: readonly string[];
  readonly rejected: number;
  /** By `opinionKey`, what others than their authors say of indicators, in the files that tell. */
  readonly opinions: ReadonlyMap<string, Opinions>;
}

/** Findings that are shown of each file; the rest is counted. */
const MAX_SHOWN = 20;

/**
 * Reads indicator files of any of the known formats and puts equal indicators together.
 * @param goal where they are to go: what must not go there is rejected
 */
export async function readIndicatorFiles(paths: readonly string[], goal?: SharingGoal): Promise<ReadFiles> {
  return indicatorsOf(readEach(paths, MAX_INDICATOR_FILE), goal);
}

/** The same of files that were read already. */
export async function indicatorsOf(
  files: Iterable<NamedFile> | AsyncIterable<NamedFile>,
  goal?: SharingGoal,
): Promise<ReadFiles> {
  const items = new Map<string, Item>();
  const findings: string[] = [];
  const opinions = new Map<string, Opinions>();
  let rows = 0;
  let rejected = 0;
  for await (const { path, content } of files) {
    const file = readIndicators(path, content, goal);
    for (const [key, said] of file.opinions) opinions.set(key, said);
    for (const item of file.items) {
      const key = `${item.kind} ${matchKey(item.kind, item.value)}`;
      const known = items.get(key);
      items.set(key, known === undefined ? item : mergeItems(known, item));
    }
    rows += file.occurrences.reduce((sum, count) => sum + count, 0);
    rejected += file.rejectedCount;
    findings.push(...findingsOf(path, file));
  }
  return { items: [...items.values()], rows, findings, rejected, opinions };
}

function findingsOf(path: string, { rejected, rejectedCount, remarks, remarkCount, ignored }: IndicatorFile): string[] {
  return [
    ...firstOf(path, rejected, rejectedCount),
    ...firstOf(path, remarks, remarkCount),
    ...ignored.map(({ what, count }) => `${path}: passed over ${what} (${count})`),
  ];
}

function firstOf(path: string, findings: readonly { readonly message: string }[], count: number): string[] {
  const shown = findings.slice(0, MAX_SHOWN).map(({ message }) => message);
  return count > shown.length
    ? [...shown, `${path}: and ${amount(count - shown.length, "more like these", "more like these")}`]
    : shown;
}

/** `3 domain, 1 url`: how many of each kind, in the order of kinds. */
export function kindsText(items: readonly Item[]): string {
  return INDICATOR_KINDS.flatMap((kind) => {
    const count = items.filter((item) => item.kind === kind).length;
    return count === 0 ? [] : [`${count.toLocaleString("en-US")} ${kind}`];
  }).join(", ");
}
