import { fromBase64, toBase64, utf8 } from "@detente/basics";
import { describe, expect, test } from "vitest";
import { cosignedCheckpoint, type Actor, Scene } from "../test/scene.ts";
import { type BundleReport, type BundleSource, verifyBundle, writeBundle } from "./index.ts";

const QUESTION = { type: "open", kind: "question", content: { title: "Who?", text: "" } } as const;

function story(): Scene {
  const scene = new Scene("ann", "bob", "cem");
  scene.found();
  const [ann, bob] = scene.actors as [Actor, Actor, Actor];
  const question = scene.say(ann, QUESTION);
  scene.say(bob, { type: "position", kind: "deny", of: [question.hash], content: {} });
  scene.say(ann, { ...QUESTION, audience: ["ann", "bob"] });
  scene.write(bob, utf8("garbage"));
  scene.settle();
  return scene;
}

function sourceOf(scene: Scene, audience: BundleSource["audience"] = "unit"): BundleSource {
  const [, ...witnesses] = scene.actors;
  return {
    audience,
    charter: scene.charter,
    logs: scene.actors.map((actor) => ({
      origin: actor.origin,
      checkpoint: cosignedCheckpoint(
        actor,
        witnesses.filter((witness) => witness !== actor),
      ),
      entries: actor.written.map(({ leaf }) => leaf),
    })),
    bodies: scene.actors.flatMap(({ written }) => written.flatMap(({ body }) => body ?? [])),
    blobs: [utf8("abc")],
  };
}

async function linesOf(source: BundleSource): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of writeBundle(source)) lines.push(line);
  return lines;
}

function fileOf(lines: readonly string[]): Uint8Array[] {
  return lines.map((line) => utf8(`${line}\n`));
}

async function reportOf(lines: string[]): Promise<BundleReport> {
  const report = await verifyBundle(fileOf(lines));
  if (!report.ok) throw new Error(report.fault.message);
  return report.value;
}

describe("a record file", () => {
  test("is verified offline: what was said, what counts, and who witnessed it", async () => {
    const scene = story();
    const report = await reportOf(await linesOf(sourceOf(scene)));
    expect(report.problems).toEqual([]);
    expect(report).toMatchObject({ unit: scene.unit, parties: ["ann", "bob", "cem"] });
    expect(report.counts).toEqual({ statements: 8, effective: 6, void: 1, sealed: 1, pending: 0, waiting: 0 });
    expect(report.logs).toMatchObject([
      { name: "ann", verified: true, witnessedBy: ["bob", "cem"], mirroredBy: [] },
      { name: "bob", verified: true, witnessedBy: ["cem"] },
      { name: "cem", verified: true, witnessedBy: ["bob"] },
    ]);
    expect(report.digest).toEqual(scene.fold().viewDigest());
    // The digest of "abc" is the first example of FIPS 180-2, appendix B.1.
    expect(report.blobs).toEqual(["ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"]);
  });

  test("holds the bodies that all its readers may read, and no others", async () => {
    const scene = story();
    const bodies = async (audience: BundleSource["audience"]): Promise<number> =>
      (await linesOf(sourceOf(scene, audience))).filter((line) => line.startsWith('{"body"')).length;
    expect(await bodies("unit")).toBe(6);
    expect(await bodies(["ann"])).toBe(7);
    expect(await bodies(["ann", "bob"])).toBe(7);
    expect(await bodies(["ann", "cem"])).toBe(6);
    const report = await reportOf(await linesOf(sourceOf(scene, ["ann", "bob"])));
    expect(report.audienceDigest).toEqual(scene.fold().viewDigest('["ann","bob"]'));
  });

  test("an altered entry, body or checkpoint, a lost line, or a lost log is a problem", async () => {
    const lines = await linesOf(sourceOf(story()));
    const codes = async (altered: string[]): Promise<string[]> =>
      (await reportOf(altered)).problems.map(({ code }) => code);
    const replaced = (find: string, make: (line: string) => string): string[] => {
      const at = lines.findIndex((line) => line.startsWith(find));
      return lines.with(at, make(lines[at]!));
    };
    const spoil = (line: string, member: string): string => {
      const bytes = fromBase64((JSON.parse(line) as Record<string, string>)[member]!)!;
      bytes[9] = bytes[9]! ^ 1;
      return JSON.stringify({ [member]: toBase64(bytes) });
    };
    expect(await codes(replaced('{"entry"', (line) => spoil(line, "entry")))).toContain("root-mismatch");
    expect(await codes(replaced('{"body"', (line) => spoil(line, "body")))).toContain("missing-body");
    expect(
      await codes(replaced('{"checkpoint"', (line) => line.replace("— ann.example/log", "— eve.example/log"))),
    ).toContain("bad-checkpoint");
    expect(await codes(lines.slice(0, -1))).toContain("truncated");
    expect(await codes(lines.toSpliced(5, 1))).toContain("out-of-place");
    expect(await codes(replaced('{"entry"', () => "{}"))).toContain("malformed-line");
    const last = lines.findLastIndex((line) => line.startsWith('{"checkpoint"'));
    const after = lines.findIndex((line) => line.startsWith('{"body"'));
    expect(await codes(lines.toSpliced(last, after - last))).toContain("missing-log");
    expect(await codes([...lines, lines[2]!])).toContain("out-of-place");
  });

  test("another unit's record and what is no record are refused", async () => {
    const lines = await linesOf(sourceOf(story()));
    const fault = async (altered: string[], unit?: string): Promise<string | undefined> => {
      const report = await verifyBundle(fileOf(altered), unit);
      return report.ok ? undefined : report.fault.code;
    };
    expect(await fault(lines, "00".repeat(32))).toBe("other-unit");
    const foreign = await linesOf(sourceOf(new Scene("ann", "bob")));
    expect(await fault([lines[0]!, foreign[1]!])).toBe("other-unit");
    expect(await fault(["nonsense"])).toBe("not-a-record");
    expect(await fault([lines[1]!])).toBe("not-a-record");
    expect(await fault([])).toBe("not-a-record");
  });
});
