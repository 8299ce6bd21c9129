import { type Json, utf8Decode } from "@detente/basics";
import { MAX_EVIDENCE, parseEvidence } from "@detente/match";
import { verifyRecordFile } from "@detente/station/record-file";
import { parsePolicy, type Policy } from "@detente/tlog";
import type { BundleReport } from "@detente/unit";
import { type Input, openInput } from "@detente/telemetry/input";
import type { Cli } from "../cli.ts";
import type { Answer } from "../command.ts";
import { exists, readWhole } from "../files.ts";
import { orTrouble, Trouble, troubleAt } from "../trouble.ts";
import { plain } from "../ui/text.ts";
import { verifyEquivocation } from "../verify/equivocation.ts";
import { parseItemProof, verifyItem } from "../verify/item-proof.ts";
import { verifyMeeting } from "../verify/meeting.ts";
import { besideProof } from "../verify/proof-files.ts";
import { verifyRecord } from "../verify/record.ts";
import { verifyStatement } from "../verify/statement-proof.ts";
import { parseOpenedQuestion, verifyOpenedQuestion } from "../verify/transcript.ts";
import type { Verdict } from "../verify/verdict.ts";
import type { Flags } from "./verify.ts";

/** The header of a record file with the names of all readers is far shorter. */
const MAX_FIRST_LINE: number = 64 * 1024;

const MAX_SMALL: number = 4 * 2 ** 20;

export async function run(cli: Cli, flags: Flags, path: string, record: string | undefined): Promise<Answer> {
  const verdict = await verify(cli, flags, path, record);
  const { form, checked, problems, says, details } = verdict;
  const { good, bad, faint, strong } = cli.palette;
  const isValid = problems.length === 0;
  return {
    json: { file: path, form, valid: isValid, checked, problems, ...details },
    text: [
      ...says.map((line) => `${faint("says")}   ${plain(line, 4000)}`),
      ...checked.map((line) => `${good("holds")}  ${plain(line, 4000)}`),
      ...problems.map((line) => `${bad("fails")}  ${plain(line, 4000)}`),
      "",
      strong(isValid ? good("VALID") : bad("NOT VALID")),
    ],
    isNo: !isValid,
  };
}

async function verify(
  cli: Cli,
  { unit, policy, leaf, body }: Flags,
  path: string,
  record: string | undefined,
): Promise<Verdict> {
  if (path === "-") throw new Trouble(path, "standard input cannot be read twice", "save it to a file");
  const input = orTrouble(await openInput(path, cli.context.stdin), path);
  const first = await firstLine(input);
  if (first.startsWith("DME1")) return verifyEvidence(cli, path, record, unit);
  if (record !== undefined) throw new Trouble(record, "is not needed", `${path} is no evidence of a meeting`);
  if (first.startsWith("c2sp.org/tlog-proof@")) {
    const beside = besideProof(path);
    const bodyPath = body ?? ((await exists(beside.body)) ? beside.body : undefined);
    const files = {
      proof: await readWhole(path, MAX_SMALL),
      leaf: await readWhole(leaf ?? beside.leaf, MAX_SMALL),
      body: bodyPath === undefined ? undefined : await readWhole(bodyPath, MAX_SMALL),
    };
    return verifyStatement(files, await readPolicy(policy));
  }
  if (first.startsWith("{") && first.includes('"format"')) {
    return withProgress(cli, input, (chunks) => verifyRecord(input.name, chunks, unit));
  }
  const members = await readJsonObject(path);
  if ("opening" in members) {
    return verifyItem(orTrouble(parseItemProof(members), path), await readPolicy(policy));
  }
  if ("transcript" in members) {
    return verifyOpenedQuestion(orTrouble(parseOpenedQuestion(members), path), await readPolicy(policy));
  }
  if ("first" in members) return verifyEquivocation(path, members, await readPolicy(policy));
  throw notOurs(path);
}

/** What the file's first line begins with: enough to tell the forms apart. */
async function firstLine(input: Input): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of wholeChunks(input)) {
    parts.push(chunk.slice(0, MAX_FIRST_LINE));
    length += chunk.length;
    if (chunk.includes(0x0a) || length >= MAX_FIRST_LINE) break;
  }
  return (Buffer.concat(parts).toString("latin1").split("\n", 1)[0] ?? "").slice(0, MAX_FIRST_LINE);
}

/** The bytes of an input that must be whole. */
async function* wholeChunks(input: Input, onRead?: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  yield* input.chunks(onRead);
  const fault = input.fault();
  if (fault !== undefined) throw troubleAt(input.name, fault);
}

async function withProgress<T>(
  cli: Cli,
  input: Input,
  read: (chunks: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<T> {
  const progress = cli.progress("verifying", input.size);
  try {
    return await read(wholeChunks(input, progress.add));
  } finally {
    progress.clear();
  }
}

async function verifyEvidence(
  cli: Cli,
  path: string,
  record: string | undefined,
  unit: string | undefined,
): Promise<Verdict> {
  if (record === undefined)
    throw new Trouble(
      path,
      "is evidence of a meeting, which the record judges",
      "name a file of `detente export`, too",
    );
  const evidence = orTrouble(parseEvidence(await readWhole(path, MAX_EVIDENCE)), path);
  const input = orTrouble(await openInput(record, cli.context.stdin), record);
  const report: BundleReport = await withProgress(cli, input, async (chunks) =>
    orTrouble(await verifyRecordFile(chunks, unit), record),
  );
  return verifyMeeting(evidence, report, cli.context.now());
}

async function readPolicy(path: string | undefined): Promise<Policy> {
  if (path === undefined) {
    throw new Trouble(
      "--policy",
      "is missing: nothing says whose signatures you trust",
      "print one with `detente charter policy PARTY`",
    );
  }
  return orTrouble(parsePolicy(await readWhole(path, MAX_SMALL)), path);
}

async function readJsonObject(path: string): Promise<{ readonly [member: string]: Json }> {
  const text = utf8Decode(await readWhole(path, MAX_SMALL));
  try {
    const value: unknown = JSON.parse(text ?? "");
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as { [member: string]: Json };
  } catch {
    // Told below.
  }
  throw notOurs(path);
}

function notOurs(path: string): Trouble {
  return new Trouble(
    path,
    "is no record, no .tlog-proof, no transcript, no evidence and no proof of an item or an equivocation",
    "check that it is the file you were given",
  );
}
