import { readFileSync } from "node:fs";
import { type Bytes, sha256, toHex, unwrap, utf8 } from "@detente/basics";
import { decodeSet, type Group, openGroup, openLabel, tagOf, TagSet } from "@detente/match";
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { fileURLToPath } from "node:url";
import { LABEL_BYTES, labelText, parseLabel } from "./label.ts";
import { type BuiltEdition, OPERATIONS } from "./operations.ts";

let group: Group;
beforeAll(async () => {
  group = await openGroup(readFileSync(fileURLToPath(import.meta.resolve("@detente/match/ristretto.wasm"))));
});

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
  });

  it("is what the one before and the step to it make: the same tags, labels and root", () => {
    fc.assert(
      fc.property(items, items, (first, second) => {
        const before = build(first);
        const after = build(second, before);
        const { step } = after;
        if (step === undefined) throw new Error("no label has changed, so there is a step");
        const { high, low } = unwrap(decodeSet(before.tags, before));
        const applied = unwrap(
          OPERATIONS.applyStep(group, {
            before: { tags: { high, low }, labels: before.labels },
            ...step,
            labelBytes: LABEL_BYTES,
            committed: after,
          }),
        );
        expect(toHex(applied.file)).toBe(toHex(after.tags));
        expect(toHex(sha256(applied.labels))).toBe(toHex(after.labelsDigest));
        expect(new TagSet(applied.tags.high, applied.tags.low).count).toBe(after.count);
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
    const { high, low } = unwrap(decodeSet(build([5]).tags, build([5])));
    const other = { before: { tags: { high, low }, labels: before.labels }, labelBytes: LABEL_BYTES, committed: after };
    expect(OPERATIONS.applyStep(group, { ...other, ...(after.step as NonNullable<typeof after.step>) }).ok).toBe(false);
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
      '{"to":"bob","index":-1}',
    ]) {
      expect(parseLabel(utf8(text)).ok).toBe(false);
    }
  });
});
