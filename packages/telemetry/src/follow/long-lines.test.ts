import { appendFile, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Desk, lineOf, listOf } from "../testing/desk.ts";

let desk: Desk;

beforeEach(async () => {
  desk = await Desk.make();
});

afterEach(() => desk.remove());

/** More than is waited for. */
const PART = "word ".repeat(300_000);

const places = async (): Promise<string[]> =>
  (await desk.journal()).map(({ line, column, match }) => `${line}:${column} ${match}`);

/** Places as a program finds them that splits by line feeds and looks for a word. */
function placesIn(text: string): string[] {
  return text.split("\n").flatMap((line, i) => {
    return [...line.matchAll(/n[0-9]+\.(?:evil|other)\.example/g)].map(
      (found) => `${i + 1}:${found.index + 1} ${found[0]}`,
    );
  });
}

describe("a line that never ends", () => {
  it("is screened as it grows, each byte once, and its hits have their places in it", async () => {
    const pieces = ["first\nn1.evil.example ", PART, " n2.evil.example ", PART, "n3.evil.example\nn4.evil.example\n"];
    await writeFile(desk.path("log"), "");
    await desk.follow(
      ["log"],
      async () => {
        for (const [i, piece] of pieces.entries()) {
          await appendFile(desk.path("log"), piece);
          if (i === 1) await desk.until(1);
          if (i === 3) await desk.until(2);
        }
      },
      4,
    );
    expect(await places()).toEqual(placesIn(pieces.join("")));
    const [entry] = await desk.entries();
    expect(entry?.parts.at(-1)?.end).toEqual({ offset: pieces.join("").length, line: 4, header: "" });
    expect(desk.seen.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(pieces.join("").length);
    expect(desk.seen.reduce((sum, { lines }) => sum + lines, 0)).toBe(3);
    expect(desk.seen.flatMap(({ flags }) => flags)).toEqual([{ code: "long-line", count: 1, line: 2 }]);
  });

  it("is taken to its end by a run over logs as they stand, also where runs end within it, or it is packed", async () => {
    const whole = `n1.evil.example\n${PART}n2.evil.example ${PART}n3.evil.example`;
    await writeFile(desk.path("log"), whole);
    await desk.screen(["log"]);
    await appendFile(desk.path("log"), ` n4.evil.example ${PART}n5.evil.example\nn6.evil.example\n`);
    await desk.screen(["log"]);
    await desk.screen(["log"]);
    expect(await places()).toEqual(placesIn(await readFile(desk.path("log"), "utf8")));
    await writeFile(desk.path("log.gz"), gzipSync(whole));
    await desk.screen(["log.gz"]);
    expect((await places()).slice(6)).toEqual(placesIn(whole));
  });

  it("is screened again for what is new, each part under its list", async () => {
    const [one, two] = [`n1.evil.example n2.other.example ${PART}`, `n3.evil.example n4.other.example ${PART}`];
    await writeFile(desk.path("log"), one);
    await desk.screen(["log"]);
    await appendFile(desk.path("log"), two);
    desk.list = listOf("evil.example", "other.example");
    await desk.screen(["log"]);
    expect((await places()).sort()).toEqual(placesIn(one + two).sort());
  });
});

it("screens what was read before a log was packed for what is new in it, and no further", async () => {
  const other = (number: number): string => lineOf(number).replace("evil", "other");
  await writeFile(desk.path("log"), `${lineOf(1)}${other(2)}`);
  await desk.screen(["log"]);
  const { mtimeMs } = await stat(desk.path("log"));
  await writeFile(desk.path("log.1.gz"), gzipSync(`${lineOf(1)}${other(2)}${lineOf(3)}${other(4)}`));
  await utimes(desk.path("log.1.gz"), mtimeMs / 1000, mtimeMs / 1000);
  await rm(desk.path("log"));
  desk.list = listOf("evil.example", "other.example");
  await desk.screen(["log*"]);
  expect((await desk.numbers()).sort((a, b) => a - b)).toEqual([1, 2, 3, 4]);
});
