import { ok, type Result } from "@detente/basics";
import { BlockBuilder } from "../block-builder.ts";
import type { CardBlock, CvrOptions, CvrReading } from "../cards.ts";
import { Contests } from "../contests.ts";
import { type ReadFault, refuse } from "../fault.ts";
import type { InputFile } from "../input.ts";
import type { Shape } from "../json/json-picker.ts";
import { readJson } from "../json/read-json.ts";
import { readXml } from "../xml/read-xml.ts";
import { cardOf } from "./cvr.ts";
import { addContests, objectOf, word } from "./report.ts";

/** Elements of the report's top level, with the lines on which they begin. */
interface Part {
  readonly values: readonly unknown[];
  readonly lines: readonly number[];
}

/**
 * Reads a cast-vote record report of NIST's common data format (SP 1500-103, version 1.0), as JSON or XML. Its `CVR`s
 * stand before the `Election` that names the contests, so it is read twice.
 */
export async function readNistCvrs(
  file: InputFile,
  format: "nist-json" | "nist-xml",
  options: CvrOptions,
): Promise<Result<CvrReading, ReadFault>> {
  const partsOf = format === "nist-json" ? jsonParts : xmlParts;
  const contests = new Contests();
  let election = "";
  for await (const read of partsOf(file, "Election")) {
    if (!read.ok) return read;
    for (const [i, value] of read.value.values.entries()) {
      election ||= word(value, "Name");
      const fault = addContests(contests, value);
      if (fault !== undefined) return refuse(file.name, read.value.lines[i] ?? 1, "bad-header", fault);
    }
  }
  const finished = contests.finish();
  if (!finished.ok) return refuse(file.name, 1, finished.fault.code, finished.fault.message);
  const blocks: CvrReading["blocks"] = () => blocksOf(file, partsOf(file, "CVR"), contests, options);
  return ok({ format, election, contests: finished.value, blocks });
}

async function* blocksOf(
  file: InputFile,
  parts: AsyncIterable<Result<Part, ReadFault>>,
  contests: Contests,
  options: CvrOptions,
): AsyncGenerator<Result<CardBlock, ReadFault>> {
  const builder = new BlockBuilder(options);
  for await (const part of parts) {
    if (!part.ok) return yield part;
    const { values, lines } = part.value;
    for (const [i, value] of values.entries()) {
      const fault = builder.addAll(file.name, lines[i] as number, value, (cvr) => cardOf(cvr, contests));
      if (fault !== undefined) break;
    }
    yield* builder.take();
    if (builder.refused !== undefined) return yield { ok: false, fault: builder.refused };
  }
}

async function* jsonParts(file: InputFile, wanted: "CVR" | "Election"): AsyncGenerator<Result<Part, ReadFault>> {
  // Of what is not wanted nothing is picked, which is faster than to parse it.
  const shapes: Readonly<Record<string, Shape>> = wanted === "CVR" ? { Election: {} } : { CVR: {} };
  for await (const read of readJson(file.name, file.open(), shapes)) {
    if (!read.ok) yield read;
    else if (read.value.key === wanted) yield ok(read.value);
  }
}

async function* xmlParts(file: InputFile, wanted: "CVR" | "Election"): AsyncGenerator<Result<Part, ReadFault>> {
  for await (const read of readXml(file.name, file.open(), [wanted])) {
    if (!read.ok) yield read;
    else yield ok({ values: read.value.map(objectOf), lines: read.value.map(({ line }) => line) });
  }
}
