import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { type Bytes, sha256, toHex, unwrap, utf8 } from "@detente/basics";
import { decodeSet, type Group, openGroup, openLabel, tagOf, TagSet } from "@detente/match";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileURLToPath } from "node:url";
import type { Tags } from "./copy-operations.ts";
import { LABEL_BYTES, labelText, parseLabel } from "./label.ts";
import { type BuiltEdition, OPERATIONS } from "./operations.ts";

let group: Group;
let dir: string;
beforeAll(async () => {
  dir = mkdtempSync(`${tmpdir()}/edition-`);
  group = await openGroup(readFileSync(fileURLToPath(import.meta.resolve("@detente/match/ristretto.wasm"))));
});

afterAll(() => rmSync(dir, { recursive: true }));

const [partnerKey, fillerKey] = [sha256(utf8("partner")), sha256(utf8("fillers"))];

/** Stands for an output of the function: 64 bytes that nobody can guess. */
function outputOf(item: number): Bytes {
  return Uint8Array.from([...sha256(utf8(`${item}`)), ...sha256(utf8(`${item} again`))]);
}

function build(items: readonly number[], before?: BuiltEdition, text = "as it was"): BuiltEdition {
  const outputs = items.map(outputOf);
  const texts = items.map((item) => utf8(`${item} ${text}`));
  const old = before && { file: before.tags, labels: before.labels };
  return OPERATIONS.build(group, { outputs, texts, partnerKey, fillerKey, labelBytes: LABEL_BYTES, before: old });
}

function labelIn({ tags, root, count, labels }: BuiltEdition, item: number): string | undefined {
  const place = unwrap(decodeSet(tags, { root, count })).find(tagOf(partnerKey, outputOf(item)));
  if (place === -1) return undefined;
  const sealed = labels.subarray(LABEL_BYTES * place, LABEL_BYTES * (place + 1));
  return Buffer.from(unwrap(openLabel(outputOf(item), sealed))).toString();
}

function applyStep(
  before: BuiltEdition,
  { high, low }: Tags,
  step: NonNullable<BuiltEdition["step"]>,
  after: BuiltEdition,
): ReturnType<typeof OPERATIONS.applyStep> {
  writeFileSync(`${dir}/labels`, before.labels);
  writeFileSync(`${dir}/delta.part`, step.delta);
  writeFileSync(`${dir}/new-labels.part`, step.newLabels);
  const digest = toHex(after.labelsDigest);
  return OPERATIONS.applyStep(group, { dir, before: { high, low }, labelBytes: LABEL_BYTES, committed: after, digest });
}

const items = fc.uniqueArray(fc.nat(60), { maxLength: 30 });

describe("an edition", () => {
  it("has a label behind each tag, and of what is in it only the class shows", () => {
    const edition = build([1, 2, 3]);
    expect([1, 2, 3, 4].map((item) => labelIn(edition, item))).toEqual([
      "1 as it was",
      "2 as it was",
      "3 as it was",
      undefined,
    ]);
    expect([edition.count, edition.labels.length]).toEqual([1024, 1024 * LABEL_BYTES]);
    expect(toHex(edition.labelsDigest)).toBe(toHex(sha256(edition.labels)));
    expect(build([7, 8, 9, 10]).labels.length).toBe(edition.labels.length);
    // Labels of nothing are sealed like all others: none is empty, and no two are the same.
    const sealed = Array.from({ length: edition.count }, (_, i) =>
      toHex(edition.labels.subarray(LABEL_BYTES * i, LABEL_BYTES * (i + 1))),
    );
    expect(new Set([...sealed, "00".repeat(LABEL_BYTES)]).size).toBe(edition.count + 1);
  });

  it("is what the one before and the step to it make: the same tags, labels and root", () => {
    fc.assert(
      fc.property(items, items, (first, second) => {
        const before = build(first);
        const after = build(second, before);
        const { step } = after;
        if (step === undefined) throw new Error("no label has changed, so there is a step");
        const { high, low } = unwrap(decodeSet(before.tags, before));
        const applied = unwrap(applyStep(before, { high, low }, step, after));
        expect(toHex(sha256(readFileSync(`${dir}/tags.part`)))).toBe(toHex(sha256(after.tags)));
        expect(toHex(sha256(readFileSync(`${dir}/labels.part`)))).toBe(toHex(after.labelsDigest));
        expect(new TagSet(applied.high, applied.low).count).toBe(after.count);
      }),
      { numRuns: 6 },
    );
  });

  it("has no step where a label that stays is another one", () => {
    const before = build([1, 2]);
    expect(build([1, 2, 3], before, "changed").step).toBeUndefined();
    expect(build([1, 2, 3], before).step).toBeDefined();
  });

  it("is refused a step from another one, or with other labels", () => {
    const before = build([1, 2]);
    const after = build([1, 2, 3], before);
    const step = after.step as NonNullable<typeof after.step>;
    const tags = unwrap(decodeSet(before.tags, before));
    const other = unwrap(decodeSet(build([5]).tags, build([5])));
    expect(applyStep(before, other, step, after)).toMatchObject({ ok: false, fault: { code: "root-mismatch" } });
    const wrongLabels = { ...step, newLabels: Uint8Array.from(step.newLabels, (byte) => byte ^ 1) };
    expect(applyStep(before, tags, wrongLabels, after)).toMatchObject({ ok: false, fault: { code: "wrong-labels" } });
    // Those that are missing are zeros.
    const none = { ...step, newLabels: new Uint8Array(0) };
    expect(applyStep(before, tags, none, after)).toMatchObject({ ok: false, fault: { code: "wrong-labels" } });
    expect(applyStep(before, tags, step, after)).toMatchObject({ ok: true });
  });
});

describe("a label's text", () => {
  const item = { kind: "domain", value: "evil.example", confidence: 90, first: 1, last: 2 } as const;

  it("has room for what matters, and for as many labels as fit", () => {
    const labels = Array.from({ length: 32 }, (_, i) => `label-${i}-${"x".repeat(i)}`);
    const from = { share: "5a".repeat(32), index: 2 ** 24 - 1 };
    const text = labelText("a".repeat(32), { ...item, labels }, from);
    expect(text.length).toBeLessThanOrEqual(LABEL_BYTES - 18);
    expect(unwrap(parseLabel(text))).toMatchObject({ to: "a".repeat(32), ...from, confidence: 90, first: 1, last: 2 });
    expect(unwrap(parseLabel(labelText("bob", { ...item, labels }))).labels?.length).toBeGreaterThan(4);
  });

  it("is not taken from a partner where it is none of ours", () => {
    for (const text of [
      "",
      "{}",
      '{"more":1,"to":"bob"}',
      '{"to":"Bob"}',
      '{ "to":"bob"}',
      '{"index":-1,"to":"bob"}',
      '{"labels":["\\u001b[2J"],"to":"bob"}',
    ]) {
      expect(parseLabel(utf8(text)).ok).toBe(false);
    }
  });
});
