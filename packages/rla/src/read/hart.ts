import { ok, type Result } from "@detente/basics";
import { quote } from "@detente/intel/text";
import type { CastVoteRecord, ContestVotes } from "../cvr.ts";
import { BlockBuilder } from "./block-builder.ts";
import type { CardBlock, CvrOptions, CvrReading } from "./cards.ts";
import { Contests } from "./contests.ts";
import { positionOf } from "./csv/mark-columns.ts";
import { type ReadFault, readFault, refuse, type RowFault } from "./fault.ts";
import type { FileSet } from "./file-set.ts";
import { LIMITS } from "./input.ts";
import { VotesPool } from "./votes-pool.ts";
import { childOf, childrenOf, childText, readXml } from "./xml/read-xml.ts";
import type { XmlElement } from "./xml/xml-parser.ts";

/**
 * Reads the cast-vote records that Hart Verity exports: an archive with an XML file for each card (as Orange County
 * published them for its audit pilots, and Arlo's documentation describes them). Which choices there are is known only
 * at the end, so the files are read twice. They do not say how many choices a voter has.
 */
export async function readHart(
  files: FileSet,
  name: string,
  options: CvrOptions,
): Promise<Result<CvrReading, ReadFault>> {
  const contests = new Contests();
  for await (const read of cvrsOf(files)) {
    if (!read.ok) return read;
    for (const contest of contestsIn(read.value.element)) {
      const id = idOf(contest);
      const known = contests.get(id) ?? contests.add(id, childText(contest, "Name"));
      for (const option of optionsIn(contest)) {
        const isWriteIn = childOf(option, "WriteInData") !== undefined || undefined;
        if (known.candidates.length <= LIMITS.candidates)
          known.candidate(idOf(option), childText(option, "Name"), isWriteIn);
      }
      if (contests.all.length > LIMITS.contests) break;
    }
  }
  const finished = contests.finish();
  if (!finished.ok) return refuse(name, 1, finished.fault.code, finished.fault.message);
  const blocks: CvrReading["blocks"] = () => blocksOf(files, contests, options);
  return ok({ format: "hart", election: "", contests: finished.value, blocks });
}

interface Cvr {
  readonly file: string;
  readonly element: XmlElement | undefined;
  readonly fault: ReadFault | undefined;
}

/** Each file's record; a file that is no XML has a fault of its own, and the others are read all the same. */
async function* cvrsOf(files: FileSet): AsyncGenerator<Result<Cvr, ReadFault>> {
  for await (const entry of files()) {
    if (!entry.ok) return yield entry;
    const { name, chunks } = entry.value;
    if (!/\.xml$/i.test(name)) continue;
    let element: XmlElement | undefined;
    let fault: ReadFault | undefined;
    for await (const read of readXml(name, chunks(), ["Cvr"])) {
      if (read.ok) element ??= read.value[0];
      else fault = read.fault;
    }
    yield ok({ file: name, element, fault });
  }
}

async function* blocksOf(
  files: FileSet,
  contests: Contests,
  options: CvrOptions,
): AsyncGenerator<Result<CardBlock, ReadFault>> {
  const builder = new BlockBuilder(options);
  const pools = contests.all.map(({ candidates }, contest) => {
    return new VotesPool(
      contest,
      candidates.map((_candidate, candidate) => ({ candidate, rank: 1 })),
    );
  });
  const marked = new Int32Array(LIMITS.candidates + 1);
  let cards = 0;
  for await (const read of cvrsOf(files)) {
    if (!read.ok) return yield read;
    const { file, element, fault } = read.value;
    if (fault !== undefined) builder.failWith(fault);
    else
      builder.addAll(file, element?.line ?? 1, element ?? NO_CVR, (of) =>
        cardOf(of as XmlElement, contests, pools, marked),
      );
    if (++cards % 1000 === 0 || builder.refused !== undefined) yield* builder.take();
    if (builder.refused !== undefined) return yield { ok: false, fault: builder.refused };
  }
  yield* builder.take();
  if (cards === 0)
    yield { ok: false, fault: readFault("archive", 1, { code: "missing-file", message: "has no XML file" }) };
}

const NO_CVR: XmlElement = { name: "", attributes: new Map(), children: [], text: "", line: 1 };

function cardOf(
  cvr: XmlElement,
  contests: Contests,
  pools: readonly VotesPool[],
  marked: Int32Array,
): Result<readonly CastVoteRecord[], RowFault> {
  const [id, batch] = [childText(cvr, "CvrGuid"), childText(cvr, "BatchNumber")];
  if (id === "" || id.length > LIMITS.text) return refused("has no CvrGuid");
  const votes: ContestVotes[] = [];
  for (const contest of contestsIn(cvr)) {
    const number = contests.find(idOf(contest));
    const known = contests.get(idOf(contest));
    if (number === undefined || known === undefined) return refused("has a contest without id and name");
    if (votes.some((other) => other.contest === number)) return refused(`has the contest ${quote(known.name)} twice`);
    let count = 0;
    for (const option of optionsIn(contest)) {
      const value = childText(option, "Value");
      if (value !== "1" && value !== "0")
        return refused(`has the value ${quote(value)} in the contest ${quote(known.name)}`);
      const candidate = known.find(idOf(option));
      if (candidate === undefined || count > LIMITS.candidates)
        return refused(`has strange options in ${quote(known.name)}`);
      if (value === "1") marked[count++] = candidate;
    }
    votes.push((pools[number] as VotesPool).of(marked, count));
  }
  const style = childText(childOf(cvr, "PrecinctSplit"), "Name");
  const position = positionOf(childText(cvr, "BatchSequence"));
  return ok([{ id, batch, position, style: style === "" ? undefined : style, votes }]);
}

function contestsIn(cvr: XmlElement | undefined): readonly XmlElement[] {
  return childrenOf(childOf(cvr, "Contests"), "Contest");
}

function optionsIn(contest: XmlElement): readonly XmlElement[] {
  return childrenOf(childOf(contest, "Options"), "Option");
}

function idOf(element: XmlElement): string {
  const id = childText(element, "Id");
  return id === "" ? childText(element, "Name") : id;
}

function refused(message: string): { readonly ok: false; readonly fault: RowFault } {
  return { ok: false, fault: { code: "bad-row", message: `the record ${message}` } };
}
