import { createHash } from "node:crypto";
import { type Bytes, canonicalJsonBytes, compareText, fromHex, type Json, present, toHex } from "@detente/basics";
import type { MatchEditionContent, PartnerEdition } from "@detente/record";
import { type AnswerStore, turn } from "@detente/store";
import type { Epoch } from "./epoch.ts";
import { LABEL_BYTES, labelText } from "./label.ts";
import type { BuiltEdition } from "./operations.ts";
import type { OwnItem } from "./own-items.ts";
import type { OwnSet } from "./own-set.ts";
import type { EditionFile, SetFiles } from "./set-files.ts";
import type { MatchThreads } from "./threads.ts";

export interface EditionOptions {
  readonly threads: MatchThreads;
  readonly answers: AnswerStore;
  readonly files: SetFiles;
}

/** Inputs that a thread evaluates in one go: some 70 ms of its time. */
const CHUNK = 1024;

/** SHA-256 of all that goes into an edition, in hex: the same gives the same files. */
export async function digestOf(items: readonly OwnItem[]): Promise<string> {
  const digest = createHash("sha256");
  for (const [i, { input, item, from, to }] of items.entries()) {
    digest.update(canonicalJsonBytes({ input, item, from: from ?? null, to } as unknown as Json)).update("\n");
    if (i % CHUNK === CHUNK - 1) await turn();
  }
  return digest.digest("hex");
}

async function labelTexts(party: string, items: readonly OwnItem[]): Promise<Bytes[]> {
  const texts: Bytes[] = [];
  for (const { item, from } of items) {
    texts.push(labelText(party, item, from));
    if (texts.length % CHUNK === 0) await turn();
  }
  return texts;
}

/** Evaluates what is new, and makes and keeps the files of the next edition for each partner. */
export async function makeEdition(
  { threads, answers, files }: EditionOptions,
  own: OwnSet,
  epoch: Epoch,
  items: readonly OwnItem[],
): Promise<MatchEditionContent> {
  const set = present(fromHex(own.hash), "a leaf hash");
  const outputs = await evaluateAll({ threads, answers }, set, epoch, items);
  const sequence = own.edition === undefined ? 0 : own.edition.content.sequence + 1;
  const partners: PartnerEdition[] = [];
  for (const { party } of own.terms.partners) {
    const isFor = items.map(({ to }) => to.includes(party));
    const built = await threads.run("build", {
      outputs: outputs.filter((_, i) => isFor[i]),
      texts: await labelTexts(
        party,
        items.filter((_, i) => isFor[i]),
      ),
      partnerKey: epoch.partnerKey(party),
      fillerKey: epoch.fillerKey(party),
      labelBytes: LABEL_BYTES,
      before: await editionBefore(files, own, party),
    });
    await keep(files, own.hash, party, sequence, built);
    const { root, count, labelsDigest } = built;
    partners.push({ party, root: toHex(root), count, labels: toHex(labelsDigest) });
  }
  partners.sort((a, b) => compareText(a.party, b.party));
  return { sequence, labelBytes: LABEL_BYTES, partners };
}

/** Where a file of an edition is, below the directory of its set. */
export function editionPath(party: string, sequence: number, file: EditionFile): string {
  return `${party}/${sequence}.${file}`;
}

/** The outputs of the items; those that were evaluated before are known. */
async function evaluateAll(
  { threads, answers }: Pick<EditionOptions, "threads" | "answers">,
  set: Bytes,
  epoch: Epoch,
  items: readonly OwnItem[],
): Promise<readonly Bytes[]> {
  const { key } = await threads.run("derive", epoch.keySeed);
  const outputs: Bytes[] = [];
  const evaluate = async (inputs: readonly string[]): Promise<readonly Bytes[]> => {
    const known = answers.outputs(set, inputs);
    const missing = inputs.filter((_, i) => known[i] === undefined);
    if (missing.length > 0) answers.add(set, missing, await threads.run("evaluate", { key, inputs: missing }));
    return answers.outputs(set, inputs).map((output) => present(output, "an output that was kept"));
  };
  for (let first = 0; first < items.length; first += CHUNK * threads.width) {
    const chunks = Array.from({ length: threads.width }, (_, i) => first + CHUNK * i).map((at) =>
      evaluate(items.slice(at, at + CHUNK).map(({ input }) => input)),
    );
    for (const chunk of await Promise.all(chunks)) outputs.push(...chunk);
    await turn();
  }
  return outputs;
}

async function editionBefore(
  files: SetFiles,
  own: OwnSet,
  party: string,
): Promise<{ readonly file: Bytes; readonly labels: Bytes } | undefined> {
  if (own.edition === undefined) return undefined;
  const { sequence } = own.edition.content;
  const file = await files.read(own.hash, editionPath(party, sequence, "tags"));
  const labels = await files.read(own.hash, editionPath(party, sequence, "labels"));
  return file === undefined || labels === undefined ? undefined : { file, labels };
}

/** Keeps an edition, and of the ones before only the last: whoever fetches it meanwhile can go on. */
async function keep(files: SetFiles, set: string, party: string, sequence: number, built: BuiltEdition): Promise<void> {
  const write = (file: EditionFile, content: Bytes): Promise<void> =>
    files.write(set, editionPath(party, sequence, file), content);
  await write("tags", built.tags);
  await write("labels", built.labels);
  if (built.step !== undefined) {
    await write("delta", built.step.delta);
    await write("new-labels", built.step.newLabels);
  }
  for (const file of ["tags", "labels", "delta", "new-labels"] as const) {
    await files.remove(set, editionPath(party, sequence - 2, file));
  }
}
