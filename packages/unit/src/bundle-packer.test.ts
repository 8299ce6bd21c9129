import { concatBytes, fromBase64, toBase64, utf8 } from "@detente/basics";
import { type CharterDocument } from "@detente/record";
import { leafHash, MemoryTree } from "@detente/tlog";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { cosignedCheckpoint, Scene } from "../test/scene.ts";
import { parseBundleLine } from "./bundle-format.ts";
import { type BundleSource, createFold, verifyBundle, writeBundle } from "./index.ts";

async function linesOf(): Promise<string[]> {
  const scene = new Scene("ann", "bob", "cem");
  scene.found();
  const [ann, bob] = scene.actors as [Scene["actors"][0], Scene["actors"][0]];
  const question = scene.say(ann, { type: "open", kind: "question", content: { title: "Who?", text: "é\n" } });
  scene.say(bob, { type: "position", kind: "deny", of: [question.hash], content: {} });
  scene.say(bob, { type: "weigh", kind: "probability", of: [question.hash], content: { permille: 5 } });
  scene.say(ann, { type: "open", kind: "x-new", content: { of: ["another", "kind"] } });
  scene.say(ann, { type: "open", kind: "case", content: { title: "A", text: "" }, audience: ["ann", "bob"] });
  scene.write(bob, utf8("garbage"));
  scene.settle();
  const lines: string[] = [];
  const source: BundleSource = {
    audience: ["ann", "bob"],
    charter: scene.charter,
    logs: scene.actors.map((actor) => ({
      origin: actor.origin,
      checkpoint: cosignedCheckpoint(actor, []),
      entries: actor.written.map(({ leaf }) => leaf),
    })),
    bodies: scene.actors.flatMap(({ written }) => written.flatMap(({ body }) => body ?? [])),
    blobs: [utf8("abc")],
  };
  for await (const line of writeBundle(source)) lines.push(line);
  return lines;
}

const good = await linesOf();

/** Does something to what a line holds in base64, where it holds any. */
function within(line: string, change: (bytes: Uint8Array) => Uint8Array): string {
  const [, form, digits] = /^\{"(entry|body)":"(.*)"\}$/.exec(line) ?? [];
  const bytes = digits === undefined ? undefined : fromBase64(digits);
  return bytes === undefined ? line : `{"${form}":"${toBase64(change(bytes))}"}`;
}

/** One change of a line that another, by mistake or with intent, could make. */
const change = fc.oneof(
  fc.constantFrom<((line: string) => string)[]>(
    (line) => line.replace('"}', '="}'),
    (line) => line.replace('{"', '{ "'),
    (line) => line.replace('"entry"', '"body"'),
    (line) => line.replace('"body"', '"blob"'),
    (line) => line.replace('"body"', '"\\u0062ody"'),
    (line) => line.slice(0, -1),
    (line) => `${line}\n${line}`,
    () => "",
    () => "\u0000",
    () => '{"end":7}',
  ),
  fc.tuple(fc.nat(), fc.constantFrom("x", "}", "1", '"', ",", " ", "\u00ff")).map(
    ([place, text]) =>
      (line: string) =>
        within(line, (bytes) => {
          const at = place % (bytes.length + 1);
          return concatBytes(bytes.subarray(0, at), Buffer.from(text, "latin1"), bytes.subarray(at + 1));
        }),
  ),
  fc.constant((line: string) => within(line, (bytes) => concatBytes(bytes, bytes))),
);

/** Changes of good lines, and lines that change places; the first two lines stay as they are. */
const hostile = fc.array(fc.tuple(fc.nat(), fc.nat(), change), { maxLength: 8 }).map((changes) => {
  const lines = [...good];
  for (const [at, other, make] of changes) {
    const place = 2 + (at % (lines.length - 2));
    const further = 2 + (other % (lines.length - 2));
    if (other % 3 === 0) [lines[place], lines[further]] = [lines[further] as string, lines[place] as string];
    lines[place] = make(lines[place] as string);
  }
  return lines.join("\n");
});

/** What the lines come to, taken one by one, each read the long way round. */
function oneByOne(text: string): object {
  const { charter: genesis } = JSON.parse(good[1] as string) as { readonly charter: CharterDocument };
  const trees = new Map<string, MemoryTree>();
  const fold = createFold({ genesis, rootAt: (log, size) => trees.get(log)?.root(size) });
  const malformed: string[] = [];
  let blobs = 0;
  let log: string | undefined;
  let isEnded = false;
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  for (const [i, line] of lines.entries()) {
    const parsed = parseBundleLine(utf8(line));
    if (!parsed.ok) malformed.push(`line ${i + 1}: not a line of a record file`);
    if (!parsed.ok || isEnded) continue;
    const { value } = parsed;
    if (value.form === "log") {
      log = trees.has(value.log) ? undefined : value.log;
      if (log !== undefined) trees.set(log, new MemoryTree());
    } else if (value.form === "entry" && log !== undefined) {
      const leaf = value.bytes;
      const tree = trees.get(log) as MemoryTree;
      tree.append(leafHash(leaf));
      fold.add({ log, index: tree.size - 1, leaf, leafHash: leafHash(leaf) });
    } else if (value.form === "body") fold.addBody(value.bytes);
    else if (value.form === "blob") blobs++;
    else if (value.form === "end") isEnded = true;
  }
  return { malformed, blobs, counts: fold.counts(), digest: fold.viewDigest(), narrow: fold.viewDigest(NARROW) };
}

const NARROW = '["ann","bob"]';

/** Cut into chunks of that many bytes. */
function chunksOf(text: string, size: number): Uint8Array[] {
  const bytes = utf8(text);
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

test("a record file comes to what its lines come to one by one, however it is cut and whatever was done to it", async () => {
  await fc.assert(
    fc.asyncProperty(hostile, fc.integer({ min: 50, max: 5000 }), async (text, size) => {
      const report = await verifyBundle(chunksOf(text, size));
      if (!report.ok) throw new Error(report.fault.message);
      const { problems, blobs, counts, digest, audienceDigest: narrow } = report.value;
      const malformed = problems.flatMap(({ code, message }) => (code === "malformed-line" ? [message] : []));
      expect({ malformed, blobs: blobs.length, counts, digest, narrow }).toEqual(oneByOne(text));
    }),
    { numRuns: 200 },
  );
});
